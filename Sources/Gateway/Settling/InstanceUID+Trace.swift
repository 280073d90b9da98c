import DICOM

extension InstanceUID {
    /// What studies that have this instance are found by: a number for it and for the few UIDs that differ from it in the
    /// last character only. A number for each would cost the spool as much as a third of the header; devices number
    /// their instances one after the other, so that a series comes to a tenth of it. Neighbours in a series are
    /// neighbours in the index.
    var trace: Int64 {
        let bytes = text.utf8
        let place = Self.hash(bytes.dropLast(3)) & 0xFF_FFFF
        let block = Self.hash(bytes.dropLast(1)) & 0xFF_FFFF_FFFF
        return Int64(bitPattern: place << 40 | block)
    }

    /// FNV-1a, 64 bits, its halves mixed: the same in every run.
    private static func hash(_ bytes: some Sequence<UInt8>) -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        return hash ^ hash >> 32
    }
}
