/// What a `Reencoder` writes, until it is taken.
struct ReencodedBytes {
    enum Mark: UInt32 {
        case item = 0xE000_FFFE
        case itemEnd = 0xE00D_FFFE
        case sequenceEnd = 0xE0DD_FFFE
    }

    /// A VR that is not decided yet: US, or SS.
    private struct Hold {
        var position: Int
        var depth: Int
    }

    let isExplicit: Bool
    private var bytes: [UInt8] = []
    private var taken = 0
    private var holds: [Hold] = []

    init(isExplicit: Bool) { self.isExplicit = isExplicit }

    private var end: Int { holds.first?.position ?? bytes.count }

    /// Bytes that can be taken.
    var ready: Int { end - taken }
    /// Bytes that wait for a VR before them.
    var held: Int { bytes.count - end }

    mutating func take(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        let count = min(ready, buffer.count)
        bytes.withUnsafeBytes { buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[taken..<taken + count])) }
        taken += count
        if ready == 0 { forgetTaken() }
        return count
    }

    private mutating func forgetTaken() {
        for index in holds.indices { holds[index].position -= taken }
        bytes.replaceSubrange(..<taken, with: EmptyCollection())
        taken = 0
    }

    // MARK: Writing

    /// The header of an element. What is no VR of the standard, or too long for its own, becomes UN.
    mutating func element(_ tag: Tag, _ vr: VR, _ length: ValueLength) {
        append(UInt32(tag.group) | UInt32(tag.element) << 16)
        guard isExplicit else { return append(length.rawValue) }
        let fits = vr.isStandard && (vr.hasLongLength || length.rawValue <= 0xFFFF)
        let written = fits ? vr : .UN
        let letters = UInt32(written.rawValue.byteSwapped)
        guard written.hasLongLength else { return append(letters | length.rawValue << 16) }
        append(letters)
        append(length.rawValue)
    }

    mutating func mark(_ mark: Mark, _ length: ValueLength) {
        append(mark.rawValue)
        append(length.rawValue)
    }

    mutating func value(_ chunk: RawSpan, _ range: Range<Int>) { bytes.append(chunk, range) }

    mutating func pad(_ byte: UInt8) { bytes.append(byte) }

    private mutating func append(_ value: UInt32) {
        withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
    }

    // MARK: Undecided VRs

    /// The VR of the element that is written next is not decided yet.
    mutating func hold(depth: Int) { holds.append(Hold(position: bytes.count + 4, depth: depth)) }

    /// Levels deeper than this were left: what is undecided in them depends on what is around them.
    mutating func leave(to depth: Int) {
        for index in holds.indices { holds[index].depth = min(holds[index].depth, depth) }
    }

    /// - Parameter isSigned: by the depth; nil: not known yet.
    mutating func settle(_ isSigned: (Int) -> Bool?) {
        holds.removeAll { hold in
            guard let isSigned = isSigned(hold.depth) else { return false }
            if isSigned { (bytes[hold.position], bytes[hold.position + 1]) = (0x53, 0x53) }
            return true
        }
    }
}

extension ValueLength {
    var isOdd: Bool { rawValue & 1 == 1 && !isUndefined }
    /// With its padding.
    var even: ValueLength { isOdd ? ValueLength(rawValue: rawValue + 1) : self }
}
