import Associations
import DICOM
import DICOMNetwork
import Threads

/// Keeps what a listener told it, and lets a test wait for it.
final class RecordingHandler: AssociationHandler {
    struct Record {
        var instances: [InstanceUID] = []
        var headers: [[UInt8]] = []
        /// Of each instance, whether it had a taker.
        var takers: [Bool] = []
        var results: [CommitmentResult] = []
        var summaries: [AssociationSummary] = []
        var troubles: [ListenerTrouble] = []
        var refusals: [ConnectionRefusal.Reason] = []
        var securities: [Security] = []
    }

    let record = Monitor(Record())
    private let known: @Sendable (String) -> Bool
    private let admit: @Sendable (AssociationRequest) -> Admission
    private let taker: @Sendable (ArrivingInstance) -> (any DataSetTaker)?
    private let commitment: @Sendable (CommitmentResult) -> Status
    private let status: @Sendable (ReceivedInstance) -> StoreStatus

    init(
        known: @escaping @Sendable (String) -> Bool = { _ in true },
        admit: @escaping @Sendable (AssociationRequest) -> Admission = { _ in .accept },
        begin: @escaping @Sendable (ArrivingInstance) -> (any DataSetTaker)? = { _ in nil },
        commitment: @escaping @Sendable (CommitmentResult) -> Status = { _ in .success },
        status: @escaping @Sendable (ReceivedInstance) -> StoreStatus = { _ in .success }
    ) {
        self.known = known
        self.admit = admit
        self.taker = begin
        self.commitment = commitment
        self.status = status
    }

    func accept(_ request: AssociationRequest) -> Admission {
        record.update { $0.securities.append(request.association.security) }
        return admit(request)
    }

    func begin(_ instance: ArrivingInstance, of association: AssociationIdentity) -> (any DataSetTaker)? {
        taker(instance)
    }

    func committed(_ result: CommitmentResult, by association: AssociationIdentity) -> Status {
        record.update { $0.results.append(result) }
        return commitment(result)
    }

    func store(_ instance: ReceivedInstance) -> StoreStatus {
        record.update {
            $0.instances.append(instance.sopInstanceUID)
            $0.headers.append(instance.capture.header)
            $0.takers.append(instance.taker != nil)
        }
        return status(instance)
    }

    func ended(_ summary: AssociationSummary) { record.update { $0.summaries.append(summary) } }
    func turnedAway(_ refusal: ConnectionRefusal) { record.update { $0.refusals.append(refusal.reason) } }
    func isKnown(address: String) -> Bool { known(address) }
    func troubled(_ trouble: ListenerTrouble) { record.update { $0.troubles.append(trouble) } }

    /// Waits, at most ten seconds, for so many connections to have ended; returns how, in that order.
    func endings(_ count: Int = 1) -> [Ending] {
        let found = record.wait(until: .now + .seconds(10)) { record -> [Ending]? in
            record.summaries.count >= count ? record.summaries.map(\.ending) : nil
        }
        return found ?? []
    }

    /// Waits, at most ten seconds, for so many connections to have been turned away; returns why, in that order.
    func refusals(_ count: Int = 1) -> [ConnectionRefusal.Reason] {
        record.wait(until: .now + .seconds(10)) { $0.refusals.count >= count ? $0.refusals : nil } ?? []
    }
}
