import CSystemd
import Glibc
import Threads

/// What started this process and watches it: systemd's notification protocol (sd_notify(3)).
///
/// To say something blocks for no time that matters: it is one datagram.
public struct Supervisor: Sendable {
    public init() {}

    /// Nil: nobody listens (`NOTIFY_SOCKET` is not set).
    public static var present: Supervisor? { getenv("NOTIFY_SOCKET") == nil ? nil : Supervisor() }

    /// How often it must be told that all is well, at the latest; nil: it does not ask for it.
    public var watchdogPeriod: Duration? {
        var microseconds: UInt64 = 0
        guard sd_watchdog_enabled(0, &microseconds) > 0 else { return nil }
        return .microseconds(Int64(clamping: microseconds))
    }

    /// It serves.
    public func ready(_ status: String) { tell("READY=1\n\(Self.field(status))") }

    /// A line for whoever looks.
    public func status(_ status: String) { tell(Self.field(status)) }

    /// `ready` follows.
    public func reloading() {
        tell("RELOADING=1\nMONOTONIC_USEC=\(MonotonicInstant.now.nanoseconds / 1_000)")
    }

    public func stopping() { tell("STOPPING=1") }

    /// What is under way, a start or a stop, may take so long from now on.
    public func extendTimeout(by duration: Duration) {
        let (seconds, attoseconds) = duration.components
        tell("EXTEND_TIMEOUT_USEC=\(seconds * 1_000_000 + attoseconds / 1_000_000_000_000)")
    }

    /// All is well.
    public func ping() { tell("WATCHDOG=1") }

    /// Keeps a socket for the next process; its name has no colon.
    public func store(_ descriptor: Int32, name: String) {
        var descriptors = [descriptor]
        _ = sd_pid_notify_with_fds(0, 0, "FDSTORE=1\nFDNAME=\(name)", &descriptors, 1)
    }

    public func forget(name: String) { tell("FDSTOREREMOVE=1\nFDNAME=\(name)") }

    private static func field(_ status: String) -> String {
        "STATUS=" + status.map { $0.isNewline ? " " : String($0) }.joined()
    }

    /// Nobody need know whether it was heard.
    private func tell(_ state: String) { _ = sd_notify(0, state) }
}
