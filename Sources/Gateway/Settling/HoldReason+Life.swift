import DICOM
import KeyObjects
import Studies

/// Holds that come of a study's life, not of what one manifest states.
extension HoldReason {
    static let byHand = HoldReason(
        code: Decision.heldByHand, reason: "an operator holds it", remedy: "kosgate release lets it go.",
        isReleasable: true)

    /// The study names another patient than the one it was published under, and no note says so.
    static let patientChanged = HoldReason(
        code: "patient-changed",
        reason: "the study now belongs to another patient than the one its manifest was published under, "
            + "and no rejection note came for the former one",
        remedy: "Reject the former instances in the PACS (IOCM), or kosgate release if the correction is right.",
        isReleasable: true)

    static let inTwoStudiesCode = "instance-in-two-studies"

    /// - Parameters:
    ///   - source: of the other study, where it is not the same.
    ///   - isOlder: the other study was there first; else it was published first.
    static func inTwoStudies(_ study: StudyUID, source: String?, count: Int, isOlder: Bool) -> HoldReason {
        let origin = source.map { " from \($0)" } ?? ""
        return HoldReason(
            code: inTwoStudiesCode,
            reason:
                "\(count) of its instances \(count == 1 ? "is" : "are") also in study \(study)\(origin), which was "
                + (isOlder ? "there first" : "published with \(count == 1 ? "it" : "them") first, or waits to be"),
            remedy:
                "If the PACS moved them, it must reject them in the other study (IOCM), and this one follows by itself; "
                + "else correct the PACS. kosgate study \(study) tells what became of the other one's manifest.",
            isReleasable: true)
    }

    /// The other study has let go of them, and a destination does not know it yet.
    static func withdrawalUnconfirmed(_ study: StudyUID, at destination: String, count: Int) -> HoldReason {
        HoldReason(
            code: inTwoStudiesCode,
            reason:
                "\(counted(count, "instance")) of it may still be shown in study \(study) at '\(destination)', which "
                + "has not confirmed the withdrawal",
            remedy: "It follows there by itself once that is confirmed; kosgate destinations and kosgate dead-letters "
                + "tell what is in the way.", isReleasable: true)
    }

    static func ofOtherPatientElsewhere(source: String, count: Int) -> HoldReason {
        HoldReason(
            code: inTwoStudiesCode,
            reason: "\(count) of its instances also came from \(source), under another patient",
            remedy:
                "Find out whose they are and correct the PACS that is wrong; kosgate release publishes this one too.",
            isReleasable: true)
    }

    static func quarantined(_ count: Int) -> HoldReason {
        HoldReason(
            code: "quarantined",
            reason: "\(counted(count, "instance")) came again after they were rejected; nothing else is live",
            remedy: "kosgate release publishes them, if the PACS corrected them.", isReleasable: true)
    }

    static let manifestFaultyCode = "pacs-manifest-faulty"

    static func manifestFaulty(_ findings: [Finding]) -> HoldReason {
        // Where, not what: a value may name the patient.
        let places = findings.prefix(3).map { $0.path.isEmpty ? "the whole" : $0.path }.joined(separator: ", ")
        return HoldReason(
            code: manifestFaultyCode,
            reason:
                "the manifest that the PACS made has \(counted(findings.count, "fault")), at \(places)\(findings.count > 3 ? "…" : "")",
            remedy: "kosgate study UID --manifest and kosgate check tell them. Correct the PACS; or "
                + "pacs_manifests = \"repair\" makes it anew. A release relays it as it is, once no other hold of the "
                + "study stands beside it.",
            isReleasable: true)
    }

    static func manifestListsRejected(_ count: Int) -> HoldReason {
        HoldReason(
            code: "pacs-manifest-lists-rejected",
            reason:
                "the manifest that the PACS made lists \(counted(count, "instance")) that a rejection note withdrew",
            remedy: "The PACS must send a manifest without them; or pacs_manifests = \"repair\" makes it anew.")
    }

    static let manifestOfOtherStudy = HoldReason(
        code: "pacs-manifest-other-study",
        reason: "the manifest that the PACS made says that it is of one study and lists instances of another: "
            + "the platform would show these there",
        remedy: "The PACS must send a manifest whose Study Instance UID is that of all its references; "
            + "or pacs_manifests = \"repair\" makes it anew.")

    static let manifestOfOtherPatient = HoldReason(
        code: "pacs-manifest-other-patient",
        reason: "the manifest that the PACS made names another patient than the instances that came",
        remedy: "The PACS must send a manifest of the patient that its instances name now; "
            + "or pacs_manifests = \"repair\" makes it anew.")

    static let manifestWithdrawnInPart = HoldReason(
        code: "pacs-manifest-withdrawn-in-part",
        reason: "a rejection note withdrew instances of the manifest that the PACS made, and they are live again",
        remedy: "The PACS must send a new manifest; or pacs_manifests = \"repair\" makes it anew.")

    static func spoolDamaged(_ place: String) -> HoldReason {
        HoldReason(
            code: "spool-damaged", reason: "\(place) cannot be read from the spool, so nothing can be withdrawn by it",
            remedy: "Check the disk; take the study off the platform by hand if it must not be shown.")
    }

    static let manifestUIDReused = HoldReason(
        code: "pacs-manifest-uid-reused",
        reason: "the PACS sent another manifest under a SOP Instance UID that it had used before",
        remedy: "Correct the PACS: a new manifest has a new UID; or pacs_manifests = \"repair\" makes it anew.")
}
