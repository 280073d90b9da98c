import DICOM
import KeyObjects
import Spool
import Studies

/// A study as a replay of all that came for it, in order of arrival: headers, its PACS's notes and manifests, and what
/// an operator decided.
struct StudyReplay {
    let study: StudyUID
    private(set) var builder: ManifestBuilder
    private(set) var register: InstanceRegister
    /// The last arrival.
    private(set) var through = ArrivalNumber(0)
    /// What an operator should know of the arrivals after `settledThrough`.
    private(set) var remarks: [StudyRemark] = []
    /// An instance came again that says the same.
    private(set) var hasRepeats = false
    /// Live instances of which an earlier copy was rejected: with which arrival that became so.
    private(set) var corrected: [InstanceUID: ArrivalNumber] = [:]
    /// Something came that is meant to be listed.
    private(set) var hasInstances = false
    /// A note or a decision is among the arrivals: then a copy that says the same as one before says that it is here
    /// again.
    private(set) var isOrderSensitive = false
    /// Rejection notes and manifests that came.
    private(set) var documents: Set<InstanceUID> = []
    /// What the rejection notes that came were applied to, by their SOP Instance UIDs.
    private(set) var applied: [InstanceUID: Set<InstanceUID>] = [:]
    /// Manifests of the PACS are relayed or repaired.
    private let usesManifests: Bool
    /// Rejection notes that came for this study, in order of arrival.
    private(set) var namingNotes: [NamingNote] = []
    /// Rejection notes that speak of this study alone, in order of arrival.
    private(set) var notes: [ReceivedManifest] = []
    /// Manifests that the PACS made, in order of arrival.
    private var manifests: [(number: ArrivalNumber, manifest: ReceivedManifest)] = []
    /// What any of these lists.
    private var listedByManifests: Set<InstanceUID> = []
    /// The patient under whom an operator let a change of patient pass.
    private(set) var releasedPatient: PatientKey?
    /// An operator let the PACS's manifest pass as it was then.
    private var manifestReleasedThrough: ArrivalNumber?
    /// With which arrival the copy of an instance that stands came, where it was not the first one.
    private(set) var cameAgain: [InstanceUID: ArrivalNumber] = [:]
    /// With which arrival the last copy that counts came, of instances that came more than once.
    private var cameLast: [InstanceUID: ArrivalNumber] = [:]
    /// Copies that came beside another one of their instance and do not count.
    private(set) var refusedCopies: Set<ArrivalNumber> = []
    /// What an operator withdrew since the last settling.
    private(set) var withdrawals: [(title: String, at: Int64)] = []
    /// What notes of other studies say of this one, filed since the last settling.
    private(set) var strayDocuments: [StrayDocument] = []
    /// What came up to it was told at an earlier settling.
    private let settledThrough: ArrivalNumber

    /// All that came for the study up to now.
    init(of entry: StudyEntry, in spool: Spool, _ settings: StudySettings) throws(SpoolError) {
        self.init(entry, settings)
        var replay = self
        try spool.headers(of: entry.id) { stored, header in
            replay.apply(stored, header) { number in
                // A mark that cannot be read makes the arrival old: then a note means what is there.
                ((try? spool.receivedAt(number)) ?? nil).map { $0.milliseconds / 1000 } ?? 0
            }
        }
        self = replay
        for (instance, state) in register.instances where !state.isLive { builder.remove(instance) }
        for index in namingNotes.indices {
            namingNotes[index].strangers = namingNotes[index].references.filter { !hasCome($0) }
        }
        if settings.source.pacsManifests != .ignore { takeNoteOfLack() }
    }

    /// What came and the PACS's own manifest does not list: it is not shown.
    private mutating func takeNoteOfLack() {
        guard through > settledThrough, let receivedManifest else { return }
        let lacking = listed.subtracting(receivedManifest.references.map(\.sopInstanceUID)).count
        if lacking > 0 { remarks.append(.manifestLacks(count: lacking)) }
    }

    private init(_ entry: StudyEntry, _ settings: StudySettings) {
        study = StudyUID(entry.uid)
        builder = ManifestBuilder(settings: settings.manifest)
        register = InstanceRegister(settings: InstanceRegister.Settings(settings.source))
        settledThrough = entry.settledThrough ?? ArrivalNumber(0)
        usesManifests = settings.source.pacsManifests != .ignore
    }

    /// Everything that came is rejected or in quarantine.
    var isEmptied: Bool { register.rejectedCount + register.quarantinedCount > 0 && register.liveCount == 0 }

    /// Nothing says that the instance must not be shown; it may never have come here.
    func mayBeShown(_ instance: InstanceUID) -> Bool {
        instance.isFormerCopy ? false : register.state(of: instance)?.isLive ?? true
    }

