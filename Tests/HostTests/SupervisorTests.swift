import Foundation
import Host
import Testing

/// What the gateway says to systemd, read at a socket of our own.
@Suite(.serialized) struct SupervisorTests {
    /// What arrives at `NOTIFY_SOCKET` while `body` runs, a string for each datagram.
    private func said(_ body: (Supervisor) -> Void) throws -> [String] {
        let name = "\(NSTemporaryDirectory())/notify-\(UUID().uuidString.prefix(8))"
        let socket = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
        defer { close(socket) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: name.utf8) }
        let length = socklen_t(MemoryLayout<sockaddr_un>.size)
        let isBound = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(socket, $0, length) } == 0
        }
        try #require(isBound)
        defer { unlink(name) }
        setenv("NOTIFY_SOCKET", name, 1)
        defer { unsetenv("NOTIFY_SOCKET") }
        body(try #require(Supervisor.present))
        var said: [String] = []
        var buffer = [UInt8](repeating: 0, count: 4_096)
        while case let count = recv(socket, &buffer, buffer.count, Int32(MSG_DONTWAIT)), count > 0 {
            said.append(String(decoding: buffer.prefix(count), as: UTF8.self))
        }
        return said
    }

    @Test func eachWordIsADatagram() throws {
        let said = try said { supervisor in
            supervisor.extendTimeout(by: .seconds(30))
            supervisor.ready("3 associations\nREADY=0")
            supervisor.status("idle")
            supervisor.ping()
            supervisor.stopping()
            supervisor.forget(name: "dicom-11113")
        }
        #expect(
            said == [
                "EXTEND_TIMEOUT_USEC=30000000", "READY=1\nSTATUS=3 associations READY=0", "STATUS=idle", "WATCHDOG=1",
                "STOPPING=1", "FDSTOREREMOVE=1\nFDNAME=dicom-11113",
            ])
    }

    /// systemd 253 waits for ever for a reload that does not say when it began.
    @Test func aReloadSaysWhenItBegan() throws {
        let said = try said { $0.reloading() }
        let parts = try #require(said.first).split(separator: "\n")
        #expect(said.count == 1 && parts.count == 2 && parts[0] == "RELOADING=1")
        let microseconds = try #require(Int(parts[1].dropFirst("MONOTONIC_USEC=".count)))
        var now = timespec()
        clock_gettime(CLOCK_MONOTONIC, &now)
        #expect((0..<60_000_000).contains(now.tv_sec * 1_000_000 + now.tv_nsec / 1_000 - microseconds))
    }

    @Test func whereNobodyListensThereIsNone() {
        #expect(Supervisor.present == nil)
    }

    @Test func theWatchdogsPeriodIsThatOfThisProcess() {
        let supervisor = Supervisor()
        #expect(supervisor.watchdogPeriod == nil)
        setenv("WATCHDOG_USEC", "30000000", 1)
        defer { unsetenv("WATCHDOG_USEC") }
        #expect(supervisor.watchdogPeriod == .seconds(30))
        setenv("WATCHDOG_PID", "1", 1)
        defer { unsetenv("WATCHDOG_PID") }
        #expect(supervisor.watchdogPeriod == nil)
    }
}
