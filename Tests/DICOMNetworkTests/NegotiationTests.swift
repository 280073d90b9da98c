import DICOM
import TestSupport
import Testing

@testable import DICOMNetwork

struct NegotiationTests {
    private let negotiation = Negotiation()

    private func context(_ id: UInt8, _ abstractSyntax: String, _ transferSyntaxes: [String]) -> ProposedContext {
        ProposedContext(
            id: id, abstractSyntaxBytes: Array(abstractSyntax.utf8),
            transferSyntaxesBytes: transferSyntaxes.map { Array($0.utf8) })
    }

    @Test(arguments: [
        Wire.verification, Wire.ctImageStorage,
        "1.2.840.10008.5.1.4.1.1.5",  // Nuclear Medicine, retired
        "1.2.840.113619.4.30",  // GE private
        "1.3.12.2.1107.5.9.1",  // Siemens CSA non-image
        "1.2.840.10008.5.1.4.1.1.9999",  // of an edition to come
        Wire.ctImageStorage + "\0",
    ])
    func whatMayBeStorageIsAccepted(abstractSyntax: String) {
        let answer = negotiation.answer([context(1, abstractSyntax, [Wire.explicitVR])])
        #expect(answer.map(\.result) == [.acceptance])
    }

    @Test(arguments: [
        "1.2.840.10008.1.20.1",  // Storage Commitment: never promised
        "1.2.840.10008.5.1.4.1.2.2.1", "1.2.840.10008.5.1.4.1.2.2.2", "1.2.840.10008.5.1.4.31",
        "1.2.840.10008.3.1.2.3.3", "1.2.840.10008.5.1.1.9", Wire.explicitVR, "",
    ])
    func whatIsNotStorageIsRefused(abstractSyntax: String) {
        let answer = negotiation.answer([context(1, abstractSyntax, [Wire.explicitVR])])
        #expect(answer.map(\.result) == [.abstractSyntaxNotSupported])
        #expect(answer[0].transferSyntaxBytes == Array(Wire.explicitVR.utf8))
    }

    @Test func theFirstTransferSyntaxThatIsKnownIsChosen() {
        let answer = negotiation.answer([
            context(1, Wire.ctImageStorage, ["1.2.3.4", "1.2.840.10008.1.2.4.90", Wire.implicitVR]),
            context(3, Wire.ctImageStorage, ["1.2.3.4\0"]),
            context(5, Wire.ctImageStorage, []),
        ])
        #expect(answer[0].transferSyntax == TransferSyntax("1.2.840.10008.1.2.4.90"))
        #expect(answer[1].isAccepted)
        #expect(answer[1].transferSyntaxBytes == Array("1.2.3.4\0".utf8))
        #expect(answer[2].result == .transferSyntaxesNotSupported)
        #expect(answer[2].transferSyntax == .implicitVRLittleEndian)
    }

    /// Case 9.
    @Test func everyProposalHasItsAnswerInOrder() {
        let transferSyntaxes = (0..<30).map { "1.2.840.10008.1.2.4.\($0)" }
        var proposed: [ProposedContext] = (0..<128).map { (index: Int) -> ProposedContext in
            let abstractSyntax = index % 2 == 0 ? Wire.ctImageStorage : "1.2.840.10008.1.20.1"
            return context(UInt8(2 * index + 1), abstractSyntax, transferSyntaxes)
        }
        proposed.append(context(2, Wire.ctImageStorage, [Wire.implicitVR]))  // even
        proposed.append(proposed[0])  // the same again
        proposed.append(context(1, Wire.verification, [Wire.implicitVR]))  // the same id for something else
        let answers = negotiation.answer(proposed)
        #expect(answers.map(\.id) == proposed.map(\.id))
        #expect(answers.allSatisfy { !$0.transferSyntaxBytes.isEmpty })
        #expect(answers[..<128].filter(\.isAccepted).count == 64)
        #expect(answers[128...].map(\.result) == [.acceptance, .acceptance, .noReason])
    }

    @Test func theSameAbstractSyntaxMayComeTwice() {
        let answers = negotiation.answer([
            context(1, Wire.ctImageStorage, [Wire.implicitVR]), context(3, Wire.ctImageStorage, [Wire.explicitVR]),
        ])
        #expect(answers.map(\.transferSyntax) == [.implicitVRLittleEndian, .explicitVRLittleEndian])
    }

    @Test func anAdmissionPolicyAnswersWithTheStandardsReasons() {
        let policy = AdmissionPolicy(called: [AETitle("KOSGATE")], calling: [AETitle("CT1")])
        #expect(policy.admit(called: AETitle("KOSGATE  "), calling: AETitle("CT1\0")) == .accept)
        #expect(
            policy.admit(called: AETitle("kosgate"), calling: AETitle("CT1"))
                == .reject(Rejection(result: 1, source: 1, reason: 7)))
        #expect(
            policy.admit(called: AETitle("KOSGATE"), calling: AETitle(""))
                == .reject(Rejection(result: 1, source: 1, reason: 3)))
        #expect(AdmissionPolicy().admit(called: AETitle(""), calling: AETitle("")) == .accept)
    }
}
