import DICOM

extension Acceptor {
    /// Consumes what one phase needs; nil: go on with the next phase.
    mutating func step(_ bytes: RawSpan, _ offset: inout Int) throws(ProtocolFault) -> Demand? {
        switch phase {
        case .header:
            guard gathered.gather(bytes, &offset) else { return receive() }
            try takeHeader()
            return nil
        case .request(let left):
            let rest = left - gather(bytes, &offset, atMost: left, keeping: left)
            phase = .request(left: rest)
            return rest > 0 ? receive() : try takeRequest()
        case .short(let type, let left):
            let rest = left - gather(bytes, &offset, atMost: left, keeping: 4 - body.count)
            phase = .short(type, left: rest)
            if rest > 0 { return receive() }
            takeShort(type)
            return nil
        case .passing(let left):
            phase = .header
            return discard(left, bytes, &offset)
        case .valueHeader(let left):
            return try stepValueHeader(left, bytes, &offset)
        case .value(let fragment):
            return try stepValue(fragment, bytes, &offset)
        case .lost:
            offset = bytes.byteCount
            return receive()
        case .closed:
            return .close
        }
    }

    /// Takes up to `limit` bytes, keeps the first `kept` of them in `body`, returns how many it took.
    private mutating func gather(_ bytes: RawSpan, _ offset: inout Int, atMost limit: Int, keeping kept: Int) -> Int {
        let count = min(bytes.byteCount - offset, limit)
        let part = bytes.extracting(offset..<offset + min(count, kept))
        part.withUnsafeBytes { body.append(contentsOf: $0) }
        offset += count
        return count
    }

    /// Passes over bytes; what lies behind those given is for the driver.
    func discard(_ count: Int, _ bytes: RawSpan, _ offset: inout Int) -> Demand? {
        let here = min(bytes.byteCount - offset, count)
        offset += here
        return count > here ? .discard(count - here) : nil
    }

    /// Before a PDU of a data set whose bytes are not wanted, only its headers are read, so that the kernel can discard
    /// the rest; small PDUs are cheaper to copy in bulk. A message begins with few bytes that matter.
    func receive() -> Demand {
        switch machine.state {
        case .established: break
        case .awaitingRequest: return .receive(atMost: 16 * 1024, .associationRequest)
        case .idle, .awaitingLocalResponse, .awaitingTransport, .awaitingAcceptance, .awaitingReleaseResponse,
            .awaitingLocalRelease, .collisionRequestorLocal, .collisionAcceptorPDU, .collisionRequestorPDU,
            .collisionAcceptorLocal, .awaitingClose:
            return .receive(atMost: 16 * 1024, .close)
        }
        switch message {
        case .none: return .receive(atMost: 16 * 1024, phase == .header && gathered.count == 0 ? .message : .fragment)
        case .command, .answering: return .receive(atMost: 16 * 1024, .fragment)
        case .refusing, .reporting: return .receive(atMost: 64 * 1024, .fragment)
        case .storing where isDataSetWanted: return .receive(atMost: Acceptor.largeRead, .fragment)
        case .storing:
            if let instance, case .more = instance.appetite { return .receive(atMost: 64 * 1024, .fragment) }
            guard lastPDULength >= 16 * 1024 else { return .receive(atMost: 64 * 1024, .fragment) }
            return .receive(atMost: (phase == .header ? 12 : 6) - gathered.count, .fragment)
        }
    }
}
