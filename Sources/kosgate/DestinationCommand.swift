import ArgumentParser
import Gateway

struct DestinationCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "destination",
        abstract: "One destination in detail; pauses, resumes or drains one for images, publishes to a new one.",
        discussion: """
            pause    nothing more is sent to it; what comes is kept for it, so watch the disk
            resume   what waits is sent, and what comes
            drain    nothing new is kept for it; what waits is sent, outside its hours too
            discard  gives up for good all that waits for it; only of one that is paused,
                     or that the configuration does not have any more

            publish  gives a destination for documents that was configured, or renamed, later
                     the manifests of the studies settled before, since --since

            pause and drain hold until resume, over restarts too.

            Examples:
              kosgate destination telemedicine
              kosgate destination telemedicine pause --why "their storage is being replaced"
              kosgate destination region publish --since 30d --why "the platform was added today"
            """)

    enum Change: String, ExpressibleByArgument, CaseIterable {
        case pause
        case resume
        case drain
        case discard
        case publish

        /// Of an image destination.
        var command: OperatorCommand.DestinationChange? {
            switch self {
            case .pause: .pause
            case .resume: .resume
            case .drain: .drain
            case .discard: .discard
            case .publish: nil
            }
        }
    }

    @Argument(help: ArgumentHelp("Its name in the configuration.", valueName: "name"))
    var destination: String

    @Argument(help: "What to do with it; without, it is told in detail.")
    var change: Change?

    @Option(help: ArgumentHelp("Why: kept with the name of the user.", valueName: "text"))
    var why: String?

    @Option(
        help: ArgumentHelp(
            "With publish: studies settled then or later; a date, a date and time, or an age as 12h or 30d.",
            valueName: "date"))
    var since: String?

    @OptionGroup var control: ControlOptions

    func validate() throws {
        guard (change == nil) == (why == nil) else {
            throw ValidationError("pause, resume, drain, discard and publish need --why, and nothing else does.")
        }
        guard (change == .publish) == (since != nil) else {
            throw ValidationError("publish needs --since, and nothing else does.")
        }
    }

    func run() throws {
        try control.ask(command, why: why)
    }

    private var command: OperatorCommand {
        if let since { return .publish(destination, since: since) }
        return change?.command.map { .changeDestination(destination, $0) } ?? .destination(destination)
    }
}
