/// UIDs of what is invented: the same words give the same one, of the root for UUIDs (PS3.5 §B.2).
enum InventedUID {
    static func text(_ words: String) -> String {
        var high: UInt64 = 0xCBF2_9CE4_8422_2325
        var low: UInt64 = 0x8422_2325_CBF2_9CE4
        for byte in words.utf8 {
            high = (high ^ UInt64(byte)) &* 0x100_0000_01B3
            low = (low ^ UInt64(byte)).rotatedLeft(by: 7) &* 0x9E37_79B9_7F4A_7C15
        }
        // Version 8, variant 1 (RFC 9562 §5.8).
        high = high & ~0xF000 | 0x8000
        low = low & ~(3 << 62) | 2 << 62
        return "2.25.\(UInt128(high) << 64 | UInt128(low))"
    }
}

extension UInt64 {
    fileprivate func rotatedLeft(by count: UInt64) -> UInt64 { self << count | self >> (64 - count) }
}
