import DICOM
import Spool

extension CommandResponder {
    /// What came and could not be taken as an instance of a study.
    func quarantine() throws(OperatorRefusal) -> Answer {
        let entries = try reading { () throws(SpoolError) in try spool.quarantined() }
        var table = Table([
            .init("ID", .right), .init("RECEIVED"), .init("FROM"), .init("SIZE", .right), .init("REASON"),
        ])
        for entry in entries {
            table.add([
                "\(entry.id.value)", ControlTime.text(entry.at), entry.sender, ByteCount.rounded(entry.bytes),
                entry.reason,
            ])
        }
        return Answer(
            entries.isEmpty ? [.line("nothing is kept aside")] : [.table(table)],
            .object([("kept_aside", .array(entries.map(\.json)))]))
    }

    func forget(_ id: Int64) throws(OperatorRefusal) -> Answer {
        let kept = try reading { () throws(SpoolError) in try spool.quarantined() }
        guard let entry = kept.first(where: { $0.id.value == id }) else {
            throw OperatorRefusal("nothing is kept aside under \(id); 'kosgate quarantine' lists what is")
        }
        try reading { () throws(SpoolError) in try spool.release(entry.id) }
        let sentence =
            "\(id), from \(entry.sender), is deleted here for good and stands in no manifest: where it is missed, have it "
            + "sent again, corrected"
        return Answer(
            [.line(sentence)], .object([("forgotten", .number(Int(id))), ("result", .string(sentence))]))
    }

    func reconcile(days: Int) throws(OperatorRefusal) -> Answer {
        let found = try desk.reconcile(days: days)
        var table = Table([
            .init("SOURCE"), .init("STUDY"), .init("UNPUBLISHED", .right), .init("DISAPPEARED", .right),
            .init("PROPOSAL"),
        ])
        for difference in found.differences {
            table.add([
                difference.source, difference.study.text, "\(difference.unpublished)", "\(difference.disappeared)",
                difference.proposal,
            ])
        }
        let count = found.differences.isEmpty ? "no difference" : counted(found.differences.count, "difference")
        let parts: [Answer.Part] =
            (found.differences.isEmpty ? [] : [.table(table)]) + [
                .line("\(counted(found.compared, "study")) compared, \(count)")
            ]
            + found.failures.map { .line($0) }
        let isClean = found.differences.isEmpty && found.failures.isEmpty
        return Answer(parts, found.json, code: isClean ? .done : .finding)
    }
}

extension QuarantineEntry {
    fileprivate var json: JSONText {
        .object([
            ("id", .number(Int(id.value))), ("received", ControlTime.json(at)), ("from", .string(sender)),
            ("bytes", .number(bytes)), ("reason", .string(reason)),
        ])
    }
}

extension Reconciliation {
    fileprivate var json: JSONText {
        let differences = differences.map { difference in
            JSONText.object([
                ("source", .string(difference.source)), ("study", .string(difference.study.text)),
                ("unpublished", .number(difference.unpublished)), ("disappeared", .number(difference.disappeared)),
                ("proposal", .string(difference.proposal)),
            ])
        }
        return .object([
            ("compared", .number(compared)), ("differences", .array(differences)),
            ("failures", .array(failures.map { .string($0) })),
        ])
    }
}
