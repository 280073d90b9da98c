import ArgumentParser
import Associations
import DICOM

/// Which peer is spoken to, and as whom.
struct PeerOptions: ParsableArguments {
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

    var configuration: Association.Configuration {
        var settings = Association.Configuration(
            host: host, port: port, called: AETitle(called), calling: AETitle(calling))
        settings.deadlines.connection = .seconds(timeout)
        settings.deadlines.associationResponse = .seconds(timeout)
        settings.deadlines.response = .seconds(timeout)
        settings.deadlines.fragment = .seconds(timeout)
        settings.deadlines.release = .seconds(timeout)
        return settings
    }

    /// For messages.
    var place: String { "\(Escaped.text(called)) at \(Escaped.text(host)):\(port)" }

    /// What an error on the way to an answer means for the one who asked.
    func failure(_ error: AssociationError) -> CommandFailure {
        let remedy = error.remedy.map { "; \($0)" } ?? ""
        return CommandFailure(.finding, "\(place) does not answer: \(error.sentence)\(remedy)")
    }
}
