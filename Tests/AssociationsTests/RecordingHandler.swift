import Associations
import DICOM
import DICOMNetwork
import Threads

/// Keeps what a listener told it, and lets a test wait for it.
final class RecordingHandler: AssociationHandler {
    struct Record {
        var instances: [InstanceUID] = []
        var headers: [[UInt8]] = []
        var summaries: [AssociationSummary] = []
        var troubles: [ListenerTrouble] = []
    }

    let record = Monitor(Record())
    private let admit: @Sendable (AssociationRequest) -> Admission
    private let status: @Sendable (ReceivedInstance) -> StoreStatus

    init(
        admit: @escaping @Sendable (AssociationRequest) -> Admission = { _ in .accept },
        status: @escaping @Sendable (ReceivedInstance) -> StoreStatus = { _ in .success }
    ) {
        self.admit = admit
        self.status = status
    }

    func accept(_ request: AssociationRequest) -> Admission { admit(request) }

    func store(_ instance: ReceivedInstance) -> StoreStatus {
        record.update {
            $0.instances.append(instance.sopInstanceUID)
            $0.headers.append(instance.capture.header)
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
