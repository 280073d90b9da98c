import Testing

@testable import Spool

@Suite struct BlockTests {
    private let entries = (0..<20).map { index in
        Block.Entry(
            number: Int64(index) * 70_000 + 1, series: index < 10 ? 5 : 3, attributes: Int64(index % 2),
            length: index * 10)
    }
    private var bytes: [UInt8] {
        Block.pack(entries, headers: entries.map { [UInt8](repeating: UInt8($0.length % 251), count: $0.length) })
    }

    // The test macros take no spans.
    private func unpack(_ bytes: [UInt8]) -> (entries: [Block.Entry], start: Int)? { Block.unpack(bytes.span) }

    @Test func whatIsPackedUnpacksTheSame() throws {
        let (unpacked, start) = try #require(unpack(bytes))
        #expect(unpacked == entries)
        #expect(bytes.count - start == entries.reduce(0) { $0 + $1.length })
    }

    @Test func extremeNumbersSurvive() throws {
        let extremes = [Int64.max, .min, 0, -1].map { Block.Entry(number: $0, series: $0, attributes: 1, length: 0) }
        #expect(unpack(Block.pack(extremes, headers: [[], [], [], []]))?.entries == extremes)
    }

    @Test func aCutBlockIsToldWhereverItIsCut() {
        for count in 0..<bytes.count { #expect(unpack(Array(bytes.prefix(count)))?.start == nil) }
    }

    @Test func noByteMakesItTrap() {
        for index in 0..<100 {
            for value in [UInt8(0), 0x7F, 0x80, 0xFF] {
                var damaged = bytes
                damaged[index] = value
                if let (entries, start) = unpack(damaged) {
                    #expect(entries.reduce(start) { $0 + $1.length } == damaged.count)
                }
            }
        }
    }
}
