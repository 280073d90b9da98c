import DICOM
import KeyObjects
import Spool
import Studies

/// Settles one study: reads its headers, fixes its manifest or holds it, seals it.
struct Settler: Sendable {
    let configuration: Configuration
    let spool: Spool
    /// Documents were put into the outbox.
    let published: @Sendable () -> Void
    let post: @Sendable (OperatorEvent) -> Void

    /// What was read of a study, and what became of it.
    private struct Reading {
        var builder = ManifestBuilder()
        var through = ArrivalNumber(0)
        var remarks: [String] = []
        /// An instance came again that says the same.
        var hasRepeats = false
    }

    func settle(_ key: StudyKey, source: Configuration.Source) throws(SpoolError) {
        let entries = try spool.studies(uid: key.studyInstanceUID.text)
        guard let entry = entries.first(where: { $0.source == key.source }) else { return }
        let reading = try read(entry)
        for remark in reading.remarks { post(.studyRemark(key, remark: remark)) }
        let settings = ManifestSettings(configuration, source: source)
        let content = reading.builder.content()
        switch Self.manifest(of: content, settings, withIdentity: configuration.logsIdentity) {
        case .success(let manifest):
            // As the headers say it: the source's defaults, which the configuration may change, make no other patient.
            let patient = content?.patient.key ?? manifest.content.patient.key
            try publish(manifest, for: patient, of: key, entry, reading)
        case .failure(let error): try hold(error.reasons, key, entry, through: reading.through)
        }
        _ = try spool.seal(entry.id, dropping: reading.hasRepeats ? try repeats(entry) : [])
    }

    // MARK: Reading

    private func read(_ entry: StudyEntry) throws(SpoolError) -> Reading {
        var reading = Reading()
        try spool.headers(of: entry.id) { stored, header in
            let attributes = InstanceAttributes(text: stored.attributes)
            let addition = reading.builder.add(
                header, transferSyntax: attributes.transferSyntax,
                callingAETitle: attributes.callingAETitle)
            reading.through = max(reading.through, stored.number)
            if addition == .unchanged { reading.hasRepeats = true }
            // What was told at an earlier settling is not told again.
            if stored.number > entry.settledThrough ?? ArrivalNumber(0), let remark = addition.remark {
                reading.remarks.append(remark)
            }
        }
        return reading
    }

    /// Headers that came just as they are before, one after the other or with others in between: a sender that repeats
    /// itself fills no spool. A header that came back after another one of its instance is none: it is the newest.
    private func repeats(_ entry: StudyEntry) throws(SpoolError) -> Set<ArrivalNumber> {
        var builder = ManifestBuilder()
        var known: Set<Int> = []
        var repeats: Set<ArrivalNumber> = []
        try spool.headers(of: entry.id) { stored, header in
            let attributes = InstanceAttributes(text: stored.attributes)
            let addition = builder.add(
                header, transferSyntax: attributes.transferSyntax, callingAETitle: attributes.callingAETitle)
            var hasher = Hasher()
            hasher.combine(stored.attributes)
            header.withUnsafeBytes { hasher.combine(bytes: $0) }
            let isNew = known.insert(hasher.finalize()).inserted
            if addition == .unchanged && !isNew { repeats.insert(stored.number) }
        }
        return repeats
    }

    // MARK: Deciding

    private struct Held: Error {
        let reasons: [HoldReason]
    }

    private static func manifest(
        of content: ManifestContent?, _ settings: ManifestSettings, withIdentity: Bool
    ) -> Result<KeyObjects.Manifest, Held> {
        guard let content else { return .failure(Held(reasons: [.nothingRead])) }
        do throws(HoldReasons) {
            return .success(try KeyObjects.Manifest(of: content, settings: settings))
        } catch {
            return .failure(Held(reasons: HoldReason.reasons(error.holds, withIdentity: withIdentity)))
        }
    }

