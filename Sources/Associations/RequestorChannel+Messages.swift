import DICOM
import DICOMNetwork
import Sockets
import Threads

extension RequestorChannel {
    /// A response, with its identifier where it has one.
    struct Message {
        let command: CommandSet
        let context: UInt8
        let dataSet: [UInt8]?

        /// A response without status is taken for one that failed.
        var status: Status { Status(rawValue: command.status ?? Status.processingFailure.rawValue) }
    }

    /// Below so many bytes, copying is cheaper than letting the kernel discard.
    private static var discardThreshold: Int { 8 * 1024 }

    /// Waits for the response to this request; its data set, which none of ours has, is passed over. One that speaks of
    /// another instance, or comes on another presentation context, is not believed.
    mutating func response(to request: CommandSet, on id: UInt8) throws(AssociationError) -> StoreStatus {
        let deadline = MonotonicInstant.now + deadlines.response
        while true {
            let (response, context) = try command(before: deadline)
            guard RequestorChannel.answers(response, request) else {
                try passOver(response, context)
                continue
            }
            guard context == id else { throw .fault(.responseOnOtherContext(context, of: id)) }
            let told = InstanceUID(padded: response.affectedSOPInstanceUID)
            let meant = InstanceUID(padded: request.affectedSOPInstanceUID)
            guard told == meant || told.text.isEmpty || meant.text.isEmpty else {
                throw .fault(.responseToOtherInstance(told))
            }
            return RequestorChannel.status(of: response)
        }
    }

    /// One without status is taken for a failure: nothing is acknowledged by it.
    static func status(of response: CommandSet) -> StoreStatus {
        let comment = AETitle(bytes: response.errorComment).text
        var answer = StoreStatus(
            Status(rawValue: response.status ?? Status.processingFailure.rawValue),
            errorComment: comment.isEmpty ? nil : comment)
        answer.offendingElements = response.offendingElements
        answer.isSilent = response.status == nil
        return answer
    }

    /// Waits for the next response to this request.
    mutating func message(
        _ request: Association.Request, _ identifierLimit: Int, before deadline: MonotonicInstant
    ) throws(AssociationError) -> Message {
        while true {
            let (response, context) = try command(before: deadline)
            guard RequestorChannel.answers(response, request.command) else {
                try passOver(response, context)
                continue
            }
            let isPending = Status(rawValue: response.status ?? 0).isPending
            // The last response of C-FIND has none, whatever it says (PS3.7 §9.3.2.2).
            let hasIdentifier = response.field != .findResponse || isPending
            let identifier = hasIdentifier ? try dataSet(of: response, context, identifierLimit) : nil
            return Message(command: response, context: context, dataSet: identifier)
        }
    }

    static func answers(_ response: CommandSet, _ request: CommandSet) -> Bool {
        response.field == request.field.response
            && (response.messageIDBeingRespondedTo ?? request.messageID) == request.messageID
    }

    /// The next command set and its presentation context. Data that no command announced is passed over.
    mutating func command(before deadline: MonotonicInstant) throws(AssociationError) -> (CommandSet, UInt8) {
        var bytes: [UInt8] = []
        while true {
            switch try token(.response, .total(deadline)) {
            case .pdu(let type, _): throw unexpected(type)
            case .data, .bytes(_, isCommand: false, _), .end(_, isCommand: false): continue
            case .bytes(_, isCommand: true, let range):
                guard bytes.count + range.count <= PDULimits.command else {
                    throw .fault(.commandTooLong(limit: PDULimits.command))
                }
                bytes.append(contentsOf: input[range])
            case .end(let context, isCommand: true):
                let command = try decode { () throws(ProtocolFault) in try CommandSet(decoding: bytes.span.bytes) }
                return (command, context)
            }
        }
    }

    /// The data set that a command announced; nil when it announced none.
    mutating func dataSet(
        of command: CommandSet, _ context: UInt8, _ limit: Int
    ) throws(AssociationError) -> [UInt8]? {
        guard command.hasDataSet else { return nil }
        var bytes: [UInt8] = []
        while let range = try dataRange(context, sparing: false) {
            guard bytes.count + range.count <= limit else { throw .fault(.identifierTooLong(limit: limit)) }
            bytes.append(contentsOf: input[range])
        }
        return bytes
    }

