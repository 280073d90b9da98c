import ArgumentParser
import Gateway

struct StudyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "study",
        abstract: "The life of a study: what came, what was sent, what is due and why not.",
        discussion: """
            Examples:
              kosgate study 1.2.826.0.1.3680043.10.999.1
              kosgate study 1.2.826.0.1.3680043.10.999.1 --diff
            """)

    @OptionGroup var study: StudyOptions

    @Flag(help: "Show what would be sent now against what each destination holds.")
    var diff = false

    @Flag(help: "Show the newest manifest as a tree.")
    var manifest = false

    @Flag(help: "Name the patient, whatever log.identity says; the gateway's log tells who asked.")
    var identity = false

    @OptionGroup var control: ControlOptions

    func validate() throws {
        if diff && manifest { throw ValidationError("--diff and --manifest exclude each other.") }
    }

    func run() throws {
        let view: OperatorCommand.View = diff ? .diff : manifest ? .manifest : .life
        try control.ask(.study(study.name, view: view), showsIdentity: identity)
    }
}
