public import DICOM

/// A manifest that can be written: content that satisfies its profile, every value chosen and encodable.
public struct Manifest: Sendable {
    /// Another digest than the last version's: a new version is due.
    public let digest: ContentDigest
    public let notes: [ManifestNote]
    public let content: ManifestContent
    public let settings: ManifestSettings

    /// Chooses and checks every value; throws all reasons why there is no legal manifest.
    public init(of content: ManifestContent, settings: ManifestSettings) throws(HoldReasons) {
        self.content = content
        self.settings = settings
        notes = []
        digest = ContentDigest(bytes: [])
    }

    /// The PS3.10 file. The same manifest and identity always give the same bytes.
    public func bytes(
        _ identity: ManifestIdentity, transferSyntax: TransferSyntax = .explicitVRLittleEndian
    ) -> [UInt8] {
        []
    }
}
