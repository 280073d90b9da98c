import DICOM

/// What a destination will hold once the documents that are under way are acknowledged, and what it must be told then.
struct Projection {
    struct Entry {
        let publication: Publication
        /// What it lists and was not withdrawn.
        var present: Set<InstanceUID>
        /// What may have been withdrawn of it.
        var doubtful: Set<InstanceUID>
        let isCertain: Bool
        /// Nothing was withdrawn of it.
        var isWhole: Bool
    }

    /// A manifest that was tried and stays in the outbox.
    enum Kept {
        /// It says what is true.
        case asWanted
        /// The first one; one with the additions follows it.
        case first(Publication)
    }

    let removal: Removal
    /// Oldest first.
    var entries: [Entry] = []
    /// Manifests that newer ones took the place of: what they list beyond those. Oldest first.
    private var replaced: [Entry] = []

    init(removal: Removal) { self.removal = removal }

    /// - Parameter listed: the references of its manifest.
    mutating func add(_ holding: Standing.Holding, _ listed: Set<InstanceUID>) {
        let present = holding.withdrawn.isEmpty ? listed : listed.subtracting(holding.withdrawn)
        entries.append(
            Entry(
                publication: holding.publication, present: present, doubtful: holding.doubtful,
                isCertain: holding.isCertain, isWhole: present.count == listed.count))
    }

    /// After what is held was added.
    mutating func add(replaced holding: Standing.Holding, _ listed: Set<InstanceUID>) {
        var present = listed.subtracting(holding.withdrawn)
        for entry in entries where entry.publication.patient.isCompatible(with: holding.publication.patient) {
            present.subtract(entry.present)
        }
        replaced.append(
            Entry(
                publication: holding.publication, present: present, doubtful: [], isCertain: false, isWhole: false))
    }

    /// A note was tried without an answer, and then refused.
    mutating func doubt(_ references: [InstanceUID], under publication: Publication) {
        for index in entries.indices
        where entries[index].publication.patient.isCompatible(with: publication.patient) {
            entries[index].doubtful.formUnion(references)
        }
    }

    /// - Returns: the publications of which nothing is left after this, and was before.
    @discardableResult
    mutating func withdraw(_ references: [InstanceUID], under publication: Publication) -> [String] {
        var cleared: [String] = []
        for index in entries.indices { entries[index].withdraw(references, under: publication, &cleared) }
        for index in replaced.indices { replaced[index].withdraw(references, under: publication, &cleared) }
        return cleared
    }

    /// Whether a manifest that was tried stays, as if it were not held.
    func keeps(
        _ publication: Publication, listed: Set<InstanceUID>, isFirst: Bool, for truth: Truth
    ) -> Kept? {
        guard case .manifest(let desired, _) = truth,
            !(replaced + entries).contains(where: { !gone(of: $0, truth).isEmpty })
        else { return nil }
        if publication.states(desired) { return .asWanted }
        let isAddition =
            isFirst && publication.patient == desired.patient && publication.attributesDigest != ""
            && publication.attributesDigest == desired.attributesDigest && listed.isSubset(of: desired.references)
            && !entries.contains { !$0.present.isEmpty }
        return isAddition ? .first(publication) : nil
    }

    /// Drops what may be held and tells nothing that others do not tell: each reference stands in another one, of which
    /// a note can be made.
    mutating func forgetRepetitions() -> [String] {
        var forgotten: [String] = []
        for entry in entries where !entry.isCertain && entry.doubtful.isEmpty {
            let others = entries.filter {
                $0.publication.patient == entry.publication.patient
                    && $0.publication.sopInstanceUID != entry.publication.sopInstanceUID
            }
            // That the destination may hold another one than the certain one stays known.
            guard others.contains(where: { !$0.isCertain }),
                entry.present.allSatisfy({ uid in others.contains { $0.present.contains(uid) } })
            else { continue }
            // When something remains of one that lists less, something remains of this one.
            guard removal == .kos || others.contains(where: { $0.present.isSubset(of: entry.present) }) else {
                continue
            }
            entries.removeAll { $0.publication.sopInstanceUID == entry.publication.sopInstanceUID }
            forgotten.append(entry.publication.sopInstanceUID)
        }
        return forgotten
    }

    // MARK: The target

