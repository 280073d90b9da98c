import ArgumentParser
import Gateway

struct StatusCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "How the running gateway fares: studies, destinations, disk.",
        discussion: """
            Examples:
              kosgate status
              kosgate status --config /etc/kosgate/kosgate.toml --format json
            """)

    @OptionGroup var control: ControlOptions

    func run() throws {
        try control.ask(.status)
    }
}
