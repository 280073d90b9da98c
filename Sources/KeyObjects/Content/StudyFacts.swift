import DICOM

/// What the elements of a header say, as values.
extension PatientAttributes {
    init(facts: DataSet) {
        patientName = facts.string(.patientName) ?? ""
        // One value (PS3.3 §C.2.2): the first of several would be another patient's.
        patientID = facts.strings(.patientID).joined(separator: "\\")
        issuerOfPatientID = facts.string(.issuerOfPatientID) ?? ""
        let qualifiers = facts.items(.issuerOfPatientIDQualifiersSequence).first
        issuerQualifiers = qualifiers.map { AssigningAuthority($0) }
        identifierTypeCode = qualifiers?.string(.identifierTypeCode) ?? ""
        patientBirthDate = facts.string(.patientBirthDate) ?? ""
        patientSex = facts.string(.patientSex) ?? ""
        patientComments = facts.string(.patientComments) ?? ""
        otherPatientIDs = facts.items(.otherPatientIDsSequence).compactMap { item in
            item.string(.patientID).map {
                OtherPatientID(
                    patientID: $0, issuerOfPatientID: item.string(.issuerOfPatientID) ?? "",
                    typeOfPatientID: item.string(.typeOfPatientID) ?? "TEXT",
                    issuerQualifiers: item.items(.issuerOfPatientIDQualifiersSequence).first.map {
                        AssigningAuthority($0)
                    })
            }
        }
    }
}

extension AssigningAuthority {
    init(_ item: DataSet) {
        self.init(
            localNamespaceEntityID: item.string(.localNamespaceEntityID) ?? "",
            universalEntityID: item.string(.universalEntityID) ?? "",
            universalEntityIDType: item.string(.universalEntityIDType) ?? "")
    }
}

extension Code {
    /// An item of a code sequence; nil where it has no value (a long or URN value counts as one).
    init?(_ item: DataSet) {
        guard let value = item.string(.codeValue) ?? item.string(.longCodeValue) ?? item.string(.urnCodeValue) else {
            return nil
        }
        self.init(value, item.string(.codingSchemeDesignator) ?? "", item.string(.codeMeaning) ?? "")
    }
}

/// What one header says of the patient.
struct PatientFacts: Sendable, Hashable {
    let attributes: PatientAttributes
    let key: PatientKey
    let notes: [ManifestNote]

    init(facts: DataSet) {
        attributes = PatientAttributes(facts: facts)
        key = attributes.key
        notes = facts.severalValues([.patientName, .issuerOfPatientID, .patientBirthDate, .patientSex])
    }
}

extension DataSet {
    /// What is left out of attributes that have one value (PS3.6), and here have more.
    fileprivate func severalValues(_ tags: [Tag]) -> [ManifestNote] {
        tags.compactMap { tag in
            let values = strings(tag)
            let others = values.dropFirst().filter { !$0.isEmpty }
            guard let taken = values.first, !others.isEmpty else { return nil }
            return .severalValues(tag: tag, taken: taken, others: others)
        }
    }
}

/// What one header says of the study.
struct StudyFacts: Sendable, Hashable {
    var attributes: StudyAttributes
    let notes: [ManifestNote]

    init(facts: DataSet) {
        notes = facts.severalValues([.studyDate, .studyID, .studyDescription, .referringPhysicianName])
        attributes = StudyAttributes(studyInstanceUID: StudyUID(""))
        attributes.studyDate = facts.string(.studyDate).flatMap { DateValue($0)?.text } ?? ""
        attributes.studyTime = facts.string(.studyTime).flatMap { TimeValue($0)?.text } ?? ""
        attributes.studyID = facts.string(.studyID) ?? ""
        attributes.studyDescription = facts.string(.studyDescription) ?? ""
        attributes.referringPhysicianName = facts.string(.referringPhysicianName) ?? ""
        attributes.nameOfPhysiciansReadingStudy = facts.strings(.nameOfPhysiciansReadingStudy).filter { !$0.isEmpty }
        attributes.performingPhysicianName = facts.string(.performingPhysicianName) ?? ""
        attributes.procedureCodes = facts.items(.procedureCodeSequence).compactMap { Code($0) }
        attributes.timezoneOffset = facts.string(.timezoneOffsetFromUTC).flatMap { Self.minutes($0) }
    }

    /// `+0200` as minutes east of UTC (PS3.3 C.12.1.1.8: -1200 to +1400).
    static func minutes(_ text: String) -> Int? {
        let bytes = Array(text.utf8)
        guard bytes.count == 5, bytes[0] == 0x2B || bytes[0] == 0x2D, let number = Digits.value(bytes[1...]) else {
            return nil
        }
        let minutes = (bytes[0] == 0x2D ? -1 : 1) * (number / 100 * 60 + number % 100)
        return number % 100 < 60 && (-720...840).contains(minutes) ? minutes : nil
    }
}

