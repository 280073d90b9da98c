import ArgumentParser
import Gateway

@main
struct Kosgate: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "kosgate",
        abstract: "Builds DICOM key object selection manifests (KOS) of the studies that a PACS sends.",
        discussion: """
            Try it without any configuration:
              kosgate run                        receives on 127.0.0.1, port 11112
              kosgate manifest FOLDER            manifests of the files in FOLDER
              kosgate dump --tree manifest.dcm   what a manifest says

            Exit codes: 0 done; 1 a finding, a held study or a peer that does not
            answer; 2 wrong usage or input.
            """,
        version: Version.text,
        subcommands: [
            RunCommand.self, ManifestCommand.self, CheckCommand.self, DumpCommand.self, EchoCommand.self,
            FindCommand.self, GetCommand.self, MoveCommand.self, RehearseCommand.self,
        ],
        groupedSubcommands: [
            CommandGroup(
                name: "A running gateway",
                subcommands: [
                    StatusCommand.self, StudiesCommand.self, StudyCommand.self, ReleaseCommand.self, HoldCommand.self,
                    WithdrawCommand.self, AdoptCommand.self, RetryCommand.self, DestinationsCommand.self,
                    DestinationCommand.self, DeadLettersCommand.self, QuarantineCommand.self, ReconcileCommand.self,
                ])
        ])

    /// Parses, runs, and turns what went wrong into one clear line and an exit code.
    static func main() {
        do {
            var command = try parseAsRoot()
            try command.run()
            Console.flush()
        } catch let failure as CommandFailure {
            Console.flush()
            if let message = failure.message { Console.complain("kosgate: " + message) }
            Console.exit(failure.code)
        } catch let failure as FileFailure {
            Console.flush()
            Console.complain("kosgate: \(Escaped.text(failure.path)): \(failure.reason)")
            Console.exit(.input)
        } catch let error as ConfigurationError {
            Console.complain(error.description)
            Console.exit(.input)
        } catch {
            // Asked for help or the version, or wrong usage.
            let text = fullMessage(for: error)
            guard exitCode(for: error) != .success else {
                Console.print(text)
                return Console.flush()
            }
            Console.complain(text)
            Console.exit(.input)
        }
    }
}

/// Why a command ends without success.
struct CommandFailure: Error {
    enum Code: Int32 {
        case finding = 1
        case input = 2
    }

    var code: Code
    /// `nil`: all was said.
    var message: String?

    init(_ code: Code, _ message: String? = nil) {
        self.code = code
        self.message = message
    }

    static func input(_ message: String) -> CommandFailure { CommandFailure(.input, message) }
}
