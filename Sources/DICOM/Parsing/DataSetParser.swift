/// Reads a data set of any encoding from the bytes as they come (PS3.5 §7), and says where things are.
///
/// Pull `next` until it returns nil, then feed the next chunk; call `finish` after the last one. Where the chunks are
/// cut does not matter, provided that `isInPieces` is set. The parser keeps no bytes but those of an element header that
/// a chunk cuts in two.
///
/// It reads over what senders get wrong where there is one sensible reading, and keeps the first such fault in
/// `irregularity`. What it cannot read inside an item or sequence of defined length becomes `.unreadable`, and the walk
/// goes on behind it; elsewhere it throws, and throws the same ever after.
public struct DataSetParser: Sendable {
    public struct Limits: Hashable, Sendable {
        /// Sequences within sequences.
        public var depth: Int

        public init(depth: Int = 64) { self.depth = depth }
    }

    public enum Token: Hashable, Sendable {
        /// An element that is not a sequence. Its value follows as `.value`, unless it is empty.
        case element(Tag, VR, ValueLength)
        /// A part of the value just announced: a range of the chunk. More may come: see `remaining`.
        case value(Range<Int>)
        case sequence(Tag, VR, ValueLength)
        case item(ValueLength)
        case itemEnd
        case sequenceEnd
        /// Encapsulated pixel data (PS3.5 §A.4): `.fragment`s follow, the first is the basic offset table.
        case fragments(Tag, VR)
        /// One fragment; its bytes follow as `.value`.
        case fragment(ValueLength)
        case fragmentsEnd
        /// What follows in this item or sequence cannot be read; its bytes, so many, follow as `.value`.
        case unreadable(ParseError, Int)
    }

    /// The encoding of the data set: as declared, until its first element says otherwise.
    public internal(set) var encoding: Encoding
    /// Bytes of the data set consumed so far, a header that is not yet complete excluded.
    public internal(set) var position = 0
    /// Where the last token that is not a `.value` began, in bytes of the data set.
    public internal(set) var tokenOffset = 0
    /// Bytes of the current value still to come.
    public internal(set) var remaining = 0
    /// The first fault that was read over.
    public internal(set) var irregularity: ParseError?
    /// More may follow the chunk. Then `next`, where it returns nil, may leave bytes of the chunk: they are to be fed
    /// again, with what follows them. Reset it, and feed what was left, before `finish`.
    public var isInPieces: Bool
    /// Where the last element began whose length spells its VR, though it has none.
    var spelledOffset = -1

    let limits: Limits
    var scope: Scope
    /// The scopes around `scope`, outermost first.
    var outer: [Scope] = []
    /// An element header cut by the end of a chunk.
    var cut = HeaderBytes()
    /// Where the last sequence of defined length ended: a delimiter there is one too many.
    var endOfDefinedSequence = -1
    /// `next` throws this ever after.
    var failure: ParseError?
    var isFirst = true

    /// - Parameter isInPieces: false: the data set is fed in one chunk.
    public init(encoding: Encoding, limits: Limits = .init(), isInPieces: Bool = false) {
        self.encoding = encoding
        self.limits = limits
        self.isInPieces = isInPieces
        scope = Scope(dataSetIn: encoding)
    }

    /// Starts again with another data set; keeps its memory.
    public mutating func reset(encoding: Encoding) {
        let kept = outer
        self = DataSetParser(encoding: encoding, limits: limits, isInPieces: isInPieces)
        outer = kept
        outer.removeAll(keepingCapacity: true)
    }

    /// Sequences and items (or pixel data) open after the last token: 0 at the top level.
    public var depth: Int { outer.count }

    /// Without its value, the element just announced would look like one of explicit VR that is empty: the value stays in
    /// a header, however long it is.
    var isValueTelling: Bool { spelledOffset == tokenOffset }

    /// The next token, or nil when it lies beyond the chunk, of which everything is then consumed: but see `isInPieces`.
    ///
    /// - Parameter offset: where to read in the chunk; moved behind what was read.
    public mutating func next(in chunk: RawSpan, from offset: inout Int) throws(ParseError) -> Token? {
        if remaining > 0 { return nextValue(in: chunk, from: &offset) }
        if let token = nextPlain(in: chunk, from: &offset) { return token }
        if let failure { throw failure }
        return try nextOfAnyKind(in: chunk, from: &offset)
    }

