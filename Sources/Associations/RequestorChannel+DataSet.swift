import DICOM
import DICOMNetwork
import Glibc
import Sockets
import Threads

extension RequestorChannel {
    /// While the peer does not read, we look so often whether it said something.
    private static var patience: Duration { .seconds(1) }
    /// After so many bytes we look whether the peer said something.
    private static var stride: Int { 1 << 20 }
    /// So many bytes that are left are sent though the peer has refused them: another association costs more.
    private static var worthFinishing: Int { 4 << 20 }

    /// Sends a data set, a fragment in each PDU; an empty one as an empty last fragment.
    /// - Returns: the failure that the peer answered to the request before all was sent, when the rest was given up and
    ///   the association with it; else nil.
    @discardableResult
    mutating func send(
        _ reader: inout DataSetReader, _ context: UInt8, of request: CommandSet? = nil, limit: Int = .max,
        _ progress: (Int) -> Bool = { _ in true }
    ) throws(AssociationError) -> StoreStatus? {
        // Header and fragment in one piece: a record of 12 bytes before each would cost more than reading.
        if connection.isSecure { reader.isSendable = false }
        let signal = reader.isSendable ? BlockedPipeSignal() : nil
        defer { signal?.restore() }
        // A fragment of even length, unless it is the last (PS3.8 §E.1).
        let room = min(maximumLength - 6, limit) & ~1
        var unwatched = 0
        repeat {
            let count: Int
            let isLast: Bool
            if reader.isSendable {
                count = min(room, reader.left ?? 0)
                isLast = count == reader.left
            } else {
                count = try reader.read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[12..<12 + room]))
                isLast = reader.isAtEnd
            }
            guard progress(count) else { throw .abandoned }
            write(headerOf: count, context, isLast: isLast)
            if let answer = try sendFragment(count, &reader, request) { return answer }
            unwatched += count
            guard let request, !isLast, unwatched >= RequestorChannel.stride else { continue }
            unwatched = 0
            if reader.left ?? .max > RequestorChannel.worthFinishing, let failure = try earlyFailure(request) {
                end(says: true)
                return failure
            }
        } while !reader.isAtEnd
        return nil
    }

    private func write(headerOf count: Int, _ context: UInt8, isLast: Bool) {
        buffer[0] = PDUType.dataTransfer.rawValue
        buffer[1] = 0
        buffer.storeBytes(of: UInt32(count + 6).bigEndian, toByteOffset: 2, as: UInt32.self)
        buffer.storeBytes(of: UInt32(count + 2).bigEndian, toByteOffset: 6, as: UInt32.self)
        buffer[10] = context
        buffer[11] = isLast ? 0b10 : 0
    }

    private mutating func sendFragment(
        _ count: Int, _ reader: inout DataSetReader, _ request: CommandSet?
    ) throws(AssociationError) -> StoreStatus? {
        guard reader.isSendable else { return try push(0..<12 + count, request) }
        if let failure = try push(0..<12, hasMore: count > 0, request) { return failure }
        var left = count
        var waited = Duration.zero
        while left > 0 {
            let outcome = connection.send(
                file: reader.descriptor, at: reader.offset, count: left, within: .idle(patience))
            switch outcome {
            case .bytes(let sent):
                reader.pass(sent)
                left -= sent
                waited = .zero
            case .closed: throw .source(.tooShort)
            case .failed(EINVAL), .failed(ENOSYS):
                // A file system that cannot do it.
                reader.isSendable = false
                let read = try reader.read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[12..<12 + left]))
                return try push(12..<12 + read, request)
            case .failed(EIO): throw .source(.system(code: EIO))
            case .failed, .timedOut:
                if let failure = try endure(outcome, &waited, request) { return failure }
            }
        }
        return nil
    }

    /// Writes a part of the buffer.
    private mutating func push(
        _ range: Range<Int>, hasMore: Bool = false, _ request: CommandSet?
    ) throws(AssociationError) -> StoreStatus? {
        var left = range
        var waited = Duration.zero
        while !left.isEmpty {
            let bytes = UnsafeRawBufferPointer(rebasing: buffer[left])
            let outcome = connection.send(bytes, hasMore: hasMore, within: .idle(patience))
            if case .bytes(let sent) = outcome {
                left = left.lowerBound + sent..<left.upperBound
                waited = .zero
            } else if let failure = try endure(outcome, &waited, request) {
                return failure
            }
        }
        return nil
    }

    private var patience: Duration { min(RequestorChannel.patience, deadlines.write) }

    /// After a write that did not go: is there a reason, or is it to be tried again?
    private mutating func endure(
        _ outcome: PeerConnection.Outcome, _ waited: inout Duration, _ request: CommandSet?
    ) throws(AssociationError) -> StoreStatus? {
        if let request, let failure = try earlyFailure(request) {
            end(says: false)
            return failure
        }
        waited += patience
        guard outcome == .timedOut, waited < deadlines.write else { throw failedWrite(outcome) }
        return nil
    }

    /// The failure that the peer has answered though not all was sent; its bytes stay to be read. A success is not
    /// believed before all was sent.
    /// - Throws: what ended the association, if the peer did that.
    private mutating func earlyFailure(_ request: CommandSet) throws(AssociationError) -> StoreStatus? {
        guard unread.isEmpty else { return nil }
        switch connection.peek(into: input) {
        case .bytes(let count): return try failure(in: 0..<count, request)
        case .closed:
            step(.transportClosed)
            throw .closed
        case .timedOut, .failed: return nil
        }
    }

    private mutating func failure(
        in range: Range<Int>, _ request: CommandSet
    ) throws(AssociationError) -> StoreStatus? {
        let bytes = RawSpan(_unsafeBytes: UnsafeRawBufferPointer(rebasing: input[range]))
        var reader = reader
        var offset = 0
        var command: [UInt8] = []
        while let token = try? reader.next(in: bytes, from: &offset) {
            switch token {
            case .pdu(.abort, _): _ = try read(.write, until: .now + .seconds(1))
            case .bytes(_, isCommand: true, let part): command += input[part]
            case .end(_, isCommand: true):
                if let response = try? CommandSet(decoding: command.span.bytes),
                    RequestorChannel.answers(response, request)
                {
                    let answer = RequestorChannel.status(of: response)
                    return answer.status.isStored ? nil : answer
                }
                command = []
            case .pdu, .data, .bytes, .end: break
            }
        }
        return nil
    }
}
