import DICOM
import Gateway

/// What a platform shows of one study after each document that it was sent, and what is wrong with that.
///
/// A platform may read a second manifest as the full list of what there is or as an addition; the gateway cannot know
/// which, so what it sends must be right under both.
struct PlatformModel {
    enum Reading: String, Hashable, CaseIterable {
        /// A manifest takes the place of the one before.
        case replaces = "a manifest replaces the one before"
        /// A manifest adds to the one before; only a rejection note takes away.
        case adds = "a manifest adds to the one before"
    }

    /// What the PACS would say of an instance that is shown under a patient's name.
    enum Truth: Hashable {
        case right
        case rejected
        case ofAnotherPatient
        case neverSent
    }

    /// Something that a platform must never be made to do, as a sentence.
    typealias Fault = String

    /// Under each reading that counts: the instances shown, by Patient ID.
    private(set) var shown: [Reading: [String: Set<InstanceUID>]]
    private var bytes: [InstanceUID: [UInt8]] = [:]
    // Of the last manifest under each Patient ID.
    private var accessionNumbers: [String: String] = [:]
    private var versions: [String: Int] = [:]

    /// - Parameter readings: those under which the documents must be right.
    init(readings: Set<Reading> = Set(Reading.allCases)) {
        shown = Swift.Dictionary(uniqueKeysWithValues: readings.map { ($0, [:]) })
    }

    /// What is shown under the first reading that counts: instances by Patient ID, none empty.
    var end: [String: Set<InstanceUID>] {
        Reading.allCases.lazy.compactMap { shown[$0] }.first?.filter { !$0.value.isEmpty } ?? [:]
    }

    /// Takes a document in; the faults that it has or leads to.
    ///
    /// - Parameter truth: of an instance under a Patient ID, at this moment.
    mutating func apply(_ document: PlatformDocument, truth: (InstanceUID, String) -> Truth) -> [Fault] {
        if let earlier = bytes[document.sopInstanceUID] {
            return earlier == document.dataSet ? [] : ["A SOP Instance UID came again with other content."]
        }
        bytes[document.sopInstanceUID] = document.dataSet
        let faults = document.errors.map { "The document breaks a rule: \($0)" }
        switch document.kind {
        case .manifest: return faults + publish(document, truth)
        case .rejectionNote: return faults + withdraw(document)
        case .other: return faults + ["A document is neither a manifest nor a rejection note: title \(document.title)."]
        }
    }

    // MARK: Manifests

    private mutating func publish(_ manifest: PlatformDocument, _ truth: (InstanceUID, String) -> Truth) -> [Fault] {
        var faults: [Fault] = []
        if manifest.references.isEmpty { faults.append("A manifest lists nothing.") }
        let version = manifest.version ?? 0
        if let last = versions[manifest.patientID], version <= last {
            faults.append("A manifest has version \(version) after version \(last).")
        }
        versions[manifest.patientID] = version
        if manifest.hasRecipients, !end.isEmpty {
            faults.append("Recipients are named in more than the first manifest.")
        }
        accessionNumbers[manifest.patientID] = manifest.accessionNumber
        for reading in Reading.allCases {
            guard var patients = shown[reading] else { continue }
            if patients.contains(where: { $0.key != manifest.patientID && !$0.value.isEmpty }) {
                faults.append("A manifest under another identity came before the old one was withdrawn.")
            }
            let before = reading == .adds ? patients[manifest.patientID] ?? [] : []
            patients[manifest.patientID] = before.union(manifest.references)
            shown[reading] = patients
            faults += wrong(patients, truth).map { "\($0), where \(reading.rawValue)." }
        }
        return faults.uniqued
    }

    private func wrong(
        _ patients: [String: Set<InstanceUID>], _ truth: (InstanceUID, String) -> Truth
    ) -> [Fault] {
        let truths = patients.flatMap { patient, instances in instances.map { truth($0, patient) } }
        return [
            (Truth.rejected, "rejected"), (.ofAnotherPatient, "shown under the name of a patient it is not of"),
            (.neverSent, "unknown to the PACS"),
        ].compactMap { wrong, words in
            let count = truths.count { $0 == wrong }
            return count == 0 ? nil : "\(counted(count, "instance")) shown, but \(words)"
        }
    }

    // MARK: Rejection notes

    private mutating func withdraw(_ note: PlatformDocument) -> [Fault] {
        var faults: [Fault] = []
        if note.references.isEmpty { faults.append("A rejection note lists nothing.") }
        if let accessionNumber = accessionNumbers[note.patientID], accessionNumber != note.accessionNumber {
            faults.append("A rejection note has another accession number than what it withdraws.")
        }
        for reading in Reading.allCases {
            guard var patients = shown[reading] else { continue }
            let held = patients[note.patientID] ?? []
            if !note.references.isSubset(of: held) {
                faults.append("A rejection note lists what is not shown under its patient.")
            }
            patients[note.patientID] = held.subtracting(note.references)
            shown[reading] = patients
        }
        return faults.uniqued
    }
}

extension [PlatformModel.Fault] {
    /// Each once, in order.
    fileprivate var uniqued: [String] {
        var seen: Set<String> = []
        return filter { seen.insert($0).inserted }
    }
}
