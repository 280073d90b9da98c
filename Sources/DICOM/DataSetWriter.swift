/// Writes a data set in explicit or implicit VR little endian (PS3.5 §7), element by element.
///
/// Elements come in ascending order of their tags, at each level: that is the caller's duty. Sequences and items have
/// undefined length, so that nothing needs to be known before it is written; `drain` hands over what is there so far.
public struct DataSetWriter: Sendable {
    /// What was written and not yet drained.
    public private(set) var bytes: [UInt8] = []
    /// Bytes drained before.
    public private(set) var drainedBytes = 0

    private let isExplicit: Bool
    private var levels: [Level] = [.elements(last: nil)]

    private enum Level: Hashable {
        case elements(last: Tag?)
        case sequence
        case fragments
    }

    /// - Parameter encoding: explicit or implicit VR little endian.
    public init(encoding: Encoding) {
        precondition(!encoding.isBigEndian, "no transfer syntax in use is big endian")
        isExplicit = encoding.isExplicit
    }

    /// Takes what has been written since the last time.
    public mutating func drain() -> [UInt8] {
        defer { bytes.removeAll(keepingCapacity: true) }
        drainedBytes += bytes.count
        return bytes
    }

    /// Ends the data set, and takes the rest of it.
    public consuming func finish() -> [UInt8] {
        precondition(levels.count == 1, "every sequence must be ended")
        return bytes
    }

    /// Writes a value field as it is, padded to even length. A sequence goes through `beginSequence`.
    public mutating func element(_ tag: Tag, _ vr: VR, bytes value: some Collection<UInt8>) {
        precondition(vr != .SQ, "a sequence is not a value")
        precondition(value.count < Int(UInt32.max) - 1, "a value has less than 4 GiB")
        let padded = value.count + value.count & 1
        header(tag, vr, ValueLength(rawValue: UInt32(padded)))
        bytes.append(contentsOf: value)
        if padded > value.count { bytes.append(vr.padding) }
    }

    /// Writes text in UTF-8, which is ASCII where there is nothing else. For another character set encode it and give
    /// the bytes.
    public mutating func element(_ tag: Tag, _ vr: VR, _ text: String) { element(tag, vr, bytes: text.utf8) }

    /// Writes several values, separated by backslashes.
    public mutating func element(_ tag: Tag, _ vr: VR, _ texts: [String]) {
        element(tag, vr, bytes: texts.joined(separator: "\\").utf8)
    }

    public mutating func element(_ tag: Tag, _ uid: some UIDValue) { element(tag, .UI, bytes: uid.text.utf8) }

    /// An element without value.
    public mutating func empty(_ tag: Tag, _ vr: VR) {
        if vr == .SQ {
            beginSequence(tag)
            endSequence()
        } else {
            element(tag, vr, bytes: [])
        }
    }

    /// A US element.
    public mutating func element(_ tag: Tag, uint16 values: UInt16...) {
        element(
            tag, .US, bytes: values.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)] })
    }

    /// A UL element.
    public mutating func element(_ tag: Tag, uint32 values: UInt32...) {
        element(
            tag, .UL,
            bytes: values.flatMap { value in (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) } })
    }

    public mutating func beginSequence(_ tag: Tag) {
        header(tag, .SQ, .undefined)
        levels.append(.sequence)
    }

    public mutating func beginItem() {
        precondition(levels.last == .sequence, "an item stands in a sequence")
        mark(0xE000_FFFE, .undefined)
        levels.append(.elements(last: nil))
    }

    public mutating func endItem() {
        guard levels.count > 1, case .elements? = levels.popLast() else { preconditionFailure("no item to end") }
        mark(0xE00D_FFFE, .zero)
    }

    public mutating func endSequence() {
        guard levels.popLast() == .sequence else { preconditionFailure("no sequence to end") }
        mark(0xE0DD_FFFE, .zero)
    }

    /// Encapsulated pixel data (PS3.5 §A.4); the first fragment is the basic offset table.
    public mutating func beginFragments(_ tag: Tag, _ vr: VR = .OB) {
        header(tag, vr, .undefined)
        levels.append(.fragments)
    }

    public mutating func fragment(_ value: some Collection<UInt8>) {
        precondition(levels.last == .fragments, "a fragment stands in encapsulated pixel data")
        precondition(value.count < Int(UInt32.max) - 1, "a fragment has less than 4 GiB")
        mark(0xE000_FFFE, ValueLength(rawValue: UInt32(value.count + value.count & 1)))
        bytes.append(contentsOf: value)
        if value.count & 1 == 1 { bytes.append(0) }
    }

    public mutating func endFragments() {
        guard levels.popLast() == .fragments else { preconditionFailure("no pixel data to end") }
        mark(0xE0DD_FFFE, .zero)
    }

    private mutating func header(_ tag: Tag, _ vr: VR, _ length: ValueLength) {
        guard case .elements(let last)? = levels.last else { preconditionFailure("an element stands in an item") }
        if let last { precondition(last < tag, "elements ascend: \(tag) after \(last)") }
        levels[levels.count - 1] = .elements(last: tag)
        append(UInt32(tag.group) | UInt32(tag.element) << 16)
        guard isExplicit else { return append(length.rawValue) }
        // PS3.5 §6.2.2: a value too long for the 16 bits of its VR is written as UN.
        let written = vr.hasLongLength || length.rawValue <= 0xFFFE ? vr : .UN
        bytes.append(UInt8(truncatingIfNeeded: written.rawValue >> 8))
        bytes.append(UInt8(truncatingIfNeeded: written.rawValue))
        if written.hasLongLength {
            bytes.append(0)
            bytes.append(0)
            append(length.rawValue)
        } else {
            bytes.append(UInt8(truncatingIfNeeded: length.rawValue))
            bytes.append(UInt8(truncatingIfNeeded: length.rawValue >> 8))
        }
    }

    private mutating func mark(_ tag: UInt32, _ length: ValueLength) {
        append(tag)
        append(length.rawValue)
    }

    private mutating func append(_ value: UInt32) {
        withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
    }
}

extension DataSetWriter {
    /// Writes all elements of a little endian data set; they must ascend, and none be omitted.
    public mutating func write(_ dataSet: DataSet) {
        precondition(!dataSet.isBigEndian, "the values of a big endian data set cannot be copied")
        for element in dataSet.elements {
            switch element.value {
            case .bytes(let value): self.element(element.tag, element.vr, bytes: value)
            case .items(let items):
                beginSequence(element.tag)
                for item in items {
                    beginItem()
                    write(item)
                    endItem()
                }
                endSequence()
            case .fragments(let fragments):
                beginFragments(element.tag, element.vr)
                for value in fragments { fragment(value) }
                endFragments()
            case .omitted: preconditionFailure("an omitted value cannot be written")
            }
        }
    }
}
