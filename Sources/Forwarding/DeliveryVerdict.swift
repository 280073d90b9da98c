public import Associations
public import DICOMNetwork

/// What an answer to a C-STORE request means for the document and for its destination.
///
/// Statuses are those of PS3.4 Table B.2-1 and of PS3.7 §9.1.1.1.9 and Annex C, with what is seen in the field: A700 also
/// serves as a general failure, 0110 answers a read error of the peer's own socket, and PS3.2 Table N.7-42 calls 0112 what
/// PS3.7 calls 0122, and 0214 what it calls 0124.
public enum DeliveryVerdict: Hashable, Sendable {
    case stored
    /// Stored, with a remark: coercion, elements discarded, data set does not match SOP class (Bxxx),
    /// attribute list error, attribute value out of range (PS3.7 §C.4).
    case storedWithWarning
    /// The destination had this SOP Instance UID already: from an earlier try, which sent the same bytes; or from a former
    /// copy of an instance that its PACS corrected under the same UID, and then it has kept that one.
    case alreadyThere
    case failed(DeliveryFailure.Kind)

    public init(_ status: Status) {
        self =
            switch status.rawValue {
            case 0x0000: .stored
            case 0x0001, 0x0107, 0x0116, 0xB000...0xBFFF: .storedWithWarning
            case 0x0111: .alreadyThere
            case 0xA700...0xA7FF, 0x0210, 0x0213: .failed(.busy)
            // No such SOP class, SOP class not supported, not authorized, unrecognized operation, mistyped argument (not
            // agreed for the association): nothing of this document.
            case 0x0112, 0x0118, 0x0122, 0x0124, 0x0211, 0x0212, 0x0214: .failed(.notAccepted)
            // No such attribute, invalid value, invalid argument value, invalid SOP instance, class-instance conflict,
            // missing attribute, missing value, data set does not match SOP class: the document.
            case 0x0105, 0x0106, 0x0115, 0x0117, 0x0119, 0x0120, 0x0121, 0xA900...0xA9FF: .failed(.refused)
            // Processing failure, cannot understand, and what the standard does not know.
            case _: .failed(.doubtful)
            }
    }
}

extension DeliveryFailure.Kind {
    /// What an association that failed means for the destination; none of it says anything of the document.
    public init(_ error: AssociationError) {
        self =
            switch error {
            case .rejected(let rejection): rejection.isTransient ? .busy : .notAccepted
            case .noContext: .notAccepted
            case .unknownHost, .connect, .aborted, .closed, .timedOut, .fault, .handshake, .socket, .source,
                .abandoned:
                .unreachable
            }
    }
}
