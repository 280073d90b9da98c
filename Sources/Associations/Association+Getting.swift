import DICOM
public import DICOMNetwork
import Threads

extension Association {
    /// Has the peer send instances over this association (C-GET, PS3.4 §C.4.3). Their SOP classes must have been proposed
    /// with us as SCP (`Proposal.storage`).
    ///
    /// The final status is the peer's word only: some say success and send nothing. Count what came.
    public mutating func get(
        _ query: Query, limits: HeaderLimits = HeaderLimits(bytes: 16 * 1024 * 1024),
        into receiver: inout some InstanceReceiver
    ) throws(AssociationError) -> QueryOutcome {
        let request = try ask(query, .get)
        var retrieval = Retrieval(request: request, limits: limits, deadline: responseDeadline)
        while true {
            let (command, context) = try channel.command(before: retrieval.deadline)
            switch command.field {
            case .storeRequest: try store(command, context, &retrieval, &receiver)
            case .getResponse where retrieval.isAnswered(by: command):
                let identifier = try channel.dataSet(of: command, context, Association.identifierLimit)
                let message = RequestorChannel.Message(command: command, context: context, dataSet: identifier)
                if command.suboperations != SuboperationCounts() { retrieval.counts = command.suboperations }
                guard message.status.isPending else { return try outcome(of: message, retrieval) }
                guard !retrieval.isCancelled else { continue }
                retrieval.deadline = responseDeadline
                if !receiver.progress(command.suboperations) { try cancel(&retrieval) }
            default: try channel.passOver(command, context)
            }
        }
    }

    /// A C-GET under way.
    private struct Retrieval {
        let request: Request
        let limits: HeaderLimits
        var deadline: MonotonicInstant
        var isCancelled = false
        var received = 0
        var stored = 0
        var counts = SuboperationCounts()

        func isAnswered(by command: CommandSet) -> Bool {
            (command.messageIDBeingRespondedTo ?? request.command.messageID) == request.command.messageID
        }
    }

    private mutating func cancel(_ retrieval: inout Retrieval) throws(AssociationError) {
        guard !retrieval.isCancelled else { return }
        retrieval.isCancelled = true
        retrieval.deadline = try cancel(retrieval.request)
    }

    private func outcome(
        of message: RequestorChannel.Message, _ retrieval: Retrieval
    ) throws(AssociationError) -> QueryOutcome {
        var outcome = outcome(of: message, .get)
        outcome.suboperations = retrieval.counts
        outcome.received = retrieval.received
        outcome.stored = retrieval.stored
        outcome.failedInstances = try failedInstances(message)
        return outcome
    }

    /// One C-STORE sub-operation, from its command to our response.
    private mutating func store(
        _ command: CommandSet, _ context: UInt8, _ retrieval: inout Retrieval,
        _ receiver: inout some InstanceReceiver
    ) throws(AssociationError) {
        let accepted = contexts.first { $0.id == context && $0.isAccepted }
        guard let accepted else { throw .fault(.contextNotAccepted(id: context)) }
        var instance = ArrivingInstance(
            command: command, transferSyntax: accepted.transferSyntax, limits: retrieval.limits)
        let interest = retrieval.isCancelled ? .refuse(.cancelled) : receiver.begin(instance)
        let status: StoreStatus
        if case .refuse(let refusal) = interest {
            try channel.passDataSet(context)
            status = refusal
        } else if try channel.receive(
            &instance, context, isWanted: interest == .everything,
            { bytes, instance in
                receiver.take(bytes, of: instance)
            })
        {
            status = receiver.store(instance)
        } else {
            status = .cancelled
        }
        retrieval.received += 1
        if status.status.isStored { retrieval.stored += 1 }
        if status == .cancelled { try cancel(&retrieval) }
        try channel.send(command.response(status), context)
        if !retrieval.isCancelled { retrieval.deadline = responseDeadline }
    }
}

extension StoreStatus {
    /// To what still comes of a retrieval that we cancelled.
    fileprivate static let cancelled = StoreStatus(.outOfResources, errorComment: "the retrieval was cancelled")
}
