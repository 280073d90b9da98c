import DICOM
import Testing

/// The examples of PS3.5 annexes H to K, and one name per character set.
struct SpecificCharacterSetTests {
    private func name(_ bytes: [UInt8], _ terms: String...) -> DecodedText {
        SpecificCharacterSet(terms).decode(bytes, vr: .PN)
    }

    // MARK: PS3.5 annexes

    /// PS3.5 §H.3.1.
    @Test func japaneseWithASCII() {
        let bytes: [UInt8] =
            Array("Yamada^Tarou=".utf8) + [
                0x1B, 0x24, 0x42, 0x3B, 0x33, 0x45, 0x44, 0x1B, 0x28, 0x42, 0x5E,  // ESC $ B 山田 ESC ( B ^
                0x1B, 0x24, 0x42, 0x42, 0x40, 0x4F, 0x3A, 0x1B, 0x28, 0x42, 0x3D,  // ESC $ B 太郎 ESC ( B =
                0x1B, 0x24, 0x42, 0x24, 0x64, 0x24, 0x5E, 0x24, 0x40, 0x1B, 0x28, 0x42, 0x5E,  // やまだ ^
                0x1B, 0x24, 0x42, 0x24, 0x3F, 0x24, 0x6D, 0x24, 0x26, 0x1B, 0x28, 0x42,  // たろう
            ]
        let text = name(bytes, "", "ISO 2022 IR 87")
        #expect(text == DecodedText(text: "Yamada^Tarou=山田^太郎=やまだ^たろう"))
        #expect(text.isExact)
    }

