import DICOM
import Testing

@testable import KeyObjects

struct ConditionsTests {
    private func holds(
        _ headers: [Study.Header] = [Study.Header()], _ change: (inout ManifestSettings) -> Void
    ) -> [Hold] {
        var settings = Study.settings()
        change(&settings)
        var builder = ManifestBuilder(settings: settings)
        for header in headers { _ = builder.add(header.bytes, transferSyntax: .explicitVRLittleEndian) }
        return builder.content().map { Study.holds($0, settings) } ?? []
    }

    /// A header with an element of group 0040, behind all that a header of `Study` has.
    private func marked(_ tag: DICOM.Tag, _ value: String, instance: Int = 1) -> Study.Header {
        Study.Header(instance: instance, more: { $0.element(tag, .LO, value) })
    }

    @Test func anIssuerThatNobodyKnowsHoldsTheStudyWhereTheSiteAsksForIt() throws {
        var content = Study.content([Study.Header(issuer: "ELSEWHERE")])
        content.patient.issuerQualifiers = AssigningAuthority(oid: "1.2.250.1.999.4")
        var settings = Study.settings()
        #expect(Study.holds(content, settings).isEmpty)
        settings.conditions.knownIssuersOnly = true
        let hold = Hold.unknownIssuer(found: "ELSEWHERE", universalEntityID: "1.2.250.1.999.4")
        #expect(Study.holds(content, settings) == [hold])
        #expect(hold.isReleasable)
        _ = try Manifest(of: content, settings: settings, releasing: [hold.code])
        settings.knownIssuers = ["ANY": AssigningAuthority(oid: "1.2.250.1.999.4")]
        #expect(Study.holds(content, settings).isEmpty)
        // The source's own issuer, by name or by default, is known.
        for issuer in ["", settings.issuerOfPatientID] {
            #expect(Study.holds(Study.content([Study.Header(issuer: issuer)]), settings).isEmpty)
        }
    }

    @Test func anUnknownIssuerWithoutOIDCannotBeReleased() {
        let hold = Hold.unknownIssuer(found: "ELSEWHERE", universalEntityID: "")
        let header = Study.Header(issuer: "ELSEWHERE")
        #expect(holds([header]) { $0.conditions.knownIssuersOnly = true }.contains(hold))
        #expect(!hold.isReleasable)
    }

    @Test(arguments: [("[0-9]{15}", true), ("[0-9]{14}", false), ("19.*", true), ("", false), (".*9003.*", true)])
    func aPatientIDMatchesAsAWhole(_ pattern: String, _ isGood: Bool) throws {
        let pattern = try #require(PatientIDPattern(pattern))
        let found = holds { $0.conditions.patientIDPattern = pattern }
        #expect(found == (isGood ? [] : [.patientIDPattern(found: "190036712345678")]))
        #expect(PatientIDPattern("[0-9") == nil)
    }

