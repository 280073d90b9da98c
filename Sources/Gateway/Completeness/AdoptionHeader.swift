import DICOM

/// A header made from what a PACS tells of an instance by C-FIND, in place of one that it sent: a study can be learnt so.
enum AdoptionHeader {
    /// Study level keys to ask for (PS3.4 Tables C.6-1, C.6-2), and what a manifest wants besides.
    static let studyKeys: [Tag] = [
        .studyDate, .studyTime, .accessionNumber, .referringPhysicianName, .studyDescription, .patientName, .patientID,
        .issuerOfPatientID, .patientBirthDate, .patientSex, .studyID,
    ]
    static let seriesKeys: [Tag] = [.modality, .seriesNumber, .seriesDescription, .seriesDate, .seriesTime]
    static let instanceKeys: [Tag] = [.instanceNumber, .numberOfFrames, .rows, .columns]

    /// An explicit VR little endian data set of what the responses say, that of the lowest level first to be believed; nil
    /// when they do not name study, series, SOP class and instance.
    ///
    /// Values are copied byte for byte where all responses are in one character set, else written in UTF-8.
    static func header(study: DataSet, series: DataSet, instance: DataSet) -> [UInt8]? {
        let sources = [instance, series, study]
        var found: [Tag: (DataSet.Element, DataSet)] = [:]
        for source in sources {
            for element in source.elements where isKept(element) && found[element.tag] == nil {
                found[element.tag] = (element, source)
            }
        }
        let needed: [Tag] = [.sopClassUID, .sopInstanceUID, .studyInstanceUID, .seriesInstanceUID]
        guard needed.allSatisfy({ found[$0] != nil }) else { return nil }
        let texts = found.values.filter { hasText($0.0) }.map { $0.1.characterSetInForce ?? [] }
        let isOneSet = Set(texts).count <= 1
        var elements = found.values.map { element, source in
            isOneSet ? element : DataSet.Element(element.tag, element.vr, utf8(element, in: source))
        }
        let characterSet = isOneSet ? texts.first ?? [] : Array("ISO_IR 192".utf8)
        if !characterSet.isEmpty { elements.append(.init(.specificCharacterSet, .CS, .bytes(characterSet))) }
        var writer = DataSetWriter(encoding: .explicitVRLittleEndian)
        writer.write(DataSet(elements.sorted { $0.tag < $1.tag }))
        return writer.finish()
    }

    /// What describes the instance; not what describes the query, nor counts.
    private static func isKept(_ element: DataSet.Element) -> Bool {
        let tag = element.tag
        guard tag.group > 0x0002, !tag.isPrivate, !tag.isGroupLength, element.vr != .UN else { return false }
        switch tag {
        case .specificCharacterSet, .queryRetrieveLevel, .retrieveAETitle, .instanceAvailability, .modalitiesInStudy:
            return false
        case Tag(0x0020, 0x1200)...Tag(0x0020, 0x1209), Tag(0x0008, 0x0062): return false
        default: break
        }
        switch element.value {
        case .bytes(let bytes): return bytes.contains { $0 != 0x20 && $0 != 0 }
        case .items(let items): return !items.isEmpty
        case .fragments, .omitted: return false
        }
    }

    /// Its bytes mean something else in another character set.
    private static func hasText(_ element: DataSet.Element) -> Bool {
        switch element.value {
        case .bytes(let bytes): element.vr.isTextOfCharacterSet && bytes.contains { $0 >= 0x80 || $0 == 0x1B }
        case .items: true
        case .fragments, .omitted: false
        }
    }

    private static func utf8(_ element: DataSet.Element, in source: DataSet) -> DataSet.Value {
        switch element.value {
        case .bytes where element.vr.isTextOfCharacterSet:
            .bytes(Array(source.strings(of: element).joined(separator: "\\").utf8))
        case .items(let items):
            .items(
                items.map { item in
                    let kept = item.elements.filter { $0.tag != .specificCharacterSet }
                    return DataSet(kept.map { DataSet.Element($0.tag, $0.vr, utf8($0, in: item)) })
                })
        case .bytes, .fragments, .omitted: element.value
        }
    }
}
