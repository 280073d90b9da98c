import DICOM
import Gateway

/// Something that the simulated PACS sends.
enum Message: Hashable {
    case instance(InventedInstance)
    case note(InventedNote)
}

/// One scenario in one form: what the PACS sends, in steps. A step begins when what came before has settled.
struct Play {
    let scenario: Scenario
    let form: Form
    let exam: Exam
    /// Of a study that is moved to another patient: as it is afterwards.
    let moved: Exam
    private(set) var steps: [[Message]]

    init(_ scenario: Scenario, _ form: Form, facts: InventedFacts, hasReport: Bool) {
        self.scenario = scenario
        self.form = form
        let words = "rehearsal \(scenario.rawValue) \(form.rawValue)"
        let number = "\(scenario.rawValue)\(form.initial)"
        let exam = Exam(
            words, patient: .before(number, scenario), accessionNumber: "REH\(number)", facts: facts,
            hasReport: hasReport)
        self.exam = exam
        moved = exam.moved(
            to: .after(number, scenario),
            accessionNumber: scenario == .studyMoved || scenario == .patientReconciled ? "REH\(number)N" : nil)
        steps = []
        steps = [exam.instances.map(Message.instance)] + changes
    }

    /// Studies that it touches.
    var studies: Set<StudyUID> {
        Set(steps.joined().map(\.studyInstanceUID))
    }

    // MARK: What follows the publication

    private var changes: [[Message]] {
        switch scenario {
        case .imageRemoved: removal(of: [exam.image(1, 2)])
        case .seriesRemoved: removal(of: exam.secondSeries)
        case .studyDeleted: removal(of: exam.instances)
        case .imageAdded: addition(of: [exam.image(1, 4)])
        case .seriesAdded: addition(of: exam.addedSeries)
        case .imageModified:
            replacement(
                of: [exam.image(1, 2)], by: [exam.image(1, 2, generation: 1, inSeriesOf: 0)],
                orInPlace: [exam.image(1, 2)].changed)
        case .seriesModified:
            replacement(
                of: exam.secondSeries, by: exam.series(2, images: 2, generation: 1),
                orInPlace: exam.secondSeries.changed)
        case .identityChanged, .patientMerged, .patientReconciled:
            replacement(of: exam.instances, by: moved.renewed(), orInPlace: moved.instances)
        case .studyMoved: replacement(of: exam.instances, by: other.instances, orInPlace: moved.instances)
        }
    }

    /// The study as a study of its own of the right patient.
    private var other: Exam {
        Exam(
            exam.words + " moved", patient: moved.patient, accessionNumber: moved.accessionNumber, facts: exam.facts,
            hasReport: exam.hasReport)
    }

    /// Nothing replaces it; the forms differ in what the PACS sends besides.
    private func removal(of gone: [InventedInstance]) -> [[Message]] {
        let again = exam.instances.map(Message.instance)
        return switch form {
        case .newUIDs: [[note(gone)]]
        case .sameUIDs: [[note(gone)] + again]
        case .noteAfterObjects: [again + [note(gone)]]
        }
    }

    private func addition(of new: [InventedInstance]) -> [[Message]] {
        let added = new.map(Message.instance)
        return switch form {
        case .newUIDs: [added]
        case .sameUIDs: [exam.instances.map(Message.instance) + added]
        // It rejects an instance that was never sent.
        case .noteAfterObjects: [added, [note([exam.image(7, 1)])]]
        }
    }

    private func replacement(
        of old: [InventedInstance], by new: [InventedInstance], orInPlace changed: [InventedInstance]
    ) -> [[Message]] {
        switch form {
        case .newUIDs: [[note(old)] + new.map(Message.instance)]
        case .sameUIDs: [[note(old)] + changed.map(Message.instance)]
        case .noteAfterObjects: [new.map(Message.instance), [note(old)]]
        }
    }

    private func note(_ references: [InventedInstance]) -> Message {
        .note(
            InventedNote(
                title: scenario.rejection, sopInstanceUID: InstanceUID(InventedUID.text("note of \(exam.words)")),
                references: references))
    }
}

extension Message {
    var studyInstanceUID: StudyUID {
        switch self {
        case .instance(let instance): instance.studyInstanceUID
        case .note(let note): note.references.first?.studyInstanceUID ?? StudyUID("")
        }
    }
}

extension Form {
    fileprivate var initial: String {
        switch self {
        case .newUIDs: "A"
        case .sameUIDs: "B"
        case .noteAfterObjects: "C"
        }
    }
}

extension InventedPatient {
    fileprivate static func before(_ number: String, _ scenario: Scenario) -> InventedPatient {
        switch scenario {
        case .identityChanged, .studyMoved, .patientMerged, .patientReconciled:
            InventedPatient(role: "the old patient", patientID: "REHEARSAL-\(number)", name: "EXEMPLE^ODETTE")
        case .imageRemoved, .imageModified, .imageAdded, .seriesRemoved, .seriesModified, .seriesAdded, .studyDeleted:
            InventedPatient(role: "the patient", patientID: "REHEARSAL-\(number)", name: "EXEMPLE^ODETTE")
        }
    }

    fileprivate static func after(_ number: String, _ scenario: Scenario) -> InventedPatient {
        InventedPatient(
            role: "the new patient", patientID: "REHEARSAL-\(number)-NEW", name: "MODELE^ODILE", birthDate: "19610302")
    }
}
