public import DICOMNetwork

/// What becomes of the instances that a C-GET brings. Called on the association's thread: while a call lasts nothing is
/// read, so that the peer waits too.
public protocol InstanceReceiver {
    /// A C-STORE sub-operation begins; its data set follows.
    mutating func begin(_ instance: ArrivingInstance) -> InstanceInterest

    /// The next bytes of the data set, for `.everything`. The capture has seen them already. False: the rest is not
    /// wanted, the instance is answered with A700 and the retrieval cancelled.
    mutating func take(_ bytes: RawSpan, of instance: borrowing ArrivingInstance) -> Bool

    /// All of it has come; the answer goes to the peer.
    mutating func store(_ instance: ArrivingInstance) -> StoreStatus

    /// A pending response: how far the peer is. False cancels the retrieval.
    mutating func progress(_ counts: SuboperationCounts) -> Bool
}

extension InstanceReceiver {
    public mutating func take(_ bytes: RawSpan, of instance: borrowing ArrivingInstance) -> Bool { true }
    public mutating func progress(_ counts: SuboperationCounts) -> Bool { true }
}

/// How much of an instance its receiver wants.
public enum InstanceInterest: Hashable, Sendable {
    /// The header; pixel data is discarded unseen, in the kernel where it is much.
    case header
    /// Every byte of the data set, by `take`.
    case everything
    /// Nothing: it is passed over and answered so.
    case refuse(StoreStatus)
}
