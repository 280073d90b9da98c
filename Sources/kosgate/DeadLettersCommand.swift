import ArgumentParser
import Gateway

struct DeadLettersCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dead-letters",
        abstract: "Documents that a destination refused for good, with its answer.",
        discussion: """
            They are kept until kosgate retry sends them again, or a newer document takes their place.

            Examples:
              kosgate dead-letters
              kosgate dead-letters 17 --manifest
            """)

    @Argument(help: ArgumentHelp("Only this one, whole.", valueName: "id"))
    var letter: Int64?

    @Flag(help: "Show the document as a tree.")
    var manifest = false

    @Flag(help: "Name the patient, whatever log.identity says; the gateway's log tells who asked.")
    var identity = false

    @OptionGroup var control: ControlOptions

    func validate() throws {
        if letter == nil, manifest || identity { throw ValidationError("--manifest and --identity need an id.") }
    }

    func run() throws {
        let command = letter.map { OperatorCommand.deadLetter($0, showsManifest: manifest) } ?? .deadLetters
        try control.ask(command, showsIdentity: identity)
    }
}
