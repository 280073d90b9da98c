import Associations
import DICOM
import TestSupport
import Threads

/// An association with a scripted peer, and the script on its thread.
struct ScriptedAssociation {
    var configuration: Association.Configuration
    private let listener = ScriptedPeer.Listener()
    private let thread: OSThread

    init(maximumLength: UInt32 = 16384, _ script: @escaping @Sendable (QueryPeer) -> Void) throws {
        let listener = listener
        configuration = Association.Configuration(
            host: "127.0.0.1", port: listener.port, called: AETitle("PACS"), calling: AETitle("KOSGATE"))
        thread = try OSThread(name: "peer") { script(QueryPeer(listener, maximumLength: maximumLength)) }
    }

    func open(_ proposals: [Association.Proposal]) throws -> Association {
        try Association(configuration, proposing: proposals)
    }

    /// Waits for the end of the script.
    func finish() { thread.join() }
}
