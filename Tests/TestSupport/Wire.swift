/// Builds what travels on an association, right or wrong, without the code under test.
public enum Wire {
    /// A PDU; `length` is announced instead of the body's own.
    public static func pdu(_ type: UInt8, _ body: [UInt8], length: UInt32? = nil) -> [UInt8] {
        [type, 0] + big32(length ?? UInt32(body.count)) + body
    }

    /// An item of an A-ASSOCIATE PDU; `length` is announced instead of the value's own.
    public static func item(_ type: UInt8, _ value: [UInt8], length: UInt16? = nil) -> [UInt8] {
        [type, 0] + big16(length ?? UInt16(value.count)) + value
    }

    /// A presentation data value. `control`: 1 command, 2 last fragment, 3 both.
    public static func pdv(_ context: UInt8, _ control: UInt8, _ bytes: [UInt8], length: UInt32? = nil) -> [UInt8] {
        big32(length ?? UInt32(bytes.count + 2)) + [context, control] + bytes
    }

    public static func data(_ values: [UInt8]...) -> [UInt8] { pdu(4, values.flatMap { $0 }) }

    /// A presentation context item of an A-ASSOCIATE-RQ.
    public static func context(_ id: UInt8, _ abstractSyntax: String, _ transferSyntaxes: String...) -> [UInt8] {
        let syntaxes = transferSyntaxes.flatMap { item(0x40, Array($0.utf8)) }
        return item(0x20, [id, 0, 0, 0] + item(0x30, Array(abstractSyntax.utf8)) + syntaxes)
    }

    public static let ctImageStorage = "1.2.840.10008.5.1.4.1.1.2"
    public static let verification = "1.2.840.10008.1.1"
    public static let implicitVR = "1.2.840.10008.1.2"
    public static let explicitVR = "1.2.840.10008.1.2.1"

    /// Context 1: CT Image Storage, explicit VR; context 3: Verification, implicit VR.
    public static let usualContexts = context(1, ctImageStorage, explicitVR) + context(3, verification, implicitVR)

    public static func associateRequest(
        called: String = "KOSGATE", calling: String = "CT1", contexts: [UInt8] = usualContexts,
        user: [UInt8] = item(0x51, [0, 0, 0x40, 0]) + item(0x52, Array("1.2.3".utf8))
    ) -> [UInt8] {
        let applicationContext = item(0x10, Array("1.2.840.10008.3.1.1.1".utf8))
        let fixed: [UInt8] = [0, 1, 0, 0] + title(called) + title(calling) + [UInt8](repeating: 0, count: 32)
        return pdu(1, fixed + applicationContext + contexts + item(0x50, user))
    }

    public static let releaseRequest: [UInt8] = [5, 0, 0, 0, 0, 4, 0, 0, 0, 0]
    public static let releaseResponse: [UInt8] = [6, 0, 0, 0, 0, 4, 0, 0, 0, 0]

    public static func abort(source: UInt8, reason: UInt8) -> [UInt8] { pdu(7, [0, 0, source, reason]) }

    private static func title(_ text: String) -> [UInt8] {
        let bytes = Array(text.utf8.prefix(16))
        return bytes + [UInt8](repeating: 0x20, count: 16 - bytes.count)
    }

    /// An element of a command set, implicit VR little endian; odd values stay odd.
    public static func element(_ element: UInt16, _ value: [UInt8]) -> [UInt8] {
        [0, 0, UInt8(element & 0xFF), UInt8(element >> 8)] + little32(UInt32(value.count)) + value
    }

    public static func element(_ number: UInt16, _ value: UInt16) -> [UInt8] {
        element(number, [UInt8(value & 0xFF), UInt8(value >> 8)])
    }

    public static func storeCommand(
        instance: String = "1.2.3.4.5\0", messageID: UInt16 = 7, sopClass: String = ctImageStorage + "\0"
    ) -> [UInt8] {
        element(0x0002, Array(sopClass.utf8)) + element(0x0100, 0x0001) + element(0x0110, messageID)
            + element(0x0700, 0x0000) + element(0x0800, 0x0001) + element(0x1000, Array(instance.utf8))
    }

    public static func echoCommand(messageID: UInt16 = 9) -> [UInt8] {
        element(0x0002, Array((verification + "\0").utf8)) + element(0x0100, 0x0030) + element(0x0110, messageID)
            + element(0x0800, 0x0101)
    }

    /// A C-STORE request, its command in one PDU and its data set in another.
    public static func store(
        _ dataSet: [UInt8], instance: String = "1.2.3.4.5\0", messageID: UInt16 = 7, context: UInt8 = 1
    ) -> [UInt8] {
        data(pdv(context, 3, storeCommand(instance: instance, messageID: messageID)))
            + data(pdv(context, 2, dataSet))
    }

    public static func echo(messageID: UInt16 = 9, context: UInt8 = 3) -> [UInt8] {
        data(pdv(context, 3, echoCommand(messageID: messageID)))
    }

    public static func big16(_ value: UInt16) -> [UInt8] { [UInt8(value >> 8), UInt8(value & 0xFF)] }

    public static func big32(_ value: UInt32) -> [UInt8] { big16(UInt16(value >> 16)) + big16(UInt16(value & 0xFFFF)) }

    public static func little32(_ value: UInt32) -> [UInt8] { big32(value).reversed() }
}
