import Foundation
import Spool
import Testing

@testable import Forwarding

@Suite struct TimeWindowTests {
    @Test func aWindowReadsAsItIsWritten() throws {
        for text in ["20:00-06:00", "00:00-24:00", "08:30-08:31", "23:59-00:00"] {
            #expect(try #require(TimeWindow(text)).description == text)
        }
        for text in [
            "", "20:00", "20:00-", "20:00-06:00-07:00", "24:00-06:00", "6:00-20:00", "20:60-21:00", "a0:00-06:00",
            "25:00-06:00", "06:00-06:00", "06:00 - 20:00", "-1:00-06:00", "06:00-24:01",
        ] {
            #expect(TimeWindow(text) == nil, "\(text)")
        }
    }

    @Test func midnightMayLieInIt() throws {
        let night = try #require(TimeWindow("20:00-06:00"))
        let open = [0, 359, 1200, 1439].map { night.contains($0) }
        let shut = [360, 720, 1199].map { night.contains($0) }
        #expect(open == [true, true, true, true])
        #expect(shut == [false, false, false])
        let day = try #require(TimeWindow("06:00-20:00"))
        #expect((0..<1440).allSatisfy { day.contains($0) != night.contains($0) })
    }

    @Test func withoutWindowsItIsAlwaysOpen() {
        #expect(SendingHours(windows: [], zone: .paris).isOpen(at: time("2026-03-29T00:30:00Z")))
    }

    @Test func itOpensAtTheNextBeginning() throws {
        let hours = try paris("20:00-06:00", "12:00-12:30")
        #expect(!hours.isOpen(at: time("2026-01-15T10:59:59Z")))
        #expect(hours.nextOpening(after: time("2026-01-15T10:59:59Z")) == time("2026-01-15T11:00:00Z"))
        #expect(hours.isOpen(at: time("2026-01-15T11:00:00Z")))
        #expect(hours.nextOpening(after: time("2026-01-15T11:31:00Z")) == time("2026-01-15T19:00:00Z"))
    }

    @Test func theHourThatIsSkippedOpensNothing() throws {
        // 2026-03-29: 02:00 becomes 03:00 at 01:00 UTC.
        let hours = try paris("02:00-03:00")
        #expect(hours.nextOpening(after: time("2026-03-28T01:00:00Z")) == time("2026-03-28T01:01:00Z"))
        #expect(hours.nextOpening(after: time("2026-03-28T02:00:00Z")) == time("2026-03-30T00:00:00Z"))
        let night = try paris("20:00-02:30")
        #expect(night.isOpen(at: time("2026-03-29T00:59:59Z")))
        #expect(!night.isOpen(at: time("2026-03-29T01:00:00Z")), "it is 03:00")
    }

    @Test func theHourThatComesTwiceIsInItTwice() throws {
        // 2026-10-25: 03:00 becomes 02:00 at 01:00 UTC.
        let hours = try paris("02:00-03:00")
        let open = ["00:00", "00:59", "01:00", "01:59"].map { hours.isOpen(at: time("2026-10-25T\($0):00Z")) }
        #expect(open == [true, true, true, true])
        #expect(!hours.isOpen(at: time("2026-10-24T23:59:00Z")))
        #expect(!hours.isOpen(at: time("2026-10-25T02:00:00Z")))
    }

    @Test func theMachinesOwnTimeIsThatOfItsCalendar() {
        for seconds in stride(from: 1_700_000_000, to: 1_740_000_000, by: 1_234_567) {
            let parts = Calendar.current.dateComponents(
                [.hour, .minute], from: Date(timeIntervalSince1970: Double(seconds)))
            let minute = LocalTime.system.minuteOfDay(Timestamp(milliseconds: Int64(seconds) * 1000))
            #expect(minute == (parts.hour ?? -1) * 60 + (parts.minute ?? -1))
        }
    }

    private func paris(_ windows: String...) throws -> SendingHours {
        SendingHours(windows: try windows.map { try #require(TimeWindow($0)) }, zone: .paris)
    }

    private func time(_ text: String) -> Timestamp {
        let date = ISO8601DateFormatter().date(from: text) ?? .distantPast
        return Timestamp(milliseconds: Int64(date.timeIntervalSince1970) * 1000)
    }
}

extension LocalTime {
    fileprivate static let paris = LocalTime { time in
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = TimeZone(identifier: "Europe/Paris") ?? .gmt
        let date = Date(timeIntervalSince1970: Double(time.milliseconds) / 1000)
        let parts = calendar.dateComponents([.hour, .minute], from: date)
        return (parts.hour ?? 0) * 60 + (parts.minute ?? 0)
    }
}
