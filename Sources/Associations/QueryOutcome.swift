public import DICOM
public import DICOMNetwork

/// How a query or retrieval ended: what its final response says (PS3.7 §9.1.2, §9.1.3, §9.1.4), and what came before it.
public struct QueryOutcome: Hashable, Sendable {
    public let operation: QueryOperation
    public let status: Status
    /// Error Comment (0000,0902).
    public var errorComment: String?
    /// Offending Element (0000,0901).
    public var offendingElements: [Tag] = []
    /// Of C-FIND: responses with a data set.
    public var matches = 0
    /// Of C-FIND: the peer did not look at all optional keys (a response FF01), so that there may be too many matches.
    public var lacksOptionalKeys = false
    /// Of C-MOVE and C-GET: the counts of the last response that has any.
    public var suboperations = SuboperationCounts()
    /// Of C-MOVE and C-GET: Failed SOP Instance UID List (0008,0058).
    public var failedInstances: [InstanceUID] = []
    /// Of C-GET: instances that came over the association, and those of them that were answered with success or warning.
    public var received = 0
    public var stored = 0

    init(_ operation: QueryOperation, _ status: Status) {
        self.operation = operation
        self.status = status
    }

    /// Everything asked for was done. A peer may say so and have sent nothing: count what came.
    public var isSuccess: Bool { status == .success }
    public var isCancelled: Bool { status == .cancel }
}

extension QueryOutcome: CustomStringConvertible {
    public var description: String {
        let comment = errorComment.map { ": \($0)" } ?? ""
        let elements =
            offendingElements.isEmpty ? "" : " at \(offendingElements.map(\.description).joined(separator: ", "))"
        return "\(operation.rawValue) \(status.description(of: operation))\(comment)\(elements)"
    }

    /// What an operator may try, in one line; nil when there is nothing to say.
    public var remedy: String? {
        switch (operation, status.rawValue) {
        case (.move, 0xA801): "make our AE title, address and port known to the peer as a move destination"
        case (_, 0xA702): "the peer may not know the destination or may not offer the instances' transfer syntaxes"
        case (_, 0xA700...0xA7FF): "try again later: the peer is short of resources"
        case (_, 0xA900...0xA9FF): "the peer wants other keys: look at its conformance statement"
        case (_, 0x0122): "the peer does not offer this service to us"
        case (_, 0xC000...0xCFFF): "look at the peer's log"
        default: nil
        }
    }
}
