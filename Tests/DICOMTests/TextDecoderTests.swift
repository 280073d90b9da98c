import DICOM
import Testing

/// Where values end, where sets are reset, and what becomes of bytes that a declared set does not have.
struct TextDecoderTests {
    private let japanese = SpecificCharacterSet(["", "ISO 2022 IR 87"])

    // MARK: delimiters

    @Test func aBackslashSeparatesValuesAndPaddingIsTrimmed() {
        let values = SpecificCharacterSet.latin1.values(Array(" a \\\u{42}b\\\\ c \0".utf8), vr: .LO)
        #expect(values.map(\.text) == ["a", "Bb", "", "c"])
        #expect(SpecificCharacterSet.latin1.values([], vr: .LO).isEmpty)
        #expect(SpecificCharacterSet.latin1.values([0x20], vr: .LO).map(\.text) == [""])
    }

    @Test(arguments: [VR.LT, .ST, .UT])
    func aTextHasOneValue(vr: VR) {
        #expect(SpecificCharacterSet.latin1.values(Array("  a\\b ".utf8), vr: vr).map(\.text) == ["  a\\b"])
    }

    @Test func decodingAWholeValueTrimsNothing() {
        #expect(SpecificCharacterSet.latin1.decode(Array(" a\\b \0".utf8), vr: .LO).text == " a\\b \0")
    }

    @Test func theSecondByteOfAGBKCharacterMayBeABackslashOrACaret() {
        let set = SpecificCharacterSet(["GB18030"])
        #expect(set.values([0x81, 0x5C, 0x5C, 0x81, 0x5E], vr: .LO).map(\.text) == ["乗", "乛"])
        #expect(set.values([0x81, 0x5C], vr: .PN).map(\.text) == ["乗"])
    }

    @Test func bytesOfKanjiMayLookLikeDelimiters() {
        // ESC $ B 旬 (3D 5C) 樛 (5C 5C) 湃 (5E 5C) ESC ( B
        let bytes: [UInt8] = [
            0x1B, 0x24, 0x42, 0x3D, 0x5C, 0x5C, 0x5C, 0x5E, 0x5C, 0x1B, 0x28, 0x42, 0x5C, 0x41,
        ]
        #expect(japanese.values(bytes, vr: .PN).map(\.text) == ["旬樛湃", "A"])
    }

    @Test func theBackslashOfJISX0201IsADelimiterAndInTextsAYenSign() {
        let set = SpecificCharacterSet(["ISO_IR 13"])
        #expect(set.values([0xD4, 0x5C, 0x7E], vr: .LO).map(\.text) == ["ﾔ", "‾"])
        #expect(set.values([0xD4, 0x5C, 0x7E], vr: .LT).map(\.text) == ["ﾔ¥‾"])
    }

    // MARK: where the first sets come back (PS3.5 §6.1.2.5.3)

    @Test(arguments: [
        (VR.PN, UInt8(0x5E)), (.PN, 0x3D), (.PN, 0x5C), (.LO, 0x5C), (.LT, 0x0A), (.LT, 0x09), (.LO, 0x0C),
    ])
    func delimitersAndControlsResetTheSets(vr: VR, delimiter: UInt8) {
        let set = SpecificCharacterSet(["ISO 2022 IR 100", "ISO 2022 IR 144"])
        let text = set.decode([0x1B, 0x2D, 0x4C, 0xB0, delimiter, 0xC0], vr: vr).text  // ESC - L А, then À
        #expect(text.unicodeScalars.first == "А")
        #expect(text.unicodeScalars.last == "À")
    }

    @Test(arguments: [(VR.LO, UInt8(0x5E)), (.LO, 0x3D), (.LT, 0x5C), (.PN, 0x20)])
    func otherBytesDoNot(vr: VR, byte: UInt8) {
        let set = SpecificCharacterSet(["ISO 2022 IR 100", "ISO 2022 IR 144"])
        #expect(set.decode([0x1B, 0x2D, 0x4C, 0xB0, byte, 0xC0], vr: vr).text.unicodeScalars.last == "Р")
    }

