public import Host
import Sockets

/// The sockets that were opened for this process, each with what it is for.
public struct ActivatedSockets: Sendable {
    /// As `FileDescriptorName=` says it; a stored socket's name may end in its port: `dicom-11113`.
    public enum Role: String, CaseIterable, Sendable {
        case dicom
        case dicomTLS = "dicom-tls"
        case status
        case web
    }

    private let sockets: [(role: Role, descriptor: Int32)]
    /// Names that say nothing to us. What they belong to stays open and is not used.
    public let unknownNames: [String]

    public init(_ sockets: [Activation.Socket]) {
        let named = sockets.map { (Self.role(of: $0.name), $0) }
        self.sockets = named.compactMap { role, socket in role.map { ($0, socket.descriptor) } }
        unknownNames = named.filter { $0.0 == nil }.map(\.1.name)
    }

    public func descriptors(for role: Role) -> [Int32] { sockets.filter { $0.role == role }.map(\.descriptor) }

    /// `0.0.0.0:104`, in the order in which they came.
    func addresses(for role: Role) -> [(address: String, port: UInt16)] {
        descriptors(for: role).map { descriptor in
            let address = SocketAddress.ofSocket(descriptor)
            return (address.numeric, address.port)
        }
    }

    private static func role(of name: String) -> Role? {
        if let role = Role(rawValue: name) { return role }
        guard let dash = name.lastIndex(of: "-"), UInt16(name[name.index(after: dash)...]) != nil else { return nil }
        return Role(rawValue: String(name[..<dash]))
    }
}

extension Configuration {
    /// Peers that no source names are not welcome merely because we ourselves would listen on loopback alone.
    func narrowed(to sockets: ActivatedSockets) -> Configuration {
        var narrowed = self
        let addresses = ActivatedSockets.Role.allCases.filter { $0 == .dicom || $0 == .dicomTLS }
            .flatMap { sockets.addresses(for: $0).map(\.address) }
        if !addresses.allSatisfy(IPNetwork.isLoopback) {
            narrowed.acceptsAnyCallingAETitle = acceptsAnyCallingAETitle ?? false
        }
        return narrowed
    }
}
