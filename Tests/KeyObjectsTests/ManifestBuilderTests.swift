import DICOM
import Testing

@testable import KeyObjects

struct ManifestBuilderTests {
    private func add(_ header: Study.Header, to builder: inout ManifestBuilder) -> ManifestBuilder.Addition {
        builder.add(header.bytes, transferSyntax: .explicitVRLittleEndian, callingAETitle: AETitle("CT1"))
    }

    @Test func theFactsOfAHeaderBecomeContent() throws {
        let content = try #require(Study.builder([Study.Header(patientName: "LÉONE^Zoë")]).content())
        #expect(content.patient.patientName == "LÉONE^Zoë")
        #expect(content.patient.patientID == "190036712345678")
        #expect(content.study.studyInstanceUID.text == Study.studyUID)
        #expect(content.study.studyDate == "20250918")
        #expect(content.study.studyTime == "093000")
        #expect(content.study.accessionNumber == "A1")
        #expect(content.study.studyDescription == "Scanner, contrôle")
        #expect(content.series.map(\.seriesNumber) == [1])
        #expect(content.series[0].callingAETitle == AETitle("MODALITY"))
        #expect(content.series[0].instances.map(\.valueType) == [.image])
        #expect(content.otherPatients.isEmpty)
    }

    /// Key object documents are kept whole: what lies behind a long value is found all the same.
    @Test func aKeyImageNoteWithALongValueIsListed() throws {
        var out = DataSetWriter(encoding: .explicitVRLittleEndian)
        out.element(.sopClassUID, SOPClassUID.keyObjectSelectionDocument)
        out.element(.sopInstanceUID, .UI, "\(Study.studyUID).9.1")
        out.element(DICOM.Tag(0x0009, 0x1001), .OB, bytes: [UInt8](repeating: 1, count: 20_000))
        out.element(.patientID, .LO, "P7")
        out.element(.studyInstanceUID, .UI, Study.studyUID)
        out.element(.seriesInstanceUID, .UI, "\(Study.studyUID).9")
        var builder = ManifestBuilder()
        #expect(builder.add(out.finish(), transferSyntax: .explicitVRLittleEndian) == .listed)
        #expect(try #require(builder.content()).series.map(\.seriesInstanceUID.text) == ["\(Study.studyUID).9"])
    }

    @Test func seriesAndInstancesAreInTheOrderOfTheirNumbersWhateverArrivesFirst() throws {
        let headers = [(2, 10), (1, 2), (2, 9), (1, 1)].map { Study.Header(series: $0.0, instance: $0.1) }
        let content = try #require(Study.builder(headers).content())
        #expect(content.series.map(\.seriesNumber) == [1, 2])
        #expect(content.series.flatMap(\.instances).map(\.instanceNumber) == [1, 2, 9, 10])
        #expect(content == Study.builder(headers.reversed()).content())
    }

    @Test func theSameInstanceAgainChangesNothing() {
        var builder = ManifestBuilder()
        #expect(add(Study.Header(), to: &builder) == .listed)
        #expect(add(Study.Header(), to: &builder) == .unchanged)
        #expect(builder.instanceCount == 1)
    }

    @Test func aChangedInstanceReplacesTheOldOneAndItsFacts() throws {
        var builder = ManifestBuilder()
        _ = add(Study.Header(accession: "OLD"), to: &builder)
        #expect(add(Study.Header(accession: "NEW"), to: &builder) == .changed(from: nil))
        let content = try #require(builder.content())
        #expect(content.study.accessionNumber == "NEW")
        #expect(content.requests.map(\.accessionNumber) == ["NEW"])
    }

    @Test func anInstanceThatMovesToAnotherSeriesIsListedOnceInTheNewest() throws {
        var builder = ManifestBuilder()
        _ = add(Study.Header(series: 1, instanceUID: "1.2.3"), to: &builder)
        let addition = add(Study.Header(series: 2, instanceUID: "1.2.3"), to: &builder)
        #expect(addition == .changed(from: SeriesUID("\(Study.studyUID).1")))
        #expect(try #require(builder.content()).series.map(\.seriesNumber) == [2])
    }

