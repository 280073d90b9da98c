import DICOM

/// Writes a prepared manifest: attributes in ascending order, references streamed one by one.
struct ManifestWriter {
    let content: ManifestContent
    let settings: ManifestSettings
    var out: DocumentWriter

    init(_ content: ManifestContent, _ settings: ManifestSettings, encoding: Encoding) {
        self.content = content
        self.settings = settings
        out = DocumentWriter(
            encoding: encoding, characterSet: settings.characterSet ?? settings.profile.characterSet)
    }

    mutating func write(_ identity: ManifestIdentity) {
        writeAttributes(identity)
        evidence()
        out.template()
        writeContent()
    }

    /// Everything before the references.
    mutating func writeAttributes(_ identity: ManifestIdentity) {
        identification(identity)
        patient()
        if !settings.equipment.softwareVersions.isEmpty {
            out.text(.softwareVersions, .LO, settings.equipment.softwareVersions)
        }
        out.uid(.studyInstanceUID, content.study.studyInstanceUID)
        out.text(.seriesInstanceUID, .UI, identity.seriesInstanceUID)
        out.text(.studyID, .SH, content.study.studyID)
        out.text(.seriesNumber, .IS, String(settings.seriesNumber))
        out.text(.instanceNumber, .IS, String(identity.instanceNumber))
        if settings.profile.writesRequestAttributes { requestAttributes() }
        out.text(.valueType, .CS, "CONTAINER")
        out.code(.conceptNameCodeSequence, .manifest)
        out.text(.continuityOfContent, .CS, "SEPARATE")
        referencedRequests()
    }

    // MARK: Group 0008

    private mutating func identification(_ identity: ManifestIdentity) {
        let time = identity.content
        out.text(.specificCharacterSet, .CS, out.characterSet.rawValue)
        out.text(.instanceCreationDate, .DA, time.date)
        out.text(.instanceCreationTime, .TM, time.time)
        out.uid(.sopClassUID, SOPClassUID.keyObjectSelectionDocument)
        out.text(.sopInstanceUID, .UI, identity.sopInstanceUID)
        out.text(.studyDate, .DA, content.study.studyDate)
        out.text(.contentDate, .DA, time.date)
        out.text(.studyTime, .TM, content.study.studyTime)
        out.text(.contentTime, .TM, time.time)
        out.text(.accessionNumber, .SH, content.study.accessionNumber)
        out.authority(.issuerOfAccessionNumberSequence, content.study.issuerOfAccessionNumber)
        out.text(.modality, .CS, "KO")
        out.text(.manufacturer, .LO, settings.equipment.manufacturer)
        if !settings.institutionName.isEmpty { out.text(.institutionName, .LO, settings.institutionName) }
        author()
        codingSchemes()
        out.text(.timezoneOffsetFromUTC, .SH, Self.timezone(identity.timezoneOffset))
        if !content.study.studyDescription.isEmpty {
            out.text(.studyDescription, .LO, content.study.studyDescription)
        }
        recipients()
        if !settings.equipment.manufacturerModelName.isEmpty {
            out.text(.manufacturerModelName, .LO, settings.equipment.manufacturerModelName)
        }
        out.sequence(.referencedPerformedProcedureStepSequence) { _ in }
    }

    /// `+0200`.
    static func timezone(_ minutes: Int) -> String {
        (minutes < 0 ? "-" : "+") + Digits.text(abs(minutes) / 60 * 100 + abs(minutes) % 60, width: 4)
    }

    private mutating func author() {
        out.text(.referringPhysicianName, .PN, content.study.referringPhysicianName)
        guard case .fixed(let person) = settings.author, settings.canIdentify(person) else { return }
        let settings = settings
        out.sequence(.referringPhysicianIdentificationSequence) { out in
            out.item { $0.identification(person, as: .practitioner, settings) }
        }
    }

    /// Item order is name order, so all recipients are identified or none is.
    private mutating func recipients() {
        guard settings.writesRecipients, !settings.recipients.isEmpty else { return }
        out.text(.nameOfPhysiciansReadingStudy, .PN, settings.recipients.map(\.name).joined(separator: "\\"))
        guard settings.recipients.allSatisfy(settings.canIdentify) else { return }
        let settings = settings
        out.sequence(.physiciansReadingStudyIdentificationSequence) { out in
            for person in settings.recipients {
                out.item { $0.identification(person, as: .structure, settings) }
            }
        }
    }

