import DICOM
import KeyObjects
import Spool
import Studies

extension StudyDesk {
    func inspect(_ entry: StudyEntry, withIdentity: Bool) throws(OperatorRefusal) -> StudyInspection {
        let view: View
        do throws(SpoolError) {
            view = try read(entry, withIdentity: withIdentity)
        } catch {
            guard case .damaged(let place, let reason) = error else { throw OperatorRefusal(error) }
            return inspect(damaged: entry, at: place, reason)
        }
        var inspection = StudyInspection()
        if withIdentity { inspection.patient = view.replay.builder.content()?.patient.line }
        do throws(SpoolError) { inspection.senders = try senders(of: entry) } catch { throw OperatorRefusal(error) }
        inspection.series = Self.series(view.replay)
        inspection.exceptions = Self.exceptions(view.replay)
        inspection.holds = view.holds.map {
            StudyInspection.Hold(
                code: $0.code, reason: "\($0.reason).", remedy: $0.remedy, isReleasable: $0.isReleasable)
        }
        if entry.isUnsettled { inspection.waits = ["something came that is not judged yet: it waits for quiet"] }
        inspection.destinations = view.plans.map { Self.destination($0, view) }
        return inspection
    }

    /// What can still be told of a study that cannot be read whole: what each part says by itself.
    private func inspect(damaged entry: StudyEntry, at place: String, _ reason: String) -> StudyInspection {
        var inspection = StudyInspection()
        inspection.senders = (try? senders(of: entry)) ?? []
        let damage = HoldReason.spoolDamaged(place)
        inspection.holds = [
            .init(
                code: damage.code, reason: "\(place) cannot be read from the spool: \(reason).", remedy: damage.remedy,
                isReleasable: false)
        ]
        if let replay = try? StudyReplay(of: entry, in: spool, settings(of: entry)) {
            inspection.series = Self.series(replay)
            inspection.exceptions = Self.exceptions(replay)
        } else {
            inspection.waits = ["what came for it cannot be replayed: its instances are not told here"]
        }
        for destination in settings(of: entry).destinations {
            var result = StudyInspection.AtDestination(outbox: destination)
            result.obstacle = "the study is damaged; what was queued before is told above"
            if let standings = try? StudyStandings(of: entry, at: [destination], in: spool) {
                result.held = standings.byDestination[destination]?.held.map { held($0, of: entry) } ?? []
            } else {
                result.obstacle = "what it holds of the study cannot be read, so nothing can be withdrawn from it"
            }
            inspection.destinations.append(result)
        }
        return inspection
    }

    private func held(_ holding: Standing.Holding, of entry: StudyEntry) -> StudyInspection.Held {
        let publication = holding.publication
        let document = (try? spool.document(identity: publication.sopInstanceUID, of: entry.id)) ?? nil
        let listed = document.flatMap { try? PublishedReferences($0.content).instances } ?? []
        return StudyInspection.Held(
            version: publication.version, sopInstanceUID: InstanceUID(publication.sopInstanceUID),
            madeAt: Timestamp(milliseconds: publication.contentInstant * 1000),
            references: listed.subtracting(holding.withdrawn).count, withdrawn: holding.withdrawn.count,
            isCertain: holding.isCertain)
    }

    private func settings(of entry: StudyEntry) -> StudySettings {
        StudySettings(configuration, source: configuration.source(named: entry.source))
    }

    private func senders(of entry: StudyEntry) throws(SpoolError) -> [StudyInspection.Sender] {
        var found: [String: (count: Int, first: ArrivalNumber, last: ArrivalNumber)] = [:]
        try spool.headers(of: entry.id) { stored, _ in
            let attributes = InstanceAttributes(text: stored.attributes)
            guard attributes.kind != .decision else { return }
            var known = found[attributes.callingAETitle.text] ?? (0, stored.number, stored.number)
            known.count += 1
            known.last = max(known.last, stored.number)
            found[attributes.callingAETitle.text] = known
        }
        var senders: [StudyInspection.Sender] = []
        for (title, known) in found.sorted(by: { $0.key < $1.key }) {
            senders.append(
                StudyInspection.Sender(
                    callingAETitle: AETitle(title), arrivals: known.count, first: try spool.receivedAt(known.first),
                    last: try spool.receivedAt(known.last)))
        }
        return senders
    }

