import DICOM
import Testing

@testable import KeyObjects

struct ManifestTests {
    private func dataSet(
        _ content: ManifestContent = Study.content(), _ settings: ManifestSettings = Study.settings()
    ) throws -> DataSet {
        let file = try Study.file(content, settings)
        return try Part10File.read(file.span.bytes).dataSet
    }

    @Test func aMaincareManifestHasEveryAttributeOfThePlatformSpecification() throws {
        let manifest = try dataSet()
        let expected: [(DICOM.Tag, String)] = [
            (.specificCharacterSet, "ISO_IR 100"), (.sopClassUID, "1.2.840.10008.5.1.4.1.1.88.59"),
            (.studyDate, "20250918"), (.studyTime, "093000"), (.contentDate, "20250918"), (.contentTime, "103500"),
            (.instanceCreationDate, "20250918"), (.accessionNumber, "A1"), (.modality, "KO"),
            (.manufacturer, "Kosgate"), (.timezoneOffsetFromUTC, "+0200"), (.patientName, "DESMAUX^Nathalie"),
            (.patientID, "190036712345678"), (.issuerOfPatientID, "ASIP-SANTE-INS-NIR"),
            (.patientBirthDate, "19550615"), (.patientSex, "F"), (.studyInstanceUID, Study.studyUID),
            (.seriesNumber, "1"), (.instanceNumber, "1"), (.valueType, "CONTAINER"),
            (.continuityOfContent, "SEPARATE"),
        ]
        for (tag, value) in expected { #expect(manifest.string(tag) == value, "\(tag)") }
        #expect(manifest[.referringPhysicianName]?.isEmpty == true)
        #expect(manifest[.nameOfPhysiciansReadingStudy] == nil)
        #expect(manifest.items(.codingSchemeIdentificationSequence).count == 2)
        #expect(manifest[.referencedPerformedProcedureStepSequence]?.isEmpty == true)
        let qualifiers = manifest.items(.issuerOfPatientIDQualifiersSequence)
        #expect(qualifiers.map { $0.string(.universalEntityID) } == ["1.2.250.1.213.1.4.10"])
        #expect(qualifiers.map { $0.string(.universalEntityIDType) } == ["ISO"])
        let series = manifest.items(.currentRequestedProcedureEvidenceSequence)[0].items(.referencedSeriesSequence)[0]
        #expect(series.string(.retrieveAETitle) == "PACS_SITE")
        #expect(series.string(.retrieveLocationUID) == "1.2.250.1.999.1.2.3.4")
        #expect(manifest.items(.contentTemplateSequence)[0].string(.templateIdentifier) == "2010")
    }

    @Test func evidenceAndContentListTheSameInstancesInTheSameOrder() throws {
        let headers = (1...30).map { Study.Header(series: $0 % 3, instance: $0) }
        let document = KeyObjectDocument(try dataSet(Study.content(headers)))
        #expect(document.kind == .manifest)
        #expect(document.evidence.count == 30)
        #expect(document.evidence.map(\.sopInstanceUID) == document.references.map(\.sopInstanceUID))
    }

    @Test func theSameContentAndIdentityGiveTheSameBytes() throws {
        let headers = (1...9).map { Study.Header(instance: $0) }
        #expect(try Study.file(Study.content(headers)) == Study.file(Study.content(headers.reversed())))
    }

    @Test func implicitAndExplicitManifestsSayTheSame() throws {
        let implicit = try Study.file(transferSyntax: .implicitVRLittleEndian)
        let read = try Part10File.read(implicit.span.bytes)
        #expect(read.file.transferSyntax == .implicitVRLittleEndian)
        #expect(KeyObjectDocument(read.dataSet) == KeyObjectDocument(try dataSet()))
    }

    @Test func aDigestTellsWhetherANewVersionIsDue() throws {
        let settings = Study.settings()
        let one = try Manifest(of: Study.content(), settings: settings)
        #expect(
            try Manifest(of: Study.content([Study.Header(), Study.Header()]), settings: settings).digest == one.digest)
        let two = try Manifest(of: Study.content([Study.Header(), Study.Header(instance: 2)]), settings: settings)
        #expect(two.digest != one.digest)
        #expect(
            try Manifest(of: Study.content([Study.Header(accession: "A2")]), settings: settings).digest != one.digest)
        var newer = settings
        newer.equipment.softwareVersions = "2.0"
        #expect(try Manifest(of: Study.content(), settings: newer).digest == one.digest)
        newer.retrieve.locationUID = "1.2.3"
        #expect(try Manifest(of: Study.content(), settings: newer).digest != one.digest)
    }

    @Test func severalAccessionNumbersKeepThePrimaryInMaincareAndNoneInXDSI() throws {
        let headers = ["A1", "A2", "A1"].enumerated().map { Study.Header(instance: $0 + 1, accession: $1) }
        let maincare = try dataSet(Study.content(headers))
        #expect(maincare.string(.accessionNumber) == "A1")
        #expect(maincare.items(.requestAttributesSequence).compactMap { $0.string(.accessionNumber) } == ["A1", "A2"])
        #expect(maincare.items(.referencedRequestSequence).compactMap { $0.string(.accessionNumber) } == ["A1", "A2"])
        let xds = try dataSet(Study.content(headers), Study.settings(.xdsI))
        #expect(xds[.accessionNumber]?.isEmpty == true)
        #expect(xds[.requestAttributesSequence] == nil)
        #expect(xds.items(.referencedRequestSequence).count == 2)
    }

    @Test func aReferenceScopeCutsEvidenceAndContentAlike() throws {
        var settings = Study.settings()
        settings.references = .imagesOnly
        let headers = [Study.Header(), Study.Header(sopClass: .basicTextSR, series: 2)]
        let images = KeyObjectDocument(try dataSet(Study.content(headers), settings))
        #expect(images.evidence.count == 1)
        #expect(images.references.count == 1)
        settings.references = .all
        settings.excludedClasses = [.ctImage]
        #expect(
            KeyObjectDocument(try dataSet(Study.content(headers), settings)).evidence.map(\.sopClassUID) == [
                .basicTextSR
            ])
    }

    @Test func anAuthorAndRecipientsAreStatedOnlyWhenConfigured() throws {
        var settings = Study.settings()
        settings.author = .fixed(Study.practitioner)
        settings.recipients = [Study.practitioner, Study.structure]
        let manifest = try dataSet(Study.content(), settings)
        #expect(manifest.string(.referringPhysicianName) == "DURAND^Olivier")
        #expect(manifest.strings(.nameOfPhysiciansReadingStudy) == ["DURAND^Olivier", "CHU BESANÇON"])
        let persons = manifest.items(.physiciansReadingStudyIdentificationSequence)
        let schemes = persons.map {
            $0.items(.personIdentificationCodeSequence)[0].string(.codingSchemeDesignator)
        }
        #expect(schemes == ["99PS_IdNat", "99Struct_IdNat"])
        #expect(persons.allSatisfy { $0[.institutionName] == nil && $0.items(.institutionCodeSequence).count == 1 })
    }

    @Test func xdsIIsPossibleForAHeaderThatSaysNothing() throws {
        var header = Study.Header(patientName: "", patientID: "", birthDate: "", accession: "", studyDate: "")
        header.more = { _ in }
        var settings = ManifestSettings(profile: .xdsI)
        settings.source = "any"
        let manifest = try dataSet(Study.content([header]), settings)
        #expect(manifest[.patientID]?.isEmpty == true)
        #expect(manifest[.studyDate]?.isEmpty == true)
        let series = manifest.items(.currentRequestedProcedureEvidenceSequence)[0].items(.referencedSeriesSequence)[0]
        #expect(series.string(.retrieveAETitle) == "MODALITY")
        #expect(series[.retrieveLocationUID] == nil)
        let file = try Study.file(Study.content([header]), settings)
        #expect(try Judgement(file: file, profile: .xdsI).findings.isEmpty)
    }

    @Test func valuesThatTheirVRForbidsAreLeftOutAndNoted() throws {
        var content = Study.content()
        content.study.studyID = "longer than sixteen characters"
        content.patient.patientSex = "X"
        let manifest = try Manifest(of: content, settings: Study.settings())
        #expect(manifest.content.study.studyID == "")
        #expect(manifest.content.patient.patientSex == "")
        #expect(manifest.notes.contains(.leftOut(tag: .studyID, text: "longer than sixteen characters")))
    }

    @Test func anEqualsSignIsOnlySpecialInNames() throws {
        var content = Study.content()
        content.study.studyDescription = "côté=gauche"
        content.patient.patientName = "Léa^X=山田"
        let manifest = try Manifest(of: content, settings: Study.settings())
        #expect(manifest.content.study.studyDescription == "côté=gauche")
        #expect(manifest.content.patient.patientName == "Léa^X")
    }

    @Test func charactersThatCouldNotBeReadAreNeverDroppedInSilence() throws {
        var content = Study.content()
        content.patient.patientName = "M\u{FFFD}ller^Nora"
        let manifest = try Manifest(of: content, settings: Study.settings(.xdsI))
        let note = ManifestNote.transliterated(tag: .patientName, text: "M\u{FFFD}ller^Nora", written: "Mller^Nora")
        #expect(manifest.notes.contains(note))
        #expect(Study.holds(content) == [.invalidValue(tag: .patientName, text: "M\u{FFFD}ller^Nora")])
    }

    @Test func charactersBeyondLatin1AreTransliteratedAndNoted() throws {
        var content = Study.content()
        content.patient.patientName = "Œuvre^Zoë"
        let manifest = try Manifest(of: content, settings: Study.settings())
        #expect(manifest.content.patient.patientName == "OEuvre^Zoë")
        #expect(manifest.notes.contains(.transliterated(tag: .patientName, text: "Œuvre^Zoë", written: "OEuvre^Zoë")))
    }
}
