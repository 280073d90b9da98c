import CSystemd
import Glibc
import Threads

/// Sends events with their fields to journald (sd_journal_sendv(3)), from a thread of its own: journald may hang, and
/// what posts waits for nothing. What the queue cannot hold is lost, counted, and told once there is room.
public final class Journal: Sendable {
    /// A name of capitals, digits and underscores, and its value, which may have several lines.
    public typealias Field = (name: StaticString, value: String)

    /// Events that wait, at most.
    static let eventLimit = 1024
    /// Bytes of their values, at most.
    static let byteLimit = 1024 * 1024

    private struct Queue {
        var events: [[Field]] = []
        /// Of those in `events` and of the one on its way.
        var count = 0
        var bytes = 0
        /// Not told yet.
        var untold = 0
        var lost = 0
        var isClosing = false
        var hasEnded = false

        mutating func lose() {
            lost += 1
            untold += 1
        }
    }

    private let queue = Monitor(Queue())

    /// Nil: standard error is not read by journald, or the system gives no thread.
    /// - Parameters:
    ///   - isForced: whoever reads standard error.
    ///   - loss: the event that tells of so many lost ones.
    public convenience init?(isForced: Bool = false, loss: @escaping @Sendable (_ lost: Int) -> [Field]) {
        guard isForced || Self.reads(STDERR_FILENO) else { return nil }
        try? self.init(send: Self.send, loss: loss)
    }

    /// - Parameter send: may block; false: it did not get there.
    init(
        send: @escaping @Sendable ([Field]) -> Bool, loss: @escaping @Sendable (_ lost: Int) -> [Field]
    ) throws(ThreadError) {
        try OSThread(name: "journal") { [queue] in
            while let events = Self.next(queue) {
                for event in events { Self.deliver(event, queue, send, loss) }
            }
            queue.update { $0.hasEnded = true }
        }.detach()
    }

    deinit { queue.update { $0.isClosing = true } }

    /// Whether what is written to the descriptor goes to journald: an inherited `JOURNAL_STREAM` says nothing of a
    /// descriptor that was redirected since (systemd.exec(5)).
    public static func reads(_ descriptor: Int32) -> Bool {
        var status = stat()
        guard let stream = getenv("JOURNAL_STREAM"), fstat(descriptor, &status) == 0 else { return false }
        return String(cString: stream) == "\(status.st_dev):\(status.st_ino)"
    }

    /// Events lost since the start.
    public var lost: Int { queue.withLock { $0.lost } }

    /// Never blocks.
    public func post(_ fields: [Field]) {
        let bytes = Self.bytes(fields)
        queue.update { queue in
            guard !queue.isClosing, queue.count < Self.eventLimit, queue.bytes + bytes <= Self.byteLimit else {
                return queue.lose()
            }
            queue.events.append(fields)
            queue.count += 1
            queue.bytes += bytes
        }
    }

    /// Takes nothing more, and waits so long at most until what waits is with journald.
    public func close(within patience: Duration) {
        queue.update { $0.isClosing = true }
        _ = queue.wait(until: .now + patience) { $0.hasEnded ? true : nil }
    }

    // MARK: The thread

    /// Waits for events; nil: it was closed, and nothing is left.
    private static func next(_ queue: Monitor<Queue>) -> [[Field]]? {
        let events = queue.wait { queue -> [[Field]]? in
            guard !queue.events.isEmpty || queue.isClosing else { return nil }
            defer { queue.events = [] }
            return queue.events
        }
        guard let events, !events.isEmpty else { return nil }
        return events
    }

    private static func deliver(
        _ event: [Field], _ queue: Monitor<Queue>, _ send: ([Field]) -> Bool, _ loss: (Int) -> [Field]
    ) {
        let hasArrived = send(event)
        let untold = queue.update { queue in
            queue.count -= 1
            queue.bytes -= bytes(event)
            if !hasArrived { queue.lose() }
            defer { if hasArrived { queue.untold = 0 } }
            return hasArrived ? queue.untold : 0
        }
        guard untold > 0, !send(loss(untold)) else { return }
        queue.withLock { $0.untold += untold }
    }

    private static func bytes(_ fields: [Field]) -> Int {
        fields.reduce(0) { $0 + $1.name.utf8CodeUnitCount + 1 + $1.value.utf8.count }
    }

    /// One datagram; or, of one that is too long for it, a file in memory.
    static func send(_ fields: [Field]) -> Bool {
        let texts = fields.map { field in
            Array(field.name.description.utf8) + [0x3D] + field.value.utf8.filter { $0 != 0 }
        }
        let all = texts.flatMap { $0 }
        return all.withUnsafeBytes { bytes in
            guard let start = bytes.baseAddress else { return false }
            var offset = 0
            let parts = texts.map { text in
                defer { offset += text.count }
                return iovec(iov_base: UnsafeMutableRawPointer(mutating: start + offset), iov_len: text.count)
            }
            return sd_journal_sendv(parts, Int32(parts.count)) >= 0
        }
    }
}
