import DICOM

extension CommandSet {
    /// Implicit VR little endian, ascending, with its group length (PS3.7 §6.3.1).
    public var encoded: [UInt8] {
        var elements: [UInt8] = []
        elements.reserveCapacity(256)
        elements.append(commandElement: field.namesRequested ? 0x0003 : 0x0002, affectedSOPClassUID, padding: 0)
        elements.append(commandElement: 0x0100, field.rawValue)
        elements.append(commandElement: 0x0110, messageID)
        elements.append(commandElement: 0x0120, messageIDBeingRespondedTo)
        elements.append(commandElement: 0x0600, moveDestination, padding: 0x20)
        elements.append(commandElement: 0x0700, priority)
        elements.append(commandElement: 0x0800, dataSetType)
        elements.append(commandElement: 0x0900, status)
        elements.append(commandElement: 0x0901, offendingElements.flatMap { CommandSet.attribute($0) }, padding: 0)
        elements.append(commandElement: 0x0902, errorComment, padding: 0x20)
        elements.append(commandElement: field.namesRequested ? 0x1001 : 0x1000, affectedSOPInstanceUID, padding: 0)
        elements.append(commandElement: 0x1002, eventTypeID)
        elements.append(commandElement: 0x1008, actionTypeID)
        elements.append(commandElement: 0x1020, suboperations.remaining)
        elements.append(commandElement: 0x1021, suboperations.completed)
        elements.append(commandElement: 0x1022, suboperations.failed)
        elements.append(commandElement: 0x1023, suboperations.warning)
        elements.append(commandElement: 0x1030, moveOriginator, padding: 0x20)
        elements.append(commandElement: 0x1031, moveOriginatorMessageID)
        var bytes: [UInt8] = [0, 0, 0, 0, 4, 0, 0, 0]
        bytes.reserveCapacity(12 + elements.count)
        bytes.append(littleEndian: UInt32(elements.count))
        return bytes + elements
    }

    /// A value of VR AT.
    private static func attribute(_ tag: Tag) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.append(littleEndian: tag.group)
        bytes.append(littleEndian: tag.element)
        return bytes
    }

    /// One P-DATA-TF PDU with one PDV: all of the command (PS3.8 §9.3.5, §E.2).
    public func pdu(context: UInt8) -> [UInt8] { pdus(context: context, maximumLength: .max) }

    /// All of the command in as many P-DATA-TF PDUs as it takes, one PDV in each (PS3.8 §9.3.5, §E.2).
    /// - Parameter maximumLength: of the variable field of each, in bytes (PS3.8 §D.1); 8 or more.
    public func pdus(context: UInt8, maximumLength: Int) -> [UInt8] {
        var rest = encoded[...]
        var bytes: [UInt8] = []
        bytes.reserveCapacity(12 + rest.count)
        repeat {
            // A fragment of even length (PS3.8 §E.1).
            let fragment = rest.prefix((maximumLength - 6) & ~1)
            rest = rest.dropFirst(fragment.count)
            bytes += [PDUType.dataTransfer.rawValue, 0]
            bytes.append(bigEndian: UInt32(fragment.count + 6))
            bytes.append(bigEndian: UInt32(fragment.count + 2))
            bytes.append(context)
            bytes.append(FragmentKind.command | (rest.isEmpty ? FragmentKind.last : 0))
            bytes += fragment
        } while !rest.isEmpty
        return bytes
    }
}

/// The message control header of a presentation data value (PS3.8 §E.2).
enum FragmentKind {
    static let command: UInt8 = 0b01
    static let last: UInt8 = 0b10
}

extension [UInt8] {
    mutating func append(littleEndian value: UInt16) {
        append(UInt8(truncatingIfNeeded: value))
        append(UInt8(truncatingIfNeeded: value >> 8))
    }

    mutating func append(littleEndian value: UInt32) {
        append(littleEndian: UInt16(truncatingIfNeeded: value))
        append(littleEndian: UInt16(truncatingIfNeeded: value >> 16))
    }

    /// An element of group 0000; an empty value is left out.
    fileprivate mutating func append(commandElement element: UInt16, _ value: [UInt8], padding: UInt8) {
        guard !value.isEmpty else { return }
        append(littleEndian: UInt16(0))
        append(littleEndian: element)
        append(littleEndian: UInt32(value.count + value.count % 2))
        self += value
        if value.count % 2 == 1 { append(padding) }
    }

    fileprivate mutating func append(commandElement element: UInt16, _ value: UInt16?) {
        guard let value else { return }
        append(littleEndian: UInt16(0))
        append(littleEndian: element)
        append(littleEndian: UInt32(2))
        append(littleEndian: value)
    }
}
