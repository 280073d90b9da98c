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

/// Lends compressors to those who write, and keeps some of them between two frames.
final class ImageCompressors: Sendable {
    private struct State {
        var idle: [ImageCompressor] = []
        var lent = 0
    }

    private let state = Monitor(State())
    /// Each costs a megabyte. Of more frames at once none would be ready sooner: it is the work of the processors.
    private static let most = 4
    private static let kept = 2

    /// Waits for its turn where many frames are compressed at once.
    func use<Result>(_ body: (ImageCompressor) throws(SpoolError) -> Result) throws(SpoolError) -> Result {
        let compressor = lend() ?? ImageCompressor()
        defer { giveBack(compressor) }
        return try body(compressor)
    }

    /// Nil: a new one.
    private func lend() -> ImageCompressor? {
        state.wait { state -> [ImageCompressor]? in
            guard state.lent < Self.most else { return nil }
            state.lent += 1
            return state.idle.popLast().map { [$0] } ?? []
        }?.first
    }

    private func giveBack(_ compressor: ImageCompressor) {
        state.update { state in
            state.lent -= 1
            if state.idle.count < Self.kept { state.idle.append(compressor) }
        }
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
