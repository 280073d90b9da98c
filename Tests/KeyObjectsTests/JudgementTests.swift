import DICOM
import Testing

@testable import KeyObjects

/// Our own manifest with one defect each: the judge names it, where it is, and how to cure it.
struct JudgementTests {
    typealias Elements = [DataSet.Element]

    /// A document under both profiles' eyes, as elements to spoil.
    private static func manifest(_ profile: ManifestProfile = .maincare) throws -> DataSet {
        let headers = [
            Study.Header(), Study.Header(instance: 2), Study.Header(sopClass: .basicTextSR, series: 2),
        ]
        var settings = Study.settings(profile)
        settings.language = .code()
        settings.author = .fixed(Study.practitioner)
        settings.recipients = [Study.practitioner, Study.structure]
        settings.observer = .device(uid: "1.2.250.1.999.7", name: "Passerelle")
        let file = try Study.file(Study.content(headers), settings)
        return try Part10File.read(file.span.bytes).dataSet
    }

    /// The data set with one element replaced (nil: left out), wherever a path of tags and item numbers leads.
    private static func changed(
        _ dataSet: DataSet, _ path: [(DICOM.Tag, Int)], _ tag: DICOM.Tag, _ value: DataSet.Value?, vr: VR = .LO
    ) -> DataSet {
        var elements = dataSet.elements
        if let (step, number) = path.first {
            guard let index = elements.firstIndex(where: { $0.tag == step }),
                case .items(var items) = elements[index].value, items.indices.contains(number)
            else { return dataSet }
            items[number] = changed(items[number], Array(path.dropFirst()), tag, value, vr: vr)
            elements[index] = .init(step, .SQ, .items(items), offset: elements[index].offset)
            return DataSet(elements)
        }
        let old = elements.first { $0.tag == tag }
        elements.removeAll { $0.tag == tag }
        if let value {
            let index = elements.firstIndex { $0.tag > tag } ?? elements.endIndex
            elements.insert(.init(tag, old?.vr ?? vr, value, offset: old?.offset ?? 0), at: index)
        }
        return DataSet(elements)
    }

    private static func bytes(_ text: String) -> DataSet.Value { .bytes(Array(text.utf8)) }

    struct Defect: Sendable, CustomTestStringConvertible {
        let name: String
        var path: [(DICOM.Tag, Int)] = []
        let tag: DICOM.Tag
        var value: DataSet.Value?
        var vr = VR.LO
        var severity = Finding.Severity.error
        /// Under xds-i, where it differs; nil there: no finding.
        var isMaincareOnly = false
        var testDescription: String { name }
    }

    static let series: [(DICOM.Tag, Int)] = [
        (.currentRequestedProcedureEvidenceSequence, 0), (.referencedSeriesSequence, 0),
    ]
    static let qualifiers: [(DICOM.Tag, Int)] = [(.issuerOfPatientIDQualifiersSequence, 0)]
    static let request: [(DICOM.Tag, Int)] = [(.referencedRequestSequence, 0)]
    static let language: [(DICOM.Tag, Int)] = [(.contentSequence, 0)]
    /// The first reference in the content, behind language and three items of observer context.
    static let reference: [(DICOM.Tag, Int)] = [(.contentSequence, 4)]
    static let author: [(DICOM.Tag, Int)] = [(.referringPhysicianIdentificationSequence, 0)]

