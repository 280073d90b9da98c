public import DICOM

/// A rejection note that withdraws references of a published manifest (IHE RAD TF-3 §4.66.4): of the same patient, study
/// and requests, as the manifest states them to the byte, in a series of its own.
///
/// It names no recipients and no author.
public struct RejectionNote: Sendable {
    public enum Failure: Error, Sendable, Equatable {
        case unreadable(ParseError)
        /// The manifest has none of the references asked for.
        case nothingToWithdraw
        /// The references belong to several studies; a note is of one (PS3.3 C.17.6.2): say which.
        case severalStudies([StudyUID])
        /// The manifest does not say of which study or series, or of which class, this reference is.
        case incomplete(InstanceUID)
    }

    public let title: RejectionTitle
    /// SOP Instance UID of the manifest.
    public let published: InstanceUID
    public let studyInstanceUID: StudyUID
    /// The manifest up to its evidence.
    let head: DataSet
    let series: [Series]

    /// A series with the instances that are withdrawn.
    struct Series: Sendable {
        let place: ReferenceScan.Series
        var instances: [ReferencedInstance]
    }

    /// - Parameters:
    ///   - references: nil: all of the manifest. What the manifest does not have is left aside.
    ///   - manifest: a PS3.10 file as it was published, by this gateway or by a PACS.
    ///   - study: where the manifest's evidence has several.
    public init(
        withdrawing references: Set<InstanceUID>?, from manifest: [UInt8], title: RejectionTitle,
        study: StudyUID? = nil
    ) throws(Failure) {
        let scan: ReferenceScan
        do throws(ParseError) {
            let document = try DocumentBytes(file: manifest)
            head = document.head
            scan = try document.references(withContent: true)
        } catch {
            throw .unreadable(error)
        }
        self.title = title
        published = head.uid(.sopInstanceUID) ?? InstanceUID("")
        series = Self.series(of: scan) { reference in
            (references?.contains(reference.sopInstanceUID) ?? true)
                && (study == nil || reference.studyInstanceUID == study)
        }
        guard let first = series.first else { throw .nothingToWithdraw }
        let studies = Set(series.map(\.place.studyInstanceUID))
        guard studies.count == 1 else { throw .severalStudies(studies.sorted()) }
        studyInstanceUID = first.place.studyInstanceUID
        for series in series {
            let isPlaced = !series.place.seriesInstanceUID.text.isEmpty && !studyInstanceUID.text.isEmpty
            let incomplete = series.instances.first { !isPlaced || $0.sopClassUID.text.isEmpty }
            if let incomplete { throw .incomplete(incomplete.sopInstanceUID) }
        }
    }

    private static func series(
        of scan: ReferenceScan, _ isWanted: (PublishedReferences.Reference) -> Bool
    ) -> [Series] {
        var seen: Set<InstanceUID> = []
        var found: [Series] = []
        for place in scan.series {
            var instances: [ReferencedInstance] = []
            for reference in scan.evidence[place.instances]
            where isWanted(reference) && seen.insert(reference.sopInstanceUID).inserted {
                instances.append(
                    ReferencedInstance(
                        sopClassUID: reference.sopClassUID, sopInstanceUID: reference.sopInstanceUID,
                        valueType: scan.valueType(of: reference)))
            }
            if !instances.isEmpty { found.append(Series(place: place, instances: instances)) }
        }
        return found
    }

    /// In the manifest's order, each once.
    public var references: [InstanceUID] { series.flatMap { $0.instances.lazy.map(\.sopInstanceUID) } }

    /// The identity of this note, to be kept and used for every retry: the same manifest, references, title, destination
    /// and instant always give the same one.
    ///
    /// - Parameters:
    ///   - instant: now, seconds since 1970-01-01T00:00:00Z.
    ///   - timezoneOffset: as for a manifest, for one that states none.
    public func identity(
        destination: String = "", at instant: Int64, timezoneOffset: (CivilTime) -> Int = { _ in 0 }
    ) -> ManifestIdentity {
        let stated = head.string(.timezoneOffsetFromUTC).flatMap { StudyFacts.minutes($0) }
        let offset = stated ?? timezoneOffset(CivilTime(instant: instant))
        var hash = SHA256()
        for series in series { for instance in series.instances { hash.update(line: instance.sopInstanceUID.text) } }
        let withdrawn = ContentDigest(bytes: hash.digest()).description
        let parts = ["rejection note", published.text, studyInstanceUID.text, title.rawValue, destination]
        let series = Manifest.uid(from: parts)
        return ManifestIdentity(
            sopInstanceUID: Manifest.uid(from: [series, withdrawn, String(instant), String(offset)]),
            seriesInstanceUID: series, instanceNumber: 1, contentInstant: instant, timezoneOffset: offset)
    }

    /// The PS3.10 file. The same note and identity always give the same bytes.
    ///
    /// - Parameter transferSyntax: explicit or implicit VR little endian.
    public func bytes(_ identity: ManifestIdentity, transferSyntax: TransferSyntax = .explicitVRLittleEndian) -> [UInt8]
    {
        precondition(!transferSyntax.encoding.isBigEndian && !transferSyntax.isDeflated)
        var writer = RejectionNoteWriter(self, encoding: transferSyntax.encoding)
        writer.write(identity)
        return Manifest.file(transferSyntax).file(
            sopClassUID: .keyObjectSelectionDocument, sopInstanceUID: InstanceUID(identity.sopInstanceUID),
            dataSet: writer.out.finish())
    }
}

extension ReferenceScan {
    /// As the content says; else as its class, and what no table knows is taken for neither image nor waveform.
    func valueType(of reference: PublishedReferences.Reference) -> ValueType {
        valueTypes[reference.sopInstanceUID] ?? UIDRegistry.valueType(of: reference.sopClassUID) ?? .composite
    }
}
