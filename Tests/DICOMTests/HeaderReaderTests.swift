import DICOM
import TestSupport
import Testing

struct HeaderReaderTests {
    @Test(arguments: [Encoding.implicitVRLittleEndian, .explicitVRLittleEndian, .explicitVRBigEndian])
    func topLevelElementsComeWithTheirValues(encoding: Encoding) throws {
        let header = DataSetBuilder.ct(encoding)
        var reader = HeaderReader(encoding: encoding)
        var texts: [String] = []
        while let field = try reader.next(in: header.span.bytes) {
            guard !field.isSequence else {
                let items = reader.items(of: field, in: header.span.bytes)
                texts.append("\(items.count) item, \(items.first?.string(Tag(0x0008, 0x1155)) ?? "")")
                continue
            }
            texts.append(String(decoding: header[field.value], as: UTF8.self))
        }
        #expect(
            texts == [
                "ISO_IR 100", "1.2.840.10008.5.1.4.1.1.2\0", "1.2.3.4.5\0", "A4711 ", "1 item, 1.2.3.4.5.6",
                "DUPONT^JEANNE ", "PID-1 ", "1.2.3.4\0", "1.2.3.4.1\0",
            ])
    }

    @Test func leftOutValuesAreSaidToBeSo() throws {
        let image = HeaderCaptureTests.image()
        var reader = HeaderReader(encoding: .explicitVRLittleEndian)
        var seen: [UInt32: Int] = [:]
        while let field = try reader.next(in: image.header.span.bytes) { seen[field.tag.rawValue] = field.omitted }
        #expect(seen[0x0029_1010] == 40_000)
        #expect(seen[0x0040_0254] == 0)
        #expect(seen.count == 11)
    }

    @Test func aCutHeaderGivesItsWholeElements() throws {
        let header = Array(DataSetBuilder.ct().dropLast(3))
        var reader = HeaderReader(encoding: .explicitVRLittleEndian)
        var last: HeaderReader.Field?
        while let field = try reader.next(in: header.span.bytes) { last = field }
        #expect(last?.tag == Tag(0x0020, 0x000E))
        #expect(last?.value.upperBound == header.count)
    }

    @Test(arguments: [Encoding.implicitVRLittleEndian, .explicitVRLittleEndian, .explicitVRBigEndian])
    func itemsOfAnyGroupAreRead(encoding: Encoding) throws {
        for group: UInt16 in [0x0008, 0x0018, 0x0040, 0x2050, 0x5400] {
            let tag = group == 0x5400 ? Tag(0x5400, 0x0100) : Tag(group, 0x1000)
            var set = DataSetBuilder(encoding)
            set.element(Tag(0x0008, 0x0005), .CS, "ISO_IR 192")
            set.sequence(tag) { $0.item { $0.element(Tag(0x0040, 0x1001), .SH, "RP") } }
            var reader = HeaderReader(encoding: encoding)
            _ = try reader.next(in: set.bytes.span.bytes)
            let field = try #require(try reader.next(in: set.bytes.span.bytes))
            let items = reader.items(of: field, in: set.bytes.span.bytes)
            #expect(items.map { $0.string(Tag(0x0040, 0x1001)) } == ["RP"], "\(tag)")
        }
    }
}
