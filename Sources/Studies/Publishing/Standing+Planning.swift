public import DICOM

extension Standing {
    /// What must change in the outbox so that the destination comes to hold the truth. Planning again with the same
    /// truth, once the plan is carried out, asks for nothing.
    ///
    /// - Withdrawals stand before the manifest, and what is held under another patient's identity is withdrawn whole.
    /// - A document that was never tried is replaced when it is no longer what is wanted. A rejection note that was
    ///   tried stays, whatever is true now. A manifest that was tried stays when it is what is wanted; otherwise it is
    ///   given up, and counts as one that the destination may hold.
    /// - A first manifest that was tried stays also when all it states is still true and something was only added: the
    ///   recipients go with it alone. One that is given up is withdrawn whole, so that the next one is again the first.
    /// - A document that was refused stays as long as it is what is wanted; nothing else is made in its place.
    /// - Parameters:
    ///   - references: what the manifest lists, from its bytes; where they are gone, all instances of the study that
    ///     ever came under its patient.
    ///   - title: the code value of the title under which an instance is withdrawn, rejected or not.
    public func plan<Failure: Error>(
        _ truth: Truth, removal: Removal, references: (Publication) throws(Failure) -> Set<InstanceUID>,
        title: (InstanceUID) -> String
    ) throws(Failure) -> Plan {
        if isSettled(truth) { return Plan() }
        var projection = Projection(removal: removal)
        for holding in held {
            let listed = try references(holding.publication)
            projection.add(holding, listed)
        }
        for holding in replaced {
            let listed = try references(holding.publication)
            projection.add(replaced: holding, listed)
        }
        var plan = Plan()
        plan.forgotten = projection.entries.filter(\.present.isEmpty).map(\.publication.sopInstanceUID)
        for step in steps {
            guard case .withdraw(let references, let publication, _, _) = step.kind else { continue }
            if step.state == .begun { projection.withdraw(references, under: publication) }
            if step.state == .dead(mayBeHeld: true) { projection.doubt(references, under: publication) }
        }
        let kept = try settleTried(truth, &projection, &plan, references)
        plan.forgotten += projection.forgetRepetitions()
        let target = projection.target(truth, after: lineage, kept: kept, title)
        matchWaiting(with: target, truth, &plan)
        return plan
    }

    /// Nothing is on its way, and the last manifest, untouched, says just what is true.
    private func isSettled(_ truth: Truth) -> Bool {
        switch truth {
        case .manifest(let desired, _):
            guard steps.isEmpty, replaced.isEmpty, held.count == 1, let only = held.first else { return false }
            return only.isCertain && only.withdrawn.isEmpty && only.doubtful.isEmpty
                && only.publication.states(desired)
        case .nothing, .undecided: return steps.isEmpty && held.isEmpty && replaced.isEmpty
        }
    }

    /// Gives up the manifests that were tried and are not wanted any more.
    /// - Returns: the one that stays.
    private func settleTried<Failure: Error>(
        _ truth: Truth, _ projection: inout Projection, _ plan: inout Plan,
        _ references: (Publication) throws(Failure) -> Set<InstanceUID>
    ) throws(Failure) -> Projection.Kept? {
        var kept: Projection.Kept?
        for step in steps where step.state != .waiting {
            guard case .publish(let publication, let isFirst) = step.kind else { continue }
            let listed = try references(publication)
            if kept == nil, plan.withdrawnSteps.isEmpty {
                kept = projection.keeps(
                    publication, listed: listed, isFirst: isFirst && !step.state.isDead, for: truth)
                if kept != nil { continue }
            }
            plan.withdrawnSteps.append(step.identity)
            if step.state.mayBeHeld { projection.add(Holding(publication: publication, isCertain: false), listed) }
        }
        return kept
    }

    /// Keeps the steps that already are the beginning of the target, replaces the others.
    private func matchWaiting(with target: [Plan.Action], _ truth: Truth, _ plan: inout Plan) {
        var target = target[...]
        var isMatching = true
        for step in steps where !plan.withdrawnSteps.contains(step.identity) && !step.isTried {
            isMatching = isMatching && target.first.map { step.answers($0, truth) } ?? false
            if isMatching {
                target.removeFirst()
            } else {
                plan.withdrawnSteps.append(step.identity)
            }
        }
        plan.actions = Array(target)
    }
}

extension Standing.Step {
    /// Stays or goes by rules of its own: a note that was tried, a manifest that was tried or refused.
    fileprivate var isTried: Bool {
        switch kind {
        case .publish: state != .waiting
        case .withdraw: state == .begun
        }
    }

    /// It is what the action asks for.
    fileprivate func answers(_ action: Plan.Action, _ truth: Truth) -> Bool {
        switch (kind, action, truth) {
        case (.withdraw(let references, let of, let title, let clears), .withdraw(let a, let b, let c, let d), _):
            return references == a && of == b && title == c && clears == d
        case (.publish(let publication, let isFirst), .publish(let after, let first), .manifest(let desired, _)):
            let goesOn = after.map { publication.goesOn(from: $0) } ?? true
            return isFirst == first && goesOn && publication.states(desired)
        case (.publish, _, _), (.withdraw, _, _): return false
        }
    }
}

extension Publication {
    func states(_ desired: Desired) -> Bool { digest == desired.digest && patient == desired.patient }

    fileprivate func goesOn(from last: Publication) -> Bool {
        origin == .pacs || version > last.version && contentInstant > last.contentInstant
    }
}
