import DICOM
import Studies
import Testing

@testable import Gateway

@Suite struct EventLogTests {
    @Test(arguments: [
        ("plain text é", "plain text é"), ("two\nlines", "two\\u{a}lines"), ("\u{1B}[31mred", "\\u{1b}[31mred"),
        ("\u{2028}", "\\u{2028}"), ("\u{85}", "\\u{85}"),
    ])
    func textOfAPeerCannotForgeALine(text: String, escaped: String) {
        #expect(EventLog.escaped(text) == escaped)
    }

    @Test func whatHidesImagesIsMoreThanInformation() {
        let study = StudyKey(source: "pacs", studyInstanceUID: .init("1.2.3"))
        #expect(OperatorEvent.studyHeld(study, reason: "", remedy: "").priority <= 4)
        #expect(OperatorEvent.spoolUnwritable(reason: "").priority <= 3)
        #expect(OperatorEvent.studyUnchanged(study).priority == 6)
    }
}
