import DICOM

/// Patient, General Study, Key Object Document Series, SOP Common (PS3.3 A.35.4).
extension Judge {
    mutating func fileMetaInformation(_ meta: DataSet) {
        let pairs: [(Tag, Tag)] = [
            (.mediaStorageSOPClassUID, .sopClassUID), (.mediaStorageSOPInstanceUID, .sopInstanceUID),
        ]
        for (stored, own) in pairs where meta[stored] != nil && meta.string(stored) != document.string(own) {
            error(
                Place().at(stored, in: meta), "\(named(stored)) is not the data set's \(named(own)).", "PS3.10 §7.1",
                "Write the same UID in the file meta information and in the data set.")
        }
    }

    mutating func sopCommon() {
        let root = Place()
        if document.uid(.sopClassUID) != SOPClassUID.keyObjectSelectionDocument {
            error(
                root.at(.sopClassUID, in: document), "The SOP class is not Key Object Selection Document.",
                "PS3.3 C.12.1", "Write 1.2.840.10008.5.1.4.1.1.88.59.")
        }
        type1(.sopInstanceUID, in: document, root, "PS3.3 C.12.1")
        if isMaincare, !isRejectionNote, document.strings(.specificCharacterSet) != ["ISO_IR 100"] {
            error(
                root.at(.specificCharacterSet, in: document), "Specific Character Set is not ISO_IR 100.",
                "platform spec 2.5.2", "Write the document in ISO_IR 100, or allow another set with the platform.")
        }
        for tag in [Tag.predecessorDocumentsSequence, .completionFlag, .verificationFlag] where document[tag] != nil {
            notInIOD(tag)
        }
        var last = Tag(rawValue: 0)
        for element in document.elements {
            if element.tag <= last {
                error(
                    Place(path: element.tag.description, offset: element.offset),
                    "\(named(element.tag)) stands after \(last): elements must ascend.", "PS3.5 §7.1",
                    "Write the elements in ascending order, each once.")
            }
            last = element.tag
        }
    }

    mutating func notInIOD(_ tag: Tag) {
        warning(
            Place().at(tag, in: document), "\(named(tag)) is no attribute of a Key Object Selection Document.",
            "PS3.3 A.35.4", "Leave it out.")
    }

    mutating func patient() {
        let root = Place()
        for tag in [Tag.patientName, .patientID, .patientBirthDate, .patientSex] {
            type2(tag, in: document, root, "PS3.3 C.7.1.1")
        }
        let demanded: [(ManifestProfile.Demand, Tag)] = [
            (.patientName, .patientName), (.patientID, .patientID), (.issuerOfPatientID, .issuerOfPatientID),
            (.issuerOfPatientID, .issuerOfPatientIDQualifiersSequence), (.patientBirthDate, .patientBirthDate),
        ]
        for (demand, tag) in demanded where demands(demand) { demandedValue(tag) }
        if let sex = document.string(.patientSex), !["M", "F", "O"].contains(sex) {
            error(
                root.at(.patientSex, in: document), "Patient's Sex is '\(sex)'.", "PS3.3 C.7.1.1",
                "Write M, F or O, or leave it empty.")
        }
        authority(.issuerOfPatientIDQualifiersSequence, in: document, root)
        let qualifiers = document.items(.issuerOfPatientIDQualifiersSequence).first
        if demands(.issuerOfPatientID), let qualifiers, qualifiers.string(.universalEntityID) == nil {
            error(
                root.at(.issuerOfPatientIDQualifiersSequence, in: document),
                "The issuer of the Patient ID has no Universal Entity ID.", "platform spec 2.5.2",
                "Write the issuer's OID, type ISO.")
        }
        if qualifiers?.string(.universalEntityID) == "1.2.250.1.213.1.4.2" {
            warning(
                root.at(.issuerOfPatientIDQualifiersSequence, in: document), "The issuer is INS-C, which is obsolete.",
                "CI-SIS, INS", "Identify the patient by INS-NIR or INS-NIA.")
        }
    }

    /// A value that the profile makes type 1 where the standard does not.
    mutating func demandedValue(_ tag: Tag) {
        guard document[tag]?.isEmpty ?? true else { return }
        error(
            Place().at(tag, in: document), "\(named(tag)) has no value; the platform demands one.",
            "platform spec 2.5.2", "Write the value, or hold the study until it is known.")
    }

    mutating func study() {
        let root = Place()
        type1(.studyInstanceUID, in: document, root, "PS3.3 C.7.2.1")
        for tag in [Tag.studyDate, .studyTime, .accessionNumber, .referringPhysicianName, .studyID] {
            type2(tag, in: document, root, "PS3.3 C.7.2.1")
        }
        if demands(.accessionNumber) { demandedValue(.accessionNumber) }
        if demands(.studyDate) {
            demandedValue(.studyDate)
            demandedValue(.studyTime)
        }
        authority(.issuerOfAccessionNumberSequence, in: document, root)
    }

    mutating func series() {
        let root = Place()
        if document.string(.modality) != "KO" {
            error(
                root.at(.modality, in: document), "Modality is '\(document.string(.modality) ?? "")', not KO.",
                "PS3.3 C.17.6.1", "Write KO.")
        }
        for tag in [Tag.seriesInstanceUID, .seriesNumber] { type1(tag, in: document, root, "PS3.3 C.17.6.1") }
        type2(.referencedPerformedProcedureStepSequence, in: document, root, "PS3.3 C.17.6.1")
        for tag in [Tag.instanceNumber, .contentDate, .contentTime] {
            type1(tag, in: document, root, "PS3.3 C.17.6.2")
        }
    }

    /// Hierarchic designators: at most one item, identifiers absent rather than empty, a type with every universal one.
    mutating func authority(_ tag: Tag, in dataSet: DataSet, _ place: Place) {
        let items = dataSet.items(tag)
        let here = place.at(tag, in: dataSet)
        if items.count > 1 {
            error(
                here, "\(named(tag)) has \(items.count) items; one is allowed.", "PS3.3 Table 10-17", "Keep one item.")
        }
        for (index, item) in items.enumerated() {
            let inside = here.item(index + 1)
            for tag in [Tag.localNamespaceEntityID, .universalEntityID, .universalEntityIDType] {
                notEmpty(tag, in: item, inside, "PS3.3 Table 10-17")
            }
            let (universal, type) = (item.string(.universalEntityID), item.string(.universalEntityIDType))
            if universal == nil, item.string(.localNamespaceEntityID) == nil {
                error(inside, "Neither a local nor a universal entity ID is there.", "PS3.3 Table 10-17", "Write one.")
            }
            if universal != nil, type == nil {
                error(
                    inside.at(.universalEntityIDType, in: item), "A Universal Entity ID stands without its type.",
                    "PS3.3 Table 10-17", "Write the type; ISO for an OID.")
            }
            if let type, !AssigningAuthority.universalEntityIDTypes.contains(type) {
                error(
                    inside.at(.universalEntityIDType, in: item),
                    "Universal Entity ID Type '\(type)' is none of the standard's.",
                    "PS3.3 Table 10-17", "Write ISO for an OID.")
            } else if let universal, let type, type != "ISO", InstanceUID(universal).isValid {
                warning(
                    inside.at(.universalEntityIDType, in: item), "An OID has type '\(type)'.", "PS3.3 Table 10-17",
                    "Write ISO.")
            }
        }
    }
}
