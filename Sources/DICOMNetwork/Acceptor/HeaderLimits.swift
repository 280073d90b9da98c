public import DICOM

/// How much of an arriving instance's header is kept.
public struct HeaderLimits: Sendable {
    /// Bytes kept at most; what lies beyond is not kept.
    public var bytes: Int
    /// Bytes kept without asking; see `Acceptor.Demand.reserve`.
    public var allowance: Int
    /// SOP classes, by the command, that are kept whole: no value is too long, and up to `wholeBytes`. Whoever reads such
    /// a header gives `HeaderCapture.bulkLimit`, not the default one.
    public var wholeClasses: Set<SOPClassUID>
    public var wholeBytes: Int

    public init(
        bytes: Int, allowance: Int = .max, wholeClasses: Set<SOPClassUID> = [], wholeBytes: Int = 64 * 1024 * 1024
    ) {
        self.bytes = bytes
        self.allowance = allowance
        self.wholeClasses = wholeClasses
        self.wholeBytes = wholeBytes
    }

    func capture(_ sopClassUID: SOPClassUID, _ transferSyntax: TransferSyntax) -> (HeaderCapture, limit: Int) {
        let isWhole = wholeClasses.contains(sopClassUID)
        let limit = isWhole ? max(bytes, wholeBytes) : bytes
        let bulkLimit = isWhole ? Int.max : HeaderCapture.defaultBulkLimit
        return (HeaderCapture(transferSyntax: transferSyntax, limit: limit, bulkLimit: bulkLimit), limit)
    }
}
