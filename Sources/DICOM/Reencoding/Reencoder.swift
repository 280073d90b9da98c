/// Turns implicit VR little endian into explicit, or the reverse, as the bytes come (PS3.5 §7.1, §A.1, §A.2).
public struct Reencoder {
    /// What was written and not yet taken.
    public private(set) var output: [UInt8] = []

    /// - Parameters:
    ///   - source: of the bytes that come: one of the two little endian encodings.
    ///   - target: of those that are written: one of the two.
    public init(from source: Encoding, to target: Encoding) {}

    /// Takes all of the chunk.
    /// - Throws: what cannot be read, or cannot be written in the other encoding. What was written up to then is no
    ///   data set.
    public mutating func append(_ chunk: RawSpan) throws(ParseError) { throw ParseError(.notAnElement, offset: 0) }

    /// Ends the data set; the rest of it is then in `output`.
    /// - Throws: `unexpectedEnd` when it ends inside an element, an item or a sequence.
    public mutating func finish() throws(ParseError) {}
}
