import Glibc
public import KeyObjects
import Spool

/// The zone rules of this machine.
public enum LocalZone {
    /// The time here, exact to a minute: `2026-03-01 09:30`.
    public static var now: String { ControlTime.minute(.now) }

    /// Minutes east of UTC at a local time.
    public static func offset(at time: CivilTime) -> Int {
        var parts = tm()
        parts.tm_year = Int32(clamping: time.year - 1900)
        parts.tm_mon = Int32(time.month - 1)
        parts.tm_mday = Int32(time.day)
        parts.tm_hour = Int32(time.hour)
        parts.tm_min = Int32(time.minute)
        parts.tm_sec = Int32(time.second)
        parts.tm_isdst = -1
        // mktime fills in tm_gmtoff for the rules in force then; before 1970 it may fail, then they are today's.
        if mktime(&parts) == -1 {
            var now = Glibc.time(nil)
            localtime_r(&now, &parts)
        }
        return parts.tm_gmtoff / 60
    }
}
