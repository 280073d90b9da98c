/// Keeps a data set as it streams in, up to its pixel data: the header that the spool stores.
///
/// The header is the bytes as sent (inflated when deflated), without the values longer than the bulk limit, and ended
/// before the first element of group 7FE0 at the top level. By the same rule `DataSet.read(header:)` and `HeaderReader`
/// find their way in it: what is left out follows from the lengths that it holds.
public struct HeaderCapture {
    /// Values longer than this are left out, unless another limit is given.
    public static let defaultBulkLimit = 16 * 1024

    /// What the capture wants of the bytes to come.
    public enum Appetite: Hashable, Sendable {
        case more
        /// The next so many bytes of the data set are not needed: give them, or say `skip`.
        case skip(Int)
        /// Nothing more is needed of this data set.
        case done
    }

    /// The bytes kept so far.
    public private(set) var header: [UInt8] = []
    /// Here the walk failed; what was read before is kept.
    public private(set) var failure: ParseError?
    /// The limit was reached: the header ends in front of the element that exceeded it.
    public private(set) var isCut = false
    /// Where the pixel data begins, in bytes of the data set; nil when none was met.
    public private(set) var pixelDataOffset: Int?
    /// UIDs and the like met at the top level.
    var identity = Identity()

    private var parser: DataSetParser
    private var inflater: Inflater?
    private var limit: Int
    /// Values longer than this are left out; whoever reads the header must know it.
    public let bulkLimit: Int
    private let inflateLimit: Int
    /// Bytes left out so far: a position in the data set less this is an index of `header`.
    private var omitted = 0
    private var isOmitting = false
    private var isDone = false
    /// What the parser left of the last chunk.
    private var rest: [UInt8] = []

    /// - Parameters:
    ///   - limit: bytes kept at most.
    ///   - bulkLimit: bytes of the longest value kept.
    ///   - inflateLimit: bytes that a deflated data set may come to before its pixel data.
    public init(
        transferSyntax: TransferSyntax, limit: Int, bulkLimit: Int = HeaderCapture.defaultBulkLimit,
        inflateLimit: Int = 256 << 20
    ) {
        parser = DataSetParser(encoding: transferSyntax.encoding, isInPieces: true)
        self.limit = limit
        self.bulkLimit = bulkLimit
        self.inflateLimit = inflateLimit
        if transferSyntax.isDeflated { inflater = Inflater(limit: inflateLimit) }
    }

    /// Begins another data set, in the same memory.
    public mutating func reset(transferSyntax: TransferSyntax) {
        parser.reset(encoding: transferSyntax.encoding)
        parser.isInPieces = true
        rest.removeAll()
        header.removeAll(keepingCapacity: true)
        inflater = transferSyntax.isDeflated ? Inflater(limit: inflateLimit) : nil
        (failure, isCut, pixelDataOffset, identity) = (nil, false, nil, Identity())
        (omitted, isOmitting, isDone) = (0, false, false)
    }

    /// The encoding that the data set turned out to have.
    public var encoding: Encoding { parser.encoding }
    /// The first fault that was read over.
    public var irregularity: ParseError? { parser.irregularity }
    /// Bytes of values that were left out.
    public var omittedBytes: Int { omitted }

    /// Takes all of the chunk, and says what it wants next.
    public mutating func append(_ chunk: RawSpan) -> Appetite {
        guard !isDone else { return .done }
        guard let inflater else {
            take(chunk)
            return appetite
        }
        do {
            try inflater.append(chunk) { take($0) }
        } catch {
            stop(error)
        }
        return isDone || inflater.isComplete ? .done : .more
    }

    public mutating func append(_ chunk: [UInt8]) -> Appetite { append(chunk.span.bytes) }

    /// So many bytes, as `Appetite.skip` allowed, are not given.
    public mutating func skip(_ count: Int) {
        guard !isDone else { return }
        precondition(isOmitting && inflater == nil, "skip only what the appetite left out")
        parser.skip(count)
        omitted += count
    }

    /// Ends the data set.
    public mutating func finish() {
        guard !isDone else { return }
        do {
            try inflater?.finish { take($0) }
            if !isDone { endPieces() }
            if !isDone { try parser.finish() }
        } catch {
            if failure == nil { failure = error }
        }
        isDone = true
    }

    private var appetite: Appetite {
        if isDone { return .done }
        return isOmitting && parser.remaining > 0 ? .skip(parser.remaining) : .more
    }

    /// Returns whether more is wanted.
    @discardableResult
    private mutating func take(_ chunk: RawSpan) -> Bool {
        guard !rest.isEmpty else { return walk(chunk) }
        var joined: [UInt8] = []
        swap(&joined, &rest)
        joined.append(chunk, 0..<chunk.byteCount)
        return walk(joined.span.bytes)
    }

    private mutating func endPieces() {
        parser.isInPieces = false
        let last = rest
        _ = walk(last.span.bytes)
    }

    private mutating func walk(_ chunk: RawSpan) -> Bool {
        var offset = 0
        var keepFrom = 0
        do {
            while let token = try parser.next(in: chunk, from: &offset) {
                switch token {
                case .value(let range) where isOmitting:
                    keepFrom = range.upperBound
                    omitted += range.count
                    continue
                case .value: continue
                case .element(let tag, _, _) where parser.depth == 0,
                    .sequence(let tag, _, _) where parser.depth == 1,
                    .fragments(let tag, _) where parser.depth == 1:
                    if tag.group == 0x7FE0 { return endAtPixelData(chunk, keepFrom..<offset) }
                    let count = parser.remaining > bulkLimit ? 0 : parser.remaining
                    identity.note(tag, at: parser.position - omitted, count: count)
                case .element, .sequence, .fragments, .item, .itemEnd, .sequenceEnd, .fragment, .fragmentsEnd,
                    .unreadable:
                    break
                }
                isOmitting = parser.remaining > bulkLimit && !parser.isValueTelling
                if isOmitting, !keep(chunk, keepFrom..<offset) { return false }
                if isOmitting {
                    keepFrom = offset
                } else if parser.remaining <= chunk.byteCount - offset {
                    offset += parser.remaining
                    parser.skip(parser.remaining)
                }
            }
        } catch {
            if keep(chunk, keepFrom..<offset) { stop(error) }
            return false
        }
        rest.append(chunk, offset..<chunk.byteCount)
        return keep(chunk, keepFrom..<offset)
    }

    private mutating func endAtPixelData(_ chunk: RawSpan, _ range: Range<Int>) -> Bool {
        pixelDataOffset = parser.tokenOffset
        // The element header may have begun in an earlier chunk.
        let start = range.upperBound - (parser.position - parser.tokenOffset)
        if keep(chunk, range.lowerBound..<max(range.lowerBound, start)) { trim(to: parser.tokenOffset) }
        isDone = true
        return false
    }

    /// Keeps bytes of the chunk; false when the limit is reached.
    private mutating func keep(_ chunk: RawSpan, _ range: Range<Int>) -> Bool {
        if range.count <= limit - header.count {
            header.append(chunk, range)
            return true
        }
        header.append(chunk, range.lowerBound..<range.lowerBound + (limit - header.count))
        isCut = true
        isDone = true
        trim(to: parser.tokenOffset)
        return false
    }

    private mutating func stop(_ error: ParseError) {
        failure = error
        isDone = true
        trim(to: error.offset)
    }

    /// Forgets what was kept from this position of the data set on.
    private mutating func trim(to position: Int) {
        let count = position - omitted
        if count >= 0, count < header.count { header.removeLast(header.count - count) }
    }
}
