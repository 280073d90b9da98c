import DICOM
import TestSupport
import Testing

/// What senders get wrong and the parser reads all the same.
struct TolerantParsingTests {
    static let id = ["(0010,0020) LO 2", "= ID"]

    @Test(arguments: [Encoding.implicitVRLittleEndian, .explicitVRLittleEndian])
    func aSequenceSentAsUNIsReadInEitherEncoding(inner: Encoding) {
        #expect(
            shape(tokens(Samples.unknownSequence(inner))) == [
                "(0009,1010) sequence UN undefined", "item undefined", "(0008,1155) UI 4", "= 1.2.",
                "(0010,0010) PN 4", "= A^B ", "end of item", "end of sequence",
            ] + Self.id)
    }

    @Test(arguments: [VR.UN, .OB, .OW])
    func aStandardSequenceOfDefinedLengthIsReadWhateverItsVR(vr: VR) {
        var set = DataSetBuilder()
        set.header(Tag(0x0040, 0x0275), vr, 20)
        set.encoding = .implicitVRLittleEndian
        set.item(defined: true) { $0.element(Tag(0x0040, 0x1001), .SH, "RP17") }
        #expect(
            shape(tokens(set.bytes)) == [
                "(0040,0275) sequence \(vr) 20", "item 12", "(0040,1001) SH 4", "= RP17", "end of item",
                "end of sequence",
            ])
    }

    @Test func aPrivateUNOfDefinedLengthStaysAsItIs() {
        var set = DataSetBuilder()
        set.element(Tag(0x0009, 0x1010), .UN, bytes: hex("FE FF 00 E0 00 00 00 00"))
        #expect(shape(tokens(set.bytes)) == ["(0009,1010) UN 8", "= ........"])
    }

    @Test func undefinedLengthIsASequenceWhateverItsVR() {
        var set = DataSetBuilder()
        set.sequence(Tag(0x0028, 0x3010), vr: .OW) { $0.item { $0.element(Tag(0x0010, 0x0020), .LO, "ID") } }
        #expect(
            shape(tokens(set.bytes)) == [
                "(0028,3010) sequence OW undefined", "item undefined", "(0010,0020) LO 2", "= ID", "end of item",
                "end of sequence",
            ])
    }

    @Test func valueRepresentationsOutsideTheStandardAreReadOver() {
        #expect(
            shape(tokens(Samples.oddVRs)) == [
                "(0009,0010) LO 4", "= ACME", "(0009,1001) OX 4", "= abcd", "(0009,1002) OX 4", "= abcd",
                "(0009,1003)    4", "= abcd", "(0009,1004) a} 4", "= abcd", "(0009,1005) UN 4", "= abcd",
                "(0009,1006) UN 0",
            ] + Self.id)
    }

    /// Case 28 of `Catalogue.md`: where an explicit element has its VR, these lengths look like blanks or like one.
    @Test(arguments: [0x200A, 0x2020, 0x4F4C] as [UInt32])
    func aLengthThatLooksLikeAValueRepresentationIsALength(length: UInt32) {
        var set = DataSetBuilder(.implicitVRLittleEndian)
        set.element(Tag(0x0008, 0x0060), .CS, "CT")
        set.element(Tag(0x0009, 0x1001), .UN, bytes: [UInt8](repeating: 0, count: Int(length)))
        set.element(Tag(0x0010, 0x0020), .LO, "ID")
        let seen = shape(tokens(set.bytes, .implicitVRLittleEndian))
        #expect(seen.count == 6)
        #expect(seen[2] == "(0009,1001) UN \(length)")
        #expect(seen.suffix(2) == Self.id)
    }

    /// Case 37 of `Catalogue.md`.
    @Test func thePrivateSyntaxOfGEIsReadAsImplicit() {
        let bytes = DataSetBuilder.ct(.implicitVRLittleEndian)
        #expect(TransferSyntax("1.2.840.113619.5.2").encoding == .implicitVRLittleEndian)
        #expect(tokens(bytes, TransferSyntax.privateGEImplicit.encoding).last == "= 1.2.3.4.1.")
    }

    /// Case 39 of `Catalogue.md`.
    @Test(arguments: [Encoding.implicitVRLittleEndian, .explicitVRLittleEndian])
    func aPrivateCreatorMayBeMissingOrASequence(encoding: Encoding) {
        var set = DataSetBuilder(encoding)
        set.sequence(Tag(0x0009, 0x0010)) { $0.item { $0.element(Tag(0x0008, 0x1155), .UI, "1.2") } }
        set.element(Tag(0x0011, 0x1001), .UN, "no creator")
        set.element(Tag(0x0010, 0x0020), .LO, "ID")
        let seen = shape(tokens(set.bytes, encoding))
        #expect(seen.count == 10)
        #expect(seen[0].hasPrefix("(0009,0010) sequence"))
        #expect(
            Array(seen[1...7]) == [
                "item undefined", "(0008,1155) UI 4", "= 1.2.", "end of item", "end of sequence", "(0011,1001) UN 10",
                "= no creator",
            ])
        #expect(seen.suffix(2) == Self.id)
    }

    @Test func explicitElementsInAnImplicitDataSetAreSeen() {
        var set = DataSetBuilder(.implicitVRLittleEndian)
        set.element(Tag(0x0008, 0x0060), .CS, "CT")
        set.encoding = .explicitVRLittleEndian
        set.element(Tag(0x0009, 0x0010), .LO, "ACME")
        set.element(Tag(0x0009, 0x1001), .OB, bytes: [65, 66])
        set.element(Tag(0x0010, 0x0010), .PN, "A^B")
        set.encoding = .implicitVRLittleEndian
        set.element(Tag(0x0010, 0x0020), .LO, "ID")
        #expect(
            shape(tokens(set.bytes, .implicitVRLittleEndian)) == [
                "(0008,0060) CS 2", "= CT", "(0009,0010) LO 4", "= ACME", "(0009,1001) OB 2", "= AB",
                "(0010,0010) PN 4", "= A^B ",
            ] + Self.id)
    }

    @Test(arguments: [Encoding.implicitVRLittleEndian, .explicitVRLittleEndian, .explicitVRBigEndian])
    func aWrongTransferSyntaxIsFoundAtTheFirstElement(actual: Encoding) {
        let bytes = DataSetBuilder.ct(actual)
        let right = tokens(bytes, actual)
        for declared in [Encoding.implicitVRLittleEndian, .explicitVRLittleEndian, .explicitVRBigEndian] {
            #expect(tokens(bytes, declared) == right, "declared \(declared)")
        }
    }

    @Test func bigEndianItemsInALittleEndianDataSetAreRead() {
        #expect(
            shape(tokens(Samples.bigEndianItems)) == [
                "(2005,1083) sequence SQ undefined", "item 22", "(0008,1155) UI 4", "= 1.2.", "(0028,0010) US 2",
                "= ..", "end of item", "end of sequence", "(2050,0020) CS 8", "= IDENTITY",
            ])
    }

    @Test func marksThatBecameQuestionMarksAreRead() {
        let bytes = hex(
            """
            09 00 10 10 'SQ' 00 00 FF FF FF FF
            3F 3F 00 3F 3F 3F 3F 3F          # an item that was FE FF 00 E0 FF FF FF FF
            08 00 55 11 'UI' 00 00
            FE FF 0D E0 00 00 00 00
            3F 3F 3F 3F 00 00 00 00          # the end that was FE FF DD E0
            10 00 20 00 'LO' 02 00 'ID'
            """)
        #expect(
            shape(tokens(bytes)) == [
                "(0009,1010) sequence SQ undefined", "item undefined", "(0008,1155) UI 0", "end of item",
                "end of sequence",
            ] + Self.id)
    }

    @Test func swappedDelimitersEndWhatTheyEnd() {
        let item = ["item undefined", "(0008,1155) UI 4", "= 1.2.", "end of item"]
        #expect(
            shape(tokens(Samples.swappedDelimiters))
                == ["(0008,1140) sequence SQ undefined"] + item + item + ["end of sequence"] + Self.id)
    }

    @Test func missingDelimitersAreSupplied() {
        var set = DataSetBuilder()
        set.header(Tag(0x0008, 0x1140), .SQ, .max)
        set.mark(0xE000, .max)
        set.mark(0xE000, 0)
        set.element(Tag(0x0010, 0x0020), .LO, "ID")
        #expect(
            shape(tokens(set.bytes)) == [
                "(0008,1140) sequence SQ undefined", "item undefined", "end of item", "item 0", "end of item",
                "end of sequence",
            ] + Self.id)
    }

    @Test func delimitersWhereALengthWasGivenAreReadOver() {
        var set = DataSetBuilder()
        set.header(Tag(0x0008, 0x1140), .SQ, 40)
        set.mark(0xE000, 16)
        set.element(Tag(0x0008, 0x1155), .UI, "")
        set.mark(0xE00D)
        set.mark(0xE00D)
        set.mark(0xE0DD)
        set.mark(0xE0DD)
        set.element(Tag(0x0010, 0x0020), .LO, "ID")
        #expect(
            shape(tokens(set.bytes)) == [
                "(0008,1140) sequence SQ 40", "item 16", "(0008,1155) UI 0", "end of item", "end of sequence",
            ] + Self.id)
    }

    @Test func aDelimiterBehindASequenceOfDefinedLengthDoesNotEndTheItemAround() {
        var set = DataSetBuilder()
        set.sequence(Tag(0x0040, 0x0275)) { outer in
            outer.item { item in
                item.sequence(Tag(0x0040, 0x0008), defined: true) { $0.item(defined: true) { _ in } }
                item.mark(0xE0DD)
                item.element(Tag(0x0040, 0x1001), .SH, "RP")
            }
        }
        let seen = shape(tokens(set.bytes))
        #expect(seen.suffix(4) == ["(0040,1001) SH 2", "= RP", "end of item", "end of sequence"])
    }

    @Test func aSequenceThatIsShorterThanItsItemsEndsWithThem() {
        #expect(
            shape(tokens(Samples.shortSequence)) == [
                "(0008,1140) sequence SQ 12", "item 12", "(0008,1155) UI 4", "= 1.2.", "end of item",
                "end of sequence",
            ] + Self.id)
    }

    @Test func aSequenceThatIsLongerThanItsItemsEndsAtTheNextElement() {
        var set = DataSetBuilder()
        set.header(Tag(0x0008, 0x1140), .SQ, 500)
        set.item(defined: true) { $0.element(Tag(0x0008, 0x1155), .UI, "1.2") }
        set.element(Tag(0x0010, 0x0020), .LO, "ID")
        #expect(shape(tokens(set.bytes)).suffix(3) == ["end of sequence"] + Self.id)
    }

    @Test func whatCannotBeReadInADefinedLengthIsPassedOver() {
        #expect(
            shape(tokens(Samples.brokenSequence)) == [
                "(0009,1010) sequence SQ 19", "unreadable 11: misplaced item", "= e no items.", "end of sequence",
            ] + Self.id)
    }

    @Test func aValueLongerThanItsItemIsPassedOver() {
        var set = DataSetBuilder()
        set.sequence(Tag(0x0008, 0x1140), defined: true) { sequence in
            sequence.item(defined: true) { $0.element(Tag(0x0008, 0x1155), .UI, bytes: [49, 46], length: 5000) }
        }
        set.element(Tag(0x0010, 0x0020), .LO, "ID")
        #expect(
            shape(tokens(set.bytes)) == [
                "(0008,1140) sequence SQ 18", "item 10", "unreadable 2: value longer than its item", "= 1.",
                "end of item", "end of sequence",
            ] + Self.id)
    }

    @Test func itemsBehindAnEmptySequenceAreReadAsElements() {
        let bytes = hex("55 00 0E 04 'SQ' 00 00 00 00 00 00  FE FF 00 E0 00 00 00 00  10 00 20 00 'LO' 02 00 'ID'")
        #expect(shape(tokens(bytes)) == ["(0055,040E) sequence SQ 0", "end of sequence"] + Self.id)
    }

    @Test func oddLengthsDisorderAndForeignGroupsAreReadAsTheyAre() {
        let bytes = hex(
            """
            10 00 20 00 'LO' 03 00 'ID1'        # odd
            08 00 00 00 'UL' 04 00 FF FF 00 00  # group length, wrong
            02 00 10 00 'UI' 00 00              # group 0002
            00 00 02 00 'UI' 00 00              # group 0000
            09 00 10 10 'UL' 06 00 01 00 00 00  # Siemens: 6, but 4 bytes
            10 00 20 00 'LO' 02 00 'ID'         # again
            """)
        #expect(
            shape(tokens(bytes)) == [
                "(0010,0020) LO 3", "= ID1", "(0008,0000) UL 4", "= ....", "(0002,0010) UI 0", "(0000,0002) UI 0",
                "(0009,1010) UL 4", "= ....",
            ] + Self.id)
    }

    @Test func trailingPaddingIsReadOver() {
        var set = DataSetBuilder()
        set.element(Tag(0x0010, 0x0020), .LO, "ID")
        let bytes = set.bytes
        #expect(shape(tokens(bytes + [0, 0, 0])) == Self.id)
        #expect(shape(tokens(bytes + hex("FC FF FC FF 'OB' 00 00 02 00 00 00 00 00"))).count == 4)
        #expect(tokens(bytes + [1, 2, 3]).last == "failed: the data set ends too early at byte 10, in (0010,0020)")
    }

    @Test func pixelDataOfAnyKindIsRead() {
        #expect(
            shape(tokens(Samples.fragments)).dropFirst(2) == [
                "(7FE0,0010) fragments OW", "fragment 4", "= ....", "fragment 5", "= .....", "end of fragments",
                "(FFFC,FFFC) OB 2", "= xx",
            ])
        var set = DataSetBuilder()
        set.element(Tag(0x7FE0, 0x0010), .OB, bytes: hex("FE FF 00 E0 00 00 00 00"))
        #expect(shape(tokens(set.bytes)) == ["(7FE0,0010) OB 8", "= ........"], "defined length")
    }

    @Test func theFirstFaultIsRemembered() throws {
        var parser = DataSetParser(encoding: .explicitVRLittleEndian)
        let bytes = Samples.brokenSequence
        var offset = 0
        while try parser.next(in: bytes.span.bytes, from: &offset) != nil {}
        #expect(parser.irregularity == ParseError(.misplacedItem, offset: 12, tag: Tag(0x0009, 0x1010)))
    }
}