    static let defects: [Defect] = [
        Defect(name: "no SOP class", tag: .sopClassUID),
        Defect(name: "no SOP instance", tag: .sopInstanceUID),
        Defect(name: "modality CT", tag: .modality, value: bytes("CT")),
        Defect(name: "no patient name", tag: .patientName, value: .bytes([]), isMaincareOnly: true),
        Defect(name: "patient name absent", tag: .patientName),
        Defect(name: "no birth date", tag: .patientBirthDate, value: .bytes([]), isMaincareOnly: true),
        Defect(name: "no date at all", tag: .patientBirthDate, value: bytes("1955 ")),
        Defect(name: "sex", tag: .patientSex, value: bytes("X")),
        Defect(name: "no issuer", tag: .issuerOfPatientID, isMaincareOnly: true),
        Defect(name: "no qualifiers", tag: .issuerOfPatientIDQualifiersSequence, isMaincareOnly: true),
        Defect(name: "entity ID without type", path: qualifiers, tag: .universalEntityIDType),
        Defect(name: "entity ID type INS-C", path: qualifiers, tag: .universalEntityIDType, value: bytes("INS-C ")),
        Defect(
            name: "obsolete INS-C", path: qualifiers, tag: .universalEntityID, value: bytes("1.2.250.1.213.1.4.2"),
            severity: .warning),
        Defect(
            name: "local namespace empty", path: qualifiers, tag: .localNamespaceEntityID, value: .bytes([]), vr: .UT),
        Defect(name: "accession number empty", tag: .accessionNumber, value: .bytes([]), isMaincareOnly: true),
        Defect(name: "accession number absent", tag: .accessionNumber),
        Defect(name: "accession number too long", tag: .accessionNumber, value: bytes("12345678901234567 ")),
        Defect(name: "no content date", tag: .contentDate, value: .bytes([])),
        Defect(name: "no series number", tag: .seriesNumber),
        Defect(name: "no instance number", tag: .instanceNumber),
        Defect(name: "no performed procedure step", tag: .referencedPerformedProcedureStepSequence),
        Defect(name: "character set", tag: .specificCharacterSet, value: bytes("ISO_IR 101"), isMaincareOnly: true),
        Defect(name: "coding schemes", tag: .codingSchemeIdentificationSequence, isMaincareOnly: true),
        Defect(name: "question mark", tag: .patientName, value: bytes("?UKASZ^X"), severity: .warning),
        Defect(name: "illegal study", tag: .studyInstanceUID, value: bytes("1.2.03")),
        Defect(name: "other study", tag: .studyInstanceUID, value: bytes("1.2.3")),
        Defect(name: "no value type", tag: .valueType),
        Defect(name: "no title", tag: .conceptNameCodeSequence),
        Defect(
            name: "unknown title", path: [(.conceptNameCodeSequence, 0)], tag: .codeValue, value: bytes("999999")),
        Defect(
            name: "title in French", path: [(.conceptNameCodeSequence, 0)], tag: .codeMeaning,
            value: bytes("Manifeste "), severity: .warning),
        Defect(
            name: "Best In Set without modifier", path: [(.conceptNameCodeSequence, 0)], tag: .codeValue,
            value: bytes("113013")),
        Defect(name: "no template", tag: .contentTemplateSequence),
        Defect(name: "no requests", tag: .referencedRequestSequence),
        Defect(name: "request without placer", path: request, tag: .placerOrderNumberImagingServiceRequest),
        Defect(name: "request without study", path: request, tag: .studyInstanceUID),
        Defect(
            name: "request attributes", tag: .requestAttributesSequence, value: .items([]), vr: .SQ, severity: .warning),
        Defect(name: "completion flag", tag: .completionFlag, value: bytes("COMPLETE"), vr: .CS, severity: .warning),
        Defect(name: "no evidence", tag: .currentRequestedProcedureEvidenceSequence),
        Defect(name: "empty evidence", tag: .currentRequestedProcedureEvidenceSequence, value: .items([])),
        Defect(name: "no retrieve AE title", path: series, tag: .retrieveAETitle, isMaincareOnly: true),
        Defect(name: "no retrieve location", path: series, tag: .retrieveLocationUID, isMaincareOnly: true),
        Defect(name: "series without UID", path: series, tag: .seriesInstanceUID),
        Defect(
            name: "evidence of another instance", path: series + [(.referencedSOPSequence, 0)],
            tag: .referencedSOPInstanceUID, value: bytes("1.2.3.4")),
        Defect(
            name: "evidence of another class", path: series + [(.referencedSOPSequence, 0)],
            tag: .referencedSOPClassUID, value: bytes("1.2.840.10008.5.1.4.1.1.4")),
        Defect(name: "no content", tag: .contentSequence),
        Defect(name: "image as composite", path: reference, tag: .valueType, value: bytes("COMPOSITE ")),
        Defect(name: "unknown value type", path: reference, tag: .valueType, value: bytes("NUM ")),
        Defect(
            name: "HAS PROPERTIES", path: reference, tag: .relationshipType, value: bytes("HAS PROPERTIES")),
        Defect(
            name: "purpose of reference", path: reference, tag: .conceptNameCodeSequence, value: .items([]), vr: .SQ),
        Defect(name: "reference without instance", path: reference, tag: .referencedSOPSequence),
        Defect(
            name: "language RFC3066", path: language + [(.conceptCodeSequence, 0)], tag: .codingSchemeDesignator,
            value: bytes("RFC3066 "), severity: .warning),
        Defect(name: "observer type", path: [(.contentSequence, 1)], tag: .conceptCodeSequence),
        Defect(
            name: "institution by name and code", path: author, tag: .institutionName, value: bytes("CH TEST "), vr: .LO
        ),
        Defect(name: "no institution", path: author, tag: .institutionCodeSequence),
        Defect(name: "person without code", path: author, tag: .personIdentificationCodeSequence),
        Defect(name: "names without persons", tag: .nameOfPhysiciansReadingStudy, value: bytes("DURAND^Olivier")),
    ]

