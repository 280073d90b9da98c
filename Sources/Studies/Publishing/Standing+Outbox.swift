public import DICOM

extension Standing {
    /// A document that was made for an action of a plan.
    public enum Made: Hashable, Sendable {
        case manifest(Publication)
        /// A rejection note; its SOP Instance UID.
        case note(identity: String)
    }

    /// Takes in what became of the steps.
    /// - Parameter outbox: the deliveries of the study to this destination, by the document's SOP Instance UID. A step
    ///   that is not among them was acknowledged.
    public mutating func observe(outbox: [String: DeliveryState]) {
        guard !steps.isEmpty else { return }
        var remaining: [Step] = []
        for var step in steps {
            let state = outbox[step.identity]
            if state != .waiting { remember(step.kind) }
            if let state {
                step.state = state
                remaining.append(step)
            } else {
                acknowledge(step.kind)
            }
        }
        steps = remaining
    }

    /// The plan was carried out: the outbox is as it says.
    /// - Parameter made: for each action its document, in the same order.
    public mutating func carryOut(_ plan: Plan, made: [Made]) {
        precondition(plan.actions.count == made.count)
        for step in steps where plan.withdrawnSteps.contains(step.identity) && step.state.mayBeHeld {
            giveUp(step.kind)
        }
        steps.removeAll { plan.withdrawnSteps.contains($0.identity) }
        replace { plan.forgotten.contains($0.publication.sopInstanceUID) }
        for (action, document) in zip(plan.actions, made) {
            switch (action, document) {
            case (.publish(_, let isFirst), .manifest(let publication)):
                steps.append(
                    Step(identity: publication.sopInstanceUID, kind: .publish(publication, isFirst: isFirst)))
            case (.withdraw(let references, let publication, let title, let clears), .note(let identity)):
                steps.append(
                    Step(
                        identity: identity,
                        kind: .withdraw(references: references, of: publication, title: title, clears: clears)))
            case (.publish, .note), (.withdraw, .manifest):
                preconditionFailure("a manifest is made to publish, a note to withdraw")
            }
        }
    }

    /// A document that was tried goes from the outbox: the destination may have it all the same.
    private mutating func giveUp(_ kind: Step.Kind) {
        switch kind {
        case .publish(let publication, _):
            held.removeAll { $0.publication.sopInstanceUID == publication.sopInstanceUID && !$0.isCertain }
            held.append(Holding(publication: publication, isCertain: false))
        case .withdraw(let references, let publication, _, _):
            for index in held.indices where held[index].publication.patient.isCompatible(with: publication.patient) {
                held[index].doubtful.formUnion(references)
            }
        }
    }

    /// Gives up what was never tried, where nothing can be planned. Their deliveries are to be removed with it: one that
    /// is merely gone counts as acknowledged.
    /// - Returns: the documents, by SOP Instance UID.
    public mutating func dropUntried() -> [String] {
        let untried = steps.filter { $0.state == .waiting }.map(\.identity)
        steps.removeAll { $0.state == .waiting }
        return untried
    }

    private mutating func acknowledge(_ kind: Step.Kind) {
        switch kind {
        case .publish(let publication, _):
            // A manifest is a full list: it replaces what was there under this patient.
            replace { $0.publication.patient.isCompatible(with: publication.patient) }
            replaced.removeAll { $0.publication.sopInstanceUID == publication.sopInstanceUID }
            held.append(Holding(publication: publication, isCertain: true))
        case .withdraw(let references, let publication, _, let clears):
            held.removeAll { clears.contains($0.publication.sopInstanceUID) }
            replaced.removeAll { clears.contains($0.publication.sopInstanceUID) }
            for index in replaced.indices
            where replaced[index].publication.patient.isCompatible(with: publication.patient) {
                replaced[index].withdrawn.formUnion(references)
            }
            for index in held.indices where held[index].publication.patient.isCompatible(with: publication.patient) {
                held[index].withdrawn.formUnion(references)
                held[index].doubtful.subtract(references)
            }
        }
    }

    private mutating func replace(_ isReplaced: (Holding) -> Bool) {
        replaced += held.filter(isReplaced)
        held.removeAll(where: isReplaced)
    }

    /// Drops the replaced manifests that list nothing beyond the later ones; where manifests alone tell what is no longer
    /// true, all of them.
    /// - Parameter left: what a manifest lists, from its bytes, without what was withdrawn of it.
    public mutating func forgetReplaced<Failure: Error>(
        _ removal: Removal, left: (Holding) throws(Failure) -> Set<InstanceUID>
    ) throws(Failure) {
        guard !replaced.isEmpty else { return }
        var remaining: [Holding] = []
        var later = held
        for holding in replaced.reversed() where removal != .kos {
            let patient = holding.publication.patient
            var rest = try left(holding)
            for other in later where other.publication.patient.isCompatible(with: patient) {
                rest.subtract(try left(other))
            }
            guard !rest.isEmpty else { continue }
            remaining.insert(holding, at: 0)
            later.append(holding)
        }
        replaced = remaining
    }

    private mutating func remember(_ kind: Step.Kind) {
        switch kind {
        case .publish(let publication, _):
            guard publication.origin == .ours, lineage.last != publication else { return }
            lineage.removeAll { $0.patient == publication.patient }
            lineage.append(publication)
            if lineage.count > Self.longestLineage { lineage.removeFirst() }
        case .withdraw: break
        }
    }

    /// Patients of one study whose numbers go on; nobody reconciles a study more often.
    private static let longestLineage = 16
}

extension Standing.DeliveryState {
    /// The destination may have it.
    var mayBeHeld: Bool {
        switch self {
        case .waiting: false
        case .begun: true
        case .dead(let mayBeHeld): mayBeHeld
        }
    }
}
