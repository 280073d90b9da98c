import CZstd
import Glibc

/// Reads the data set of one image, byte for byte as it came. It belongs to one thread at a time.
public final class ImageReader {
    public let transferSyntax: String
    /// Bytes of the data set that were not read yet.
    public private(set) var left: Int
    /// Of a file that is not compressed: where its data set begins, for sendfile(2). Nil: it is compressed.
    public let plainFile: (path: String, offset: Int)?

    private let stored: StoredDataSet
    private let folder: ImageFolder
    private let file: Int32
    private var frames: ImageFrameReader?
    private var checksum = XXH64()
    /// Head of the file that was not passed over yet.
    private var head: Int

    init(_ stored: StoredDataSet, in folder: ImageFolder) throws(SpoolError) {
        self.stored = stored
        self.folder = folder
        transferSyntax = stored.transferSyntax
        left = stored.bytes
        head = stored.headBytes
        plainFile =
            stored.name.isCompressed ? nil : (path: "\(folder.path)/\(stored.name.text)", offset: stored.headBytes)
        do throws(DiskError) {
            file = try folder.disk.open(stored.name.text)
        } catch {
            let path = "\(folder.path)/\(stored.name.text)"
            switch error.code {
            // That says nothing of the file.
            case EMFILE, ENFILE, ENOMEM: throw .cannotOpen(path: path, reason: error.reason)
            case _: throw .unreadable(reason: "\(path): \(error.reason)")
            }
        }
        if stored.name.isCompressed { frames = ImageFrameReader() }
    }

    deinit { folder.disk.close(file) }

    /// Reads all of it.
    /// - Throws: `SpoolError.damaged` when it is not what was stored.
    func check() throws(SpoolError) {
        let buffer = RawBuffer(capacity: 128 * 1024)
        while left > 0 { _ = try read(into: buffer.whole) }
    }

    /// Fills the buffer as far as there are bytes of the data set; 0: there are no more.
    /// - Throws: `SpoolError.damaged` when they are not those that were stored, at the end at the latest.
    public func read(into buffer: UnsafeMutableRawBufferPointer) throws(SpoolError) -> Int {
        try passHead()
        let wanted = min(buffer.count, left)
        var count = 0
        while count < wanted {
            let more = try next(into: UnsafeMutableRawBufferPointer(rebasing: buffer[count..<wanted]))
            guard more > 0 else { throw damaged("it ends too early") }
            count += more
        }
        left -= count
        checksum.append(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
        if left == 0, checksum.value != stored.checksum { throw damaged("its checksum is another") }
        return count
    }

    private func passHead() throws(SpoolError) {
        guard head > 0 else { return }
        let passed = RawBuffer(capacity: min(head, 4_096))
        while head > 0 {
            let room = UnsafeMutableRawBufferPointer(rebasing: passed.whole.prefix(head))
            let count = try next(into: room)
            guard count > 0 else { throw damaged("it ends too early") }
            head -= count
        }
    }

    /// The next bytes of what was written, at least one; 0: there are no more.
    private func next(into buffer: UnsafeMutableRawBufferPointer) throws(SpoolError) -> Int {
        guard let frames else { return try readFile(into: buffer) }
        do throws(ImageFrameReader.Fault) {
            return try frames.read(into: buffer) { input throws(ImageFrameReader.Fault) in
                do throws(SpoolError) { return try readFile(into: input) } catch { throw .spool(error) }
            }
        } catch {
            switch error {
            case .spool(let error): throw error
            case .zstd(let reason): throw damaged(reason)
            }
        }
    }

    private func readFile(into buffer: UnsafeMutableRawBufferPointer) throws(SpoolError) -> Int {
        do throws(DiskError) {
            return try folder.disk.read(file, into: buffer)
        } catch {
            throw .unreadable(reason: "\(folder.path)/\(stored.name.text): \(error.reason)")
        }
    }

    private func damaged(_ reason: String) -> SpoolError {
        .damaged(place: "\(folder.path)/\(stored.name.text)", reason: reason)
    }
}

/// What a row tells of the file that is to be read.
struct StoredDataSet {
    var name: ImageName
    var transferSyntax: String
    var headBytes: Int
    var bytes: Int
    var checksum: UInt64
}

/// Decompresses frame after frame.
final class ImageFrameReader {
    enum Fault: Error {
        case zstd(String)
        case spool(SpoolError)
    }

    private let context: OpaquePointer
    private let input = RawBuffer(capacity: 64 * 1024)
    private var available = 0..<0

    init() {
        guard let context = ZSTD_createDCtx() else { preconditionFailure("zstd: out of memory") }
        self.context = context
    }

    deinit { ZSTD_freeDCtx(context) }

    /// At least one byte; 0: there are no more.
    /// - Parameter source: gives the next compressed bytes, 0 at their end.
    func read(
        into buffer: UnsafeMutableRawBufferPointer, from source: (UnsafeMutableRawBufferPointer) throws(Fault) -> Int
    ) throws(Fault) -> Int {
        var output = ZSTD_outBuffer(dst: buffer.baseAddress, size: buffer.count, pos: 0)
        while output.pos == 0, output.size > 0 {
            if available.isEmpty {
                let count = try source(input.whole)
                guard count > 0 else { return 0 }
                available = 0..<count
            }
            var read = ZSTD_inBuffer(
                src: input.whole.baseAddress, size: available.upperBound, pos: available.lowerBound)
            let code = ZSTD_decompressStream(context, &output, &read)
            available = read.pos..<available.upperBound
            guard ZSTD_isError(code) == 0 else { throw .zstd(String(cString: ZSTD_getErrorName(code))) }
        }
        return output.pos
    }
}
