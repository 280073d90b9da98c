import Testing

@testable import DICOM

struct Latin1Tests {
    private func written(_ text: String) throws -> String {
        String(String.UnicodeScalarView(try Latin1.encode(text).bytes.map { Unicode.Scalar($0) }))
    }

    @Test func whatLatin1HasIsWrittenExactly() throws {
        let all = (Array(0x20...0x7E) + Array(0xA0...0xFF)).map { UInt8($0) }
        let encoded = try Latin1.encode(String(String.UnicodeScalarView(all.map { Unicode.Scalar($0) })))
        #expect(encoded.bytes == all)
        #expect(encoded.substitutions.isEmpty)
        #expect(try Latin1.encode("a\r\n\tb\u{C}").bytes == [0x61, 0x0D, 0x0A, 0x09, 0x62, 0x0C])
        #expect(try Latin1.encode("").bytes.isEmpty)
    }

    @Test(arguments: [
        ("Œuvre cœur Ÿ", "OEuvre coeur Y"), ("12 €", "12 EUR"), ("l’hôpital ‘x’", "l'hôpital 'x'"),
        ("“a” „b”", "\"a\" \"b\""), ("a–b—c…", "a-b-c..."), ("Łódź łza", "Lódz lza"), ("Şahin Ğ ğ İı", "Sahin G g Ii"),
        ("Țuțea Ștefan", "Tutea Stefan"), ("Đặng Ħ ħ Ŋ", "Dang H h N"), ("Þór ðæß", "Þór ðæß"), ("ẞ", "SS"),
        ("Nguyễn Thị Ấu Ơ ư", "Nguyên Thi Âu O u"), ("Dvořák Žižka", "Dvorák Zizka"), ("Kőrös Űr", "Korös Ur"),
        ("SpO₂ ½ ⅓ ﬁn Ⅻ", "SpO2 ½ 1/3 fin XII"), ("ＡＢＣ　１２", "ABC 12"), ("a\u{200B}b\u{202F}c", "ab c"),
        ("№ 5 ℃ ™", "No 5 °C TM"), ("a\u{0}b\u{1B}c\u{7F}", "abc"), ("→ −3", "-> -3"), ("Əliyev", "Eliyev"),
    ])
    func whatLatin1LacksIsTransliteratedAndReported(text: String, expected: String) throws {
        #expect(try written(text) == expected)
        #expect(try Latin1.encode(text).substitutions.isEmpty == (text == expected))
    }

    @Test func decomposedLettersAreComposedWithoutASubstitution() throws {
        let encoded = try Latin1.encode("Je\u{301}ro\u{302}me Franc\u{327}ois A\u{30A}sa n\u{303} y\u{308}")
        #expect(try encoded.bytes == Latin1.encode("Jérôme François Åsa ñ ÿ").bytes)
        #expect(encoded.substitutions.isEmpty)
    }

    @Test func marksThatCannotBeComposedAreStrippedAndReported() throws {
        #expect(
            try Latin1.encode("S\u{327}a e\u{323}\u{302} \u{301}x").substitutions == [
                .init(original: "S\u{327}", replacement: "S"), .init(original: "e\u{323}\u{302}", replacement: "ê"),
                .init(original: " \u{301}", replacement: " "),
            ])
        #expect(try written("S\u{327}a e\u{323}\u{302} \u{301}x") == "Sa ê x")
        #expect(try written("\u{301}x") == "x")
        #expect(try written("œ\u{301}") == "oe")
    }

    @Test func substitutionsSayWhatStoodAndWhatWasWritten() throws {
        let encoded = try Latin1.encode("Łucja Œ")
        #expect(encoded.substitutions.map(\.description) == ["Ł (U+0141) → L", "Œ (U+0152) → OE"])
        #expect(try Latin1.encode("\u{200E}").substitutions.map(\.description) == ["\u{200E} (U+200E) → nothing"])
    }

    @Test(arguments: [
        ("Щукин Юлия", "Shchukin Iuliia"), ("ЩУКИН", "SHCHUKIN"), ("Хрущёв", "Khrushchev"), ("Ольга", "Olga"),
        ("Ж. Київ", "ZH. Kiiv"), ("Ђоковић", "Dokovic"), ("и\u{306}", "i"),
    ])
    func cyrillicIsWrittenAsInPassports(text: String, expected: String) throws {
        #expect(try written(text) == expected)
    }

    @Test(arguments: [
        ("Διονύσιος", "Dionysios"), ("Μαρία", "Maria"), ("Θεός ΘΕΟΣ", "Theos THEOS"), ("Παπαδόπουλος", "Papadopoulos"),
        ("α-foetoprotéine", "alpha-foetoprotéine"), ("5 μm", "5 µm"), ("TNFα", "TNFalpha"), ("Δ t", "Delta t"),
        ("10 Ω", "10 Omega"), ("10 \u{2126}", "10 ohm"),
    ])
    func greekWordsAreTransliteratedAndSingleLettersSpelled(text: String, expected: String) throws {
        #expect(try written(text) == expected)
    }

    @Test func whatNoTableHasIsAnErrorThatNamesTheCharacters() {
        #expect(throws: Latin1.Unencodable(characters: ["山", "田", "太"])) { try Latin1.encode("Yamada=山田^太田") }
        #expect(throws: Latin1.Unencodable(characters: ["\u{FFFD}"])) { try Latin1.encode("J\u{FFFD}r") }
        #expect(throws: Latin1.Unencodable(characters: ["ש", "ى", "ก", "홍", "ﾔ", "😀"])) {
            try Latin1.encode("ש ى ก 홍 ﾔ 😀 ש")
        }
        #expect(
            Latin1.Unencodable(characters: ["山", "田"]).description
                == "not in ISO_IR 100 and without a transliteration: 山 (U+5C71), 田 (U+7530)")
    }

    @Test func noSubstitutionWritesADelimiterOrAQuestionMark() throws {
        let delimiters = Set("\\^=?".utf8)
        for value in (0x80...0x1FFFF).map({ UInt32($0) }) where ![0x2047, 0x2048, 0x2049, 0xFF1F].contains(value) {
            guard let scalar = Unicode.Scalar(value), let encoded = try? Latin1.encode(String(scalar)) else { continue }
            #expect(delimiters.isDisjoint(with: encoded.bytes), "U+\(String(value, radix: 16))")
        }
        for delimiter in ["＼", "＾", "＝", "≠", "≤"] {
            #expect(throws: Latin1.Unencodable.self) { try Latin1.encode(delimiter) }
        }
    }

    @Test func everyLatinLetterOfTheExtendedBlocksHasALatin1Form() {
        for value in [0x100..<0x250, 0x1E00..<0x1F00].joined() {
            guard let scalar = Unicode.Scalar(UInt32(value)) else { continue }
            #expect(throws: Never.self) { try Latin1.encode(String(scalar)) }
        }
    }

    @Test func theTableHasOnlyLatin1OnItsRight() {
        for entry in TransliterationTable.entries.description.split(whereSeparator: { $0 == " " || $0 == "\n" }) {
            #expect(entry.unicodeScalars.dropFirst().allSatisfy { $0.value <= 0xFF }, "\(entry)")
            #expect(entry.unicodeScalars.first.map { $0.value > 0xFF } ?? false, "\(entry)")
        }
    }
}
