import DICOM
import KeyObjects
import Spool
import Studies

/// Writes the documents that a plan asks for, of one study and for one destination.
struct StudyDocuments {
    let spool: Spool
    let entry: StudyEntry
    let destination: String
    /// UIDs of a gateway with one platform do not depend on its name.
    private var destinationPart: String { destination == Configuration.Destination.unnamedOutbox ? "" : destination }

    /// A rejection note for references that the destination holds, under the identity under which they were published.
    /// - Parameter received: the PACS's own, which is sent as it is.
    func note(
        withdrawing references: [InstanceUID], of publication: Publication, title: String,
        relaying received: ReceivedManifest?, at instant: Int64
    ) throws(SpoolError) -> (outgoing: Outgoing, identity: String) {
        if let received, let uid = received.sopInstanceUID {
            return (outgoing(note: uid.text, title, received.file), uid.text)
        }
        let place = "manifest \(publication.sopInstanceUID)"
        guard let published = try spool.document(identity: publication.sopInstanceUID, of: entry.id) else {
            throw .damaged(place: place, reason: "it is not there")
        }
        let note: RejectionNote
        do throws(RejectionNote.Failure) {
            note = try RejectionNote(
                withdrawing: Set(references), from: published.content,
                title: RejectionTitle(rawValue: title) ?? .patientSafety)
        } catch {
            throw .damaged(place: place, reason: "\(error)")
        }
        let identity = note.identity(destination: destinationPart, at: instant, timezoneOffset: LocalZone.offset)
        return (outgoing(note: identity.sopInstanceUID, title, note.bytes(identity)), identity.sopInstanceUID)
    }

    private func outgoing(note uid: String, _ title: String, _ content: [UInt8]) -> Outgoing {
        Outgoing(
            destinations: [destination], identity: uid, version: title,
            fileName: "rejection-\(entry.id.value)-\(Self.ending(of: uid)).dcm", content: content)
    }

    /// - Parameters:
    ///   - last: what the lineage under this patient has used up; nil: nothing.
    ///   - isFirst: recipients are stated.
    ///   - through: the study's last arrival that is taken into account.
    func manifest(
        _ publishable: StudyVerdict.Publishable, _ desired: Desired, after last: Publication?, isFirst: Bool,
        through: ArrivalNumber, at instant: Int64
    ) -> (outgoing: Outgoing, publication: Publication) {
        switch publishable {
        case .ours(let manifest, _):
            let manifest = manifest.stating(recipients: isFirst)
            let identity = manifest.identity(
                after: last.map(ManifestIdentity.init), destination: destinationPart, at: instant,
                timezoneOffset: LocalZone.offset)
            let publication = Publication(
                version: identity.instanceNumber, sopInstanceUID: identity.sopInstanceUID,
                seriesInstanceUID: identity.seriesInstanceUID, contentInstant: identity.contentInstant,
                timezoneOffset: identity.timezoneOffset, digest: desired.digest,
                attributesDigest: desired.attributesDigest, patient: desired.patient, origin: .ours,
                through: through.value)
            return (outgoing(publication, manifest.bytes(identity)), publication)
        case .received(let received):
            let publication = Publication(
                version: (last?.version ?? 0) + 1, sopInstanceUID: received.sopInstanceUID?.text ?? "",
                seriesInstanceUID: received.seriesInstanceUID?.text ?? "", contentInstant: instant, timezoneOffset: 0,
                digest: desired.digest, attributesDigest: desired.attributesDigest, patient: desired.patient,
                origin: .pacs, through: through.value)
            return (outgoing(publication, received.file), publication)
        }
    }

    /// Two data directories may share a folder of manifests: the end of the SOP Instance UID, which is ours, keeps a
    /// manifest of the one from taking the place of the other's.
    private func outgoing(_ publication: Publication, _ content: [UInt8]) -> Outgoing {
        let ending = Self.ending(of: publication.sopInstanceUID)
        return Outgoing(
            destinations: [destination], identity: publication.sopInstanceUID, version: String(publication.version),
            fileName: "study-\(entry.id.value)-v\(publication.version)-\(ending).dcm", content: content)
    }

    /// Of a PACS's own UID only what no path can misread.
    private static func ending(of uid: String) -> String {
        String(uid.suffix(8).map { $0.isASCII && ($0.isNumber || $0 == ".") ? $0 : "-" })
    }
}

extension ManifestIdentity {
    fileprivate init(_ publication: Publication) {
        self.init(
            sopInstanceUID: publication.sopInstanceUID, seriesInstanceUID: publication.seriesInstanceUID,
            instanceNumber: publication.version, contentInstant: publication.contentInstant,
            timezoneOffset: publication.timezoneOffset)
    }
}
