public import DICOM

/// A rejection note, as far as one study is concerned (IHE RAD TF-3 §4.66.4.1.3).
public struct Rejection: Hashable, Sendable {
    /// SOP Instance UID of the note.
    public var note: InstanceUID
    /// A hash of the note's content: the same UID with another one is another note.
    public var digest: UInt64
    /// Code Value of the title, `113001` for instance; scheme and meaning say nothing more.
    public var title: String
    /// The instances that it rejects.
    public var references: [InstanceUID]
    /// The patient that the note names; nil when it names none.
    public var patient: PatientKey?
    public var accessionNumber: String
    /// When it came, seconds since 1970-01-01T00:00:00Z.
    public var at: Int64
    /// It names another study, from which the instances may have been moved: it means copies that were never seen here,
    /// and what is here is judged like a copy that came after it.
    public var meansFormerCopies = false

    public init(
        note: InstanceUID, digest: UInt64, title: String, references: [InstanceUID], patient: PatientKey?,
        accessionNumber: String, at: Int64
    ) {
        self.note = note
        self.digest = digest
        self.title = title
        self.references = references
        self.patient = patient
        self.accessionNumber = accessionNumber
        self.at = at
    }
}
