import DICOM

/// The tokens of a data set in one line each, values joined, for comparison.
///
/// - Parameter chunk: bytes given at a time; every second time an empty chunk comes between.
func tokens(
    _ bytes: [UInt8], _ encoding: Encoding = .explicitVRLittleEndian, chunk: Int = .max, depth: Int = 64
) -> [String] {
    var parser = DataSetParser(encoding: encoding, limits: .init(depth: depth), isInPieces: true)
    var lines: [String] = []
    var value: [UInt8] = []
    var start = 0
    var rest: [UInt8] = []
    do {
        while start < bytes.count || parser.isInPieces {
            parser.isInPieces = start < bytes.count
            let piece = Array(bytes[start..<start + min(chunk, bytes.count - start)])
            for part in [rest + piece, []] {
                if part.isEmpty, !rest.isEmpty { continue }
                var offset = 0
                while let token = try parser.next(in: part.span.bytes, from: &offset) {
                    if case .value(let range) = token {
                        value += part[range]
                    } else {
                        flush(&value, &lines)
                        lines.append("\(parser.tokenOffset) \(text(token))")
                    }
                }
                rest = Array(part[offset...])
            }
            start += piece.count
        }
        flush(&value, &lines)
        try parser.finish()
    } catch {
        flush(&value, &lines)
        lines.append("failed: \(error)")
    }
    return lines
}

private func flush(_ value: inout [UInt8], _ lines: inout [String]) {
    guard !value.isEmpty else { return }
    lines.append("= " + String(decoding: value.map { (0x20...0x7E).contains($0) ? $0 : 0x2E }, as: UTF8.self))
    value = []
}

private func text(_ token: DataSetParser.Token) -> String {
    switch token {
    case .element(let tag, let vr, let length): "\(tag) \(vr) \(length)"
    case .sequence(let tag, let vr, let length): "\(tag) sequence \(vr) \(length)"
    case .item(let length): "item \(length)"
    case .itemEnd: "end of item"
    case .sequenceEnd: "end of sequence"
    case .fragments(let tag, let vr): "\(tag) fragments \(vr)"
    case .fragment(let length): "fragment \(length)"
    case .fragmentsEnd: "end of fragments"
    case .unreadable(let error, let count): "unreadable \(count): \(error.kind)"
    case .value: ""
    }
}

/// Without the offsets in front.
func shape(_ lines: [String]) -> [String] {
    lines.map { $0.first?.isNumber == true ? String($0.drop { $0 != " " }.dropFirst()) : $0 }
}
