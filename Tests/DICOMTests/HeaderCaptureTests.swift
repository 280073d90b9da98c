import DICOM
import TestSupport
import Testing

struct HeaderCaptureTests {
    /// A header, a long value in it, pixel data, something behind.
    static func image(bulk: Int = 40_000, pixels: Int = 100_000) -> (bytes: [UInt8], header: [UInt8]) {
        var set = DataSetBuilder()
        set.raw(DataSetBuilder.ct())
        set.header(Tag(0x0029, 0x1010), .OB, UInt32(bulk))
        var header = set.bytes
        set.raw([UInt8](repeating: 7, count: bulk))
        var behind = DataSetBuilder()
        behind.element(Tag(0x0040, 0x0254), .LO, "STEP")
        set.raw(behind.bytes)
        header += behind.bytes
        set.element(Tag(0x7FE0, 0x0010), .OW, bytes: [UInt8](repeating: 9, count: pixels))
        set.element(Tag(0xFFFC, 0xFFFC), .OB, "")
        return (set.bytes, header)
    }

    /// Feeds pieces, skipping what it may when `skips`; says how many bytes were never given.
    static func capture(
        _ bytes: [UInt8], _ syntax: TransferSyntax = .explicitVRLittleEndian, piece: Int, limit: Int = 1 << 20,
        skips: Bool = false
    ) -> (capture: HeaderCapture, notGiven: Int) {
        var capture = HeaderCapture(transferSyntax: syntax, limit: limit)
        var start = 0
        var notGiven = 0
        feeding: while start < bytes.count {
            let end = min(start + piece, bytes.count)
            let appetite = capture.append(Array(bytes[start..<end]))
            start = end
            switch appetite {
            case .more: break
            case .skip(let count):
                guard skips else { break }
                let skipped = min(count, bytes.count - start)
                capture.skip(skipped)
                start += skipped
                notGiven += skipped
            case .done:
                notGiven += bytes.count - start
                break feeding
            }
        }
        capture.finish()
        return (capture, notGiven)
    }

    @Test(arguments: [1, 2, 3, 7, 100, 4096, 1 << 20], [false, true])
    func theHeaderEndsBeforeThePixelDataAndLeavesOutBulk(piece: Int, skips: Bool) {
        let image = Self.image()
        let (capture, _) = Self.capture(image.bytes, piece: piece, skips: skips)
        #expect(capture.header == image.header)
        #expect(capture.failure == nil)
        #expect(!capture.isCut)
        #expect(capture.omittedBytes == 40_000)
        #expect(capture.pixelDataOffset == image.header.count + 40_000)
    }

    @Test func bulkAndPixelDataNeedNotBeGiven() {
        let (_, notGiven) = Self.capture(Self.image().bytes, piece: 256, skips: true)
        #expect(notGiven > 139_000)
    }

    /// Case 38 of `Catalogue.md`: values of the greatest length there is, together more than 4 GiB, of which none comes.
    @Test func valuesOf4GiBAreSkipped() {
        var capture = HeaderCapture(transferSyntax: .explicitVRLittleEndian, limit: 1 << 20)
        var header: [UInt8] = []
        for number: UInt16 in 1...2 {
            var set = DataSetBuilder()
            set.header(Tag(0x0009, 0x1000 + number), .OB, 0xFFFF_FFFE)
            #expect(capture.append(set.bytes) == .skip(0xFFFF_FFFE))
            capture.skip(0xFFFF_FFF0)
            #expect(capture.append([UInt8](repeating: 0, count: 8)) == .skip(6))
            capture.skip(6)
            header += set.bytes
        }
        var end = DataSetBuilder()
        end.element(Tag(0x0020, 0x000D), .UI, "1.2.3.4")
        #expect(capture.append(end.bytes) == .more)
        capture.finish()
        #expect(capture.failure == nil)
        #expect(capture.omittedBytes == 2 * 0xFFFF_FFFE)
        #expect(capture.header == header + end.bytes)
        #expect(capture.studyInstanceUID == StudyUID("1.2.3.4"))
    }

    @Test func theIdentifyingElementsAreRememberedAsSent() {
        let (capture, _) = Self.capture(Self.image().bytes, piece: 5)
        #expect(capture.sopClassUID == SOPClassUID("1.2.840.10008.5.1.4.1.1.2"))
        #expect(capture.sopInstanceUID == InstanceUID("1.2.3.4.5"))
        #expect(capture.studyInstanceUID == StudyUID("1.2.3.4"))
        #expect(capture.seriesInstanceUID == SeriesUID("1.2.3.4.1"))
        #expect(Array(capture.patientID) == Array("PID-1 ".utf8))
        #expect(Array(capture.accessionNumber) == Array("A4711 ".utf8))
        #expect(Array(capture.specificCharacterSet) == Array("ISO_IR 100".utf8))
    }

