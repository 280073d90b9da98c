import ArgumentParser
import Gateway

struct QuarantineCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "quarantine",
        abstract: "What came and could not be taken as an instance of a study.",
        discussion: """
            Such instances are kept aside and stand in no manifest; the sender has been told that they were taken.
            --forget deletes one for good. Instances of a study that came again after a rejection are not among these:
            kosgate study tells them, kosgate release takes them back in.

            Examples:
              kosgate quarantine
              kosgate quarantine --forget 3 --why "a test of the service technician"
            """)

    @Option(help: ArgumentHelp("Forget this one.", valueName: "id"))
    var forget: Int64?

    @Option(help: ArgumentHelp("Why: told in the gateway's log with the name of the user.", valueName: "text"))
    var why: String?

    @OptionGroup var control: ControlOptions

    func validate() throws {
        guard (forget == nil) == (why == nil) else { throw ValidationError("--forget and --why go together.") }
    }

    func run() throws {
        try control.ask(forget.map { .forget($0) } ?? .quarantine, why: why)
    }
}
