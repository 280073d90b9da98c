internal import Threads

/// A PS3.10 file that is durable. It stays when an arrival takes it (`Arrival.image`, `Spool.queue`); otherwise it is
/// removed as soon as nobody holds this value any more.
public struct ImageFile: Sendable {
    /// Never given to another file of this spool that was queued.
    public let number: Int64
    /// Preamble, prefix and file meta information.
    public let headBytes: Int
    /// Of the data set, as it came.
    public let dataSetBytes: Int
    /// On the disk, head included.
    public let storedBytes: Int
    public let isCompressed: Bool
    /// XXH64 of the data set.
    public let checksum: UInt64
    let claim: ImageClaim
}

extension ImageFile: Equatable {
    public static func == (a: ImageFile, b: ImageFile) -> Bool { a.claim === b.claim }
}

/// Removes a file that no arrival took.
final class ImageClaim: Sendable {
    let name: ImageName
    private let folder: ImageFolder
    private let isTaken = Monitor(false)

    init(_ name: ImageName, in folder: ImageFolder) {
        self.name = name
        self.folder = folder
    }

    deinit {
        if !isTaken.withLock({ $0 }) { folder.discard(name) }
    }

    /// A row tells of the file, or may tell of it: from now on only what deletes the row removes the file.
    func take() {
        isTaken.withLock { isTaken in
            precondition(!isTaken, "an image is queued once")
            isTaken = true
        }
        folder.isTaken(name)
    }

    /// No row tells of it after all.
    func giveBack(bytes: Int) {
        folder.isGivenBack(name, bytes: bytes)
        isTaken.withLock { $0 = false }
    }
}
