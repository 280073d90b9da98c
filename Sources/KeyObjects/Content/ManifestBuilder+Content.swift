import DICOM

extension ManifestBuilder {
    /// What the headers say together; nil while no instance is listed.
    ///
    /// Where headers disagree, the one that arrived first is believed, so that a later instance does not change what
    /// was published; a corrected study that is sent again replaces every instance and with it every fact.
    public func content() -> ManifestContent? {
        guard let studyInstanceUID, !entries.isEmpty else { return nil }
        let isInOrder = zip(entries, entries.dropFirst()).allSatisfy { $0.arrival < $1.arrival }
        let ordered = isInOrder ? entries : entries.sorted { $0.arrival < $1.arrival }
        let (patient, others) = patient(ordered)
        var study = study(ordered, studyInstanceUID)
        let primary = primaryRequest(ordered)
        study.accessionNumber = primary.accessionNumber
        study.issuerOfAccessionNumber = primary.issuerOfAccessionNumber
        var content = ManifestContent(
            patient: patient, study: study, requests: mergedRequests(ordered, studyInstanceUID),
            series: seriesOf(ordered), otherPatients: others)
        let marks = distinct(ordered, \.marks).map { self.marks.facts[$0] }
        let stated = Set(marks.map(\.confidentiality)).sorted()
        content.confidentialities = stated == [""] ? [] : stated
        content.qualityAssuranceValues = Set(marks.flatMap(\.qualityAssurance)).sorted()
        return content
    }

    /// What an operator may want to know of the headers: classes that no table knows, values that are left out, and
    /// where headers disagree.
    public var notes: [ManifestNote] {
        let ordered = entries.sorted { $0.arrival < $1.arrival }
        let patients = distinct(ordered, \.patient).map { self.patients.facts[$0] }
        let said = patients.map(\.attributes)
        let leftOut = patients.flatMap(\.notes) + distinct(ordered, \.study).flatMap { studies.facts[$0].notes }
        var seen: Set<ManifestNote> = []
        let texts: [(Tag, [String])] = [
            (.patientName, said.map(\.patientName)), (.patientBirthDate, said.map(\.patientBirthDate)),
            (.patientSex, said.map(\.patientSex)),
        ]
        return unknownClasses + leftOut.filter { seen.insert($0).inserted }.prefix(Self.notedValues)
            + texts.compactMap { tag, values in
                let stated = values.filter { !$0.isEmpty }
                guard let taken = stated.first, Set(stated).count > 1 else { return nil }
                return .disagreement(tag: tag, taken: taken, others: Set(stated).subtracting([taken]).sorted())
            }
    }

    /// Nobody reads more.
    private static let notedValues = 50

    /// Classes that no table knows, with the value types that were read off their headers.
    private var unknownClasses: [ManifestNote] {
        var seen: Set<SOPClassUID> = []
        var last: SOPClassUID?
        var found: [(SOPClassUID, ValueType)] = []
        for entry in entries where entry.reference.sopClassUID != last {
            let sopClass = entry.reference.sopClassUID
            last = sopClass
            guard seen.insert(sopClass).inserted, valueTypes[sopClass] == nil else { continue }
            if UIDRegistry.valueType(of: sopClass) == nil { found.append((sopClass, entry.reference.valueType)) }
        }
        return found.sorted { $0.0 < $1.0 }.map { ManifestNote.unknownClass($0.0, $0.1) }
    }

    /// Facts without repetition, in order of arrival.
    private func distinct(_ ordered: [Entry], _ fact: (Entry) -> Int32) -> [Int] {
        var seen: Set<Int32> = []
        var found: [Int] = []
        var last: Int32 = -1
        for entry in ordered {
            let index = fact(entry)
            if index == last { continue }
            last = index
            if seen.insert(index).inserted { found.append(Int(index)) }
        }
        return found
    }

