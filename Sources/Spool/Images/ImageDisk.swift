/// What the files of images need of the system; a file goes by its name in their folder and, while it is written, by its
/// descriptor.
protocol ImageDisk: Sendable {
    /// Makes a new empty file to write.
    func make(_ name: String) throws(DiskError) -> Int32
    /// Appends the bytes of both, in this order.
    func write(_ file: Int32, _ first: UnsafeRawBufferPointer, _ second: UnsafeRawBufferPointer) throws(DiskError)
    /// The bytes are on the disk when it returns; the name need not be.
    func sync(_ file: Int32) throws(DiskError)
    /// The names are on the disk when it returns: those that were made are, those that were removed are not.
    func syncFolder() throws(DiskError)
    /// Some name leads to it still, here or elsewhere.
    func isNamed(_ file: Int32) throws(DiskError) -> Bool
    func open(_ name: String) throws(DiskError) -> Int32
    /// At most as many bytes as fit; 0: the end.
    func read(_ file: Int32, into buffer: UnsafeMutableRawBufferPointer) throws(DiskError) -> Int
    func close(_ file: Int32)
    func remove(_ name: String) throws(DiskError)
    /// Calls `body` with each name in the folder.
    func forEachName(_ body: (String) -> Void) throws(DiskError)
    /// In bytes; nil: it is not there.
    func size(of name: String) -> Int?
    /// Bytes that this user may still write on the file system; nil: unknown.
    var freeBytes: Int? { get }
    /// Bytes that this user could write if nothing was on the file system; nil: unknown.
    var totalBytes: Int? { get }
}

/// What the system said.
struct DiskError: Error, Equatable {
    var code: Int32
}
