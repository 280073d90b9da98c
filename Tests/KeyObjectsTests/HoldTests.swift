import DICOM
import Testing

@testable import KeyObjects

struct HoldTests {
    private func header(_ change: (inout Study.Header) -> Void) -> ManifestContent {
        var header = Study.Header()
        change(&header)
        return Study.content([header])
    }

    @Test func whatMaincareDemandsAndTheHeadersDoNotSayHoldsTheStudy() {
        #expect(Study.holds(header { $0.patientName = "" }) == [.patientNameMissing])
        #expect(Study.holds(header { $0.patientID = "" }).contains(.patientIDMissing))
        #expect(Study.holds(header { $0.birthDate = "" }) == [.patientBirthDateMissing(found: "")])
        #expect(Study.holds(header { $0.birthDate = "19551315" }) == [.patientBirthDateMissing(found: "19551315")])
        #expect(Study.holds(header { $0.accession = "" }) == [.accessionNumberMissing])
        #expect(Study.holds(header { $0.studyDate = "" }) == [.studyDateMissing])
    }

    @Test(arguments: ["^^^^", "=", "^=^", " ^ "])
    func delimitersAloneAreNoName(name: String) throws {
        let content = header { $0.patientName = name }
        #expect(Study.holds(content) == [.patientNameMissing])
        let manifest = try Manifest(of: content, settings: Study.settings(.xdsI))
        #expect(manifest.content.patient.patientName == "")
    }

    @Test func ofSeveralPatientIDsNoneIsTaken() throws {
        #expect(Study.holds(header { $0.patientID = "P\\Q" }) == [.invalidValue(tag: .patientID, text: "P\\Q")])
        let two = Study.content([Study.Header(patientID: "P\\Q"), Study.Header(instance: 2, patientID: "P\\R")])
        #expect(Study.holds(two).contains { if case .twoPatients = $0 { true } else { false } })
    }

    @Test func whatMaincareDemandsOfTheConfigurationHoldsTheStudy() {
        var settings = Study.settings()
        settings.retrieve = .init()
        #expect(Set(Study.holds(Study.content(), settings)) == [.retrieveAETitleMissing, .retrieveLocationUIDMissing])
        settings = Study.settings()
        settings.issuerQualifiers = nil
        #expect(Study.holds(Study.content(), settings) == [.issuerOfPatientIDMissing(found: "")])
    }

    @Test func anIssuerWithoutOIDIsOnlyCompletedByWhatIsKnownOfIt() throws {
        let named = header { $0.issuer = "HOSPITAL" }
        #expect(Study.holds(named) == [.issuerOfPatientIDMissing(found: "HOSPITAL")])
        var settings = Study.settings()
        settings.knownIssuers = ["HOSPITAL": AssigningAuthority(oid: "1.2.250.1.999.3")]
        let manifest = try Manifest(of: named, settings: settings)
        #expect(manifest.content.patient.issuerOfPatientID == "HOSPITAL")
        #expect(manifest.content.patient.issuerQualifiers?.universalEntityID == "1.2.250.1.999.3")
    }

    @Test func aNameThatLatin1CannotStateHoldsTheStudyAndNamesTheCharacters() throws {
        let content = header {
            $0.characterSet = "ISO_IR 192"
            $0.patientName = "山田^太郎"
        }
        guard case .notEncodable(let tag, let text, let characters)? = Study.holds(content).first else {
            Issue.record("not held")
            return
        }
        #expect(tag == .patientName)
        #expect(text == "山田^太郎")
        #expect(Set(characters) == ["山", "田", "太", "郎"])
        #expect(Study.holds(content, Study.settings(.xdsI)).isEmpty)
        var utf8 = Study.settings()
        utf8.characterSet = .utf8
        #expect(Study.holds(content, utf8).isEmpty)
    }

    @Test func anIllegalUIDHoldsTheStudyInEveryProfile() {
        let content = header { $0.instanceUID = "1.2.03" }
        for profile in ManifestProfile.all {
            #expect(
                Study.holds(content, Study.settings(profile))
                    == [.invalidUID(tag: .referencedSOPInstanceUID, text: "1.2.03")])
        }
    }

    @Test func aStudyWithNothingToListIsHeld() {
        var settings = Study.settings()
        settings.excludedClasses = [.ctImage]
        #expect(Study.holds(Study.content(), settings) == [.noListableInstance])
    }

    @Test func allReasonsComeAtOnceAndEachSaysWhatAndHow() {
        let holds = Study.holds(
            header {
                $0.patientName = ""
                $0.accession = ""
                $0.birthDate = ""
            })
        #expect(holds.count == 3)
        for hold in holds {
            #expect(hold.reason.hasSuffix("."))
            #expect(hold.remedy.hasSuffix("."))
            #expect(!hold.code.isEmpty)
            #expect(hold.tag != nil)
        }
    }

    @Test func aStudyOfIllegalInstancesGivesAFewReasonsNotThousands() {
        let headers = (1...200).map { Study.Header(instance: $0, instanceUID: "1.2.0\($0)") }
        #expect(Study.holds(Study.content(headers)).count == 50)
    }
}
