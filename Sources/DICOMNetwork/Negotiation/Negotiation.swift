public import DICOM

/// Answers proposed presentation contexts (PS3.8 §9.3.3.2) as an SCP of Verification and of every storage SOP class, and as
/// SCU of Storage Commitment, whose SCP opens an association to tell its result. Never as its SCP: a promise to keep pixel
/// data is not given.
public struct Negotiation: Sendable {
    /// Whether instances of this abstract syntax may be stored here.
    public var isStorage: @Sendable (SOPClassUID) -> Bool

    /// - Parameter isStorage: by default everything but what PS3.6 lists and is not for storage, so that private SOP classes
    ///   and those of editions to come are taken.
    public init(
        isStorage: @escaping @Sendable (SOPClassUID) -> Bool = { !$0.text.isEmpty && !UIDRegistry.isNonStorage($0) }
    ) { self.isStorage = isStorage }

    public static let verification = SOPClassUID("1.2.840.10008.1.1")

    /// What a requestor may be for Storage Commitment (role selection, PS3.7 §D.3.3.4): its SCP.
    static let committing = RoleSelection(.storageCommitmentPushModel, isUser: false, isProvider: true)

    /// One answer to each proposal, in order; each names a transfer syntax, even a refusal, since some requestors stumble
    /// without. A context id that is proposed again gets the same answer when the proposal is the same, else a refusal.
    /// - Parameter roles: what the requestor proposes to be.
    public func answer(_ proposed: [ProposedContext], roles: [RoleSelection] = []) -> [NegotiatedContext] {
        let commits = roles.contains { $0.sopClassUID == .storageCommitmentPushModel && $0.isProvider }
        var first: [UInt8: ProposedContext] = [:]
        return proposed.map { context in
            if let earlier = first[context.id], earlier != context { return refuse(context, .noReason) }
            first[context.id] = context
            return answer(context, commits: commits)
        }
    }

    private func answer(_ context: ProposedContext, commits: Bool) -> NegotiatedContext {
        let abstractSyntax = context.abstractSyntax
        let isOffered =
            switch abstractSyntax {
            case Negotiation.verification: true
            case .storageCommitmentPushModel: commits
            default: isStorage(abstractSyntax)
            }
        guard isOffered else {
            return refuse(context, .abstractSyntaxNotSupported)
        }
        guard let chosen = choose(context) else { return refuse(context, .transferSyntaxesNotSupported) }
        return NegotiatedContext(
            id: context.id, result: .acceptance, abstractSyntaxBytes: context.abstractSyntaxBytes,
            transferSyntaxBytes: chosen)
    }

    /// The first that the standard (or GE) defines, so that its encoding is known; else the first.
    private func choose(_ context: ProposedContext) -> [UInt8]? {
        context.transferSyntaxesBytes.first { bytes in
            let transferSyntax = TransferSyntax(padded: bytes)
            return transferSyntax.text.hasPrefix("1.2.840.10008.1.2") || transferSyntax == .privateGEImplicit
        } ?? context.transferSyntaxesBytes.first { !TransferSyntax(padded: $0).text.isEmpty }
    }

    private func refuse(_ context: ProposedContext, _ result: ContextResult) -> NegotiatedContext {
        NegotiatedContext(
            id: context.id, result: result, abstractSyntaxBytes: context.abstractSyntaxBytes,
            transferSyntaxBytes: context.transferSyntaxesBytes.first
                ?? Array(TransferSyntax.implicitVRLittleEndian.text.utf8))
    }
}
