import DICOM

/// Re-encodes bytes that come in pieces; takes what is ready after each.
func reencoded(
    _ bytes: [UInt8], from source: Encoding, to target: Encoding, piece: Int = 1000
) throws(ParseError) -> [UInt8] {
    var reencoder = Reencoder(from: source, to: target)
    var output: [UInt8] = []
    for start in stride(from: 0, to: bytes.count, by: piece) {
        try reencoder.append(Array(bytes[start..<min(start + piece, bytes.count)]))
        output += taken(from: &reencoder)
    }
    try reencoder.finish()
    return output + taken(from: &reencoder)
}

func taken(from reencoder: inout Reencoder) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: reencoder.ready) { buffer, count in
        count = reencoder.take(into: UnsafeMutableRawBufferPointer(buffer))
    }
}
