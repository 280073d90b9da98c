import DICOM
import Forwarding
import Glibc
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

    @Test func aLogThatNobodyReadsStopsNothing() throws {
        var ends: [Int32] = [-1, -1]
        try #require(pipe(&ends) == 0)
        defer { for end in ends { close(end) } }
        let log = EventLog(descriptor: ends[1])
        // A pipe takes 64 KiB: then a write would wait for a reader.
        for _ in 0..<100 { log.post(.configurationRemark(String(repeating: "x", count: 20_000))) }
        var buffer = [UInt8](repeating: 0, count: 1 << 20)
        let count = read(ends[0], &buffer, buffer.count)
        #expect((4096...65_536).contains(count))
        log.post(.stopped)
        let told = String(decoding: buffer[..<read(ends[0], &buffer, buffer.count)], as: UTF8.self)
        #expect(told.contains("\(100 - count / 4096) events could not be logged"))
        #expect(told.hasSuffix("stopped\n"))
    }

    @Test func aDiskThatFailsIsNotLoggedAtEachRetry() {
        let tele = NamedDestination(name: "tele", title: "tele")
        func event(isNews: Bool) -> ImagesEvent? {
            ImagesEvent(
                ImageEvent.stuck(destination: "tele", reason: "full", retryIn: .seconds(5), isNews: isNews),
                of: tele)
        }
        #expect(event(isNews: false) == nil)
        #expect(
            event(isNews: true)?.description
                == "no images are sent to tele, which is not at fault, tried again from 5 s on: full")
        #expect(ImagesEvent(ImageEvent.freed(destination: "tele"), of: tele) == .freed(destination: tele))
        let uncommitted = ImagesEvent.uncommitted(destination: tele, images: 1, reason: "late", retryInSeconds: 0)
        #expect(
            "\(uncommitted)" == "tele has not committed to 1 image that it took, kept here and asked again now: late")
    }

    @Test func whatHidesImagesIsMoreThanInformation() {
        let study = StudyKey(source: "pacs", studyInstanceUID: .init("1.2.3"))
        #expect(OperatorEvent.studyHeld(study, reason: "", remedy: "").priority <= 4)
        #expect(OperatorEvent.spoolUnwritable(reason: "").priority <= 3)
        #expect(OperatorEvent.studyUnchanged(study).priority == 6)
    }
}
