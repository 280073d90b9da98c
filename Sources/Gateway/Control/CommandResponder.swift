import Spool

/// Answers operators' commands: reads the spool, and has the desk do what only the running gateway can.
struct CommandResponder: Sendable {
    let configuration: Configuration
    let spool: Spool
    let desk: any OperatorDesk
    let post: @Sendable (OperatorEvent) -> Void

    /// - Parameter user: who asks.
    func answer(_ request: ControlRequest, user: String) -> ControlReply {
        let word = OperatorWord(by: user, why: request.why ?? "")
        let view = Viewing(isIdentityShown: configuration.logsIdentity || request.showsIdentity)
        do throws(OperatorRefusal) {
            tell(request) { .operatorCommanded(by: user, command: $0, why: word.why) }
            let answer = try answer(request.command, word, view)
            if let shortfall = answer.shortfall {
                tell(request) { .commandNotDone(by: user, command: $0, reason: shortfall) }
            }
            return answer.reply(to: request)
        } catch {
            tell(request) { .commandNotDone(by: user, command: $0, reason: error.sentence) }
            return ControlReply(code: .refused, text: error.sentence)
        }
    }

    /// The log has all that was tried, before it is: a crash leaves its line.
    private func tell(_ request: ControlRequest, _ event: (String) -> OperatorEvent) {
        guard request.command.isChange || request.showsIdentity else { return }
        post(event(request.command.line + (request.showsIdentity ? " --identity" : "")))
    }

    /// What may be shown.
    struct Viewing {
        var isIdentityShown: Bool
    }

    private func answer(
        _ command: OperatorCommand, _ word: OperatorWord, _ view: Viewing
    ) throws(OperatorRefusal) -> Answer {
        switch command {
        case .status: try status()
        case .studies(let state, let source, let since, let limit):
            try studies(state: state, source: source, since: since, limit: limit)
        case .study(let study, .life): try life(of: study, view)
        case .study(let study, .diff): try difference(of: study)
        case .study(let study, .manifest): try manifest(of: study, view)
        case .release(let study, let instances): try release(study, instances: instances, word)
        case .releaseGroup(let reason, let source): try releaseGroup(reason: reason, source: source, word)
        case .hold(let study): try hold(study, word)
        case .withdraw(let study, let title): try withdraw(study, title: title, word)
        case .adopt(let study): try adopt(study, word)
        case .retry(let target, let study): try retry(target, study: study, word)
        case .destinations: try destinations()
        case .destination(let name): try destination(name)
        case .changeDestination(let name, let change): try self.change(name, change, word)
        case .publish(let name, let since): try publish(name, since: since, word)
        case .deadLetters(let destination, let study): try deadLetters(destination: destination, study: study)
        case .deadLetter(let id, let showsManifest): try deadLetter(id, showsManifest: showsManifest, view)
        case .dropDeadLetters(let target, let study): try dropDeadLetters(target, study: study, word)
        case .quarantine: try quarantine()
        case .forget(let id): try forget(id)
        case .reconcile(let days): try reconcile(days: days)
        }
    }

    /// What the spool answers.
    func reading<Result>(_ body: () throws(SpoolError) -> Result) throws(OperatorRefusal) -> Result {
        do throws(SpoolError) { return try body() } catch { throw OperatorRefusal(error) }
    }
}

extension OperatorWord {
    /// The line of a study's history that tells of a change by hand.
    func event(_ deed: String, at: Timestamp) -> HistoryEvent {
        HistoryEvent(kind: "command", detail: "\(deed), by \(by): \(why)", at: at)
    }
}
