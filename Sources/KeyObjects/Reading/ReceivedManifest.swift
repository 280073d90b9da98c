public import DICOM

/// A manifest that a PACS made, as it was received.
public struct ReceivedManifest: Sendable {
    /// To the byte.
    public let dataSet: [UInt8]
    public let transferSyntax: TransferSyntax
    /// Its head; the references are in the scan.
    let document: KeyObjectDocument
    /// Of the data set's bytes.
    public let digest: ContentDigest
    let head: DataSet
    let scan: ReferenceScan

    /// - Parameter dataSet: as it came, in this transfer syntax.
    /// - Throws: where it cannot be read to its end.
    public init(dataSet: [UInt8], transferSyntax: TransferSyntax) throws(ParseError) {
        let bytes = try DocumentBytes(dataSet: dataSet, transferSyntax: transferSyntax)
        head = bytes.head
        document = KeyObjectDocument(bytes.head)
        scan = try bytes.references(withContent: true)
        self.dataSet = dataSet
        self.transferSyntax = transferSyntax
        digest = ContentDigest(bytes: SHA256.digest(of: dataSet))
    }

    public var sopInstanceUID: InstanceUID? { document.sopInstanceUID }
    public var seriesInstanceUID: SeriesUID? { document.seriesInstanceUID }
    /// Its own; the evidence may name another.
    public var studyInstanceUID: StudyUID? { document.studyInstanceUID }
    public var title: Code? { document.title }
    public var patient: PatientKey { document.patient.key }
    public var accessionNumber: String { document.accessionNumber }
    /// In the order of the evidence.
    public var references: [PublishedReferences.Reference] { scan.evidence }

    /// Studies of the evidence, in order of their UIDs: it is theirs, whatever its own Study Instance UID.
    public var studies: [StudyUID] { Set(scan.series.map(\.studyInstanceUID)).sorted() }

    /// It references a report, as `ManifestContent.hasReport`.
    var hasReport: Bool { references.contains { ManifestContent.reportClasses.contains($0.sopClassUID) } }

    /// It names readers, who are those that may see it (platform spec 2.4.4).
    public var namesRecipients: Bool {
        !head.strings(.nameOfPhysiciansReadingStudy).isEmpty
            || !head.items(.physiciansReadingStudyIdentificationSequence).isEmpty
    }

    /// What the site asks of a study before it is published, and this one does not have.
    /// - Parameters:
    ///   - content: what the headers say that came of its study; nil: none came.
    ///   - isFirst: no manifest before it named recipients, who are asked for once (platform spec 2.4.4).
    ///   - released: codes of releasable holds that count for nothing.
    public func holds(
        with content: ManifestContent?, under settings: ManifestSettings, isFirst: Bool,
        releasing released: Set<String> = []
    ) -> [Hold] {
        var preparation = ManifestPreparation(settings, released: released)
        preparation.conditions(self, content, isFirst: isFirst)
        return preparation.check.holds
    }

    /// What `kosgate check` says of it.
    public func findings(under profile: ManifestProfile) -> [Finding] {
        let read = DataSet.read(dataSet.span.bytes, transferSyntax: transferSyntax)
        return Judgement(of: read.dataSet, profile: profile).findings
    }

    /// Why it must not be relayed: the findings that are errors.
    public func faults(under profile: ManifestProfile) -> [Finding] {
        findings(under: profile).filter { $0.severity == .error }
    }

    /// The PS3.10 file whose data set is bit for bit what was received.
    public var file: [UInt8] {
        Manifest.file(transferSyntax).file(
            sopClassUID: .keyObjectSelectionDocument, sopInstanceUID: sopInstanceUID ?? InstanceUID(""),
            dataSet: dataSet)
    }
}
