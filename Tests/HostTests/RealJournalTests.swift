import Foundation
import Testing
import Threads

@testable import Host

/// A mount namespace of one thread.
private enum Namespace {
    static let journald = "/lib/systemd/systemd-journald"

    static let isPossible: Bool = {
        guard geteuid() == 0, access(journald, X_OK) == 0, access("/usr/bin/journalctl", X_OK) == 0 else {
            return false
        }
        // It is known by trying.
        let answer = Monitor<Bool?>(nil)
        try? OSThread(name: "namespace") { answer.update { $0 = enter() } }.detach()
        return answer.wait { $0 } ?? false
    }()

    static func enter() -> Bool {
        // unshare(2), which Glibc does not show: CLONE_NEWNS.
        guard let symbol = dlsym(nil, "unshare") else { return false }
        let unshare = unsafeBitCast(symbol, to: (@convention(c) (Int32) -> Int32).self)
        return unshare(0x20000) == 0
    }
}

/// A real journald, started by hand in a mount namespace of one thread of this process, where it has its own /run.
@Suite(.serialized, .enabled(if: Namespace.isPossible, "needs root and systemd-journald"))
struct RealJournalTests {
    /// Runs `body` on a thread that has a journald.
    private func withJournald(_ body: @escaping @Sendable (_ journald: Process) throws -> Void) throws {
        let failure = Monitor<String?>(nil)
        let thread = try OSThread(name: "journald test", stackSize: 8 << 20) {
            do { try Self.start(body) } catch { failure.withLock { $0 = "\(error)" } }
        }
        thread.join()
        #expect(failure.withLock { $0 } == nil)
    }

    private struct Trouble: Error { let what: String }

    private static func start(_ body: (Process) throws -> Void) throws {
        guard Namespace.enter(), mount("none", "/", nil, UInt(MS_REC | MS_PRIVATE), nil) == 0,
            mount("tmpfs", "/run", "tmpfs", 0, nil) == 0
        else { throw Trouble(what: "no namespace: \(errno)") }
        for folder in ["/run/systemd/journal", "/run/log/journal", "/run/udev"] {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        }
        let journald = Process()
        journald.executableURL = URL(fileURLWithPath: Namespace.journald)
        journald.standardError = FileHandle.nullDevice
        try journald.run()
        defer {
            kill(journald.processIdentifier, SIGCONT)
            journald.terminate()
            journald.waitUntilExit()
        }
        try wait("no journald") { access("/run/systemd/journal/socket", F_OK) == 0 }
        try body(journald)
    }

    private static func wait(_ what: String, _ fact: () throws -> Bool) throws {
        let deadline = MonotonicInstant.now + .seconds(60)
        while try !fact() {
            guard MonotonicInstant.now < deadline else { throw Trouble(what: what) }
            // Another process's doing tells nobody: it is looked at again and again.
            _ = Monitor(()).wait(until: .now + .milliseconds(10)) { _ in nil as Bool? }
        }
    }

    /// What the journal has of this process with the field, as JSON lines.
    private static func entries(_ match: String) throws -> [[String: Any]] {
        let journalctl = Process()
        journalctl.executableURL = URL(fileURLWithPath: "/usr/bin/journalctl")
        journalctl.arguments = ["-D", "/run/log/journal", "--no-pager", "-q", "-a", "-o", "json", match]
        let output = Pipe()
        journalctl.standardOutput = output
        journalctl.standardError = FileHandle.nullDevice
        try journalctl.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        journalctl.waitUntilExit()
        return try data.split(separator: UInt8(ascii: "\n")).compactMap {
            try JSONSerialization.jsonObject(with: $0) as? [String: Any]
        }
    }

    private static func journal() throws -> Journal {
        try Journal(
            send: { Journal.send($0) },
            loss: { [(name: "MESSAGE", value: "\($0) lost"), (name: "KOSGATE_TEST", value: "loss")] })
    }

    @Test func fieldsArriveAsTheyWere() throws {
        try withJournald { _ in
            let journal = try Self.journal()
            let text = "two\nlines, é, =, and a NUL\u{0}"
            journal.post([
                (name: "MESSAGE", value: text), (name: "PRIORITY", value: "4"),
                (name: "MESSAGE_ID", value: "032f2c3f540940e6b838d313d51e0535"),
                (name: "DICOM_STUDY_INSTANCE_UID", value: "1.2.3"), (name: "KOSGATE_TEST", value: "fields"),
            ])
            // More than a datagram holds.
            let long = String(repeating: "0123456789", count: 60_000)
            journal.post([(name: "MESSAGE", value: long), (name: "KOSGATE_TEST", value: "long")])
            journal.close(within: .seconds(60))
            #expect(journal.lost == 0)
            try Self.wait("nothing arrived") { try Self.entries("KOSGATE_TEST=long").count == 1 }
            let entry = try Self.entries("MESSAGE_ID=032f2c3f540940e6b838d313d51e0535").first ?? [:]
            #expect(entry["MESSAGE"] as? String == "two\nlines, é, =, and a NUL")
            #expect(entry["PRIORITY"] as? String == "4")
            #expect(entry["DICOM_STUDY_INSTANCE_UID"] as? String == "1.2.3")
            #expect(entry["CODE_FILE"] == nil)
            #expect(try Self.entries("KOSGATE_TEST=long").first?["MESSAGE"] as? String == long)
        }
    }

    @Test func aJournaldThatIsStoppedHoldsNobodyUpAndIsToldWhatItMissed() throws {
        try withJournald { journald in
            kill(journald.processIdentifier, SIGSTOP)
            let journal = try Self.journal()
            let start = MonotonicInstant.now
            // Until the socket is full, and the queue behind it.
            var posted = 0
            while journal.lost < 10, MonotonicInstant.now - start < .seconds(60) {
                journal.post([
                    (name: "MESSAGE", value: "event \(posted)"), (name: "KOSGATE_TEST", value: "flood"),
                ])
                posted += 1
            }
            let lost = journal.lost
            #expect(lost >= 10)
            kill(journald.processIdentifier, SIGCONT)
            try Self.wait("its loss was not told") { try !Self.entries("KOSGATE_TEST=loss").isEmpty }
            journal.close(within: .seconds(60))
            try Self.wait("not all arrived") {
                try Self.entries("KOSGATE_TEST=flood").count == posted - journal.lost
            }
        }
    }
}
