/// Delivers to a folder. Columns of its index: file, study, version, SOP Instance UID, source, kind.
public final class FolderCarrier: Carrier {
    private let path: String

    public init(path: String) { self.path = path }

    public func deliver(_ document: OutgoingDocument, progress: () -> Void) throws(DeliveryFailure) -> String {
        let folder = try ManifestFolder(path: path)
        try folder.write(
            document.file, name: document.name,
            description: [
                document.studyUID, document.version, document.identity, document.source, document.kind.rawValue,
            ])
        return "\(path)/\(document.name)"
    }

    public func rest() {}
}
