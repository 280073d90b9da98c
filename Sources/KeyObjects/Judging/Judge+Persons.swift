import DICOM

/// General Equipment, author and recipients with their coding schemes (platform spec 2.5.2, PS3.3 Table 10-1).
extension Judge {
    mutating func equipmentAndPersons() {
        let root = Place()
        type2(.manufacturer, in: document, root, "PS3.3 C.7.5.1")
        persons(.referringPhysicianIdentificationSequence, names: .referringPhysicianName, limit: 1)
        persons(.physiciansReadingStudyIdentificationSequence, names: .nameOfPhysiciansReadingStudy, limit: nil)
        codingSchemes()
        for tag in [Tag.patientName, .referringPhysicianName, .nameOfPhysiciansReadingStudy]
        where document.strings(tag).contains(where: { $0.contains("?") }) {
            warning(
                root.at(tag, in: document),
                "\(named(tag)) has a '?': a character that was lost in conversion, most likely.", "platform spec 2.5.2",
                "Transliterate what ISO_IR 100 cannot write, or write in ISO_IR 192.")
        }
    }

    private mutating func persons(_ tag: Tag, names: Tag, limit: Int?) {
        let items = document.items(tag)
        let here = Place().at(tag, in: document)
        if let limit, items.count > limit {
            error(here, "\(named(tag)) has \(items.count) items; one is allowed.", "PS3.3 C.7.2.1", "Keep one item.")
        }
        if limit == nil, document[tag] != nil, items.count != document.strings(names).count {
            error(
                here, "\(named(tag)) and \(named(names)) do not have the same number of persons.", "PS3.3 C.7.2.1",
                "Write one item per name, in the same order.")
        }
        for (index, item) in items.enumerated() { person(item, here.item(index + 1)) }
    }

    private mutating func person(_ item: DataSet, _ place: Place) {
        type1(.personIdentificationCodeSequence, in: item, place, "PS3.3 Table 10-1")
        for tag in [Tag.personIdentificationCodeSequence, .institutionCodeSequence] { codes(tag, in: item, place) }
        let hasName = !(item[.institutionName]?.isEmpty ?? true)
        let hasCode = !(item[.institutionCodeSequence]?.isEmpty ?? true)
        if hasName == hasCode {
            error(
                place.at(.institutionName, in: item),
                hasName
                    ? "The person's institution is stated by name and by code."
                    : "The person's institution is stated neither by name nor by code.", "PS3.3 Table 10-1",
                "State the institution once, by code or by name.")
        }
    }

    private mutating func codingSchemes() {
        let here = Place().at(.codingSchemeIdentificationSequence, in: document)
        let items = document.items(.codingSchemeIdentificationSequence)
        for scheme in [NationalScheme.practitioner, .structure] {
            guard let item = items.first(where: { $0.string(.codingSchemeDesignator) == scheme.designator }) else {
                guard isMaincare, !isRejectionNote else { continue }
                error(
                    here, "Coding scheme \(scheme.designator) is not identified.", "platform spec 2.5.2, SOP Common",
                    "Write both items of Coding Scheme Identification Sequence.")
                continue
            }
            if item.string(.codingSchemeUID) != scheme.uid {
                error(
                    here, "\(scheme.designator) has another UID than \(scheme.uid).", "platform spec 2.5.2", "Write it."
                )
            }
            if item.string(.codingSchemeName) != scheme.name {
                warning(
                    here, "\(scheme.designator) has another name than '\(scheme.name)'.", "platform spec 2.5.2",
                    "Write the name as the table spells it.")
            }
        }
    }

    /// Code items: value, scheme and meaning have a value (PS3.3 Table 8.8-1).
    mutating func codes(_ tag: Tag, in dataSet: DataSet, _ place: Place) {
        let here = place.at(tag, in: dataSet)
        for (index, item) in dataSet.items(tag).enumerated() {
            let inside = here.item(index + 1)
            if item[.longCodeValue] == nil, item[.urnCodeValue] == nil {
                type1(.codeValue, in: item, inside, "PS3.3 Table 8.8-1")
                type1(.codingSchemeDesignator, in: item, inside, "PS3.3 Table 8.8-1")
            }
            type1(.codeMeaning, in: item, inside, "PS3.3 Table 8.8-1")
        }
    }
}
