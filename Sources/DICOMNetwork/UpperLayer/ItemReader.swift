/// Walks the items of an A-ASSOCIATE PDU (PS3.8 §9.3.2): type, reserved byte, 16-bit length, value.
struct ItemReader: ~Escapable {
    struct Item: ~Escapable {
        let type: UInt8
        let value: RawSpan
        /// Of the value, from the start of the PDU's body.
        let offset: Int

        @_lifetime(copy value)
        init(type: UInt8, value: RawSpan, offset: Int) {
            self.type = type
            self.value = value
            self.offset = offset
        }

        var length: Int { value.byteCount }
        var bytes: [UInt8] { value.bytes(0..<value.byteCount) }
    }

    private let bytes: RawSpan
    private let pdu: PDUType
    /// Of `bytes`, from the start of the PDU's body.
    private let base: Int
    private var position = 0

    @_lifetime(copy bytes)
    init(_ bytes: RawSpan, of pdu: PDUType, base: Int) {
        self.bytes = bytes
        self.pdu = pdu
        self.base = base
    }

    /// The next item; nil at the end. Fewer than four bytes at the end are padding.
    @_lifetime(copy self)
    mutating func next() throws(ProtocolFault) -> Item? {
        guard bytes.byteCount - position >= 4 else { return nil }
        let length = Int(bytes.bigEndian16(position + 2))
        let start = position + 4
        guard length <= bytes.byteCount - start else {
            throw .lyingLength(pdu, offset: base + position + 2)
        }
        let type = bytes.byte(position)
        position = start + length
        return Item(type: type, value: bytes.extracting(start..<position), offset: base + start)
    }
}
