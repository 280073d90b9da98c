import DICOM

/// The site's own conditions, beyond what the profile demands.
extension ManifestPreparation {
    mutating func conditions(_ content: ManifestContent) {
        identity(content.patient)
        if settings.conditions.recipientsRequired, settings.writesRecipients, settings.recipients.isEmpty {
            check.hold(.recipientsMissing)
        }
        marks(content)
        if settings.conditions.waitsForReport, !content.hasReport { check.hold(.reportMissing) }
    }

    /// Of a manifest that is sent on as it was received, and of the headers that came of its study.
    mutating func conditions(_ received: ReceivedManifest, _ content: ManifestContent?, isFirst: Bool) {
        identity(received.document.patient)
        let writesRecipients = isFirst && settings.writesRecipients
        if settings.conditions.recipientsRequired, writesRecipients, !received.namesRecipients {
            check.hold(.recipientsMissing)
        }
        if let content { marks(content) }
        if settings.conditions.waitsForReport, !received.hasReport { check.hold(.reportMissing) }
    }

    private mutating func identity(_ patient: PatientAttributes) {
        let conditions = settings.conditions
        if conditions.knownIssuersOnly { knownIssuer(patient) }
        let patientID = ValueCheck.trimmed(patient.patientID)
        if let pattern = conditions.patientIDPattern, !patientID.isEmpty, !pattern.matches(patientID) {
            check.hold(.patientIDPattern(found: patientID))
        }
        environment(patient)
    }

    private mutating func marks(_ content: ManifestContent) {
        let conditions = settings.conditions
        if conditions.mixedConfidentiality == .hold, content.confidentialities.count > 1 {
            check.hold(.confidentialityMixed(content.confidentialities))
        }
        if let tag = conditions.qualityAssuranceTag {
            let wanted = conditions.qualityAssuranceValue
            for value in content.qualityAssuranceValues where wanted == nil || value == wanted {
                check.hold(.qualityAssurance(tag: tag, value: value))
            }
        }
    }

    private mutating func knownIssuer(_ patient: PatientAttributes) {
        let stated = ValueCheck.trimmed(patient.issuerOfPatientID)
        let authority = patient.issuerQualifiers?.normalized
        let oid = authority?.universalEntityID ?? ""
        let name = stated.isEmpty ? authority?.localNamespaceEntityID ?? "" : stated
        guard !name.isEmpty || !oid.isEmpty else { return }
        // Names are spelled in many ways; an OID is what it is.
        let isKnown: Bool
        if oid.isEmpty {
            let names = [settings.issuerOfPatientID, settings.issuerQualifiers?.localNamespaceEntityID ?? ""]
            isKnown = names.contains(name) || settings.knownIssuers[name] != nil
        } else {
            isKnown =
                settings.issuerQualifiers?.universalEntityID == oid
                || settings.knownIssuers.values.contains { $0.universalEntityID == oid }
        }
        if !isKnown { check.hold(.unknownIssuer(found: name, universalEntityID: oid)) }
    }

    /// INS-NIR and INS-NIA, and their domains for tests and demonstrations (T9).
    private static let realDomains: Set<String> = ["1.2.250.1.213.1.4.8", "1.2.250.1.213.1.4.9"]
    private static let testDomains: Set<String> = ["1.2.250.1.213.1.4.10", "1.2.250.1.213.1.4.11"]

    /// As the headers state it: what the configuration itself says is judged when it is read.
    private mutating func environment(_ patient: PatientAttributes) {
        guard let expected = settings.conditions.environment else { return }
        let oid = patient.issuerQualifiers?.universalEntityID ?? ""
        let wrong =
            switch expected {
            case .production: Self.testDomains
            case .test: Self.realDomains
            }
        if wrong.contains(oid) { check.hold(.wrongEnvironment(universalEntityID: oid, expected: expected)) }
    }
}
