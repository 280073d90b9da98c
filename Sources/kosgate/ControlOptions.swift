import ArgumentParser
import Gateway
import Glibc

/// What every command takes that speaks to a running gateway: where it is, and how the answer is to look.
struct ControlOptions: ParsableArguments {
    enum Format: String, ExpressibleByArgument, CaseIterable {
        case text
        case json
    }

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("The configuration file that the gateway runs with.", valueName: "file"))
    var config: String?

    @Option(help: ArgumentHelp("The folder of the gateway's spool.", valueName: "folder"))
    var data: String?

    @Option(help: ArgumentHelp("The gateway's control socket.", valueName: "path"))
    var socket: String?

    @Option(help: "For people or for machines; config/commands.md tells the members of each answer.")
    var format = Format.text

    /// Sends a command and prints its answer; ends the process unless all is done.
    func ask(_ command: OperatorCommand, why: String? = nil, showsIdentity: Bool = false) throws {
        signal(SIGPIPE, SIG_IGN)
        var request = ControlRequest(command)
        request.format = format == .json ? .json : .text
        request.width = Console.width
        request.why = why
        request.showsIdentity = showsIdentity
        let path = try path()
        let reply: ControlReply
        do throws(ControlFailure) {
            reply = try ControlClient.ask(request, at: path)
        } catch {
            throw CommandFailure(.input, error.sentence)
        }
        switch reply.code {
        case .done: Console.write(Array(reply.text.utf8))
        case .finding:
            Console.write(Array(reply.text.utf8))
            throw CommandFailure(.finding)
        case .refused: throw CommandFailure(.input, reply.text)
        }
    }

    private func path() throws -> String {
        if let socket { return socket }
        var configuration = try config.map { try Configuration.load(file: $0).configuration } ?? .embeddedDefault
        if let data { configuration.dataDirectory = data }
        return configuration.socketPath
    }
}

/// A study as commands name it.
struct StudyOptions: ParsableArguments {
    @Argument(help: ArgumentHelp("Study Instance UID.", valueName: "uid"))
    var study: String

    @Option(help: ArgumentHelp("The source that the study came from, where several sent it.", valueName: "name"))
    var source: String?

    var name: OperatorCommand.Study { OperatorCommand.Study(uid: study, source: source) }
}

/// For commands that change something.
struct ReasonOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Why: kept in the history with the name of the user.", valueName: "text"))
    var why: String
}