    @Test func whatIsNestedDoesNotIdentify() {
        var set = DataSetBuilder()
        set.sequence(Tag(0x0008, 0x1140)) { $0.item { $0.element(Tag(0x0020, 0x000D), .UI, "9.9") } }
        #expect(Self.capture(set.bytes, piece: 9).capture.studyInstanceUID == nil)
    }

    @Test func pixelDataOfAnIconDoesNotEndTheHeader() {
        var set = DataSetBuilder()
        set.sequence(Tag(0x0088, 0x0200)) {
            $0.item { item in
                item.header(Tag(0x7FE0, 0x0010), .OB, .max)
                item.mark(0xE000, 0)
                item.mark(0xE000, 20_000)
                item.raw([UInt8](repeating: 1, count: 20_000))
                item.mark(0xE0DD)
            }
        }
        set.element(Tag(0x0088, 0x0904), .LO, "TOPIC")
        let (capture, _) = Self.capture(set.bytes, piece: 1000, skips: true)
        #expect(capture.header.count == set.bytes.count - 20_000)
        #expect(capture.pixelDataOffset == nil)
        let (dataSet, failure) = DataSet.read(header: capture.header.span.bytes, encoding: capture.encoding)
        #expect(failure == nil)
        #expect(dataSet.string(Tag(0x0088, 0x0904)) == "TOPIC")
    }

    @Test func theLimitCutsTheHeaderInFrontOfAnElement() {
        let whole = Self.capture(Self.image().bytes, piece: 100).capture.header
        for limit in [0, 1, 30, whole.count - 1, whole.count + 11] {
            let (capture, _) = Self.capture(Self.image().bytes, piece: 64, limit: limit)
            #expect(capture.isCut == (limit < whole.count))
            #expect(capture.header.count <= limit)
            #expect(whole.starts(with: capture.header))
        }
        #expect(Self.capture(Self.image().bytes, piece: 64, limit: 60).capture.header.count == 52)
    }

    @Test func aFailureKeepsWhatWasReadBeforeIt() {
        let start = DataSetBuilder.ct()
        let bytes = start + hex("08 00 18 00 01 FF FF 7F 00 00 00 00 00 00")
        let (capture, notGiven) = Self.capture(bytes, piece: 3)
        #expect(capture.failure == ParseError(.notAnElement, offset: start.count, tag: Tag(0x0008, 0x0018)))
        #expect(capture.header == start)
        #expect(capture.studyInstanceUID == StudyUID("1.2.3.4"))
        #expect(notGiven > 0)
    }

    @Test func aDataSetThatEndsTooEarlyIsKeptAsFarAsItCame() {
        let bytes = Array(DataSetBuilder.ct().dropLast(3))
        let (capture, _) = Self.capture(bytes, piece: 50)
        #expect(capture.failure?.kind == .unexpectedEnd)
        #expect(capture.header == bytes)
    }

    @Test func anEmptyDataSetIsAnEmptyHeader() {
        let (capture, _) = Self.capture([], piece: 1)
        #expect(capture.header.isEmpty)
        #expect(capture.failure == nil)
    }

    @Test func aCaptureCanBeUsedAgain() {
        var capture = Self.capture(Self.image().bytes, piece: 64).capture
        capture.reset(transferSyntax: .implicitVRLittleEndian)
        _ = capture.append(DataSetBuilder.ct(.implicitVRLittleEndian, instance: "7.7"))
        capture.finish()
        #expect(capture.header == DataSetBuilder.ct(.implicitVRLittleEndian, instance: "7.7"))
        #expect(capture.sopInstanceUID == InstanceUID("7.7"))
        #expect(capture.pixelDataOffset == nil)
        #expect(capture.omittedBytes == 0)
    }

    @Test func theHeaderReadsLikeTheDataSetButForWhatWasLeftOut() throws {
        for (name, bytes, encoding) in Samples.all {
            let syntax: TransferSyntax =
                switch encoding {
                case .implicitVRLittleEndian: .implicitVRLittleEndian
                case .explicitVRLittleEndian: .explicitVRLittleEndian
                case .explicitVRBigEndian: .explicitVRBigEndian
                }
            let whole = try DataSet(parsing: bytes, transferSyntax: syntax, stopBefore: Tag(0x7FE0, 0x0010))
            let (capture, _) = Self.capture(bytes, syntax, piece: 11)
            let (header, failure) = DataSet.read(header: capture.header.span.bytes, encoding: encoding)
            #expect(failure == nil, "\(name)")
            #expect(header == whole, "\(name)")
        }
    }
}
