/// A data set in memory, as it was sent: elements in their order, values as bytes (PS3.5 §7).
///
/// For small ones: manifests, rejection notes, headers, checks. Equality compares tags, VRs and values, not offsets.
public struct DataSet: Sendable {
    public struct Element: Sendable {
        public let tag: Tag
        /// As sent; from the dictionary in implicit VR, UN when it is not known.
        public let vr: VR
        public let value: Value
        /// Where the element begins, in bytes of its data set or file.
        public let offset: Int

        public init(_ tag: Tag, _ vr: VR, _ value: Value, offset: Int = 0) {
            self.tag = tag
            self.vr = vr
            self.value = value
            self.offset = offset
        }
    }

    public enum Value: Hashable, Sendable {
        /// The value field, padding included, in the byte order of the data set.
        case bytes([UInt8])
        case items([DataSet])
        /// Encapsulated pixel data: the basic offset table, then the fragments.
        case fragments([[UInt8]])
        /// A value of so many bytes that was not kept.
        case omitted(Int)
    }

    /// In the order in which they were sent.
    public internal(set) var elements: [Element]
    /// Numbers are big endian.
    public internal(set) var isBigEndian = false
    /// Specific Character Set (0008,0005) of the data set around this one, which holds where it has none itself.
    var outerCharacterSet: [UInt8]?

    public init(_ elements: [Element] = []) { self.elements = elements }

    /// The first element with this tag.
    public subscript(_ tag: Tag) -> Element? { elements.first { $0.tag == tag } }

    public mutating func append(_ element: Element) { elements.append(element) }
}

extension DataSet: Hashable {
    public static func == (a: DataSet, b: DataSet) -> Bool { a.elements == b.elements }
    public func hash(into hasher: inout Hasher) { hasher.combine(elements) }
}

extension DataSet.Element: Hashable {
    public static func == (a: DataSet.Element, b: DataSet.Element) -> Bool {
        a.tag == b.tag && a.vr == b.vr && a.value == b.value
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(tag)
        hasher.combine(value)
    }
}
