import CZlib

/// Undoes the deflate of a deflated transfer syntax (PS3.5 §A.5), piece by piece.
///
/// The standard wants the bare stream of RFC 1951; some senders put it into a zlib stream (RFC 1950), and some declare
/// the transfer syntax and deflate nothing. All three are read.
final class Inflater {
    enum Form { case unknown, raw, zlib, plain }

    private var stream = z_stream()
    private var form = Form.unknown
    private var isOpen = false
    /// The first bytes, until they tell the form.
    private var start: [UInt8] = []
    private var output = [UInt8](repeating: 0, count: 32 * 1024)
    private let limit: Int
    private(set) var produced = 0
    /// The stream has ended; bytes behind it are padding.
    private(set) var isComplete = false

    init(limit: Int) { self.limit = limit }

    deinit { if isOpen { inflateEnd(&stream) } }

    /// Inflates a chunk, and hands each piece to `take`, which says whether it wants more.
    func append(_ chunk: RawSpan, _ take: (RawSpan) -> Bool) throws(ParseError) {
        guard form == .unknown else { return try run(chunk, take) }
        start.append(chunk, 0..<chunk.byteCount)
        guard start.count >= 8 else { return }
        try begin(take)
    }

    /// Ends the stream: what was too short to tell its form is taken as it is.
    func finish(_ take: (RawSpan) -> Bool) throws(ParseError) {
        if form == .unknown, !start.isEmpty { try begin(take) }
        if form != .plain, form != .unknown, !isComplete { throw ParseError(.unexpectedEnd, offset: produced) }
    }

    private func begin(_ take: (RawSpan) -> Bool) throws(ParseError) {
        form = Inflater.form(of: start)
        if form != .plain {
            let windowBits: Int32 = form == .zlib ? 15 : -15
            let size = Int32(MemoryLayout<z_stream>.size)
            guard inflateInit2_(&stream, windowBits, ZLIB_VERSION, size) == Z_OK else {
                throw ParseError(.notDeflated, offset: 0)
            }
            isOpen = true
        }
        let first = start
        start = []
        try run(first.span.bytes, take)
    }

    private func run(_ chunk: RawSpan, _ take: (RawSpan) -> Bool) throws(ParseError) {
        guard form != .plain else {
            _ = take(chunk)
            return
        }
        var consumed = 0
        while !isComplete {
            let before = consumed
            let (count, code) = inflateOnce(chunk, &consumed)
            produced += count
            if count > 0, !take(output.span.bytes.extracting(0..<count)) { return }
            switch code {
            case Z_STREAM_END: isComplete = true
            case Z_OK, Z_BUF_ERROR:
                if produced > limit { throw ParseError(.inflatesBeyondLimit(limit), offset: produced) }
                if count == 0, consumed == before || consumed == chunk.byteCount { return }
            default: throw ParseError(.notDeflated, offset: produced)
            }
        }
    }

    private func inflateOnce(_ chunk: RawSpan, _ consumed: inout Int) -> (count: Int, code: Int32) {
        chunk.withUnsafeBytes { input in
            output.withUnsafeMutableBufferPointer { output in
                let pending = UInt32(clamping: input.count - consumed)
                // zlib does not write to its input; its interface only lacks the `const`.
                let next = input.baseAddress.map { ($0 + consumed).assumingMemoryBound(to: UInt8.self) }
                stream.next_in = UnsafeMutablePointer(mutating: next)
                stream.avail_in = pending
                stream.next_out = output.baseAddress
                stream.avail_out = UInt32(output.count)
                let code = CZlib.inflate(&stream, Z_NO_FLUSH)
                consumed += Int(pending - stream.avail_in)
                return (output.count - Int(stream.avail_out), code)
            }
        }
    }

    /// Inflates all of it.
    static func inflate(_ bytes: RawSpan, limit: Int) throws(ParseError) -> [UInt8] {
        var result: [UInt8] = []
        let inflater = Inflater(limit: limit)
        let take = { (piece: RawSpan) -> Bool in
            result.append(piece, 0..<piece.byteCount)
            return true
        }
        try inflater.append(bytes, take)
        try inflater.finish(take)
        return result
    }

    /// A zlib header is a multiple of 31 with method 8 (RFC 1950 §2.2); read as a bare stream the same bytes are a stored
    /// block, whose length comes twice, once inverted (RFC 1951 §3.2.4). A data set begins with a low group.
    static func form(of start: [UInt8]) -> Form {
        guard start.count >= 6 else { return .raw }
        let isStored = start[0] & 0b110 == 0 && start[1] == ~start[3] && start[2] == ~start[4]
        if isStored { return .raw }
        if start[0] & 0x0F == 8, (Int(start[0]) << 8 | Int(start[1])) % 31 == 0 { return .zlib }
        return VR(start[4], start[5]).isStandard && start[1] == 0 ? .plain : .raw
    }
}

extension DataSet {
    /// The bytes of a deflated data set, at most `limit`.
    public static func inflated(
        _ bytes: RawSpan, limit: Int = Limits().inflatedBytes
    ) throws(ParseError) -> [UInt8] {
        try Inflater.inflate(bytes, limit: limit)
    }
}
