import DICOM

/// Writes a rejection note: what it takes over from the manifest is copied to the byte, the references are streamed.
struct RejectionNoteWriter {
    private let note: RejectionNote
    private let head: DataSet
    var out: DocumentWriter

    init(_ note: RejectionNote, encoding: Encoding) {
        self.note = note
        head = note.head.textElements
        // What is written and not copied is ASCII, which is the same in every character set.
        out = DocumentWriter(encoding: encoding, characterSet: .utf8)
    }

    mutating func write(_ identity: ManifestIdentity) {
        out.copy(attributes(identity))
        evidence()
        out.template()
        let series = note.series
        out.sequence(.contentSequence) { out in
            for series in series { for instance in series.instances { out.contentItem(instance) } }
        }
    }

    /// Everything before the references.
    private func attributes(_ identity: ManifestIdentity) -> DataSet {
        var result = NoteAttributes(head)
        let time = identity.content
        result.copy([
            .specificCharacterSet, .issuerOfAccessionNumberSequence, .timezoneOffsetFromUTC, .studyDescription,
            .procedureCodeSequence,
        ])
        result.copy(type2: [
            .studyDate, .studyTime, .accessionNumber, .patientName, .patientID, .patientBirthDate, .patientSex,
            .studyID,
        ])
        result.copy(head.elements.map(\.tag).filter { $0.group == 0x0010 })
        result.set(.instanceCreationDate, .DA, time.date)
        result.set(.instanceCreationTime, .TM, time.time)
        result.set(.sopClassUID, .UI, SOPClassUID.keyObjectSelectionDocument.text)
        result.set(.sopInstanceUID, .UI, identity.sopInstanceUID)
        result.set(.contentDate, .DA, time.date)
        result.set(.contentTime, .TM, time.time)
        result.set(.modality, .CS, "KO")
        let equipment = ManifestSettings.Equipment()
        result.set(.manufacturer, .LO, equipment.manufacturer)
        result.set(.manufacturerModelName, .LO, equipment.manufacturerModelName)
        result.set(.referringPhysicianName, .PN, "")
        if head[.timezoneOffsetFromUTC] == nil {
            result.set(.timezoneOffsetFromUTC, .SH, ManifestWriter.timezone(identity.timezoneOffset))
        }
        result.set(.referencedPerformedProcedureStepSequence, items: [])
        result.set(.studyInstanceUID, .UI, note.studyInstanceUID.text)
        result.set(.seriesInstanceUID, .UI, identity.seriesInstanceUID)
        // Another number than the manifests' series has.
        result.set(.seriesNumber, .IS, String((head.int(.seriesNumber) ?? 1) == 1 ? 2 : 1))
        result.set(.instanceNumber, .IS, String(identity.instanceNumber))
        result.set(.valueType, .CS, "CONTAINER")
        result.set(.conceptNameCodeSequence, items: [note.title.code.item])
        result.set(.continuityOfContent, .CS, "SEPARATE")
        result.set(.referencedRequestSequence, items: requests)
        return result.dataSet
    }

    /// As the manifest has them, with the attributes of type 2 that it lacks (PS3.3 Table C.17-3c); one of its accession
    /// number where it has none.
    private var requests: [DataSet] {
        let stated = head.items(.referencedRequestSequence)
        return (stated.isEmpty ? [DataSet([])] : stated).map { item in
            var result = NoteAttributes(item)
            result.copy(item.elements.map(\.tag))
            result.copy(type2: [
                .placerOrderNumberImagingServiceRequest, .fillerOrderNumberImagingServiceRequest,
                .requestedProcedureID, .requestedProcedureDescription,
            ])
            let accession = stated.isEmpty ? head[.accessionNumber] : item[.accessionNumber]
            result.set(.accessionNumber, .SH, bytes: accession?.text ?? [])
            for tag in [Tag.referencedStudySequence, .requestedProcedureCodeSequence] where item[tag] == nil {
                result.set(tag, items: [])
            }
            if item[.studyInstanceUID] == nil { result.set(.studyInstanceUID, .UI, note.studyInstanceUID.text) }
            return result.dataSet
        }
    }

