/// A file that nothing was written to yet.
struct EmptyImage {
    var name: ImageName
    var file: Int32
    /// What keeps its name.
    var need: FolderSync.Need
}

/// Files that were made before anything came for them: one sync of the folder keeps the names of many. There are some
/// only while images are expected.
///
/// A file with a larger number is never taken before one with a smaller: the numbers are the order of sending.
struct ImageSpares {
    /// By whom images are expected.
    private(set) var expectations = 0
    private var files: ArraySlice<EmptyImage> = []
    /// How many were made at once the last time.
    private var madeAtOnce = 1
    private static let largest = 16

    /// The next of this kind; nil: none is left.
    mutating func take(isCompressed: Bool) -> EmptyImage? {
        files.first?.name.isCompressed == isCompressed ? files.popFirst() : nil
    }

    /// How many are to be made now, one of them to be taken at once: more and more, so that there are never more than
    /// images that came.
    mutating func nextCount() -> Int {
        madeAtOnce = expectations > 0 ? min(max(1, 2 * madeAtOnce), Self.largest) : 1
        return madeAtOnce
    }

    mutating func add(_ made: ArraySlice<EmptyImage>) { files += made }

    /// To be removed: they are of the wrong kind, or not to be trusted.
    mutating func removeAll() -> ArraySlice<EmptyImage> {
        defer { files = [] }
        if !files.isEmpty { madeAtOnce = 0 }
        return files
    }

    mutating func begin() { expectations += 1 }

    /// Returns those that are to be removed.
    mutating func end() -> ArraySlice<EmptyImage> {
        expectations -= 1
        return expectations == 0 ? removeAll() : []
    }
}

/// More images come soon: as long as somebody holds this, files are made ahead of them.
public final class ImageExpectation: Sendable {
    private let folder: ImageFolder

    init(_ folder: ImageFolder) {
        self.folder = folder
        folder.expect()
    }

    deinit { folder.expectNoMore() }
}
