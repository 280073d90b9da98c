import Associations
public import DICOM

/// Who sends, as an event tells it.
public struct Peer: Sendable, Hashable, CustomStringConvertible {
    /// nil when no association request was read.
    public let calling: AETitle?
    public let called: AETitle?
    /// Numeric, without port.
    public let address: String

    public init(calling: AETitle?, called: AETitle?, address: String) {
        self.calling = calling
        self.called = called
        self.address = address
    }

    public var description: String { calling.map { "\($0) at \(address)" } ?? address }
}

extension Peer {
    init(_ association: AssociationIdentity) {
        self.init(calling: association.calling, called: association.called, address: association.peerAddress)
    }

    init(_ summary: AssociationSummary) {
        self.init(calling: summary.calling, called: summary.called, address: summary.peerAddress)
    }
}
