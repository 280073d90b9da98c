import Testing

@testable import Spool

@Suite struct XXH64Tests {
    private func hash(_ bytes: [UInt8], pieces: Int = .max) -> UInt64 {
        var hash = XXH64()
        var rest = bytes[...]
        while !rest.isEmpty {
            let piece = Array(rest.prefix(pieces))
            piece.withUnsafeBytes { hash.append($0) }
            rest = rest.dropFirst(piece.count)
        }
        return hash.value
    }

    /// Values of the reference implementation (`xxhsum -H64`).
    @Test(
        arguments: [
            ("", 0xEF46_DB37_51D8_E999), ("a", 0xD24E_C4F1_A98C_6E5B), ("abc", 0x44BC_2CF5_AD77_0999),
            ("xxhash", 0x32DD_3895_2C4B_C720),
            ("Nobody inspects the spammish repetition", 0xFBCE_A83C_8A37_8BF1),
            ("The quick brown fox jumps over the lazy dog", 0x0B24_2D36_1FDA_71BC),
        ] as [(String, UInt64)])
    func itIsTheReferencesValue(_ text: String, _ value: UInt64) { #expect(hash(Array(text.utf8)) == value) }

    @Test func whereTheBytesAreCutDoesNotMatter() {
        let bytes = syntheticDataSet(1, count: 1_111)
        for count in [0, 3, 31, 32, 33, 64, 100, 1_111] {
            let whole = hash(Array(bytes.prefix(count)))
            for pieces in [1, 5, 31, 32, 33, 40] { #expect(hash(Array(bytes.prefix(count)), pieces: pieces) == whole) }
        }
    }
}
