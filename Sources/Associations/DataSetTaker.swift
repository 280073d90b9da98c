public import DICOMNetwork

/// Is given every byte of the data set of one arriving instance, in order, as it came on the wire (deflated ones deflated).
///
/// Called on the association's thread: while a call lasts nothing is read, so that the peer waits too. An instance that
/// is refused, aborted, late or lost has no other end than that its taker is released.
public protocol DataSetTaker: AnyObject {
    /// The next bytes; the instance's capture has seen them already. False: no more is wanted of this data set, and the
    /// rest is not read but where the header needs it.
    func take(_ bytes: RawSpan, of instance: borrowing ArrivingInstance) -> Bool
}
