import ArgumentParser
import Gateway

struct DestinationsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "destinations",
        abstract: "The destinations: what waits for each, and whether it takes it.",
        discussion: """
            Example:
              kosgate destinations
            """)

    @OptionGroup var control: ControlOptions

    func run() throws {
        try control.ask(.destinations)
    }
}
