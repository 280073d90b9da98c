public import DICOM
public import DICOMNetwork
import Threads

extension Association {
    /// Asks for what matches (C-FIND, PS3.4 §C.4.1).
    /// - Parameters:
    ///   - responseLimit: bytes of one response at most.
    ///   - match: called with each match as it comes; false cancels the query (C-CANCEL), and no more is told.
    /// - Throws: what ended the association, or what in a response cannot be read; then it is of no use any more.
    public mutating func find(
        _ query: Query, responseLimit: Int = 1024 * 1024, _ match: (DataSet) -> Bool
    ) throws(AssociationError) -> QueryOutcome {
        let request = try ask(query, .find)
        var matches = 0
        var lacksOptionalKeys = false
        var isCancelled = false
        var deadline = responseDeadline
        while true {
            let message = try channel.message(request, responseLimit, before: deadline)
            let status = message.status
            guard status.isPending else {
                var outcome = outcome(of: message, .find)
                outcome.matches = matches
                outcome.lacksOptionalKeys = lacksOptionalKeys
                return outcome
            }
            if isCancelled { continue }
            lacksOptionalKeys = lacksOptionalKeys || status == .pendingWithoutOptionalKeys
            deadline = responseDeadline
            guard let dataSet = try dataSet(of: message) else { continue }
            matches += 1
            if !match(dataSet) {
                isCancelled = true
                deadline = try cancel(request)
            }
        }
    }

    /// Makes the peer send to a third application entity (C-MOVE, PS3.4 §C.4.2).
    /// - Parameter progress: called with the counts of each pending response; false cancels the move.
    public mutating func move(
        _ query: Query, to destination: AETitle, progress: (SuboperationCounts) -> Bool = { _ in true }
    ) throws(AssociationError) -> QueryOutcome {
        let request = try ask(query, .move, destination: destination)
        var isCancelled = false
        var deadline = responseDeadline
        var last = SuboperationCounts()
        while true {
            let message = try channel.message(request, Association.identifierLimit, before: deadline)
            if message.command.suboperations != SuboperationCounts() { last = message.command.suboperations }
            guard message.status.isPending else {
                var outcome = outcome(of: message, .move)
                outcome.suboperations = last
                outcome.failedInstances = try failedInstances(message)
                return outcome
            }
            if isCancelled { continue }
            deadline = responseDeadline
            if !progress(message.command.suboperations) {
                isCancelled = true
                deadline = try cancel(request)
            }
        }
    }
}

extension Association {
    /// Bytes of the identifier of a final response: a list of 100,000 UIDs fits.
    static let identifierLimit = 8 * 1024 * 1024

    /// A request under way.
    struct Request {
        let command: CommandSet
        let context: NegotiatedContext
    }

    var responseDeadline: MonotonicInstant { .now + channel.deadlines.response }

    mutating func ask(
        _ query: Query, _ operation: QueryOperation, destination: AETitle? = nil
    ) throws(AssociationError) -> Request {
        let sopClassUID = query.model.sopClassUID(of: operation)
        let context = try context(sopClassUID, nil)
        var command = CommandSet(field: operation.request)
        command.affectedSOPClassUID = Array(sopClassUID.text.utf8)
        command.messageID = nextMessageID()
        command.priority = 0
        command.dataSetType = 0x0001
        if let destination { command.moveDestination = Array(destination.text.utf8) }
        try channel.send(command, context.id)
        var reader = try DataSetReader(.bytes(query.identifier(context.transferSyntax.encoding)))
        try channel.send(&reader, context.id)
        return Request(command: command, context: context)
    }

    /// Asks the peer to end a request (C-CANCEL, PS3.7 §9.3.2.3), and returns by when it must have done so.
    mutating func cancel(_ request: Request) throws(AssociationError) -> MonotonicInstant {
        var command = CommandSet(field: .cancelRequest)
        command.messageIDBeingRespondedTo = request.command.messageID
        command.dataSetType = 0x0101
        try channel.send(command, request.context.id)
        return .now + channel.deadlines.cancellation
    }

    func outcome(of message: RequestorChannel.Message, _ operation: QueryOperation) -> QueryOutcome {
        var outcome = QueryOutcome(operation, message.status)
        let comment = AETitle(bytes: message.command.errorComment).text
        outcome.errorComment = comment.isEmpty ? nil : comment
        outcome.offendingElements = message.command.offendingElements
        return outcome
    }

    func dataSet(of message: RequestorChannel.Message) throws(AssociationError) -> DataSet? {
        guard let bytes = message.dataSet else { return nil }
        let context = contexts.first { $0.id == message.context }
        do {
            return try DataSet(parsing: bytes, transferSyntax: context?.transferSyntax ?? .implicitVRLittleEndian)
        } catch {
            throw .fault(.unreadableIdentifier(error))
        }
    }

    func failedInstances(_ message: RequestorChannel.Message) throws(AssociationError) -> [InstanceUID] {
        guard let dataSet = try dataSet(of: message) else { return [] }
        return dataSet.strings(Tag(0x0008, 0x0058)).filter { !$0.isEmpty }.map { InstanceUID($0) }
    }
}
