import DICOM
import KeyObjects
import Spool

/// The life of a study, and what would be sent of it now.
extension CommandResponder {
    func life(of study: OperatorCommand.Study, _ view: Viewing) throws(OperatorRefusal) -> Answer {
        var parts: [Answer.Part] = []
        var json: [JSONText] = []
        for entry in try entries(study) {
            let (deliveries, images, history) = try reading { () throws(SpoolError) in
                (
                    try spool.deliveries(of: entry.id), try StudyImages(of: entry, in: spool, configuration),
                    try spool.history(of: entry.id)
                )
            }
            let report = StudyReport(
                entry: entry, inspection: try desk.inspect(entry, withIdentity: view.isIdentityShown),
                deliveries: deliveries, images: images, history: history)
            if !parts.isEmpty { parts.append(.literal("")) }
            parts += report.parts
            json.append(report.json)
        }
        return Answer(parts, .object([("studies", .array(json))]))
    }

    /// Per destination: what would be sent, instance by instance.
    func difference(of study: OperatorCommand.Study) throws(OperatorRefusal) -> Answer {
        var parts: [Answer.Part] = []
        var json: [JSONText] = []
        for entry in try entries(study) {
            let inspection = try desk.inspect(entry, withIdentity: false)
            parts.append(.literal("study \(entry.uid) from \(entry.source): \(entry.stateName)"))
            parts += inspection.holds.map { .line($0.sentence) }
            for destination in inspection.destinations { parts += destination.differenceParts }
            json.append(
                .object([
                    ("study", .string(entry.uid)), ("source", .string(entry.source)),
                    ("state", .string(entry.stateName)),
                    ("destinations", .array(inspection.destinations.map(\.differenceJSON))),
                ]))
        }
        return Answer(parts, .object([("studies", .array(json))]))
    }

    /// The newest manifest that was made of the study.
    func manifest(of study: OperatorCommand.Study, _ view: Viewing) throws(OperatorRefusal) -> Answer {
        let entry = try entry(study)
        let inspection = try desk.inspect(entry, withIdentity: false)
        let held = inspection.destinations.flatMap(\.held).map { ($0.version, $0.sopInstanceUID.text) }
        let queued = try reading { () throws(SpoolError) in try spool.deliveries(of: entry.id) }
            .map { (Int($0.version) ?? 0, $0.identity) }
        for (_, identity) in (held + queued).sorted(by: { $0.0 > $1.0 }) {
            let document = try reading { () throws(SpoolError) in try spool.document(identity: identity, of: entry.id) }
            guard let document, let dataSet = Self.dataSet(document.content),
                KeyObjectDocument(dataSet).kind == .manifest
            else { continue }
            return Self.tree(dataSet, entry, identity: identity, view)
        }
        let holds = inspection.holds.map { "; \($0.sentence)" }.joined()
        throw OperatorRefusal("no manifest of study \(entry.uid) is kept\(holds)")
    }

    // MARK: Documents

    static func tree(
        _ content: [UInt8], _ study: StudyEntry?, identity: String, _ view: Viewing
    ) throws(OperatorRefusal) -> Answer {
        guard let dataSet = dataSet(content) else { throw OperatorRefusal("the document \(identity) cannot be read") }
        return tree(dataSet, study, identity: identity, view)
    }

    private static func tree(_ dataSet: DataSet, _ study: StudyEntry?, identity: String, _ view: Viewing) -> Answer {
        let tree = ManifestTree(dataSet, hidesIdentity: !view.isIdentityShown).description
        let references = KeyObjectDocument(dataSet).evidence.map { reference in
            JSONText.object([
                ("series", reference.seriesInstanceUID.map { .string($0.text) } ?? .null),
                ("instance", .string(reference.sopInstanceUID.text)),
                ("sop_class", .string(reference.sopClassUID.text)),
            ])
        }
        return Answer(
            tree.split(separator: "\n").map { .literal(String($0)) },
            .object([
                ("study", study.map { .string($0.uid) } ?? .null),
                ("source", study.map { .string($0.source) } ?? .null),
                ("sop_instance_uid", .string(identity)), ("references", .array(references)),
            ]))
    }

    private static func dataSet(_ content: [UInt8]) -> DataSet? {
        guard let file = try? Part10File(content) else { return nil }
        return try? DataSet(
            parsing: content.span.bytes.extracting(file.dataSetOffset...), transferSyntax: file.transferSyntax)
    }
}
