/// The files of images that are forgotten, durably: removed when nobody holds this value any more. What a crash leaves
/// of them is removed when the spool is opened again.
public final class ImageLeftovers: Sendable {
    private let files: [StoredImage]
    private let folder: ImageFolder

    init(_ files: [StoredImage], in folder: ImageFolder) {
        self.files = files
        self.folder = folder
        folder.isForgotten(files)
    }

    deinit {
        for file in files { folder.discard(file.name) }
    }
}
