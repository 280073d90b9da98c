import DICOM

/// The preamble and the file meta information of a manifest (PS3.10 §7.1).
enum FileMetaInformation {
    static func bytes(_ identity: ManifestIdentity, transferSyntax: TransferSyntax) -> [UInt8] {
        []
    }
}