    @Test(arguments: defects)
    func everyDefectIsFound(_ defect: Defect) throws {
        for profile in ManifestProfile.all {
            let sound = try Self.manifest(profile)
            #expect(Judgement(of: sound, profile: profile).findings.isEmpty)
            let spoiled = Self.changed(sound, defect.path, defect.tag, defect.value, vr: defect.vr)
            #expect(spoiled != sound)
            let findings = Judgement(of: spoiled, profile: profile).findings
            if defect.isMaincareOnly, profile == .xdsI {
                #expect(findings.isEmpty, "\(findings)")
            } else {
                #expect(findings.contains { $0.severity == defect.severity }, "\(findings)")
                #expect(defect.severity == .error || !findings.contains { $0.severity == .error }, "\(findings)")
            }
        }
    }

    @Test func aRepeatedElementIsJudgedByItsOwnValue() throws {
        var dataSet = try Self.manifest()
        let long = [UInt8](repeating: 0x41, count: 66)
        dataSet.append(.init(.patientID, .LO, .bytes(long), offset: 4242))
        let findings = Judgement(of: dataSet, profile: .maincare).findings
        #expect(findings.contains { $0.offset == 4242 && $0.reason.contains("more than 64 characters") })
    }

    @Test func aFindingSaysWhereAndHow() throws {
        let spoiled = Self.changed(try Self.manifest(), Self.series, .retrieveLocationUID, nil)
        let finding = try #require(Judgement(of: spoiled, profile: .maincare).findings.first)
        #expect(finding.path == "(0040,A375)[1](0008,1115)[1](0040,E011)")
        #expect(finding.offset != nil)
        #expect(finding.section == "platform spec 2.5.2")
        #expect(!finding.remedy.isEmpty)
    }

    @Test func aRepeatedReferenceIsAWarning() throws {
        let sound = try Self.manifest()
        let items = sound.items(.contentSequence)
        let spoiled = Self.changed(sound, [], .contentSequence, .items(items + [items[items.count - 1]]))
        let findings = Judgement(of: spoiled, profile: .maincare).findings
        #expect(findings.map(\.severity) == [.warning])
    }

    @Test func aReferenceOfTheContentAloneOrOfTheEvidenceAloneIsAnError() throws {
        let sound = try Self.manifest()
        let items = sound.items(.contentSequence)
        let shorter = Self.changed(sound, [], .contentSequence, .items(Array(items.dropLast())))
        #expect(
            Judgement(of: shorter, profile: .xdsI).findings.contains {
                $0.reason.contains("not referenced in the content")
            })
        let all = sound.items(.currentRequestedProcedureEvidenceSequence)[0].items(.referencedSeriesSequence)
        let poorer = Self.changed(
            sound, [(.currentRequestedProcedureEvidenceSequence, 0)], .referencedSeriesSequence,
            .items(Array(all.dropLast())))
        #expect(Judgement(of: poorer, profile: .xdsI).findings.contains { $0.reason.contains("not in the evidence") })
    }

    @Test func aCountryUnderTheLanguageIsAWarningWhereThePlatformAsksForItElseAnError() throws {
        var settings = Study.settings()
        settings.language = .codeWithCountry(literal: true)
        let file = try Study.file(Study.content(), settings)
        #expect(try !Judgement(file: file, profile: .maincare).hasErrors)
        #expect(try !Judgement(file: file, profile: .maincare).findings.isEmpty)
        #expect(try Judgement(file: file, profile: .xdsI).hasErrors)
    }

    @Test func elementsOutOfOrderAreAnError() throws {
        var elements = try Self.manifest().elements
        elements.swapAt(3, 4)
        #expect(Judgement(of: DataSet(elements), profile: .xdsI).findings.contains { $0.section == "PS3.5 §7.1" })
    }

    @Test func aFileCutShortIsJudgedAsFarAsItGoes() throws {
        let file = try Study.file()
        let findings = try Judgement(file: Array(file[..<(file.count / 2)]), profile: .maincare).findings
        #expect(findings.contains { $0.section == "PS3.5 §7" && $0.offset != nil })
        #expect(throws: ParseError.self) { try Judgement(file: Array("no DICOM at all".utf8), profile: .maincare) }
    }
}
