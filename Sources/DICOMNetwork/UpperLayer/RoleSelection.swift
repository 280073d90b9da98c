public import DICOM

/// SCP/SCU Role Selection for one SOP class (PS3.7 §D.3.3.4). Without it the requestor is SCU only.
public struct RoleSelection: Hashable, Sendable {
    public let sopClassUID: SOPClassUID
    /// The requestor is (or may be) SCU.
    public let isUser: Bool
    /// The requestor is (or may be) SCP.
    public let isProvider: Bool

    public init(_ sopClassUID: SOPClassUID, isUser: Bool, isProvider: Bool) {
        self.sopClassUID = sopClassUID
        self.isUser = isUser
        self.isProvider = isProvider
    }

    /// The value of the sub-item (type 54H).
    var value: [UInt8] {
        let uid = Array(sopClassUID.text.utf8)
        var value: [UInt8] = []
        value.append(bigEndian: UInt16(uid.count))
        return value + uid + [isUser ? 1 : 0, isProvider ? 1 : 0]
    }

    /// nil: the item is shorter than its UID says.
    init?(value: RawSpan) {
        guard value.byteCount >= 4 else { return nil }
        let count = Int(value.bigEndian16(0))
        guard value.byteCount >= count + 4 else { return nil }
        self.init(
            SOPClassUID(padded: value.bytes(2..<2 + count)), isUser: value.byte(2 + count) == 1,
            isProvider: value.byte(3 + count) == 1)
    }
}
