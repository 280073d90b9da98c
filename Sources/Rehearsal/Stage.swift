import Associations
import DICOM
import DICOMNetwork
import Gateway
import KeyObjects
import Studies
import Threads

/// Where all plays are performed at once: what the PACS, the gateway and the platform do is brought together here.
final class Stage: Sendable {
    struct State {
        var performances: [Performance]
        var performanceOf: [StudyUID: Int] = [:]
        /// Documents that the platform was sent.
        var documents = 0
        /// What concerns no single play.
        var faults: [String] = []
        /// Why the gateway ended before its time.
        var ending: String?
    }

    let state: Monitor<State>
    private let profile: ManifestProfile

    init(_ plays: [Play], _ conditions: Conditions, profile: ManifestProfile) {
        var state = State(performances: plays.map { Performance($0, conditions) })
        for (index, play) in plays.enumerated() {
            for study in play.studies { state.performanceOf[study] = index }
        }
        self.state = Monitor(state)
        self.profile = profile
    }

    func update(_ index: Int, _ body: (inout Performance) -> Void) {
        state.update { body(&$0.performances[index]) }
    }

    /// Waits until every play stands where its last step must lead or leads no further, or the gateway has ended; not beyond `deadline`.
    func waitUntilDone(_ deadline: MonotonicInstant) {
        _ = state.wait(until: deadline) { state in
            state.ending != nil || state.performances.allSatisfy { $0.isDone || $0.isStuck } ? true : nil
        }
    }

    /// Waits until the platform was sent nothing for so long; not beyond `deadline`.
    func waitForSilence(_ silence: Duration, until deadline: MonotonicInstant) {
        while MonotonicInstant.now < deadline {
            let known = state.withLock(\.documents)
            let isDisturbed = state.wait(until: .now + silence) {
                $0.documents > known || $0.ending != nil ? true : nil
            }
            if isDisturbed == nil || state.withLock({ $0.ending != nil }) { return }
        }
    }

    // MARK: The gateway

    func told(_ event: OperatorEvent) {
        if case .studySettled(let study, _, _, _) = event { update(study) { $0.settled() } }
        if case .studyUnchanged(let study) = event { update(study) { $0.settled(isUnchanged: true) } }
        if case .studyRemark(let study, _) = event { update(study) { $0.remarked() } }
        if case .studyHeld(let study, let reason, let remedy) = event {
            update(study) { $0.settled(hold: "\(reason). \(remedy)") }
        }
    }

    private func update(_ study: StudyKey, _ body: (inout Performance) -> Void) {
        state.update { state in
            guard let index = state.performanceOf[study.studyInstanceUID] else { return }
            body(&state.performances[index])
        }
    }
}

/// The simulated platform: keeps every document, and acknowledges it.
extension Stage: AssociationHandler {
    func accept(_ request: AssociationRequest) -> Admission { .accept }

    func store(_ instance: ReceivedInstance) -> StoreStatus {
        let document: PlatformDocument
        do throws(ParseError) {
            document = try PlatformDocument(
                instance.capture.header, transferSyntax: instance.transferSyntax, profile: profile)
        } catch {
            state.update { $0.faults.append("The platform was sent what it cannot read: \(error).") }
            return StoreStatus(.cannotUnderstand)
        }
        state.update { state in
            state.documents += 1
            if let index = state.performanceOf[document.studyInstanceUID] {
                state.performances[index].received(document)
            } else {
                state.faults.append(
                    "The platform was sent a document of study \(document.studyInstanceUID), which is none.")
            }
        }
        return .success
    }

    func ended(_ summary: AssociationSummary) {}
}
