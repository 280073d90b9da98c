import Associations
import DICOM
import DICOMNetwork
import Forwarding
import Testing

@Suite struct DeliveryVerdictTests {
    @Test(
        arguments: [
            (0x0000, DeliveryVerdict.stored),
            (0x0001, .storedWithWarning), (0xB000, .storedWithWarning), (0xB006, .storedWithWarning),
            (0xB007, .storedWithWarning), (0xBFFF, .storedWithWarning),
            (0x0111, .alreadyThere),
            (0xA700, .failed(.busy)), (0xA701, .failed(.busy)), (0xA7FF, .failed(.busy)), (0x0210, .failed(.busy)),
            (0x0213, .failed(.busy)),
            (0x0112, .failed(.notAccepted)), (0x0118, .failed(.notAccepted)), (0x0122, .failed(.notAccepted)),
            (0x0124, .failed(.notAccepted)), (0x0211, .failed(.notAccepted)), (0x0212, .failed(.notAccepted)),
            (0x0214, .failed(.notAccepted)),
            (0xA900, .failed(.refused)), (0xA9FF, .failed(.refused)), (0x0105, .failed(.refused)),
            (0x0106, .failed(.refused)), (0x0115, .failed(.refused)), (0x0117, .failed(.refused)),
            (0x0119, .failed(.refused)), (0x0120, .failed(.refused)), (0x0121, .failed(.refused)),
            (0xC000, .failed(.doubtful)), (0xC210, .failed(.doubtful)), (0xCFFF, .failed(.doubtful)),
            (0x0110, .failed(.doubtful)), (0xA800, .failed(.doubtful)), (0xA6FF, .failed(.doubtful)),
            (0xAA00, .failed(.doubtful)), (0x0107, .storedWithWarning), (0x0116, .storedWithWarning),
            (0xFE00, .failed(.doubtful)), (0xFF00, .failed(.doubtful)), (0xFF01, .failed(.doubtful)),
            (0xFFFF, .failed(.doubtful)), (0xD000, .failed(.doubtful)),
        ] as [(UInt16, DeliveryVerdict)])
    func eachStatusHasItsMeaning(status: UInt16, verdict: DeliveryVerdict) {
        #expect(DeliveryVerdict(Status(rawValue: status)) == verdict)
    }

    /// A status that we would take for a success loses a document when it is none.
    @Test func onlyTheStatusesOfPS34AndTheDuplicateAreSuccesses() {
        for value in UInt16.min...UInt16.max {
            let status = Status(rawValue: value)
            let isSuccess = if case .failed = DeliveryVerdict(status) { false } else { true }
            #expect(isSuccess == (status.isStored || status == .duplicateSOPInstance), "\(status)")
        }
    }

    @Test(arguments: [
        (AssociationError.unknownHost("platform", reason: "none"), DeliveryFailure.Kind.unreachable),
        (.connect(code: 111), .unreachable), (.aborted(.user), .unreachable), (.closed, .unreachable),
        (.timedOut(.response), .unreachable), (.socket(code: 32), .unreachable),
        (.fault(.unreadableCommand(offset: 0)), .unreachable),
        (.rejected(.temporaryCongestion), .busy), (.rejected(.localLimitExceeded), .busy),
        (.rejected(.calledAETitleNotRecognized), .notAccepted),
        (.rejected(.callingAETitleNotRecognized), .notAccepted), (.rejected(.noReasonGiven), .notAccepted),
        (.noContext(SOPClassUID("1.2.840.10008.5.1.4.1.1.88.59"), nil, nil), .notAccepted),
    ])
    func noAssociationThatFailsCondemnsADocument(error: AssociationError, kind: DeliveryFailure.Kind) {
        #expect(DeliveryFailure.Kind(error) == kind)
    }
}
