public import KeyObjects

extension ManifestSettings {
    /// What the configuration says of the manifests of one source.
    public init(_ configuration: Configuration, source: Configuration.Source) {
        let manifest = configuration.manifest
        self.init(profile: manifest.profile, source: source.name)
        if let writes = manifest.writesRequestAttributes { profile.writesRequestAttributes = writes }
        switch manifest.severalAccessionNumbers {
        case .primary: profile.severalAccessionNumbers = .primary
        case .empty: profile.severalAccessionNumbers = .empty
        case nil: break
        }
        for issuer in configuration.knownIssuers {
            knownIssuers[issuer.namespace ?? ""] = AssigningAuthority(
                universalEntityID: issuer.universalID ?? "", universalEntityIDType: issuer.universalIDType.rawValue)
        }
        take(source.settings)
        language = Language(manifest)
        institutionOfPersons = InstitutionForm(manifest.institution)
        author = Author(manifest)
        recipients = manifest.recipients.map(Person.init)
        references = manifest.references == .all ? .all : .imagesOnly
        excludedClasses = Set(manifest.excludedSOPClasses)
        characterSet = manifest.characterSet.map { $0 == .latin1 ? .latin1 : .utf8 }
        observer = manifest.observer.map(Observer.init) ?? .none
        seriesNumber = manifest.seriesNumber
        conditions.recipientsRequired = manifest.requiresRecipients
        // The national identity domains concern the national platforms alone.
        if profile.name == ManifestProfile.maincare.name {
            conditions.environment = configuration.environment == .production ? .production : .test
        }
        equipment.softwareVersions = Version.text
    }

    private mutating func take(_ defaults: Configuration.SourceDefaults) {
        retrieve = RetrieveLocation(
            aeTitle: defaults.retrieveAETitle, locationUID: defaults.retrieveLocationUID ?? "",
            url: defaults.retrieveURL ?? "")
        issuerOfPatientID = defaults.issuerOfPatientID?.namespace ?? ""
        issuerQualifiers = defaults.issuerOfPatientID.flatMap { issuer in
            issuer.universalID.map {
                AssigningAuthority(universalEntityID: $0, universalEntityIDType: issuer.universalIDType.rawValue)
            }
        }
        identifierTypeCode = defaults.identifierType ?? ""
        issuerOfAccessionNumber = defaults.issuerOfAccessionNumber.map {
            AssigningAuthority(
                localNamespaceEntityID: $0.namespace ?? "", universalEntityID: $0.universalID ?? "",
                universalEntityIDType: $0.universalID == nil ? "" : $0.universalIDType.rawValue)
        }
        institutionName = defaults.institutionName ?? ""
        conditions = Conditions(defaults)
    }
}

extension ManifestSettings.Conditions {
    fileprivate init(_ defaults: Configuration.SourceDefaults) {
        self.init()
        knownIssuersOnly = defaults.knownIssuersOnly
        patientIDPattern = defaults.patientIDPattern.flatMap(PatientIDPattern.init)
        mixedConfidentiality = defaults.mixedConfidentiality
        qualityAssuranceTag = defaults.qualityAssuranceTag
        qualityAssuranceValue = defaults.qualityAssuranceValue
        waitsForReport = defaults.waitsForReport
    }
}

extension ManifestSettings.Language {
    fileprivate init(_ manifest: Configuration.Manifest) {
        let literal = manifest.languageScheme == .rfc3066
        switch manifest.language {
        case .none: self = .none
        case .code: self = .code(literal: literal)
        case .codeWithCountry: self = .codeWithCountry(literal: literal)
        }
    }
}

extension ManifestSettings.InstitutionForm {
    fileprivate init(_ form: Configuration.PersonInstitution) {
        switch form {
        case .code: self = .code
        case .name: self = .name
        case .both: self = .both
        }
    }
}

extension ManifestSettings.Author {
    fileprivate init(_ manifest: Configuration.Manifest) {
        switch manifest.author {
        case .fixed: self = manifest.fixedAuthor.map { .fixed(ManifestSettings.Person($0)) } ?? .none
        case .reading: self = .reading
        case .performing: self = .performing
        case .referring: self = .referring
        }
    }
}

extension ManifestSettings.Observer {
    fileprivate init(_ observer: Configuration.Observer) {
        self = observer.deviceUID.map { .device(uid: $0, name: observer.name) } ?? .person(name: observer.name)
    }
}

extension ManifestSettings.Person {
    fileprivate init(_ person: Configuration.Person) {
        self.init(
            name: person.name, kind: person.kind == .person ? .practitioner : .structure,
            identifier: person.identifier ?? "")
        if person.institutionName != nil || person.institutionIdentifier != nil {
            institution = ManifestSettings.Institution(
                name: person.institutionName ?? "", identifier: person.institutionIdentifier ?? "")
        }
    }
}
