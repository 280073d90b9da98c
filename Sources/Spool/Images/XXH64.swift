/// The checksum XXH64 with seed 0 (Yann Collet, xxHash specification 0.1.1), over bytes that come in pieces.
struct XXH64 {
    private var lanes: (UInt64, UInt64, UInt64, UInt64) = (prime1 &+ prime2, prime2, 0, 0 &- prime1)
    /// Bytes that do not fill a stripe yet.
    private var rest: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
    private var count: UInt64 = 0

    mutating func append(_ bytes: UnsafeRawBufferPointer) {
        var offset = 0
        let held = Int(count % 32)
        count &+= UInt64(bytes.count)
        if held > 0 {
            offset = min(32 - held, bytes.count)
            withUnsafeMutableBytes(of: &rest) { rest in
                rest[held..<held + offset].copyBytes(from: bytes[..<offset])
            }
            guard held + offset == 32 else { return }
            let stripe = rest
            mix(stripe.0, stripe.1, stripe.2, stripe.3)
        }
        var lanes = lanes
        while bytes.count - offset >= 32 {
            lanes.0 = Self.round(lanes.0, bytes.word(offset))
            lanes.1 = Self.round(lanes.1, bytes.word(offset + 8))
            lanes.2 = Self.round(lanes.2, bytes.word(offset + 16))
            lanes.3 = Self.round(lanes.3, bytes.word(offset + 24))
            offset += 32
        }
        self.lanes = lanes
        withUnsafeMutableBytes(of: &rest) { rest in rest.copyBytes(from: bytes[offset...]) }
    }

    var value: UInt64 {
        var hash: UInt64
        if count >= 32 {
            hash = Self.rotated(lanes.0, 1) &+ Self.rotated(lanes.1, 7)
            hash = hash &+ Self.rotated(lanes.2, 12) &+ Self.rotated(lanes.3, 18)
            for lane in [lanes.0, lanes.1, lanes.2, lanes.3] {
                hash = (hash ^ Self.round(0, lane)) &* Self.prime1 &+ Self.prime4
            }
        } else {
            hash = Self.prime5
        }
        hash = hash &+ count
        withUnsafeBytes(of: rest) { hash = Self.mixed(hash, UnsafeRawBufferPointer(rebasing: $0[..<Int(count % 32)])) }
        hash = (hash ^ (hash >> 33)) &* Self.prime2
        hash = (hash ^ (hash >> 29)) &* Self.prime3
        return hash ^ (hash >> 32)
    }

    private mutating func mix(_ a: UInt64, _ b: UInt64, _ c: UInt64, _ d: UInt64) {
        lanes.0 = Self.round(lanes.0, UInt64(littleEndian: a))
        lanes.1 = Self.round(lanes.1, UInt64(littleEndian: b))
        lanes.2 = Self.round(lanes.2, UInt64(littleEndian: c))
        lanes.3 = Self.round(lanes.3, UInt64(littleEndian: d))
    }

    /// With the last bytes, fewer than a stripe.
    private static func mixed(_ hash: UInt64, _ tail: UnsafeRawBufferPointer) -> UInt64 {
        var (hash, offset) = (hash, 0)
        while tail.count - offset >= 8 {
            hash = rotated(hash ^ round(0, tail.word(offset)), 27) &* prime1 &+ prime4
            offset += 8
        }
        if tail.count - offset >= 4 {
            let half = UInt64(UInt32(littleEndian: tail.loadUnaligned(fromByteOffset: offset, as: UInt32.self)))
            hash = rotated(hash ^ (half &* prime1), 23) &* prime2 &+ prime3
            offset += 4
        }
        for byte in tail[offset...] { hash = rotated(hash ^ (UInt64(byte) &* prime5), 11) &* prime1 }
        return hash
    }

    private static func round(_ lane: UInt64, _ word: UInt64) -> UInt64 {
        rotated(lane &+ word &* prime2, 31) &* prime1
    }

    private static func rotated(_ value: UInt64, _ count: UInt64) -> UInt64 {
        value &<< count | value &>> (64 &- count)
    }

    private static let prime1: UInt64 = 0x9E37_79B1_85EB_CA87
    private static let prime2: UInt64 = 0xC2B2_AE3D_27D4_EB4F
    private static let prime3: UInt64 = 0x1656_67B1_9E37_79F9
    private static let prime4: UInt64 = 0x85EB_CA77_C2B2_AE63
    private static let prime5: UInt64 = 0x27D4_EB2F_1656_67C5
}

extension UnsafeRawBufferPointer {
    fileprivate func word(_ offset: Int) -> UInt64 {
        UInt64(littleEndian: loadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }
}
