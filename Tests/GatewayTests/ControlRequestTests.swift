import Testing

@testable import Gateway

struct ControlRequestTests {
    private static let study = OperatorCommand.Study(uid: "1.2.3", source: "ct")

    private static let commands: [OperatorCommand] = [
        .status, .studies(state: nil, source: nil, since: nil, limit: 200),
        .studies(state: "held", source: "a=b", since: "3d", limit: 1),
        .study(OperatorCommand.Study(uid: "1.2.3"), view: .life), .study(study, view: .diff),
        .study(study, view: .manifest), .release(study, instances: []), .release(study, instances: ["1.1", "1.2"]),
        .releaseGroup(reason: "two-patients", source: nil), .releaseGroup(reason: "x", source: "ct"), .hold(study),
        .withdraw(study, title: "113038"), .adopt(study), .retry(target: nil, study: nil),
        .retry(target: "region", study: "1.2.3"), .destination("region"), .changeDestination("region", .drain),
        .publish("region", since: "30d"),
        .dropDeadLetters(target: "7@region", study: nil), .dropDeadLetters(target: "region", study: "1.2.3"),
        .deadLetters(destination: "region", study: "1.2.3"),
        .destinations, .deadLetters(destination: nil, study: nil), .deadLetter(id: "7", showsManifest: true),
        .quarantine, .forget(9),
        .reconcile(days: 30),
    ]

    private func read(_ bytes: [UInt8]) throws(OperatorRefusal) -> ControlRequest {
        let count = bytes.prefix(4).reduce(0) { $0 << 8 | Int($1) }
        #expect(count == bytes.count - 4)
        return try ControlRequest(body: Array(bytes.dropFirst(4)))
    }

    private func refusal(of words: [String]) -> String? {
        do {
            _ = try ControlRequest(body: Array(words.joined(separator: "\0").utf8))
            return nil
        } catch {
            return error.sentence
        }
    }

    @Test(arguments: commands)
    func aRequestIsReadAsItWasWritten(command: OperatorCommand) throws {
        var request = ControlRequest(command)
        request.why = "because = \"é\""
        #expect(try read(request.bytes) == request)
        request.format = .json
        request.width = 120
        request.showsIdentity = true
        #expect(try read(request.bytes) == request)
    }

    @Test(arguments: commands.filter(\.isChange))
    func whoChangesSomethingSaysWhy(command: OperatorCommand) {
        var request = ControlRequest(command)
        for why in [nil, "", " \t", "two\nlines", String(repeating: "a", count: 1001)] {
            request.why = why
            #expect(throws: OperatorRefusal.self) { try read(request.bytes) }
        }
    }

    @Test(arguments: [
        ([""], "the request does not say 'format'"),
        (["dance", "format=text"], "this gateway knows no command 'dance'; its version is \(Version.text)"),
        (["status", "text"], "the request has 'text', which is no NAME=VALUE"),
        (["status", "=x", "format=text"], "the request has '=x', which is no NAME=VALUE"),
        (["status", "format=xml"], "'format' must be one of text, json, not 'xml'"),
        (["status", "format=text", "format=json"], "the request says 'format' more than once"),
        (["status", "format=text", "limit=1"], "the request has an argument 'limit' that its command does not know"),
        (["study", "format=text", "view=life"], "the request does not say 'study'"),
        (["study", "format=text", "study=", "view=life"], "the request does not say 'study'"),
        (["studies", "format=text", "limit=0"], "'limit' must be a number from 1 to 1000000, not '0'"),
        (
            ["forget", "format=text", "id=9223372036854775808", "why=w"],
            "'id' must be a number from 1 to 9223372036854775807, not '9223372036854775808'"
        ),
        (["hold", "format=text", "study=1.2"], "say why, with --why: it is kept in the study's history"),
        (["status", "format=text", "identity=perhaps"], "'identity' must be true or false, not 'perhaps'"),
    ])
    func aMalformedRequestIsOneClearLine(words: [String], sentence: String) {
        #expect(refusal(of: words) == sentence)
    }

    @Test func bytesThatAreNoTextAreRefused() {
        let error = #expect(throws: OperatorRefusal.self) { try ControlRequest(body: [0xFF, 0x00, 0x41]) }
        #expect(error?.sentence == "the request is no UTF-8 text")
    }

    @Test func anEmptyRequestIsRefused() {
        #expect(throws: OperatorRefusal.self) { try ControlRequest(body: []) }
    }

    @Test func anAnswerIsReadAsItWasWritten() {
        for code in [ControlReply.Code.done, .finding, .refused] {
            let reply = ControlReply(code: code, text: "a\nb\n")
            #expect(ControlReply(bytes: reply.bytes) == reply)
        }
        #expect(ControlReply(bytes: []) == nil)
        #expect(ControlReply(bytes: Array("0".utf8)) == nil)
        #expect(ControlReply(bytes: Array("9 4\ntext".utf8)) == nil)
        #expect(ControlReply(bytes: Array("0 5\ntext".utf8)) == nil)
    }
}
