public import Associations
import DICOM
import DICOMNetwork

/// Delivers to a storage SCP by C-STORE, several documents over one association.
public final class PlatformCarrier: Carrier, @unchecked Sendable {
    // Sendable: `association` is only used by the one thread that owns the carrier.
    private let configuration: Association.Configuration
    private var association: Association?

    public init(_ configuration: Association.Configuration) { self.configuration = configuration }

    public func deliver(_ document: OutgoingDocument, progress: () -> Void) throws(DeliveryFailure) -> String {
        let file: Part10File
        do throws(ParseError) {
            file = try Part10File(document.file)
        } catch {
            throw Self.damaged("\(error)")
        }
        guard let sopClassUID = file.mediaStorageSOPClassUID, let uid = file.mediaStorageSOPInstanceUID else {
            throw Self.damaged("its meta information names no instance")
        }
        let wasOpen = association != nil
        do throws(DeliveryFailure) {
            return try Self.judge(try store(document.file, file, sopClassUID, uid, progress))
        } catch {
            // A peer may end an association after so many documents, and say so only when it is sent one more.
            guard wasOpen, error.kind == .unreachable else { throw error }
            do throws(DeliveryFailure) {
                return try Self.judge(try store(document.file, file, sopClassUID, uid, progress))
            } catch {
                // The first of the two was sent.
                throw error.afterAnotherTry
            }
        }
    }

    private func store(
        _ bytes: [UInt8], _ file: Part10File, _ sopClassUID: SOPClassUID, _ uid: InstanceUID,
        _ progress: () -> Void
    ) throws(DeliveryFailure) -> StoreStatus {
        // Held here while in use: an error ends it.
        var open = try associate(for: sopClassUID)
        let accepted = open.contexts.filter(\.isAccepted).map(\.transferSyntax)
        let transferSyntax = accepted.contains(file.transferSyntax) ? file.transferSyntax : accepted.first
        guard let transferSyntax else { throw Self.failure(.noContext(sopClassUID, file.transferSyntax, nil)) }
        let dataSet = try Self.dataSet(bytes, file, as: transferSyntax)
        let answer: StoreStatus
        do throws(AssociationError) {
            answer = try open.store(
                sopClassUID: sopClassUID, sopInstanceUID: uid, transferSyntax: transferSyntax, dataSet: .bytes(dataSet),
                progress: { _ in
                    progress()
                    return true
                })
        } catch {
            throw Self.failure(error)
        }
        // Of Message IDs that the peer says are in use, another association begins anew.
        if answer.status.rawValue != 0x0210 { association = consume open }
        return answer
    }

    public func rest() {
        guard let open = association.take() else { return }
        // Whether the peer answers the release changes nothing of what it has acknowledged.
        try? open.release()
    }

    private func associate(for sopClassUID: SOPClassUID) throws(DeliveryFailure) -> Association {
        if let kept = association.take() { return kept }
        let proposals = [TransferSyntax.explicitVRLittleEndian, .implicitVRLittleEndian].map {
            Association.Proposal(sopClassUID, [$0])
        }
        do throws(AssociationError) {
            return try Association(configuration, proposing: proposals)
        } catch {
            throw Self.failure(error, wasSent: false)
        }
    }

    /// The data set of the file, in implicit VR where the platform takes nothing else.
    private static func dataSet(
        _ bytes: [UInt8], _ file: Part10File, as transferSyntax: TransferSyntax
    ) throws(DeliveryFailure) -> [UInt8] {
        let asWritten = Array(bytes[file.dataSetOffset...])
        if transferSyntax == file.transferSyntax { return asWritten }
        do throws(ParseError) {
            var writer = DataSetWriter(encoding: transferSyntax.encoding)
            writer.write(try DataSet(parsing: asWritten, transferSyntax: file.transferSyntax))
            return writer.finish()
        } catch {
            throw damaged("\(error)")
        }
    }

    private static func damaged(_ what: String) -> DeliveryFailure {
        DeliveryFailure(.refused, "the document in the outbox is damaged: \(what)")
    }

    /// What is to be told of a success; a failure is thrown.
    private static func judge(_ answer: StoreStatus) throws(DeliveryFailure) -> String {
        let text = answer.sentence
        switch DeliveryVerdict(answer.status) {
        case .stored: return ""
        case .storedWithWarning: return "with a warning: \(text)"
        case .alreadyThere: return "it was there already"
        case .failed(let kind): throw DeliveryFailure(kind, "it answered \(text)", answer: text)
        }
    }

    private static func failure(_ error: AssociationError, wasSent: Bool = true) -> DeliveryFailure {
        let reason =
            switch error {
            case .noContext: "it does not accept Key Object Selection documents: \(error)"
            case .rejected(let rejection): rejection.description
            case .unknownHost, .connect, .aborted, .closed, .timedOut, .fault, .handshake, .socket, .source,
                .abandoned:
                "\(error)"
            }
        return DeliveryFailure(
            DeliveryFailure.Kind(error), reason + (error.remedy.map { "; \($0)" } ?? ""), wasSent: wasSent)
    }
}
