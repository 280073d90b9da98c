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

/// What one header says of the study.
struct StudyFacts: Sendable, Hashable {
    var attributes: StudyAttributes

    init(facts: DataSet) {
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
    private static func minutes(_ text: String) -> Int? {
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
    /// Of the data set itself, empty when it has several.
    let accessionNumber: String
    let issuerOfAccessionNumber: AssigningAuthority?
    let requests: [RequestAttributes]
    /// Studies that the items name, in their order; an item of another study is none of ours.
    let studies: [StudyUID?]

    init(facts: DataSet) {
        accessionNumber = facts.string(.accessionNumber) ?? ""
        issuerOfAccessionNumber = facts.items(.issuerOfAccessionNumberSequence).first.map { AssigningAuthority($0) }
        let root = RequestAttributes(facts)
        var found: [(RequestAttributes, StudyUID?)] = []
        for tag in [Tag.referencedRequestSequence, .requestAttributesSequence] {
            for item in facts.items(tag) {
                var request = RequestAttributes(item)
                if request.accessionNumber.isEmpty {
                    request.accessionNumber = root.accessionNumber
                    request.issuerOfAccessionNumber = root.issuerOfAccessionNumber
                }
                found.append((request, item.uid(.studyInstanceUID)))
            }
        }
        // The data set's own accession number is a request too, where no item tells more of it.
        let isTold = found.contains { $0.0.accessionNumber == root.accessionNumber }
        if !root.isEmpty, found.isEmpty || !root.accessionNumber.isEmpty && !isTold { found.append((root, nil)) }
        requests = found.map(\.0)
        studies = found.map(\.1)
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
    init(seriesInstanceUID: SeriesUID, facts block: FactBlock) {
        self.init(seriesInstanceUID: seriesInstanceUID)
        let facts = block.dataSet
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
