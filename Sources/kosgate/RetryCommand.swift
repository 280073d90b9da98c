import ArgumentParser
import Gateway

struct RetryCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "retry",
        abstract: "Sends at once what waits for another attempt, dead letters too.",
        discussion: """
            What is withheld waits for kosgate release, what is paused for kosgate destination NAME resume.

            Examples:
              kosgate retry region --why "the platform is up again"
              kosgate retry 17 --why "accepted by their support"
              kosgate retry 4711@telemedicine --why "they take that class now"
              kosgate retry telemedicine --study 1.2.826.0.1.3680043.10.999.1 --why "the same"
              kosgate retry --all --why "network repaired"
            """)

    @Argument(help: ArgumentHelp("A destination, or the ID of a dead letter.", valueName: "destination"))
    var target: String?

    @Option(help: ArgumentHelp("Of a destination for images only those of this study.", valueName: "uid"))
    var study: String?

    @Flag(help: "All destinations.")
    var all = false

    @OptionGroup var reason: ReasonOptions

    @OptionGroup var control: ControlOptions

    func validate() throws {
        guard (target == nil) == all else {
            throw ValidationError("Name a destination, the ID of a dead letter, or --all.")
        }
    }

    func run() throws {
        try control.ask(.retry(target: target, study: study), why: reason.why)
    }
}
