import DICOM
import TestSupport
import Testing

struct DataSetTests {
    static func parsed(_ body: (inout DataSetBuilder) -> Void, _ encoding: Encoding = .explicitVRLittleEndian) throws
        -> DataSet
    {
        var set = DataSetBuilder(encoding)
        body(&set)
        let syntax: TransferSyntax = encoding.isBigEndian ? .explicitVRBigEndian : .explicitVRLittleEndian
        return try DataSet(parsing: set.bytes, transferSyntax: syntax)
    }

    @Test func textIsReadWithoutItsPadding() throws {
        let set = try Self.parsed {
            $0.element(Tag(0x0008, 0x0008), .CS, "ORIGINAL\\ PRIMARY \\\\AXIAL")
            $0.element(Tag(0x0008, 0x0050), .SH, "")
            $0.element(Tag(0x0010, 0x0010), .PN, " DUPONT^JEANNE  ")
            $0.element(Tag(0x0020, 0x4000), .LT, " a\\b ")
        }
        #expect(set.strings(Tag(0x0008, 0x0008)) == ["ORIGINAL", "PRIMARY", "", "AXIAL"])
        #expect(set.string(Tag(0x0008, 0x0050)) == nil)
        #expect(set.strings(Tag(0x0008, 0x0050)).isEmpty)
        #expect(set.string(Tag(0x0010, 0x0010)) == "DUPONT^JEANNE")
        #expect(set.string(Tag(0x0020, 0x4000)) == " a\\b")
        #expect(set.string(Tag(0x0010, 0x0020)) == nil)
    }

    @Test func itemsInheritTheCharacterSetUnlessTheyHaveTheirOwn() throws {
        let set = try Self.parsed { set in
            set.element(Tag(0x0008, 0x0005), .CS, "ISO_IR 100")
            set.sequence(Tag(0x0040, 0x0275)) { sequence in
                sequence.item { $0.element(Tag(0x0040, 0x0007), .LO, bytes: [0xE9, 0x74]) }
                sequence.item {
                    $0.element(Tag(0x0008, 0x0005), .CS, "ISO_IR 192")
                    $0.element(Tag(0x0040, 0x0007), .LO, "été!")
                }
            }
        }
        #expect(set.items(Tag(0x0040, 0x0275)).map { $0.string(Tag(0x0040, 0x0007)) } == ["ét", "été!"])
    }

    @Test(arguments: [Encoding.explicitVRLittleEndian, .explicitVRBigEndian])
    func numbersFollowTheByteOrder(encoding: Encoding) throws {
        let low: [UInt8] = encoding.isBigEndian ? [0xFF, 0xFE, 0x00, 0x02] : [0xFE, 0xFF, 0x02, 0x00]
        let set = try Self.parsed(
            {
                $0.element(Tag(0x0020, 0x0013), .IS, " +12 \\-3")
                $0.element(Tag(0x0028, 0x0010), .US, bytes: low)
                $0.element(Tag(0x0028, 0x0106), .SS, bytes: low)
                $0.sequence(Tag(0x0040, 0x0275)) {
                    $0.item { $0.element(Tag(0x0028, 0x0010), .US, bytes: low + [1]) }
                }
            }, encoding)
        #expect(set.ints(Tag(0x0020, 0x0013)) == [12, -3])
        #expect(set.ints(Tag(0x0028, 0x0010)) == [0xFFFE, 2])
        #expect(set.ints(Tag(0x0028, 0x0106)) == [-2, 2])
        #expect(set.items(Tag(0x0040, 0x0275)).first?.int(Tag(0x0028, 0x0010)) == 0xFFFE)
    }

    @Test func uidsKeepTheirText() throws {
        let set = try Self.parsed {
            $0.element(Tag(0x0020, 0x000D), .UI, "1.2.3 ")
            $0.element(Tag(0x0020, 0x000E), .UI, "")
        }
        #expect(set.uid(Tag(0x0020, 0x000D)) == StudyUID("1.2.3"))
        #expect(set.uid(Tag(0x0020, 0x000E), as: SeriesUID.self) == nil)
    }

    @Test func readingStopsBeforeATagAtTheTopLevelOnly() throws {
        let bytes = DataSetBuilder.ct()
        let set = try DataSet(
            parsing: bytes, transferSyntax: .explicitVRLittleEndian, stopBefore: Tag(0x0008, 0x1155))
        #expect(set.elements.last?.tag == Tag(0x0008, 0x1140))
        #expect(set.items(Tag(0x0008, 0x1140)).first?.elements.count == 2)
    }

    @Test func whatComesBeforeAFailureCanBeHad() {
        let bytes = Array(DataSetBuilder.ct().dropLast(2))
        let (set, failure) = DataSet.read(bytes.span.bytes, transferSyntax: .explicitVRLittleEndian)
        #expect(failure?.kind == .unexpectedEnd)
        #expect(set.uid(Tag(0x0020, 0x000D)) == StudyUID("1.2.3.4"))
    }

    @Test func aCutSequenceKeepsItsItems() {
        let bytes = Array(DataSetBuilder.ct()[..<150])
        let (set, failure) = DataSet.read(bytes.span.bytes, transferSyntax: .explicitVRLittleEndian)
        #expect(failure != nil)
        #expect(set.items(Tag(0x0008, 0x1140)).count == 1)
    }

    @Test func whatCannotBeReadInASequenceBecomesAnItemOfItsOwn() throws {
        let set = try DataSet(parsing: Samples.brokenSequence, transferSyntax: .explicitVRLittleEndian)
        let items = set.items(Tag(0x0009, 0x1010))
        #expect(items.count == 1)
        #expect(items.first?.elements.first?.value == .bytes(Array("e no items.".utf8)))
        #expect(set.string(Tag(0x0010, 0x0020)) == "ID")
    }
}
