import ArgumentParser
import Gateway

struct StudiesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "studies",
        abstract: "Lists studies, those changed last first.",
        discussion: """
            States: open (something came that is not judged yet), held (nothing is sent, for a reason), sending (on its way), \
            refused (a dead letter waits for you), published (every destination holds what is true), withdrawn (nothing of it may \
            be shown any more), nothing (never published, and nothing to publish).

            Examples:
              kosgate studies --state held
              kosgate studies --source radiology --since 12h --limit 1000
            """)

    @Option(help: ArgumentHelp("Only studies in this state.", valueName: "state"))
    var state: String?

    @Option(help: ArgumentHelp("Only studies of this source.", valueName: "name"))
    var source: String?

    @Option(
        help: ArgumentHelp(
            "Only studies changed since then: 2026-03-01, 2026-03-01T09:30, or an age such as 90m, 12h, 3d.",
            valueName: "time"))
    var since: String?

    @Option(help: ArgumentHelp("So many at most.", valueName: "number"))
    var limit = 200

    @OptionGroup var control: ControlOptions

    func validate() throws {
        guard (1...1_000_000).contains(limit) else { throw ValidationError("--limit must be from 1 to 1000000.") }
    }

    func run() throws {
        try control.ask(.studies(state: state, source: source, since: since, limit: limit))
    }
}
