import DICOM

/// Chooses and checks every value of a manifest; what cannot be stated ends up among the holds or the notes.
struct ManifestPreparation {
    let settings: ManifestSettings
    var check: ValueCheck

    /// - Parameter released: codes of releasable holds that count for nothing.
    init(_ settings: ManifestSettings, released: Set<String> = []) {
        self.settings = settings
        check = ValueCheck(
            characterSet: settings.characterSet ?? settings.profile.characterSet, releasedHolds: released)
    }

    private func demands(_ demand: ManifestProfile.Demand) -> Bool { settings.profile.demands.contains(demand) }

    private func need(_ demand: ManifestProfile.Demand) -> ValueCheck.Need { demands(demand) ? .demanded : .exact }

    mutating func prepare(_ content: ManifestContent) -> ManifestContent {
        var result = content
        if !content.otherPatients.isEmpty { check.hold(.twoPatients([content.patient.key] + content.otherPatients)) }
        result.patient = patient(content.patient)
        result.study = study(content)
        result.requests = requests(content)
        result.series = series(content.series)
        if result.instanceCount == 0 { check.hold(.noListableInstance) }
        conditions(content)
        return result
    }

    // MARK: Patient

    private mutating func patient(_ patient: PatientAttributes) -> PatientAttributes {
        var result = patient
        result.patientName = name(patient.patientName)
        result.patientID = identifier(patient.patientID)
        issuer(of: patient, in: &result)
        result.patientBirthDate = check.date(.patientBirthDate, patient.patientBirthDate)
        if demands(.patientBirthDate), result.patientBirthDate.isEmpty {
            check.hold(.patientBirthDateMissing(found: patient.patientBirthDate))
        }
        let sex = ValueCheck.trimmed(patient.patientSex).uppercased()
        result.patientSex = ["M", "F", "O"].contains(sex) ? sex : ""
        if !sex.isEmpty, result.patientSex.isEmpty { check.note(.leftOut(tag: .patientSex, text: patient.patientSex)) }
        result.otherPatientIDs = patient.otherPatientIDs.compactMap { otherID($0) }
        return result
    }

    private mutating func name(_ text: String) -> String {
        // Delimiters alone name nobody.
        guard text.unicodeScalars.contains(where: { $0.value > 0x20 && $0 != "^" && $0 != "=" }) else {
            if demands(.patientName) { check.hold(.patientNameMissing) }
            return ""
        }
        return check.text(.patientName, .PN, text, demands(.patientName) ? .demanded : .text)
    }

    private mutating func identifier(_ text: String) -> String {
        if demands(.patientID), ValueCheck.trimmed(text).isEmpty { check.hold(.patientIDMissing) }
        return check.text(.patientID, .LO, text, need(.patientID))
    }

    /// The issuer that the headers name, completed by what the configuration knows of it; else the source's default.
    private mutating func issuer(of patient: PatientAttributes, in result: inout PatientAttributes) {
        let stated = ValueCheck.trimmed(patient.issuerOfPatientID)
        let qualifiers = patient.issuerQualifiers?.normalized
        let oid = qualifiers?.universalEntityID ?? ""
        let known = settings.issuerQualifiers ?? AssigningAuthority()
        if stated.isEmpty, qualifiers?.isEmpty ?? true {
            guard !patient.patientID.isEmpty else { return }
            result.issuerOfPatientID = settings.issuerOfPatientID
            result.issuerQualifiers = settings.issuerQualifiers
        } else if oid.isEmpty {
            let isDefault = stated == settings.issuerOfPatientID || stated == known.localNamespaceEntityID
            let authority = isDefault ? settings.issuerQualifiers : settings.knownIssuers[stated]
            result.issuerOfPatientID = stated.isEmpty ? qualifiers?.localNamespaceEntityID ?? "" : stated
            result.issuerQualifiers = authority ?? qualifiers
        } else if stated.isEmpty {
            let isDefault = oid == known.universalEntityID && !settings.issuerOfPatientID.isEmpty
            let namespace = qualifiers?.localNamespaceEntityID ?? ""
            result.issuerOfPatientID = isDefault ? settings.issuerOfPatientID : namespace.isEmpty ? oid : namespace
        }
        result.issuerOfPatientID = check.text(
            .issuerOfPatientID, .LO, result.issuerOfPatientID, need(.issuerOfPatientID))
        result.issuerQualifiers = check.authority(.issuerOfPatientIDQualifiersSequence, result.issuerQualifiers)
        result.identifierTypeCode = check.text(
            .identifierTypeCode, .CS,
            patient.identifierTypeCode.isEmpty && result.issuerQualifiers == settings.issuerQualifiers
                ? settings.identifierTypeCode : patient.identifierTypeCode, .exact)
        let universal = result.issuerQualifiers?.universalEntityID ?? ""
        if universal == "1.2.250.1.213.1.4.2" { check.note(.obsoleteIssuer(universal)) }
        if demands(.issuerOfPatientID), result.issuerOfPatientID.isEmpty || universal.isEmpty {
            check.hold(.issuerOfPatientIDMissing(found: stated))
        }
    }

