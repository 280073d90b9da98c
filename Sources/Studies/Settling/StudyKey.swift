public import DICOM

/// What tells one study from another here: two PACS may hold the same study, each with its own copy, so the source
/// is part of the key.
public struct StudyKey: Hashable, Sendable, CustomStringConvertible {
    /// The name of the source in the configuration.
    public let source: String
    public let studyInstanceUID: StudyUID

    public init(source: String, studyInstanceUID: StudyUID) {
        self.source = source
        self.studyInstanceUID = studyInstanceUID
    }

    public var description: String { "\(studyInstanceUID) from \(source)" }
}
