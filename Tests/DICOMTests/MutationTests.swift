import DICOM
import TestSupport
import Testing

/// Damaged data sets: no reader traps, none stalls, and where the bytes are cut still does not matter.
struct MutationTests {
    static let seeds =
        Samples.all + [("image", HeaderCaptureTests.image(bulk: 20_000, pixels: 64).bytes, .explicitVRLittleEndian)]

    /// Flips, overwrites, removes, doubles or cuts.
    static func mutated(_ bytes: [UInt8], _ random: inout SeededRandom) -> [UInt8] {
        var result = bytes
        for _ in 0..<Int.random(in: 1...4, using: &random) where !result.isEmpty {
            let place = Int.random(in: 0..<result.count, using: &random)
            let count = min(Int.random(in: 1...8, using: &random), result.count - place)
            switch Int.random(in: 0..<6, using: &random) {
            case 0: result[place] ^= 1 << UInt8.random(in: 0...7, using: &random)
            case 1: result[place] = random.chance(0.5) ? 0xFF : .random(in: 0...255, using: &random)
            case 2: result.removeSubrange(place..<place + count)
            case 3: result.insert(contentsOf: result[place..<place + count], at: place)
            case 4: result.insert(contentsOf: Self.spice.randomElement(using: &random) ?? [], at: place)
            default: result.removeSubrange((place + count)...)
            }
        }
        return result
    }

    static let spice: [[UInt8]] = [
        hex("FE FF 00 E0 FF FF FF FF"), hex("FE FF 0D E0 00 00 00 00"), hex("FE FF DD E0 00 00 00 00"),
        hex("FF FE E0 00 00 00 00 10"), hex("FF FF FF FF"), hex("40 00 30 A7 'SQ' 00 00 FF FF FF FF"),
        hex("E0 7F 10 00 'OB' 00 00 FF FF FF FF"), hex("09 00 10 10 'UN' 00 00 FF FF FF FF"),
        hex("08 00 40 11 'SQ' 00 00 20 00 00 00"), hex("08 00 40 11 00 00 00 80"),
    ]

    @Test func noDamagedDataSetTrapsOrStalls() {
        var random = SeededRandom(seed: 2026)
        for round in 0..<24_000 {
            let (_, bytes, encoding) = Self.seeds[round % Self.seeds.count]
            let damaged = Self.mutated(bytes, &random)
            var parser = DataSetParser(encoding: encoding)
            var count = 0
            var offset = 0
            do {
                while try parser.next(in: damaged.span.bytes, from: &offset) != nil { count += 1 }
                try parser.finish()
            } catch {
                #expect(error.offset <= damaged.count, "round \(round)")
            }
            // A header has 8 bytes; it gives one token, its value one, and what it closes was opened by another.
            #expect(count <= damaged.count / 2 + 4, "round \(round)")
        }
    }

    @Test func cutsDoNotMatterToDamagedDataSetsEither() {
        var random = SeededRandom(seed: 7)
        for round in 0..<1_500 {
            let (name, bytes, encoding) = Samples.all[round % Samples.all.count]
            let damaged = Self.mutated(bytes, &random)
            let chunk = Int.random(in: 1...40, using: &random)
            let whole = tokens(damaged, encoding)
            #expect(tokens(damaged, encoding, chunk: chunk) == whole, "\(name), round \(round), \(chunk)")
        }
    }

    /// The header of a damaged data set reads like the data set itself, as far as it was kept.
    @Test func aDamagedHeaderIsReadAgainAsItWasWalked() {
        var random = SeededRandom(seed: 99)
        for round in 0..<3_000 {
            let (name, bytes, encoding) = Self.seeds[round % Self.seeds.count]
            let damaged = Self.mutated(bytes, &random)
            let syntax: TransferSyntax =
                switch encoding {
                case .implicitVRLittleEndian: .implicitVRLittleEndian
                case .explicitVRLittleEndian: .explicitVRLittleEndian
                case .explicitVRBigEndian: .explicitVRBigEndian
                }
            let piece = Int.random(in: 1...64, using: &random) * (round % 3 == 0 ? 100 : 1)
            let (capture, _) = HeaderCaptureTests.capture(
                damaged, syntax, piece: piece, limit: round % 2 == 0 ? 1 << 20 : 200, skips: round % 5 == 0)
            let (header, failure) = DataSet.read(header: capture.header.span.bytes, encoding: encoding)
            if capture.failure == nil, !capture.isCut, capture.pixelDataOffset == nil {
                #expect(failure == nil, "\(name), round \(round)")
            }
            let study = header.elements.last { $0.tag == Tag(0x0020, 0x000D) }
            if case .bytes(let value)? = study?.value, capture.failure == nil, !capture.isCut {
                #expect(StudyUID(padded: value).text == capture.studyInstanceUID?.text ?? "", "\(name), round \(round)")
            }
            var reader = HeaderReader(encoding: encoding)
            var tags: [UInt32] = []
            while let field = try? reader.next(in: capture.header.span.bytes) {
                tags.append(field.tag.rawValue)
                #expect(field.value.upperBound <= capture.header.count)
                _ = reader.items(of: field, in: capture.header.span.bytes)
            }
            if failure == nil { #expect(tags == header.elements.map(\.tag.rawValue), "\(name), round \(round)") }
        }
    }

    @Test func noDamagedFileTraps() {
        var random = SeededRandom(seed: 3)
        let file = Part10FileTests.start + DataSetBuilder.ct()
        for _ in 0..<4_000 {
            let damaged = Self.mutated(file, &random)
            _ = try? Part10File.read(damaged.span.bytes)
            _ = DataSetDump.lines(of: damaged.span.bytes, transferSyntax: .explicitVRLittleEndian)
        }
    }

    @Test func noDamagedDeflatedDataSetTraps() {
        var random = SeededRandom(seed: 4)
        let deflated = Deflate.deflated(DataSetBuilder.ct())
        for _ in 0..<1_000 {
            let damaged = Self.mutated(deflated, &random)
            let (capture, _) = HeaderCaptureTests.capture(damaged, DeflatedDataSetTests.syntax, piece: 50)
            #expect(capture.header.count <= 1 << 20)
        }
    }
}
