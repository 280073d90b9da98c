import DICOM

extension CommandSet {
    /// Reads a command set: implicit VR little endian (PS3.7 §6.3.1), or explicit where a peer wrote it so. Group length,
    /// order and multiplicity are not looked at; elements that are not known are passed over.
    ///
    /// Element lengths tell the two encodings apart: two capital letters read as a length are more than any command set has.
    /// - Throws: `unreadableCommand` when the walk ends before a Command Field was seen.
    public init(decoding bytes: RawSpan) throws(ProtocolFault) {
        var command = CommandSet(field: CommandField(rawValue: 0))
        var hasField = false
        var offset = 0
        while bytes.byteCount - offset >= 8 {
            let group = bytes.littleEndian16(offset)
            let element = bytes.littleEndian16(offset + 2)
            guard let value = CommandSet.valueRange(in: bytes, at: offset) else { break }
            if group == 0 {
                command.take(element, bytes.extracting(value))
                hasField = hasField || element == 0x0100 && value.count >= 1
            }
            offset = value.upperBound
        }
        guard hasField else { throw .unreadableCommand(offset: offset) }
        self = command
    }

    private static func valueRange(in bytes: RawSpan, at offset: Int) -> Range<Int>? {
        var start = offset + 8
        var length = Int(bytes.littleEndian32(offset + 4))
        if isLetter(bytes.byte(offset + 4)), isLetter(bytes.byte(offset + 5)) {
            if hasLongLength(bytes.byte(offset + 4), bytes.byte(offset + 5)) {
                guard bytes.byteCount - offset >= 12 else { return nil }
                length = Int(bytes.littleEndian32(offset + 8))
                start = offset + 12
            } else {
                length = Int(bytes.littleEndian16(offset + 6))
            }
        }
        guard length <= bytes.byteCount - start else { return nil }
        return start..<start + length
    }

    private static func isLetter(_ byte: UInt8) -> Bool { (0x41...0x5A).contains(byte) }

    /// VRs with a 32-bit length (PS3.5 §7.1.2) that a command could be given: OB, OW, SQ, UN, UT, UC, UR.
    private static func hasLongLength(_ first: UInt8, _ second: UInt8) -> Bool {
        switch (first, second) {
        case (0x4F, _), (0x53, 0x51), (0x55, 0x4E), (0x55, 0x54), (0x55, 0x43), (0x55, 0x52): true
        default: false
        }
    }

    private mutating func take(_ element: UInt16, _ value: RawSpan) {
        switch element {
        case 0x0002: affectedSOPClassUID = value.bytes(0..<value.byteCount)
        case 0x0003 where affectedSOPClassUID.isEmpty: affectedSOPClassUID = value.bytes(0..<value.byteCount)
        case 0x0100: field = CommandField(rawValue: CommandSet.number(value) ?? 0)
        case 0x0110: messageID = CommandSet.number(value)
        case 0x0120: messageIDBeingRespondedTo = CommandSet.number(value)
        case 0x0600: moveDestination = value.bytes(0..<value.byteCount)
        case 0x0700: priority = CommandSet.number(value)
        case 0x0800: dataSetType = CommandSet.number(value)
        case 0x0900: status = CommandSet.number(value)
        case 0x0901: offendingElements = CommandSet.tags(value)
        case 0x0902: errorComment = value.bytes(0..<value.byteCount)
        case 0x1000: affectedSOPInstanceUID = value.bytes(0..<value.byteCount)
        case 0x1001 where affectedSOPInstanceUID.isEmpty: affectedSOPInstanceUID = value.bytes(0..<value.byteCount)
        case 0x1002: eventTypeID = CommandSet.number(value)
        case 0x1008: actionTypeID = CommandSet.number(value)
        case 0x1020: suboperations.remaining = CommandSet.number(value)
        case 0x1021: suboperations.completed = CommandSet.number(value)
        case 0x1022: suboperations.failed = CommandSet.number(value)
        case 0x1023: suboperations.warning = CommandSet.number(value)
        case 0x1030: moveOriginator = value.bytes(0..<value.byteCount)
        case 0x1031: moveOriginatorMessageID = CommandSet.number(value)
        default: break
        }
    }

    private static func tags(_ value: RawSpan) -> [Tag] {
        (0..<value.byteCount / 4).map { Tag(value.littleEndian16(4 * $0), value.littleEndian16(4 * $0 + 2)) }
    }

    /// The first value of a US element, however many bytes it was given.
    private static func number(_ value: RawSpan) -> UInt16? {
        switch value.byteCount {
        case 0: nil
        case 1: UInt16(value.byte(0))
        default: value.littleEndian16(0)
        }
    }
}
