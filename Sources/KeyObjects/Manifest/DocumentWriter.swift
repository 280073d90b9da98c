import DICOM

/// A data set of texts and sequences, written as it is told: sequences of undefined length, so nothing is kept.
struct DocumentWriter {
    let encoding: Encoding
    let characterSet: ManifestProfile.CharacterSet
    private(set) var bytes: [UInt8] = []

    init(encoding: Encoding, characterSet: ManifestProfile.CharacterSet, capacity: Int = 0) {
        self.encoding = encoding
        self.characterSet = characterSet
        bytes.reserveCapacity(capacity)
    }

    /// A string value, padded to even length: UI with NUL, all else with a space (PS3.5 §6.2).
    mutating func text(_ tag: Tag, _ vr: VR, _ value: String) {
        if characterSet == .utf8 || value.utf8.allSatisfy({ $0 < 0x80 }) {
            element(tag, vr, value.utf8)
        } else {
            // Prepared values have nothing above U+00FF in this character set.
            element(tag, vr, value.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) })
        }
    }

    private mutating func element(_ tag: Tag, _ vr: VR, _ value: some Collection<UInt8>) {
        let count = value.count
        head(tag, vr, length: UInt32(count + count % 2))
        bytes.append(contentsOf: value)
        if count % 2 == 1 { bytes.append(vr == .UI ? 0 : 0x20) }
    }

    mutating func sequence(_ tag: Tag, _ content: (inout DocumentWriter) -> Void) {
        let start = bytes.count
        head(tag, .SQ, length: .max)
        let empty = bytes.count
        content(&self)
        if bytes.count == empty {
            bytes.removeLast(empty - start)
            head(tag, .SQ, length: 0)
        } else {
            mark(0xE0DD, length: 0)
        }
    }

    mutating func item(_ content: (inout DocumentWriter) -> Void) {
        mark(0xE000, length: .max)
        content(&self)
        mark(0xE00D, length: 0)
    }

    mutating func codes(_ tag: Tag, _ codes: [Code]) {
        sequence(tag) { out in
            for code in codes {
                out.item { out in
                    out.text(.codeValue, .SH, code.value)
                    out.text(.codingSchemeDesignator, .SH, code.scheme)
                    out.text(.codeMeaning, .LO, code.meaning)
                }
            }
        }
    }

    mutating func code(_ tag: Tag, _ code: Code) { codes(tag, [code]) }

    /// A sequence of one authority; nothing where there is none.
    mutating func authority(_ tag: Tag, _ authority: AssigningAuthority?, typeCode: String = "") {
        guard let authority, !authority.isEmpty else { return }
        sequence(tag) { out in
            out.item { out in
                if !authority.localNamespaceEntityID.isEmpty {
                    out.text(.localNamespaceEntityID, .UT, authority.localNamespaceEntityID)
                }
                if !authority.universalEntityID.isEmpty {
                    out.text(.universalEntityID, .UT, authority.universalEntityID)
                    out.text(.universalEntityIDType, .CS, authority.universalEntityIDType)
                }
                if !typeCode.isEmpty { out.text(.identifierTypeCode, .CS, typeCode) }
            }
        }
    }

    private mutating func head(_ tag: Tag, _ vr: VR, length: UInt32) {
        little(tag.group)
        little(tag.element)
        if encoding.isExplicit {
            bytes.append(UInt8(truncatingIfNeeded: vr.rawValue >> 8))
            bytes.append(UInt8(truncatingIfNeeded: vr.rawValue))
            if vr != .SQ, vr != .UT, vr != .UR {
                little(UInt16(truncatingIfNeeded: length))
                return
            }
            little(UInt16(0))
        }
        little(length)
    }

    private mutating func mark(_ element: UInt16, length: UInt32) {
        little(UInt16(0xFFFE))
        little(element)
        little(length)
    }

    private mutating func little(_ value: some FixedWidthInteger) {
        withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
    }
}
