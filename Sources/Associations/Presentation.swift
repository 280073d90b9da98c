public import DICOM
public import DICOMNetwork

/// What a presentation context must be accepted for, so that an instance can be sent as it is: its SOP class, and the
/// transfer syntax that it is kept in (PS3.8 §7.1.1.13).
public struct Presentation: Hashable, Sendable {
    public let sopClassUID: SOPClassUID
    public let transferSyntax: TransferSyntax

    public init(_ sopClassUID: SOPClassUID, _ transferSyntax: TransferSyntax) {
        self.sopClassUID = sopClassUID
        self.transferSyntax = transferSyntax
    }

    /// How the instances of a presentation can be sent on an association.
    public enum Service: Hashable, Sendable {
        case asTheyAre
        /// Re-encoded (`ReencodedDataSet`).
        case reencoded(as: TransferSyntax)
        /// The peer takes them in no transfer syntax that we can make; its answer to the first context proposed.
        case refused(ContextResult)
        /// No context was proposed for them: that takes another association.
        case notProposed
    }

    /// What the peer's answers to our proposals come to. Re-encoding is the last resort: only where the peer was offered
    /// the transfer syntax alone, and did not take it.
    /// - Parameter answers: to the proposals, in order (`Association.contexts`).
    public func service(proposing proposals: [Association.Proposal], answers: [NegotiatedContext]) -> Service {
        let own = zip(proposals, answers).filter { $0.0.abstractSyntax == sopClassUID && !$0.0.isProvided }
        let accepted = own.filter(\.1.isAccepted).map(\.1.transferSyntax)
        if accepted.contains(transferSyntax) { return .asTheyAre }
        guard let alone = own.first(where: { $0.0.transferSyntaxes == [transferSyntax] }) else { return .notProposed }
        guard let alternative = transferSyntax.alternative else { return .refused(alone.1.result) }
        if accepted.contains(alternative) { return .reencoded(as: alternative) }
        let wasOffered = own.contains { $0.0.transferSyntaxes.contains(alternative) }
        return wasOffered ? .refused(alone.1.result) : .notProposed
    }
}

extension Association {
    /// How this presentation can be sent on this association.
    public func service(of presentation: Presentation) -> Presentation.Service {
        presentation.service(proposing: proposals, answers: contexts)
    }
}

extension TransferSyntax {
    /// The one that a data set of this one can be re-encoded in; nil for all but the two uncompressed little endian ones.
    public var alternative: TransferSyntax? {
        switch self {
        case .implicitVRLittleEndian: .explicitVRLittleEndian
        case .explicitVRLittleEndian: .implicitVRLittleEndian
        default: nil
        }
    }
}
