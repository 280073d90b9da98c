public import DICOM

/// What a destination committed itself to keeping: the Event Information of an N-EVENT-REPORT (PS3.4 Table J.3-2).
public struct CommitmentResult: Hashable, Sendable {
    /// An instance that is not committed.
    public struct Failure: Hashable, Sendable {
        public let sopInstanceUID: InstanceUID
        /// Failure Reason (0008,1197), PS3.3 §C.14.1.1; nil when the peer gives none.
        public let reason: Status?

        public init(_ sopInstanceUID: InstanceUID, reason: Status?) {
            self.sopInstanceUID = sopInstanceUID
            self.reason = reason
        }
    }

    /// What is reported cannot be understood.
    public struct Unreadable: Error, Hashable, Sendable {
        /// The answer to it.
        public let status: Status
    }

    public let transaction: TransactionUID
    /// Kept for sure: none of them is among the failed.
    public let committed: [InstanceUID]
    public let failed: [Failure]

    public init(transaction: TransactionUID, committed: [InstanceUID], failed: [Failure]) {
        self.transaction = transaction
        self.committed = committed
        self.failed = failed
    }

    /// The answer to a result that belongs to nothing we asked for: its Transaction UID is out of range (PS3.7 §10.1.1.1.8).
    public static let unknownTransaction = Status.invalidArgumentValue
}

extension CommitmentResult {
    /// Storage Commitment Request Successful, and Complete - Failures Exist (PS3.4 §J.3.3.1).
    private static let eventTypes: ClosedRange<UInt16> = 1...2

    /// Bytes of Event Information that are read at most: some 17,000 instances.
    public static let limit = 2 * 1024 * 1024

    /// Reads the data set of an N-EVENT-REPORT. Which sequence names an instance counts, not the event type.
    public init(
        eventType: UInt16?, eventInformation bytes: [UInt8], transferSyntax: TransferSyntax
    ) throws(Unreadable) {
        guard let eventType, CommitmentResult.eventTypes.contains(eventType) else {
            throw Unreadable(status: .noSuchEventType)
        }
        let limits = DataSet.Limits(depth: 8, elements: 100_000, inflatedBytes: CommitmentResult.limit)
        let dataSet: DataSet
        do {
            dataSet = try DataSet(parsing: bytes.span.bytes, transferSyntax: transferSyntax, limits: limits)
        } catch {
            throw Unreadable(status: .processingFailure)
        }
        guard let transaction = dataSet.uid(.transactionUID, as: TransactionUID.self) else {
            throw Unreadable(status: .invalidArgumentValue)
        }
        let failures = dataSet.items(.failedSOPSequence).compactMap { item -> Failure? in
            guard let instance = CommitmentResult.instance(item) else { return nil }
            let reason = item.int(.failureReason).flatMap { UInt16(exactly: $0) }
            return Failure(instance, reason: reason.map { Status(rawValue: $0) })
        }
        let failed = Set(failures.map(\.sopInstanceUID))
        let named = dataSet.items(.referencedSOPSequence).compactMap { CommitmentResult.instance($0) }
        self.init(transaction: transaction, committed: named.filter { !failed.contains($0) }, failed: failures)
    }

    private static func instance(_ item: DataSet) -> InstanceUID? { item.uid(.referencedSOPInstanceUID) }
}
