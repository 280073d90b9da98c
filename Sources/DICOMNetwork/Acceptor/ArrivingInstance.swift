public import DICOM

/// The instance of a C-STORE request while its data set arrives.
public struct ArrivingInstance {
    public let command: CommandSet
    public let transferSyntax: TransferSyntax
    public internal(set) var capture: HeaderCapture
    /// Bytes of the data set so far, those to be discarded included.
    public internal(set) var dataSetBytes = 0
    var appetite = HeaderCapture.Appetite.more
    /// Bytes that the header may come to.
    var allowance: Int
    let headerLimit: Int

    public init(command: CommandSet, transferSyntax: TransferSyntax, limits: HeaderLimits) {
        self.command = command
        self.transferSyntax = transferSyntax
        allowance = limits.allowance
        (capture, headerLimit) = limits.capture(SOPClassUID(padded: command.affectedSOPClassUID), transferSyntax)
    }
}

extension ArrivingInstance {
    /// What a byte of the data set may add to the header: inflated, 258 bytes for two bits (RFC 1951 §3.2.5).
    private var growth: Int { transferSyntax.isDeflated ? 1032 : 1 }
    /// Bytes that the inflater may hold back before it gives anything for them.
    private var heldBack: Int { transferSyntax.isDeflated ? 8 : 0 }
    /// Fewer bytes at a time are not worth a step: rather ask for more room.
    private var leastStep: Int { transferSyntax.isDeflated ? 16 : 1 }

    /// How many of the next `count` bytes cannot take the header beyond what it is allowed; 0: room must be asked for.
    func allowed(of count: Int) -> Int {
        if allowance >= headerLimit { return count }
        let step = (allowance - capture.header.count) / growth - heldBack
        return step >= min(count, leastStep) ? min(count, step) : 0
    }

    /// What the header may come to with the next step, out of `count` bytes.
    func headerBytes(after count: Int) -> Int {
        let step = transferSyntax.isDeflated ? min(count, leastStep) : count
        return min(headerLimit, capture.header.count + (step + heldBack) * growth)
    }

    mutating func feed(_ bytes: RawSpan) {
        dataSetBytes += bytes.byteCount
        appetite = capture.append(bytes)
    }

    mutating func skip(_ count: Int, then appetite: HeaderCapture.Appetite) {
        dataSetBytes += count
        if case .skip = appetite { capture.skip(count) }
        self.appetite = appetite
    }
}

extension ArrivingInstance {
    /// Takes bytes of the data set, in order; those that the header does not need are only counted.
    public mutating func take(_ bytes: RawSpan) {
        var offset = 0
        while offset < bytes.byteCount {
            let left = bytes.byteCount - offset
            let passed = min(left, passable)
            if passed > 0 { pass(passed) } else { feed(bytes.extracting(offset..<bytes.byteCount)) }
            offset += passed > 0 ? passed : left
        }
    }

    /// Of the next bytes so many are not needed: they may be told by `pass` instead of given.
    public var passable: Int {
        switch appetite {
        case .more: 0
        case .skip(let count): count
        case .done: .max
        }
    }

    /// - Precondition: at most `passable`.
    public mutating func pass(_ count: Int) {
        switch appetite {
        case .more: precondition(count == 0, "bytes that are needed must be given")
        case .skip(let wanted): skip(count, then: .skip(wanted - count))
        case .done: skip(count, then: .done)
        }
    }

    /// All of the data set has come.
    public mutating func finish() { capture.finish() }

    /// As the command says, not the data set.
    public var sopClassUID: SOPClassUID { SOPClassUID(padded: command.affectedSOPClassUID) }
    public var sopInstanceUID: InstanceUID { InstanceUID(padded: command.affectedSOPInstanceUID) }
}
