import DICOM

/// The site's own conditions, beyond what the profile demands.
extension ManifestPreparation {
    mutating func conditions(_ content: ManifestContent) {
        let conditions = settings.conditions
        if conditions.knownIssuersOnly { knownIssuer(content.patient) }
        let patientID = ValueCheck.trimmed(content.patient.patientID)
        if let pattern = conditions.patientIDPattern, !patientID.isEmpty, !pattern.matches(patientID) {
            check.hold(.patientIDPattern(found: patientID))
        }
        if conditions.recipientsRequired, settings.writesRecipients, settings.recipients.isEmpty {
            check.hold(.recipientsMissing)
        }
        if conditions.mixedConfidentiality == .hold, content.confidentialities.count > 1 {
            check.hold(.confidentialityMixed(content.confidentialities))
        }
        if let tag = conditions.qualityAssuranceTag {
            let wanted = conditions.qualityAssuranceValue
            for value in content.qualityAssuranceValues where wanted == nil || value == wanted {
                check.hold(.qualityAssurance(tag: tag, value: value))
            }
        }
        if conditions.waitsForReport, !content.hasReport { check.hold(.reportMissing) }
        environment(content.patient)
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