    /// All that ever came, whatever became of it.
    var known: Set<InstanceUID> {
        documents.union(builder.excluded.keys).union(
            register.instances.lazy.map(\.uid).filter { (register.status(of: $0)?.copies ?? 0) > 0 })
    }

    private func hasCome(_ instance: InstanceUID) -> Bool {
        documents.contains(instance) || (register.status(of: instance)?.copies ?? 0) > 0
    }

    /// All that came, that a note names, and that the PACS's manifests list.
    var mentioned: Set<InstanceUID> {
        Set(register.instances.lazy.map(\.uid)).union(listedByManifests)
    }

    func mentions(_ instance: InstanceUID) -> Bool {
        register.state(of: instance) != nil || listedByManifests.contains(instance)
    }

    /// With which arrival the copy of an instance that stands came; nil: the first one stands.
    func standsSince(_ instance: InstanceUID) -> ArrivalNumber? { cameAgain[instance] }

    func lastCopy(of instance: InstanceUID) -> ArrivalNumber? { cameLast[instance] }

    /// The live instances.
    var listed: Set<InstanceUID> { register.liveCount == 0 ? [] : Set(register.live) }

    /// The live instances, and what the PACS's own manifest lists beside them.
    var shown: Set<InstanceUID> {
        guard usesManifests, let receivedManifest else { return listed }
        let own = receivedManifest.references.lazy.filter { $0.studyInstanceUID == study }
        return listed.union(own.map(\.sopInstanceUID).filter(mayBeShown))
    }

    /// Whom the study is of, as it would be published.
    var patient: PatientKey? {
        (usesManifests ? receivedManifest?.patient : nil) ?? builder.content()?.patient.key
    }

    /// The newest manifest of the PACS that no note rejects.
    var receivedManifest: ReceivedManifest? {
        newestManifest?.manifest
    }

    /// An operator let this very manifest pass, with its faults.
    var isManifestReleased: Bool {
        guard let number = newestManifest?.number, let manifestReleasedThrough else { return false }
        return number < manifestReleasedThrough
    }

    private var newestManifest: (number: ArrivalNumber, manifest: ReceivedManifest)? {
        manifests.last { !register.rejectedDocuments.contains($0.manifest.sopInstanceUID ?? InstanceUID("")) }
    }

    /// A manifest of the PACS that no note rejects named recipients.
    var hasNamedRecipients: Bool {
        manifests.contains {
            $0.manifest.namesRecipients
                && !register.rejectedDocuments.contains($0.manifest.sopInstanceUID ?? InstanceUID(""))
        }
    }

    /// How many references of the PACS's newest manifest must not be shown for it: rejected ones, and those to a copy that
    /// was rejected and replaced since the manifest came.
    var hiddenInManifest: Int {
        guard let (number, manifest) = newestManifest else { return 0 }
        return manifest.references.count { reference in
            let uid = reference.sopInstanceUID
            return !mayBeShown(uid) || corrected[uid] != nil && (cameAgain[uid] ?? number) > number
        }
    }

    /// - Parameter receivedAt: asked where the time matters, seconds since 1970-01-01T00:00:00Z.
    private mutating func apply(_ stored: StoredHeader, _ header: RawSpan, receivedAt: (ArrivalNumber) -> Int64) {
        let attributes = InstanceAttributes(text: stored.attributes)
        through = max(through, stored.number)
        switch attributes.kind {
        case .instance, .adopted: take(stored, header, attributes, receivedAt)
        case .rejectionNote, .excerpt, .strayNote, .strayNoteOfFormerCopies, .manifest:
            takeDocument(stored, header, attributes, receivedAt)
        case .decision:
            isOrderSensitive = true
            guard let decision = Decision(text: header.withUnsafeBytes { String(decoding: $0, as: UTF8.self) }) else {
                return
            }
            note(register.apply(.decided(decision, at: receivedAt(stored.number))), stored)
            if case .withdraw(let title) = decision.action {
                withdrawManifests(title, stored)
                if stored.number > settledThrough { withdrawals.append((title, receivedAt(stored.number))) }
            }
            if case .release(let holds, _) = decision.action, holds.contains(HoldReason.patientChanged.code) {
                releasedPatient = builder.content()?.patient.key
            }
            if case .release(let holds, _) = decision.action, holds.contains(HoldReason.manifestFaultyCode) {
                manifestReleasedThrough = stored.number
            }
            for (uid, _) in register.instances where corrected[uid] == nil || !register.isCorrected(uid) {
                corrected[uid] = register.isCorrected(uid) ? cameAgain[uid] : nil
            }
        }
    }

    // MARK: Instances

