import Associations
import DICOM
import DICOMNetwork
import Testing

struct PresentationTests {
    private let ct = SOPClassUID("1.2.840.10008.5.1.4.1.1.2")
    private let jpeg = TransferSyntax("1.2.840.10008.1.2.4.70")
    private let explicit = TransferSyntax.explicitVRLittleEndian
    private let implicit = TransferSyntax.implicitVRLittleEndian

    private func answered(
        _ proposals: [Association.Proposal], _ accepted: [TransferSyntax?]
    ) -> [NegotiatedContext] {
        zip(proposals, accepted).enumerated().map { index, pair in
            NegotiatedContext(
                id: UInt8(2 * index + 1), result: pair.1 == nil ? .transferSyntaxesNotSupported : .acceptance,
                abstractSyntaxBytes: Array(pair.0.abstractSyntax.text.utf8),
                transferSyntaxBytes: Array((pair.1?.text ?? "").utf8))
        }
    }

    @Test func theReceivedTransferSyntaxStandsAloneAndUncompressedOnesGetASecondChoice() {
        let due = [
            Presentation(ct, jpeg), Presentation(ct, explicit), Presentation(ct, jpeg), Presentation(ct, implicit),
        ]
        #expect(
            Association.plan(for: due) == [
                [.init(ct, [jpeg]), .init(ct, [explicit]), .init(ct, [explicit, implicit]), .init(ct, [implicit])]
            ])
        #expect(Association.plan(for: []).isEmpty)
    }

    @Test func whatExceedsAnAssociationGoesToTheNext() {
        let classes = (0..<100).map { SOPClassUID("1.2.\($0)") }
        let plan = Association.plan(for: classes.map { Presentation($0, explicit) } + [Presentation(ct, jpeg)])
        #expect(plan.map(\.count) == [128, 73])
        #expect(Set(plan.flatMap { $0.map(\.abstractSyntax) }) == Set(classes + [ct]))
        for contexts in plan {
            let alone = contexts.filter { $0.transferSyntaxes == [explicit] }
            #expect(alone.allSatisfy { contexts.contains(.init($0.abstractSyntax, [explicit, implicit])) })
        }
        let odd = Association.plan(for: [Presentation(ct, jpeg)] + classes.map { Presentation($0, explicit) })
        #expect(odd.map(\.count) == [127, 74])
    }

    @Test func whatTheAnswersAllowIsTheLeastChange() {
        let presentation = Presentation(ct, explicit)
        let proposals = Association.plan(for: [presentation])[0]
        func service(_ accepted: [TransferSyntax?]) -> Presentation.Service {
            presentation.service(proposing: proposals, answers: answered(proposals, accepted))
        }
        #expect(service([explicit, implicit]) == .asTheyAre)
        #expect(service([nil, explicit]) == .asTheyAre)
        #expect(service([nil, implicit]) == .reencoded(as: implicit))
        #expect(service([nil, nil]) == .refused(.transferSyntaxesNotSupported))
    }

    @Test func whatWasNotProposedAloneIsNeitherReencodedNorRefused() {
        let proposals = [
            Association.Proposal(ct, [implicit]), .init(ct, [implicit, explicit]), .init(SOPClassUID("1.2"), [jpeg]),
        ]
        let answers = answered(proposals, [implicit, implicit, nil])
        for (presentation, expected) in [
            (Presentation(ct, explicit), Presentation.Service.notProposed), (Presentation(ct, jpeg), .notProposed),
            (Presentation(ct, implicit), .asTheyAre),
            (Presentation(SOPClassUID("1.2"), jpeg), .refused(.transferSyntaxesNotSupported)),
        ] {
            #expect(presentation.service(proposing: proposals, answers: answers) == expected)
        }
        // Refused alone, but the other one was not offered yet.
        let alone = [Association.Proposal(ct, [explicit])]
        #expect(
            Presentation(ct, explicit).service(proposing: alone, answers: answered(alone, [nil])) == .notProposed)
    }
}
