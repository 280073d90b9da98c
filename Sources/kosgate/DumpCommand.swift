import ArgumentParser
import DICOM
import KeyObjects

struct DumpCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dump",
        abstract: "Prints a DICOM file readably: each data element, or a manifest as a tree.",
        discussion: """
            Of a damaged file everything up to the damage is printed; the exit code is
            then 2.

            Examples:
              kosgate dump image.dcm | less
              kosgate dump --tree manifest.dcm
            """)

    @Argument(help: "A DICOM file, with or without preamble and file meta information.", completion: .file())
    var file: String

    @Flag(help: "Print a key object selection document as a tree.")
    var tree = false

    @Flag(help: "Print long values and all references.")
    var full = false

    @Flag(help: "Print where each element begins, in bytes.")
    var offsets = false

    func run() throws {
        if tree { try printTree() } else { try printElements() }
    }

    private func printTree() throws(FileFailure) {
        let document = try Document(reading: file)
        let sopClass: SOPClassUID? = document.dataSet.uid(.sopClassUID)
        guard sopClass == .keyObjectSelectionDocument else {
            let name = sopClass.map { UIDRegistry.name(of: $0) ?? $0.text } ?? "a file without SOP Class UID"
            throw FileFailure(file, "no key object selection document, but \(Escaped.text(name))")
        }
        let text = ManifestTree(document.dataSet, limit: full ? .max : 5).description
        text.split(separator: "\n").forEach { Console.print(Escaped.text(String($0))) }
        if let failure = document.failure { throw FileFailure(file, "\(failure)") }
    }

    private func printElements() throws(FileFailure) {
        let file = try InputFile(file)
        guard file.size > 0 else { throw FileFailure(file.path, "an empty file") }
        let prefix = try file.read(64 << 10, at: 0)
        let start: Part10File
        do throws(ParseError) { start = try Part10File(prefix) } catch { throw FileFailure(file.path, "\(error)") }
        let metaStart = start.hasPreamble ? 132 : prefix.starts(with: "DICM".utf8) ? 4 : 0
        printMemory(Array(prefix[metaStart..<start.dataSetOffset]), .explicitVRLittleEndian, from: metaStart)
        let failure = try printDataSet(of: file, start)
        if let failure { throw FileFailure(file.path, "\(failure)") }
    }

    /// Piece by piece, so that the size of the file does not matter; returns what ended it early.
    private func printDataSet(of file: borrowing InputFile, _ start: Part10File) throws(FileFailure) -> ParseError? {
        // Offsets in a deflated data set count from its own start.
        let origin = start.transferSyntax.isDeflated ? 0 : start.dataSetOffset
        var dump = DataSetDump(transferSyntax: start.transferSyntax, options: options(from: origin))
        var offset = start.dataSetOffset
        while true {
            let piece = try file.read(1 << 20, at: offset)
            offset += piece.count
            do throws(ParseError) {
                if piece.isEmpty {
                    try dump.finish(Console.print)
                } else {
                    try dump.append(piece.span.bytes, Console.print)
                }
            } catch {
                dump.flush(Console.print)
                return error
            }
            if piece.isEmpty { return nil }
        }
    }

    @discardableResult
    private func printMemory(_ bytes: [UInt8], _ transferSyntax: TransferSyntax, from start: Int) -> ParseError? {
        let dump = DataSetDump.lines(
            of: bytes.span.bytes, transferSyntax: transferSyntax, options: options(from: start))
        dump.lines.forEach(Console.print)
        return dump.failure
    }

    private func options(from start: Int) -> DataSetDump.Options {
        DataSetDump.Options(valueWidth: full ? 1 << 20 : 64, showsOffsets: offsets, fileOffset: start)
    }
}

/// A DICOM file in memory, as far as it could be read.
struct Document {
    /// More of a file is not read into memory: no manifest is near it.
    private static let limit = 64 << 20

    var dataSet: DataSet
    var bytes: [UInt8]
    var failure: ParseError?

    init(reading path: String) throws(FileFailure) {
        let file = try InputFile(path)
        guard file.size > 0 else { throw FileFailure(path, "an empty file") }
        guard file.size <= Self.limit else { throw FileFailure(path, "larger than 64 MiB, which no such document is") }
        let content = try file.read(file.size, at: 0)
        let start: Part10File
        do throws(ParseError) { start = try Part10File(content) } catch { throw FileFailure(path, "\(error)") }
        let reading = DataSet.read(
            content.span.bytes.extracting(start.dataSetOffset..<content.count), transferSyntax: start.transferSyntax,
            fileOffset: start.transferSyntax.isDeflated ? 0 : start.dataSetOffset)
        if let failure = reading.failure, failure.isOfALimit { throw FileFailure(path, "\(failure)") }
        (dataSet, bytes, failure) = (reading.dataSet, content, reading.failure)
    }
}
