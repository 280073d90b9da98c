import Glibc

/// Reads a data set that is to be sent, piece by piece.
struct DataSetReader: ~Copyable {
    private var bytes: ArraySlice<UInt8> = []
    private var descriptor: Int32 = -1
    /// Bytes still to come.
    private(set) var left = 0

    init(_ source: Association.DataSetSource) throws(AssociationError) {
        switch source {
        case .bytes(let bytes):
            self.bytes = bytes[...]
            left = bytes.count
        case .file(let path, let offset, _):
            descriptor = open(path, O_RDONLY | O_CLOEXEC)
            guard descriptor >= 0 else { throw .source(.system(code: errno)) }
            var status = stat()
            guard fstat(descriptor, &status) == 0, lseek(descriptor, offset, SEEK_SET) >= 0 else {
                throw .source(.system(code: errno))
            }
            left = max(0, Int(status.st_size) - offset)
        case .reader: throw .source(.other("not yet"))
        }
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    /// Fills the buffer, or as much of it as there is left; returns how much.
    mutating func read(into buffer: UnsafeMutableRawBufferPointer) throws(AssociationError) -> Int {
        let count = min(buffer.count, left)
        let part = UnsafeMutableRawBufferPointer(rebasing: buffer[..<count])
        if descriptor < 0 {
            part.copyBytes(from: bytes.prefix(count))
            bytes = bytes.dropFirst(count)
        } else {
            try readFile(into: part)
        }
        left -= count
        return count
    }

    private func readFile(into buffer: UnsafeMutableRawBufferPointer) throws(AssociationError) {
        var rest = buffer
        while !rest.isEmpty {
            let count = Glibc.read(descriptor, rest.baseAddress, rest.count)
            if count < 0, errno == EINTR { continue }
            // The end before its time: the file has become shorter.
            guard count > 0 else { throw .source(count == 0 ? .tooShort : .system(code: errno)) }
            rest = UnsafeMutableRawBufferPointer(rebasing: rest[count...])
        }
    }
}
