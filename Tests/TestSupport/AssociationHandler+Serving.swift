public import Associations
import Threads

extension AssociationHandler {
    /// Listens on a free port of the loopback address while the body runs.
    public func serve(_ body: (_ port: UInt16) throws -> Void) throws {
        var settings = AssociationListener.Configuration()
        settings.port = 0
        let listener = try AssociationListener(settings, handler: self)
        let thread = try OSThread(name: "listener") { listener.run() }
        defer {
            listener.stop(within: .zero)
            thread.join()
        }
        try body(listener.port)
    }
}
