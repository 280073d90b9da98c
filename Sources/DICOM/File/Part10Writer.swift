/// Writes the start of a DICOM file (PS3.10 §7.1): a preamble of zeros, `DICM`, and the file meta information.
public struct Part10Writer: Hashable, Sendable {
    public let transferSyntax: TransferSyntax
    public let implementationClassUID: String
    /// At most 16 characters.
    public let implementationVersionName: String
    /// The application entity that wrote the file (0002,0016), if it is to be said.
    public let sourceApplicationEntityTitle: AETitle?

    public init(
        transferSyntax: TransferSyntax = .explicitVRLittleEndian, implementationClassUID: String,
        implementationVersionName: String, sourceApplicationEntityTitle: AETitle? = nil
    ) {
        precondition((1...16).contains(implementationVersionName.utf8.count), "an SH of 1 to 16 characters")
        self.transferSyntax = transferSyntax
        self.implementationClassUID = implementationClassUID
        self.implementationVersionName = implementationVersionName
        self.sourceApplicationEntityTitle = sourceApplicationEntityTitle
    }

    /// Everything before the data set.
    public func start(sopClassUID: SOPClassUID, sopInstanceUID: InstanceUID) -> [UInt8] {
        var meta = DataSetWriter(encoding: .explicitVRLittleEndian)
        meta.element(Tag(0x0002, 0x0001), .OB, bytes: [0, 1])
        meta.element(Tag(0x0002, 0x0002), sopClassUID)
        meta.element(Tag(0x0002, 0x0003), sopInstanceUID)
        meta.element(Tag(0x0002, 0x0010), transferSyntax)
        meta.element(Tag(0x0002, 0x0012), .UI, implementationClassUID)
        meta.element(Tag(0x0002, 0x0013), .SH, implementationVersionName)
        if let title = sourceApplicationEntityTitle { meta.element(Tag(0x0002, 0x0016), .AE, title.text) }
        let group = meta.finish()
        var length = DataSetWriter(encoding: .explicitVRLittleEndian)
        length.element(Tag(0x0002, 0x0000), uint32: UInt32(group.count))
        return [UInt8](repeating: 0, count: 128) + Part10File.prefix + length.finish() + group
    }

    /// A whole file.
    public func file(sopClassUID: SOPClassUID, sopInstanceUID: InstanceUID, dataSet: [UInt8]) -> [UInt8] {
        start(sopClassUID: sopClassUID, sopInstanceUID: sopInstanceUID) + dataSet
    }
}