    /// PS3.5 §H.3.2.
    @Test func japaneseWithJISX0201() {
        let bytes: [UInt8] = [
            0xD4, 0xCF, 0xC0, 0xDE, 0x5E, 0xC0, 0xDB, 0xB3, 0x3D,  // ﾔﾏﾀﾞ ^ ﾀﾛｳ =
            0x1B, 0x24, 0x42, 0x3B, 0x33, 0x45, 0x44, 0x1B, 0x28, 0x4A, 0x5E,  // ESC $ B 山田 ESC ( J ^
            0x1B, 0x24, 0x42, 0x42, 0x40, 0x4F, 0x3A, 0x1B, 0x28, 0x4A, 0x3D,  // ESC $ B 太郎 ESC ( J =
            0x1B, 0x24, 0x42, 0x24, 0x64, 0x24, 0x5E, 0x24, 0x40, 0x1B, 0x28, 0x4A, 0x5E,  // やまだ ^
            0x1B, 0x24, 0x42, 0x24, 0x3F, 0x24, 0x6D, 0x24, 0x26, 0x1B, 0x28, 0x4A,  // たろう
        ]
        #expect(
            name(bytes, "ISO 2022 IR 13", "ISO 2022 IR 87") == DecodedText(text: "ﾔﾏﾀﾞ^ﾀﾛｳ=山田^太郎=やまだ^たろう"))
    }

    /// PS3.5 §I.2.
    @Test func korean() {
        let bytes: [UInt8] =
            Array("Hong^Gildong=".utf8) + [
                0x1B, 0x24, 0x29, 0x43, 0xFB, 0xF3, 0x5E,  // ESC $ ) C 洪 ^
                0x1B, 0x24, 0x29, 0x43, 0xD1, 0xCE, 0xD4, 0xD7, 0x3D,  // ESC $ ) C 吉洞 =
                0x1B, 0x24, 0x29, 0x43, 0xC8, 0xAB, 0x5E,  // ESC $ ) C 홍 ^
                0x1B, 0x24, 0x29, 0x43, 0xB1, 0xE6, 0xB5, 0xBF,  // ESC $ ) C 길동
            ]
        #expect(name(bytes, "", "ISO 2022 IR 149") == DecodedText(text: "Hong^Gildong=洪^吉洞=홍^길동"))
    }

    /// PS3.5 §J.1.
    @Test func chineseInUTF8() {
        let bytes: [UInt8] =
            Array("Wang^XiaoDong=".utf8) + [
                0xE7, 0x8E, 0x8B, 0x5E, 0xE5, 0xB0, 0x8F, 0xE6, 0x9D, 0xB1, 0x3D,  // 王 ^ 小東 =
            ]
        #expect(name(bytes, "ISO_IR 192") == DecodedText(text: "Wang^XiaoDong=王^小東="))
    }

    /// PS3.5 §J.2.
    @Test func chineseInGB18030() {
        let bytes: [UInt8] = Array("Wang^XiaoDong=".utf8) + [0xCD, 0xF5, 0x5E, 0xD0, 0xA1, 0xB6, 0xAB, 0x3D]
        #expect(name(bytes, "GB18030") == DecodedText(text: "Wang^XiaoDong=王^小东="))
        #expect(name(bytes, "GBK") == DecodedText(text: "Wang^XiaoDong=王^小东="))
    }

    /// PS3.5 §K.2.
    @Test func chineseInGB2312() {
        let bytes: [UInt8] =
            Array("Zhang^XiaoDong=".utf8) + [
                0x1B, 0x24, 0x29, 0x41, 0xD5, 0xC5, 0x5E,  // ESC $ ) A 张 ^
                0x1B, 0x24, 0x29, 0x41, 0xD0, 0xA1, 0xB6, 0xAB, 0x3D,  // ESC $ ) A 小东 =
            ]
        #expect(name(bytes, "", "ISO 2022 IR 58") == DecodedText(text: "Zhang^XiaoDong=张^小东="))
    }

    /// PS3.5 §K.3: each line calls its set anew.
    @Test func linesOfATextCallTheirSetsAnew() {
        let bytes: [UInt8] =
            Array("1.".utf8) + [0x1B, 0x24, 0x29, 0x41, 0xB5, 0xDA, 0x0D, 0x0A]  // ESC $ ) A 第 CR LF
            + Array("2.".utf8) + [0x1B, 0x24, 0x29, 0x41, 0xB5, 0xDA, 0x5C, 0x0D, 0x0A]  // a backslash is text in LT
        let text = SpecificCharacterSet(["", "ISO 2022 IR 58"]).decode(bytes, vr: .LT)
        #expect(text == DecodedText(text: "1.第\r\n2.第\\\r\n"))
    }

    // MARK: one byte per character

    @Test(arguments: [
        ("ISO_IR 100", [0x4A, 0xE9, 0x72, 0xF4, 0x6D, 0x65], "Jérôme"),
        ("ISO_IR 101", [0x57, 0x61, 0xB3, 0xEA, 0x73, 0x61], "Wałęsa"),
        ("ISO_IR 109", [0xA6, 0x61, 0xB1, 0xFD], "Ĥaħŭ"),
        ("ISO_IR 110", [0xB9, 0xE0, 0x72, 0xBE], "šārž"),
        ("ISO_IR 126", [0xC4, 0xE9, 0xEF, 0xED, 0xF5, 0xF3, 0xE9, 0xEF, 0xF2], "Διονυσιος"),
        ("ISO_IR 127", [0xE2, 0xC8, 0xC7, 0xE6, 0xEA, 0x5E, 0xE4, 0xE6, 0xD2, 0xC7, 0xD1], "قباني^لنزار"),
        ("ISO_IR 138", [0xF9, 0xF8, 0xE5, 0xEF, 0x5E, 0xE3, 0xE1, 0xE5, 0xF8, 0xE4], "שרון^דבורה"),
        ("ISO_IR 144", [0xBB, 0xEE, 0xDA, 0x63, 0x65, 0xDC, 0xD1, 0x79, 0xE0, 0x67], "Люкceмбyрg"),
        ("ISO_IR 148", [0xC7, 0x61, 0x76, 0x75, 0xFE, 0x6F, 0xF0, 0x6C, 0x75], "Çavuşoğlu"),
        ("ISO_IR 166", [0xB9, 0xD2, 0xC1, 0xCA, 0xA1, 0xD8, 0xC5], "นามสกุล"),
        ("ISO_IR 203", [0xBD, 0xA4], "œ€"),
        ("ISO_IR 13", [0xD4, 0xCF, 0xC0, 0xDE], "ﾔﾏﾀﾞ"),
    ])
    func singleByteSets(term: String, bytes: [UInt8], expected: String) {
        #expect(name(bytes, term) == DecodedText(text: expected))
    }

    @Test func codeExtensionsOfOneByteSets() {
        let bytes: [UInt8] =
            Array("Dionysios is ".utf8) + [0x1B, 0x2D, 0x46, 0xC4, 0xE9] + [
                0x1B, 0x2D, 0x4C, 0xBB, 0xEE, 0x1B, 0x2D, 0x41,
            ]
            + [0xE9]
        let text = SpecificCharacterSet(["ISO 2022 IR 100", "ISO 2022 IR 144", "ISO 2022 IR 126"])
            .decode(bytes, vr: .LO)
        #expect(text == DecodedText(text: "Dionysios is ΔιЛюé"))
    }

    @Test func supplementaryKanji() {
        let bytes: [UInt8] = [0x1B, 0x24, 0x28, 0x44, 0x30, 0x21, 0x1B, 0x28, 0x42]
        #expect(name(bytes, "", "ISO 2022 IR 87", "ISO 2022 IR 159") == DecodedText(text: "丂"))
    }

    @Test func fourByteGB18030() {
        let bytes: [UInt8] = [0xA8, 0xA6, 0x81, 0x30, 0x8B, 0x35, 0x95, 0x32, 0x82, 0x36]
        #expect(name(bytes, "GB18030") == DecodedText(text: "éý𠀀"))
    }

    // MARK: how senders spell the terms

    @Test(arguments: [
        "ISO_IR 192", "ISO IR 192", "ISO_IR_192", "iso_ir 192", "ISO_IR192", "ISO-IR 192", " ISO_IR 192 ", "UTF-8",
        "ISO 2022 IR 192",
    ])
    func utf8InAnySpelling(term: String) {
        #expect(name([0xC3, 0xA9], term) == DecodedText(text: "é"))
        #expect(SpecificCharacterSet([term]).unknownTerms.isEmpty)
    }

    @Test(arguments: ["ISO_IR 100", "iso ir 100", "ISO 2022 IR 100", "ISO-2022-IR-100", "ISO_2022_IR_100", "IR 100"])
    func latin1InAnySpelling(term: String) {
        #expect(name([0xE9], term) == DecodedText(text: "é"))
    }

    @Test func theValueIsReadFromItsBytes() {
        let set = SpecificCharacterSet(bytes: Array("\\ISO 2022 IR 87 ".utf8))
        #expect(set.terms == ["", "ISO 2022 IR 87"])
        #expect(set == SpecificCharacterSet(["", "ISO 2022 IR 87"]))
        #expect(SpecificCharacterSet(bytes: []) == .undeclared)
        #expect(SpecificCharacterSet(bytes: Array("ISO_IR 100\0".utf8)) == .latin1)
        #expect(SpecificCharacterSet(bytes: [0xFF, 0x5C, 0x00]).unknownTerms == ["\u{FF}"])
    }

    @Test func unknownTermsAreToldAndDeclareNothing() {
        let set = SpecificCharacterSet(["ISO_IR 999", "KOI8-R", "99999999999999999999", "ISO_IR"])
        #expect(set.unknownTerms == ["ISO_IR 999", "KOI8-R", "99999999999999999999", "ISO_IR"])
        #expect(set.decode([0xC3, 0xA9], vr: .LO) == DecodedText(text: "é", doubts: .undeclaredUTF8))
    }

    @Test func aWrongUTF8BesideOthersStillCounts() {
        #expect(name([0xC3, 0xA9], "", "ISO_IR 192") == DecodedText(text: "é"))
    }
}
