import DICOM

/// Walks what comes over a connection, wherever it is cut: PDUs, and of each P-DATA-TF its presentation data values piece
/// by piece (PS3.8 §9.3.1, §9.3.5). Nothing is buffered but the PDUs of the upper layer itself.
public struct PDUReader {
    public enum Token: Equatable {
        /// A PDU other than P-DATA-TF, whole.
        case pdu(PDUType, body: [UInt8])
        /// A P-DATA-TF begins.
        case data
        /// Bytes of a fragment, as a range of those given.
        case bytes(context: UInt8, isCommand: Bool, Range<Int>)
        /// The last fragment of a command set or data set is complete.
        case end(context: UInt8, isCommand: Bool)
    }

    private enum Phase {
        case header
        case body(PDUType, left: Int)
        case valueHeader(left: Int)
        case value(Acceptor.Fragment)
    }

    private var phase = Phase.header
    private var gathered = SixBytes()
    private var body: [UInt8] = []
    /// Bytes of the last P-DATA-TF, without its header.
    public private(set) var dataLength = 0

    public init() {}

    /// Goes on with the bytes from `offset` and moves it past what was consumed; nil: more bytes are needed.
    public mutating func next(in bytes: RawSpan, from offset: inout Int) throws(ProtocolFault) -> Token? {
        while true {
            switch phase {
            case .header:
                guard gathered.gather(bytes, &offset) else { return nil }
                if let token = try takeHeader() { return token }
            case .body(let type, let left):
                let count = min(left, bytes.byteCount - offset)
                bytes.extracting(offset..<offset + count).withUnsafeBytes { body.append(contentsOf: $0) }
                offset += count
                phase = .body(type, left: left - count)
                guard count == left else { return nil }
                return takeBody(type)
            case .valueHeader(let left):
                guard left > 0 else {
                    phase = .header
                    continue
                }
                guard left >= 6 else { throw .presentationDataValueLength(left) }
                guard gathered.gather(bytes, &offset) else { return nil }
                phase = .value(try takeValueHeader(left))
            case .value(let fragment) where fragment.left == 0:
                phase = .valueHeader(left: fragment.behind)
                if fragment.isLast { return .end(context: fragment.context, isCommand: fragment.isCommand) }
            case .value(let fragment):
                let count = min(fragment.left, bytes.byteCount - offset)
                guard count > 0 else { return nil }
                offset += count
                skip(count)
                return .bytes(
                    context: fragment.context, isCommand: fragment.isCommand, offset - count..<offset)
            }
        }
    }

    /// Bytes of the present fragment that are still to come.
    public var bytesOfFragment: Int {
        if case .value(let fragment) = phase { fragment.left } else { 0 }
    }

    /// Reading so many bytes takes none of the next fragment: the headers of a P-DATA-TF and of its value.
    public var bytesOfHeaders: Int {
        switch phase {
        case .header: 12 - gathered.count
        case .valueHeader(let left) where left > 0: 6 - gathered.count
        case .valueHeader, .body, .value: 12
        }
    }

    /// So many bytes of the present fragment are not given.
    /// - Precondition: there are as many.
    public mutating func skip(_ count: Int) {
        guard case .value(var fragment) = phase, count <= fragment.left else {
            preconditionFailure("skip only what the fragment has")
        }
        fragment.left -= count
        phase = .value(fragment)
    }

    private mutating func takeHeader() throws(ProtocolFault) -> Token? {
        let header = gathered.take()
        let rawType = UInt8(truncatingIfNeeded: header >> 40)
        let length = Int(header & 0xFFFF_FFFF)
        guard let type = PDUType(rawValue: rawType) else { throw .unrecognizedPDU(type: rawType) }
        let limit = type == .dataTransfer ? PDULimits.dataTransfer : PDULimits.associate
        guard length <= limit else { throw .tooLong(type, length: length, limit: limit) }
        guard type == .dataTransfer else {
            phase = .body(type, left: length)
            return nil
        }
        dataLength = length
        phase = .valueHeader(left: length)
        return .data
    }

    private mutating func takeBody(_ type: PDUType) -> Token {
        phase = .header
        defer { body = [] }
        return .pdu(type, body: body)
    }

    private mutating func takeValueHeader(_ left: Int) throws(ProtocolFault) -> Acceptor.Fragment {
        let header = gathered.take()
        let length = Int(header >> 16)
        guard length >= 2, length <= left - 4 else { throw .presentationDataValueLength(length) }
        return Acceptor.Fragment(
            context: UInt8(truncatingIfNeeded: header >> 8), kind: UInt8(truncatingIfNeeded: header),
            left: length - 2, behind: left - 4 - length)
    }
}
