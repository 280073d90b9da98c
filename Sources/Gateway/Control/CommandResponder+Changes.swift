import DICOM
import KeyObjects
import Spool

/// Changes by hand: the desk does them and writes the history.
extension CommandResponder {
    func release(
        _ study: OperatorCommand.Study, instances: [String], _ word: OperatorWord
    ) throws(OperatorRefusal) -> Answer {
        let entry = try entry(study)
        let chosen = instances.isEmpty ? nil : instances.map { InstanceUID($0) }
        return Self.done(try desk.release(entry, holds: nil, instances: chosen, by: word), entry)
    }

    /// All studies that are held for one reason, each by itself: what one of them refuses, the others do not suffer.
    func releaseGroup(reason: String, source: String?, _ word: OperatorWord) throws(OperatorRefusal) -> Answer {
        let held = try reading { () throws(SpoolError) in
            try spool.heldStudies().filter { entry in
                entry.holdCodes.contains(reason) && source.map { entry.source == $0 } ?? true
            }
        }
        guard !held.isEmpty else {
            throw OperatorRefusal("no study is held for '\(reason)'; 'kosgate studies --state held' tells the reasons")
        }
        var table = Table([.init("SOURCE"), .init("STUDY"), .init("RELEASED")])
        var json: [JSONText] = []
        var failures = 0
        for entry in held {
            let sentence: String
            var isReleased = true
            do throws(OperatorRefusal) {
                // What is in quarantine is let in where that is the reason, and never along with another one.
                let isQuarantine = reason == HoldReason.quarantined(0).code
                sentence = try desk.release(entry, holds: [reason], instances: isQuarantine ? nil : [], by: word)
            } catch {
                failures += 1
                isReleased = false
                sentence = "no: \(error.sentence)"
            }
            table.add([entry.source, entry.uid, sentence])
            json.append(
                .object([
                    ("study", .string(entry.uid)), ("source", .string(entry.source)),
                    ("released", .boolean(isReleased)), ("result", .string(sentence)),
                ]))
        }
        let total = "\(held.count - failures) of \(held.count) released"
        return Answer(
            [.table(table), .line(total)], .object([("studies", .array(json))]),
            code: failures == 0 ? .done : .finding, shortfall: failures == 0 ? nil : total)
    }

    func hold(_ study: OperatorCommand.Study, _ word: OperatorWord) throws(OperatorRefusal) -> Answer {
        let entry = try entry(study)
        return Self.done(try desk.hold(entry, by: word), entry)
    }

    func withdraw(
        _ study: OperatorCommand.Study, title: String, _ word: OperatorWord
    ) throws(OperatorRefusal) -> Answer {
        guard let chosen = RejectionTitle(rawValue: title) else {
            let all = RejectionTitle.allCases.map(\.rawValue).joined(separator: ", ")
            throw OperatorRefusal("'\(title)' is no title of a rejection note: give one of \(all)")
        }
        let entry = try entry(study)
        return Self.done(try desk.withdraw(entry, title: chosen, by: word), entry)
    }

    /// A study that never came, or came in part.
    func adopt(_ study: OperatorCommand.Study, _ word: OperatorWord) throws(OperatorRefusal) -> Answer {
        let uid = StudyUID(study.uid)
        guard uid.isValid else { throw OperatorRefusal("'\(study.uid)' is no UID (PS3.5 §9.1)") }
        let unnamed = configuration.defaults.pacs == nil ? [] : ["any"]
        let names = configuration.sources.map(\.name) + unnamed
        let source = study.source ?? (names.count == 1 ? names[0] : nil)
        guard let source, names.contains(source) else {
            let all = names.isEmpty ? "the configuration has none" : names.joined(separator: ", ")
            throw OperatorRefusal("say with --source whose PACS has the study: \(all)")
        }
        let sentence = try desk.adopt(uid, from: source, by: word)
        return Answer(
            [.line(sentence)],
            .object([("study", .string(uid.text)), ("source", .string(source)), ("result", .string(sentence))]))
    }

    private static func done(_ sentence: String, _ entry: StudyEntry) -> Answer {
        Answer(
            [.line(sentence)],
            .object([
                ("study", .string(entry.uid)), ("source", .string(entry.source)), ("result", .string(sentence)),
            ]))
    }
}