    /// Reads the data set of an instance into its capture, and hands its bytes on where they are wanted. False: the taker
    /// did not want the rest, which was passed over.
    mutating func receive(
        _ instance: inout ArrivingInstance, _ context: UInt8, isWanted: Bool,
        _ take: (RawSpan, borrowing ArrivingInstance) -> Bool
    ) throws(AssociationError) -> Bool {
        var isWanted = isWanted
        var isComplete = true
        while true {
            let idle = isWanted ? 0 : instance.passable
            let count = min(idle, reader.bytesOfFragment)
            if unread.isEmpty, count >= RequestorChannel.discardThreshold {
                instance.pass(try discard(atMost: count))
                continue
            }
            guard let range = try dataRange(context, sparing: idle >= RequestorChannel.discardThreshold) else { break }
            let bytes = RawSpan(_unsafeBytes: UnsafeRawBufferPointer(rebasing: input[range]))
            instance.take(bytes)
            if isWanted, !take(bytes, instance) { (isWanted, isComplete) = (false, false) }
        }
        instance.finish()
        return isComplete
    }

    mutating func passDataSet(_ context: UInt8) throws(AssociationError) {
        while try dataRange(context, sparing: true) != nil {
            if unread.isEmpty, reader.bytesOfFragment >= RequestorChannel.discardThreshold {
                _ = try discard(atMost: reader.bytesOfFragment)
            }
        }
    }

    /// Passes over a message that nobody waits for; a request is answered so. A result of storage commitment goes to whom
    /// it may concern.
    mutating func passOver(_ command: CommandSet, _ context: UInt8) throws(AssociationError) {
        if command.field == .eventReportRequest, let takeReport {
            return try answerReport(command, context) { information in takeReport(command, context, information) }
        }
        if command.hasDataSet { try passDataSet(context) }
        guard !command.field.isResponse, command.field != .cancelRequest else { return }
        try send(command.response(StoreStatus(.unrecognizedOperation)), context)
    }

    /// Takes what the peer says unasked; returns at once when it says nothing.
    mutating func listen() throws(AssociationError) {
        let byte = UnsafeMutableRawBufferPointer(rebasing: input[..<1])
        while !unread.isEmpty || connection.peek(into: byte) != .timedOut {
            let (message, context) = try command(before: .now + deadlines.fragment)
            try passOver(message, context)
        }
    }

    /// A message that comes while the association is released. After A-RELEASE-RQ no answer may be sent (PS3.8 Table 9-10,
    /// Sta7): a peer that wants one reports again.
    mutating func takeLastReport(_ bytes: [UInt8], _ context: UInt8) throws(AssociationError) {
        let command = try decode { () throws(ProtocolFault) in try CommandSet(decoding: bytes.span.bytes) }
        guard command.field == .eventReportRequest, let takeReport else { return }
        let information = try dataSet(of: command, context, CommitmentResult.limit) ?? []
        _ = takeReport(command, context, information)
    }

    /// Where in `input` the next bytes of the data set on this context lie; nil at its end.
    private mutating func dataRange(_ context: UInt8, sparing: Bool) throws(AssociationError) -> Range<Int>? {
        while true {
            switch try token(.fragment, .idle(deadlines.fragment), sparing: sparing) {
            case .pdu(let type, _): throw unexpected(type)
            case .data: continue
            case .bytes(let id, isCommand: true, _), .end(let id, isCommand: true):
                throw .fault(.commandInsideDataSet(id: id))
            case .bytes(let id, isCommand: false, let range):
                guard id == context else { throw .fault(.contextChanged(from: context, to: id)) }
                return range
            case .end(let id, isCommand: false):
                guard id == context else { throw .fault(.contextChanged(from: context, to: id)) }
                return nil
            }
        }
    }
}
