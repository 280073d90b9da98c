import ArgumentParser
import DICOM
import Gateway
import KeyObjects

struct CheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Judges key object selection documents: what is wrong, where, by which rule, and what to do.",
        discussion: """
            Exit code 0 without errors (warnings may be), 1 with at least one error, 2 if a file cannot be read.

            Examples:
              kosgate check manifest.dcm
              kosgate check --profile maincare --format json manifests/*.dcm
            """)

    enum Format: String, ExpressibleByArgument, CaseIterable {
        case text
        case json
    }

    @Argument(help: "Key object selection documents.", completion: .file())
    var file: [String]

    @Option(help: "The demands that a document must meet: maincare or xds-i.")
    var profile = ManifestProfile.xdsI.name

    @Option(help: "For people or for machines.")
    var format = Format.text

    func validate() throws {
        guard ManifestProfile.named(profile) != nil else {
            let names = ManifestProfile.all.map(\.name).joined(separator: ", ")
            throw ValidationError("--profile must be one of \(names), not '\(profile)'.")
        }
    }

    func run() throws {
        let profile = ManifestProfile.named(profile) ?? .xdsI
        let verdicts = file.map { Verdict(of: $0, profile) }
        switch format {
        case .text: verdicts.forEach { $0.print() }
        case .json: Console.print(JSONText.array(verdicts.map(\.json)).text())
        }
        if verdicts.contains(where: { $0.failure != nil }) { throw CommandFailure(.input) }
        if verdicts.contains(where: \.hasError) { throw CommandFailure(.finding) }
    }
}

/// What the judge says of one file.
private struct Verdict {
    var file: String
    var profile: ManifestProfile
    var findings: [Finding] = []
    /// Why the file cannot be judged, or not as a whole.
    var failure: String?

    init(of file: String, _ profile: ManifestProfile) {
        self.file = file
        self.profile = profile
        do throws(FileFailure) {
            let document = try Document(reading: file)
            do throws(ParseError) {
                findings = try Judgement(file: document.bytes, profile: profile).findings
            } catch {
                throw FileFailure(file, "\(error)")
            }
            failure = document.failure?.description
        } catch {
            failure = error.reason
        }
    }

    var hasError: Bool { findings.contains { $0.severity == .error } }

    private func count(_ severity: Finding.Severity) -> Int { findings.count { $0.severity == severity } }

    func print() {
        if let failure {
            Console.flush()
            Console.complain("kosgate: \(Escaped.text(file)): \(failure)")
            if findings.isEmpty { return }
        }
        let errors = Self.plural(count(.error), "error")
        let warnings = Self.plural(count(.warning), "warning")
        Console.print("\(Escaped.text(file)): \(errors), \(warnings) (profile \(profile.name))")
        for finding in findings {
            let place = [finding.path, finding.offset.map { "at byte \($0)" } ?? ""].filter { !$0.isEmpty }
            Console.print("  \(finding.severity.rawValue): \(Escaped.text(finding.reason))")
            if !place.isEmpty { Console.print("    where: " + place.joined(separator: " ")) }
            Console.print("    rule: \(finding.section)")
            Console.print("    remedy: \(Escaped.text(finding.remedy))")
        }
    }

    private static func plural(_ count: Int, _ noun: String) -> String {
        count == 0 ? "no \(noun)s" : counted(count, noun)
    }

    var json: JSONText {
        .object(
            [
                ("file", .string(file)), ("profile", .string(profile.name)),
                ("failure", failure.map { .string($0) } ?? .null), ("errors", .number(count(.error))),
                ("warnings", .number(count(.warning))), ("findings", .array(findings.map(\.json))),
            ])
    }
}

extension Finding {
    fileprivate var json: JSONText {
        .object([
            ("severity", .string(severity.rawValue)), ("path", .string(path)),
            ("offset", offset.map { .number($0) } ?? .null), ("reason", .string(reason)),
            ("section", .string(section)), ("remedy", .string(remedy)),
        ])
    }
}
