/// An A-ASSOCIATE-AC (PS3.8 §9.3.3).
public struct AssociateAccept: Hashable, Sendable {
    /// Both AE titles and the reserved bytes: bytes 11 to 74 of the request, sent back as they came.
    public var titles: [UInt8]
    public var applicationContext: [UInt8]
    public var contexts: [NegotiatedContext]
    public var user: UserInformation

    /// Answers `request`; every proposed context has its answer in `contexts`, in order.
    public init(to request: AssociateRequest, contexts: [NegotiatedContext], user: UserInformation) {
        titles = request.calledBytes + request.callingBytes + [UInt8](repeating: 0, count: 32)
        applicationContext = Array("1.2.840.10008.3.1.1.1".utf8)
        self.contexts = contexts
        self.user = user
    }

    /// The whole PDU.
    public var pdu: [UInt8] {
        var body: [UInt8] = [0, 1, 0, 0]
        body += titles
        body.append(item: 0x10, applicationContext)
        for context in contexts {
            var value: [UInt8] = [context.id, 0, context.result.rawValue, 0]
            value.append(item: 0x40, context.transferSyntaxBytes)
            body.append(item: 0x21, value)
        }
        return .pdu(.associateAccept, body + user.item)
    }

    /// Reads the body of the PDU. A context without transfer syntax, or with an unknown result, is a refused one.
    public init(body: RawSpan) throws(ProtocolFault) {
        guard body.byteCount >= 68 else { throw .tooShort(.associateAccept, length: body.byteCount) }
        titles = body.bytes(4..<68)
        applicationContext = []
        contexts = []
        user = UserInformation()
        var items = ItemReader(body.extracting(68..<body.byteCount), of: .associateAccept, base: 68)
        while let item = try items.next() {
            switch item.type {
            case 0x10: applicationContext = item.bytes
            case 0x21: contexts.append(try AssociateAccept.context(item))
            case 0x50: user = try UserInformation(ItemReader(item.value, of: .associateAccept, base: item.offset))
            default: break
            }
        }
    }

    private static func context(_ item: borrowing ItemReader.Item) throws(ProtocolFault) -> NegotiatedContext {
        guard item.length >= 4 else { throw .lyingLength(.associateAccept, offset: item.offset - 2) }
        var transferSyntax: [UInt8] = []
        // A refused context may end in anything, even in a length that lies (pynetdicom#290).
        let result = ContextResult(rawValue: item.value.byte(2)) ?? .noReason
        if result == .acceptance {
            var items = ItemReader(
                item.value.extracting(4..<item.length), of: .associateAccept, base: item.offset + 4)
            while let syntax = try items.next() {
                if syntax.type == 0x40 { transferSyntax = syntax.bytes }
            }
        }
        return NegotiatedContext(
            id: item.value.byte(0), result: transferSyntax.isEmpty && result == .acceptance ? .noReason : result,
            abstractSyntaxBytes: [], transferSyntaxBytes: transferSyntax)
    }
}
