import DICOM
import KeyObjects
import Studies

/// What a study's replay comes to: the manifest that is true now, or why there is none.
struct StudyVerdict {
    /// A manifest that may be published.
    enum Publishable {
        case ours(KeyObjects.Manifest, patient: PatientKey)
        /// The PACS's own, bit for bit.
        case received(ReceivedManifest)
    }

    let publishable: Publishable?
    let holds: [HoldReason]
    let notes: [ManifestNote]

    /// - Parameter replay: what is not live is removed from it already.
    init(_ replay: StudyReplay, _ settings: StudySettings, withIdentity: Bool) {
        let manifests = settings.source.pacsManifests
        var result: (publishable: Publishable?, holds: [HoldReason], notes: [ManifestNote])
        if let received = replay.receivedManifest, manifests != .ignore {
            result = Self.judge(received, replay, settings.manifest, manifests, withIdentity)
        } else {
            result = Self.judge(replay.builder.content(), replay, settings.manifest, withIdentity)
        }
        if replay.register.isHeldByHand { result.holds.insert(.byHand, at: 0) }
        publishable = result.publishable
        holds = result.holds
        notes = result.notes
    }

    /// Who it is of.
    var patient: PatientKey? {
        switch publishable {
        case .ours(_, let patient): patient
        case .received(let received): received.patient
        case nil: nil
        }
    }

    /// Series that it lists.
    var series: Int {
        switch publishable {
        case .ours(let manifest, _): manifest.content.series.count
        case .received(let received): Set(received.references.map(\.seriesInstanceUID)).count
        case nil: 0
        }
    }

    /// Instances that it lists.
    var instances: Int {
        switch publishable {
        case .ours(let manifest, _): manifest.content.instanceCount
        case .received(let received): received.references.count
        case nil: 0
        }
    }

    private static func judge(
        _ content: ManifestContent?, _ replay: StudyReplay, _ settings: ManifestSettings, _ withIdentity: Bool
    ) -> (Publishable?, [HoldReason], [ManifestNote]) {
        guard let content else {
            let quarantined = replay.register.quarantinedCount
            if quarantined > 0 { return (nil, [.quarantined(quarantined)], []) }
            return (nil, replay.isEmptied || !replay.hasInstances ? [] : [.nothingRead], [])
        }
        do throws(HoldReasons) {
            let manifest = try KeyObjects.Manifest(
                of: content, settings: settings, releasing: replay.register.releasedHolds)
            return (.ours(manifest, patient: content.patient.key), [], replay.builder.notes + manifest.notes)
        } catch {
            return (nil, HoldReason.reasons(error.holds, withIdentity: withIdentity), [])
        }
    }

    private static func judge(
        _ received: ReceivedManifest, _ replay: StudyReplay, _ settings: ManifestSettings,
        _ manifests: Configuration.PACSManifests, _ withIdentity: Bool
    ) -> (Publishable?, [HoldReason], [ManifestNote]) {
        var holds: [HoldReason] = []
        let faults = received.faults(under: settings.profile)
        if !faults.isEmpty, manifests != .relay {
            if !replay.isManifestReleased { holds.append(.manifestFaulty(faults)) }
        }
        if received.studyInstanceUID != replay.study || received.studies.contains(where: { $0 != replay.study }) {
            holds.append(.manifestOfOtherStudy)
        }
        let hidden = replay.hiddenInManifest
        if hidden > 0 { holds.append(.manifestListsRejected(hidden)) }
        let headers = replay.builder.content()
        if let live = headers?.patient.key, !live.isCompatible(with: received.patient) {
            holds.append(.manifestOfOtherPatient)
        }
        let conditions = received.holds(
            with: headers, under: settings, isFirst: !replay.hasNamedRecipients,
            releasing: replay.register.releasedHolds)
        holds += HoldReason.reasons(conditions, withIdentity: withIdentity)
        if replay.hasReusedUID { holds.append(.manifestUIDReused) }
        if holds.isEmpty { return (.received(received), [], []) }
        guard manifests == .repair else { return (nil, holds, []) }
        let content = replay.builder.content(repairing: received) { !replay.mayBeShown($0) }
        return judge(content, replay, settings, withIdentity)
    }
}

extension Desired {
    init(_ publishable: StudyVerdict.Publishable) {
        switch publishable {
        case .ours(let manifest, let patient):
            self.init(
                patient: patient, digest: manifest.digest.description,
                attributesDigest: manifest.attributesDigest.description,
                references: Set(manifest.content.series.flatMap { $0.instances.map(\.sopInstanceUID) }))
        case .received(let manifest):
            self.init(
                patient: manifest.patient, digest: manifest.digest.description,
                attributesDigest: manifest.digest.description,
                references: Set(manifest.references.map(\.sopInstanceUID)))
        }
    }
}
