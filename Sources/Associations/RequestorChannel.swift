import DICOM
import DICOMNetwork
import Glibc
import Sockets
import Threads

/// The requestor's end of a connection: writes PDUs, reads them, and asks the machine what each one means.
struct RequestorChannel: ~Copyable {
    /// Bytes of one P-DATA-TF that we write at most, whatever the peer allows.
    static let largestPDU = 128 * 1024

    /// A P-DATA-TF of so many bytes is worth a system call of its own for its headers.
    private static let largeData = 16 * 1024

    let deadlines: Association.Deadlines
    var connection: PeerConnection
    private var machine = AssociationMachine(role: .requestor)
    /// Of a P-DATA-TF without its header; the peer's wish within ours.
    private(set) var maximumLength = 16 * 1024
    /// What is written.
    let buffer: UnsafeMutableRawBufferPointer
    /// What was read.
    let input: UnsafeMutableRawBufferPointer
    /// The bytes of `input` that the reader has not seen yet.
    private(set) var unread = 0..<0
    private(set) var reader = PDUReader()
    /// Answers an N-EVENT-REPORT that comes while another message is waited for: its command, context and data set.
    var takeReport: ((CommandSet, UInt8, [UInt8]) -> Status)?
    /// Of the last PDU of the upper layer.
    private var lastBody: [UInt8] = []

    /// Connects.
    init(_ configuration: Association.Configuration) throws(AssociationError) {
        deadlines = configuration.deadlines
        connection = try RequestorChannel.connect(configuration)
        buffer = .allocate(byteCount: PDULimits.header + RequestorChannel.largestPDU, alignment: 16)
        input = .allocate(byteCount: 128 * 1024, alignment: 16)
        step(.associateRequestPrimitive)
        step(.transportConfirmed)
    }

    private static func connect(
        _ configuration: Association.Configuration
    ) throws(AssociationError) -> PeerConnection {
        let timeout = configuration.deadlines.connection
        var connection: PeerConnection
        do throws(ConnectError) {
            connection = PeerConnection(
                try TCPConnection(host: configuration.host, port: configuration.port, within: timeout))
        } catch {
            switch error {
            case .unknownHost(let reason): throw .unknownHost(configuration.host, reason: reason)
            case .refused(let code): throw .connect(code: code)
            case .timedOut: throw .timedOut(.connection)
            }
        }
        guard let tls = configuration.tls else { return connection }
        let fault = connection.secure(with: tls.engine(host: configuration.host), within: .total(.now + timeout))
        if let fault { throw .handshake(fault) }
        return connection
    }

    deinit {
        if machine.state != .idle { connection.sendWithoutWaiting(Abort.user.pdu) }
        buffer.deallocate()
        input.deallocate()
    }

    /// Takes a step that this loop knows to be allowed.
    mutating func step(_ event: AssociationMachine.Event) { _ = try? machine.handle(event) }

    mutating func associate(_ request: AssociateRequest) throws(AssociationError) -> AssociateAccept {
        try write(request.pdu)
        let deadline = MonotonicInstant.now + deadlines.associationResponse
        let type = try read(.associationResponse, until: deadline)
        guard type == .associateAccept else { throw unexpected(type) }
        let body = lastBody
        let accept = try decode { () throws(ProtocolFault) in try AssociateAccept(body: body.span.bytes) }
        if let wish = accept.user.maximumLength, wish > 0 {
            maximumLength = max(16, min(Int(wish), RequestorChannel.largestPDU))
        } else {
            maximumLength = RequestorChannel.largestPDU
        }
        return accept
    }

    func decode<Value>(_ body: () throws(ProtocolFault) -> Value) throws(AssociationError) -> Value {
        do { return try body() } catch { throw .fault(error) }
    }

    mutating func send(_ command: CommandSet, _ context: UInt8) throws(AssociationError) {
        guard isOpen else { throw .closed }
        try write(command.pdus(context: context, maximumLength: maximumLength))
    }

    mutating func release() throws(AssociationError) {
        step(.releaseRequestPrimitive)
        try write([PDUType.releaseRequest.rawValue, 0, 0, 0, 0, 4, 0, 0, 0, 0])
        let deadline = MonotonicInstant.now + deadlines.release
        var command: [UInt8] = []
        while machine.state != .idle {
            switch try token(.release, .total(deadline)) {
            case .pdu(.releaseRequest, _):
                // Both ask at once (PS3.8 §7.2.2): the requestor of the association answers first.
                step(.releaseResponsePrimitive)
                try write([PDUType.releaseResponse.rawValue, 0, 0, 0, 0, 4, 0, 0, 0, 0])
            case .pdu(.releaseResponse, _), .data, .bytes(_, isCommand: false, _), .end(_, isCommand: false): break
            case .pdu(let type, _): throw unexpected(type)
            case .bytes(_, isCommand: true, let range):
                if command.count + range.count <= PDULimits.command { command.append(contentsOf: input[range]) }
            case .end(let context, isCommand: true):
                try takeLastReport(command, context)
                command = []
            }
        }
    }

