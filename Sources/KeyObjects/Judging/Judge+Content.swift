import DICOM

/// The content tree: template, relationships, value types, language, observer, references (PS3.16 TID 2010, PS3.3
/// A.35.4.3.1).
extension Judge {
    mutating func contentTree() {
        let root = Place()
        let template = document.items(.contentTemplateSequence)
        if template.count != 1 || template[0].string(.mappingResource) != "DCMR"
            || template[0].string(.templateIdentifier) != "2010"
        {
            error(
                root.at(.contentTemplateSequence, in: document), "Content Template Sequence does not name DCMR 2010.",
                "PS3.3 C.18.8, PS3.16 TID 2010", "Write one item: DCMR, 2010.")
        }
        let place = root.at(.contentSequence, in: document)
        let items = document.items(.contentSequence)
        if content.references.isEmpty {
            error(
                place, "The content references no instance.", "PS3.16 TID 2010, rows 8 to 10",
                "Reference every instance of the evidence.")
        }
        for (index, item) in items.enumerated() { self.item(item, place.item(index + 1)) }
        modifiers(place)
        observers(items, place)
    }

    private mutating func item(_ item: DataSet, _ place: Place) {
        let (type, relationship) = (item.string(.valueType) ?? "", item.string(.relationshipType) ?? "")
        if item[Self.referencedContentItem] != nil {
            error(place, "The content item is included by reference.", "PS3.3 A.35.4.3.1", "Include it by value.")
        }
        let allowed: [String] =
            switch type {
            case "IMAGE", "WAVEFORM", "COMPOSITE": ["CONTAINS"]
            case "TEXT": ["CONTAINS", "HAS OBS CONTEXT"]
            case "CODE": ["HAS CONCEPT MOD", "HAS OBS CONTEXT"]
            case "UIDREF", "PNAME", "CONTAINER": ["HAS OBS CONTEXT"]
            default: []
            }
        if allowed.isEmpty {
            error(
                place.at(.valueType, in: item), "Value type '\(type)' is none of a Key Object Selection's.",
                "PS3.3 A.35.4.3.1", "Leave the item out.")
        } else if !allowed.contains(relationship) {
            error(
                place.at(.relationshipType, in: item), "'\(relationship)' may not lead to \(type) here.",
                "PS3.3 Table A.35.4-2", "Write \(allowed.joined(separator: " or ")).")
        }
        if ["IMAGE", "WAVEFORM", "COMPOSITE"].contains(type) {
            reference(item, type, place)
        } else {
            type1(.conceptNameCodeSequence, in: item, place, "PS3.3 C.17.3.2")
            codes(.conceptNameCodeSequence, in: item, place)
            itemValue(item, type, place)
        }
        if !item.items(.contentSequence).isEmpty { nested(item, type, place) }
        let concept = item.items(.conceptNameCodeSequence).first.flatMap { Code($0) }
        if type == "CODE", concept?.isSame(as: .languageOfContent) == true { language(item, place) }
    }

    private static let referencedContentItem = Tag.referencedContentItemIdentifier

    private mutating func itemValue(_ item: DataSet, _ type: String, _ place: Place) {
        let tag: Tag? =
            switch type {
            case "TEXT": .textValue
            case "CODE": .conceptCodeSequence
            case "UIDREF": .uid
            case "PNAME": .personName
            default: nil
            }
        guard let tag else { return }
        type1(tag, in: item, place, "PS3.3 C.17.3.2")
        if tag == .conceptCodeSequence { codes(tag, in: item, place) }
    }

    /// Nothing hangs under an item but observer context under a container; a country under the language is what the
    /// platform spec asks for (T1).
    private mutating func nested(_ item: DataSet, _ type: String, _ place: Place) {
        let inner = item.items(.contentSequence)
        if type == "CONTAINER", inner.allSatisfy({ $0.string(.relationshipType) == "HAS OBS CONTEXT" }) { return }
        let concepts = inner.map { $0.items(.conceptNameCodeSequence).first.flatMap { Code($0) } }
        let isCountry = concepts.allSatisfy { $0?.isSame(as: .countryOfLanguage) == true }
        let here = place.at(.contentSequence, in: item)
        if isMaincare, type == "CODE", isCountry {
            warning(
                here, "A country stands under the language: the platform spec asks for it, the standard forbids it.",
                "PS3.3 Table A.35.4-2, platform spec 2.5.3", "Leave the language out: it is optional.")
        } else {
            error(
                here, "A content item stands under a \(type) item.", "PS3.3 Table A.35.4-2",
                "Leave it out: receivers refuse the whole document.")
        }
    }

