import ArgumentParser
import Gateway

struct DestinationsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "destinations",
        abstract: "The destinations: what waits for each, how fast it goes, and whether it takes it.",
        discussion: """
            SIZE, RATE and DONE IN are told of images. kosgate destination NAME tells more of one.

            Example:
              kosgate destinations
            """)

    @OptionGroup var control: ControlOptions

    func run() throws {
        try control.ask(.destinations)
    }
}
