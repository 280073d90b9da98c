import ArgumentParser
import Associations
import DICOM
import DICOMNetwork
import Glibc

struct MoveCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "move",
        abstract: "Makes a PACS send instances to an AE title that it knows (C-MOVE).",
        discussion: """
            Exit code 0 if the PACS says that all were sent, else 1.

            Example:
              kosgate move pacs 104 --called PACS --destination KOSGATE StudyInstanceUID=1.2.3
            """)

    @OptionGroup var peer: PeerOptions
    @OptionGroup var asked: QueryOptions

    @Option(help: "Where to: an AE title whose address the PACS knows.")
    var destination: String

    func validate() throws {
        guard AETitle(destination).isValid else {
            throw ValidationError("--destination must be an AE title of 1 to 16 ASCII characters without backslash.")
        }
    }

    func run() throws {
        signal(SIGPIPE, SIG_IGN)
        let query = try asked.query()
        let outcome: QueryOutcome
        do throws(AssociationError) {
            outcome = try move(query)
        } catch {
            throw peer.failure(error)
        }
        let counts = outcome.suboperations
        Console.print(
            "\(counts.completed ?? 0) completed, \(counts.failed ?? 0) failed, \(counts.warning ?? 0) with warnings")
        outcome.failedInstances.forEach { Console.print("failed: \(Escaped.text($0.text))") }
        guard outcome.isSuccess else {
            let remedy = outcome.remedy.map { "; \($0)" } ?? ""
            throw CommandFailure(.finding, "\(peer.place): \(Escaped.text(outcome.description))\(remedy)")
        }
    }

    private func move(_ query: Query) throws(AssociationError) -> QueryOutcome {
        var association = try Association(peer.configuration, proposing: [.query(.move, query.model)])
        let outcome = try association.move(query, to: AETitle(destination))
        try? association.release()
        return outcome
    }
}
