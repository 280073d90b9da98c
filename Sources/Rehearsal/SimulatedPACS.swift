import Associations
import DICOM
import DICOMNetwork

/// Sends studies and rejection notes to the gateway, as the PACS of a source would.
struct SimulatedPACS {
    let calling: AETitle
    let called: AETitle
    let port: UInt16

    /// What went wrong, as a sentence.
    struct Failure: Error {
        var reason: String
    }

    /// Sends them in order, over one association.
    ///
    /// - Parameters:
    ///   - before: called with each message before it is sent.
    ///   - after: called with each message once it was acknowledged.
    func send(
        _ messages: [Message], before: (Message) -> Void, after: (Message) -> Void
    ) throws(Failure) {
        let classes = Set(messages.map(\.sopClassUID)).sorted()
        var refusal: Failure?
        do throws(AssociationError) {
            var association = try Association(
                Association.Configuration(host: "127.0.0.1", port: port, called: called, calling: calling),
                proposing: classes.map { Association.Proposal($0, [.explicitVRLittleEndian]) })
            for message in messages {
                before(message)
                let answer = try association.store(
                    sopClassUID: message.sopClassUID, sopInstanceUID: message.sopInstanceUID,
                    transferSyntax: .explicitVRLittleEndian, dataSet: .bytes(message.dataSet))
                guard answer.status.isStored else {
                    refusal = Failure(reason: "The gateway answered \(answer.status) to what the PACS sent.")
                    break
                }
                after(message)
            }
            try association.release()
        } catch {
            throw Failure(reason: "The PACS could not send: \(error).")
        }
        if let refusal { throw refusal }
    }
}

extension Message {
    var sopClassUID: SOPClassUID {
        switch self {
        case .instance(let instance): instance.sopClassUID
        case .note: .keyObjectSelectionDocument
        }
    }

    var sopInstanceUID: InstanceUID {
        switch self {
        case .instance(let instance): instance.sopInstanceUID
        case .note(let note): note.sopInstanceUID
        }
    }

    var dataSet: [UInt8] {
        switch self {
        case .instance(let instance): instance.dataSet
        case .note(let note): note.dataSet
        }
    }
}
