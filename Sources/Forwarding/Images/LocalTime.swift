import Glibc
import Spool

/// What the clocks on the wall say.
struct LocalTime: Sendable {
    /// Minutes since midnight, 0 to 1439.
    var minuteOfDay: @Sendable (Timestamp) -> Int

    /// As the machine is set up (`TZ`, `/etc/localtime`).
    static let system = LocalTime { time in
        var seconds = time_t(time.milliseconds / 1000)
        var parts = tm()
        guard localtime_r(&seconds, &parts) != nil else { return 0 }
        return Int(parts.tm_hour) * 60 + Int(parts.tm_min)
    }
}
