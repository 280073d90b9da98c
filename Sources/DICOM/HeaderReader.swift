/// Walks a header that `HeaderCapture` kept, from one top-level element to the next, without building anything.
///
/// Stop when enough has been seen: what lies behind is never looked at.
public struct HeaderReader {
    /// An element at the top level.
    public struct Field: Hashable, Sendable {
        public let tag: Tag
        public let vr: VR
        /// Where the value is in the header: padding included; of a sequence all its items and delimiters. Empty when
        /// the value was left out.
        public let value: Range<Int>
        /// Bytes of the value that were left out of the header, 0 when none.
        public let omitted: Int
        public let isSequence: Bool
        /// Where the element begins in the header.
        public let start: Int
    }

    private var parser: DataSetParser
    private var offset = 0
    private var omitted = 0
    /// May be raised where the header itself says that it was kept whole, before the first long value.
    public var bulkLimit: Int

    public init(encoding: Encoding, bulkLimit: Int = HeaderCapture.defaultBulkLimit) {
        parser = DataSetParser(encoding: encoding)
        self.bulkLimit = bulkLimit
    }

    /// The encoding that the header turned out to have.
    public var encoding: Encoding { parser.encoding }

    /// The next element, or nil at the end of the header.
    ///
    /// - Parameter header: the whole header, the same in every call.
    public mutating func next(in header: RawSpan) throws(ParseError) -> Field? {
        while let token = try parser.next(in: header, from: &offset) {
            switch token {
            case .element(let tag, let vr, _):
                let start = parser.tokenOffset - omitted
                let value = takeValue(of: header)
                return Field(
                    tag: tag, vr: vr, value: value.range, omitted: value.omitted, isSequence: false, start: start)
            case .sequence(let tag, let vr, _), .fragments(let tag, let vr):
                return try takeSequence(tag, vr, header)
            case .unreadable, .fragment: _ = takeValue(of: header)
            case .value, .item, .itemEnd, .sequenceEnd, .fragmentsEnd: break
            }
        }
        return nil
    }

    /// Reads the element of a field into a data set that holds it alone: for its items.
    public func items(of field: Field, in header: RawSpan) -> [DataSet] {
        guard field.isSequence, field.start <= field.value.upperBound else { return [] }
        let bytes = header.extracting(field.start..<field.value.upperBound)
        let read = DataSet.read(partOfHeader: bytes, encoding: encoding, bulkLimit: bulkLimit)
        return read.dataSet.items(field.tag)
    }

    /// Steps over the value just announced.
    private mutating func takeValue(of header: RawSpan) -> (range: Range<Int>, omitted: Int) {
        let start = offset
        let length = parser.remaining
        guard length <= bulkLimit || parser.isValueTelling else {
            parser.skip(length)
            omitted += length
            return (start..<start, length)
        }
        let count = min(length, header.byteCount - offset)
        parser.skip(count)
        offset += count
        return (start..<offset, 0)
    }

    private mutating func takeSequence(_ tag: Tag, _ vr: VR, _ header: RawSpan) throws(ParseError) -> Field {
        let start = parser.tokenOffset - omitted
        let (content, omittedBefore) = (offset, omitted)
        while parser.depth > 0, try parser.next(in: header, from: &offset) != nil {
            if parser.remaining > 0 { _ = takeValue(of: header) }
        }
        return Field(
            tag: tag, vr: vr, value: content..<offset, omitted: omitted - omittedBefore, isSequence: true, start: start)
    }
}
