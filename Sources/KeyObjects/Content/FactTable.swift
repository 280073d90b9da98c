import DICOM

/// Facts that many instances state alike, each decoded once: the elements as sent, and what they say.
struct FactTable<Facts: Hashable & Sendable>: Sendable {
    private(set) var facts: [Facts] = []
    private var indices: [[UInt8]: Int] = [:]
    private var decoded: [Facts: Int] = [:]
    private var last: (bytes: [UInt8], index: Int) = ([], -1)

    /// The position of these facts; they are decoded when these very bytes are new.
    mutating func index(of block: FactBlock, decode: (DataSet) -> Facts) -> Int {
        if last.index >= 0, last.bytes == block.bytes { return last.index }
        let index: Int
        if let known = indices[block.bytes] {
            index = known
        } else {
            // Another spelling, another encoding: what counts is what it says.
            let said = decode(block.dataSet)
            index = decoded[said] ?? facts.count
            if index == facts.count {
                facts.append(said)
                decoded[said] = index
            }
            indices[block.bytes] = index
        }
        last = (block.bytes, index)
        return index
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
