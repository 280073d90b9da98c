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

    @OptionGroup var peer: PeerOptions

    func run() throws {
        signal(SIGPIPE, SIG_IGN)
        let start = MonotonicInstant.now
        let status: Status
        do throws(AssociationError) {
            status = try Self.echo(peer.configuration)
        } catch {
            throw peer.failure(error)
        }
        guard status == .success else { throw CommandFailure(.finding, "\(peer.place) answers \(status)") }
        let milliseconds = (MonotonicInstant.now - start).components.attoseconds / 1_000_000_000_000_000
        Console.print("\(peer.place) answers C-ECHO: success, \(milliseconds) ms")
    }

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
        case .handshake, .source, .abandoned: description
        }
    }
}