    /// As the manifest places them: Retrieve AE Title, URL and Location UID of each series are copied.
    private mutating func evidence() {
        let note = note
        out.sequence(.currentRequestedProcedureEvidenceSequence) { out in
            out.item { out in
                out.sequence(.referencedSeriesSequence) { out in
                    for series in note.series { out.item { $0.series(series) } }
                }
                out.uid(.studyInstanceUID, note.studyInstanceUID)
            }
        }
    }
}

/// Attributes under construction, in any order.
private struct NoteAttributes {
    private let source: DataSet
    private var elements: [Tag: DataSet.Element] = [:]

    init(_ source: DataSet) { self.source = source }

    /// What the source has of these.
    mutating func copy(_ tags: [Tag]) {
        for tag in tags { if let element = source[tag] { elements[tag] = element } }
    }

    /// As `copy`; empty where the source has none.
    mutating func copy(type2 tags: [Tag]) {
        for tag in tags { set(tag, Dictionary.vr(of: tag) ?? .LO, bytes: source[tag]?.text ?? []) }
    }

    mutating func set(_ tag: Tag, _ vr: VR, _ text: String) { set(tag, vr, bytes: Array(text.utf8)) }

    mutating func set(_ tag: Tag, _ vr: VR, bytes: [UInt8]) {
        elements[tag] = DataSet.Element(tag, vr, .bytes(bytes))
    }

    mutating func set(_ tag: Tag, items: [DataSet]) { elements[tag] = DataSet.Element(tag, .SQ, .items(items)) }

    var dataSet: DataSet { DataSet(elements.values.sorted { $0.tag < $1.tag }) }
}

extension DataSet.Element {
    fileprivate var text: [UInt8]? {
        guard case .bytes(let bytes) = value else { return nil }
        return bytes
    }
}

extension Code {
    fileprivate var item: DataSet {
        DataSet([
            DataSet.Element(.codeValue, .SH, .bytes(Array(value.utf8))),
            DataSet.Element(.codingSchemeDesignator, .SH, .bytes(Array(scheme.utf8))),
            DataSet.Element(.codeMeaning, .LO, .bytes(Array(meaning.utf8))),
        ])
    }
}

extension DataSet {
    /// The standard's texts and sequences of texts, each once and ascending: they are the same bytes in every encoding.
    fileprivate var textElements: DataSet {
        var seen: Set<Tag> = []
        let kept = elements.compactMap { element -> DataSet.Element? in
            guard element.tag.group & 1 == 0, element.tag.element != 0, seen.insert(element.tag).inserted else {
                return nil
            }
            switch element.value {
            case .items(let items):
                return DataSet.Element(element.tag, .SQ, .items(items.map(\.textElements)))
            case .bytes:
                // What a sender declares as UN is what the standard says it is.
                let vr = element.vr.isString ? element.vr : Dictionary.vr(of: element.tag) ?? .UN
                return vr.isString ? DataSet.Element(element.tag, vr, element.value) : nil
            case .fragments, .omitted: return nil
            }
        }
        return DataSet(kept.sorted { $0.tag < $1.tag })
    }
}

extension DocumentWriter {
    fileprivate mutating func series(_ series: RejectionNote.Series) {
        let place = series.place
        if let title = place.retrieveAETitle { copy(.retrieveAETitle, .AE, title) }
        if let url = place.retrieveURL { copy(.retrieveURL, .UR, url) }
        sequence(.referencedSOPSequence) { out in
            for instance in series.instances { out.reference(instance) }
        }
        uid(.seriesInstanceUID, place.seriesInstanceUID)
        if let location = place.retrieveLocationUID { copy(.retrieveLocationUID, .UI, location) }
    }
}
