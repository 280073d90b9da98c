/// The user information of an association (PS3.8 §9.3.2.3, PS3.7 §D.3.3): what we read of it. Extended negotiation,
/// asynchronous operations, user identity and unknown items are passed over.
public struct UserInformation: Hashable, Sendable {
    /// The longest P-DATA-TF the sender wants, without its header; nil when absent, 0: no limit (PS3.8 §D.1).
    public var maximumLength: UInt32?
    /// As sent, padding included.
    public var implementationClassUID: [UInt8]
    public var implementationVersionName: [UInt8]
    /// What a requestor proposes to be, or what its acceptor agrees to; that of ours answers for Storage Commitment only.
    public var roles: [RoleSelection] = []

    public init(
        maximumLength: UInt32?, implementationClassUID: [UInt8] = [], implementationVersionName: [UInt8] = []
    ) {
        self.maximumLength = maximumLength
        self.implementationClassUID = implementationClassUID
        self.implementationVersionName = implementationVersionName
    }

    /// What we say of ourselves.
    public static func ours(maximumLength: UInt32) -> UserInformation {
        UserInformation(
            maximumLength: maximumLength,
            implementationClassUID: Array("2.25.124448124277859665265891153312194674597".utf8),
            implementationVersionName: Array("KOSGATE_1".utf8))
    }

    init() { self.init(maximumLength: nil) }

    /// The user information item with its sub-items.
    var item: [UInt8] {
        var items: [UInt8] = []
        if let maximumLength {
            var value: [UInt8] = []
            value.append(bigEndian: maximumLength)
            items.append(item: 0x51, value)
        }
        items.append(item: 0x52, implementationClassUID)
        for role in roles { items.append(item: 0x54, role.value) }
        if !implementationVersionName.isEmpty { items.append(item: 0x55, implementationVersionName) }
        var bytes: [UInt8] = []
        bytes.append(item: 0x50, items)
        return bytes
    }

    init(_ items: ItemReader) throws(ProtocolFault) {
        self.init()
        var items = items
        while let item = try items.next() {
            switch item.type {
            case 0x51 where item.length == 4: maximumLength = item.value.bigEndian32(0)
            case 0x52: implementationClassUID = item.bytes
            case 0x54: if let role = RoleSelection(value: item.value) { roles.append(role) }
            case 0x55: implementationVersionName = item.bytes
            default: break  // everything else is optional and not offered (PS3.7 §D.3.3)
            }
        }
    }
}
