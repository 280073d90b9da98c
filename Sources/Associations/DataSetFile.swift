import Glibc

/// A data set that is a part of a file, read piece by piece: to be re-encoded. To send it as it is,
/// `Association.DataSetSource.file` is cheaper.
public final class DataSetFile: DataSetBytes {
    private let descriptor: Int32
    private var rest: Int

    /// - Parameters:
    ///   - offset: of the data set's first byte.
    ///   - length: bytes; nil: up to the end of the file.
    /// - Throws: the errno of the file, or `tooShort`.
    public init(path: String, offset: Int, length: Int? = nil) throws(DataSetFault) {
        descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .system(code: errno) }
        rest = 0
        var status = stat()
        guard fstat(descriptor, &status) == 0, lseek(descriptor, offset, SEEK_SET) >= 0 else {
            throw .system(code: errno)
        }
        let present = Int(status.st_size) - offset
        guard present >= length ?? 0 else { throw .tooShort }
        rest = length ?? present
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    public var left: Int? { rest }

    public func read(into buffer: UnsafeMutableRawBufferPointer) throws(DataSetFault) -> Int {
        let wanted = min(buffer.count, rest)
        guard wanted > 0 else { return 0 }
        while true {
            let count = Glibc.read(descriptor, buffer.baseAddress, wanted)
            if count > 0 {
                rest -= count
                return count
            }
            if count == 0 { throw .tooShort }
            if errno != EINTR { throw .system(code: errno) }
        }
    }
}
