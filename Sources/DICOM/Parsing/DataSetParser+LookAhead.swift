extension DataSetParser {
    /// Whether bytes 4 and 5 of an element's header are its VR; nil where more of the data set must be seen to tell.
    ///
    /// - Parameter value: where the header ends in the chunk, if it has 8 bytes.
    mutating func hasVR(_ bytes: HeaderBytes, in chunk: RawSpan, at value: Int) -> Bool? {
        guard !scope.isExplicit else { return bytes.vr.isStandard }
        guard bytes.vr.isStandard, scope.kind == .dataSet || scope.kind == .item else { return false }
        let tag = bytes.tag(bigEndian: scope.isBigEndian)
        switch ElementHeader.letters(bytes, tag, isBigEndian: scope.isBigEndian) {
        case .length: return false
        case .vr: return true
        case .lengthOrVR:
            let found = hasVR(Candidate(bytes, tag, value), in: chunk)
            if found == false, bytes.shortLength(bigEndian: false) == 0 { spelledOffset = position }
            return found
        }
    }

    /// A header of implicit VR, little endian, whose length spells the VR of its element.
    private struct Candidate {
        let tag: Tag
        /// Bytes of the value if the letters are a VR, and if they are none.
        let short: Int
        let long: Int
        /// Where the value begins in the chunk.
        let value: Int

        init(_ bytes: HeaderBytes, _ tag: Tag, _ value: Int) {
            (self.tag, self.value) = (tag, value)
            short = Int(bytes.shortLength(bigEndian: false))
            long = Int(bytes.implicitLength(bigEndian: false))
        }
    }

    /// The letters are a VR if an element stands where the short length says, or if the long one leads out of the item.
    private func hasVR(_ header: Candidate, in chunk: RawSpan) -> Bool? {
        let room = scope.end - position - 8
        guard header.short <= room else { return false }
        guard header.long <= room else { return true }
        let behind = header.value + header.short
        if isInPieces, chunk.byteCount - header.value < min(header.short + 8, room) { return nil }
        // In a header, long values are left out (`HeaderCapture`): then the next element follows at once.
        if header.short >= 8 || header.short > 0 && chunk.byteCount <= header.value,
            isElement(in: chunk, at: header.value, after: header, room: room, isSure: true)
        {
            return false
        }
        return isElement(in: chunk, at: behind, after: header, room: room - header.short, isSure: false)
    }

    /// Whether an element begins here, or the item or the data set ends.
    ///
    /// - Parameter isSure: numbers of a binary value are not to be taken for one.
    private func isElement(
        in chunk: RawSpan, at start: Int, after header: Candidate, room: Int, isSure: Bool
    ) -> Bool {
        let count = chunk.byteCount - start
        if room == 0 || count == 0 { return true }
        guard room >= 8, count > 0 else { return false }
        var bytes = HeaderBytes()
        for index in start..<start + min(count, 8) {
            bytes.append(chunk.unsafeLoad(fromByteOffset: index, as: UInt8.self))
        }
        guard bytes.count == 8 else { return bytes.low == 0 }
        if let mark = ItemMark(bytes, strict: true) { return scope.kind == .item && mark.kind == .itemEnd }
        return isElement(bytes, after: header.tag, isSure: isSure)
    }

    private func isElement(_ bytes: HeaderBytes, after tag: Tag, isSure: Bool) -> Bool {
        let next = bytes.tag(bigEndian: false)
        guard next.group > 0, next.group < 0xFFFE else { return false }
        let isKnown = VRLookup.vr(of: next) != nil && !next.isPrivate && !next.isGroupLength
        guard isKnown || next > tag && (next.isPrivate || next.isGroupLength) else { return false }
        let length = bytes.implicitLength(bigEndian: false)
        return bytes.vr.isStandard || isKnown || !isSure && (length <= 0xFF_FFFF || length == .max)
    }
}
