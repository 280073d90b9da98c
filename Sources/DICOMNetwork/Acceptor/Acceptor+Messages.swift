import DICOM

extension Acceptor {
    /// Answers `Demand.store`.
    public mutating func answer(_ status: StoreStatus) {
        guard case .answering(let command, let context) = message else { return }
        message = .none
        instance = nil
        respond(to: command, status, context)
    }

    /// Gives up the instance or result that is arriving: the rest of it is passed over, then it is answered so.
    public mutating func refuse(_ status: StoreStatus) {
        switch message {
        case .storing(let context):
            guard let command = instance?.command else { return }
            message = .refusing(command, status, context: context)
        case .reporting(let command, let context):
            body = []
            message = .refusing(command, status, context: context)
        case .none, .command, .refusing, .answering: return
        }
        instance = nil
    }

    /// Answers `Demand.reserve`: what is arriving may come to so many bytes.
    public mutating func allow(_ bytes: Int) {
        instance?.allowance = bytes
        reportAllowance = bytes
    }

    mutating func respond(to command: CommandSet, _ status: StoreStatus, _ context: UInt8) {
        guard machine.state == .established else { return }
        output = (output ?? []) + command.response(status).pdu(context: context)
    }

    /// The header of a presentation data value: 32-bit length, context, message control header (PS3.8 §9.3.5.1, §E.2).
    mutating func stepValueHeader(
        _ left: Int, _ bytes: RawSpan, _ offset: inout Int
    ) throws(ProtocolFault) -> Demand? {
        guard left > 0 else {
            phase = .header
            return nil
        }
        guard left >= 6 else { throw .presentationDataValueLength(left) }
        guard gathered.gather(bytes, &offset) else { return receive() }
        let header = gathered.take()
        let length = Int(header >> 16)
        guard length >= 2, length <= left - 4 else { throw .presentationDataValueLength(length) }
        let fragment = Fragment(
            context: UInt8(truncatingIfNeeded: header >> 8), kind: UInt8(truncatingIfNeeded: header),
            left: length - 2, behind: left - 4 - length)
        try begin(fragment)
        phase = .value(fragment)
        return nil
    }

    /// Whether this fragment may come now.
    private mutating func begin(_ fragment: Fragment) throws(ProtocolFault) {
        guard contexts[fragment.context] != nil else { throw .contextNotAccepted(id: fragment.context) }
        switch message {
        case .none, .answering:
            guard fragment.isCommand else { throw .dataWithoutCommand(id: fragment.context) }
            message = .command(context: fragment.context)
            body = []
        case .command(let context):
            guard fragment.context == context else { throw .contextChanged(from: context, to: fragment.context) }
            guard fragment.isCommand else { throw .dataWithoutCommand(id: fragment.context) }
        case .storing(let context), .refusing(_, _, let context), .reporting(_, let context):
            guard fragment.context == context else { throw .contextChanged(from: context, to: fragment.context) }
            guard !fragment.isCommand else { throw .commandInsideDataSet(id: fragment.context) }
        }
    }

    mutating func stepValue(
        _ fragment: Fragment, _ bytes: RawSpan, _ offset: inout Int
    ) throws(ProtocolFault) -> Demand? {
        guard fragment.left > 0 else {
            phase = .valueHeader(left: fragment.behind)
            return fragment.isLast ? try end(fragment) : nil
        }
        if fragment.isCommand { return try stepCommand(fragment, bytes, &offset) }
        switch message {
        case .storing where isDataSetWanted: return stepWantedDataSet(fragment, bytes, &offset)
        case .storing: return stepDataSet(fragment, bytes, &offset)
        case .reporting where body.count <= CommitmentResult.limit - fragment.left:
            return stepReport(fragment, bytes, &offset)
        case .reporting: refuse(StoreStatus(.resourceLimitation))
        case .none, .command, .refusing, .answering: break
        }
        phase = .value(consumed(fragment, fragment.left))
        return discard(fragment.left, bytes, &offset)
    }

    func consumed(_ fragment: Fragment, _ count: Int) -> Fragment {
        var fragment = fragment
        fragment.left -= count
        return fragment
    }

    private mutating func stepCommand(
        _ fragment: Fragment, _ bytes: RawSpan, _ offset: inout Int
    ) throws(ProtocolFault) -> Demand? {
        let count = min(fragment.left, bytes.byteCount - offset)
        guard count > 0 else { return receive() }
        guard body.count + count <= PDULimits.command else { throw .commandTooLong(limit: PDULimits.command) }
        bytes.extracting(offset..<offset + count).withUnsafeBytes { body.append(contentsOf: $0) }
        offset += count
        phase = .value(consumed(fragment, count))
        return nil
    }

    /// The last fragment of a command set or of a data set is complete.
    private mutating func end(_ fragment: Fragment) throws(ProtocolFault) -> Demand? {
        switch message {
        case .none, .answering: return nil
        case .command(let context): return try takeCommand(context)
        case .refusing(let command, let status, let context):
            message = .none
            if !command.field.isResponse { respond(to: command, status, context) }
            return nil
        case .storing(let context):
            guard let command = instance?.command else { return nil }
            instance?.capture.finish()
            message = .answering(command, context: context)
            return .store
        case .reporting(let command, let context): return endReport(command, context)
        }
    }

    private mutating func takeCommand(_ context: UInt8) throws(ProtocolFault) -> Demand? {
        let command = try CommandSet(decoding: body.span.bytes)
        body.removeAll(keepingCapacity: true)
        message = .none
        switch command.field {
        case .storeRequest:
            guard let accepted = contexts[context], accepted.service == .storage else {
                message = .refusing(command, refusal(command), context: context)
                return nil
            }
            instance = ArrivingInstance(
                command: command, transferSyntax: accepted.transferSyntax, limits: configuration.headers)
            message = .storing(context: context)
            isDataSetWanted = false
            return .begin
        case .eventReportRequest where command.hasDataSet && contexts[context]?.service == .storageCommitment:
            message = .reporting(command, context: context)
            reportAllowance = configuration.headers.allowance
        case .cancelRequest: break  // there is nothing to cancel, and it has no response (PS3.7 §9.3.2.3)
        default:
            if command.hasDataSet {
                message = .refusing(command, refusal(command), context: context)
            } else if !command.field.isResponse {
                respond(to: command, refusal(command), context)
            }
        }
        return nil
    }

    /// The answer to what is not a C-STORE on a storage context. (A C-ECHO is no refusal, but is answered like one.)
    private func refusal(_ command: CommandSet) -> StoreStatus {
        switch command.field {
        case .echoRequest: .success
        case .storeRequest: StoreStatus(.sopClassNotSupported, errorComment: "not on a context of storage")
        default: StoreStatus(.unrecognizedOperation)
        }
    }
}