    private static func series(_ replay: StudyReplay) -> [StudyInspection.Series] {
        var found: [SeriesUID: StudyInspection.Series] = [:]
        for (uid, state) in replay.register.instances {
            guard let series = replay.register.status(of: uid)?.copy?.series else { continue }
            switch state {
            case .live: found[series, default: .init(uid: series)].live += 1
            case .rejected: found[series, default: .init(uid: series)].rejected += 1
            case .quarantined: found[series, default: .init(uid: series)].quarantined += 1
            }
        }
        return found.values.sorted { $0.uid < $1.uid }
    }

    private static func exceptions(_ replay: StudyReplay) -> [StudyInspection.Exception] {
        var found: [StudyInspection.Exception] = []
        for (uid, state) in replay.register.instances {
            let status = replay.register.status(of: uid)
            switch state {
            case .live: continue
            case .rejected(let title, let note):
                let isRefused = (status?.refused ?? 0) > 0
                found.append(
                    .init(
                        instance: uid, series: status?.copy?.series,
                        state: isRefused ? .refused(title: title) : .rejected(title: title), note: note))
            case .quarantined(let title, let note):
                found.append(
                    .init(instance: uid, series: status?.copy?.series, state: .quarantined(title: title), note: note))
            }
        }
        for (uid, exclusion) in replay.builder.excluded {
            guard case .notOfAPatient(let sopClass) = exclusion else { continue }
            found.append(.init(instance: uid, series: nil, state: .unlisted("class \(sopClass) belongs to no study")))
        }
        return found.sorted { $0.instance < $1.instance }
    }

    private static func destination(_ plan: StudyPlan, _ view: View) -> StudyInspection.AtDestination {
        var result = StudyInspection.AtDestination(outbox: plan.destination)
        guard let standing = view.standings.byDestination[plan.destination] else { return result }
        var shown: Set<InstanceUID> = []
        for holding in standing.held {
            let publication = holding.publication
            let listed = view.references[publication.sopInstanceUID] ?? []
            let left = listed.filter { !holding.withdrawn.contains($0) }
            shown.formUnion(left)
            result.held.append(
                StudyInspection.Held(
                    version: publication.version, sopInstanceUID: InstanceUID(publication.sopInstanceUID),
                    madeAt: Timestamp(milliseconds: publication.contentInstant * 1000), references: left.count,
                    withdrawn: listed.count - left.count, isCertain: holding.isCertain))
        }
        result.due = plan.standing.steps.map { StudyInspection.Due($0, view) }
        if !view.holds.isEmpty {
            let codes = view.holds.map(\.code).joined(separator: ", ")
            let wanted = view.verdict.publishable.map { Desired($0).references } ?? []
            let next =
                wanted == shown ? "" : "; when that ends, a manifest of \(counted(wanted.count, "reference")) is due"
            result.obstacle = "the study is held: \(codes)" + (wanted.isEmpty ? "" : next)
        }
        if plan.standing.isBlocked { result.obstacle = "it was refused: kosgate dead-letters tells why, kosgate retry" }
        if let publishable = view.verdict.publishable, view.holds.isEmpty {
            let desired = Desired(publishable)
            result.added = desired.references.subtracting(shown).sorted()
            result.removed = shown.subtracting(desired.references).sorted()
            let last = standing.held.last?.publication
            result.attributesChanged = last.map { $0.attributesDigest != desired.attributesDigest } ?? false
        } else {
            result.removed = shown.filter { !view.replay.mayBeShown($0) }.sorted()
        }
        return result
    }
}

extension StudyInspection.Due {
    fileprivate init(_ step: Standing.Step, _ view: StudyDesk.View) {
        switch step.kind {
        case .publish(let publication, _):
            let count = view.references[publication.sopInstanceUID]?.count ?? view.verdict.instances
            self = .publish(version: publication.version, references: count)
        case .withdraw(let references, let publication, let title, _):
            self = .withdraw(references: references.count, version: publication.version, title: title)
        }
    }
}

extension PatientAttributes {
    fileprivate var line: String {
        [patientName, key.description, patientBirthDate, patientSex].filter { !$0.isEmpty }.joined(separator: ", ")
    }
}
