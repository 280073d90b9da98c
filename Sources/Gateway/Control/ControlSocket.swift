import Glibc
import Threads

/// Takes operators' commands on a Unix socket, whose permissions are their guard: a thread accepts, each request has a
/// thread of its own.
final class ControlSocket: Sendable {
    struct Configuration: Sendable {
        var path: String
        /// Requests that are answered at the same time; one more is told to come back.
        var requestLimit = 8
        /// For the whole request to come.
        var requestDeadline = Duration.seconds(5)
        /// For the whole answer to be read.
        var replyDeadline = Duration.seconds(60)
        /// For requests under way when the gateway stops.
        var grace = Duration.seconds(2)

        init(path: String) { self.path = path }
    }

    private struct State {
        var active: [Int32: UnixSocket] = [:]
        var isStopping = false
    }

    private let configuration: Configuration
    private let listener: UnixSocket
    /// The file that we made, to remove no other.
    private let file: FileIdentity?
    private let answer: @Sendable (ControlRequest, _ user: String) -> ControlReply
    private let troubled: @Sendable (_ reason: String) -> Void
    private let state = Monitor(State())
    private let accepting = Monitor<OSThread?>(nil)
    /// Of the thread that accepts. A command itself may take long: one that asks a PACS waits for it.
    let pulse = Pulse("control", limit: .seconds(60))

    /// Listens; who connects waits until `start`.
    /// - Parameters:
    ///   - answer: called on several threads at once.
    ///   - troubled: a connection could not be taken.
    init(
        _ configuration: Configuration, troubled: @escaping @Sendable (_ reason: String) -> Void,
        answer: @escaping @Sendable (ControlRequest, _ user: String) -> ControlReply
    ) throws(ControlFailure) {
        self.configuration = configuration
        self.answer = answer
        self.troubled = troubled
        try Self.clear(configuration.path)
        do throws(UnixSocket.Failure) {
            listener = try UnixSocket(listeningAt: configuration.path)
        } catch {
            throw ControlFailure(
                sentence: "cannot listen for commands at \(configuration.path): \(error.reason); "
                    + "set 'gateway.socket' to a path that this user may make a file at")
        }
        file = FileIdentity(configuration.path)
    }

    deinit { removeFile() }

    func start() throws(ThreadError) {
        let thread = try OSThread(name: "control") { self.accept() }
        accepting.withLock { $0 = thread }
    }

    /// Takes no more commands, waits a moment for those under way, and removes the file.
    func stop() {
        state.withLock { $0.isStopping = true }
        listener.shutDown()
        accepting.withLock { thread in
            thread?.join()
            thread = nil
        }
        let isIdle = state.wait(until: .now + configuration.grace) { $0.active.isEmpty ? true : nil }
        if isIdle != true { state.withLock { state in state.active.values.forEach { $0.shutDown() } } }
        removeFile()
    }

    // MARK: The file

    /// A socket on which nobody answers is what a killed gateway left behind.
    private static func clear(_ path: String) throws(ControlFailure) {
        guard path.utf8.count <= UnixSocket.pathLimit else {
            throw ControlFailure(
                sentence: "the path of the control socket, \(path), is longer than \(UnixSocket.pathLimit) bytes: "
                    + "set 'gateway.socket' to a shorter one")
        }
        var status = stat()
        guard lstat(path, &status) == 0 else { return }
        guard status.st_mode & S_IFMT == S_IFSOCK else {
            throw ControlFailure(sentence: "\(path) is there and is no socket: set 'gateway.socket' to another path")
        }
        do throws(UnixSocket.Failure) {
            _ = try UnixSocket(connectingTo: path)
        } catch {
            guard error.code == ECONNREFUSED else {
                throw ControlFailure(sentence: "\(path) is there and cannot be tried: \(error.reason)")
            }
            unlink(path)
            return
        }
        throw ControlFailure(
            sentence: "another gateway answers commands at \(path): stop it, or set 'gateway.socket' to another path")
    }

    private func removeFile() {
        guard let file, file == FileIdentity(configuration.path) else { return }
        unlink(configuration.path)
    }

    // MARK: Requests

    private func accept() {
        var hadTrouble = false
        while !state.withLock({ $0.isStopping }) {
            do throws(UnixSocket.Failure) {
                guard let connection = try listener.accept() else { return }
                hadTrouble = false
                pulse.during { _ in serve(connection) }
            } catch {
                if !hadTrouble { troubled(error.reason) }
                hadTrouble = true
                // Without descriptors, say: not again at once.
                _ = state.wait(until: .now + .milliseconds(100)) { $0.isStopping ? true : nil }
            }
        }
    }

    private func serve(_ connection: UnixSocket) {
        let isTaken = state.withLock { state in
            guard state.active.count < configuration.requestLimit else { return false }
            state.active[connection.descriptor] = connection
            return true
        }
        guard isTaken else {
            return refuse(connection, "\(configuration.requestLimit) commands are being answered: try again")
        }
        do throws(ThreadError) {
            try OSThread(name: "command") { [self] in
                converse(connection)
                state.update { $0.active[connection.descriptor] = nil }
            }.detach()
        } catch {
            state.update { $0.active[connection.descriptor] = nil }
            refuse(connection, "no thread is free: try again")
        }
    }

    private func converse(_ connection: UnixSocket) {
        do throws(UnixSocket.Failure) {
            let reply: ControlReply
            do throws(OperatorRefusal) {
                reply = answer(try request(from: connection), connection.peerUser)
            } catch {
                reply = ControlReply(code: .refused, text: error.sentence)
            }
            try connection.write(reply.bytes, before: .now + configuration.replyDeadline)
        } catch {
            // Whoever asked is gone, or does not read: there is nobody to tell.
        }
    }

    private func request(from connection: UnixSocket) throws(OperatorRefusal) -> ControlRequest {
        let deadline = MonotonicInstant.now + configuration.requestDeadline
        let head = try read(4, from: connection, before: deadline)
        let count = head.reduce(0) { $0 << 8 | Int($1) }
        guard count <= ControlRequest.limit else {
            throw OperatorRefusal("the request is longer than \(ControlRequest.limit) bytes")
        }
        let body = try read(count, from: connection, before: deadline)
        return try ControlRequest(body: body)
    }

    private func read(
        _ count: Int, from connection: UnixSocket, before deadline: MonotonicInstant
    ) throws(OperatorRefusal) -> [UInt8] {
        do throws(UnixSocket.Failure) {
            let bytes = try connection.read(count, before: deadline)
            if bytes.count == count { return bytes }
        } catch {
            throw OperatorRefusal("the request did not come whole: \(error.reason)")
        }
        throw OperatorRefusal("the request is cut")
    }

    private func refuse(_ connection: UnixSocket, _ sentence: String) {
        try? connection.write(ControlReply(code: .refused, text: sentence).bytes, before: .now)
    }
}

/// What tells a file from another that later has its name.
private struct FileIdentity: Equatable, Sendable {
    let device: UInt
    let number: UInt

    init?(_ path: String) {
        var status = stat()
        guard lstat(path, &status) == 0 else { return nil }
        (device, number) = (status.st_dev, UInt(status.st_ino))
    }
}