    private mutating func otherID(_ other: OtherPatientID) -> OtherPatientID? {
        var result = other
        result.patientID = check.text(.otherPatientIDsSequence, .LO, other.patientID, .exact)
        result.issuerOfPatientID = check.text(.otherPatientIDsSequence, .LO, other.issuerOfPatientID, .exact)
        result.issuerQualifiers = check.authority(.otherPatientIDsSequence, other.issuerQualifiers)
        let type = ValueCheck.trimmed(other.typeOfPatientID)
        result.typeOfPatientID = ["TEXT", "RFID", "BARCODE"].contains(type) ? type : "TEXT"
        return result.patientID.isEmpty ? nil : result
    }

    // MARK: Study

    private mutating func study(_ content: ManifestContent) -> StudyAttributes {
        var result = content.study
        uid(.studyInstanceUID, result.studyInstanceUID)
        result.studyDate = check.date(.studyDate, result.studyDate)
        result.studyTime = result.studyDate.isEmpty ? "" : check.time(.studyTime, result.studyTime)
        if demands(.studyDate) {
            if result.studyDate.isEmpty { check.hold(.studyDateMissing) }
            // Type 1 in the profile; a study with a date and no time began no earlier than midnight.
            if result.studyTime.isEmpty { result.studyTime = "000000" }
        }
        result.studyID = check.text(.studyID, .SH, result.studyID, .exact)
        result.studyDescription = check.text(.studyDescription, .LO, result.studyDescription, .text)
        accession(content, in: &result)
        result.referringPhysicianName = author(content.study)
        return result
    }

    /// One accession number is the study's; of several the profile decides (T4).
    private mutating func accession(_ content: ManifestContent, in study: inout StudyAttributes) {
        let all = Set(content.requests.map(\.accessionNumber) + [content.study.accessionNumber])
            .filter { !$0.isEmpty }.sorted()
        let isEmptied = all.count > 1 && settings.profile.severalAccessionNumbers == .empty
        let chosen = isEmptied ? "" : study.accessionNumber
        if all.count > 1 { check.note(.severalAccessionNumbers(all, chosen: chosen)) }
        if demands(.accessionNumber), ValueCheck.trimmed(chosen).isEmpty { check.hold(.accessionNumberMissing) }
        study.accessionNumber = check.text(.accessionNumber, .SH, chosen, need(.accessionNumber))
        study.issuerOfAccessionNumber =
            study.accessionNumber.isEmpty ? nil : issuerOfAccession(study.issuerOfAccessionNumber)
    }

    private mutating func issuerOfAccession(_ stated: AssigningAuthority?) -> AssigningAuthority? {
        check.authority(.issuerOfAccessionNumberSequence, stated)
            ?? check.authority(
                .issuerOfAccessionNumberSequence, settings.issuerOfAccessionNumber)
    }

    private mutating func author(_ study: StudyAttributes) -> String {
        let (name, source): (String, Tag?) =
            switch settings.author {
            case .none: ("", nil)
            case .fixed(let person): (person.name, nil)
            case .reading: (study.nameOfPhysiciansReadingStudy.first ?? "", .nameOfPhysiciansReadingStudy)
            case .performing: (study.performingPhysicianName, .performingPhysicianName)
            case .referring: (study.referringPhysicianName, .referringPhysicianName)
            }
        let written = check.text(.referringPhysicianName, .PN, name, .text)
        if let source, !written.isEmpty { check.note(.author(source: source)) }
        return written
    }

    private mutating func requests(_ content: ManifestContent) -> [RequestAttributes] {
        var seen: Set<RequestAttributes> = []
        return (content.requests.isEmpty ? [RequestAttributes()] : content.requests).map { request($0) }
            .filter { seen.insert($0).inserted }
    }

