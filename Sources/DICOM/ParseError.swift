/// Why bytes could not be read as a data set, and where.
public struct ParseError: Error, Hashable, Sendable {
    public enum Kind: Hashable, Sendable {
        /// The bytes end inside an element, an item or a sequence.
        case unexpectedEnd
        /// What stands here is no data element header: neither a VR nor a length that can be.
        case notAnElement
        /// An item where none may be, or something else where an item must be.
        case misplacedItem
        /// A value longer than the item that holds it.
        case valueBeyondItem
        /// A fragment of encapsulated pixel data without a length.
        case fragmentWithoutLength
        /// Sequences nested deeper than `DataSetParser.Limits.depth`.
        case tooDeep
        /// Neither a DICOM file nor a bare data set.
        case notDICOM
        /// The deflated bytes are not what RFC 1951 or RFC 1950 describe.
        case notDeflated
        /// The deflated bytes expand to more than so many bytes.
        case inflatesBeyondLimit(Int)
        /// More elements, items and fragments than these.
        case tooManyElements(Int)
        /// Big endian where it cannot be: what is re-encoded is little endian.
        case bigEndian
    }

    public let kind: Kind
    /// Bytes from the start of the data set (inflated, where it was deflated) or of the file.
    public let offset: Int
    /// The element being read, when its tag was known.
    public let tag: Tag?

    public init(_ kind: Kind, offset: Int, tag: Tag? = nil) {
        self.kind = kind
        self.offset = offset
        self.tag = tag
    }
}

extension ParseError {
    /// The data set may be whole, but is larger than what is read.
    public var isOfALimit: Bool {
        switch kind {
        case .inflatesBeyondLimit, .tooManyElements: true
        case .unexpectedEnd, .notAnElement, .misplacedItem, .valueBeyondItem, .fragmentWithoutLength, .tooDeep,
            .notDICOM, .notDeflated, .bigEndian:
            false
        }
    }
}

extension ParseError: CustomStringConvertible {
    public var description: String {
        let place = tag.map { "at byte \(offset), in \($0)" } ?? "at byte \(offset)"
        return kind == .notDICOM ? kind.description : "\(kind.description) \(place)"
    }
}

extension ParseError.Kind: CustomStringConvertible {
    public var description: String {
        switch self {
        case .unexpectedEnd: "the data set ends too early"
        case .notAnElement: "no data element"
        case .misplacedItem: "misplaced item"
        case .valueBeyondItem: "value longer than its item"
        case .fragmentWithoutLength: "fragment without length"
        case .tooDeep: "sequences nested too deeply"
        case .notDICOM: "not a DICOM file"
        case .notDeflated: "not a deflated data set"
        case .inflatesBeyondLimit(let limit): "the deflated data set is larger than \(Self.size(limit)), the limit,"
        case .tooManyElements(let limit): "more than \(limit) elements and items, the limit,"
        case .bigEndian: "big endian values"
        }
    }

    private static func size(_ bytes: Int) -> String {
        bytes % (1 << 20) == 0 ? "\(bytes >> 20) MiB" : "\(bytes) bytes"
    }
}
