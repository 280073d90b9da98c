public import DICOM

/// What a manifest of the study would state now.
public struct Desired: Hashable, Sendable {
    public var patient: PatientKey
    /// Over all that the manifest states, identity and recipients apart.
    public var digest: String
    /// The same without the references.
    public var attributesDigest: String
    public var references: Set<InstanceUID>

    public init(patient: PatientKey, digest: String, attributesDigest: String, references: Set<InstanceUID>) {
        self.patient = patient
        self.digest = digest
        self.attributesDigest = attributesDigest
        self.references = references
    }
}

/// What is true of a study now, whatever a destination holds of it.
public enum Truth {
    /// Of what a manifest lists and this one does not, only what is `gone` is withdrawn: what is merely no longer listed
    /// is not rejected, and no note says of it what nobody said.
    case manifest(Desired, gone: (InstanceUID) -> Bool)
    /// No instance is live.
    case nothing
    /// The study is held: nothing may be published of it, but what is `gone` must still be withdrawn.
    case undecided(gone: (InstanceUID) -> Bool)
}

/// How a destination is told that references are no longer true.
public enum Removal: String, CaseIterable, Sendable {
    /// By a rejection note, awaited, and then by a manifest without them: right for a destination that takes a later
    /// manifest as a replacement and for one that takes it as an addition.
    case iocmAndKOS = "iocm+kos"
    /// By a rejection note alone, unless something else changed too.
    case iocm
    /// By a manifest without them; a rejection note only where no manifest can say it: nothing is live, the patient is
    /// another one, or the study is held.
    case kos
}
