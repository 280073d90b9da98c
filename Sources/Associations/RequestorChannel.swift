import DICOM
import DICOMNetwork
import Glibc
import Threads

/// The requestor's end of a connection: writes PDUs, reads them, and asks the machine what each one means.
struct RequestorChannel: ~Copyable {
    /// Bytes of one P-DATA-TF that we write at most, whatever the peer allows.
    private static let largestPDU = 128 * 1024

    private let deadlines: Association.Deadlines
    private var connection: TCPConnection
    private var machine = AssociationMachine(role: .requestor)
    /// Of a P-DATA-TF without its header; the peer's wish within ours.
    private var maximumLength = 16 * 1024
    private let buffer: UnsafeMutableRawBufferPointer

    /// Connects.
    init(_ configuration: Association.Configuration) throws(AssociationError) {
        deadlines = configuration.deadlines
        connection = try TCPConnection(
            host: configuration.host, port: configuration.port, within: configuration.deadlines.connection)
        buffer = .allocate(byteCount: PDULimits.header + RequestorChannel.largestPDU, alignment: 16)
        step(.associateRequestPrimitive)
        step(.transportConfirmed)
    }

    deinit {
        if machine.state != .idle { connection.sendWithoutWaiting(Abort.user.pdu) }
        buffer.deallocate()
    }

    /// Takes a step that this loop knows to be allowed.
    private mutating func step(_ event: AssociationMachine.Event) { _ = try? machine.handle(event) }

    mutating func associate(_ request: AssociateRequest) throws(AssociationError) -> AssociateAccept {
        try write(request.pdu)
        let deadline = MonotonicInstant.now + deadlines.associationResponse
        let pdu = try read(.associationResponse, until: deadline)
        guard pdu.type == .associateAccept else { throw unexpected(pdu.type) }
        let accept = try decode { () throws(ProtocolFault) in try AssociateAccept(body: pdu.body.span.bytes) }
        if let wish = accept.user.maximumLength, wish > 0 {
            maximumLength = max(16, min(Int(wish), RequestorChannel.largestPDU))
        } else {
            maximumLength = RequestorChannel.largestPDU
        }
        return accept
    }

    private func decode<Value>(_ body: () throws(ProtocolFault) -> Value) throws(AssociationError) -> Value {
        do { return try body() } catch { throw .fault(error) }
    }

    mutating func send(_ command: CommandSet, _ context: UInt8) throws(AssociationError) {
        try write(command.pdu(context: context))
    }

    /// Sends a data set, one write for each PDU of one fragment; an empty one as an empty last fragment.
    mutating func send(_ reader: inout DataSetReader, _ context: UInt8) throws(AssociationError) {
        // A fragment of even length, unless it is the last (PS3.8 §E.1).
        let room = (maximumLength - 6) & ~1
        repeat {
            let part = UnsafeMutableRawBufferPointer(rebasing: buffer[12..<12 + room])
            let count = try reader.read(into: part)
            buffer[0] = PDUType.dataTransfer.rawValue
            buffer[1] = 0
            buffer.storeBytes(of: UInt32(count + 6).bigEndian, toByteOffset: 2, as: UInt32.self)
            buffer.storeBytes(of: UInt32(count + 2).bigEndian, toByteOffset: 6, as: UInt32.self)
            buffer[10] = context
            buffer[11] = reader.left == 0 ? 0b10 : 0
            try write(UnsafeRawBufferPointer(rebasing: buffer[..<(12 + count)]))
        } while reader.left > 0
    }

    /// Waits for the response to this request; its data set, which none of ours has, is passed over.
    mutating func response(to request: CommandSet) throws(AssociationError) -> StoreStatus {
        let deadline = MonotonicInstant.now + deadlines.response
        var command: [UInt8] = []
        while true {
            let pdu = try read(.response, until: deadline)
            guard pdu.type == .dataTransfer else { throw unexpected(pdu.type) }
            let isComplete = try decode { () throws(ProtocolFault) in
                try PresentationDataValues.appendCommand(in: pdu.body.span.bytes, to: &command)
            }
            guard isComplete else { continue }
            let response = try decode { () throws(ProtocolFault) in try CommandSet(decoding: command.span.bytes) }
            command = []
            guard response.field == request.field.response,
                response.messageIDBeingRespondedTo ?? request.messageID == request.messageID
            else { continue }
            let comment = AETitle(bytes: response.errorComment).text
            return StoreStatus(
                Status(rawValue: response.status ?? 0), errorComment: comment.isEmpty ? nil : comment)
        }
    }

