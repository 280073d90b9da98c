import Foundation
import Spool
import Testing

@testable import Gateway

struct ControlTimeTests {
    private let now = Timestamp(milliseconds: 1_772_357_400_000)

    @Test func machinesReadUTC() {
        #expect(ControlTime.json(now).text() == "\"2026-03-01T09:30:00Z\"")
        #expect(ControlTime.json(Timestamp(milliseconds: -1)).text() == "\"1969-12-31T23:59:59Z\"")
        #expect(ControlTime.json(nil).text() == "null")
    }

    @Test(arguments: [("90s", 90), ("45m", 2700), ("12h", 43_200), ("3d", 259_200), ("0s", 0)])
    func anAgeCountsFromNow(text: String, seconds: Int64) {
        #expect(ControlTime.since(text, now: now) == Timestamp(milliseconds: now.milliseconds - seconds * 1000))
    }

    @Test func aDateIsReadInLocalTime() throws {
        for text in ["2026-03-01T09:30:00", "2026-03-01 09:30", "2026-03-01T09:30"] {
            let time = try #require(ControlTime.since(text, now: now))
            #expect(ControlTime.text(time) == "2026-03-01 09:30:00")
        }
        let day = try #require(ControlTime.since("2026-03-01", now: now))
        #expect(ControlTime.text(day) == "2026-03-01 00:00:00")
    }

    @Test(arguments: [
        "", "h", "-1h", "1w", "yesterday", "2026-13-01", "2026-03-32", "2026-03-01 24:00", "2026-3-1", "2026-03-01T",
        "9223372036854775807d", "20260301", "２０２６-03-01",
    ])
    func anotherTextIsNoTime(text: String) {
        #expect(ControlTime.since(text, now: now) == nil)
    }

    @Test(arguments: [
        (0, "0 s"), (59, "59 s"), (60, "1 min"), (185, "3 min 5 s"), (3600, "1 h"), (3660, "1 h 1 min"),
        (187_300, "2 d 4 h"), (-5, "0 s"),
    ])
    func aSpanIsToldInItsTwoLargestUnits(seconds: Int, text: String) {
        #expect(ControlTime.span(.seconds(seconds)) == text)
    }
}
