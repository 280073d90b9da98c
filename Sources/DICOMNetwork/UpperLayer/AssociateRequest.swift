public import DICOM

/// An A-ASSOCIATE-RQ (PS3.8 §9.3.2).
public struct AssociateRequest: Hashable, Sendable {
    /// Bit 0 set: version 1, the only one there is.
    public var protocolVersion: UInt16
    /// 16 bytes each, as sent.
    public var calledBytes: [UInt8]
    public var callingBytes: [UInt8]
    public var applicationContext: [UInt8]
    public var contexts: [ProposedContext]
    public var user: UserInformation

    public init(called: AETitle, calling: AETitle, contexts: [ProposedContext], user: UserInformation) {
        protocolVersion = 1
        calledBytes = AssociateRequest.padded(called)
        callingBytes = AssociateRequest.padded(calling)
        applicationContext = Array("1.2.840.10008.3.1.1.1".utf8)
        self.contexts = contexts
        self.user = user
    }

    public var called: AETitle { AETitle(bytes: calledBytes) }
    public var calling: AETitle { AETitle(bytes: callingBytes) }

    private static func padded(_ title: AETitle) -> [UInt8] {
        let bytes = Array(title.text.utf8.prefix(16))
        return bytes + [UInt8](repeating: 0x20, count: 16 - bytes.count)
    }
}

extension AssociateRequest {
    /// The whole PDU.
    /// - Precondition: the contexts fit items of 65535 bytes.
    public var pdu: [UInt8] {
        var body: [UInt8] = []
        body.append(bigEndian: protocolVersion)
        body += [0, 0] + calledBytes + callingBytes + [UInt8](repeating: 0, count: 32)
        body.append(item: 0x10, applicationContext)
        for context in contexts {
            var value: [UInt8] = [context.id, 0, 0, 0]
            value.append(item: 0x30, context.abstractSyntaxBytes)
            for transferSyntax in context.transferSyntaxesBytes { value.append(item: 0x40, transferSyntax) }
            body.append(item: 0x20, value)
        }
        return .pdu(.associateRequest, body + user.item)
    }

    /// Reads the body of the PDU, tolerating order, unknown items and missing ones.
    public init(body: RawSpan) throws(ProtocolFault) {
        guard body.byteCount >= 68 else { throw .tooShort(.associateRequest, length: body.byteCount) }
        protocolVersion = body.bigEndian16(0)
        calledBytes = body.bytes(4..<20)
        callingBytes = body.bytes(20..<36)
        applicationContext = []
        contexts = []
        user = UserInformation()
        var items = ItemReader(body.extracting(68..<body.byteCount), of: .associateRequest, base: 68)
        while let item = try items.next() {
            switch item.type {
            case 0x10: applicationContext = item.bytes
            case 0x20: contexts.append(try AssociateRequest.context(item))
            case 0x50: user = try UserInformation(ItemReader(item.value, of: .associateRequest, base: item.offset))
            default: break
            }
        }
    }

    private static func context(_ item: borrowing ItemReader.Item) throws(ProtocolFault) -> ProposedContext {
        guard item.length >= 4 else { throw .lyingLength(.associateRequest, offset: item.offset - 2) }
        var abstractSyntax: [UInt8] = []
        var transferSyntaxes: [[UInt8]] = []
        var items = ItemReader(
            item.value.extracting(4..<item.length), of: .associateRequest, base: item.offset + 4)
        while let syntax = try items.next() {
            switch syntax.type {
            case 0x30: abstractSyntax = syntax.bytes
            case 0x40: transferSyntaxes.append(syntax.bytes)
            default: break
            }
        }
        return ProposedContext(
            id: item.value.byte(0), abstractSyntaxBytes: abstractSyntax, transferSyntaxesBytes: transferSyntaxes)
    }
}
