import DICOM
import Gateway
import KeyObjects
import Studies

/// A document that the platform must be sent in one step of a play.
struct ExpectedDocument: Hashable {
    var kind: PlatformDocument.Kind
    var patientID: String
    var references: Set<InstanceUID>
    /// Of a rejection note.
    var title: RejectionTitle?

    /// What leads from what is shown to what is true, in order (the table of the platform's scenarios).
    ///
    /// - Parameters:
    ///   - shown: instances by Patient ID, of one patient at most.
    ///   - live: by patient; of several, nothing can be published until one goes.
    ///   - renewed: instances that were rejected and are live again with another content.
    static func documents(
        from shown: [String: Set<InstanceUID>], to live: [InventedPatient: Set<InstanceUID>],
        renewed: Set<InstanceUID>, _ title: RejectionTitle, _ removal: Removal
    ) -> [ExpectedDocument] {
        let (holder, held) = shown.first.map { ($0.key, $0.value) } ?? ("", [])
        let kept = live.first { $0.key.patientID == holder }?.value ?? []
        let note = { (references: Set<InstanceUID>) in
            ExpectedDocument(kind: .rejectionNote, patientID: holder, references: references, title: title)
        }
        let gone = held.subtracting(kept)
        guard live.count == 1, let (patient, instances) = live.first else {
            return gone.isEmpty ? [] : [note(gone)]
        }
        let manifest = ExpectedDocument(kind: .manifest, patientID: patient.patientID, references: instances)
        guard patient.patientID == holder || held.isEmpty else { return [note(held), manifest] }
        let again = gone.union(renewed.intersection(held))
        let isAdded = !instances.isSubset(of: held) || !renewed.isDisjoint(with: held)
        let notes = again.isEmpty || removal == .kos ? [] : [note(again)]
        let isPublished = isAdded || !gone.isEmpty && removal != .iocm
        return notes + (isPublished ? [manifest] : [])
    }

    func isMet(by document: PlatformDocument) -> Bool {
        document.kind == kind && document.patientID == patientID && document.references == references
            && (title.map { document.title == $0.rawValue && document.meaning == $0.meaning } ?? true)
    }
}
