import DICOM

/// A patient that nobody is.
struct InventedPatient: Hashable {
    /// As the sheet calls the patient: the identifier is never shown.
    var role: String
    var patientID: String
    /// PN.
    var name: String
    /// DA.
    var birthDate = "19610203"
    /// CS.
    var sex = "F"
}

/// What the invented objects say so that the configuration takes them for its own.
struct InventedFacts: Hashable {
    /// Issuer of Patient ID (0010,0021), where the configuration has no default but knows issuers.
    var issuer: String?
}

/// An instance of an invented study: a header, and no pixel data to speak of.
struct InventedInstance: Hashable {
    var sopClassUID = SOPClassUID.ctImage
    var sopInstanceUID: InstanceUID
    var seriesInstanceUID: SeriesUID
    var studyInstanceUID: StudyUID
    var patient: InventedPatient
    var accessionNumber: String
    var seriesNumber: Int
    var instanceNumber: Int
    /// Copies of one instance with different content.
    var revision = 0
    var facts = InventedFacts()

    /// Explicit VR little endian.
    var dataSet: [UInt8] {
        var elements = InventedElements()
        elements[.specificCharacterSet] = (.CS, "ISO_IR 100")
        elements[.sopClassUID] = (.UI, sopClassUID.text)
        elements[.sopInstanceUID] = (.UI, sopInstanceUID.text)
        elements.study(studyInstanceUID, accessionNumber)
        elements[.contentDate] = (.DA, "20260315")
        elements[.contentTime] = (.TM, revision == 0 ? "101600" : "11\(10 + revision % 50)00")
        elements[.modality] = (.CS, sopClassUID == .ctImage ? "CT" : "SR")
        elements.patient(patient, issuer: facts.issuer)
        elements[.seriesInstanceUID] = (.UI, seriesInstanceUID.text)
        elements[.seriesNumber] = (.IS, String(seriesNumber))
        elements[.instanceNumber] = (.IS, String(instanceNumber))
        var writer = DataSetWriter(encoding: .explicitVRLittleEndian)
        elements.write(to: &writer)
        return writer.finish()
    }
}

/// Elements that are written in the order of their tags, whatever the order they were given in.
struct InventedElements {
    private var values: [Tag: (vr: VR, text: String)] = [:]

    subscript(_ tag: Tag) -> (vr: VR, text: String)? {
        get { values[tag] }
        set { values[tag] = newValue }
    }

    mutating func study(_ uid: StudyUID, _ accessionNumber: String) {
        self[.studyDate] = (.DA, "20260315")
        self[.studyTime] = (.TM, "101500")
        self[.accessionNumber] = (.SH, accessionNumber)
        self[.studyDescription] = (.LO, "REHEARSAL")
        self[.studyInstanceUID] = (.UI, uid.text)
        self[.studyID] = (.SH, "1")
    }

    mutating func patient(_ patient: InventedPatient, issuer: String?) {
        self[.patientName] = (.PN, patient.name)
        self[.patientID] = (.LO, patient.patientID)
        if let issuer { self[.issuerOfPatientID] = (.LO, issuer) }
        self[.patientBirthDate] = (.DA, patient.birthDate)
        self[.patientSex] = (.CS, patient.sex)
    }

    func write(to writer: inout DataSetWriter) {
        for (tag, value) in values.sorted(by: { $0.key < $1.key }) { writer.element(tag, value.vr, value.text) }
    }
}
