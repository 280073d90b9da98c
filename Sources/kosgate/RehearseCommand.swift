import ArgumentParser
import Gateway
import Glibc
import Rehearsal

struct RehearseCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rehearse",
        abstract: "Plays the platform's eleven scenarios against a configuration and prints an acceptance sheet.",
        discussion: """
            A gateway runs in this process for some seconds, with the configuration given, between a simulated PACS that \
            sends studies of invented patients and changes them, and a simulated platform that keeps what it is sent. \
            Nothing outside is touched; the sheet says what of the configuration was replaced.

            Exit code 0 when every scenario ends as the platform's specification or the configuration says, else 1.

            Examples:
              kosgate rehearse
              kosgate rehearse --config /etc/kosgate/kosgate.toml
              kosgate rehearse --scenario 2 7 --keep ./documents
            """)

    enum Format: String, ExpressibleByArgument, CaseIterable {
        case text
        case json
    }

    @OptionGroup var source: ConfigurationOptions

    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp("Only these scenarios, from 1 to 11. Default: all.", valueName: "number"))
    var scenario: [Int] = []

    @Option(
        name: .customLong("source"),
        help: ArgumentHelp("The source whose PACS is simulated. Default: the first.", valueName: "name"))
    var sourceName: String?

    @Option(help: ArgumentHelp("Keep what the platform was sent in this folder.", valueName: "folder"))
    var keep: String?

    @Option(help: "For people or for machines.")
    var format = Format.text

    func validate() throws {
        guard scenario.allSatisfy({ Scenario(rawValue: $0) != nil }) else {
            throw ValidationError("--scenario must be from 1 to \(Scenario.allCases.count).")
        }
    }

    func run() throws {
        let loaded = try source.load(source.overrides)
        // A peer that is gone is an error of its association, no signal.
        signal(SIGPIPE, SIG_IGN)
        var options = Rehearsal.Options()
        if let config = source.config { options.name = config }
        options.scenarios = Scenario.allCases.filter { scenario.contains($0.rawValue) }
        options.source = sourceName
        options.folder = keep
        let sheet: AcceptanceSheet
        do throws(RehearsalError) {
            sheet = try Rehearsal(loaded.configuration, options).run()
        } catch {
            throw CommandFailure(.input, error.description)
        }
        switch format {
        case .text: Console.print(Escaped.lines(sheet.description))
        case .json: Console.print(sheet.json.text())
        }
        if !sheet.isPassed { throw CommandFailure(.finding) }
    }
}

extension AcceptanceSheet {
    fileprivate var json: JSONText {
        .object([
            ("date", .string(date)), ("version", .string(Version.text)),
            ("result", .string(isPassed ? "passed" : "failed")),
            ("configuration", .array(configuration.map { .string($0.description) })),
            ("replaced", .array(replaced.map { .string($0) })),
            ("entries", .array(entries.map(\.json))),
            ("faults", .array(faults.map { .string($0) })),
            ("passed", .number(passed)), ("as_configured", .number(asConfigured)), ("failed", .number(failed)),
        ])
    }
}

extension AcceptanceSheet.Entry {
    fileprivate var json: JSONText {
        let (result, reasons): (String, [String]) =
            switch verdict {
            case .passed: ("passed", [])
            case .asConfigured(let end): ("as_configured", [end])
            case .failed(let faults): ("failed", faults)
            }
        return .object([
            ("scenario", .number(scenario.rawValue)), ("title", .string(scenario.title)),
            ("form", .string(form.rawValue)), ("result", .string(result)),
            ("reasons", .array(reasons.map { .string($0) })), ("sent", .array(sent.map { .string($0) })),
            ("required", .array(required.map { .string($0) })), ("documents", .array(documents.map(\.json))),
            ("holds", .array(holds.map { .string($0) })),
            ("drawn_out", .boolean(isDrawnOut)), ("end", .string(end)),
            ("expected", .string(expected)),
        ])
    }
}

extension AcceptanceSheet.Document {
    fileprivate var json: JSONText {
        .object([
            ("kind", .string(kind.rawValue)), ("patient", .string(patient)),
            ("version", version.map { .number($0) } ?? .null), ("references", .number(references)),
            ("title", .string(title)),
        ])
    }
}

extension Escaped {
    /// Line by line.
    fileprivate static func lines(_ text: String) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: false).map { self.text(String($0)) }
            .joined(separator: "\n")
    }
}
