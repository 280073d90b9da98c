import DICOM
import TestSupport
import Testing

/// What cannot be re-encoded is an error, never half a data set; and what is large or damaged costs no memory.
struct ReencoderDamageTests {
    private struct Line: Equatable {
        var depth: Int
        var tag: DICOM.Tag?
        var value: ArraySlice<UInt8> = []
    }

    /// The tags and values of all elements but group lengths, paddings aside.
    private static func content(_ bytes: [UInt8], _ encoding: Encoding) throws -> [Line] {
        var parser = DataSetParser(encoding: encoding)
        var lines: [Line] = []
        var offset = 0
        while let token = try parser.next(in: bytes.span.bytes, from: &offset) {
            switch token {
            case .value(let range):
                var value = bytes[range]
                while let last = value.last, last == 0 || last == 0x20 { value.removeLast() }
                lines[lines.count - 1].value = value
            // Some are missing at the end of the data set.
            case .itemEnd, .sequenceEnd, .fragmentsEnd: break
            case .element, .sequence, .item, .fragments, .fragment, .unreadable:
                lines.append(Line(depth: parser.depth, tag: token.tag))
            }
        }
        return lines.filter { $0.tag?.isGroupLength != true }
    }

    @Test(.enabled(if: Corpus.isPresent, "the corpus is not here"))
    func everyUncompressedFileKeepsItsContentThereAndBack() throws {
        var count = 0
        for entry in CorpusTests.entries {
            let bytes = try Corpus.bytes(entry.name)
            let file = try Part10File(bytes)
            let source = file.transferSyntax.encoding
            guard [.implicitVRLittleEndian, .explicitVRLittleEndian].contains(file.transferSyntax) else { continue }
            let body = Array(bytes[file.dataSetOffset...])
            let other: Encoding = source.isExplicit ? .implicitVRLittleEndian : .explicitVRLittleEndian
            do {
                let there = try reencoded(body, from: source, to: other, piece: 10_000)
                let back = try reencoded(there, from: other, to: source, piece: 777)
                count += 1
                let original = try? Self.content(body, source)
                #expect(try Self.content(there, other) == original, "\(entry.name)")
                #expect(try Self.content(back, source) == original, "\(entry.name)")
            } catch {
                let oddity = entry["oddity"]
                #expect(oddity.contains("beyond-EOF") || oddity.contains("bad-vr"), "\(entry.name): \(error)")
            }
        }
        #expect(count > 100)
    }

    @Test func aDataSetThatEndsInTheMiddleIsAnError() throws {
        let bytes = DataSetBuilder.ct()
        var parser = DataSetParser(encoding: .explicitVRLittleEndian)
        var ends: Set = [0, bytes.count]
        var offset = 0
        while let token = try parser.next(in: bytes.span.bytes, from: &offset) {
            guard parser.depth == 0 else { continue }
            if case .element = token { ends.insert(parser.tokenOffset) } else { ends.insert(parser.position) }
        }
        for count in 0...bytes.count {
            let cut = Array(bytes.prefix(count))
            let whole = try? reencoded(cut, from: .explicitVRLittleEndian, to: .implicitVRLittleEndian)
            #expect((whole != nil) == ends.contains(count), "\(count)")
        }
    }

    @Test func whatCannotBeReadOrIsBigEndianIsAnError() throws {
        let explicit = Encoding.explicitVRLittleEndian
        func kind(_ bytes: [UInt8], _ source: Encoding = .explicitVRLittleEndian) -> ParseError.Kind? {
            do {
                _ = try reencoded(bytes, from: source, to: .implicitVRLittleEndian)
                return nil
            } catch {
                return error.kind
            }
        }
        #expect(kind(Samples.brokenSequence) != nil)
        #expect(kind(Samples.bigEndianItems) == .bigEndian)
        #expect(kind(DataSetBuilder.ct(.explicitVRBigEndian)) == .bigEndian)
        #expect(kind(DataSetBuilder.ct(.implicitVRLittleEndian)) == nil, "what it is, not what it was declared as")
        #expect(kind(Samples.fragments) == nil)
        let text = hex("08 00 40 11 'LO' 08 00 '12345678'")
        #expect(kind(text) == .notAnElement, "in implicit VR it would be a sequence")
        #expect(try reencoded(text, from: explicit, to: explicit) == text)
        let open = hex("E0 7F 10 00 'OB' 00 00 FF FF FF FF FE FF 00 E0 02 00 00 00 01 02")
        #expect(try reencoded(open, from: explicit, to: explicit) == open + hex("FE FF DD E0 00 00 00 00"))
    }

    @Test func pixelDataOf4GiBGoesThroughAndIsNotKept() throws {
        var set = DataSetBuilder(.implicitVRLittleEndian)
        set.element(Tag(0x0028, 0x0103), .US, bytes: [1, 0])
        set.header(Tag(0x7FE0, 0x0010), .OW, 0xFFFF_FFFE)
        var reencoder = Reencoder(from: .implicitVRLittleEndian, to: .explicitVRLittleEndian)
        try reencoder.append(set.bytes)
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 21, alignment: 16)
        defer { buffer.deallocate() }
        var count = reencoder.take(into: buffer)
        let chunk = [UInt8](repeating: 7, count: 1 << 20)
        var left = 0xFFFF_FFFE
        while left > 0 {
            let part = min(left, chunk.count)
            try reencoder.append(chunk.span.bytes.extracting(0..<part))
            let taken = reencoder.take(into: buffer)
            #expect(taken == part && reencoder.ready == 0)
            count += taken
            left -= part
        }
        try reencoder.finish()
        #expect(count == 0xFFFF_FFFE + 10 + 12)
    }

    @Test func noDamageTrapsOrGrowsAndWhatIsWrittenCanBeRead() {
        var random = SeededRandom(seed: 5)
        for round in 0..<12_000 {
            let (name, bytes, source) = MutationTests.seeds[round % MutationTests.seeds.count]
            guard !source.isBigEndian else { continue }
            let damaged = round % 3 == 0 ? random.bytes(200) : MutationTests.mutated(bytes, &random)
            let target: Encoding = round % 2 == 0 ? .implicitVRLittleEndian : .explicitVRLittleEndian
            let piece = Int.random(in: 1...64, using: &random) * (round % 5 == 0 ? 100 : 1)
            guard let written = try? reencoded(damaged, from: source, to: target, piece: piece) else { continue }
            // The smallest of what is read, an empty sequence of 8 bytes, becomes 20; a level that is not ended gets an end.
            #expect(written.count <= damaged.count * 5 / 2 + 8 * 130, "\(name), round \(round)")
            #expect(throws: Never.self, "\(name), round \(round)") { try Self.content(written, target) }
        }
    }
}
