import Glibc

/// Writes the file of one image while it comes in. It belongs to one thread at a time.
///
/// What was begun and not finished is removed when this value goes.
public final class ImageWriter {
    private let folder: ImageFolder
    private let claim: ImageClaim
    private let need: FolderSync.Need
    private let compressor: ImageFrames?
    private let use: ImageFolder.Use
    /// Nil: closed.
    private var file: Int32?
    private let headBytes: Int
    private var dataSetBytes = 0
    private var storedBytes = 0
    private var checksum = XXH64()
    /// Small pieces are gathered here, so that each does not cost a call of the system.
    private var gathered = RawBuffer(capacity: 16 * 1024)

    init(
        head: [UInt8], compression: ImageCompression, for use: ImageFolder.Use, in folder: ImageFolder
    ) throws(SpoolError) {
        self.folder = folder
        self.use = use
        headBytes = head.count
        compressor =
            switch compression {
            case .none: nil
            case .zstd(let level): ImageFrames(level: level, folder.compressors)
            }
        let (claim, file) = try folder.make(isCompressed: compressor != nil, for: use)
        self.claim = claim
        self.file = file.file
        need = file.need
        try head.span.bytes.withUnsafeBytes { bytes throws(SpoolError) in try store(bytes) }
    }

    deinit {
        if let file { folder.disk.close(file) }
    }

    public var isCompressed: Bool { compressor != nil }

    /// The next bytes of the data set.
    /// - Throws: `SpoolError.full` or `.overBudget` when images may take no more of the disk; whatever is thrown, the file is lost.
    public func append(_ bytes: RawSpan) throws(SpoolError) {
        try bytes.withUnsafeBytes { bytes throws(SpoolError) in
            dataSetBytes += bytes.count
            checksum.append(bytes)
            try store(bytes)
        }
    }

    /// Returns once the file is durable under its name. Nothing is appended afterwards.
    public func finish() throws(SpoolError) -> ImageFile {
        if let compressor {
            try compressor.finish { frame throws(SpoolError) in try write(frame) }
        }
        try flush()
        guard let file else { throw Self.isClosed }
        do throws(DiskError) {
            try folder.disk.sync(file)
            // It may have been made long ago, and somebody may have deleted it since.
            guard try folder.disk.isNamed(file) else { throw DiskError(code: ENOENT) }
            close()
            try folder.folderSync.wait(for: need)
        } catch {
            close()
            // Their names waited for the same sync, or they were deleted with it.
            folder.dropSpares()
            throw folder.error(error, claim.name)
        }
        return ImageFile(
            number: claim.name.number, headBytes: headBytes, dataSetBytes: dataSetBytes, storedBytes: storedBytes,
            isCompressed: isCompressed, checksum: checksum.value, claim: claim)
    }

    private func store(_ bytes: UnsafeRawBufferPointer) throws(SpoolError) {
        guard let compressor else { return try write(bytes) }
        try compressor.append(bytes) { frame throws(SpoolError) in try write(frame) }
    }

    private func write(_ bytes: UnsafeRawBufferPointer) throws(SpoolError) {
        if bytes.count <= gathered.left {
            gathered.append(bytes)
        } else {
            try flush(with: bytes)
        }
    }

    private func flush(with bytes: UnsafeRawBufferPointer = UnsafeRawBufferPointer(start: nil, count: 0))
        throws(SpoolError)
    {
        guard let file else { throw Self.isClosed }
        let count = gathered.count + bytes.count
        guard count > 0 else { return }
        do throws(SpoolError) {
            if let refusal = folder.refusal(adding: count, for: use) { throw refusal }
            // Counted before: what a failed write leaves behind is not more.
            folder.hasGrown(claim.name, by: count)
            storedBytes += count
            do throws(DiskError) {
                try folder.disk.write(file, gathered.bytes, bytes)
            } catch {
                throw folder.error(error, claim.name)
            }
        } catch {
            close()
            throw error
        }
        gathered.removeAll()
    }

    private func close() {
        if let file { folder.disk.close(file) }
        file = nil
    }

    private static let isClosed = SpoolError.unwritable(reason: "the image was closed before")
}
