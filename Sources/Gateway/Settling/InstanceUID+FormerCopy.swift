import DICOM

/// A reference to a copy of an instance that was rejected, while a later copy with the same SOP Instance UID is live:
/// what a destination holds of it is not what is true, and goes by a note although the UID stays.
extension InstanceUID {
    /// No UID has a letter.
    private static let mark = " former"

    var formerCopy: InstanceUID { InstanceUID(text + Self.mark) }

    var isFormerCopy: Bool { text.hasSuffix(Self.mark) }

    /// The UID itself.
    var withoutCopy: InstanceUID { isFormerCopy ? InstanceUID(String(text.dropLast(Self.mark.count))) : self }
}
