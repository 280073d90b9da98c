public import DICOM

/// What a published manifest refers to, and of which patient: read from its bytes at every settlement of its study.
public struct PublishedReferences: Sendable, Equatable {
    /// An item of the evidence (PS3.3 Table C.17-3).
    public struct Reference: Sendable, Hashable {
        public internal(set) var studyInstanceUID = StudyUID("")
        public internal(set) var seriesInstanceUID = SeriesUID("")
        public let sopInstanceUID: InstanceUID
        public let sopClassUID: SOPClassUID

        init(sopInstanceUID: InstanceUID, sopClassUID: SOPClassUID) {
            self.sopInstanceUID = sopInstanceUID
            self.sopClassUID = sopClassUID
        }
    }

    public let sopInstanceUID: InstanceUID?
    public let seriesInstanceUID: SeriesUID?
    /// Of the document itself; the evidence may name others.
    public let studyInstanceUID: StudyUID?
    /// As the document states it: with the issuer that a manifest takes from the configuration.
    public let patient: PatientKey
    public let accessionNumber: String
    public let title: Code?
    /// In the order of the evidence.
    public let references: [Reference]

    /// - Parameter file: a PS3.10 file, or a bare data set.
    public init(_ file: [UInt8]) throws(ParseError) {
        let document = try DocumentBytes(file: file)
        let head = KeyObjectDocument(document.head)
        sopInstanceUID = head.sopInstanceUID
        seriesInstanceUID = head.seriesInstanceUID
        studyInstanceUID = head.studyInstanceUID
        patient = head.patient.key
        accessionNumber = head.accessionNumber
        title = head.title
        references = try document.references(withContent: false).evidence
    }

    public var instances: Set<InstanceUID> { Set(references.lazy.map(\.sopInstanceUID)) }

    /// Studies of the evidence, each once, in its order.
    public var studies: [StudyUID] {
        var found: [StudyUID] = []
        for reference in references
        where found.last != reference.studyInstanceUID && !found.contains(reference.studyInstanceUID) {
            found.append(reference.studyInstanceUID)
        }
        return found
    }
}
