public import DICOM

extension ManifestBuilder {
    /// What a manifest states that is made again from a PACS's references and the headers known; nil where none of its
    /// references is of this study.
    ///
    /// A reference whose header is not known keeps the class, series and value type of the document; patient and study
    /// are those of the headers, and the document's where the headers say nothing. A document of another patient than the
    /// headers' is told among `otherPatients`.
    ///
    /// - Parameter isLeftOut: references that are not taken over, rejected ones for instance.
    public func content(
        repairing manifest: ReceivedManifest, leavingOut isLeftOut: (InstanceUID) -> Bool = { _ in false }
    ) -> ManifestContent? {
        let study = studyInstanceUID ?? manifest.references.first?.studyInstanceUID
        guard let study else { return nil }
        var content =
            self.content()
            ?? ManifestContent(patient: PatientAttributes(), study: StudyAttributes(studyInstanceUID: study))
        let described = content.series
        content.series = series(of: manifest, study, described) { isLeftOut($0.sopInstanceUID) }
        guard content.instanceCount > 0 else { return nil }
        content.complete(from: manifest.head)
        return content
    }

    private func series(
        of manifest: ReceivedManifest, _ study: StudyUID, _ described: [ReferencedSeries],
        _ isLeftOut: (PublishedReferences.Reference) -> Bool
    ) -> [ReferencedSeries] {
        var known: [InstanceUID: (series: SeriesUID, instance: ReferencedInstance)] = [:]
        for series in described {
            for instance in series.instances { known[instance.sopInstanceUID] = (series.seriesInstanceUID, instance) }
        }
        var results: [SeriesUID: ReferencedSeries] = [:]
        for series in described {
            results[series.seriesInstanceUID] = series
            results[series.seriesInstanceUID]?.instances = []
        }
        var seen: Set<InstanceUID> = []
        for reference in manifest.references where reference.studyInstanceUID == study && !isLeftOut(reference) {
            let instance = reference.sopInstanceUID
            guard excluded[instance] == nil, seen.insert(instance).inserted else { continue }
            let found = known[instance] ?? (reference.seriesInstanceUID, manifest.instance(reference, valueTypes))
            results[found.series, default: ReferencedSeries(seriesInstanceUID: found.series)].instances
                .append(found.instance)
        }
        return results.values.filter { !$0.instances.isEmpty }.map { $0.sortedInstances }.sorted()
    }
}

extension ReceivedManifest {
    fileprivate func instance(
        _ reference: PublishedReferences.Reference, _ valueTypes: [SOPClassUID: ValueType]
    ) -> ReferencedInstance {
        let known = valueTypes[reference.sopClassUID] ?? UIDRegistry.valueType(of: reference.sopClassUID)
        return ReferencedInstance(
            sopClassUID: reference.sopClassUID, sopInstanceUID: reference.sopInstanceUID,
            valueType: known ?? scan.valueType(of: reference))
    }
}

extension ReferencedSeries {
    fileprivate var sortedInstances: ReferencedSeries {
        var result = self
        result.instances.sort()
        return result
    }
}

extension ManifestContent {
    /// What the headers do not say, from the document that is repaired.
    fileprivate mutating func complete(from head: DataSet) {
        let facts = PatientFacts(facts: head).attributes
        if patient.isAnother(facts) {
            otherPatients = Set(otherPatients + [facts.key]).sorted()
        } else {
            patient.fill(from: facts)
        }
        let (number, issuer) = (study.accessionNumber, study.issuerOfAccessionNumber)
        // The persons of a manifest are its author and recipients, not those of the images.
        var stated = StudyFacts(facts: head).attributes
        (stated.referringPhysicianName, stated.performingPhysicianName) = ("", "")
        stated.nameOfPhysiciansReadingStudy = []
        study.fill(from: stated)
        let asked = RequestFacts(facts: head)
        if number.isEmpty {
            study.accessionNumber = asked.accessionNumbers.first ?? ""
            study.issuerOfAccessionNumber = asked.issuerOfAccessionNumber
        } else {
            study.issuerOfAccessionNumber = issuer
        }
        if requests.allSatisfy(\.accessionNumber.isEmpty) {
            requests = zip(asked.requests, asked.studies)
                .filter { $0.1 == nil || $0.1 == study.studyInstanceUID }.map(\.0)
        }
    }
}