    /// What is due once all that stays in the outbox is acknowledged, in order.
    func target(
        _ truth: Truth, after lineage: [Publication], kept: Kept?, _ title: (InstanceUID) -> String
    ) -> [Plan.Action] {
        var rest = self
        let withdrawals = rest.withdrawAll(truth, title)
        guard case .manifest(let desired, _) = truth else { return withdrawals }
        switch kept {
        case .asWanted: return withdrawals
        case .first(let publication): return withdrawals + [.publish(after: publication, isFirst: false)]
        case nil:
            if rest.isUpToDate(desired) { return withdrawals }
            let last = lineage.filter { $0.patient.isCompatible(with: desired.patient) }
                .max { $0.contentInstant < $1.contentInstant }
            return withdrawals + [.publish(after: last, isFirst: !rest.isAnchored(desired.patient))]
        }
    }

    /// The destination surely holds something under this patient.
    private func isAnchored(_ patient: PatientKey) -> Bool {
        entries.contains {
            $0.isCertain && !$0.present.subtracting($0.doubtful).isEmpty
                && $0.publication.patient.isCompatible(with: patient)
        }
    }

    private mutating func withdrawAll(_ truth: Truth, _ title: (InstanceUID) -> String) -> [Plan.Action] {
        var actions: [Plan.Action] = []
        let all = replaced + entries
        let goners = all.map { gone(of: $0, truth) }
        // The latest first: its bytes name the patient as the destination last heard it.
        for index in all.indices.reversed() {
            let present = index < replaced.count ? replaced[index].present : entries[index - replaced.count].present
            let gone = goners[index].intersection(present)
            let publication = all[index].publication
            var groups: [String: [InstanceUID]] = [:]
            for uid in gone.sorted() { groups[title(uid), default: []].append(uid) }
            for (title, references) in groups.sorted(by: { $0.key < $1.key }) {
                let cleared = withdraw(references, under: publication)
                actions.append(
                    .withdraw(references: references, of: publication, title: title, clears: cleared))
            }
        }
        return actions
    }

    /// What must be withdrawn of an entry by a note.
    private func gone(of entry: Entry, _ truth: Truth) -> Set<InstanceUID> {
        switch truth {
        case .nothing: return entry.present
        case .undecided(let gone): return entry.present.filter(gone)
        case .manifest(let desired, let gone):
            guard entry.publication.patient.isCompatible(with: desired.patient) else { return entry.present }
            switch removal {
            case .kos: return []
            case .iocmAndKOS, .iocm:
                return staysFirst(desired, gone)
                    ? entry.present.filter { !desired.references.contains($0) && gone($0) } : entry.present
            }
        }
    }

    /// Whether something of this patient remains for certain when what is no longer true is withdrawn. Otherwise all
    /// must go, so that the next manifest is surely the first one.
    private func staysFirst(_ desired: Desired, _ gone: (InstanceUID) -> Bool) -> Bool {
        let same = entries.filter {
            !$0.present.isEmpty && $0.publication.patient.isCompatible(with: desired.patient)
        }
        return same.contains(where: \.isCertain)
            && same.allSatisfy {
                $0.present.subtracting($0.doubtful).contains { desired.references.contains($0) || !gone($0) }
            }
    }

    /// What is left is the truth.
    private func isUpToDate(_ desired: Desired) -> Bool {
        let same = entries.filter {
            !$0.present.isEmpty && $0.publication.patient.isCompatible(with: desired.patient)
        }
        guard same.count == 1, let only = same.first, only.isCertain, only.doubtful.isDisjoint(with: only.present)
        else {
            return false
        }
        if only.isWhole && only.publication.digest == desired.digest { return true }
        switch removal {
        case .iocmAndKOS, .kos: return false
        case .iocm:
            return only.publication.attributesDigest != ""
                && only.publication.attributesDigest == desired.attributesDigest && only.present == desired.references
        }
    }
}

extension Projection.Entry {
    fileprivate mutating func withdraw(
        _ references: [InstanceUID], under other: Publication, _ cleared: inout [String]
    ) {
        guard !present.isEmpty, publication.patient.isCompatible(with: other.patient) else { return }
        let count = present.count
        present.subtract(references)
        if present.count != count { isWhole = false }
        if present.isEmpty { cleared.append(publication.sopInstanceUID) }
    }
}
