extension DataSet {
    /// What is read into memory at most: a bomb is left unexploded, and the memory stays below 300 MB.
    public struct Limits: Hashable, Sendable {
        /// Sequences within sequences.
        public var depth: Int
        /// Elements, items and fragments together.
        public var elements: Int
        /// Bytes of a deflated data set.
        public var inflatedBytes: Int

        public init(depth: Int = 64, elements: Int = 1_000_000, inflatedBytes: Int = 64 << 20) {
            self.depth = depth
            self.elements = elements
            self.inflatedBytes = inflatedBytes
        }
    }

    /// Reads a whole data set.
    ///
    /// - Parameters:
    ///   - stopBefore: the first element at the top level with this tag or a higher one, and all behind it, is not read.
    ///   - fileOffset: where the data set begins in its file, so that offsets count from there.
    public init(
        parsing bytes: RawSpan, transferSyntax: TransferSyntax, stopBefore: Tag? = nil, fileOffset: Int = 0,
        limits: Limits = .init()
    ) throws(ParseError) {
        let (dataSet, failure) = DataSet.read(
            bytes, transferSyntax: transferSyntax, stopBefore: stopBefore, fileOffset: fileOffset, limits: limits)
        if let failure { throw failure }
        self = dataSet
    }

    public init(parsing bytes: [UInt8], transferSyntax: TransferSyntax, stopBefore: Tag? = nil) throws(ParseError) {
        try self.init(parsing: bytes.span.bytes, transferSyntax: transferSyntax, stopBefore: stopBefore)
    }

    /// Reads what can be read: everything in front of the failure, if there is one.
    public static func read(
        _ bytes: RawSpan, transferSyntax: TransferSyntax, stopBefore: Tag? = nil, fileOffset: Int = 0,
        limits: Limits = .init()
    ) -> (dataSet: DataSet, failure: ParseError?) {
        var reader = DataSetReader(
            encoding: transferSyntax.encoding, stopBefore: stopBefore, fileOffset: fileOffset, limits: limits)
        guard transferSyntax.isDeflated else { return reader.read(bytes) }
        do {
            let inflated = try Inflater.inflate(bytes, limit: limits.inflatedBytes)
            return reader.read(inflated.span.bytes)
        } catch {
            return (DataSet(), error)
        }
    }

    /// Reads a header that `HeaderCapture` kept: values longer than its bulk limit are `.omitted`.
    public static func read(
        header: RawSpan, encoding: Encoding, bulkLimit: Int = HeaderCapture.defaultBulkLimit
    ) -> (dataSet: DataSet, failure: ParseError?) {
        var reader = DataSetReader(encoding: encoding, absentAbove: bulkLimit)
        return reader.read(header)
    }

    /// Reads a part of such a header, whose encoding is known.
    static func read(
        partOfHeader header: RawSpan, encoding: Encoding, bulkLimit: Int
    ) -> (dataSet: DataSet, failure: ParseError?) {
        var reader = DataSetReader(encoding: encoding, absentAbove: bulkLimit)
        reader.trustEncoding()
        return reader.read(header)
    }

    public init(header: [UInt8], encoding: Encoding) throws(ParseError) {
        let (dataSet, failure) = DataSet.read(header: header.span.bytes, encoding: encoding)
        if let failure { throw failure }
        self = dataSet
    }
}

/// Builds a data set from the parser's tokens.
struct DataSetReader {
    /// A data set under construction and, when it holds an open sequence, that sequence.
    private struct Frame {
        var dataSet: DataSet
        var sequence: (tag: Tag, vr: VR, offset: Int)?
        var items: [DataSet] = []
        /// The data set's own; nil until it was met.
        var characterSet: [UInt8]?

        var characterSetInForce: [UInt8]? {
            if let characterSet, !characterSet.isEmpty { return characterSet }
            return dataSet.outerCharacterSet
        }
    }

    private var parser: DataSetParser
    private let stopBefore: Tag?
    private let fileOffset: Int
    /// Longer values are not among the bytes (`HeaderCapture`).
    private let absentAbove: Int
    private let elementLimit: Int
    private var elementCount = 0

    private var frames = [Frame(dataSet: DataSet())]
    private var open: (tag: Tag, vr: VR, offset: Int, value: [UInt8])?
    private var fragments: [[UInt8]]?

    init(
        encoding: Encoding, stopBefore: Tag? = nil, fileOffset: Int = 0, absentAbove: Int = .max,
        limits: DataSet.Limits = .init()
    ) {
        parser = DataSetParser(encoding: encoding, limits: .init(depth: limits.depth))
        elementLimit = limits.elements
        self.stopBefore = stopBefore
        self.fileOffset = fileOffset
        self.absentAbove = absentAbove
    }

    /// Does without a look at the first element.
    mutating func trustEncoding() { parser.isFirst = false }

