import ArgumentParser
import Gateway

struct ReleaseCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "release",
        abstract: "Lifts the holds of a study, or of all that are held for the same reason.",
        discussion: """
            Lifts the holds that an operator may lift, and takes quarantined instances back in. What the holds of a study are, \
            kosgate study tells.

            Examples:
              kosgate release 1.2.826.0.1.3680043.10.999.1 --why "checked with the RIS"
              kosgate release --reason quality-assurance --source ct --why "phantom day is over"
            """)

    @Argument(help: ArgumentHelp("Study Instance UID.", valueName: "uid"))
    var study: String?

    @Option(
        name: .customLong("reason"),
        help: ArgumentHelp("All studies that are held for this reason, instead of one study.", valueName: "code"))
    var group: String?

    @Option(
        help: ArgumentHelp("The source that the study came from; with --reason, only its studies.", valueName: "name"))
    var source: String?

    @Option(
        help: ArgumentHelp(
            "Only this quarantined or rejected instance; may be repeated. Default: all that are quarantined.",
            valueName: "uid"))
    var instance: [String] = []

    @OptionGroup var reason: ReasonOptions

    @OptionGroup var control: ControlOptions

    func validate() throws {
        guard (study == nil) != (group == nil) else {
            throw ValidationError("Name either a study or, with --reason, what studies are held for.")
        }
        if group != nil, !instance.isEmpty { throw ValidationError("--instance needs a study.") }
    }

    func run() throws {
        if let group {
            try control.ask(.releaseGroup(reason: group, source: source), why: reason.why)
        } else if let study {
            let name = OperatorCommand.Study(uid: study, source: source)
            try control.ask(.release(name, instances: instance), why: reason.why)
        }
    }
}
