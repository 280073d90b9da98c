import DICOM

/// Facts that many instances state alike, each decoded once: the elements as sent, and what they say.
struct FactTable<Facts: Hashable & Sendable>: Sendable {
    private(set) var facts: [Facts] = []
    private var spellings: [(bytes: [UInt8], fact: Int)] = []
    private var indices: [[UInt8]: Int] = [:]
    private var decoded: [Facts: Int] = [:]
    /// The last spelling that was met: headers of one series come one after the other.
    private var last = 0

    /// The position of these facts; they are decoded when these very bytes are new.
    mutating func index(of block: FactBlock, decode: (DataSet) -> Facts) -> Int {
        if last < spellings.count, spellings[last].bytes == block.bytes { return spellings[last].fact }
        // The block's own bytes are not kept when they are known: they would be copied for the next header.
        last = indices[block.bytes] ?? learn(block, decode)
        return spellings[last].fact
    }

    private mutating func learn(_ block: FactBlock, _ decode: (DataSet) -> Facts) -> Int {
        // Another spelling, another encoding: what counts is what it says.
        let said = decode(block.dataSet)
        let fact = decoded[said] ?? facts.count
        if fact == facts.count {
            facts.append(said)
            decoded[said] = fact
        }
        indices[block.bytes] = spellings.count
        spellings.append((block.bytes, fact))
        return spellings.count - 1
    }
}

/// Elements of one header, as sent, one behind the other: the encoding as first byte, then a small data set.
struct FactBlock: Sendable {
    private(set) var bytes: [UInt8] = []
    private var encoding = Encoding.explicitVRLittleEndian

    mutating func reset(_ encoding: Encoding) {
        self.encoding = encoding
        bytes.removeAll(keepingCapacity: true)
        bytes.append(encoding.rawValue)
    }

    mutating func append(_ element: RawSpan) {
        element.withUnsafeBytes { bytes.append(contentsOf: $0) }
    }

    /// The elements, decoded: text in the character set that the header declared.
    var dataSet: DataSet { DataSet.read(header: bytes.span.bytes.extracting(1...), encoding: encoding).dataSet }
}