    @Test func aDelimiterEndsKanjiEvenWhenTheSenderForgotToSwitchBack() {
        let bytes: [UInt8] = [0x1B, 0x24, 0x42, 0x3B, 0x33, 0x5E, 0x1B, 0x24, 0x42, 0x42, 0x40]
        #expect(japanese.decode(bytes, vr: .PN) == DecodedText(text: "山^太"))
    }

    @Test func aCalledSetEndsWithItsValue() {
        let set = SpecificCharacterSet(["", "ISO 2022 IR 149"])
        let values = set.values([0x1B, 0x24, 0x29, 0x43, 0xFB, 0xF3, 0x5C, 0xFB, 0xF3], vr: .LO)
        #expect(values[0] == DecodedText(text: "洪"))
        #expect(values[1] == DecodedText(text: "洪", doubts: .missingEscape))
    }

    // MARK: what is not declared

    @Test func undeclaredBytesAreUTF8IfValidAndElseLatin1() {
        let set = SpecificCharacterSet.undeclared
        #expect(set.decode(Array("abc".utf8), vr: .LO) == DecodedText(text: "abc"))
        #expect(set.decode([0x4A, 0xC3, 0xA9], vr: .LO) == DecodedText(text: "Jé", doubts: .undeclaredUTF8))
        #expect(set.decode([0x4A, 0xE9], vr: .LO) == DecodedText(text: "Jé", doubts: .undeclaredLatin1))
        #expect(SpecificCharacterSet(["ISO_IR 6"]).decode([0xE9], vr: .PN).doubts == .undeclaredLatin1)
        #expect(SpecificCharacterSet([""]).decode([0xE9], vr: .PN).doubts == .undeclaredLatin1)
    }

    @Test func onlyTextVRsAreInTheDeclaredSet() {
        #expect(SpecificCharacterSet.latin1.decode([0xC3, 0xA9], vr: .CS).doubts == .undeclaredUTF8)
        #expect(SpecificCharacterSet.utf8.decode([0xC3, 0xA9], vr: .SH) == DecodedText(text: "é"))
    }

    @Test func theDeclaredSetIsFollowedWhereTheBytesLookLikeUTF8() {
        let text = SpecificCharacterSet.latin1.decode(Array("Jérôme".utf8), vr: .PN)
        #expect(text == DecodedText(text: "JÃ©rÃ´me", doubts: .looksLikeUTF8))
        #expect(text.doubts.description == "looks like UTF-8 although another character set is declared")
        let chinese = SpecificCharacterSet(["GB18030"]).decode(Array("王小東".utf8), vr: .PN)
        #expect(chinese.doubts == .looksLikeUTF8)
        #expect(SpecificCharacterSet.latin1.decode([0xE9], vr: .PN).doubts.isEmpty)
    }

    @Test func undeclaredEscapeSequencesAreObeyedAndTold() {
        let kanji: [UInt8] = [0x1B, 0x24, 0x42, 0x3B, 0x33, 0x1B, 0x28, 0x42]
        for set in [SpecificCharacterSet.undeclared, .latin1, SpecificCharacterSet(["ISO_IR 13"])] {
            #expect(set.decode(kanji, vr: .PN) == DecodedText(text: "山", doubts: .undeclaredEscape))
        }
    }

    @Test func aSetWithoutItsEscapeSequenceIsSupposed() {
        let set = SpecificCharacterSet(["ISO_IR 6", "ISO 2022 IR 58"])
        #expect(set.decode([0xD5, 0xC5], vr: .PN) == DecodedText(text: "张", doubts: .missingEscape))
        #expect(SpecificCharacterSet(["ISO_IR 149"]).decode([0xFB, 0xF3], vr: .PN) == DecodedText(text: "洪"))
    }

    // MARK: bytes without meaning

