public import DICOM

/// A manifest that can be written: content that satisfies its profile, every value chosen and encodable.
public struct Manifest: Sendable {
    /// As it will be stated: checked, cut to what is listed, in its order.
    public let content: ManifestContent
    public private(set) var settings: ManifestSettings
    /// Another digest than the last version's: a new version is due. Recipients are not in it: a platform heeds those of
    /// the first submission only.
    public let digest: ContentDigest
    /// As `digest`, but of the attributes alone: references are not in it.
    public let attributesDigest: ContentDigest
    public let notes: [ManifestNote]

    /// Chooses and checks every value; throws all reasons why there is no legal manifest.
    ///
    /// - Parameter released: codes of holds that somebody decided to publish in spite of (`Hold.isReleasable`).
    public init(
        of content: ManifestContent, settings: ManifestSettings, releasing released: Set<String> = []
    ) throws(HoldReasons) {
        var preparation = ManifestPreparation(settings, released: released)
        let prepared = preparation.prepare(content)
        guard preparation.check.holds.isEmpty else { throw HoldReasons(holds: preparation.check.holds) }
        let preparedSettings = preparation.prepareSettings()
        guard preparation.check.holds.isEmpty else { throw HoldReasons(holds: preparation.check.holds) }
        self.content = prepared
        self.settings = preparedSettings
        notes = preparation.check.notes
        (digest, attributesDigest) = Self.digests(of: prepared, preparedSettings)
    }

    /// The same manifest, as a first submission or as a later one (`ManifestSettings.writesRecipients`).
    public func stating(recipients: Bool) -> Manifest {
        var manifest = self
        manifest.settings.writesRecipients = recipients
        return manifest
    }

    /// The PS3.10 file. The same manifest and identity always give the same bytes.
    ///
    /// - Parameter transferSyntax: explicit or implicit VR little endian.
    public func bytes(_ identity: ManifestIdentity, transferSyntax: TransferSyntax = .explicitVRLittleEndian) -> [UInt8]
    {
        precondition(!transferSyntax.encoding.isBigEndian && !transferSyntax.isDeflated)
        return Self.file(transferSyntax).file(
            sopClassUID: .keyObjectSelectionDocument, sopInstanceUID: InstanceUID(identity.sopInstanceUID),
            dataSet: dataSet(identity, transferSyntax: transferSyntax))
    }

    /// The same implementation as the network's (PS3.10 §7.1, PS3.7 §D.3.3.2).
    static func file(_ transferSyntax: TransferSyntax) -> Part10Writer {
        Part10Writer(
            transferSyntax: transferSyntax, implementationClassUID: "2.25.124448124277859665265891153312194674597",
            implementationVersionName: "KOSGATE_1")
    }

    /// The data set alone, as C-STORE sends it.
    public func dataSet(_ identity: ManifestIdentity, transferSyntax: TransferSyntax = .explicitVRLittleEndian)
        -> [UInt8]
    {
        var writer = ManifestWriter(content, settings, encoding: transferSyntax.encoding)
        writer.write(identity)
        return writer.out.finish()
    }

    /// What a reader of the manifest learns: all its attributes but those that tell versions and gateways apart, and
    /// all its references; and the first part of it alone.
    private static func digests(
        of content: ManifestContent, _ settings: ManifestSettings
    ) -> (whole: ContentDigest, attributes: ContentDigest) {
        var hash = SHA256()
        var anonymous = settings
        anonymous.equipment = ManifestSettings.Equipment()
        anonymous.writesRecipients = false
        var writer = ManifestWriter(content, anonymous, encoding: .explicitVRLittleEndian)
        writer.writeAttributes(
            ManifestIdentity(
                sopInstanceUID: "", seriesInstanceUID: "", instanceNumber: 0, contentInstant: 0, timezoneOffset: 0))
        writer.writeContextItems()
        hash.update(writer.out.finish())
        for text in [settings.retrieve.locationUID, settings.retrieve.url] { hash.update(line: text) }
        var attributes = hash
        attributes.update(line: settings.retrieve.aeTitle?.text ?? "")
        for series in content.series {
            hash.update(line: series.seriesInstanceUID.text)
            hash.update(line: series.retrieveAETitle?.text ?? "")
            for instance in series.instances {
                hash.update(line: instance.sopInstanceUID.text)
                hash.update(line: instance.sopClassUID.text)
                hash.update(line: instance.valueType.rawValue)
            }
        }
        return (ContentDigest(bytes: hash.digest()), ContentDigest(bytes: attributes.digest()))
    }
}
