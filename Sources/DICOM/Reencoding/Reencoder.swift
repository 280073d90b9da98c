/// Turns implicit VR little endian into explicit, or the reverse, as the bytes come (PS3.5 §7.1, §A.1, §A.2).
///
/// Values are passed as they are, odd ones padded. Sequences and items are given undefined lengths, since theirs change.
/// Group lengths are left out, since they would be wrong (PS3.5 §7.2). Every element that the parser reads is written:
/// what has no VR as UN, what is too long for its VR too (PS3.5 §6.2.2), a sequence that came as UN as what it is.
/// Memory does not grow with the data set, provided that what is ready is taken after each chunk.
public struct Reencoder {
    /// Where a VR depends on Pixel Representation, what follows is held until that is known, or until it is so much.
    static let longestHold = 1 << 20

    private var parser: DataSetParser
    private var output: ReencodedBytes
    private var levels: [ReencodingLevel] = [.init(kind: .elements)]
    /// The value that is being read.
    private var value = Value.none
    /// What the parser left of the last chunk.
    private var rest: [UInt8] = []

    private enum Value: Equatable {
        case none
        case dropped
        /// Padding follows it.
        case copied(padding: UInt8?)
        /// Pixel Representation (0028,0103).
        case pixelRepresentation
    }

    /// - Parameters:
    ///   - source: of the bytes that come, as declared: one of the two little endian encodings.
    ///   - target: of those that are written: one of the two.
    public init(from source: Encoding, to target: Encoding) {
        precondition(!source.isBigEndian && !target.isBigEndian, "big endian is not re-encoded")
        parser = DataSetParser(encoding: source, isInPieces: true)
        output = ReencodedBytes(isExplicit: target.isExplicit)
    }

    /// Bytes that can be taken.
    public var ready: Int { output.ready }

    /// Moves what is ready into the buffer, as much as it has room for; returns how much.
    public mutating func take(into buffer: UnsafeMutableRawBufferPointer) -> Int { output.take(into: buffer) }

    /// Takes all of the chunk.
    /// - Throws: what cannot be read, or is big endian though it was not declared so. What was written is then no data
    ///   set: nothing more comes.
    public mutating func append(_ chunk: RawSpan) throws(ParseError) {
        guard !rest.isEmpty else { return try walk(chunk) }
        var joined: [UInt8] = []
        swap(&joined, &rest)
        joined.append(chunk, 0..<chunk.byteCount)
        try walk(joined.span.bytes)
    }

    private mutating func walk(_ chunk: RawSpan) throws(ParseError) {
        var offset = 0
        while let token = try parser.next(in: chunk, from: &offset) {
            try take(token, chunk)
        }
        rest.append(chunk, offset..<chunk.byteCount)
        if output.held > Reencoder.longestHold { output.settle { _ in false } }
    }

    public mutating func append(_ chunk: [UInt8]) throws(ParseError) { try append(chunk.span.bytes) }

    /// Ends the data set; the rest of it is then ready.
    /// - Throws: `unexpectedEnd` when it ends inside an element, an item or a sequence.
    public mutating func finish() throws(ParseError) {
        parser.isInPieces = false
        let last = rest
        try walk(last.span.bytes)
        let parser = parser
        try parser.finish()
        while levels.count > 1 { close() }
        output.settle { _ in false }
    }

    private mutating func take(_ token: DataSetParser.Token, _ chunk: RawSpan) throws(ParseError) {
        if case .value(let range) = token { return take(range, of: chunk) }
        guard !parser.scope.isBigEndian, !parser.encoding.isBigEndian else {
            throw ParseError(.bigEndian, offset: parser.tokenOffset, tag: token.tag)
        }
        switch token {
        case .value: break
        case .element(let tag, let vr, let length): try begin(tag, vr, length)
        case .sequence(let tag, _, _):
            levels[levels.count - 1].last = tag
            output.element(tag, .SQ, .undefined)
            levels.append(.init(kind: .sequence))
        case .item:
            output.mark(.item, .undefined)
            levels.append(.init(kind: .elements))
        case .fragments(let tag, let vr):
            levels[levels.count - 1].last = tag
            output.element(tag, vr == .OW ? .OW : .OB, .undefined)
            levels.append(.init(kind: .fragments))
        case .fragment(let length):
            value = .copied(padding: length.isOdd ? 0 : nil)
            output.mark(.item, length.even)
            if length == .zero { value = .none }
        case .itemEnd, .sequenceEnd, .fragmentsEnd: close()
        case .unreadable(let error, _): throw error
        }
    }

    private mutating func begin(_ tag: Tag, _ vr: VR, _ length: ValueLength) throws(ParseError) {
        // In implicit VR nobody could tell that this value is no sequence.
        guard output.isExplicit || length == .zero || VRLookup.vr(of: tag) != .SQ else {
            throw ParseError(.notAnElement, offset: parser.tokenOffset, tag: tag)
        }
        levels[levels.count - 1].last = tag
        guard !tag.isGroupLength else { return value = length == .zero ? .none : .dropped }
        var vr = vr
        if output.isExplicit, !parser.scope.isExplicit { vr = explicit(vr, of: tag) }
        output.element(tag, vr, length.even)
        if tag > .pixelRepresentation { settle() }
        guard length != .zero else { return value = .none }
        value =
            tag == .pixelRepresentation && length == ValueLength(rawValue: 2)
            ? .pixelRepresentation : .copied(padding: length.isOdd ? vr.padding : nil)
    }

    private mutating func take(_ range: Range<Int>, of chunk: RawSpan) {
        switch value {
        case .none: preconditionFailure("bytes of no value")
        case .dropped: break
        case .pixelRepresentation:
            // Its low byte comes first, and says it all: 0000H or 0001H (PS3.3 §C.7.6.3.1).
            if parser.remaining + range.count == 2 {
                let low = chunk.unsafeLoad(fromByteOffset: range.lowerBound, as: UInt8.self)
                levels[levels.count - 1].isSigned = low == 1
            }
            output.value(chunk, range)
        case .copied: output.value(chunk, range)
        }
        guard parser.remaining == 0 else { return }
        switch value {
        case .copied(let padding?): output.pad(padding)
        case .pixelRepresentation: settle()
        case .none, .dropped, .copied: break
        }
        value = .none
    }

    /// Ends the innermost level.
    private mutating func close() {
        guard levels.count > 1, let level = levels.popLast() else { return }
        output.mark(level.kind == .elements ? .itemEnd : .sequenceEnd, .zero)
        guard level.kind == .elements, output.held > 0 else { return }
        output.leave(to: levels.count)
        settle()
    }
}

extension Reencoder {
    /// What stands for a VR of the dictionary that is one of several.
    private mutating func explicit(_ vr: VR, of tag: Tag) -> VR {
        // US or OW, and words in either case: US has room for 64 KiB only.
        if tag == .lutData || tag == .grayLookupTableData { return .OW }
        guard vr == .US, tag.isSignedWithPixels else { return vr }
        guard let isSigned = levels.isSigned(at: levels.count) else {
            output.hold(depth: levels.count)
            return .US
        }
        return isSigned ? .SS : .US
    }

    /// Decides on the VRs that are held, as far as it can be done now.
    private mutating func settle() {
        guard output.held > 0 else { return }
        let levels = levels
        output.settle { levels.isSigned(at: $0) }
    }
}
