import DICOM
import TestSupport
import Testing

@testable import DICOMNetwork

struct PDUReaderTests {
    /// What was read, the pieces of each fragment joined: where the stream is cut does not matter.
    private func read(_ bytes: [UInt8], chunk: Int) throws -> [String] {
        var reader = PDUReader()
        var log: [String] = []
        var value: [UInt8] = []
        for start in stride(from: 0, to: bytes.count, by: chunk) {
            let part = Array(bytes[start..<min(bytes.count, start + chunk)])
            var offset = 0
            while let token = try reader.next(in: part.span.bytes, from: &offset) {
                switch token {
                case .pdu(let type, let body): log.append("\(type) \(body.count)")
                case .data: log.append("data \(reader.dataLength)")
                case .bytes(_, _, let range): value += part[range]
                case .end(let context, let isCommand):
                    log.append("\(isCommand ? "command" : "data set") on \(context): \(value)")
                    value = []
                }
            }
            #expect(offset == part.count)
        }
        return log
    }

    private let stream =
        Wire.data(Wire.pdv(1, 3, [1, 2, 3]), Wire.pdv(1, 0, []), Wire.pdv(1, 0, [4]))
        + Wire.data() + Wire.data(Wire.pdv(1, 2, [5, 6])) + Wire.data(Wire.pdv(3, 2, [])) + Wire.releaseResponse

    @Test(arguments: 1...40)
    func everyChunkSizeGivesTheSame(chunk: Int) throws {
        let log = try read(stream, chunk: chunk)
        #expect(
            log == [
                "data 22", "command on 1: [1, 2, 3]", "data 0", "data 8", "data set on 1: [4, 5, 6]", "data 6",
                "data set on 3: []", "A-RELEASE-RP 4",
            ])
    }

    @Test func theHeadersCanBeReadAlone() throws {
        var reader = PDUReader()
        #expect(reader.bytesOfHeaders == 12)
        var position = 0
        let bytes = Wire.data(Wire.pdv(1, 0, [UInt8](repeating: 0, count: 5000)), Wire.pdv(1, 2, [1]))
        for (expected, skipped) in [(12, 5000), (6, 1)] {
            #expect(reader.bytesOfHeaders == expected)
            let part = Array(bytes[position..<position + expected])
            var offset = 0
            while try reader.next(in: part.span.bytes, from: &offset) == .data {}
            #expect(reader.bytesOfFragment == skipped)
            reader.skip(skipped)
            position += expected + skipped
            if skipped > 1 { #expect(try reader.next(in: [UInt8]().span.bytes, from: &offset) == nil) }
        }
        var offset = 0
        #expect(try reader.next(in: [UInt8]().span.bytes, from: &offset) == .end(context: 1, isCommand: false))
    }

    @Test func lengthsThatLieAreFaults() {
        for (bytes, fault) in [
            (Wire.data(Wire.pdv(1, 2, [1], length: 1)), ProtocolFault.presentationDataValueLength(1)),
            (Wire.data(Wire.pdv(1, 2, [1], length: .max)), .presentationDataValueLength(Int(UInt32.max))),
            (Wire.data([0, 0, 0]), .presentationDataValueLength(3)),
            (Wire.pdu(8, []), .unrecognizedPDU(type: 8)),
            (
                Wire.pdu(4, [], length: .max),
                .tooLong(.dataTransfer, length: Int(UInt32.max), limit: PDULimits.dataTransfer)
            ),
            (
                Wire.pdu(2, [], length: .max),
                .tooLong(.associateAccept, length: Int(UInt32.max), limit: PDULimits.associate)
            ),
        ] {
            #expect(throws: fault) { try read(bytes, chunk: 7) }
        }
    }

    /// Nothing traps, whatever comes.
    @Test func chanceNeverTraps() {
        var random = SeededRandom(seed: 41)
        for _ in 0..<2000 {
            var bytes = stream
            for _ in 0..<Int.random(in: 1...6, using: &random) {
                bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            _ = try? readTolerantly(bytes)
        }
    }

    private func readTolerantly(_ bytes: [UInt8]) throws {
        var reader = PDUReader()
        var offset = 0
        while try reader.next(in: bytes.span.bytes, from: &offset) != nil {}
    }
}
