import DICOM
import TestSupport
import Testing

@testable import DICOMNetwork

struct CommitmentResultTests {
    private func read(
        _ bytes: [UInt8], eventType: UInt16? = 1, _ syntax: TransferSyntax = .explicitVRLittleEndian
    ) throws(CommitmentResult.Unreadable) -> CommitmentResult {
        try CommitmentResult(eventType: eventType, eventInformation: bytes, transferSyntax: syntax)
    }

    private func information(
        _ transaction: String, committed: [String], failed: [String] = []
    ) -> [UInt8] {
        var set = DataSetBuilder()
        set.element(.transactionUID, .UI, transaction)
        for (tag, instances) in [(Tag.failedSOPSequence, failed), (.referencedSOPSequence, committed)] {
            set.sequence(tag, defined: true) { sequence in
                for instance in instances {
                    sequence.item(defined: true) { item in
                        item.element(.referencedSOPClassUID, .UI, Wire.ctImageStorage)
                        item.element(.referencedSOPInstanceUID, .UI, instance)
                    }
                }
            }
        }
        return set.bytes
    }

    @Test(arguments: [TransferSyntax.implicitVRLittleEndian, .explicitVRLittleEndian])
    func aRequestNamesWhatItIsAbout(syntax: TransferSyntax) throws {
        let request = CommitmentRequest(
            TransactionUID("2.25.7"),
            of: [.init(.ctImage, InstanceUID("1.2.3")), .init(.mrImage, InstanceUID("1.2.4"))])
        let dataSet = try DataSet(parsing: request.actionInformation(syntax.encoding), transferSyntax: syntax)
        #expect(dataSet.uid(.transactionUID) == TransactionUID("2.25.7"))
        let items = dataSet.items(.referencedSOPSequence)
        #expect(items.map { $0.uid(.referencedSOPClassUID) } == [SOPClassUID.ctImage, .mrImage])
        #expect(items.map { $0.uid(.referencedSOPInstanceUID) } == [InstanceUID("1.2.3"), InstanceUID("1.2.4")])
    }

    /// Some say success and list failures: it counts where an instance is named, and doubt is no commitment.
    @Test func whatIsNamedAsFailedIsNotCommitted() throws {
        let result = try read(information("2.25.7", committed: ["1.2.3", "1.2.4"], failed: ["1.2.4", "1.2.5"]))
        #expect(result.committed == [InstanceUID("1.2.3")])
        #expect(result.failed.map(\.sopInstanceUID) == [InstanceUID("1.2.4"), InstanceUID("1.2.5")])
        #expect(result.failed.allSatisfy { $0.reason == nil })
    }

    @Test func aSuccessThatNamesNothingCommitsNothing() throws {
        #expect(try read(information("2.25.7", committed: [])).committed.isEmpty)
    }

    @Test func anInstanceWithoutNameIsPassedOver() throws {
        #expect(try read(information("2.25.7", committed: ["", "1.2.3"])).committed == [InstanceUID("1.2.3")])
    }

    @Test func withoutTransactionOrKnownEventThereIsNoResult() {
        let right = information("2.25.7", committed: ["1.2.3"])
        let cases: [([UInt8], UInt16?, Status)] = [
            (right, nil, .noSuchEventType), (right, 0, .noSuchEventType), (right, 3, .noSuchEventType),
            (information("", committed: ["1.2.3"]), 1, .invalidArgumentValue), ([], 1, .invalidArgumentValue),
            (Array(right.dropLast(3)), 1, .processingFailure),
        ]
        for (bytes, eventType, status) in cases {
            #expect(throws: CommitmentResult.Unreadable(status: status)) { try read(bytes, eventType: eventType) }
        }
    }

    @Test func everyTruncationIsReadOrRefused() {
        let right = information("2.25.7", committed: ["1.2.3"], failed: ["1.2.4"])
        for count in 0..<right.count {
            if let result = try? read(Array(right.prefix(count))) {
                #expect(result.committed.count <= 1 && result.failed.count <= 1)
            }
        }
    }
}