    /// One patient's attributes, each as first stated; and the identities of other patients.
    private func patient(_ ordered: [Entry]) -> (PatientAttributes, others: [PatientKey]) {
        let stated = distinct(ordered, \.patient).map { patients.facts[$0].attributes }
        guard var result = stated.first else { return (PatientAttributes(), []) }
        var others: Set<PatientKey> = []
        for facts in stated.dropFirst() {
            if result.isAnother(facts) {
                others.insert(facts.key)
            } else {
                result.fill(from: facts)
            }
        }
        return (result, others.sorted())
    }

    private func study(_ ordered: [Entry], _ uid: StudyUID) -> StudyAttributes {
        var result = StudyAttributes(studyInstanceUID: uid)
        for index in distinct(ordered, \.study) { result.fill(from: studies.facts[index].attributes) }
        if result.studyDate.isEmpty, let earliest = ordered.lazy.map(\.date).min()?.texts {
            (result.studyDate, result.studyTime) = earliest
        }
        return result
    }

    /// The accession number that most instances state; of equals the lowest (T4).
    private func primaryRequest(_ ordered: [Entry]) -> RequestAttributes {
        var counts: [Int32: Int] = [:]
        for entry in ordered { counts[entry.request, default: 0] += 1 }
        var shares: [String: (count: Int, issuer: AssigningAuthority?)] = [:]
        for index in distinct(ordered, \.request) {
            let facts = requests.facts[index]
            var stated = facts.accessionNumbers.map { ($0, facts.issuerOfAccessionNumber) }
            if stated.isEmpty {
                stated = facts.requests.map { ($0.accessionNumber, $0.issuerOfAccessionNumber) }
            }
            for (number, issuer) in stated where !number.isEmpty {
                let known = shares[number]
                shares[number] = ((known?.count ?? 0) + (counts[Int32(index)] ?? 0), known?.issuer ?? issuer)
            }
        }
        var result = RequestAttributes()
        guard let best = shares.min(by: { ($1.value.count, $0.key) < ($0.value.count, $1.key) }) else { return result }
        result.accessionNumber = best.key
        result.issuerOfAccessionNumber = best.value.issuer
        return result
    }

    /// No study has so many: beyond, requests of one accession number are listed without a search for their like, so
    /// that the work does not grow with the square of what a header may hold.
    private static let mergedRequests = 100

    /// One request per accession number, issuer, requested procedure and placer order; a poorer one that says nothing
    /// else is part of a richer one.
    private func mergedRequests(_ ordered: [Entry], _ study: StudyUID) -> [RequestAttributes] {
        var byNumber: [String: [RequestAttributes]] = [:]
        for index in distinct(ordered, \.request) {
            let facts = requests.facts[index]
            for (request, named) in zip(facts.requests, facts.studies) where named == nil || named == study {
                let known = byNumber[request.accessionNumber]?.prefix(Self.mergedRequests)
                    .firstIndex { $0.isCompatible(with: request) }
                if let known {
                    byNumber[request.accessionNumber]?[known].fill(from: request)
                } else {
                    byNumber[request.accessionNumber, default: []].append(request)
                }
            }
        }
        return byNumber.values.joined().sorted { $0.order.lexicographicallyPrecedes($1.order) }
    }

    /// Each as its instance says that arrived first.
    private func seriesOf(_ ordered: [Entry]) -> [ReferencedSeries] {
        var indices: [SeriesUID: Int] = [:]
        var results: [ReferencedSeries] = []
        for entry in ordered {
            if let index = indices[entry.seriesInstanceUID] {
                results[index].instances.append(entry.reference)
            } else {
                indices[entry.seriesInstanceUID] = results.count
                var described = series.facts[Int(entry.series)]
                described.seriesInstanceUID = entry.seriesInstanceUID
                described.callingAETitle = callers[Int(entry.caller)]
                described.instances = [entry.reference]
                results.append(described)
            }
        }
        for index in results.indices where !results[index].instances.isSorted { results[index].instances.sort() }
        return results.sorted()
    }
}

