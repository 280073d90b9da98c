import ArgumentParser
import Gateway

struct HoldCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hold",
        abstract: "Sends nothing more of a study until it is released.",
        discussion: """
            What destinations hold of it stays there; kosgate withdraw takes it away.

            Example:
              kosgate hold 1.2.826.0.1.3680043.10.999.1 --why "wrong patient, the RIS is asked"
            """)

    @OptionGroup var study: StudyOptions
    @OptionGroup var reason: ReasonOptions

    @OptionGroup var control: ControlOptions

    func run() throws {
        try control.ask(.hold(study.name), why: reason.why)
    }
}