    /// The schemes of 99… codes (platform spec 2.5.2, SOP Common).
    private mutating func codingSchemes() {
        let isUsed = !settings.identifiedPersons.isEmpty
        guard settings.profile.declaresNationalSchemes || isUsed else { return }
        out.sequence(.codingSchemeIdentificationSequence) { out in
            for scheme in [NationalScheme.practitioner, .structure] {
                out.item { out in
                    out.text(.codingSchemeDesignator, .SH, scheme.designator)
                    out.text(.codingSchemeUID, .UI, scheme.uid)
                    out.text(.codingSchemeName, .ST, scheme.name)
                }
            }
        }
    }

    // MARK: Patient

    private mutating func patient() {
        let patient = content.patient
        out.text(.patientName, .PN, patient.patientName)
        out.text(.patientID, .LO, patient.patientID)
        if !patient.issuerOfPatientID.isEmpty { out.text(.issuerOfPatientID, .LO, patient.issuerOfPatientID) }
        out.authority(
            .issuerOfPatientIDQualifiersSequence, patient.issuerQualifiers, typeCode: patient.identifierTypeCode)
        out.text(.patientBirthDate, .DA, patient.patientBirthDate)
        out.text(.patientSex, .CS, patient.patientSex)
        guard settings.profile.writesOtherPatientIDs, !patient.otherPatientIDs.isEmpty else { return }
        out.sequence(.otherPatientIDsSequence) { out in
            for other in patient.otherPatientIDs {
                out.item { out in
                    out.text(.patientID, .LO, other.patientID)
                    if !other.issuerOfPatientID.isEmpty { out.text(.issuerOfPatientID, .LO, other.issuerOfPatientID) }
                    out.text(.typeOfPatientID, .CS, other.typeOfPatientID)
                    out.authority(.issuerOfPatientIDQualifiersSequence, other.issuerQualifiers)
                }
            }
        }
    }

    // MARK: Requests

    /// For several accession numbers, beside Referenced Request Sequence: the platform spec asks for it (T3).
    private mutating func requestAttributes() {
        let requests = content.requests.filter { !$0.accessionNumber.isEmpty }
        guard Set(requests.map(\.accessionNumber)).count > 1 else { return }
        out.sequence(.requestAttributesSequence) { out in
            for request in requests {
                out.item { out in
                    out.text(.accessionNumber, .SH, request.accessionNumber)
                    out.authority(.issuerOfAccessionNumberSequence, request.issuerOfAccessionNumber)
                    if !request.requestedProcedureID.isEmpty {
                        out.text(.requestedProcedureID, .SH, request.requestedProcedureID)
                    }
                }
            }
        }
    }

    /// Every attribute of type 2 is there, empty or not (PS3.3 Table C.17-3c).
    private mutating func referencedRequests() {
        let (requests, study) = (content.requests, content.study.studyInstanceUID)
        out.sequence(.referencedRequestSequence) { out in
            for request in requests {
                out.item { out in
                    out.text(.accessionNumber, .SH, request.accessionNumber)
                    out.authority(.issuerOfAccessionNumberSequence, request.issuerOfAccessionNumber)
                    out.sequence(.referencedStudySequence) { _ in }
                    out.uid(.studyInstanceUID, study)
                    out.text(.requestedProcedureDescription, .LO, request.requestedProcedureDescription)
                    out.codes(.requestedProcedureCodeSequence, request.requestedProcedureCodes)
                    out.authority(.orderPlacerIdentifierSequence, request.orderPlacer)
                    out.authority(.orderFillerIdentifierSequence, request.orderFiller)
                    out.text(.requestedProcedureID, .SH, request.requestedProcedureID)
                    out.text(.placerOrderNumberImagingServiceRequest, .LO, request.placerOrderNumber)
                    out.text(.fillerOrderNumberImagingServiceRequest, .LO, request.fillerOrderNumber)
                }
            }
        }
    }
}
