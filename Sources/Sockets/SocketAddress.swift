import Glibc

/// An address and port of IPv4 or IPv6.
public struct SocketAddress {
    private var storage = sockaddr_storage()
    private var length = socklen_t(MemoryLayout<sockaddr_storage>.size)

    public init() {}

    /// Takes a numeric address only: nothing is resolved.
    public init?(numeric: String, port: UInt16) {
        var hints = addrinfo()
        hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE
        guard let first = try? SocketAddress.look(up: numeric, port, hints).first else { return nil }
        self = first
    }

    /// All addresses of a name.
    public static func resolve(_ host: String, port: UInt16) throws(ResolverError) -> [SocketAddress] {
        var hints = addrinfo()
        hints.ai_flags = AI_NUMERICSERV | AI_ADDRCONFIG
        return try look(up: host, port, hints)
    }

    /// What the resolver says.
    public struct ResolverError: Error {
        public let reason: String
        /// errno, where it is the system that failed.
        public let code: Int32?
    }

    private static func look(
        up host: String, _ port: UInt16, _ hints: addrinfo
    ) throws(ResolverError) -> [SocketAddress] {
        var hints = hints
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        errno = 0
        let code = getaddrinfo(host, String(port), &hints, &list)
        guard code == 0 else { throw ResolverError(code, errno) }
        defer { freeaddrinfo(list) }
        var addresses: [SocketAddress] = []
        var next = list
        while let entry = next {
            if let name = entry.pointee.ai_addr { addresses.append(SocketAddress(name, entry.pointee.ai_addrlen)) }
            next = entry.pointee.ai_next
        }
        return addresses
    }

    private init(_ name: UnsafeMutablePointer<sockaddr>, _ length: socklen_t) {
        self.length = min(length, self.length)
        withUnsafeMutableBytes(of: &storage) {
            $0.copyMemory(from: UnsafeRawBufferPointer(start: name, count: Int(self.length)))
        }
    }

    public static func ofSocket(_ descriptor: Int32) -> SocketAddress {
        var address = SocketAddress()
        _ = address.fill { getsockname(descriptor, $0, $1) }
        return address
    }

    var family: Int32 { Int32(storage.ss_family) }

    func withPointer<Result>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result {
        withUnsafePointer(to: storage) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, length) }
        }
    }

    mutating func fill(_ body: (UnsafeMutablePointer<sockaddr>, UnsafeMutablePointer<socklen_t>) -> Int32) -> Int32 {
        withUnsafeMutablePointer(to: &storage) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, &length) }
        }
    }

    /// Both families have their port in bytes 2 and 3, big endian.
    public var port: UInt16 { withUnsafeBytes(of: storage) { UInt16($0[2]) << 8 | UInt16($0[3]) } }

    /// Whether who listens here is reached at that address too. Of IPv6's "any", IPv4 is taken for a part.
    func covers(_ address: String, port: UInt16) -> Bool {
        guard self.port == port else { return false }
        return switch numeric {
        case "::": true
        case "0.0.0.0": !address.contains(":")
        case let own: own == address
        }
    }

    /// `127.0.0.1:104`, `[::1]:104`.
    var withPort: String { numeric.contains(":") ? "[\(numeric)]:\(port)" : "\(numeric):\(port)" }

    /// Without port; an IPv4 address inside IPv6 as IPv4.
    public var numeric: String {
        var text = [CChar](repeating: 0, count: Int(NI_MAXHOST))
        let code = withPointer { getnameinfo($0, $1, &text, socklen_t(text.count), nil, 0, NI_NUMERICHOST) }
        guard code == 0 else { return "?" }
        let address = String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return address.hasPrefix("::ffff:") ? String(address.dropFirst(7)) : address
    }
}

extension SocketAddress.ResolverError {
    /// - Parameter system: errno. Without a file descriptor the resolver may ask for another try instead of naming it.
    fileprivate init(_ code: Int32, _ system: Int32) {
        reason = String(cString: gai_strerror(code))
        self.code =
            switch code {
            case EAI_SYSTEM: system
            case EAI_MEMORY: ENOMEM
            case EAI_AGAIN where [EMFILE, ENFILE].contains(system): system
            case _: nil
            }
    }
}
