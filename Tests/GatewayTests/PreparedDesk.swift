import DICOM
import Foundation
import KeyObjects
import Spool
import Threads

@testable import Gateway

/// A spool that a test fills, and a desk that answers what the test prepared: for what the responder itself does.
final class PreparedDesk: OperatorDesk {
    let spool: Spool
    let deeds = Monitor<[String]>([])
    let events = Monitor<[OperatorEvent]>([])
    let conditions: [DestinationStatus]
    let inspection: StudyInspection
    let reconciliation: Reconciliation
    /// Studies that are not released.
    let stubborn: Set<String>
    private let directory: String
    private let configuration: Gateway.Configuration

    init(
        conditions: [DestinationStatus] = [
            DestinationStatus(outbox: "manifests", place: "folder", state: .working)
        ],
        inspection: StudyInspection = StudyInspection(),
        reconciliation: Reconciliation = Reconciliation(compared: 0, differences: [], failures: []),
        stubborn: Set<String> = [], _ change: (inout Gateway.Configuration) -> Void = { _ in }
    ) throws {
        (self.conditions, self.inspection) = (conditions, inspection)
        (self.reconciliation, self.stubborn) = (reconciliation, stubborn)
        directory = NSTemporaryDirectory() + "desk-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        var settings = Spool.Configuration(directory: directory + "/spool")
        settings.reserve = 0
        spool = try Spool(settings)
        var configuration = Gateway.Configuration()
        configuration.dataDirectory = directory
        change(&configuration)
        self.configuration = configuration
    }

    deinit {
        spool.close()
        try? FileManager.default.removeItem(atPath: directory)
    }

    /// The answer to a command as it is printed.
    func ask(
        _ command: OperatorCommand, _ change: (inout ControlRequest) -> Void = { _ in }
    ) -> ControlReply {
        let responder = CommandResponder(configuration: configuration, spool: spool, desk: self) { [events] event in
            events.update { $0.append(event) }
        }
        var request = ControlRequest(command)
        if command.isChange { request.why = "a test" }
        change(&request)
        return responder.answer(request, user: "alice")
    }

    func json(_ command: OperatorCommand) throws -> [String: Any] {
        let reply = ask(command) { $0.format = .json }
        let value = try JSONSerialization.jsonObject(with: Data(reply.text.utf8))
        return value as? [String: Any] ?? [:]
    }

    // MARK: What the spool holds

    /// A study with one arrival.
    @discardableResult
    func study(_ uid: String, from source: String = "ct") throws -> StudyEntry {
        try spool.store(
            Arrival(
                source: source, study: uid, series: uid + ".1", attributes: "1.2.840.10008.1.2.1\nCT", header: [1, 2],
                receivedAt: Timestamp(milliseconds: 0)))
        return try spool.studies(uid: uid).first { $0.source == source } ?? { throw CocoaError(.fileNoSuchFile) }()
    }

    func settle(
        _ entry: StudyEntry, _ state: StudyState, hold: String? = nil, outgoing: [Outgoing] = [], at: Int64 = 1000
    ) throws {
        try spool.settle(
            entry.id,
            Settlement(
                through: entry.lastOpen ?? ArrivalNumber(0), record: nil, state: state.rawValue, hold: hold,
                outgoing: outgoing, at: Timestamp(milliseconds: at)))
    }

    // MARK: OperatorDesk

    var presence: GatewayPresence {
        GatewayPresence(startedAt: Timestamp(milliseconds: 0), addresses: ["127.0.0.1:11112"])
    }

    func inspect(_ study: StudyEntry, withIdentity: Bool) throws(OperatorRefusal) -> StudyInspection {
        var inspection = inspection
        if !withIdentity { inspection.patient = nil }
        return inspection
    }

    func destinations() throws(OperatorRefusal) -> [DestinationStatus] { conditions }

    func release(
        _ study: StudyEntry, holds: Set<String>?, instances: [InstanceUID]?, by word: OperatorWord
    ) throws(OperatorRefusal) -> String {
        if stubborn.contains(study.uid) { throw OperatorRefusal("its patient has no ID") }
        let holds = holds.map { $0.sorted().joined(separator: " ") } ?? "all"
        let instances = instances.map { $0.map(\.text).joined(separator: " ") } ?? "all"
        return note("release \(study.uid) holds \(holds) instances \(instances)", word)
    }

    func publish(to destination: String, since: Timestamp, by word: OperatorWord) throws(OperatorRefusal) -> Int {
        _ = note("publish \(destination)", word)
        return 2
    }

    func hold(_ study: StudyEntry, by word: OperatorWord) throws(OperatorRefusal) -> String {
        note("hold \(study.uid)", word)
    }

    func withdraw(
        _ study: StudyEntry, title: RejectionTitle, by word: OperatorWord
    ) throws(OperatorRefusal) -> String { note("withdraw \(study.uid) \(title.rawValue)", word) }

    func adopt(_ study: StudyUID, from source: String, by word: OperatorWord) throws(OperatorRefusal) -> String {
        note("adopt \(study) \(source)", word)
    }

    func setMode(
        of destination: String, to mode: DestinationMode, by word: OperatorWord
    ) throws(OperatorRefusal) {
        do throws(SpoolError) {
            try spool.setMode(of: destination, mode, by: word.by, why: word.why, at: Timestamp(milliseconds: 0))
        } catch {
            throw OperatorRefusal(error)
        }
        _ = note("\(mode) \(destination)", word)
    }

    func wake(outbox: String) { deeds.update { $0.append("wake \(outbox)") } }

    func reconcile(days: Int?) throws(OperatorRefusal) -> Reconciliation { reconciliation }

    private func note(_ deed: String, _ word: OperatorWord) -> String {
        deeds.update { $0.append("\(deed) by \(word.by) because \(word.why)") }
        return "done: \(deed)"
    }
}
