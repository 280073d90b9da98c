import DICOM
import Spool

extension StudyReport {
    var json: JSONText {
        guard case .object(let members) = entry.json else { return .null }
        return .object(
            members.filter { $0.0 != "holds" } + [
                ("patient", inspection.patient.map { .string($0) } ?? .null),
                ("holds", .array(inspection.holds.map(\.json))),
                ("waits", .array(inspection.waits.map { .string($0) })),
                ("senders", .array(inspection.senders.map(\.json))),
                ("series", .array(inspection.series.map(\.json))),
                ("exceptions", .array(inspection.exceptions.map(\.json))),
                ("destinations", .array(inspection.destinations.map { $0.json(deliveries, entry) })),
                ("images", .array(images.atDestinations.map { $0.json(entry) })),
                ("history", .array(history.map(\.json))),
            ])
    }
}

extension StudyInspection.Hold {
    fileprivate var json: JSONText {
        .object([
            ("code", .string(code)), ("reason", .string(reason)), ("remedy", .string(remedy)),
            ("is_releasable", .boolean(isReleasable)),
        ])
    }
}

extension StudyInspection.Sender {
    fileprivate var json: JSONText {
        .object([
            ("calling_ae_title", .string(callingAETitle.text)),
            ("arrivals", .number(arrivals)), ("first", ControlTime.json(first)), ("last", ControlTime.json(last)),
        ])
    }
}

extension StudyInspection.Series {
    fileprivate var json: JSONText {
        .object([
            ("series", .string(uid.text)), ("live", .number(live)), ("rejected", .number(rejected)),
            ("quarantined", .number(quarantined)), ("not_listed", .number(unlisted)),
        ])
    }
}

extension StudyInspection.Exception {
    fileprivate var json: JSONText {
        let (word, title, reason): (String, String?, String?) =
            switch state {
            case .rejected(let title): ("rejected", title, nil)
            case .quarantined(let title): ("quarantined", title, nil)
            case .refused(let title): ("refused", title, nil)
            case .unlisted(let reason): ("not_listed", nil, reason)
            }
        return .object([
            ("instance", .string(instance.text)), ("series", series.map { .string($0.text) } ?? .null),
            ("state", .string(word)), ("title", title.map { .string($0) } ?? .null),
            ("note", note.map { .string($0.text) } ?? .null), ("reason", reason.map { .string($0) } ?? .null),
        ])
    }
}

extension StudyInspection.AtDestination {
    fileprivate func json(_ deliveries: [Delivery], _ entry: StudyEntry) -> JSONText {
        .object([
            ("destination", .string(outbox)), ("held", .array(held.map(\.json))),
            ("deliveries", .array(deliveries.filter { $0.destination == outbox }.map { $0.json(entry) })),
            ("due", .array(due.map(\.json))), ("obstacle", obstacle.map { .string($0) } ?? .null),
        ])
    }

    var differenceJSON: JSONText {
        .object([
            ("destination", .string(outbox)), ("added", .array(added.map { .string($0.text) })),
            ("removed", .array(removed.map { .string($0.text) })),
            ("attributes_changed", .boolean(attributesChanged)), ("due", .array(due.map(\.json))),
            ("obstacle", obstacle.map { .string($0) } ?? .null),
        ])
    }
}

extension StudyInspection.Held {
    fileprivate var json: JSONText {
        .object([
            ("version", .number(version)), ("sop_instance_uid", .string(sopInstanceUID.text)),
            ("made", ControlTime.json(madeAt)), ("references", .number(references)), ("withdrawn", .number(withdrawn)),
            ("is_certain", .boolean(isCertain)),
        ])
    }
}

extension StudyInspection.Due {
    fileprivate var json: JSONText {
        switch self {
        case .withdraw(let references, let version, let title):
            .object([
                ("action", .string("withdraw")), ("version", .number(version)), ("references", .number(references)),
                ("title", .string(title)),
            ])
        case .publish(let version, let references):
            .object([
                ("action", .string("publish")), ("version", .number(version)), ("references", .number(references)),
                ("title", .null),
            ])
        }
    }
}

extension HistoryEvent {
    fileprivate var json: JSONText {
        .object([("at", ControlTime.json(at)), ("event", .string(kind)), ("detail", .string(detail))])
    }
}