    private func publish(
        _ manifest: KeyObjects.Manifest, for patient: PatientKey, of key: StudyKey, _ entry: StudyEntry,
        _ reading: Reading
    ) throws(SpoolError) {
        let last = try spool.record(of: entry.id).flatMap { Publication(record: $0) }
        let step = Publication.step(after: last, contentDigest: manifest.digest.description) {
            PatientKey(record: $0)?.isCompatible(with: patient) ?? false
        }
        switch step {
        case .nothing:
            try spool.settle(entry.id, Settlement(through: reading.through, record: nil, at: .now))
            post(.studyUnchanged(key))
            // A settlement whose commit was reported as failed may be there after all, with its document.
            published()
        case .patientChanged: try hold([.patientChanged], key, entry, through: reading.through)
        case .publish(let version):
            let identity = manifest.identity(
                after: last.map(ManifestIdentity.init), at: Timestamp.now.milliseconds / 1000,
                timezoneOffset: LocalZone.offset)
            try settle(manifest, identity, for: patient, entry, through: reading.through)
            for note in reading.builder.notes + manifest.notes {
                post(.studyRemark(key, remark: configuration.logsIdentity ? note.description : note.withoutIdentity))
            }
            post(
                .studySettled(
                    key, version: version, series: manifest.content.series.count,
                    instances: manifest.content.instanceCount))
            published()
        }
    }

    private func settle(
        _ manifest: KeyObjects.Manifest, _ identity: ManifestIdentity, for patient: PatientKey, _ entry: StudyEntry,
        through: ArrivalNumber
    ) throws(SpoolError) {
        let publication = Publication(
            identity, contentDigest: manifest.digest.description, patientKey: patient.record)
        let outgoing = Outgoing(
            destinations: [Configuration.outbox], identity: identity.sopInstanceUID,
            version: String(identity.instanceNumber),
            fileName: Self.fileName(entry.id, identity), content: manifest.bytes(identity))
        let event = HistoryEvent(
            kind: "manifest", detail: "version \(identity.instanceNumber), \(manifest.content.instanceCount) instances",
            at: .now)
        try spool.settle(
            entry.id,
            Settlement(
                through: through, record: publication.record, outgoing: [outgoing], events: [event], at: .now))
    }

    /// Two data directories may share a folder of manifests: the end of the SOP Instance UID, which is ours, keeps a
    /// manifest of the one from taking the place of the other's.
    private static func fileName(_ study: StudyEntry.ID, _ identity: ManifestIdentity) -> String {
        "study-\(study.value)-v\(identity.instanceNumber)-\(identity.sopInstanceUID.suffix(8)).dcm"
    }

    private func hold(
        _ holds: [HoldReason], _ key: StudyKey, _ entry: StudyEntry, through: ArrivalNumber
    ) throws(SpoolError) {
        let reason = Set(holds.map(\.code)).sorted().joined(separator: " ")
        let events = entry.hold == reason ? [] : [HistoryEvent(kind: "held", detail: reason, at: .now)]
        try spool.settle(
            entry.id, Settlement(through: through, record: nil, hold: reason, events: events, at: .now))
        for hold in holds { post(.studyHeld(key, reason: hold.reason, remedy: hold.remedy)) }
    }
}

extension ManifestBuilder.Addition {
    /// What an operator should know of it, without the patient's identity; nil: nothing.
    fileprivate var remark: String? {
        switch self {
        case .listed, .unchanged: nil
        case .changed(let series):
            "an instance came again with another header; the newest is listed"
                + (series.map { " (it was in series \($0) before)" } ?? "")
        case .excluded(let exclusion): exclusion.remark
        case .unusable(let defect): "an instance cannot be listed: \(defect.remark)"
        }
    }
}

extension ManifestBuilder.Exclusion {
    fileprivate var remark: String {
        switch self {
        case .rejectionNote(let title): "a rejection note \(title) came; it is not listed"
        case .manifest(let title): "a manifest \(title) made by the PACS came; it is not listed"
        case .notOfAPatient(let sopClass): "an instance of class \(sopClass) belongs to no study; it is not listed"
        }
    }
}

extension ManifestBuilder.Defect {
    fileprivate var remark: String {
        switch self {
        case .missing(let tag): "its header has no \(tag)"
        case .otherStudy(let uid): "its header names another study, \(uid)"
        case .notStorage(let uid): "its class \(uid) is not for storage"
        }
    }
}

extension Publication {
    fileprivate init(_ identity: ManifestIdentity, contentDigest: String, patientKey: String) {
        self.init(
            version: identity.instanceNumber, sopInstanceUID: identity.sopInstanceUID,
            seriesInstanceUID: identity.seriesInstanceUID, contentInstant: identity.contentInstant,
            timezoneOffset: identity.timezoneOffset, contentDigest: contentDigest, patientKey: patientKey)
    }
}

extension ManifestIdentity {
    fileprivate init(_ publication: Publication) {
        self.init(
            sopInstanceUID: publication.sopInstanceUID, seriesInstanceUID: publication.seriesInstanceUID,
            instanceNumber: publication.version, contentInstant: publication.contentInstant,
            timezoneOffset: publication.timezoneOffset)
    }
}
