/// Brings documents to one destination. One thread owns it.
public protocol Carrier: AnyObject, Sendable {
    /// Returns once the destination has it for good: where it lies there, for the operator (may be empty).
    /// - Parameter progress: called whenever a piece of it is on its way.
    func deliver(_ document: OutgoingDocument, progress: () -> Void) throws(DeliveryFailure) -> String
    /// Nothing more is to be sent for now: lets go of what it holds open.
    func rest()
}
