import DICOM

/// The two national identification schemes, as the platform spec's table spells them (2.5.2; T25).
struct NationalScheme {
    let designator: String
    let uid: String
    let name: String

    static let practitioner = NationalScheme(
        designator: "99PS_IdNat", uid: "1.2.250.1.71.4.2.1", name: "Identification nationale du Professionnel de Santé")
    static let structure = NationalScheme(
        designator: "99Struct_IdNat", uid: "1.2.250.1.71.4.2.2", name: "Identification nationale de la structure")

    func code(_ value: String) -> Code { Code(value, designator, name) }
}

extension ManifestSettings {
    /// Persons whose identifier a manifest states.
    var identifiedPersons: [Person] {
        var persons = writesRecipients && recipients.allSatisfy(canIdentify) ? recipients : []
        if case .fixed(let person) = author, canIdentify(person) { persons.append(person) }
        return persons
    }

    /// Table 10-1 of PS3.3 wants an identifier and an institution, in the form that is set.
    func canIdentify(_ person: Person) -> Bool {
        let institution = institution(of: person)
        guard !person.identifier.isEmpty else { return false }
        return switch institutionOfPersons {
        case .code: !institution.identifier.isEmpty
        case .name: !institution.name.isEmpty
        case .both: !institution.identifier.isEmpty && !institution.name.isEmpty
        }
    }

    /// A structure is its own institution; a person without one has the source's.
    func institution(of person: Person) -> Institution {
        if let own = person.institution { return own }
        return person.kind == .structure ? Institution(name: person.name, identifier: person.identifier) : institution
    }
}

extension DocumentWriter {
    /// Person Identification macro (PS3.3 Table 10-1).
    ///
    /// - Parameter scheme: of this person's role, where the settings ask for it.
    mutating func identification(
        _ person: ManifestSettings.Person, as roleScheme: NationalScheme, _ settings: ManifestSettings
    ) {
        let institution = settings.institution(of: person)
        if settings.institutionOfPersons != .code { text(.institutionName, .LO, institution.name) }
        if settings.institutionOfPersons != .name {
            code(.institutionCodeSequence, NationalScheme.structure.code(institution.identifier))
        }
        let ownScheme: NationalScheme =
            switch person.kind {
            case .practitioner: .practitioner
            case .structure: .structure
            }
        let scheme =
            switch settings.personScheme {
            case .byKind: ownScheme
            case .byRole: roleScheme
            }
        code(.personIdentificationCodeSequence, scheme.code(person.identifier))
    }
}

extension ManifestSettings.RetrieveLocation {
    /// The URL of a series: UIDs in place of `{study}` and `{series}`.
    func url(study: StudyUID, series: SeriesUID) -> String {
        url.replacing("{study}", with: study.text).replacing("{series}", with: series.text)
    }
}