    private mutating func take(
        _ stored: StoredHeader, _ header: RawSpan, _ attributes: InstanceAttributes,
        _ receivedAt: (ArrivalNumber) -> Int64
    ) {
        let addition = builder.add(
            header, transferSyntax: attributes.transferSyntax, callingAETitle: attributes.callingAETitle)
        var stands = true
        switch addition {
        case .excluded(.rejectionNote), .excluded(.manifest):
            takeDocument(stored, header, attributes, receivedAt)
            return
        case .excluded(.notOfAPatient), .unusable: break
        case .listed, .unchanged, .changed: stands = register(stored, header, addition, receivedAt)
        }
        if addition == .unchanged { hasRepeats = true }
        hasInstances = true
        if stands, stored.number > settledThrough, let remark = addition.remark { remarks.append(remark) }
    }

    /// - Returns: whether this copy is the one that stands now.
    private mutating func register(
        _ stored: StoredHeader, _ header: RawSpan, _ addition: ManifestBuilder.Addition,
        _ receivedAt: (ArrivalNumber) -> Int64
    ) -> Bool {
        guard let latest = builder.latest else { return true }
        let uid = latest.sopInstanceUID
        let former = addition == .listed ? nil : register.status(of: uid)
        var hasher = Hasher()
        header.withUnsafeBytes { hasher.combine(bytes: $0) }
        let fingerprint = Fingerprint(
            patient: latest.patient, accessionNumber: latest.accessionNumber, series: latest.seriesInstanceUID,
            sopClass: latest.sopClassUID, header: UInt64(bitPattern: Int64(hasher.finalize())))
        // Of a first copy the time does not matter.
        let at = addition == .listed ? 0 : receivedAt(stored.number)
        note(register.apply(.stored(uid, fingerprint, at: at)), stored)
        guard addition != .listed else { return true }
        guard register.status(of: uid)?.copy == fingerprint else {
            // Refused beside the one that stands: nothing that it says counts.
            builder.takeBack()
            refusedCopies.insert(stored.number)
            return false
        }
        cameLast[uid] = stored.number
        if former?.copy != fingerprint || former?.state.isLive != true { cameAgain[uid] = stored.number }
        lookAgain(at: [uid], stored)
        return true
    }

    /// What the PACS's own manifests list beside what came goes with it, and none of them counts any more.
    private mutating func withdrawManifests(_ title: String, _ stored: StoredHeader) {
        let unknown = listedByManifests.filter { register.state(of: $0) == nil }.sorted()
        (manifests, listedByManifests) = ([], [])
        guard !unknown.isEmpty else { return }
        let rejection = Rejection(
            note: InstanceUID("decision \(stored.number.value)"), digest: 0, title: title, references: unknown,
            patient: nil, accessionNumber: "", at: 0)
        _ = register.apply(.rejected(rejection))
    }

    private mutating func lookAgain(at instances: [InstanceUID], _ stored: StoredHeader) {
        for instance in instances {
            corrected[instance] = register.isCorrected(instance) ? corrected[instance] ?? stored.number : nil
        }
    }

    /// What a manifest listed that was made through an arrival: a reference to a copy that was rejected since, and
    /// replaced by another one, is one to the former copy.
    func references(_ listed: [InstanceUID], through: Int64) -> [InstanceUID] {
        corrected.isEmpty
            ? listed
            : listed.map { instance in
                corrected[instance].map { $0.value > through } ?? false ? instance.formerCopy : instance
            }
    }

    // MARK: Documents

    private mutating func takeDocument(
        _ stored: StoredHeader, _ header: RawSpan, _ attributes: InstanceAttributes,
        _ receivedAt: (ArrivalNumber) -> Int64
    ) {
        let bytes = header.withUnsafeBytes { [UInt8]($0) }
        guard let document = KeyObjectDocument(header: bytes, transferSyntax: attributes.transferSyntax),
            let uid = document.sopInstanceUID
        else {
            if stored.number > settledThrough { remarks.append(.unreadableDocument) }
            return
        }
        documents.insert(uid)
        switch document.kind {
        case .keyImageNote: break
        case .manifest: takeManifest(stored, bytes, attributes)
        case .rejectionNote: takeNote(stored, document, uid, bytes, attributes, receivedAt)
        }
    }