    @Test func bytesWithoutMeaningBecomeReplacementCharactersAndAreCounted() {
        let cases: [(String, [UInt8], String, Int)] = [
            ("ISO_IR 192", [0x4A, 0xE9, 0x72], "J\u{FFFD}r", 1),
            ("ISO_IR 192", [0xC3], "\u{FFFD}", 1),
            ("ISO_IR 192", [0xED, 0xA0, 0x80], "\u{FFFD}\u{FFFD}\u{FFFD}", 3),  // a surrogate
            ("ISO_IR 100", [0x4A, 0x92, 0x80], "J\u{FFFD}\u{FFFD}", 2),  // Windows-1252
            ("ISO_IR 109", [0xA5], "\u{FFFD}", 1),
            ("ISO_IR 13", [0xE0, 0x41], "\u{FFFD}A", 1),
            ("ISO 2022 IR 100", [0x1B, 0x25, 0x47, 0x41], "\u{FFFD}%GA", 1),  // no escape sequence of DICOM's
            ("ISO 2022 IR 100", [0x41, 0x1B], "A\u{FFFD}", 1),
            ("ISO 2022 IR 100", [0x1B, 0x24, 0x29], "\u{FFFD}$)", 1),
            ("\\ISO 2022 IR 87", [0x1B, 0x24, 0x42, 0x3B], "\u{FFFD}", 1),  // half a character
            ("\\ISO 2022 IR 87", [0x1B, 0x24, 0x42, 0x7E, 0x7E], "\u{FFFD}", 1),  // unassigned
            ("\\ISO 2022 IR 87", [0xB1], "\u{FFFD}", 1),
            ("\\ISO 2022 IR 149", [0x1B, 0x24, 0x29, 0x43, 0xFB], "\u{FFFD}", 1),
            ("\\ISO 2022 IR 149", [0x1B, 0x24, 0x29, 0x43, 0xFB, 0x41], "\u{FFFD}A", 1),
            ("GB18030", [0x81], "\u{FFFD}", 1),
            ("GB18030", [0x80, 0xFF, 0x41], "\u{FFFD}\u{FFFD}A", 2),
            ("GB18030", [0x81, 0x30, 0x81], "\u{FFFD}0\u{FFFD}", 2),
            ("GB18030", [0xE3, 0x32, 0x9A, 0x36], "\u{FFFD}2\u{FFFD}6", 2),  // beyond U+10FFFF
        ]
        for (terms, bytes, text, losses) in cases {
            let decoded = SpecificCharacterSet(bytes: Array(terms.utf8)).decode(bytes, vr: .LT)
            #expect(decoded.text == text, "\(terms) \(bytes)")
            #expect(decoded.losses == losses, "\(terms) \(bytes)")
            #expect(!decoded.isExact)
        }
    }

    @Test func lossesBelongToTheirValue() {
        let values = SpecificCharacterSet.utf8.values([0x41, 0x5C, 0xFF, 0x5C, 0x42], vr: .LO)
        #expect(values.map(\.losses) == [0, 1, 0])
        #expect(SpecificCharacterSet.utf8.decode([0xFF, 0x5C, 0xFF], vr: .LO).losses == 2)
    }

    @Test func noBytesCanTrap() {
        var state: UInt64 = 0x9E37_79B9_7F4A_7C15
        func random() -> UInt8 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return UInt8(truncatingIfNeeded: state >> 56)
        }
        let escapes: [UInt8] = [0x1B, 0x24, 0x28, 0x29, 0x2D, 0x42, 0x43, 0x44, 0x5C, 0x5E, 0x3D, 0xA1]
        let sets = [
            "", "ISO_IR 192", "GB18030", "\\ISO 2022 IR 87\\ISO 2022 IR 159", "ISO 2022 IR 13\\ISO 2022 IR 87",
            "\\ISO 2022 IR 149", "\\ISO 2022 IR 58", "ISO_IR 166", "ISO 2022 IR 100\\ISO 2022 IR 144",
        ].map { SpecificCharacterSet(bytes: Array($0.utf8)) }
        for round in 0..<2000 {
            let bytes = (0..<Int(random() % 24)).map { _ in
                random() % 2 == 0 ? escapes[Int(random()) % escapes.count] : random()
            }
            let text = sets[round % sets.count].decode(bytes, vr: round % 2 == 0 ? .PN : .LT)
            #expect(text.text.unicodeScalars.filter { $0 == "\u{FFFD}" }.count >= text.losses)
            #expect(text.text.isEmpty == bytes.isEmpty || bytes.contains(0x1B))
        }
    }
}
