import ArgumentParser
import Associations
import DICOM
import DICOMNetwork
import Glibc
import Threads

struct EchoCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "echo",
        abstract: "Asks a peer whether it answers (C-ECHO).",
        discussion: """
            Exit code 0 if it answers with success, else 1.

            Example:
              kosgate echo 127.0.0.1 11112 --called KOSGATE
            """)

    @Argument(help: "Name or IP address of the peer.")
    var host: String

    @Argument(help: "Its TCP port.")
    var port: UInt16

    @Option(help: "The AE title of the peer.")
    var called: String

    @Option(help: "Our own AE title.")
    var calling = "KOSGATE"

    @Option(help: ArgumentHelp("The longest wait for each step.", valueName: "seconds"))
    var timeout = 10

    func validate() throws {
        for (name, title) in [("called", called), ("calling", calling)] where !AETitle(title).isValid {
            throw ValidationError("--\(name) must be an AE title of 1 to 16 ASCII characters without backslash.")
        }
        guard port > 0 else { throw ValidationError("The port must be from 1 to 65535.") }
        guard (1...3600).contains(timeout) else { throw ValidationError("--timeout must be from 1 to 3600.") }
    }

    func run() throws {
        signal(SIGPIPE, SIG_IGN)
        var settings = Association.Configuration(
            host: host, port: port, called: AETitle(called), calling: AETitle(calling))
        settings.deadlines.connection = .seconds(timeout)
        settings.deadlines.associationResponse = .seconds(timeout)
        settings.deadlines.response = .seconds(timeout)
        settings.deadlines.release = .seconds(timeout)
        let start = MonotonicInstant.now
        let status: Status
        do throws(AssociationError) {
            status = try Self.echo(settings)
        } catch {
            let remedy = error.remedy.map { "; \($0)" } ?? ""
            throw CommandFailure(.finding, "\(place) does not answer: \(error.sentence)\(remedy)")
        }
        guard status == .success else { throw CommandFailure(.finding, "\(place) answers \(status)") }
        let milliseconds = (MonotonicInstant.now - start).components.attoseconds / 1_000_000_000_000_000
        Console.print("\(place) answers C-ECHO: success, \(milliseconds) ms")
    }

    private var place: String { "\(Escaped.text(called)) at \(Escaped.text(host)):\(port)" }

    private static func echo(_ settings: Association.Configuration) throws(AssociationError) -> Status {
        var association = try Association(settings, proposing: [.verification])
        let status = try association.echo()
        // The peer has answered; whether it also releases is no part of the question.
        try? association.release()
        return status
    }
}

extension AssociationError {
    /// As one sentence's end.
    var sentence: String {
        switch self {
        case .unknownHost(_, let reason): "the name has no address: \(reason)"
        case .connect(let code): SystemError.text(code).lowercased()
        case .rejected(let rejection): rejection.description
        case .aborted(let abort): abort.description
        case .closed: "it closed the connection without a word"
        case .timedOut(let wait): "it kept us waiting too long (\(wait))"
        case .fault(let fault): "it does not speak DICOM: \(fault)"
        case .noContext(let sopClass, _, _): "it does not offer \(UIDRegistry.name(of: sopClass) ?? sopClass.text)"
        case .socket(let code): SystemError.text(code).lowercased()
        case .source(let code): SystemError.text(code).lowercased()
        }
    }
}
