import CZstd

/// zstd with one context for each direction: 0.2 to 0.5 MB in all. It belongs to one thread at a time.
final class Compressor {
    private var writing: OpaquePointer?
    private var reading: OpaquePointer?
    private var output: [UInt8] = []

    deinit {
        ZSTD_freeCCtx(writing)
        ZSTD_freeDCtx(reading)
    }

    /// Made when first needed: most connections only read.
    private func writingContext() -> OpaquePointer {
        if let writing { return writing }
        guard let made = ZSTD_createCCtx() else { preconditionFailure("zstd: out of memory") }
        // Four bytes a frame that tell a damaged one from a whole one.
        ZSTD_CCtx_setParameter(made, ZSTD_c_checksumFlag, 1)
        writing = made
        return made
    }

    private func readingContext() -> OpaquePointer {
        if let reading { return reading }
        guard let made = ZSTD_createDCtx() else { preconditionFailure("zstd: out of memory") }
        reading = made
        return made
    }

    /// - Parameter prefix: what `bytes` resembles; the same is needed to read them.
    func compress(_ bytes: [UInt8], prefix: [UInt8] = [], level: Int32) -> [UInt8] {
        let writing = writingContext()
        ZSTD_CCtx_setParameter(writing, ZSTD_c_compressionLevel, level)
        let bound = ZSTD_compressBound(bytes.count)
        if output.count < bound { output = [UInt8](repeating: 0, count: bound) }
        let count = prefix.withUnsafeBytes { prefix in
            bytes.withUnsafeBytes { bytes in
                output.withUnsafeMutableBytes { output in
                    if !prefix.isEmpty { ZSTD_CCtx_refPrefix(writing, prefix.baseAddress, prefix.count) }
                    return ZSTD_compress2(writing, output.baseAddress, output.count, bytes.baseAddress, bytes.count)
                }
            }
        }
        precondition(ZSTD_isError(count) == 0, "zstd compresses all that fits its bound")
        defer { if output.count > Self.keptOutput { output = [] } }
        return Array(output.prefix(count))
    }

    /// Decompresses into `output` from its start, growing it, and returns the count of bytes.
    func decompress(
        _ frame: UnsafeRawBufferPointer, prefix: [UInt8] = [], into output: inout [UInt8], place: String
    ) throws(SpoolError) -> Int {
        let announced = ZSTD_getFrameContentSize(frame.baseAddress, frame.count)
        // The two largest values say "unknown" and "error" (zstd.h).
        guard announced <= Self.largestContent else { throw .damaged(place: place, reason: "no zstd frame of ours") }
        let needed = Int(announced)
        if output.count < needed { output = [UInt8](repeating: 0, count: needed) }
        let reading = readingContext()
        let count = prefix.withUnsafeBytes { prefix in
            output.withUnsafeMutableBytes { output in
                if !prefix.isEmpty { ZSTD_DCtx_refPrefix(reading, prefix.baseAddress, prefix.count) }
                return ZSTD_decompressDCtx(reading, output.baseAddress, output.count, frame.baseAddress, frame.count)
            }
        }
        guard ZSTD_isError(count) == 0, count == needed else {
            throw .damaged(place: place, reason: String(cString: ZSTD_getErrorName(count)))
        }
        return count
    }

    func decompressed(_ frame: UnsafeRawBufferPointer, place: String) throws(SpoolError) -> [UInt8] {
        var bytes: [UInt8] = []
        let count = try decompress(frame, into: &bytes, place: place)
        return bytes.count == count ? bytes : Array(bytes.prefix(count))
    }

    /// What SQLite takes in one row.
    private static let largestContent: UInt64 = 1_000_000_000
    private static let keptOutput = 256 * 1024
}
