import ArgumentParser
import Associations
import DICOM
import DICOMNetwork
import Gateway
import Glibc

struct FindCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "find",
        abstract: "Asks a PACS what it has (C-FIND).",
        discussion: """
            Exit code 0 if the PACS answers with success, found or not, else 1.

            Examples:
              kosgate find pacs 104 --called PACS StudyDate=20260301-20260302 AccessionNumber PatientID
              kosgate find pacs 104 --called PACS --level IMAGE StudyInstanceUID=1.2.3 SOPInstanceUID --format json
            """)

    @OptionGroup var peer: PeerOptions
    @OptionGroup var asked: QueryOptions

    @Option(help: "For people or for machines.")
    var format = CheckCommand.Format.text

    @Option(help: ArgumentHelp("Ask the PACS to stop after so many matches.", valueName: "count"))
    var most = Int.max

    func validate() throws { guard most > 0 else { throw ValidationError("--most must be at least 1.") } }

    func run() throws {
        signal(SIGPIPE, SIG_IGN)
        let query = try asked.query()
        var matches: [DataSet] = []
        let outcome: QueryOutcome
        do throws(AssociationError) {
            outcome = try find(query, &matches)
        } catch {
            throw peer.failure(error)
        }
        let tags = query.keys.keys.sorted()
        switch format {
        case .text: Self.table(matches, tags).forEach { Console.print($0) }
        case .json: Console.print(JSONText.array(matches.map { Self.json($0, tags) }).text())
        }
        guard outcome.isSuccess || outcome.isCancelled && matches.count >= most else {
            let remedy = outcome.remedy.map { "; \($0)" } ?? ""
            throw CommandFailure(.finding, "\(peer.place): \(Escaped.text(outcome.description))\(remedy)")
        }
    }

    private func find(_ query: Query, _ matches: inout [DataSet]) throws(AssociationError) -> QueryOutcome {
        var association = try Association(peer.configuration, proposing: [.query(.find, query.model)])
        let outcome = try association.find(query) { match in
            if matches.count < most { matches.append(match) }
            return matches.count < most
        }
        // The peer has answered; whether it also releases is no part of the question.
        try? association.release()
        return outcome
    }

    private static func name(_ tag: Tag) -> String { Dictionary.keyword(of: tag) ?? tag.description }

    private static func json(_ match: DataSet, _ tags: [Tag]) -> JSONText {
        .object(tags.map { (name($0), .array(match.values($0).map { .string($0) })) })
    }

    /// A heading and a line for each match, in columns.
    private static func table(_ matches: [DataSet], _ tags: [Tag]) -> [String] {
        let cells = matches.map { match in
            tags.map { Escaped.text(match.values($0).joined(separator: "\\")) }
        }
        let rows = [tags.map(name)] + cells
        let widths = tags.indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        let lines = rows.map { row in
            zip(row, widths).map { $0 + String(repeating: " ", count: $1 - $0.count) }.joined(separator: "  ")
        }
        return lines + [counted(matches.count, "match")]
    }
}

extension DataSet {
    /// Texts and numbers alike.
    fileprivate func values(_ tag: Tag) -> [String] {
        guard let vr = self[tag]?.vr else { return [] }
        return vr.isString ? strings(tag) : ints(tag).map(String.init)
    }
}
