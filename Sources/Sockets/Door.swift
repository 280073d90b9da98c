/// A port to listen on.
public struct Door: Hashable, Sendable {
    /// Numeric addresses, IPv4 or IPv6.
    public var addresses: [String]
    /// 0: any free one, the same for every address.
    public var port: UInt16
    /// Peers must speak TLS here.
    public var isTLS: Bool
    /// Sockets that listen already, and stay open elsewhere: they are closed here, never shut down. An address that one of
    /// them covers is not opened again.
    public var adopting: [Int32]

    public init(addresses: [String], port: UInt16, isTLS: Bool = false, adopting: [Int32] = []) {
        self.addresses = addresses
        self.port = port
        self.isTLS = isTLS
        self.adopting = adopting
    }
}
