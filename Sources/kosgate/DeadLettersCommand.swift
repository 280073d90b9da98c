import ArgumentParser
import Gateway

struct DeadLettersCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dead-letters",
        abstract: "Documents and images that a destination refused for good, with its answer.",
        discussion: """
            They are kept until kosgate retry sends them again, a newer document takes their
            place, or an image is given up by --drop: it is deleted here, and only the PACS can
            still send it. By its ID --drop gives up a withheld image too, as of an instance in
            quarantine; kosgate study names them.

            Examples:
              kosgate dead-letters
              kosgate dead-letters 17 --manifest
              kosgate dead-letters telemedicine --study 1.2.826.0.1.3680043.10.999.1
              kosgate dead-letters 4711@telemedicine
              kosgate dead-letters --drop 4711@telemedicine --why "no image: a scout of the phantom"
            """)

    @Argument(
        help: ArgumentHelp("Only this one, whole; or a destination: its images one by one.", valueName: "id"))
    var letter: String?

    @Option(help: ArgumentHelp("Only those of this study, by its Study Instance UID.", valueName: "uid"))
    var study: String?

    @Option(
        help: ArgumentHelp(
            "Give this image up for good, or all dead images of a destination, with --study of one study.",
            valueName: "id"))
    var drop: String?

    @Option(help: ArgumentHelp("Why: kept in the history of the study with the name of the user.", valueName: "text"))
    var why: String?

    @Flag(help: "Show the document as a tree.")
    var manifest = false

    @Flag(help: "Name the patient, whatever log.identity says; the gateway's log tells who asked.")
    var identity = false

    @OptionGroup var control: ControlOptions

    /// A number, or number@destination.
    private var isOne: Bool { letter.map { $0.contains("@") || $0.allSatisfy(\.isNumber) } ?? false }

    func validate() throws {
        if !isOne, manifest || identity { throw ValidationError("--manifest and --identity need an id.") }
        guard (drop == nil) == (why == nil) else { throw ValidationError("--drop and --why go together.") }
        if drop != nil, letter != nil { throw ValidationError("--drop names itself what is given up.") }
        if isOne, study != nil { throw ValidationError("An id and --study exclude each other.") }
    }

    func run() throws {
        let command: OperatorCommand =
            if let drop {
                .dropDeadLetters(target: drop, study: study)
            } else if isOne, let letter {
                .deadLetter(id: letter, showsManifest: manifest)
            } else {
                .deadLetters(destination: letter, study: study)
            }
        try control.ask(command, why: why, showsIdentity: identity)
    }
}