    private mutating func write(_ bytes: [UInt8]) throws(AssociationError) {
        if let outcome = connection.send(bytes, within: .idle(deadlines.write)) { throw failedWrite(outcome) }
    }

    /// False: ended by us before its time.
    var isOpen: Bool { machine.state == .established }

    /// Ends the association at once.
    /// - Parameter says: we are between two PDUs, so that an abort will be understood.
    mutating func end(says: Bool) {
        if says { connection.sendWithoutWaiting(Abort.user.pdu) } else { connection.resetOnClose() }
        step(.transportClosed)
    }

    /// A peer that aborts says why before it closes: that is the better reason.
    mutating func failedWrite(_ outcome: PeerConnection.Outcome) -> AssociationError {
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
            case .aborted, .rejected, .handshake: return error
            case .unknownHost, .connect, .closed, .timedOut, .fault, .noContext, .socket, .source,
                .abandoned:
                if case .failed(let code) = outcome { return .socket(code: code) }
                return .closed
            }
        }
    }

    /// The next PDU of the upper layer itself; data on its way is passed over.
    mutating func read(_ wait: Wait, until deadline: MonotonicInstant) throws(AssociationError) -> PDUType {
        while true {
            if case .pdu(let type, let body) = try token(wait, .total(deadline)) {
                lastBody = body
                return type
            }
        }
    }

    /// The next token; the range of its bytes is one of `input`.
    /// - Parameter sparing: the bytes of fragments are not wanted, so that as few as possible of them are read.
    mutating func token(
        _ wait: Wait, _ limit: PeerConnection.Limit, sparing: Bool = false
    ) throws(AssociationError) -> PDUReader.Token {
        while true {
            if let token = try takeToken() { return token }
            let isSparing = sparing && reader.bytesOfFragment == 0 && reader.dataLength >= RequestorChannel.largeData
            let count = isSparing ? reader.bytesOfHeaders : input.count
            let part = UnsafeMutableRawBufferPointer(rebasing: input[..<count])
            unread = 0..<(try received(connection.receive(into: part, within: limit), wait))
        }
    }

    /// What the bytes at hand hold; nil: all of them are consumed.
    private mutating func takeToken() throws(AssociationError) -> PDUReader.Token? {
        let start = unread.lowerBound
        var offset = 0
        let found: PDUReader.Token?
        do {
            let bytes = RawSpan(_unsafeBytes: UnsafeRawBufferPointer(rebasing: input[unread]))
            found = try reader.next(in: bytes, from: &offset)
        } catch {
            step(.invalidPDU)
            throw .fault(error)
        }
        unread = start + offset..<unread.upperBound
        switch found {
        case .pdu(let type, let body): try take(type, body)
        case .data: try take(.dataTransfer, [])
        case .bytes(let context, let isCommand, let range):
            return .bytes(
                context: context, isCommand: isCommand, start + range.lowerBound..<start + range.upperBound)
        case .end, nil: break
        }
        return found
    }

    /// Lets the machine judge a PDU.
    private mutating func take(_ type: PDUType, _ body: [UInt8]) throws(AssociationError) {
        let state = machine.state
        guard let action = try? machine.handle(type.event) else { throw .fault(.unexpectedPDU(type, state: state)) }
        switch action {
        case .confirmRejectionAndClose where body.count >= 4:
            throw .rejected(Rejection(result: body[1], source: body[2], reason: body[3]))
        case .indicateAbortAndClose:
            throw .aborted(body.count >= 4 ? Abort(source: body[2], reason: body[3]) : .reasonNotSpecified)
        case .sendProviderAbort, .confirmRejectionAndClose: throw .fault(.unexpectedPDU(type, state: state))
        case .confirmAcceptance, .indicateData, .indicateDataInRelease, .confirmReleaseAndClose,
            .indicateReleaseCollision, .indicateRelease, .confirmReleaseInCollision, .connect, .sendRequest,
            .awaitRequest, .examineRequest, .sendAccept, .sendReject, .sendData, .sendReleaseRequest,
            .sendReleaseResponse, .stopTimer, .sendDataInRelease, .sendReleaseResponseInCollision, .sendAbort, .close,
            .indicateProviderAbort, .stopTimerQuietly, .ignore, .sendAbortAgain:
            break
        }
    }

    func unexpected(_ type: PDUType) -> AssociationError { .fault(.unexpectedPDU(type, state: machine.state)) }

    /// Lets the kernel drop bytes of the present fragment; returns how many.
    mutating func discard(atMost count: Int) throws(AssociationError) -> Int {
        let gone = try received(connection.discard(atMost: count, within: .idle(deadlines.fragment)), .fragment)
        reader.skip(gone)
        return gone
    }

    private mutating func received(_ outcome: PeerConnection.Outcome, _ wait: Wait) throws(AssociationError) -> Int {
        switch outcome {
        case .bytes(let count): return count
        case .timedOut: throw .timedOut(wait)
        case .closed:
            step(.transportClosed)
            throw .closed
        case .failed(let code):
            step(.transportClosed)
            if let fault = connection.fault { throw .handshake(fault) }
            throw code == ECONNRESET ? .closed : .socket(code: code)
        }
    }
}
