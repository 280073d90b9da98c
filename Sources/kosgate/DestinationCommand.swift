import ArgumentParser
import Gateway

struct DestinationCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "destination",
        abstract: "One destination in detail; pauses, resumes or drains one for images, publishes to a new one.",
        discussion: """
            Of a destination for images:

            pause    What waits is kept and not sent; what comes is kept for it too, so watch
                     the disk. What is on its way ends.
            resume   Ends pause and drain: what waits is sent, and what comes is kept and sent.
            drain    What waits is sent, outside its hours too; nothing new is kept for it: what
                     comes meanwhile the PACS has to send to it later.
            discard  Deletes all that waits for it, dead and withheld images and rejection notes
                     too: only the PACS can send them then. Each is in the history of its study.
                     Only of one that is paused, or not in the configuration any more.
            forget   Tells no more what was not kept for it, once the PACS has sent it otherwise
                     or nobody needs it; the histories keep it. Of one that is gone too.

            pause and drain hold until resume, over restarts too. kosgate retry NAME tries now
            what was put off or is dead; none of these does.

            Of a destination for documents, which are always sent:

            publish --since DATE
                     Of one that was configured, or renamed, later: studies that settled or
                     changed since then, and of which it knows nothing, are settled again, one
                     after the other behind what just came, and their manifests sent to it.
                     What waits for it already is sent as before, and no other destination
                     gets anything twice. The log tells the end; a restart ends it early,
                     and the command given again goes on where it ended.

            Examples:
              kosgate destination telemedicine
              kosgate destination telemedicine pause --why "their storage is being replaced"
              kosgate destination telemedicine resume --why "it is replaced"
              kosgate destination region publish --since 30d --why "the platform was added today"
            """)

    enum Change: String, ExpressibleByArgument, CaseIterable {
        case pause
        case resume
        case drain
        case discard
        case forget
        case publish

        /// Of an image destination.
        var command: OperatorCommand.DestinationChange? {
            switch self {
            case .pause: .pause
            case .resume: .resume
            case .drain: .drain
            case .discard: .discard
            case .forget: .forget
            case .publish: nil
            }
        }
    }

    @Argument(help: ArgumentHelp("Its name in the configuration.", valueName: "name"))
    var destination: String

    @Argument(help: "What to do with it; without, it is told in detail, with what to do.")
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
            throw ValidationError(
                "pause, resume, drain, discard, forget and publish need --why, and nothing else does.")
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
