import Glibc

/// A network in CIDR notation (RFC 4632, RFC 4291 §2.3): `192.0.2.0/24`, `2001:db8::/32`, or one address.
public struct IPNetwork: Sendable, Hashable, CustomStringConvertible {
    /// 4 or 16 bytes.
    let address: [UInt8]
    let prefixLength: Int
    public let description: String

    /// `nil` if `text` is not an address with an optional prefix length, or has bits set beyond it.
    public init?(_ text: String) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let first = parts.first, let bytes = Self.bytes(of: String(first)) else { return nil }
        address = bytes
        description = text
        guard parts.count == 2 else {
            prefixLength = bytes.count * 8
            return
        }
        guard parts[1].allSatisfy({ $0.isASCII && $0.isNumber }), let length = Int(parts[1]),
            (0...bytes.count * 8).contains(length)
        else { return nil }
        prefixLength = length
        let zero = [UInt8](repeating: 0, count: bytes.count)
        guard Self.agree(bytes, zero, inBits: length..<bytes.count * 8) else { return nil }
    }

    /// - Parameter text: an IP address; an IPv4 address in IPv6 clothes (`::ffff:192.0.2.1`) counts as IPv4.
    public func contains(_ text: String) -> Bool {
        guard let other = Self.bytes(of: text), other.count == address.count else { return false }
        return Self.agree(address, other, inBits: 0..<prefixLength)
    }

    /// Whether `text` is an IP address that one can listen on or connect from.
    public static func isAddress(_ text: String) -> Bool { bytes(of: text) != nil }

    /// Whether `text` is an address of this machine alone (RFC 1122 §3.2.1.3, RFC 4291 §2.5.3).
    public static func isLoopback(_ text: String) -> Bool {
        guard let bytes = bytes(of: text) else { return false }
        return bytes.count == 4 ? bytes[0] == 127 : bytes.dropLast().allSatisfy { $0 == 0 } && bytes.last == 1
    }

    /// Whether some address is in both.
    public func overlaps(_ other: IPNetwork) -> Bool {
        let common = min(prefixLength, other.prefixLength)
        guard address.count == other.address.count else { return false }
        return Self.agree(address, other.address, inBits: 0..<common)
    }

    private static func agree(_ a: [UInt8], _ b: [UInt8], inBits range: Range<Int>) -> Bool {
        for bit in range {
            let mask: UInt8 = 0x80 >> UInt8(bit % 8)
            guard (a[bit / 8] ^ b[bit / 8]) & mask == 0 else { return false }
        }
        return true
    }

    private static func bytes(of text: String) -> [UInt8]? {
        var v4 = in_addr()
        if inet_pton(AF_INET, text, &v4) == 1 { return withUnsafeBytes(of: v4) { Array($0) } }
        var v6 = in6_addr()
        let plain = text.split(separator: "%", maxSplits: 1).first.map(String.init) ?? ""
        guard inet_pton(AF_INET6, plain, &v6) == 1 else { return nil }
        let bytes = withUnsafeBytes(of: v6) { Array($0) }
        let isMapped = bytes[..<10].allSatisfy { $0 == 0 } && bytes[10] == 0xFF && bytes[11] == 0xFF
        return isMapped ? Array(bytes[12...]) : bytes
    }
}
