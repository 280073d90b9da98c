import Foundation
import Testing
import Threads

@testable import Gateway

struct ControlSocketTests {
    private let scratch: Scratch
    private let path: String

    init() throws {
        scratch = try Scratch()
        path = scratch.folder.path + "/c.sock"
    }

    private func listen(
        _ change: (inout ControlSocket.Configuration) -> Void = { _ in },
        answer: @escaping @Sendable (ControlRequest, String) -> ControlReply = { request, user in
            ControlReply(code: .finding, text: "\(request.command.line) by \(user)")
        }
    ) throws -> ControlSocket {
        var configuration = ControlSocket.Configuration(path: path)
        change(&configuration)
        let socket = try ControlSocket(configuration, troubled: { Issue.record("\($0)") }, answer: answer)
        try socket.start()
        return socket
    }

    private func say(_ bytes: [UInt8]) throws -> ControlReply? {
        let connection = try UnixSocket(connectingTo: path)
        try connection.write(bytes, before: .now + .seconds(5))
        shutdown(connection.descriptor, Int32(SHUT_WR))
        return ControlReply(bytes: try connection.readToEnd())
    }

    @Test func aCommandIsAnsweredAndItsUserKnown() throws {
        let socket = try listen()
        defer { socket.stop() }
        let reply = try ControlClient.ask(ControlRequest(.status), at: path)
        #expect(reply == ControlReply(code: .finding, text: "kosgate status by \(UnixSocket.name(of: getuid()))"))
        #expect(UnixSocket.name(of: 0) == "root")
        #expect(UnixSocket.name(of: 4_000_000_000) == "user 4000000000")
    }

    @Test func onlyTheUserAndTheGroupMayCommand() throws {
        let socket = try listen()
        defer { socket.stop() }
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        #expect(mode == 0o660)
    }

    @Test func theFileIsGoneAfterTheEnd() throws {
        try listen().stop()
        #expect(!FileManager.default.fileExists(atPath: path))
        let error = #expect(throws: ControlFailure.self) { try ControlClient.ask(ControlRequest(.status), at: path) }
        #expect(error?.sentence.hasPrefix("no gateway answers at \(path) (No such file or directory):") == true)
    }

    @Test func whatAKilledGatewayLeftIsReplaced() throws {
        // Closed without the end that removes the file.
        do { _ = try UnixSocket(listeningAt: path) }
        #expect(FileManager.default.fileExists(atPath: path))
        let error = #expect(throws: ControlFailure.self) { try ControlClient.ask(ControlRequest(.status), at: path) }
        #expect(error?.sentence.contains("Connection refused") == true)
        let socket = try listen()
        defer { socket.stop() }
        #expect(try ControlClient.ask(ControlRequest(.status), at: path).code == .finding)
    }

    @Test func aSocketThatAnswersIsNotReplaced() throws {
        let first = try listen()
        defer { first.stop() }
        let error = #expect(throws: ControlFailure.self) { try listen() }
        #expect(error?.sentence.hasPrefix("another gateway answers commands at \(path)") == true)
        #expect(try ControlClient.ask(ControlRequest(.status), at: path).code == .finding)
    }

    @Test func aFileThatIsNoSocketIsNotReplaced() throws {
        scratch.file("c.sock", Data("precious".utf8))
        let error = #expect(throws: ControlFailure.self) { try listen() }
        #expect(error?.sentence.hasPrefix("\(path) is there and is no socket") == true)
        #expect(FileManager.default.contents(atPath: path) == Data("precious".utf8))
    }

    @Test func aFileThatAnotherGatewayMadeMeanwhileIsNotRemoved() throws {
        let first = try listen()
        try FileManager.default.removeItem(atPath: path)
        let second = try listen()
        defer { second.stop() }
        first.stop()
        #expect(try ControlClient.ask(ControlRequest(.status), at: path).code == .finding)
    }

    @Test func aPathThatIsTooLongIsTold() {
        let long = "/" + String(repeating: "a", count: UnixSocket.pathLimit)
        let error = #expect(throws: ControlFailure.self) {
            try ControlSocket(ControlSocket.Configuration(path: long), troubled: { _ in }) { _, _ in
                ControlReply(code: .done, text: "")
            }
        }
        #expect(error?.sentence.contains("is longer than 107 bytes") == true)
    }

    @Test(arguments: [
        ([], "the request is cut"), ([0, 0], "the request is cut"), ([0, 0, 0, 9, 65], "the request is cut"),
        ([0, 0, 0, 0], "the request does not say 'format'"),
        ([0xFF, 0xFF, 0xFF, 0xFF], "the request is longer than 65536 bytes"),
        ([0, 0, 0, 1, 0xFF], "the request is no UTF-8 text"),
        (Array("GET / HTTP/1.1\r\n".utf8), "the request is longer than 65536 bytes"),
    ])
    func whatIsNoRequestGetsOneLine(bytes: [UInt8], sentence: String) throws {
        let socket = try listen()
        defer { socket.stop() }
        #expect(try say(bytes) == ControlReply(code: .refused, text: sentence))
    }

    @Test func whoSaysNothingIsLetGo() throws {
        let socket = try listen { $0.requestDeadline = .milliseconds(50) }
        defer { socket.stop() }
        let connection = try UnixSocket(connectingTo: path)
        try connection.write([0, 0, 0, 9], before: .now + .seconds(5))
        let reply = ControlReply(bytes: try connection.readToEnd())
        #expect(reply?.text == "the request did not come whole: it takes too long")
    }

    @Test func moreRequestsThanTheLimitAreToldToComeBack() throws {
        let gate = Monitor((entered: 0, isOpen: false))
        let socket = try listen({ $0.requestLimit = 2 }) { _, _ in
            gate.update { $0.entered += 1 }
            _ = gate.wait { $0.isOpen ? true : nil }
            return ControlReply(code: .done, text: "late")
        }
        defer { socket.stop() }
        let replies = Monitor<[String]>([])
        let path = path
        let threads = try (0..<2).map { _ in
            try OSThread(name: "asking") {
                let reply = try? ControlClient.ask(ControlRequest(.status), at: path)
                replies.update { $0.append(reply?.text ?? "none") }
            }
        }
        _ = gate.wait { $0.entered == 2 ? true : nil }
        let third = try ControlClient.ask(ControlRequest(.status), at: path)
        #expect(third == ControlReply(code: .refused, text: "2 commands are being answered: try again"))
        gate.update { $0.isOpen = true }
        threads.forEach { $0.join() }
        #expect(replies.withLock { $0 } == ["late", "late"])
    }

    @Test func anEndWaitsForNobodyWhoDoesNotRead() throws {
        let large = String(repeating: "a", count: 8 << 20)
        let socket = try listen({ $0.grace = .milliseconds(50) }) { _, _ in ControlReply(code: .done, text: large) }
        let connection = try UnixSocket(connectingTo: path)
        try connection.write(ControlRequest(.status).bytes, before: .now + .seconds(5))
        // The answer has begun.
        _ = try connection.read(1, before: .now + .seconds(5))
        socket.stop()
        #expect(!FileManager.default.fileExists(atPath: path))
    }
}
