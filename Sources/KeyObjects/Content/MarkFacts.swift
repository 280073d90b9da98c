import DICOM

/// What one header says that may hold its study back.
struct MarkFacts: Sendable, Hashable {
    /// Code and constraint; empty where neither is stated.
    let confidentiality: String
    /// Values of the attribute that marks instances whose quality assurance is not done.
    let qualityAssurance: [String]

    init(facts: DataSet, qualityAssuranceTag: Tag?) {
        confidentiality = [Tag.confidentialityCode, .confidentialityConstraintOnPatientDataDescription]
            .map { facts.strings($0).joined(separator: "\\") }.filter { !$0.isEmpty }.joined(separator: " / ")
        qualityAssurance = qualityAssuranceTag.flatMap { facts[$0] }.map { facts.values(of: $0) } ?? []
    }
}

extension DataSet {
    /// The values of an attribute of any VR, as text, without empty ones.
    fileprivate func values(of element: Element) -> [String] {
        switch element.value {
        case .items(let items): return items.isEmpty ? [] : ["item"]
        case .fragments, .omitted: return []
        case .bytes(let bytes):
            // A private attribute in implicit VR: nobody knows what it is; most are text.
            let texts =
                element.vr == .UN
                ? InstanceUID(padded: bytes).text.split(separator: "\\").map(String.init)
                : element.vr.isString ? strings(of: element) : ints(element.tag).map(String.init)
            return texts.map(ValueCheck.trimmed).filter { !$0.isEmpty }
        }
    }
}

extension Tag {
    static let confidentialityCode = Tag(0x0040, 0x1008)
    static let confidentialityConstraintOnPatientDataDescription = Tag(0x0040, 0x3001)
}
