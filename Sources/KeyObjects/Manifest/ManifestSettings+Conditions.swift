public import DICOM

extension ManifestSettings {
    /// What a site asks of a study before it is published; a study that does not satisfy it is held.
    public struct Conditions: Sendable, Equatable {
        /// Issuers of the Patient ID that are neither the default nor a known one hold the study.
        public var knownIssuersOnly = false
        /// What every Patient ID must match as a whole.
        public var patientIDPattern: PatientIDPattern?
        /// A first submission names recipients.
        public var recipientsRequired = false
        /// What happens to a study whose instances differ in confidentiality (CI-SIS volet 4.3).
        public var mixedConfidentiality = MixedConfidentiality.hold
        /// An attribute that marks instances whose quality assurance is not done; a private one by its plain tag.
        public var qualityAssuranceTag: Tag?
        /// The value that marks them; nil: any value but an empty one.
        public var qualityAssuranceValue: String?
        /// A study is published with its report (platform spec 2.4.2): a text SR or an encapsulated document.
        public var waitsForReport = false
        /// Where the manifests go; nil: test identities are not looked for.
        public var environment: Environment?

        public init() {}
    }

    public enum MixedConfidentiality: String, Sendable, CaseIterable { case hold, publish }

    /// Identities of the INS have other domains in tests (T9).
    public enum Environment: String, Sendable, Equatable { case production, test }
}

/// A regular expression that a Patient ID must match from its start to its end.
public struct PatientIDPattern: Sendable, Equatable {
    public let text: String

    /// Nil where the text is no regular expression.
    public init?(_ text: String) {
        guard (try? Regex(text)) != nil else { return nil }
        self.text = text
    }

    /// Longer values are no LO (PS3.5 §6.2), and a pattern must not be made to work for ever.
    private static let longest = 64

    func matches(_ patientID: String) -> Bool {
        guard patientID.unicodeScalars.count <= Self.longest, let pattern = try? Regex(text) else { return false }
        return patientID.wholeMatch(of: pattern) != nil
    }
}
