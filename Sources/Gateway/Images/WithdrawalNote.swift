import DICOM
import KeyObjects
import Spool
import Studies

/// A rejection note for what had come of a study: for destinations that were sent images, which may be more, and
/// say another patient, than a manifest that was published.
struct WithdrawalNote {
    struct Failure: Error {
        /// Names no patient.
        let reason: String
    }

    let uid: InstanceUID
    /// Explicit VR little endian.
    let dataSet: [UInt8]
    /// Instances that it names.
    let count: Int

    /// The same study and instant always give the same note.
    /// - Parameters:
    ///   - through: the last arrival that it is about.
    ///   - instant: when it was withdrawn, seconds since 1970-01-01T00:00:00Z.
    ///   - isMeant: whether it names an instance that came.
    /// - Returns: nil: nothing that is meant came.
    static func make(
        of entry: StudyEntry, through: ArrivalNumber, in spool: Spool, _ title: String, at instant: Int64,
        _ source: Configuration.Source,
        _ isMeant: (InstanceUID) -> Bool
    ) throws(SpoolError) -> Result<WithdrawalNote?, Failure> {
        var settings = ManifestSettings(profile: .xdsI, source: source.name)
        settings.characterSet = .utf8
        var builder = ManifestBuilder(settings: settings)
        try spool.headers(of: entry.id) { stored, header in
            let attributes = InstanceAttributes(text: stored.attributes)
            guard attributes.kind == .instance, stored.number <= through else { return }
            _ = builder.add(
                header, transferSyntax: attributes.transferSyntax, callingAETitle: attributes.callingAETitle)
        }
        guard let content = builder.content() else { return .failure(Failure(reason: "no instance can be listed")) }
        let manifest: KeyObjects.Manifest
        do throws(HoldReasons) {
            manifest = try KeyObjects.Manifest(of: content, settings: settings)
        } catch {
            let reasons = HoldReason.reasons(error.holds, withIdentity: false).map(\.reason)
            return .failure(Failure(reason: reasons.joined(separator: "; ")))
        }
        do throws(RejectionNote.Failure) {
            let identity = manifest.identity(at: instant, timezoneOffset: LocalZone.offset)
            let bytes = manifest.bytes(identity)
            let title = RejectionTitle(rawValue: title) ?? .patientSafety
            let whole = try RejectionNote(withdrawing: nil, from: bytes, title: title)
            let meant = Set(whole.references.filter(isMeant))
            if meant.isEmpty { return .success(nil) }
            let note = try RejectionNote(withdrawing: meant, from: bytes, title: title)
            return .success(try WithdrawalNote(note, at: instant))
        } catch {
            return .failure(Failure(reason: "\(error)"))
        }
    }

    private init(_ note: RejectionNote, at instant: Int64) throws(RejectionNote.Failure) {
        let identity = note.identity(destination: "images", at: instant, timezoneOffset: LocalZone.offset)
        let file = note.bytes(identity)
        do throws(ParseError) {
            dataSet = Array(file[try Part10File(file).dataSetOffset...])
        } catch {
            throw .unreadable(error)
        }
        uid = InstanceUID(identity.sopInstanceUID)
        count = note.references.count
    }
}
