import ArgumentParser
import Associations
import DICOM
import DICOMNetwork
import Glibc
import Threads

struct GetCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "get",
        abstract: "Has a PACS send instances over our association (C-GET), and counts them.",
        discussion: """
            Nothing is kept: this tells whether a PACS can be asked so, and how fast it is.
            Exit code 0 if it sent at least one and says that none failed, else 1.

            Example:
              kosgate get pacs 104 --called PACS --class 1.2.840.10008.5.1.4.1.1.2 StudyInstanceUID=1.2.3
            """)

    @OptionGroup var peer: PeerOptions
    @OptionGroup var asked: QueryOptions

    @Option(
        name: .customLong("class"),
        help: ArgumentHelp("A SOP class to be sent, by its UID; may be repeated.", valueName: "UID"))
    var sopClasses: [String] = []

    @Flag(help: "Read every byte instead of letting the system discard pixel data.")
    var everything = false

    func validate() throws {
        for text in sopClasses where !SOPClassUID(text).isValid {
            throw ValidationError("--class: '\(Escaped.text(text))' is no UID.")
        }
    }

    func run() throws {
        signal(SIGPIPE, SIG_IGN)
        let query = try asked.query()
        var counter = Counter(interest: everything ? .everything : .header)
        let start = MonotonicInstant.now
        let outcome: QueryOutcome
        do throws(AssociationError) {
            outcome = try get(query, &counter)
        } catch {
            throw peer.failure(error)
        }
        let milliseconds = (MonotonicInstant.now - start) / .milliseconds(1)
        Console.print(
            "\(outcome.received) instances, \(counter.bytes) bytes, \(counter.headerBytes) bytes of headers, "
                + "\(Int(milliseconds)) ms")
        guard outcome.isSuccess, outcome.stored > 0 else {
            let remedy = outcome.remedy.map { "; \($0)" } ?? ""
            throw CommandFailure(.finding, "\(peer.place): \(Escaped.text(outcome.description))\(remedy)")
        }
    }

    private func get(_ query: Query, _ counter: inout Counter) throws(AssociationError) -> QueryOutcome {
        let classes = sopClasses.isEmpty ? SOPClassUID.usuallyStored : sopClasses.map { SOPClassUID($0) }
        var association = try Association(
            peer.configuration, proposing: [.query(.get, query.model)] + .storage(classes))
        let outcome = try association.get(query, into: &counter)
        try? association.release()
        return outcome
    }

    private struct Counter: InstanceReceiver {
        let interest: InstanceInterest
        var bytes = 0
        var headerBytes = 0

        mutating func begin(_ instance: ArrivingInstance) -> InstanceInterest { interest }

        mutating func store(_ instance: ArrivingInstance) -> StoreStatus {
            bytes += instance.dataSetBytes
            headerBytes += instance.capture.header.count
            return .success
        }
    }
}