    mutating func release() throws(AssociationError) {
        step(.releaseRequestPrimitive)
        try write([PDUType.releaseRequest.rawValue, 0, 0, 0, 0, 4, 0, 0, 0, 0])
        let deadline = MonotonicInstant.now + deadlines.release
        while machine.state != .idle {
            let pdu = try read(.release, until: deadline)
            switch pdu.type {
            case .releaseRequest:
                // Both ask at once (PS3.8 §7.2.2): the requestor of the association answers first.
                step(.releaseResponsePrimitive)
                try write([PDUType.releaseResponse.rawValue, 0, 0, 0, 0, 4, 0, 0, 0, 0])
            case .releaseResponse, .dataTransfer: break
            case .associateRequest, .associateAccept, .associateReject, .abort: throw unexpected(pdu.type)
            }
        }
    }

    private mutating func write(_ bytes: [UInt8]) throws(AssociationError) {
        let outcome = connection.send(bytes, within: .idle(deadlines.write))
        if let outcome { throw failedWrite(outcome) }
    }

    private mutating func write(_ bytes: UnsafeRawBufferPointer) throws(AssociationError) {
        let outcome = connection.send(bytes, within: .idle(deadlines.write))
        if let outcome { throw failedWrite(outcome) }
    }

    /// A peer that aborts says why before it closes: that is the better reason.
    private mutating func failedWrite(_ outcome: TCPConnection.Outcome) -> AssociationError {
        if outcome == .timedOut {
            connection.resetOnClose()
            step(.transportClosed)
            return .timedOut(.write)
        }
        let deadline = MonotonicInstant.now + .seconds(1)
        do throws(AssociationError) {
            while true { _ = try read(.write, until: deadline) }
        } catch {
            step(.transportClosed)
            switch error {
            case .aborted, .rejected: return error
            case .unknownHost, .connect, .closed, .timedOut, .fault, .noContext, .socket, .source:
                if case .failed(let code) = outcome { return .socket(code: code) }
                return .closed
            }
        }
    }

    private struct PDU {
        let type: PDUType
        let body: [UInt8]
    }

    private mutating func read(_ wait: Wait, until deadline: MonotonicInstant) throws(AssociationError) -> PDU {
        let header = try readBytes(PDULimits.header, wait, deadline)
        let length = header[2...].reduce(0) { $0 << 8 | Int($1) }
        guard let type = PDUType(rawValue: header[0]) else {
            step(.invalidPDU)
            throw .fault(.unrecognizedPDU(type: header[0]))
        }
        guard length <= PDULimits.associate else {
            step(.invalidPDU)
            throw .fault(.tooLong(type, length: length, limit: PDULimits.associate))
        }
        let body = try readBytes(length, wait, deadline)
        let state = machine.state
        guard let action = try? machine.handle(type.event) else { throw .fault(.unexpectedPDU(type, state: state)) }
        switch action {
        case .confirmRejectionAndClose where body.count >= 4:
            throw .rejected(Rejection(result: body[1], source: body[2], reason: body[3]))
        case .indicateAbortAndClose:
            throw .aborted(body.count >= 4 ? Abort(source: body[2], reason: body[3]) : .reasonNotSpecified)
        case .sendProviderAbort, .confirmRejectionAndClose: throw .fault(.unexpectedPDU(type, state: state))
        case .confirmAcceptance, .indicateData, .indicateDataInRelease, .confirmReleaseAndClose,
            .indicateReleaseCollision, .indicateRelease, .confirmReleaseInCollision:
            return PDU(type: type, body: body)
        case .connect, .sendRequest, .awaitRequest, .examineRequest, .sendAccept, .sendReject, .sendData,
            .sendReleaseRequest, .sendReleaseResponse, .stopTimer, .sendDataInRelease,
            .sendReleaseResponseInCollision, .sendAbort, .close, .indicateProviderAbort, .stopTimerQuietly, .ignore,
            .sendAbortAgain:
            return PDU(type: type, body: body)
        }
    }

    private func unexpected(_ type: PDUType) -> AssociationError {
        .fault(.unexpectedPDU(type, state: machine.state))
    }

    private mutating func readBytes(
        _ count: Int, _ wait: Wait, _ deadline: MonotonicInstant
    ) throws(AssociationError) -> [UInt8] {
        var bytes: [UInt8] = []
        while bytes.count < count {
            let part = UnsafeMutableRawBufferPointer(rebasing: buffer[..<min(count - bytes.count, buffer.count)])
            switch connection.receive(into: part, within: .total(deadline)) {
            case .bytes(let received): bytes.append(contentsOf: part[..<received])
            case .timedOut: throw .timedOut(wait)
            case .closed:
                step(.transportClosed)
                throw .closed
            case .failed(let code):
                step(.transportClosed)
                throw code == ECONNRESET ? .closed : .socket(code: code)
            }
        }
        return bytes
    }
}
