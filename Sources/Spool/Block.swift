/// Sealed headers of one study, packed together.
///
/// One zstd frame of: the count of headers; their series, attributes, distances of arrival numbers and lengths, a column
/// each, as variable-length integers; their bytes. Headers are sorted by series, so that like lies beside like.
enum Block {
    struct Entry: Equatable {
        var number: Int64
        var series: Int64
        var attributes: Int64
        var length: Int
    }

    /// More compress no better, and cost memory when they are read.
    static let largestCount = 256
    static let largestBytes = 2 * 1024 * 1024

    /// The bytes of a block before compression.
    static func pack(_ entries: [Entry], headers: [[UInt8]]) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(entries.reduce(16 + entries.count * 8) { $0 + $1.length })
        var integers = IntegerWriter()
        integers.append(Int64(entries.count))
        integers.appendDistances(entries.lazy.map(\.series))
        integers.appendDistances(entries.lazy.map(\.attributes))
        integers.appendDistances(entries.lazy.map(\.number))
        integers.appendDistances(entries.lazy.map { Int64($0.length) })
        bytes.append(contentsOf: integers.bytes)
        for header in headers { bytes.append(contentsOf: header) }
        return bytes
    }

    /// The entries of a block as they lie in it, and where the first header begins; nil: it is damaged.
    static func unpack(_ bytes: Span<UInt8>) -> (entries: [Entry], start: Int)? {
        var integers = IntegerReader()
        guard let count = integers.next(in: bytes), count >= 0, count <= bytes.count,
            let series = integers.distances(Int(count), in: bytes),
            let attributes = integers.distances(Int(count), in: bytes),
            let numbers = integers.distances(Int(count), in: bytes),
            let lengths = integers.distances(Int(count), in: bytes)
        else { return nil }
        var entries: [Entry] = []
        entries.reserveCapacity(Int(count))
        var left = bytes.count - integers.offset
        for index in 0..<Int(count) {
            guard let length = Int(exactly: lengths[index]), (0...left).contains(length) else { return nil }
            left -= length
            entries.append(
                Entry(number: numbers[index], series: series[index], attributes: attributes[index], length: length))
        }
        return left == 0 ? (entries, integers.offset) : nil
    }
}

/// Integers of 7 bits a byte, the low ones first; signed ones are folded so that small ones stay short.
private struct IntegerWriter {
    private(set) var bytes: [UInt8] = []

    mutating func append(_ value: Int64) {
        var rest = UInt64(bitPattern: (value << 1) ^ (value >> 63))
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }

    mutating func appendDistances(_ values: some Sequence<Int64>) {
        var last: Int64 = 0
        for value in values {
            append(value &- last)
            last = value
        }
    }
}

private struct IntegerReader {
    private(set) var offset = 0

    mutating func next(in bytes: Span<UInt8>) -> Int64? {
        var value: UInt64 = 0
        for shift in stride(from: 0, to: 64, by: 7) {
            guard offset < bytes.count else { return nil }
            let byte = bytes[offset]
            offset += 1
            value |= UInt64(byte & 0x7F) << UInt64(shift)
            if byte < 0x80 { return Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1) }
        }
        return nil
    }

    mutating func distances(_ count: Int, in bytes: Span<UInt8>) -> [Int64]? {
        var values: [Int64] = []
        values.reserveCapacity(count)
        var last: Int64 = 0
        for _ in 0..<count {
            guard let distance = next(in: bytes) else { return nil }
            last = last &+ distance
            values.append(last)
        }
        return values
    }
}