extension PatientAttributes {
    /// Another patient: another identifier or issuer; without identifiers, another name; with the same identifier, both
    /// another name and another birth date.
    func isAnother(_ other: PatientAttributes) -> Bool {
        if !patientID.isEmpty, !other.patientID.isEmpty, !key.isCompatible(with: other.key) { return true }
        let isOtherName = !patientName.isEmpty && !other.patientName.isEmpty && patientName != other.patientName
        let isOtherBirth =
            !patientBirthDate.isEmpty && !other.patientBirthDate.isEmpty && patientBirthDate != other.patientBirthDate
        return isOtherName && (isOtherBirth || patientID.isEmpty || other.patientID.isEmpty)
    }

    /// What is not said yet; an issuer only for the same identifier.
    mutating func fill(from other: PatientAttributes) {
        if patientName.isEmpty { patientName = other.patientName }
        if patientID.isEmpty { patientID = other.patientID }
        if patientID == other.patientID {
            if issuerOfPatientID.isEmpty { issuerOfPatientID = other.issuerOfPatientID }
            if issuerQualifiers == nil { issuerQualifiers = other.issuerQualifiers }
            if identifierTypeCode.isEmpty { identifierTypeCode = other.identifierTypeCode }
        }
        if patientBirthDate.isEmpty { patientBirthDate = other.patientBirthDate }
        if patientSex.isEmpty { patientSex = other.patientSex }
        if patientComments.isEmpty { patientComments = other.patientComments }
        if otherPatientIDs.isEmpty { otherPatientIDs = other.otherPatientIDs }
    }
}

extension StudyAttributes {
    mutating func fill(from other: StudyAttributes) {
        if studyDate.isEmpty, !other.studyDate.isEmpty {
            studyDate = other.studyDate
            studyTime = other.studyTime
        }
        if studyID.isEmpty { studyID = other.studyID }
        if studyDescription.isEmpty { studyDescription = other.studyDescription }
        if referringPhysicianName.isEmpty { referringPhysicianName = other.referringPhysicianName }
        if nameOfPhysiciansReadingStudy.isEmpty { nameOfPhysiciansReadingStudy = other.nameOfPhysiciansReadingStudy }
        if performingPhysicianName.isEmpty { performingPhysicianName = other.performingPhysicianName }
        if procedureCodes.isEmpty { procedureCodes = other.procedureCodes }
        if timezoneOffset == nil { timezoneOffset = other.timezoneOffset }
    }
}

extension RequestAttributes {
    /// The same request, or one of which this one says more or less.
    fileprivate func isCompatible(with other: RequestAttributes) -> Bool {
        let same = { (a: String, b: String) in a.isEmpty || b.isEmpty || a == b }
        return accessionNumber == other.accessionNumber
            && (issuerOfAccessionNumber == nil || other.issuerOfAccessionNumber == nil
                || issuerOfAccessionNumber == other.issuerOfAccessionNumber)
            && same(requestedProcedureID, other.requestedProcedureID)
            && same(placerOrderNumber, other.placerOrderNumber) && same(fillerOrderNumber, other.fillerOrderNumber)
    }

    fileprivate mutating func fill(from other: RequestAttributes) {
        if issuerOfAccessionNumber == nil { issuerOfAccessionNumber = other.issuerOfAccessionNumber }
        if placerOrderNumber.isEmpty { placerOrderNumber = other.placerOrderNumber }
        if orderPlacer == nil { orderPlacer = other.orderPlacer }
        if fillerOrderNumber.isEmpty { fillerOrderNumber = other.fillerOrderNumber }
        if orderFiller == nil { orderFiller = other.orderFiller }
        if requestedProcedureID.isEmpty { requestedProcedureID = other.requestedProcedureID }
        if requestedProcedureDescription.isEmpty { requestedProcedureDescription = other.requestedProcedureDescription }
        if requestedProcedureCodes.isEmpty { requestedProcedureCodes = other.requestedProcedureCodes }
    }

    fileprivate var order: [String] {
        [
            accessionNumber, issuerOfAccessionNumber?.universalEntityID ?? "",
            issuerOfAccessionNumber?.localNamespaceEntityID ?? "", requestedProcedureID, placerOrderNumber,
        ]
    }
}
