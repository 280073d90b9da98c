public import DICOM

extension ManifestBuilder {
    /// What a manifest of the PACS's references states that is made again from the headers known.
    ///
    /// A reference whose header is not known keeps the class and series of the document; patient and study are those of
    /// the headers, else the document's.
    ///
    /// - Parameter isLeftOut: references that are not taken over, rejected ones for instance.
    public func content(
        repairing manifest: ReceivedManifest, leavingOut isLeftOut: (InstanceUID) -> Bool = { _ in false }
    ) -> ManifestContent? { content() }
}
