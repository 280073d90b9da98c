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
    }

    let record = Monitor(Record())
    private let admit: @Sendable (AssociationRequest) -> Admission
    private let taker: @Sendable (ArrivingInstance) -> (any DataSetTaker)?
    private let commitment: @Sendable (CommitmentResult) -> Status
    private let status: @Sendable (ReceivedInstance) -> StoreStatus

    init(
        admit: @escaping @Sendable (AssociationRequest) -> Admission = { _ in .accept },
        begin: @escaping @Sendable (ArrivingInstance) -> (any DataSetTaker)? = { _ in nil },
        commitment: @escaping @Sendable (CommitmentResult) -> Status = { _ in .success },
        status: @escaping @Sendable (ReceivedInstance) -> StoreStatus = { _ in .success }
    ) {
        self.admit = admit
        self.taker = begin
        self.commitment = commitment
        self.status = status
    }

    func accept(_ request: AssociationRequest) -> Admission { admit(request) }

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
    func troubled(_ trouble: ListenerTrouble) { record.update { $0.troubles.append(trouble) } }

    /// Waits, at most ten seconds, for so many connections to have ended; returns how, in that order.
    func endings(_ count: Int = 1) -> [Ending] {
        let found = record.wait(until: .now + .seconds(10)) { record -> [Ending]? in
            record.summaries.count >= count ? record.summaries.map(\.ending) : nil
        }
        return found ?? []
    }
}
