import ArgumentParser
import Gateway

struct WithdrawCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "withdraw",
        abstract: "Withdraws from every destination all that it holds of a study.",
        discussion: """
            A rejection note goes to each destination; kosgate release takes it back. What the PACS sends again is judged as \
            after a note of its own. Titles: 113001 (quality), \
            113037 (patient safety), 113038 (incorrect worklist entry), 113039 (retention expired).

            Example:
              kosgate withdraw 1.2.826.0.1.3680043.10.999.1 --title 113038 --why "ordered for another patient"
            """)

    @OptionGroup var study: StudyOptions

    @Option(help: ArgumentHelp("The title of the rejection notes.", valueName: "code"))
    var title: String

    @OptionGroup var reason: ReasonOptions

    @OptionGroup var control: ControlOptions

    func run() throws {
        try control.ask(.withdraw(study.name, title: title), why: reason.why)
    }
}