    mutating func read(_ bytes: RawSpan) -> (dataSet: DataSet, failure: ParseError?) {
        var failure: ParseError?
        do {
            if try readTokens(bytes) { try parser.finish() }
        } catch {
            failure = ParseError(error.kind, offset: error.offset + fileOffset, tag: error.tag)
        }
        while frames.count > 1 || open != nil || fragments != nil || frames[0].sequence != nil { closeAny() }
        return (frames[0].dataSet, failure)
    }

    /// False when it stopped before the end, as asked.
    private mutating func readTokens(_ bytes: RawSpan) throws(ParseError) -> Bool {
        var offset = 0
        while let token = try parser.next(in: bytes, from: &offset) {
            if let stopBefore, isTopLevel(token), let tag = token.tag, tag >= stopBefore { return false }
            if token.isCounted {
                elementCount += 1
                guard elementCount <= elementLimit else {
                    throw ParseError(.tooManyElements(elementLimit), offset: parser.tokenOffset, tag: token.tag)
                }
            }
            take(token, bytes)
            if parser.remaining > absentAbove, !parser.isValueTelling { omit() }
        }
        return true
    }

    private func isTopLevel(_ token: DataSetParser.Token) -> Bool {
        switch token {
        case .element: parser.depth == 0
        case .sequence, .fragments: parser.depth == 1
        default: false
        }
    }

    private mutating func take(_ token: DataSetParser.Token, _ bytes: RawSpan) {
        if case .value(let range) = token {
            open?.value.append(bytes, range)
            return
        }
        closeValue()
        let offset = parser.tokenOffset + fileOffset
        switch token {
        case .element(let tag, let vr, _): open = (tag, vr, offset, [])
        case .unreadable(let error, _): open = (error.tag ?? Tag(0, 0), .UN, offset, [])
        case .fragment: open = (Tag(0, 0), .OB, offset, [])
        case .sequence(let tag, let vr, _): frames[frames.count - 1].sequence = (tag, vr == .UN ? .SQ : vr, offset)
        case .fragments(let tag, let vr):
            frames[frames.count - 1].sequence = (tag, vr, offset)
            fragments = []
        case .item: frames.append(Frame(dataSet: newItem()))
        case .itemEnd: closeItem()
        case .sequenceEnd, .fragmentsEnd: closeSequence()
        case .value: break
        }
    }

    private func newItem() -> DataSet {
        var item = DataSet()
        item.outerCharacterSet = frames[frames.count - 1].characterSetInForce
        item.isBigEndian = parser.isBigEndianHere
        return item
    }

    private mutating func closeValue() {
        guard let value = open else { return }
        open = nil
        if fragments != nil {
            fragments?.append(value.value)
        } else {
            if frames.count == 1 { frames[0].dataSet.isBigEndian = parser.encoding.isBigEndian }
            add(DataSet.Element(value.tag, value.vr, .bytes(value.value), offset: value.offset))
        }
    }

    /// The value just announced is not among the bytes.
    private mutating func omit() {
        let length = parser.remaining
        parser.skip(length)
        guard fragments == nil, let value = open else { return }
        open = nil
        add(DataSet.Element(value.tag, value.vr, .omitted(length), offset: value.offset))
    }

    private mutating func closeItem() {
        guard frames.count > 1 else { return }
        let item = frames.removeLast().dataSet
        frames[frames.count - 1].items.append(item)
    }

    private mutating func closeSequence() {
        let last = frames.count - 1
        guard let sequence = frames[last].sequence else { return }
        let value = fragments.map { DataSet.Value.fragments($0) } ?? .items(frames[last].items)
        frames[last].sequence = nil
        frames[last].items = []
        fragments = nil
        add(DataSet.Element(sequence.tag, sequence.vr, value, offset: sequence.offset))
    }

    /// One step towards the top level, when the bytes ended before it.
    private mutating func closeAny() {
        closeValue()
        if frames[frames.count - 1].sequence != nil { closeSequence() } else { closeItem() }
    }

    /// Adds an element to the open data set; bytes that stand in a sequence outside any item become an item of their own.
    private mutating func add(_ element: DataSet.Element) {
        let last = frames.count - 1
        if frames[last].sequence == nil {
            frames[last].dataSet.append(element)
            if element.tag == Tag(0x0008, 0x0005), frames[last].characterSet == nil,
                case .bytes(let value) = element.value
            {
                frames[last].characterSet = value
            }
        } else {
            frames[last].items.append(DataSet([element]))
        }
    }
}

extension DataSetParser {
    var isBigEndianHere: Bool { scope.isBigEndian }
}

extension DataSetParser.Token {
    /// Takes room of its own in memory.
    var isCounted: Bool {
        switch self {
        case .element, .sequence, .item, .fragments, .fragment, .unreadable: true
        case .value, .itemEnd, .sequenceEnd, .fragmentsEnd: false
        }
    }

    /// The tag of an element, sequence or pixel data.
    public var tag: Tag? {
        switch self {
        case .element(let tag, _, _), .sequence(let tag, _, _), .fragments(let tag, _): tag
        case .value, .item, .itemEnd, .sequenceEnd, .fragment, .fragmentsEnd, .unreadable: nil
        }
    }
}
