extension RawSpan {
    /// - Precondition: `offset` lies inside.
    func byte(_ offset: Int) -> UInt8 { unsafeLoad(fromByteOffset: checked(offset, 1), as: UInt8.self) }

    func bigEndian16(_ offset: Int) -> UInt16 {
        UInt16(bigEndian: unsafeLoadUnaligned(fromByteOffset: checked(offset, 2), as: UInt16.self))
    }

    func bigEndian32(_ offset: Int) -> UInt32 {
        UInt32(bigEndian: unsafeLoadUnaligned(fromByteOffset: checked(offset, 4), as: UInt32.self))
    }

    func littleEndian16(_ offset: Int) -> UInt16 {
        UInt16(littleEndian: unsafeLoadUnaligned(fromByteOffset: checked(offset, 2), as: UInt16.self))
    }

    func littleEndian32(_ offset: Int) -> UInt32 {
        UInt32(littleEndian: unsafeLoadUnaligned(fromByteOffset: checked(offset, 4), as: UInt32.self))
    }

    func bytes(_ range: Range<Int>) -> [UInt8] {
        extracting(range).withUnsafeBytes { Array($0) }
    }

    private func checked(_ offset: Int, _ count: Int) -> Int {
        precondition(offset >= 0 && offset <= byteCount - count)
        return offset
    }
}
