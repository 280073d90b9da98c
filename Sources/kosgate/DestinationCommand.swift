import ArgumentParser
import Gateway

struct DestinationCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "destination",
        abstract: "One destination in detail; pauses, resumes or drains one for images.",
        discussion: """
            pause    nothing more is sent to it; what comes is kept for it, so watch the disk
            resume   what waits is sent, and what comes
            drain    nothing new is kept for it; what waits is sent, outside its hours too
            discard  gives up for good all that waits for it; only of one that is paused,
                     or that the configuration does not have any more

            pause and drain hold until resume, over restarts too.

            Examples:
              kosgate destination telemedicine
              kosgate destination telemedicine pause --why "their storage is being replaced"
            """)

    enum Change: String, ExpressibleByArgument, CaseIterable {
        case pause
        case resume
        case drain
        case discard

        var command: OperatorCommand.DestinationChange {
            switch self {
            case .pause: .pause
            case .resume: .resume
            case .drain: .drain
            case .discard: .discard
            }
        }
    }

    @Argument(help: ArgumentHelp("Its name in the configuration.", valueName: "name"))
    var destination: String

    @Argument(help: "What to do with it; without, it is told in detail.")
    var change: Change?

    @Option(help: ArgumentHelp("Why: kept with the name of the user.", valueName: "text"))
    var why: String?

    @OptionGroup var control: ControlOptions

    func validate() throws {
        guard (change == nil) == (why == nil) else {
            throw ValidationError("pause, resume, drain and discard need --why, and nothing else does.")
        }
    }

    func run() throws {
        let command =
            change.map { OperatorCommand.changeDestination(destination, $0.command) } ?? .destination(destination)
        try control.ask(command, why: why)
    }
}
