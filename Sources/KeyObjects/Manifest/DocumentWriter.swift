import DICOM

/// Texts, codes and authorities into a data set, in one character set.
struct DocumentWriter {
    let characterSet: ManifestProfile.CharacterSet
    private var writer: DataSetWriter

    init(encoding: Encoding, characterSet: ManifestProfile.CharacterSet) {
        self.characterSet = characterSet
        writer = DataSetWriter(encoding: encoding)
    }

    consuming func finish() -> [UInt8] { writer.finish() }

    /// A character string; `value` has been prepared, so the character set can state it.
    mutating func text(_ tag: Tag, _ vr: VR, _ value: String) {
        if characterSet == .utf8 || value.utf8.allSatisfy({ $0 < 0x80 }) {
            writer.element(tag, vr, value)
        } else {
            writer.element(tag, vr, bytes: value.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) })
        }
    }

    mutating func uid(_ tag: Tag, _ uid: some UIDValue) { writer.element(tag, uid) }

    /// A value as another document states it.
    mutating func copy(_ tag: Tag, _ vr: VR, _ value: [UInt8]) { writer.element(tag, vr, bytes: value) }

    /// Elements in ascending order.
    mutating func copy(_ dataSet: DataSet) { writer.write(dataSet) }

    mutating func sequence(_ tag: Tag, _ content: (inout DocumentWriter) -> Void) {
        writer.beginSequence(tag)
        content(&self)
        writer.endSequence()
    }

    mutating func item(_ content: (inout DocumentWriter) -> Void) {
        writer.beginItem()
        content(&self)
        writer.endItem()
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
}
