import DICOM
import Gateway
import KeyObjects
import Studies

/// What is true of the invented studies, from what the PACS sent and what the configuration makes of it.
struct Ledger {
    private enum State {
        case live(InventedInstance)
        case rejected(RejectionTitle, was: InventedInstance?)
        /// A copy that came after the rejection and waits for the operator, or was refused.
        case setAside(RejectionTitle)
    }

    let conditions: Conditions
    private var states: [InstanceUID: State] = [:]
    /// Instances that were rejected and are live again with another content, since this was last emptied.
    var renewed: Set<InstanceUID> = []

    init(_ conditions: Conditions) { self.conditions = conditions }

    mutating func apply(_ message: Message) {
        switch message {
        case .instance(let instance): store(instance)
        case .note(let note):
            guard !conditions.ignored.contains(note.title) else { return }
            for reference in note.references { reject(reference.sopInstanceUID, note.title) }
        }
    }

    private mutating func store(_ instance: InventedInstance) {
        let uid = instance.sopInstanceUID
        switch states[uid] {
        case nil, .live: states[uid] = .live(instance)
        case .setAside: break
        case .rejected(let title, let earlier):
            let isAccepted = isAccepted(instance, after: earlier, title)
            states[uid] = isAccepted ? .live(instance) : .setAside(title)
            if isAccepted, earlier != nil, earlier != instance { renewed.insert(uid) }
        }
    }

    private mutating func reject(_ uid: InstanceUID, _ title: RejectionTitle) {
        switch states[uid] {
        case .live(let instance): states[uid] = .rejected(title, was: instance)
        case nil: states[uid] = .rejected(title, was: nil)
        case .rejected, .setAside: break
        }
    }

    private func isAccepted(
        _ copy: InventedInstance, after earlier: InventedInstance?, _ title: RejectionTitle
    ) -> Bool {
        let isCorrected = copy.patient != earlier?.patient || copy.accessionNumber != earlier?.accessionNumber
        return switch conditions.policy(title) {
        case .refuse, .quarantine: false
        case .acceptIfCorrected: isCorrected
        case .acceptIfChanged: copy != earlier
        case .accept: true
        }
    }

    // MARK: What is true

    /// Instances that a manifest lists, of each patient of the study.
    func live(in study: StudyUID) -> [InventedPatient: Set<InstanceUID>] {
        var live: [InventedPatient: Set<InstanceUID>] = [:]
        for case .live(let instance) in states.values
        where instance.studyInstanceUID == study && conditions.lists(instance.sopClassUID) {
            live[instance.patient, default: []].insert(instance.sopInstanceUID)
        }
        return live
    }

    /// Copies of rejected instances that the configuration keeps from being shown.
    var setAside: Int {
        states.values.count { if case .setAside = $0 { true } else { false } }
    }

    func truth(_ instance: InstanceUID, under patientID: String) -> PlatformModel.Truth {
        switch states[instance] {
        case nil: .neverSent
        case .live(let instance): instance.patient.patientID == patientID ? .right : .ofAnotherPatient
        case .rejected, .setAside: .rejected
        }
    }
}
