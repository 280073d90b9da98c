import DICOM
import Foundation
import TestSupport
import Testing

/// Real files of many vendors, against what other readers made of them (`corpus/MANIFEST.tsv`).
struct CorpusTests {
    struct Entry {
        var columns: [String: String] = [:]
        var name: String { columns["file"] ?? "" }
        subscript(_ column: String) -> String { columns[column] ?? "" }
    }

    static let entries: [Entry] = {
        guard let text = try? String(contentsOf: Corpus.folder.appending(path: "MANIFEST.tsv"), encoding: .utf8) else {
            return []
        }
        let rows = text.split(separator: "\n").map { $0.split(separator: "\t", omittingEmptySubsequences: false) }
        guard let header = rows.first else { return [] }
        return rows.dropFirst().map { row in
            Entry(columns: Swift.Dictionary(uniqueKeysWithValues: zip(header.map(String.init), row.map(String.init))))
        }
    }()

    /// Where our reading is another than the table's, and why.
    static let different: [String: String] = [
        "dcm2nifti__IM-0001-9600-0001.dcm": "private sequences of defined length in implicit VR stay bytes",
        "pydcm__priv_SQ.dcm": "private sequences of defined length in implicit VR stay bytes",
        "pydcm-data__bad_sequence.dcm": "a standard sequence sent as UN is read as a sequence",
        "fo-dcm__GH179A.dcm": "read on where the other reader gave up",
        "fo-dcm__GH179B.dcm": "one element more is read before the damage",
        "fo-dcm__GH626.dcm": "the truncated last element is read otherwise",
        "pydcm__rtplan_truncated.dcm": "read on up to the truncation",
    ]

    struct Walk: Equatable {
        var elements = 0
        var depth = 0
        var pixelData: Int?
        var encoding = ""
        var failure: ParseError?
    }

    static func walk(_ bytes: [UInt8]) throws -> Walk {
        let file = try Part10File(bytes)
        var body = Array(bytes[file.dataSetOffset...])
        if file.transferSyntax.isDeflated { body = try DataSet.inflated(body.span.bytes) }
        var parser = DataSetParser(encoding: file.transferSyntax.encoding)
        var walk = Walk()
        var offset = 0
        do {
            while let token = try parser.next(in: body.span.bytes, from: &offset) {
                if let tag = token.tag {
                    walk.elements += 1
                    if parser.depth < 2, tag.isPixelData, walk.pixelData == nil {
                        walk.pixelData = file.dataSetOffset + parser.tokenOffset
                    }
                }
                if case .item = token { walk.depth = max(walk.depth, parser.depth / 2) }
            }
            walk.encoding = name(parser.encoding)
            try parser.finish()
        } catch {
            walk.failure = error
            walk.encoding = name(parser.encoding)
        }
        return walk
    }

    static func name(_ encoding: Encoding) -> String {
        switch encoding {
        case .implicitVRLittleEndian: "IL"
        case .explicitVRLittleEndian: "EL"
        case .explicitVRBigEndian: "EB"
        }
    }

    @Test(.enabled(if: Corpus.isPresent, "the corpus is not here"))
    func everyFileIsReadAsOtherReadersReadIt() throws {
        #expect(Self.entries.count > 200)
        for entry in Self.entries {
            let bytes = try Corpus.bytes(entry.name)
            let walk = try Self.walk(bytes)
            let isSound = !entry["oddity"].contains("beyond-EOF") && !entry["oddity"].contains("bad-vr")
            #expect((walk.failure == nil) || !isSound, "\(entry.name): \(walk)")
            guard Self.different[entry.name] == nil else { continue }
            #expect(walk.elements == Int(entry["elements"]), "\(entry.name)")
            #expect(walk.depth == Int(entry["depth"]), "\(entry.name)")
            #expect(walk.pixelData ?? bytes.count == Int(entry["bytes_before_pixeldata"]), "\(entry.name)")
            #expect(walk.encoding == entry["encoding"], "\(entry.name)")
        }
    }

    @Test(.enabled(if: Corpus.isPresent, "the corpus is not here"))
    func everyHeaderIsReadAgainAsItWasSent() throws {
        for entry in Self.entries {
            let bytes = try Corpus.bytes(entry.name)
            let file = try Part10File(bytes)
            let body = Array(bytes[file.dataSetOffset...])
            let (capture, _) = HeaderCaptureTests.capture(body, file.transferSyntax, piece: 16_000, limit: 1 << 24)
            let (small, _) = HeaderCaptureTests.capture(
                body, file.transferSyntax, piece: 777, limit: 1 << 24, skips: true)
            #expect(capture.header == small.header, "\(entry.name)")
            let (header, failure) = DataSet.read(header: capture.header.span.bytes, encoding: capture.encoding)
            #expect(failure == nil || capture.failure != nil, "\(entry.name)")
            #expect(header.uid(Tag(0x0008, 0x0018)) == capture.sopInstanceUID, "\(entry.name)")
            #expect(header.uid(Tag(0x0020, 0x000D)) == capture.studyInstanceUID, "\(entry.name)")
            #expect(header.uid(Tag(0x0020, 0x000E)) == capture.seriesInstanceUID, "\(entry.name)")
            #expect((capture.studyInstanceUID == nil) == entry["oddity"].contains("no-StudyUID"), "\(entry.name)")
            #expect((capture.patientID.isEmpty) == entry["oddity"].contains("no-PatientID"), "\(entry.name)")
        }
    }

    @Test(.enabled(if: Corpus.isPresent, "the corpus is not here"))
    func everyFileCanBeDumpedLineByLine() throws {
        for entry in Self.entries {
            let bytes = try Corpus.bytes(entry.name)
            let file = try Part10File(bytes)
            let body = bytes.span.bytes.extracting(file.dataSetOffset..<bytes.count)
            let (lines, _) = DataSetDump.lines(of: body, transferSyntax: file.transferSyntax)
            #expect(lines.count >= Int(entry["elements"]) ?? 0 || Self.different[entry.name] != nil, "\(entry.name)")
            #expect(lines.allSatisfy { $0.count < 300 }, "\(entry.name)")
        }
    }
}
