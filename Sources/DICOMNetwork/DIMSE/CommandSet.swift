public import DICOM

/// The command set of a DIMSE message (PS3.7 §6.3.1, §9.3, Annex E): what C-STORE, C-FIND, C-GET, C-MOVE and C-ECHO
/// need, N-ACTION and N-EVENT-REPORT of storage commitment, and what every response needs. Values are bytes as sent, padding included, since responses echo them.
public struct CommandSet: Hashable, Sendable {
    public var field: CommandField
    /// Message ID (0000,0110).
    public var messageID: UInt16?
    /// Message ID Being Responded To (0000,0120).
    public var messageIDBeingRespondedTo: UInt16?
    /// (0000,0002), or Requested SOP Class UID (0000,0003) when only that is there, or in an N-ACTION request.
    public var affectedSOPClassUID: [UInt8] = []
    /// (0000,1000), or Requested SOP Instance UID (0000,1001) when only that is there, or in an N-ACTION request.
    public var affectedSOPInstanceUID: [UInt8] = []
    /// Command Data Set Type (0000,0800).
    public var dataSetType: UInt16?
    public var priority: UInt16?
    public var status: UInt16?
    /// Move Destination (0000,0600).
    public var moveDestination: [UInt8] = []
    /// Offending Element (0000,0901), in order.
    public var offendingElements: [Tag] = []
    /// (0000,0902).
    public var errorComment: [UInt8] = []
    /// Move Originator Application Entity Title (0000,1030).
    public var moveOriginator: [UInt8] = []
    /// Move Originator Message ID (0000,1031).
    public var moveOriginatorMessageID: UInt16?
    /// (0000,1002), of an N-EVENT-REPORT.
    public var eventTypeID: UInt16?
    /// (0000,1008), of an N-ACTION.
    public var actionTypeID: UInt16?
    public var suboperations = SuboperationCounts()

    public init(field: CommandField) { self.field = field }

    static let noDataSet: UInt16 = 0x0101

    /// A data set follows. A C-STORE request always has one (PS3.7 §9.3.1.1), whatever its Command Data Set Type says.
    public var hasDataSet: Bool {
        field == .storeRequest || (dataSetType ?? CommandSet.noDataSet) != CommandSet.noDataSet
    }

    /// The response to this request: its UIDs byte for byte, its Message ID, no data set.
    public func response(_ status: StoreStatus) -> CommandSet {
        var response = CommandSet(field: field.response)
        response.affectedSOPClassUID = affectedSOPClassUID
        response.affectedSOPInstanceUID = affectedSOPInstanceUID
        response.messageIDBeingRespondedTo = messageID ?? 0
        response.eventTypeID = eventTypeID
        response.actionTypeID = actionTypeID
        response.dataSetType = CommandSet.noDataSet
        response.status = status.status.rawValue
        if let comment = status.errorComment {
            response.errorComment = Array(comment.utf8.filter { (0x20...0x7E).contains($0) && $0 != 0x5C }.prefix(64))
        }
        return response
    }
}
