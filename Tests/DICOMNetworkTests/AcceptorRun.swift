import DICOM

@testable import DICOMNetwork

/// Feeds an acceptor with bytes cut wherever the test wants, and writes down what it did.
struct AcceptorRun {
    /// What happened, in order: "sent AC", "stored 1.2.3.4.5 (120)", "closed".
    private(set) var log: [String] = []
    private(set) var sent: [[UInt8]] = []
    private(set) var headers: [[UInt8]] = []
    /// Every byte of a data set is wanted; of each, so many at most.
    var wantsDataSets = false
    var wantedBytes = Int.max
    /// What was handed out of each instance, stored or not.
    private(set) var taken: [[UInt8]] = []
    private(set) var reports: [CommitmentResult] = []
    /// Bytes that were asked to be discarded behind those given.
    private(set) var discarded = 0
    /// What the header of an instance may come to; room for more is given up to `headerBudget`.
    private(set) var allowed: Int
    var headerBudget = Int.max
    /// The longest header that was ever kept, and what it had beyond what it was allowed.
    private(set) var longestHeader = 0
    private(set) var excess = 0
    /// Bytes still to be discarded, of those that are given next.
    private var owed = 0
    private(set) var acceptor: Acceptor
    var admission = Admission.accept
    var status = StoreStatus.success

    init(
        maximumPDULength: UInt32 = 16384, headerLimit: Int = 1 << 20, headerAllowance: Int = .max,
        wholeClasses: Set<SOPClassUID> = []
    ) {
        allowed = headerAllowance
        acceptor = Acceptor(
            Acceptor.Configuration(
                maximumPDULength: maximumPDULength,
                headers: HeaderLimits(bytes: headerLimit, allowance: headerAllowance, wholeClasses: wholeClasses),
                negotiation: Negotiation()))
    }

    /// Feeds everything in chunks of so many bytes, as far as the connection stays open.
    mutating func feed(_ bytes: [UInt8], chunk: Int = .max) {
        var position = min(owed, bytes.count)
        owed -= position
        if owed > 0 { return }
        var end = 0
        while !isClosed {
            var offset = 0
            let given = Array(bytes[position..<max(position, end)])
            let demand = acceptor.next(in: given.span.bytes, from: &offset)
            position += offset
            let headerBytes = acceptor.instance?.capture.header.count ?? 0
            longestHeader = max(longestHeader, headerBytes)
            excess = max(excess, headerBytes - allowed)
            switch demand {
            case .receive:
                if position >= bytes.count { return }
                end = bytes.count - position > chunk ? position + chunk : bytes.count
            case .discard(let count):
                discarded += count
                owed = max(0, count - (bytes.count - position))
                position += count - owed
                if owed > 0 { return }
            case .admit: acceptor.admit(admission)
            case .begin:
                acceptor.isDataSetWanted = wantsDataSets
                taken.append([])
            case .take(let count): take(given[offset - count..<offset])
            case .reserve(let headerBytes): reserve(headerBytes)
            case .store: store()
            case .report(let result):
                reports.append(result)
                acceptor.answer(status)
            case .send(let bytes): send(bytes)
            case .close: log.append("closed")
            }
        }
    }

    /// All bytes still to be discarded have come: a test need not make them.
    mutating func passDiscarded() {
        owed = 0
        feed([])
    }

    /// What the wait is now for, when everything given is consumed.
    mutating func wait() -> Wait? {
        var offset = 0
        if case .receive(_, let wait) = acceptor.next(in: [UInt8]().span.bytes, from: &offset) { return wait }
        return nil
    }

    mutating func closeTransport() {
        owed = 0
        acceptor.transportClosed()
        feed([])
    }

    mutating func stop() {
        owed = 0
        acceptor.stop()
        feed([])
    }

    mutating func refuse(_ status: StoreStatus) { acceptor.refuse(status) }

    mutating func passDeadline(_ wait: Wait) {
        owed = 0
        acceptor.deadlinePassed(wait)
        feed([])
    }

    var isClosed: Bool { log.last == "closed" }
    var ending: Ending? { acceptor.ending }

    private mutating func reserve(_ headerBytes: Int) {
        guard headerBytes <= headerBudget else { return acceptor.refuse(StoreStatus(.outOfResources)) }
        allowed = headerBytes
        acceptor.allow(headerBytes)
    }

    private mutating func take(_ bytes: ArraySlice<UInt8>) {
        taken[taken.count - 1] += bytes
        if taken[taken.count - 1].count >= wantedBytes { acceptor.isDataSetWanted = false }
    }

    private mutating func store() {
        guard let instance = acceptor.instance else { return log.append("nothing to store") }
        let uid = InstanceUID(padded: instance.command.affectedSOPInstanceUID)
        log.append("stored \(uid) (\(instance.dataSetBytes))")
        headers.append(instance.capture.header)
        acceptor.answer(status)
    }

    private mutating func send(_ bytes: [UInt8]) {
        sent.append(bytes)
        switch PDUType(rawValue: bytes[0]) {
        case .dataTransfer:
            let command = try? CommandSet(decoding: Array(bytes.dropFirst(12)).span.bytes)
            let field = String(command?.field.rawValue ?? 0, radix: 16)
            let status = String(command?.status ?? 0xFFFF, radix: 16)
            log.append("answered \(field) with \(status)")
        case .abort: log.append("aborted \(bytes[8]) \(bytes[9])")
        case .associateReject: log.append("rejected \(bytes[7]) \(bytes[8]) \(bytes[9])")
        case .associateRequest, .associateAccept, .releaseRequest, .releaseResponse, nil:
            log.append("sent \(PDUType(rawValue: bytes[0]).map { "\($0)" } ?? "?")")
        }
    }
}
