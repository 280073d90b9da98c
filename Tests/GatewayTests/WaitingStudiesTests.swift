import DICOM
import Spool
import Studies
import Testing

@testable import Gateway

/// Who is held for another study's instances is settled again when that study changes, even while it is being settled.
struct WaitingStudiesTests {
    private let key = StudyKey(source: "pacs", studyInstanceUID: StudyUID("1.2.826.0.1.3680043.10.999.2"))
    private let other = StudyEntry.ID(1)

    @Test func whatChangesAfterwardsWakesIt() {
        let waiting = WaitingStudies()
        waiting.beginReading()
        #expect(!waiting.note(key, waitsFor: [other]))
        #expect(waiting.changed(other) == [key])
        #expect(waiting.changed(StudyEntry.ID(2)).isEmpty)
    }

    @Test func whatChangedWhileItWasReadIsReadAgain() {
        let waiting = WaitingStudies()
        waiting.beginReading()
        #expect(waiting.changed(other).isEmpty)
        #expect(waiting.note(key, waitsFor: [other]))
        waiting.beginReading()
        #expect(!waiting.note(key, waitsFor: [other]))
    }

    @Test func itWaitsNoMoreForWhatIsNotInItsWay() {
        let waiting = WaitingStudies()
        waiting.beginReading()
        _ = waiting.note(key, waitsFor: [other])
        _ = waiting.note(key, waitsFor: [])
        #expect(waiting.changed(other).isEmpty)
    }
}
