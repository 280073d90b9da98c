import DICOM

/// Current Requested Procedure Evidence Sequence, and what must hold between it, the study and the content.
extension Judge {
    mutating func evidence() {
        let root = Place()
        let tag = Tag.currentRequestedProcedureEvidenceSequence
        let studies = document.items(tag)
        let here = root.at(tag, in: document)
        guard type1(tag, in: document, root, "PS3.3 C.17.6.2") else { return }
        for (index, study) in studies.enumerated() {
            let inside = here.item(index + 1)
            type1(.studyInstanceUID, in: study, inside, "PS3.3 Table C.17-3")
            guard type1(.referencedSeriesSequence, in: study, inside, "PS3.3 Table C.17-3") else { continue }
            let list = inside.at(.referencedSeriesSequence, in: study)
            for (number, series) in study.items(.referencedSeriesSequence).enumerated() {
                self.series(series, list.item(number + 1))
            }
        }
        let uids = studies.compactMap { $0.uid(.studyInstanceUID, as: StudyUID.self) }
        if let own = content.studyInstanceUID, !uids.contains(own) {
            error(
                here, "The document's study is not among the studies of the evidence.", "PS3.3 C.17.6.2",
                "Put the document into the study whose instances it lists.")
        }
        if Set(uids).count > 1, document.items(.identicalDocumentsSequence).isEmpty {
            error(
                root.at(.identicalDocumentsSequence, in: document),
                "The evidence has several studies, and no Identical Documents Sequence.", "PS3.3 C.17.6.2",
                "Write one document per study, or a copy in each study with Identical Documents Sequence.")
        }
        if Set(uids).count < uids.count {
            error(here, "A study has more than one item.", "PS3.3 Table C.17-3", "Write one item per study.")
        }
    }

    private mutating func series(_ series: DataSet, _ place: Place) {
        type1(.seriesInstanceUID, in: series, place, "PS3.3 Table 10-4")
        if demands(.retrieveAETitle) { retrieval(.retrieveAETitle, series, place) }
        if demands(.retrieveLocationUID) { retrieval(.retrieveLocationUID, series, place) }
        guard type1(.referencedSOPSequence, in: series, place, "PS3.3 Table 10-4") else { return }
        let list = place.at(.referencedSOPSequence, in: series)
        for (index, reference) in series.items(.referencedSOPSequence).enumerated() {
            for tag in [Tag.referencedSOPClassUID, .referencedSOPInstanceUID] {
                type1(tag, in: reference, list.item(index + 1), "PS3.3 Table 10-11")
            }
        }
    }

    private mutating func retrieval(_ tag: Tag, _ series: DataSet, _ place: Place) {
        guard series[tag]?.isEmpty ?? true else { return }
        error(
            place.at(tag, in: series), "\(named(tag)) has no value: nobody knows where to ask for the instances.",
            "platform spec 2.5.2", "Write the PACS's \(Dictionary.name(of: tag) ?? "place").")
    }

    mutating func crossReferences() {
        let evidence = byInstance(content.evidence)
        let references = byInstance(content.references)
        let place = Place().at(.currentRequestedProcedureEvidenceSequence, in: document)
        let tree = Place().at(.contentSequence, in: document)
        for reference in content.references {
            guard let listed = evidence[reference.sopInstanceUID] else {
                error(
                    tree, "\(reference.sopInstanceUID) is referenced in the content and not in the evidence.",
                    "PS3.3 C.17.6.2", "List every referenced instance in the evidence.")
                continue
            }
            if listed.sopClassUID != reference.sopClassUID {
                error(
                    tree, "\(reference.sopInstanceUID) has one SOP class in the evidence and another in the content.",
                    "PS3.3 C.17.6.2", "Write the instance's own SOP class in both.")
            }
        }
        for listed in content.evidence where references[listed.sopInstanceUID] == nil {
            error(
                place, "\(listed.sopInstanceUID) is in the evidence and not referenced in the content.",
                "PS3.16 TID 2010, CP-2595", "Reference every instance of the evidence in the content.")
        }
        repetitions(content.evidence, place, "evidence")
        repetitions(content.references, tree, "content")
        if let own = content.sopInstanceUID, evidence[own] != nil || references[own] != nil {
            error(place, "The document references itself.", "PS3.3 C.17.6.2", "Leave the document out of its lists.")
        }
    }

    private mutating func repetitions(_ references: [KeyObjectDocument.Reference], _ place: Place, _ list: String) {
        var seen: Set<InstanceUID> = []
        for reference in references where !seen.insert(reference.sopInstanceUID).inserted {
            warning(
                place, "\(reference.sopInstanceUID) is in the \(list) more than once.", "PS3.3 C.17.6.2",
                "List every instance once.")
        }
    }

    private func byInstance(
        _ references: [KeyObjectDocument.Reference]
    ) -> [InstanceUID: KeyObjectDocument.Reference] {
        var result: [InstanceUID: KeyObjectDocument.Reference] = [:]
        for reference in references where result[reference.sopInstanceUID] == nil {
            result[reference.sopInstanceUID] = reference
        }
        return result
    }
}
