/// Brings documents to one destination. One thread owns it.
public protocol Carrier: AnyObject, Sendable {
    /// Returns once the destination has it for good: where it lies there, for the operator (may be empty).
    func deliver(_ document: OutgoingDocument) throws(DeliveryFailure) -> String
    /// Nothing more is to be sent for now: lets go of what it holds open.
    func rest()
}

/// A manifest on its way.
public struct OutgoingDocument: Equatable, Sendable {
    public let source: String
    public let studyUID: String
    public let version: String
    /// SOP Instance UID.
    public let identity: String
    /// File name, made by us.
    public let name: String
    /// The PS3.10 file: the same bytes at every try.
    public let file: [UInt8]

    public init(source: String, studyUID: String, version: String, identity: String, name: String, file: [UInt8]) {
        self.source = source
        self.studyUID = studyUID
        self.version = version
        self.identity = identity
        self.name = name
        self.file = file
    }
}
