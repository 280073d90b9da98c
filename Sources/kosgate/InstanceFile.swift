import DICOM

/// The header of an instance in a file: everything up to its pixel data, which is measured but not read.
struct InstanceFile {
    var header: [UInt8]
    var transferSyntax: TransferSyntax
    var studyInstanceUID: StudyUID?
    /// Source Application Entity Title (0002,0016): who wrote the file.
    var source: AETitle?
    /// Where the header could not be read any further; what was read is enough to know the instance.
    var damage: ParseError?
    /// Bytes that were read.
    var bytesRead: Int

    /// Why a file gives no instance.
    enum Defect: Error {
        case notDICOM
        /// The system's words.
        case unreadable(String)
        case truncated(String)
        case damaged(String)
        /// A Basic Directory (PS3.3 Annex F): it lists files, and is no instance.
        case directory

        fileprivate init(_ error: ParseError) {
            switch error.kind {
            case .notDICOM: self = .notDICOM
            case .unexpectedEnd: self = .truncated(error.description)
            case .notAnElement, .misplacedItem, .valueBeyondItem, .fragmentWithoutLength, .tooDeep, .notDeflated,
                .inflatesBeyondLimit, .tooManyElements, .bigEndian:
                self = .damaged(error.description)
            }
        }

        /// Nothing is missing where such a file lies in a folder.
        var isNoInstance: Bool {
            switch self {
            case .notDICOM, .directory: true
            case .unreadable, .truncated, .damaged: false
            }
        }

        var sentence: String {
            switch self {
            case .notDICOM: "not a DICOM file"
            case .unreadable(let reason): reason
            case .truncated(let place): "truncated: \(place)"
            case .damaged(let place): "damaged: \(place)"
            case .directory: "a DICOMDIR, no instance: name the folder"
            }
        }
    }

    private static let directory = SOPClassUID("1.2.840.10008.1.3.10")
    private static let piece = 64 << 10
    private static let limit = 64 << 20

    init(reading path: String) throws(Defect) {
        let file: InputFile
        do throws(FileFailure) { file = try InputFile(path) } catch { throw .unreadable(error.reason) }
        guard file.size > 0 else { throw .unreadable("an empty file") }
        let prefix = try Self.read(file, Self.piece, at: 0)
        let start: Part10File
        do throws(ParseError) { start = try Part10File(prefix) } catch { throw Defect(error) }
        guard start.mediaStorageSOPClassUID != Self.directory else { throw .directory }
        var capture = HeaderCapture(transferSyntax: start.transferSyntax, limit: Self.limit)
        bytesRead = prefix.count + (try Self.feed(&capture, from: file, prefix, at: start.dataSetOffset))
        capture.finish()
        damage = capture.failure
        if let damage, damage.kind == .unexpectedEnd || capture.sopInstanceUID == nil { throw Defect(damage) }
        guard !capture.isCut else { throw .damaged("its header is longer than 64 MiB") }
        if let pixelData = capture.pixelDataOffset, !start.transferSyntax.isDeflated {
            try Self.measure(file, from: start.dataSetOffset + pixelData, encoding: capture.encoding)
        }
        header = capture.header
        transferSyntax = start.transferSyntax
        studyInstanceUID = capture.studyInstanceUID
        source = start.meta.string(Tag(0x0002, 0x0016)).map { AETitle($0) }
    }

    /// Gives the capture what it wants and jumps over the rest; returns the bytes read beside `prefix`.
    private static func feed(
        _ capture: inout HeaderCapture, from file: borrowing InputFile, _ prefix: [UInt8], at start: Int
    ) throws(Defect) -> Int {
        var chunk = Array(prefix.dropFirst(start))
        var offset = prefix.count
        var bytesRead = 0
        while !chunk.isEmpty {
            switch capture.append(chunk) {
            case .done: return bytesRead
            case .more: break
            case .skip(let count):
                let skipped = min(count, file.size - offset)
                capture.skip(skipped)
                offset += skipped
            }
            chunk = try read(file, piece, at: offset)
            offset += chunk.count
            bytesRead += chunk.count
        }
        return bytesRead
    }

    /// A file may end in the middle of its pixel data: it is then no copy of the instance. What lies behind is of no
    /// concern to a manifest.
    private static func measure(
        _ file: borrowing InputFile, from start: Int, encoding: Encoding
    ) throws(Defect) {
        var parser = DataSetParser(encoding: encoding)
        var offset = start
        while offset < file.size {
            let chunk = try read(file, 4096, at: offset)
            guard !chunk.isEmpty, goesOn(&parser, chunk) else { return }
            offset += chunk.count
            let skipped = min(parser.remaining, file.size - offset)
            parser.skip(skipped)
            offset += skipped
            if parser.remaining == 0, parser.depth == 0 { return }
        }
        do throws(ParseError) {
            try parser.finish()
        } catch {
            throw .truncated("the file ends inside \(error.tag ?? .pixelData)")
        }
    }

    /// Feeds a piece of the pixel data; false when it has ended, or cannot be read.
    private static func goesOn(_ parser: inout DataSetParser, _ chunk: [UInt8]) -> Bool {
        var position = 0
        do throws(ParseError) {
            while let token = try parser.next(in: chunk.span.bytes, from: &position) {
                switch token {
                case .element(let tag, _, _): if tag.group != 0x7FE0 { return false }
                case .fragmentsEnd, .unreadable: return false
                case .value, .fragments, .fragment, .sequence, .item, .itemEnd, .sequenceEnd: break
                }
            }
            return true
        } catch {
            return false
        }
    }

    private static func read(
        _ file: borrowing InputFile, _ count: Int, at offset: Int
    ) throws(Defect) -> [UInt8] {
        do throws(FileFailure) { return try file.read(count, at: offset) } catch { throw .unreadable(error.reason) }
    }
}
