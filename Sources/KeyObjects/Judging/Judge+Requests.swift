import DICOM

/// The document's title and the requests that it fulfils (PS3.3 C.17.3, C.17.6.2).
extension Judge {
    mutating func title() {
        let root = Place()
        if document.string(.valueType) != "CONTAINER" {
            error(
                root.at(.valueType, in: document), "The root content item is no CONTAINER.", "PS3.3 C.17.3",
                "Write CONTAINER.")
        }
        if !["SEPARATE", "CONTINUOUS"].contains(document.string(.continuityOfContent) ?? "") {
            error(
                root.at(.continuityOfContent, in: document),
                "Continuity of Content is neither SEPARATE nor CONTINUOUS.",
                "PS3.3 C.17.3", "Write SEPARATE.")
        }
        let here = root.at(.conceptNameCodeSequence, in: document)
        codes(.conceptNameCodeSequence, in: document, root)
        guard document.items(.conceptNameCodeSequence).count == 1, let title = content.title else {
            return error(here, "The document has no title, or several.", "PS3.16 TID 2010", "Write one title.")
        }
        if title.value == DocumentTitle.manifestWithDescription { return }
        guard title.scheme == "DCM", let meaning = DocumentTitle.meaning(of: title.value) else {
            return error(
                here, "\(title) is no title of a Key Object Selection.", "PS3.16 CID 7010", "Write \(Code.manifest).")
        }
        if title.meaning != meaning {
            warning(
                here, "The title's meaning is '\(title.meaning)', the standard's is '\(meaning)'.", "PS3.16 CID 7010",
                "Write the standard's meaning: some receivers compare it.")
        }
        if isMaincare, content.kind == .keyImageNote {
            warning(
                here, "The platform makes documents of titles for manifests only.", "platform spec 2.4.5",
                "Write \(Code.manifest) if this is a manifest.")
        }
    }

    mutating func requests() {
        let root = Place()
        if document[.requestAttributesSequence] != nil { notInIOD(.requestAttributesSequence) }
        let items = document.items(.referencedRequestSequence)
        let here = root.at(.referencedRequestSequence, in: document)
        if items.isEmpty {
            error(
                here, "Referenced Request Sequence is absent or empty, though the document pertains to a request.",
                "PS3.3 C.17.6.2", "Write one item per request, type 2 attributes included.")
        }
        for (index, item) in items.enumerated() {
            let inside = here.item(index + 1)
            type1(.studyInstanceUID, in: item, inside, "PS3.3 Table C.17-3c")
            for tag in [
                Tag.referencedStudySequence, .accessionNumber, .placerOrderNumberImagingServiceRequest,
                .fillerOrderNumberImagingServiceRequest, .requestedProcedureID, .requestedProcedureDescription,
                .requestedProcedureCodeSequence,
            ] { type2(tag, in: item, inside, "PS3.3 Table C.17-3c") }
            for tag in [
                Tag.issuerOfAccessionNumberSequence, .orderPlacerIdentifierSequence, .orderFillerIdentifierSequence,
            ] { authority(tag, in: item, inside) }
            codes(.requestedProcedureCodeSequence, in: item, inside)
        }
        let numbers = items.compactMap { $0.string(.accessionNumber) }
        if let own = document.string(.accessionNumber), !numbers.isEmpty, !numbers.contains(own) {
            warning(
                here, "No request has the document's accession number '\(own)'.", "PS3.3 C.17.6.2",
                "Write the request of the accession number.")
        }
    }
}