    private mutating func request(_ request: RequestAttributes) -> RequestAttributes {
        var result = RequestAttributes()
        result.accessionNumber = check.text(.accessionNumber, .SH, request.accessionNumber, .exact)
        if !result.accessionNumber.isEmpty {
            result.issuerOfAccessionNumber = issuerOfAccession(request.issuerOfAccessionNumber)
        }
        result.placerOrderNumber = check.text(
            .placerOrderNumberImagingServiceRequest, .LO, request.placerOrderNumber, .exact)
        result.orderPlacer = check.authority(.orderPlacerIdentifierSequence, request.orderPlacer)
        result.fillerOrderNumber = check.text(
            .fillerOrderNumberImagingServiceRequest, .LO, request.fillerOrderNumber, .exact)
        result.orderFiller = check.authority(.orderFillerIdentifierSequence, request.orderFiller)
        result.requestedProcedureID = check.text(.requestedProcedureID, .SH, request.requestedProcedureID, .exact)
        result.requestedProcedureDescription = check.text(
            .requestedProcedureDescription, .LO, request.requestedProcedureDescription, .text)
        result.requestedProcedureCodes = request.requestedProcedureCodes.compactMap {
            check.code(.requestedProcedureCodeSequence, $0)
        }
        return result
    }

    // MARK: Settings

    /// The settings' own texts; a name that cannot be written is an error of the configuration and holds the study.
    mutating func prepareSettings() -> ManifestSettings {
        var result = settings
        result.institutionName = check.text(.institutionName, .LO, settings.institutionName, .exact)
        result.recipients = settings.recipients.map { person($0, .nameOfPhysiciansReadingStudy) }
        result.institution.name = check.text(.institutionName, .LO, settings.institution.name, .text)
        if case .fixed(let author) = settings.author { result.author = .fixed(person(author, .referringPhysicianName)) }
        switch settings.observer {
        case .none: break
        case .person(let name): result.observer = .person(name: check.text(.personName, .PN, name, .demanded))
        case .device(let uid, let name):
            if !InstanceUID(uid).isValid { check.hold(.invalidUID(tag: .uid, text: uid)) }
            result.observer = .device(uid: uid, name: check.text(.textValue, .UT, name, .text))
        }
        for person in result.recipients where !result.canIdentify(person) {
            check.note(.personWithoutIdentifier(person.name))
        }
        if case .fixed(let person) = result.author, !result.canIdentify(person) {
            check.note(.personWithoutIdentifier(person.name))
        }
        return result
    }

    private mutating func person(_ person: ManifestSettings.Person, _ tag: Tag) -> ManifestSettings.Person {
        var result = person
        result.name = check.text(tag, .PN, person.name, .demanded)
        result.identifier = check.text(.personIdentificationCodeSequence, .SH, person.identifier, .exact)
        if let institution = person.institution {
            result.institution?.name = check.text(.institutionName, .LO, institution.name, .text)
            result.institution?.identifier = check.text(.institutionCodeSequence, .SH, institution.identifier, .exact)
        }
        return result
    }

    // MARK: References

    private mutating func series(_ all: [ReferencedSeries]) -> [ReferencedSeries] {
        if demands(.retrieveLocationUID), settings.retrieve.locationUID.isEmpty {
            check.hold(.retrieveLocationUIDMissing)
        }
        if !settings.retrieve.locationUID.isEmpty {
            uid(.retrieveLocationUID, InstanceUID(settings.retrieve.locationUID))
        }
        return all.sorted().compactMap { listed($0) }
    }

    private mutating func listed(_ series: ReferencedSeries) -> ReferencedSeries? {
        var result = series
        let isEverything = settings.references == .all && settings.excludedClasses.isEmpty
        if !isEverything { result.instances.removeAll { !isListed($0) } }
        guard !result.instances.isEmpty else { return nil }
        if !result.instances.isSorted { result.instances.sort() }
        uid(.seriesInstanceUID, result.seriesInstanceUID)
        for instance in result.instances {
            uid(.referencedSOPInstanceUID, instance.sopInstanceUID)
        }
        for sopClass in Set(result.instances.map(\.sopClassUID)) { uid(.referencedSOPClassUID, sopClass) }
        result.retrieveAETitle = settings.retrieve.aeTitle
        if result.retrieveAETitle == nil, settings.profile.retrievesFromCaller {
            result.retrieveAETitle = series.callingAETitle
        }
        if let title = result.retrieveAETitle, !title.isValid { result.retrieveAETitle = nil }
        if result.retrieveAETitle == nil, demands(.retrieveAETitle) { check.hold(.retrieveAETitleMissing) }
        return result
    }

    private func isListed(_ instance: ReferencedInstance) -> Bool {
        (settings.references == .all || instance.valueType == .image)
            && !settings.excludedClasses.contains(instance.sopClassUID)
    }

    private mutating func uid(_ tag: Tag, _ uid: some UIDValue) {
        if !uid.isValid { check.hold(.invalidUID(tag: tag, text: uid.text)) }
    }
}

extension Array where Element: Comparable {
    var isSorted: Bool { zip(self, dropFirst()).allSatisfy { $0 <= $1 } }
}
