import ArgumentParser
import DICOM
import DICOMNetwork

/// What is asked for: level and keys.
struct QueryOptions: ParsableArguments {
    @Option(help: "Where to look: PATIENT, STUDY, SERIES or IMAGE.")
    var level = "STUDY"

    @Flag(help: "Use the Patient Root information model instead of Study Root.")
    var patientRoot = false

    @Argument(
        help: ArgumentHelp(
            "A key by its keyword or tag: with a value it is matched, without one it is asked for.",
            valueName: "KEY[=VALUE]"))
    var key: [String] = []

    func validate() throws { _ = try query() }

    func query() throws -> Query {
        guard let level = QueryLevel(rawValue: level.uppercased()) else {
            throw ValidationError("--level must be PATIENT, STUDY, SERIES or IMAGE, not '\(Escaped.text(level))'.")
        }
        var query = Query(level, model: patientRoot ? .patientRoot : .studyRoot)
        for text in key {
            let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let tag = try Self.tag(String(parts[0]))
            guard parts.count == 2, !parts[1].isEmpty else {
                query.ask(for: tag)
                continue
            }
            guard Dictionary.vr(of: tag)?.isString == true else {
                throw ValidationError("\(Escaped.text(text)): only keys of text can be matched.")
            }
            query.match(tag, parts[1].split(separator: "\\").map(String.init))
        }
        return query
    }

    /// A keyword, or eight hexadecimal digits, with or without comma and parentheses.
    private static func tag(_ text: String) throws -> Tag {
        if let tag = Dictionary.tag(keyword: text) { return tag }
        let digits = text.filter { !"(,)".contains($0) }
        guard digits.count == 8, let value = UInt32(digits, radix: 16), value >> 16 != 0 else {
            throw ValidationError("'\(Escaped.text(text))' is neither a keyword of DICOM nor a tag.")
        }
        return Tag(rawValue: value)
    }
}
