public import DICOM

/// Gathers what a study's headers say, in the order in which they arrived.
public struct ManifestBuilder: Sendable {
    /// What became of a header.
    public enum Addition: Sendable, Equatable {
        case listed
        /// The same instance with the same facts: nothing changes.
        case unchanged
        /// The same SOP Instance UID with other facts: the newest is kept. The series it was in before, where another.
        case changed(from: SeriesUID?)
        case excluded(Exclusion)
        case unusable(Defect)
    }

    /// Instances that no manifest lists (platform spec 2.4.5; PS3.4 annex GG: no patient and study).
    public enum Exclusion: Sendable, Equatable {
        case rejectionNote(Code)
        case manifest(Code)
        case notOfAPatient(SOPClassUID)
    }

    /// A header that cannot be listed at all.
    public enum Defect: Sendable, Equatable {
        case missing(Tag)
        case otherStudy(StudyUID)
        case unreadable(offset: Int)
    }

    /// Value types of classes, where they differ from the standard's.
    private let valueTypes: [SOPClassUID: ValueType]

    public init(valueTypes: [SOPClassUID: ValueType] = [:]) { self.valueTypes = valueTypes }

    /// Takes a stored header: a data set that ends before the pixel data, as sent but not deflated.
    public mutating func add(
        _ header: [UInt8], transferSyntax: TransferSyntax, callingAETitle: AETitle? = nil
    ) -> Addition {
        .unusable(.missing(Tag(0x0008, 0x0018)))
    }

    /// What the headers say together; nil while nothing was listed or excluded.
    public func content() -> ManifestContent? { nil }
}