    private mutating func language(_ item: DataSet, _ place: Place) {
        guard let code = item.items(.conceptCodeSequence).first.flatMap({ Code($0) }) else { return }
        if code.scheme != "RFC5646" {
            warning(
                place.at(.conceptCodeSequence, in: item), "The language is coded in \(code.scheme), not RFC5646.",
                "PS3.16 CID 5000", "Write (\(code.value), RFC5646, …).")
        }
    }

    private mutating func reference(_ item: DataSet, _ type: String, _ place: Place) {
        if item[.conceptNameCodeSequence] != nil {
            error(
                place.at(.conceptNameCodeSequence, in: item), "A reference has a purpose.", "PS3.16 TID 2010",
                "Leave the concept name out.")
        }
        let references = item.items(.referencedSOPSequence)
        let here = place.at(.referencedSOPSequence, in: item)
        guard references.count == 1 else {
            return error(
                here, "The item references \(references.count) instances.", "PS3.3 C.17.3.2", "Reference one.")
        }
        for tag in [Tag.referencedSOPClassUID, .referencedSOPInstanceUID] {
            type1(tag, in: references[0], here.item(1), "PS3.3 Table 10-11")
        }
        guard let sopClass = references[0].uid(.referencedSOPClassUID, as: SOPClassUID.self) else { return }
        if let known = UIDRegistry.valueType(of: sopClass) {
            guard known.rawValue != type else { return }
            error(
                place.at(.valueType, in: item),
                "\(UIDRegistry.name(of: sopClass) ?? sopClass.text) is referenced as \(type).", "PS3.3 C.17.3.2.1",
                "Write \(known.rawValue).")
        } else if UIDRegistry.isNonStorage(sopClass) {
            error(here, "\(sopClass) is no storage SOP class.", "PS3.4 B.5", "Reference stored instances only.")
        } else {
            warning(
                here, "\(sopClass) is no class of PS3.6: whether it is \(type) cannot be judged.", "PS3.3 C.17.3.2.1",
                "See that the value type is right for the private class.")
        }
    }

    private mutating func modifiers(_ place: Place) {
        let allowed: [String: String]? =
            switch content.title?.value {
            case "113001", "113010": DocumentTitle.rejectionReasons
            case "113013": DocumentTitle.bestInSetScopes
            default: nil
            }
        if content.title?.value == "113013", content.titleModifiers.isEmpty {
            error(
                place, "Best In Set stands without its modifier.", "PS3.16 TID 2010, row 4",
                "Say in which set: a Document Title Modifier of CID 7012.")
        }
        guard let allowed else { return }
        for modifier in content.titleModifiers where allowed[modifier.value] == nil || modifier.scheme != "DCM" {
            warning(
                place, "\(modifier) does not modify \(content.title?.meaning ?? "this title").",
                "PS3.16 CID 7011, CID 7012", "Write a modifier of the title's context group.")
        }
    }

    /// TID 1002: what the observer is, then who.
    private mutating func observers(_ items: [DataSet], _ place: Place) {
        let codes = items.map { item in
            (item, item.items(.conceptNameCodeSequence).first.flatMap { Code($0) })
        }
        let types = codes.filter { $0.1?.isSame(as: .observerType) == true }
            .compactMap { $0.0.items(.conceptCodeSequence).first.flatMap { Code($0) } }
        let hasPerson = codes.contains { $0.1?.isSame(as: .personObserverName) == true }
        let hasDevice = codes.contains { $0.1?.isSame(as: .deviceObserverUID) == true }
        if hasPerson, !types.contains(where: { $0.isSame(as: .person) }) {
            warning(
                place, "A person observes, and no Observer Type says that it is a person.", "platform spec 2.5.3",
                "Write Observer Type (121005) = Person (121006) before the name.")
        }
        if hasDevice, !types.contains(where: { $0.isSame(as: .device) }) {
            error(
                place, "A device observes, and no Observer Type says so.", "PS3.16 TID 1002, row 1",
                "Write Observer Type (121005) = Device (121007).")
        }
        if types.contains(where: { $0.isSame(as: .device) }), !hasDevice {
            error(
                place, "The observer is a device without a Device Observer UID.", "PS3.16 TID 1004, row 1",
                "Write Device Observer UID (121012).")
        }
    }
}
