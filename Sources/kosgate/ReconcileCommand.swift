import ArgumentParser
import Gateway

struct ReconcileCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reconcile",
        abstract: "Compares published studies with the PACS, and proposes what to do.",
        discussion: """
            Asks the PACS of each source that has one by C-FIND. Nothing is changed; exit code 1 when something differs.

            Example:
              kosgate reconcile --days 30
            """)

    @Option(help: ArgumentHelp("Studies published in so many last days.", valueName: "number"))
    var days = 7

    @OptionGroup var control: ControlOptions

    func validate() throws {
        guard (1...3650).contains(days) else { throw ValidationError("--days must be from 1 to 3650.") }
    }

    func run() throws {
        try control.ask(.reconcile(days: days))
    }
}