    private mutating func nextOfAnyKind(in chunk: RawSpan, from offset: inout Int) throws(ParseError) -> Token? {
        while true {
            if position >= scope.end { return closeAtEnd() }
            if scope.end - position < 8 { return try fail(.notAnElement, header: 0) }
            var bytes = cut
            if bytes.count == 0, chunk.byteCount - offset >= 12 {
                bytes.low = UInt64(littleEndian: chunk.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self))
                bytes.high = UInt32(
                    littleEndian: chunk.unsafeLoadUnaligned(fromByteOffset: offset + 8, as: UInt32.self))
                bytes.count = 12
            } else if !gather(8, from: chunk, &offset) {
                return nil
            } else {
                bytes = cut
            }
            if isFirst { detectEncoding(bytes) }
            guard let hasVR = hasVR(bytes, in: chunk, at: cut.count > 0 ? offset : offset + 8) else { return nil }
            switch try step(bytes, hasVR: hasVR) {
            case .needsTwelve:
                guard gather(12, from: chunk, &offset) else { return nil }
            case .ignored(let size):
                consume(size, &offset)
            case .token(let token, let size):
                consume(size, &offset)
                return token
            }
        }
    }

    /// Says that so many bytes of the current value will not be fed.
    public mutating func skip(_ count: Int) {
        precondition(count >= 0 && count <= remaining, "only bytes of the current value can be skipped")
        remaining -= count
        position += count
    }

    /// Ends the data set. Throws when it ends inside an element, an item or a sequence.
    ///
    /// A basic offset table and fragments without their delimiter are a complete data set, as are up to 11 NULs
    /// behind the last element.
    public consuming func finish() throws(ParseError) {
        if let failure { throw failure }
        while position >= scope.end || hasOutlivedItsSequence, let next = outer.popLast() { scope = next }
        let isPadding = cut.low == 0 && cut.high == 0
        guard remaining == 0, cut.count == 0 || isPadding && outer.isEmpty else {
            throw ParseError(.unexpectedEnd, offset: position, tag: lastTag)
        }
        if scope.kind == .fragments, outer.count == 1 { return }
        guard outer.isEmpty else { throw ParseError(.unexpectedEnd, offset: position, tag: scope.tag) }
    }

    /// In an item that says it is longer than its sequence, behind the end of that sequence.
    private var hasOutlivedItsSequence: Bool {
        guard scope.kind == .item, let sequence = outer.last else { return false }
        return position >= sequence.end
    }

    /// The element whose value is being read, for the error's sake.
    var lastTag: Tag?

    private mutating func nextValue(in chunk: RawSpan, from offset: inout Int) -> Token? {
        let count = min(chunk.byteCount - offset, remaining)
        guard count > 0 else { return nil }
        let range = offset..<offset + count
        offset += count
        position += count
        remaining -= count
        return .value(range)
    }

    /// Moves bytes into `cut` until it holds `count`; false when the chunk has too few.
    private mutating func gather(_ count: Int, from chunk: RawSpan, _ offset: inout Int) -> Bool {
        while cut.count < count {
            guard offset < chunk.byteCount else { return false }
            cut.append(chunk.unsafeLoad(fromByteOffset: offset, as: UInt8.self))
            offset += 1
        }
        return true
    }

    /// Consumes a header: from `cut` when it was gathered there, else from the chunk. Position was moved already.
    private mutating func consume(_ size: Int, _ offset: inout Int) {
        guard size > 0 else { return }
        isFirst = false
        if cut.count > 0 { cut = HeaderBytes() } else { offset += size }
    }

    private mutating func detectEncoding(_ bytes: HeaderBytes) {
        let detected = encoding.corrected(by: bytes)
        guard detected != encoding else { return }
        note(.notAnElement, tag: nil)
        encoding = detected
        scope = Scope(dataSetIn: detected)
    }
}