/// What one header says of its requests.
struct RequestFacts: Sendable, Hashable {
    /// Of the data set itself: several where the study fulfils several requests (group case of Scheduled Workflow).
    let accessionNumbers: [String]
    /// All of them, as they are stated.
    let accessionNumber: String
    let issuerOfAccessionNumber: AssigningAuthority?
    let requests: [RequestAttributes]
    /// Studies that the items name, in their order; an item of another study is none of ours.
    let studies: [StudyUID?]

    init(facts: DataSet) {
        accessionNumbers = facts.accessionNumbers
        accessionNumber = accessionNumbers.joined(separator: "\\")
        let root = RequestAttributes(facts)
        issuerOfAccessionNumber = root.issuerOfAccessionNumber
        var found = Self.items(of: facts)
        let told = Set(found.map(\.request.accessionNumber))
        var untold = accessionNumbers.filter { !told.contains($0) }
        let numberless = found.count { $0.request.accessionNumber.isEmpty }
        let offered = untold.isEmpty ? accessionNumbers : untold
        // Of several requests and several numbers, nothing says which belong together.
        if numberless > 0, offered.count == 1 || numberless == 1 {
            let issuer = issuerOfAccessionNumber
            found = found.flatMap { request, study in
                let isNumbered = !request.accessionNumber.isEmpty
                return isNumbered
                    ? [(request, study)] : request.each(of: offered, issuer: issuer).map { ($0, study) }
            }
            untold = []
        }
        // The data set's own accession number is a request too, where no item tells more of it.
        if !untold.isEmpty || found.isEmpty && !root.isEmpty {
            found += root.each(of: untold, issuer: issuerOfAccessionNumber).map { ($0, nil) }
        }
        requests = found.map(\.request)
        studies = found.map(\.study)
    }

    private static func items(of facts: DataSet) -> [(request: RequestAttributes, study: StudyUID?)] {
        [Tag.referencedRequestSequence, .requestAttributesSequence].flatMap { facts.items($0) }.flatMap { item in
            let request = RequestAttributes(item)
            let study: StudyUID? = item.uid(.studyInstanceUID)
            return request.each(of: item.accessionNumbers, issuer: request.issuerOfAccessionNumber).map { ($0, study) }
        }
    }
}

extension DataSet {
    /// The values of Accession Number (0008,0050), each once.
    fileprivate var accessionNumbers: [String] {
        var seen: Set<String> = [""]
        return strings(.accessionNumber).filter { seen.insert($0).inserted }
    }
}

extension RequestAttributes {
    /// This request, once for each of the numbers; itself where there are none.
    fileprivate func each(of numbers: [String], issuer: AssigningAuthority?) -> [RequestAttributes] {
        guard !numbers.isEmpty else { return [self] }
        return numbers.map { number in
            var request = self
            request.accessionNumber = number
            request.issuerOfAccessionNumber = issuer
            return request
        }
    }
}

extension RequestAttributes {
    init(_ item: DataSet) {
        accessionNumber = item.string(.accessionNumber) ?? ""
        issuerOfAccessionNumber = item.items(.issuerOfAccessionNumberSequence).first.map { AssigningAuthority($0) }
        placerOrderNumber = item.string(.placerOrderNumberImagingServiceRequest) ?? ""
        orderPlacer = item.items(.orderPlacerIdentifierSequence).first.map { AssigningAuthority($0) }
        fillerOrderNumber = item.string(.fillerOrderNumberImagingServiceRequest) ?? ""
        orderFiller = item.items(.orderFillerIdentifierSequence).first.map { AssigningAuthority($0) }
        requestedProcedureID = item.string(.requestedProcedureID) ?? ""
        requestedProcedureDescription = item.string(.requestedProcedureDescription) ?? ""
        requestedProcedureCodes = item.items(.requestedProcedureCodeSequence).compactMap { Code($0) }
    }
}

extension ReferencedSeries {
    /// What one header says of its series; which one, and its instances, are set by the caller.
    init(facts: DataSet) {
        self.init(seriesInstanceUID: SeriesUID(""))
        modality = facts.string(.modality) ?? ""
        seriesNumber = facts.int(.seriesNumber)
        seriesDescription = facts.string(.seriesDescription) ?? ""
        seriesDate = facts.string(.seriesDate).flatMap { DateValue($0)?.text } ?? ""
        seriesTime = facts.string(.seriesTime).flatMap { TimeValue($0)?.text } ?? ""
        bodyPartExamined = facts.string(.bodyPartExamined) ?? ""
        laterality = facts.string(.laterality) ?? ""
        anatomicRegions = facts.items(.anatomicRegionSequence).compactMap { Code($0) }
    }
}
