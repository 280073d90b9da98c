import Gateway

/// What came of a rehearsal: an entry for each scenario in each form.
public struct AcceptanceSheet: Sendable, Equatable {
    public struct Entry: Sendable, Equatable {
        public var scenario: Scenario
        public var form: Form
        /// What the PACS sent, step by step.
        public var sent: [String]
        /// What the platform was sent, in order.
        public var documents: [Document]
        /// What it must be sent: the table's documents, as the configuration has removals told.
        public var required: [String]
        /// What the gateway said of studies that it held, with its remedies.
        public var holds: [String]
        /// The gateway may have settled while the PACS was still sending: the end was judged, not each document.
        public var isDrawnOut: Bool
        /// What the platform ended with.
        public var end: String
        /// What the table of the platform's specification lets one expect.
        public var expected: String
        public var verdict: Verdict
    }

    /// A document that the platform was sent.
    public struct Document: Sendable, Equatable, CustomStringConvertible {
        public enum Kind: String, Sendable {
            case manifest
            case rejectionNote = "rejection note"
            case other = "another document"
        }

        public var kind: Kind
        /// Not by name or identifier, but by the role in the play: "the old patient".
        public var patient: String
        /// Instance Number (0020,0013) of a manifest.
        public var version: Int?
        public var references: Int
        /// Meaning and code of its title.
        public var title: String

        public var description: String {
            let version = version.map { " version \($0)" } ?? ""
            let references = counted(references, "reference")
            return "\(kind.rawValue)\(version) of \(patient), \(references), title \(title)"
        }
    }

    public enum Verdict: Sendable, Equatable {
        case passed
        /// The configuration chose another end, which was reached; what it is.
        case asConfigured(String)
        case failed([String])
    }

    /// A line of the sheet's head.
    public struct Choice: Sendable, Equatable, CustomStringConvertible {
        public var name: String
        public var value: String

        init(_ name: String, _ value: String) { (self.name, self.value) = (name, value) }

        public var description: String { "\(name): \(value)" }
    }

    /// When it was played, local time: `2026-03-01 09:30`.
    public var date: String
    /// Which configuration was played.
    public var configuration: [Choice]
    /// What of the configuration was replaced for the rehearsal, and by what.
    public var replaced: [String]
    public var entries: [Entry]
    /// What went wrong outside of all entries.
    public var faults: [String]

    public var passed: Int { entries.count { $0.verdict == .passed } }
    public var failed: Int { entries.count { if case .failed = $0.verdict { true } else { false } } }
    public var asConfigured: Int { entries.count - passed - failed }
    /// Nothing failed.
    public var isPassed: Bool { failed == 0 && faults.isEmpty }
}

extension AcceptanceSheet: CustomStringConvertible {
    /// For people; lines.
    public var description: String { lines.joined(separator: "\n") }

    private var lines: [String] {
        var lines = ["Acceptance sheet of kosgate \(Version.text), \(date): \(isPassed ? "PASSED" : "FAILED")", ""]
        lines += configuration.map {
            "  \($0.name)" + String(repeating: " ", count: max(1, 16 - $0.name.count)) + $0.value
        }
        lines += ["", "Replaced for the rehearsal, all else as configured:"]
        lines += replaced.map { "  - \($0)" } + [""]
        for entry in entries { lines += entry.lines + [""] }
        lines += faults.map { "FAIL  \($0)" }
        lines.append("PASS as the table says, CONF as the configuration chose, FAIL neither")
        lines.append(
            "\(entries.count) entries: \(passed) passed, \(asConfigured) ended as configured, \(failed) failed")
        return lines
    }
}

extension AcceptanceSheet.Entry {
    fileprivate var lines: [String] {
        let mark: String
        var reasons: [String] = []
        switch verdict {
        case .passed: mark = "PASS"
        case .asConfigured(let end):
            mark = "CONF"
            reasons = [end]
        case .failed(let faults):
            mark = "FAIL"
            reasons = faults
        }
        let head = "\(mark)  \(scenario.rawValue). \(scenario.title), \(form.title)"
        return [head] + reasons.map { "        ! \($0)" }
            + Self.listed("PACS sent", sent + (isDrawnOut ? ["so slowly that only the end is judged"] : []))
            + Self.listed("platform must get", required)
            + Self.listed("platform got", documents.map(\.description))
            + (holds.isEmpty ? [] : Self.listed("gateway held", holds)) + Self.listed("platform ended with", [end])
            + Self.listed("table expects", [expected])
    }

    private static func listed(_ name: String, _ items: [String]) -> [String] {
        let label = "      " + name + String(repeating: " ", count: max(0, 20 - name.count))
        let margin = String(repeating: " ", count: label.count)
        return (items.isEmpty ? ["nothing"] : items).enumerated().map { ($0 == 0 ? label : margin) + $1 }
    }
}
