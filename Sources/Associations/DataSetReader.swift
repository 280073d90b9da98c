import Glibc

/// Reads a data set that is to be sent, piece by piece; what a file holds can also go past us.
struct DataSetReader: ~Copyable {
    private enum Source {
        case bytes(ArraySlice<UInt8>)
        case file
        case reader(any DataSetBytes)
    }

    private var source: Source
    /// Of a file.
    private(set) var descriptor: Int32 = -1
    /// Where in the file the next byte is.
    private(set) var offset = 0
    /// Bytes still to come; nil: nobody knows.
    private(set) var left: Int?
    /// All was read.
    private(set) var isAtEnd = false
    /// Read to see whether the end is reached.
    private var ahead: UInt8?
    /// The kernel can move the file's bytes to a socket.
    var isSendable = false

    init(_ source: Association.DataSetSource) throws(AssociationError) {
        switch source {
        case .bytes(let bytes):
            self.source = .bytes(bytes[...])
            left = bytes.count
        case .file(let path, let offset, let length):
            self.source = .file
            descriptor = open(path, O_RDONLY | O_CLOEXEC)
            guard descriptor >= 0 else { throw .source(.system(code: errno)) }
            var status = stat()
            guard fstat(descriptor, &status) == 0 else { throw .source(.system(code: errno)) }
            let present = Int(status.st_size) - offset
            guard present >= length ?? 0 else { throw .source(.tooShort) }
            self.offset = offset
            left = length ?? present
            isSendable = true
        case .reader(let reader):
            self.source = .reader(reader)
            left = reader.left
        }
        isAtEnd = left == 0
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    /// So many bytes of the file went past us.
    mutating func pass(_ count: Int) {
        offset += count
        left = left.map { $0 - count }
        isAtEnd = left == 0
    }

    /// Fills the buffer, or as much of it as there is left; returns how much, and knows then whether the end is reached.
    mutating func read(into buffer: UnsafeMutableRawBufferPointer) throws(AssociationError) -> Int {
        switch source {
        case .bytes(let bytes):
            let count = min(buffer.count, bytes.count)
            buffer.copyBytes(from: bytes.prefix(count))
            source = .bytes(bytes.dropFirst(count))
            pass(count)
            return count
        case .file:
            let part = UnsafeMutableRawBufferPointer(rebasing: buffer[..<min(buffer.count, left ?? 0)])
            try readFile(into: part)
            pass(part.count)
            return part.count
        case .reader(let reader):
            do throws(DataSetFault) {
                return try read(reader, into: buffer)
            } catch {
                throw .source(error)
            }
        }
    }

    private func readFile(into buffer: UnsafeMutableRawBufferPointer) throws(AssociationError) {
        var done = 0
        while done < buffer.count {
            let count = pread(descriptor, buffer.baseAddress.map { $0 + done }, buffer.count - done, offset + done)
            if count < 0, errno == EINTR { continue }
            // The end before its time: the file has become shorter.
            guard count > 0 else { throw .source(count == 0 ? .tooShort : .system(code: errno)) }
            done += count
        }
    }

    /// One byte more than asked for tells whether it was the last.
    private mutating func read(
        _ reader: any DataSetBytes, into buffer: UnsafeMutableRawBufferPointer
    ) throws(DataSetFault) -> Int {
        var done = 0
        if let ahead, !buffer.isEmpty {
            buffer[0] = ahead
            (self.ahead, done) = (nil, 1)
        }
        while done < buffer.count, !isAtEnd {
            let count = try reader.read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[done...]))
            isAtEnd = count == 0
            done += count
        }
        if !isAtEnd {
            var byte: UInt8 = 0
            let count = try withUnsafeMutableBytes(of: &byte) { buffer throws(DataSetFault) in
                try reader.read(into: buffer)
            }
            if count == 0 { isAtEnd = true } else { ahead = byte }
        }
        if let known = left {
            left = known - done
            guard known >= done, !isAtEnd || known == done else { throw .tooShort }
        }
        return done
    }
}
