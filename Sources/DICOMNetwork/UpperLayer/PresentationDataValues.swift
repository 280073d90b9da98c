/// The presentation data values of a whole P-DATA-TF body (PS3.8 §9.3.5), for PDUs that are small.
public enum PresentationDataValues {
    /// Appends the command fragments to `command`, passes over data fragments; true when the last of a command was met.
    public static func appendCommand(in body: RawSpan, to command: inout [UInt8]) throws(ProtocolFault) -> Bool {
        var offset = 0
        var isComplete = false
        while body.byteCount - offset >= 6 {
            let length = Int(body.bigEndian32(offset))
            guard length >= 2, length <= body.byteCount - offset - 4 else {
                throw .presentationDataValueLength(length)
            }
            let kind = body.byte(offset + 5)
            if kind & FragmentKind.command != 0 {
                guard command.count + length <= Acceptor.commandLimit else {
                    throw .commandTooLong(limit: Acceptor.commandLimit)
                }
                command += body.bytes(offset + 6..<offset + 4 + length)
                isComplete = isComplete || kind & FragmentKind.last != 0
            }
            offset += 4 + length
        }
        return isComplete
    }
}