    @Test func aFirstSubmissionNeedsRecipientsAndAnUpdateDoesNot() {
        #expect(holds { $0.conditions.recipientsRequired = true } == [.recipientsMissing])
        #expect(
            holds {
                $0.conditions.recipientsRequired = true
                $0.writesRecipients = false
            }.isEmpty)
        #expect(
            holds {
                $0.conditions.recipientsRequired = true
                $0.recipients = [Study.structure]
            }.isEmpty)
    }

    @Test(arguments: [Tag(0x0040, 0x1008), Tag(0x0040, 0x3001)])
    func instancesThatDifferInConfidentialityAreNotPublishedTogether(_ tag: DICOM.Tag) {
        let secret = marked(tag, "R")
        let open = Study.Header(instance: 2)
        #expect(holds([secret, open]) { _ in } == [.confidentialityMixed(["", "R"])])
        #expect(holds([secret, marked(tag, "R", instance: 2)]) { _ in }.isEmpty)
        #expect(holds([secret, marked(tag, "V", instance: 2)]) { _ in } == [.confidentialityMixed(["R", "V"])])
        #expect(holds([secret, open]) { $0.conditions.mixedConfidentiality = .publish }.isEmpty)
    }

    /// Behind everything else that a manifest reads, and in a private group.
    @Test(arguments: [Tag(0x0040, 0xB001), Tag(0x0043, 0x1001), Tag(0x2100, 0x0010)])
    func anInstanceOfUnfinishedQualityAssuranceHoldsTheStudy(_ tag: DICOM.Tag) {
        let header = marked(tag, "PENDING")
        #expect(holds([header]) { _ in }.isEmpty)
        let hold = Hold.qualityAssurance(tag: tag, value: "PENDING")
        #expect(holds([header]) { $0.conditions.qualityAssuranceTag = tag } == [hold])
        #expect(holds([marked(tag, "")]) { $0.conditions.qualityAssuranceTag = tag }.isEmpty)
        for (value, expected) in [("PENDING", [hold]), ("DONE", [])] {
            #expect(
                holds([header]) {
                    $0.conditions.qualityAssuranceTag = tag
                    $0.conditions.qualityAssuranceValue = value
                } == expected)
        }
    }

    @Test(arguments: [
        (SOPClassUID.basicTextSR, true), (.encapsulatedPDF, true), (SOPClassUID("1.2.840.10008.5.1.4.1.1.88.33"), true),
        (SOPClassUID("1.2.840.10008.5.1.4.1.1.88.67"), false), (SOPClassUID("1.2.840.10008.5.1.4.1.1.88.50"), false),
        (.ctImage, false),
    ])
    func aStudyWaitsForItsReport(_ sopClass: SOPClassUID, _ isReport: Bool) {
        let headers = [Study.Header(), Study.Header(sopClass: sopClass, series: 2)]
        #expect(holds(headers) { $0.conditions.waitsForReport = true } == (isReport ? [] : [.reportMissing]))
    }

    @Test(arguments: [
        ("1.2.250.1.213.1.4.8", ManifestSettings.Environment.test, false), ("1.2.250.1.213.1.4.9", .test, false),
        ("1.2.250.1.213.1.4.10", .production, false), ("1.2.250.1.213.1.4.11", .production, false),
        ("1.2.250.1.213.1.4.8", .production, true), ("1.2.250.1.213.1.4.10", .test, true),
        ("1.2.250.1.999.3", .production, true), ("1.2.250.1.999.3", .test, true),
    ])
    func aTestIdentityIsNotPublishedInProductionNorTheReverse(
        _ oid: String, _ environment: ManifestSettings.Environment, _ isGood: Bool
    ) {
        let hold = Hold.wrongEnvironment(universalEntityID: oid, expected: environment)
        var content = Study.content([Study.Header(issuer: "INS")])
        content.patient.issuerQualifiers = AssigningAuthority(oid: oid)
        var settings = Study.settings()
        #expect(Study.holds(content, settings).isEmpty)
        settings.conditions.environment = environment
        #expect(Study.holds(content, settings) == (isGood ? [] : [hold]))
        #expect(!hold.isReleasable)
    }

    @Test func aReleaseCuresWhatItNamesAndNothingThatIsIllegal() throws {
        var settings = Study.settings()
        settings.conditions.waitsForReport = true
        settings.conditions.recipientsRequired = true
        let content = Study.content()
        #expect(throws: HoldReasons(holds: [.recipientsMissing])) {
            try Manifest(of: content, settings: settings, releasing: ["report-missing"])
        }
        let codes: Set<String> = ["report-missing", "recipients-missing", "accession-number-missing"]
        _ = try Manifest(of: content, settings: settings, releasing: codes)
        #expect(throws: HoldReasons(holds: [.accessionNumberMissing])) {
            try Manifest(of: Study.content([Study.Header(accession: "")]), settings: settings, releasing: codes)
        }
    }

    @Test func eachReasonSaysWhatAndHow() {
        let all: [Hold] = [
            .unknownIssuer(found: "A", universalEntityID: ""), .patientIDPattern(found: "1"), .recipientsMissing,
            .confidentialityMixed(["", "R"]), .qualityAssurance(tag: Tag(0x0043, 0x1001), value: "P"), .reportMissing,
            .wrongEnvironment(universalEntityID: "1.2", expected: .test),
        ]
        #expect(Set(all.map(\.code)).count == all.count)
        for hold in all {
            #expect(hold.reason.hasSuffix("."))
            #expect(hold.remedy.hasSuffix("."))
        }
    }
}
