import CZstd
internal import Threads

/// Compresses one file in frames of zstd, each alone: no context is kept from one piece to the next, so that a few serve
/// all files that are being written.
final class ImageFrames {
    private let level: Int32
    private let compressors: ImageCompressors
    private var gathered = RawBuffer(capacity: frameBytes)
    /// Before compression, of a frame. Larger ones save hardly more and cost as much memory for each file.
    static let frameBytes = 128 * 1024

    init(level: Int32, _ compressors: ImageCompressors) {
        self.level = level
        self.compressors = compressors
    }

    /// Calls `body` with each frame that is full.
    func append(
        _ bytes: UnsafeRawBufferPointer, _ body: (UnsafeRawBufferPointer) throws(SpoolError) -> Void
    ) throws(SpoolError) {
        var rest = bytes
        while !rest.isEmpty {
            let count = min(rest.count, gathered.left)
            gathered.append(UnsafeRawBufferPointer(rebasing: rest[..<count]))
            rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(count))
            if gathered.left == 0 { try finish(body) }
        }
    }

    /// Calls `body` with what was appended since the last frame.
    func finish(_ body: (UnsafeRawBufferPointer) throws(SpoolError) -> Void) throws(SpoolError) {
        guard gathered.count > 0 else { return }
        try compressors.use { compressor throws(SpoolError) in
            try compressor.compress(gathered.bytes, level: level, body)
        }
        gathered.removeAll()
    }
}

/// Those that nobody uses.
final class ImageCompressors: Sendable {
    private let idle = Monitor<[ImageCompressor]>([])
    private static let kept = 2

    func use<Result>(_ body: (ImageCompressor) throws(SpoolError) -> Result) throws(SpoolError) -> Result {
        let compressor = idle.withLock { $0.popLast() } ?? ImageCompressor()
        defer { idle.withLock { if $0.count < Self.kept { $0.append(compressor) } } }
        return try body(compressor)
    }
}

/// A context of zstd and room for a frame. It belongs to one thread at a time: `ImageCompressors` lends it.
final class ImageCompressor: @unchecked Sendable {
    // Sendable: whoever took it out of the pool is alone with it.
    private let context: OpaquePointer
    private let output = RawBuffer(capacity: ZSTD_compressBound(ImageFrames.frameBytes))

    init() {
        guard let context = ZSTD_createCCtx() else { preconditionFailure("zstd: out of memory") }
        // Four bytes a frame that tell a damaged one from a whole one.
        ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1)
        self.context = context
    }

    deinit { ZSTD_freeCCtx(context) }

    /// Calls `body` with one frame.
    func compress(
        _ bytes: UnsafeRawBufferPointer, level: Int32, _ body: (UnsafeRawBufferPointer) throws(SpoolError) -> Void
    ) throws(SpoolError) {
        ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, level)
        let output = output.whole
        let count = ZSTD_compress2(context, output.baseAddress, output.count, bytes.baseAddress, bytes.count)
        precondition(ZSTD_isError(count) == 0, "zstd compresses all that fits its bound")
        try body(UnsafeRawBufferPointer(rebasing: output[..<count]))
    }
}
