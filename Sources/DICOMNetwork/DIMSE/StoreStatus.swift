public import DICOM

/// The answer to a C-STORE request: its status, and in a few words why (PS3.7 §9.1.1.1.9, Error Comment (0000,0902)).
public struct StoreStatus: Hashable, Sendable {
    public var status: Status
    /// At most 64 characters are sent (VR LO).
    public var errorComment: String?
    /// Offending Element (0000,0901), of an answer that was received.
    public var offendingElements: [Tag] = []

    /// The response had no status, and `status` stands for that.
    public var isSilent = false

    public init(_ status: Status, errorComment: String? = nil) {
        self.status = status
        self.errorComment = errorComment
    }

    public static let success = StoreStatus(.success)
}