    @Test func twoPatientsInOneStudyAreNeverMixed() throws {
        let content = try #require(
            Study.builder([Study.Header(), Study.Header(instance: 2, patientID: "OTHER")]).content())
        #expect(content.otherPatients.map(\.patientID) == ["OTHER"])
        #expect(Study.holds(content) == [.twoPatients([content.patient.key] + content.otherPatients)])
    }

    @Test func anotherSpellingOfTheNameIsNoOtherPatientAndAnotherBirthDateWithItIsOne() throws {
        let spelled = Study.Header(instance: 2, patientName: "DESMAUX^NATHALIE")
        let builder = Study.builder([Study.Header(), spelled])
        #expect(try #require(builder.content()).otherPatients.isEmpty)
        #expect(
            builder.notes == [
                .disagreement(tag: .patientName, taken: "DESMAUX^Nathalie", others: ["DESMAUX^NATHALIE"])
            ])
        var other = spelled
        other.birthDate = "19010101"
        #expect(try #require(Study.builder([Study.Header(), other]).content()).otherPatients.count == 1)
    }

    @Test func ofSeveralAccessionNumbersTheMostSharedIsTheStudysAndTheLowestOfEquals() throws {
        let shared = ["B", "B", "A"].enumerated().map { Study.Header(instance: $0 + 1, accession: $1) }
        let content = try #require(Study.builder(shared).content())
        #expect(content.study.accessionNumber == "B")
        #expect(content.requests.map(\.accessionNumber) == ["A", "B"])
        #expect(try #require(Study.builder(Array(shared.dropFirst())).content()).study.accessionNumber == "A")
    }

    @Test func requestAttributesCompleteTheAccessionNumberTheyBelongTo() throws {
        let detailed = Study.Header(
            instance: 2,
            more: { out in
                out.beginSequence(.requestAttributesSequence)
                out.beginItem()
                out.element(.requestedProcedureDescription, .LO, "TDM thorax")
                out.element(.requestedProcedureID, .SH, "RP1")
                out.endItem()
                out.endSequence()
            })
        let content = try #require(Study.builder([Study.Header(), detailed]).content())
        #expect(content.requests.count == 1)
        #expect(content.requests[0].accessionNumber == "A1")
        #expect(content.requests[0].requestedProcedureID == "RP1")
        #expect(content.requests[0].requestedProcedureDescription == "TDM thorax")
    }

    @Test func theAccessionNumberOfTheDataSetIsARequestBesideThoseOfItsItems() throws {
        let header = Study.Header(more: { out in
            out.beginSequence(.requestAttributesSequence)
            out.beginItem()
            out.element(.accessionNumber, .SH, "A2")
            out.endItem()
            out.endSequence()
        })
        let content = try #require(Study.builder([header]).content())
        #expect(content.requests.map(\.accessionNumber) == ["A1", "A2"])
    }

    @Test func severalValuesOfAccessionNumberAreAsManyRequests() throws {
        let headers = [Study.Header(accession: "B\\A\\\\B"), Study.Header(instance: 2, accession: "B\\A")]
        let content = try #require(Study.builder(headers).content())
        #expect(content.requests.map(\.accessionNumber) == ["A", "B"])
        #expect(content.study.accessionNumber == "A")
        let manifest = try Manifest(of: content, settings: Study.settings())
        #expect(manifest.notes.contains(.severalAccessionNumbers(["A", "B"], chosen: "A")))
        let shared = headers + [Study.Header(instance: 3, accession: "B")]
        #expect(try #require(Study.builder(shared).content()).study.accessionNumber == "B")
    }

    /// Request Attributes Sequence with an item for each pair of accession number and requested procedure.
    private func grouped(_ items: [(number: String, procedure: String)]) -> Study.Header {
        Study.Header(
            accession: "A\\B",
            more: { out in
                out.beginSequence(.requestAttributesSequence)
                for item in items {
                    out.beginItem()
                    if !item.number.isEmpty { out.element(.accessionNumber, .SH, item.number) }
                    out.element(.requestedProcedureID, .SH, item.procedure)
                    out.endItem()
                }
                out.endSequence()
            })
    }

    @Test(arguments: [
        ([("A\\C", "RP")], ["A RP", "B ", "C RP"]), ([("", "RP")], ["A RP", "B RP"]),
        ([("A", "RP1"), ("B", "RP2")], ["A RP1", "B RP2"]),
        ([("", "RP1"), ("", "RP2")], [" RP1", " RP2", "A ", "B "]),
        ([("A", "RP1"), ("", "RP2")], ["A RP1", "B RP2"]),
    ])
    func theItemsOfAGroupedProcedureSayWhichNumberIsTheirs(_ items: [(String, String)], _ stated: [String]) throws {
        let content = try #require(Study.builder([grouped(items.map { ($0.0, $0.1) })]).content())
        #expect(content.requests.map { "\($0.accessionNumber) \($0.requestedProcedureID)" } == stated)
        #expect(content.study.accessionNumber == "A")
    }

    @Test func ofAnAttributeWithSeveralValuesTheFirstIsTakenAndTheOthersAreNoted() throws {
        let header = Study.Header(patientName: "DUR\\AND", issuer: "A\\")
        let builder = Study.builder([header, Study.Header(instance: 2, patientName: "DUR\\AND")])
        #expect(try #require(builder.content()).patient.patientName == "DUR")
        #expect(builder.notes == [.severalValues(tag: .patientName, taken: "DUR", others: ["AND"])])
    }

    @Test func identifiersBehindAHighTagAreFound() {
        var out = DataSetWriter(encoding: .explicitVRLittleEndian)
        out.element(Tag(0x0041, 0x1010), .LO, "private, and in front of everything")
        var builder = ManifestBuilder()
        let header = out.finish() + Study.Header().bytes
        #expect(builder.add(header, transferSyntax: .explicitVRLittleEndian) == .listed)
        #expect(builder.content()?.patient.patientID == "190036712345678")
    }

    @Test func manyRequestsOfOneNumberCostNoMoreThanTheirNumber() throws {
        let count = 20_000
        let header = Study.Header(more: { out in
            out.beginSequence(.requestAttributesSequence)
            for index in 0..<count {
                out.beginItem()
                out.element(.requestedProcedureID, .SH, "RP\(index)")
                out.endItem()
            }
            out.endSequence()
        })
        var content: ManifestContent?
        let duration = ContinuousClock().measure { content = Study.builder([header]).content() }
        #expect(content?.requests.count == count)
        #expect(duration < .seconds(30))
    }

    @Test func aStudyWithoutDateHasThatOfItsEarliestSeries() throws {
        let headers = [
            Study.Header(instance: 1, studyDate: "", seriesDate: "20250919"),
            Study.Header(series: 2, studyDate: "", seriesDate: "20250917"),
        ]
        #expect(try #require(Study.builder(headers).content()).study.studyDate == "20250917")
    }

    @Test(arguments: [
        (SOPClassUID.ctImage, ValueType.image), (.twelveLeadECGWaveform, .waveform), (.basicTextSR, .composite),
        (.rtDose, .composite), (SOPClassUID("1.2.840.10008.5.1.4.1.1.66.4"), .image),
        (SOPClassUID("1.2.840.113619.4.30"), .composite),
    ])
    func theValueTypeFollowsTheClass(_ sopClass: SOPClassUID, _ type: ValueType) throws {
        let content = try #require(Study.builder([Study.Header(sopClass: sopClass)]).content())
        #expect(content.series[0].instances[0].valueType == type)
    }

    @Test func aPrivateClassWithPixelsIsAnImageUnlessConfiguredOtherwise() throws {
        let sopClass = SOPClassUID("1.2.840.113619.4.30")
        let header = Study.Header(
            sopClass: sopClass,
            more: { out in
                out.element(.photometricInterpretation, .CS, "MONOCHROME2")
                out.element(.rows, uint16: 64)
                out.element(.columns, uint16: 32)
            })
        let reference = try #require(Study.builder([header]).content()).series[0].instances[0]
        #expect(reference.valueType == .image)
        #expect(Study.builder([header]).notes == [.unknownClass(sopClass, .image)])
        #expect(reference.rows == 64)
        #expect(reference.columns == 32)
        var configured = ManifestBuilder(valueTypes: [sopClass: .composite])
        _ = add(header, to: &configured)
        #expect(try #require(configured.content()).series[0].instances[0].valueType == .composite)
    }

    private func keyObject(_ title: Code, instance: Int = 7) -> Study.Header {
        Study.Header(
            sopClass: .keyObjectSelectionDocument, series: 9, instance: instance,
            more: { out in
                out.beginSequence(.conceptNameCodeSequence)
                out.beginItem()
                out.element(.codeValue, .SH, title.value)
                out.element(.codingSchemeDesignator, .SH, title.scheme)
                out.element(.codeMeaning, .LO, title.meaning)
                out.endItem()
                out.endSequence()
            })
    }

    @Test func manifestsAndRejectionNotesAreNotListedAndKeyImageNotesAre() throws {
        var builder = Study.builder([Study.Header()])
        let rejection = Code("113037", "DCM", "Rejet")
        #expect(add(keyObject(.manifest, instance: 1), to: &builder) == .excluded(.manifest(.manifest)))
        #expect(add(keyObject(rejection, instance: 2), to: &builder) == .excluded(.rejectionNote(rejection)))
        #expect(add(keyObject(Code("113000", "DCM", "Of Interest"), instance: 3), to: &builder) == .listed)
        let references = try #require(builder.content()).series.flatMap(\.instances)
        #expect(references.map(\.valueType) == [.image, .composite])
    }

    @Test func classesOfNoPatientAreNotListed() {
        var builder = ManifestBuilder()
        let palette = SOPClassUID("1.2.840.10008.5.1.4.39.1")
        #expect(add(Study.Header(sopClass: palette), to: &builder) == .excluded(.notOfAPatient(palette)))
        #expect(builder.content() == nil)
    }

    @Test func aHeaderThatIsNoInstanceOfThisStudySaysWhy() {
        var builder = Study.builder([Study.Header()])
        let none: [UInt8] = []
        #expect(builder.add(none, transferSyntax: .explicitVRLittleEndian) == .unusable(.missing(.sopClassUID)))
        #expect(add(Study.Header(study: "1.2.9"), to: &builder) == .unusable(.otherStudy(StudyUID("1.2.9"))))
        #expect(
            add(Study.Header(sopClass: .verification, instance: 4), to: &builder)
                == .unusable(.notStorage(.verification)))
        #expect(builder.instanceCount == 1)
    }

    @Test func aRemovedInstanceIsForgottenWithItsFacts() throws {
        var builder = Study.builder([
            Study.Header(), Study.Header(instance: 2, accession: "A2"), Study.Header(instance: 3),
        ])
        builder.remove(InstanceUID("\(Study.studyUID).1.2"))
        let content = try #require(builder.content())
        #expect(content.instanceCount == 2)
        #expect(content.requests.map(\.accessionNumber) == ["A1"])
        for instance in [1, 3] { builder.remove(InstanceUID("\(Study.studyUID).1.\(instance)")) }
        #expect(builder.content() == nil)
    }

    @Test func nothingIsLeftOfWhatAnInstanceSaidThatIsGone() throws {
        let unknown = SOPClassUID("1.2.840.113619.4.30")
        let gone = Study.Header(sopClass: unknown, instance: 9, studyDate: "", seriesDate: "20240101")
        let stays = Study.Header(
            studyDate: "", seriesDate: "20250917", more: { $0.element(Tag(0x0041, 0x1001), .LO, "x") })
        let expected = try #require(Study.builder([stays]).content())
        var removed = Study.builder([gone, stays])
        #expect(removed.notes.count == 1)
        removed.remove(InstanceUID(gone.uid))
        #expect(removed.content() == expected)
        #expect(removed.notes.isEmpty)
        var replaced = Study.builder([gone, stays])
        var corrected = stays
        corrected.instanceUID = gone.uid
        corrected.instance = 9
        #expect(replaced.add(corrected.bytes, transferSyntax: .explicitVRLittleEndian) == .changed(from: nil))
        #expect(replaced.notes.isEmpty)
        #expect(try #require(replaced.content()).study.studyDate == "20250917")
    }

    @Test func aSeriesIsDescribedByItsLiveInstances() throws {
        let wrong = Study.Header(more: { $0.element(Tag(0x0020, 0x0060), .CS, "L") })
        let right = Study.Header(instance: 2, more: { $0.element(Tag(0x0020, 0x0060), .CS, "R") })
        var builder = Study.builder([wrong, right])
        #expect(try #require(builder.content()).series.map(\.laterality) == ["L"])
        builder.remove(InstanceUID(wrong.uid))
        #expect(try #require(builder.content()).series.map(\.laterality) == ["R"])
    }

    @Test func theHeaderAddedLastIsTold() throws {
        var builder = ManifestBuilder()
        #expect(builder.latest == nil)
        _ = add(Study.Header(issuer: "HOSPITAL", accession: "B\\A"), to: &builder)
        let first = try #require(builder.latest)
        #expect(first.sopInstanceUID.text == "\(Study.studyUID).1.1")
        #expect(first.seriesInstanceUID.text == "\(Study.studyUID).1")
        #expect(first.sopClassUID == .ctImage)
        #expect(first.patient == PatientKey(patientID: "190036712345678", issuer: "HOSPITAL"))
        #expect(first.accessionNumber == "B\\A")
        _ = add(keyObject(.manifest), to: &builder)
        #expect(builder.latest?.sopClassUID == .keyObjectSelectionDocument)
        #expect(builder.latest?.accessionNumber == "A1")
        _ = add(Study.Header(study: "1.2.9"), to: &builder)
        #expect(builder.latest == nil)
    }

    @Test func aDamagedHeaderIsReadUpToTheDamage() {
        let bytes = Study.Header().bytes
        for length in 0..<bytes.count {
            var builder = ManifestBuilder()
            _ = builder.add(Array(bytes[..<length]), transferSyntax: .explicitVRLittleEndian)
            #expect(builder.instanceCount <= 1)
        }
    }
}
