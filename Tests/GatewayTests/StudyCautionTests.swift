import DICOM
import Foundation
import Spool
import Studies
import Testing

@testable import Gateway

@Suite final class StudyCautionTests {
    private let directory = NSTemporaryDirectory() + "caution-" + UUID().uuidString
    private let spool: Spool
    private let caution: StudyCaution

    init() throws {
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        spool = try Spool(Spool.Configuration(directory: directory + "/spool"))
        caution = StudyCaution(spool)
    }

    deinit {
        spool.close()
        try? FileManager.default.removeItem(atPath: directory)
    }

    private func key(_ study: Int) -> StudyKey { StudyKey(source: "ct", studyInstanceUID: StudyUID("1.2.\(study)")) }

    @Test func aNoteOnItsWayIntoTheSpoolIsNotForgottenForOtherStudies() throws {
        try caution.note([key(0)]) { () throws(SpoolError) in
            for study in 1...StudyCaution.remembered {
                caution.end(key(study), isWithheld: try caution.begin(key(study)))
            }
            let isWithheld = try caution.begin(key(0))
            #expect(isWithheld)
        }
    }

    @Test func aSettlingThatBeginsWhileANoteIsStoredReleasesNothing() throws {
        var isReleased = false
        try caution.note([key(0)]) { () throws(SpoolError) in
            caution.beginSettling(key(0))
        }
        try caution.release(key(0)) { isReleased = true }
        #expect(!isReleased)
        caution.endSettling(key(0))
        caution.beginSettling(key(0))
        try caution.release(key(0)) { isReleased = true }
        #expect(isReleased)
    }
}
