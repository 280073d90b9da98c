import Spool

/// A document on its way.
public struct OutgoingDocument: Equatable, Sendable {
    public enum Kind: String, Sendable {
        case manifest
        case rejectionNote = "rejection note"

        /// Files of rejection notes are named so.
        public static let rejectionNotePrefix = "rejection-"

        public init(fileName: String) {
            self = fileName.hasPrefix(Self.rejectionNotePrefix) ? .rejectionNote : .manifest
        }
    }

    public let source: String
    public let studyUID: String
    public let version: String
    /// SOP Instance UID.
    public let identity: String
    /// File name, made by us.
    public let name: String
    /// The PS3.10 file: the same bytes at every try. Empty when it could not be read.
    public internal(set) var file: [UInt8]

    public init(source: String, studyUID: String, version: String, identity: String, name: String, file: [UInt8]) {
        self.source = source
        self.studyUID = studyUID
        self.version = version
        self.identity = identity
        self.name = name
        self.file = file
    }

    init(_ delivery: Delivery, of study: StudyEntry?, file: [UInt8]) {
        self.init(
            source: study?.source ?? "", studyUID: study?.uid ?? "", version: delivery.version,
            identity: delivery.identity, name: delivery.fileName, file: file)
    }

    public var kind: Kind { Kind(fileName: name) }

    /// "manifest version 3", "rejection note (113001)", for the operator.
    public var label: String {
        guard !version.isEmpty else { return kind.rawValue }
        return switch kind {
        case .manifest: "\(kind.rawValue) version \(version)"
        case .rejectionNote: "\(kind.rawValue) (\(version))"
        }
    }
}
