/// A readable rendering of a data set, line by line as its bytes come.
///
///     (0008,0018) UI [1.2.3.4.5]                               #  10 SOPInstanceUID
///     (0040,0275) SQ sequence                                  # undefined RequestAttributesSequence
///       item 1                                                 # undefined
///
/// Long values are shortened, control characters escaped: what a line shows of a peer's bytes cannot move the cursor.
public struct DataSetDump {
    public struct Options: Hashable, Sendable {
        /// Characters of a value shown at most.
        public var valueWidth: Int
        /// Each line begins with the offset of its element.
        public var showsOffsets: Bool
        /// What the offsets count from: where the data set begins in its file.
        public var fileOffset: Int
        /// Where a deflated data set ends at the latest, which a few bytes of a file can make as long as they like.
        public var limits = DataSet.Limits(inflatedBytes: 4 << 30)

        public init(valueWidth: Int = 64, showsOffsets: Bool = false, fileOffset: Int = 0) {
            self.valueWidth = valueWidth
            self.showsOffsets = showsOffsets
            self.fileOffset = fileOffset
        }
    }

    /// The element whose value is being collected.
    private struct Pending {
        var label: String
        var vr: VR
        var length: Int
        var note: String
        var depth: Int
        var offset: Int
        var isCharacterSet = false
        var value: [UInt8] = []
    }

    private let options: Options
    private var parser: DataSetParser
    private var pending: Pending?
    /// The character sets of the data set and of the items around this point, innermost last.
    private var characterSets = [SpecificCharacterSet.undeclared]
    /// How many items each open sequence has shown.
    private var counts: [Int] = []
    private let inflater: Inflater?
    private var elementCount = 0
    /// What the parser left of the last chunk.
    private var rest: [UInt8] = []

    public init(transferSyntax: TransferSyntax, options: Options = .init()) {
        parser = DataSetParser(encoding: transferSyntax.encoding, isInPieces: true)
        inflater = transferSyntax.isDeflated ? Inflater(limit: options.limits.inflatedBytes) : nil
        self.options = options
    }

    /// Shows what the chunk completes.
    public mutating func append(_ chunk: RawSpan, _ show: (String) -> Void) throws(ParseError) {
        guard let inflater else { return try join(chunk, show) }
        var failure: ParseError?
        try inflater.append(chunk) { piece in
            failure = walkFailure(piece, show)
            return failure == nil
        }
        if let failure { throw failure }
    }

    /// Shows the last element; throws when the data set does not end there.
    public mutating func finish(_ show: (String) -> Void) throws(ParseError) {
        var failure: ParseError?
        try inflater?.finish { piece in
            failure = walkFailure(piece, show)
            return failure == nil
        }
        if let failure { throw failure }
        parser.isInPieces = false
        let last = rest
        try walk(last.span.bytes, show)
        flush(show)
        try parser.finish()
    }

    private mutating func walkFailure(_ piece: RawSpan, _ show: (String) -> Void) -> ParseError? {
        do throws(ParseError) {
            try join(piece, show)
            return nil
        } catch {
            return error
        }
    }

    private mutating func join(_ chunk: RawSpan, _ show: (String) -> Void) throws(ParseError) {
        guard !rest.isEmpty else { return try walk(chunk, show) }
        var joined: [UInt8] = []
        swap(&joined, &rest)
        joined.append(chunk, 0..<chunk.byteCount)
        try walk(joined.span.bytes, show)
    }

    private mutating func walk(_ chunk: RawSpan, _ show: (String) -> Void) throws(ParseError) {
        var offset = 0
        while let token = try parser.next(in: chunk, from: &offset) {
            if case .value(let range) = token {
                collect(chunk, range)
            } else {
                flush(show)
                if inflater != nil { try count(token) }
                take(token, show)
            }
        }
        rest.append(chunk, offset..<chunk.byteCount)
    }