    private mutating func takeNote(
        _ stored: StoredHeader, _ document: KeyObjectDocument, _ uid: InstanceUID, _ bytes: [UInt8],
        _ attributes: InstanceAttributes, _ receivedAt: (ArrivalNumber) -> Int64
    ) {
        isOrderSensitive = true
        var hasher = Hasher()
        hasher.combine(bytes)
        let isStray = attributes.kind == .strayNote || attributes.kind == .strayNoteOfFormerCopies
        var references = document.references(to: study).map(\.sopInstanceUID)
        if isStray {
            // It may be filed again, for what came since; what was decided of the others meanwhile stands.
            references = comeInstances(of: document).filter { !(applied[uid]?.contains($0) ?? false) }
            hasher.combine(references)
        }
        applied[uid, default: []].formUnion(references)
        var rejection = Rejection(
            note: uid, digest: UInt64(bitPattern: Int64(hasher.finalize())), title: document.title?.value ?? "",
            references: references,
            patient: document.patient.patientID.isEmpty ? nil : document.patient.key,
            accessionNumber: document.accessionNumber, at: receivedAt(stored.number))
        rejection.meansFormerCopies = attributes.kind == .strayNoteOfFormerCopies
        if document.evidence.isEmpty, document.references.isEmpty, stored.number > settledThrough {
            remarks.append(.noteWithoutReferences(uid, title: rejection.title))
        }
        if isStray, stored.number > settledThrough {
            strayDocuments.append(
                StrayDocument(uid: uid, title: rejection.title, bytes: bytes, attributes: attributes, at: rejection.at))
            remarks.append(
                .noteOfAnotherStudy(
                    uid, title: rejection.title, named: document.studyInstanceUID ?? StudyUID(""),
                    count: rejection.references.count))
        }
        let told = register.apply(.rejected(rejection))
        note(isStray ? told.filter { $0 != .sameNoteOtherContent(note: uid) } : told, stored)
        if attributes.kind != .excerpt, document.evidence.allSatisfy({ $0.studyInstanceUID == study }),
            let received = try? ReceivedManifest(dataSet: bytes, transferSyntax: attributes.syntaxOfHeader)
        {
            notes.append(received)
        }
        lookAgain(at: rejection.references, stored)
        guard !isStray, !rejection.references.isEmpty else { return }
        namingNotes.append(
            NamingNote(rejection, number: stored.number, attributes: attributes, bytes: bytes))
    }

    /// The references of a note that names another study: those that came for this one, or that its manifests list.
    private func comeInstances(of document: KeyObjectDocument) -> [InstanceUID] {
        let patient = document.patient.patientID.isEmpty ? nil : document.patient.key
        return document.named.filter { instance in
            ((register.status(of: instance)?.copies ?? 0) > 0 || listedByManifests.contains(instance))
                && !denies(patient, instance)
        }.sorted()
    }

    /// The instance is here under another patient than this one.
    func denies(_ patient: PatientKey?, _ instance: InstanceUID) -> Bool {
        guard let patient, let own = register.status(of: instance)?.copy?.patient ?? self.patient else { return false }
        return !patient.isCompatible(with: own)
    }

    private mutating func takeManifest(_ stored: StoredHeader, _ bytes: [UInt8], _ attributes: InstanceAttributes) {
        guard let manifest = try? ReceivedManifest(dataSet: bytes, transferSyntax: attributes.syntaxOfHeader) else {
            return
        }
        let isKnown = manifests.contains {
            $0.manifest.sopInstanceUID == manifest.sopInstanceUID && $0.manifest.digest == manifest.digest
        }
        // The same one again is no newer one.
        guard !isKnown else { return }
        manifests.append((stored.number, manifest))
        listedByManifests.formUnion(manifest.references.lazy.map(\.sopInstanceUID))
        if let uid = manifest.sopInstanceUID { note(register.apply(.documentStored(uid)), stored) }
        if stored.number > settledThrough { takeNote(of: manifest) }
    }

    /// That it is here, and what it lost without a note.
    private mutating func takeNote(of manifest: ReceivedManifest) {
        remarks.append(
            .manifestOfPACS(manifest.sopInstanceUID ?? InstanceUID(""), references: manifest.references.count))
        if let own = manifest.studyInstanceUID, own != study { remarks.append(.manifestUnderOtherStudy(own)) }
        let listed = Set(manifest.references.map(\.sopInstanceUID))
        let former = manifests.dropLast().last {
            !register.rejectedDocuments.contains($0.manifest.sopInstanceUID ?? InstanceUID(""))
        }
        let vanished = former?.manifest.references.count { reference in
            !listed.contains(reference.sopInstanceUID) && mayBeShown(reference.sopInstanceUID)
        }
        if let vanished, vanished > 0 { remarks.append(.manifestShortened(count: vanished)) }
    }

    /// A manifest of the PACS whose SOP Instance UID an earlier one with other content has.
    var hasReusedUID: Bool {
        guard let receivedManifest else { return false }
        return manifests.contains {
            $0.manifest.sopInstanceUID == receivedManifest.sopInstanceUID
                && $0.manifest.digest != receivedManifest.digest
        }
    }

    private mutating func note(_ remarks: [Remark], _ stored: StoredHeader) {
        guard stored.number > settledThrough else { return }
        self.remarks += remarks.map { .life($0) }
    }
}
