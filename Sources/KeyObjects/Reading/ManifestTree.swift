public import DICOM

/// A Key Object Selection document as a tree for reading: patient, study, requests, series with their references.
public struct ManifestTree: CustomStringConvertible {
    private let dataSet: DataSet
    /// References shown per series before the rest is only counted.
    private let limit: Int
    private let hidesIdentity: Bool

    /// - Parameter hidesIdentity: neither the patient, nor the requests, nor what describes the study is shown.
    public init(_ dataSet: DataSet, limit: Int = 5, hidesIdentity: Bool = false) {
        self.dataSet = dataSet
        self.limit = limit
        self.hidesIdentity = hidesIdentity
    }

    public var description: String { lines.joined(separator: "\n") + "\n" }

    private var lines: [String] {
        let document = KeyObjectDocument(dataSet)
        let title = document.title?.description ?? "no title"
        var lines = ["Key Object Selection \(title), version \(value(.instanceNumber))"]
        if !hidesIdentity {
            lines.append("├─ Patient  \(value(.patientName)), \(value(.patientBirthDate)), \(value(.patientSex))")
            lines.append("│           ID \(document.patient.key)")
        }
        lines.append("├─ Study    \(value(.studyInstanceUID))")
        if !hidesIdentity {
            lines.append("│           \(value(.studyDate)) \(value(.studyTime))  \(value(.studyDescription))")
            lines += requests
        }
        lines.append("├─ Document \(value(.sopInstanceUID))")
        lines.append("│           series \(value(.seriesInstanceUID))")
        lines.append("│           made \(value(.contentDate)) \(value(.contentTime)) \(value(.timezoneOffsetFromUTC))")
        let studies = dataSet.items(.currentRequestedProcedureEvidenceSequence)
        lines.append("└─ \(counted(document.evidence.count, "instance")) in \(counted(seriesCount(studies), "series"))")
        for study in studies { lines += evidence(study, isOnlyStudy: studies.count == 1) }
        return lines
    }

    private var requests: [String] {
        let requests = dataSet.items(.referencedRequestSequence).map { RequestAttributes($0) }
        guard !requests.isEmpty else { return ["├─ Request  accession number \(value(.accessionNumber))"] }
        return requests.map { request in
            let number = request.accessionNumber.isEmpty ? "–" : request.accessionNumber
            let procedure = [request.requestedProcedureID, request.requestedProcedureDescription]
                .filter { !$0.isEmpty }.joined(separator: " ")
            return "├─ Request  accession number \(number)" + (procedure.isEmpty ? "" : ", \(procedure)")
        }
    }

    private func evidence(_ study: DataSet, isOnlyStudy: Bool) -> [String] {
        var lines: [String] = []
        if !isOnlyStudy { lines.append("   study \(study.string(.studyInstanceUID) ?? "–")") }
        let all = study.items(.referencedSeriesSequence)
        for (index, series) in all.enumerated() {
            let isLast = index == all.count - 1
            lines.append("   \(isLast ? "└─" : "├─") Series \(series.string(.seriesInstanceUID) ?? "–")")
            let margin = isLast ? "      " : "   │  "
            let place = [
                series.string(.retrieveAETitle), series.string(.retrieveLocationUID), series.string(.retrieveURL),
            ]
            let known = place.compactMap { $0 }
            if !known.isEmpty { lines.append("\(margin) from \(known.joined(separator: ", "))") }
            lines += references(series.items(.referencedSOPSequence)).map { "\(margin) \($0)" }
        }
        return lines
    }

    /// Classes with their counts, then the first instances.
    private func references(_ references: [DataSet]) -> [String] {
        var counts: [(uid: SOPClassUID, count: Int)] = []
        for reference in references {
            let uid = reference.uid(.referencedSOPClassUID) ?? SOPClassUID("")
            if let index = counts.firstIndex(where: { $0.uid == uid }) {
                counts[index].count += 1
            } else {
                counts.append((uid, 1))
            }
        }
        var lines = counts.map { "\($0.count) × \(UIDRegistry.name(of: $0.uid) ?? $0.uid.text)" }
        lines += references.prefix(limit).map { "· \($0.string(.referencedSOPInstanceUID) ?? "–")" }
        if references.count > limit { lines.append("· … \(references.count - limit) more") }
        return lines
    }

    private func seriesCount(_ studies: [DataSet]) -> Int {
        studies.reduce(0) { $0 + $1.items(.referencedSeriesSequence).count }
    }

    private func counted(_ count: Int, _ noun: String) -> String {
        count == 1 || noun == "series" ? "\(count) \(noun)" : "\(count) \(noun)s"
    }

    private func value(_ tag: Tag) -> String { dataSet.string(tag) ?? "–" }
}