    private mutating func count(_ token: DataSetParser.Token) throws(ParseError) {
        guard token.isCounted else { return }
        elementCount += 1
        let limit = options.limits.elements
        guard elementCount <= limit else {
            throw ParseError(.tooManyElements(limit), offset: parser.tokenOffset, tag: token.tag)
        }
    }

    /// All lines of a data set in memory, a last one for the failure if there is one.
    public static func lines(
        of bytes: RawSpan, transferSyntax: TransferSyntax, options: Options = .init()
    ) -> (lines: [String], failure: ParseError?) {
        var lines: [String] = []
        var dump = DataSetDump(transferSyntax: transferSyntax, options: options)
        do {
            try dump.append(bytes) { lines.append($0) }
            try dump.finish { lines.append($0) }
            return (lines, nil)
        } catch {
            dump.flush { lines.append($0) }
            return (lines, error)
        }
    }

    private mutating func collect(_ chunk: RawSpan, _ range: Range<Int>) {
        guard let count = pending?.value.count else { return }
        let wanted = pending?.isCharacterSet == true ? 1024 : 4 * options.valueWidth
        pending?.value.append(chunk, range.prefix(max(0, wanted - count)))
    }

    private mutating func take(_ token: DataSetParser.Token, _ show: (String) -> Void) {
        switch token {
        case .element(let tag, let vr, let length):
            begin("\(tag) \(ValueText.name(vr))", vr, length.bytes ?? 0, Dictionary.keyword(of: tag) ?? "")
            pending?.isCharacterSet = tag == Tag(0x0008, 0x0005)
        case .fragment(let length): begin("fragment", .OB, length.bytes ?? 0, "")
        case .unreadable(let error, let count): begin("unreadable, \(error.kind)", .UN, count, "")
        case .sequence(let tag, let vr, let length):
            counts.append(0)
            line(parser.depth - 1, "\(tag) \(ValueText.name(vr)) sequence", length, Dictionary.keyword(of: tag), show)
        case .fragments(let tag, let vr):
            line(
                parser.depth - 1, "\(tag) \(ValueText.name(vr)) encapsulated", .undefined, Dictionary.keyword(of: tag),
                show)
        case .item(let length):
            counts[counts.count - 1] += 1
            characterSets.append(characterSets[characterSets.count - 1])
            line(parser.depth - 1, "item \(counts[counts.count - 1])", length, nil, show)
        case .itemEnd: characterSets.removeLast()
        case .sequenceEnd: counts.removeLast()
        case .fragmentsEnd, .value: break
        }
    }

    private mutating func begin(_ label: String, _ vr: VR, _ length: Int, _ note: String) {
        pending = Pending(
            label: label, vr: vr, length: length, note: note, depth: parser.depth, offset: parser.tokenOffset)
    }

    /// Shows the element that was being read, where no more is to come.
    public mutating func flush(_ show: (String) -> Void) {
        guard let element = pending else { return }
        pending = nil
        if element.isCharacterSet {
            characterSets[characterSets.count - 1] = SpecificCharacterSet(bytes: element.value)
        }
        let value = ValueText.text(
            element.value, element.vr, length: element.length, isBigEndian: parser.isBigEndianHere,
            characterSet: characterSets[characterSets.count - 1], width: options.valueWidth)
        let text = element.label + (value.isEmpty ? "" : " " + value)
        show(format(element.depth, text, "\(element.length)", element.note, element.offset))
    }

    private func line(
        _ depth: Int, _ text: String, _ length: ValueLength, _ keyword: String?, _ show: (String) -> Void
    ) {
        show(format(depth, text, "\(length)", keyword ?? "", parser.tokenOffset))
    }

    private func format(_ depth: Int, _ text: String, _ length: String, _ note: String, _ offset: Int) -> String {
        let start = String(repeating: "  ", count: depth) + text
        let padding = String(repeating: " ", count: max(1, 60 - start.count))
        let place = options.showsOffsets ? ValueText.right("\(offset + options.fileOffset)", 8) + " " : ""
        return place + start + padding + "# " + ValueText.right(length, 4) + (note.isEmpty ? "" : " " + note)
    }
}
