import DICOM
import DICOMNetwork
import Studies
import TestSupport
import Testing

@testable import Gateway

/// Instances that were moved to another study, while one of two destinations answers nothing.
struct SilentDestinationTests {
    private static let root = "1.2.826.0.1.3680043.10.999"

    private func platform(_ name: String, _ port: UInt16) -> Configuration.Platform {
        var platform = Configuration.Platform(retriedAtOnce: "PLATFORM", port: port)
        platform.name = name
        return platform
    }

    private func withTwo(_ body: (RunningGateway, _ a: ScriptedPlatform, _ b: ScriptedPlatform) throws -> Void) throws {
        let (a, b) = (ScriptedPlatform(), ScriptedPlatform())
        try a.serve { portOfA in
            try b.serve { portOfB in
                let gateway = try RunningGateway { $0.platforms = [platform("a", portOfA), platform("b", portOfB)] }
                try body(gateway, a, b)
                gateway.stop()
            }
        }
    }

    /// An older study that gets an instance which a younger one is about to show.
    @Test func whatWaitsToBeSentOfOneStudyIsInTheWayOfAnother() throws {
        let platform = ScriptedPlatform()
        platform.fallSilent()
        try platform.serve { port in
            let gateway = try RunningGateway { $0.platforms = [self.platform("a", port)] }
            defer { gateway.stop() }
            func isSettled(_ study: String, instances: Int = 1) -> Bool {
                gateway.wait {
                    if case .studySettled(let key, _, _, instances) = $0, key.studyInstanceUID.text == study {
                        true
                    } else {
                        nil
                    }
                } == true
            }
            let series = TestInstance.series(2)
            try gateway.sendWhole([series[0]])
            #expect(isSettled("\(Self.root).1"))
            var elsewhere = series[1]
            elsewhere.studyUID = "\(Self.root).2"
            try gateway.sendWhole([elsewhere])
            #expect(isSettled("\(Self.root).2"))
            try gateway.sendWhole([series[1]])
            let isHeld = gateway.wait {
                if case .studyHeld(let key, let reason, _) = $0, key.studyInstanceUID.text == "\(Self.root).1" {
                    reason.contains("also in study \(Self.root).2")
                } else {
                    nil
                }
            }
            #expect(isHeld == true, "told: \(gateway.told)")
            // The one that was published first goes on.
            var more = TestInstance.series(3)[2]
            more.studyUID = elsewhere.studyUID
            try gateway.sendWhole([more])
            #expect(isSettled("\(Self.root).2", instances: 2))
            platform.fallSilent(false)
            var note = TestInstance.note("113038", for: [elsewhere.instanceUID])
            note.studyUID = elsewhere.studyUID
            try gateway.send([note])
            #expect(isSettled("\(Self.root).1", instances: 2), "told: \(gateway.told)")
        }
    }

    @Test func itHoldsAMovedStudyBackAtItselfAlone() throws {
        try withTwo { gateway, a, b in
            try gateway.sendWhole(TestInstance.series(2))
            #expect(a.document(1)?.references.count == 2)
            #expect(b.document(1)?.references.count == 2)
            #expect(gateway.wait(2) { if case .manifestDelivered = $0 { true } else { nil } } == true)
            b.fallSilent()
            var moved = TestInstance.series(2)
            for index in moved.indices {
                (moved[index].studyUID, moved[index].patientID) = ("\(Self.root).2", "IPP0666")
            }
            try gateway.sendWhole([.note("113038", for: moved.map(\.instanceUID))] + moved)
            let words = "2 instances of it may still be shown in study \(Self.root).1 at 'b'"
            let isHeld = gateway.wait {
                if case .studyHeld(_, let reason, _) = $0, reason.hasPrefix(words) { true } else { nil }
            }
            #expect(isHeld == true, "told: \(gateway.told)")
            #expect(a.document(2)?.text(.patientID) == "IPP0042", "the withdrawal")
            #expect(a.document(3)?.text(.patientID) == "IPP0666")
            #expect(b.received.count == 1)
            let report = try Command.run(["study", "\(Self.root).2", "--data", gateway.directory]).text
            #expect(report.contains("2 instances, to a") && !report.contains("2 instances, to b"), "\(report)")
            b.fallSilent(false)
            #expect(b.document(2)?.text(.patientID) == "IPP0042", "the withdrawal")
            #expect(b.document(3)?.text(.patientID) == "IPP0666")
            #expect(a.received.count == 3)
        }
    }
}
