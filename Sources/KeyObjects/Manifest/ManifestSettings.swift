public import DICOM

/// What a source's configuration says of its manifests; each deviation from the defaults is one named switch.
public struct ManifestSettings: Sendable, Equatable {
    public var profile: ManifestProfile
    /// The source's name: part of what makes UIDs.
    public var source: String
    public var retrieve = RetrieveLocation()
    /// Where the headers name no issuer.
    public var issuerOfPatientID = ""
    public var issuerQualifiers: AssigningAuthority?
    public var identifierTypeCode = ""
    /// Authorities of issuers that headers name without an OID.
    public var knownIssuers: [String: AssigningAuthority] = [:]
    public var issuerOfAccessionNumber: AssigningAuthority?
    public var language = Language.none
    public var author = Author.none
    public var recipients: [Person] = []
    /// Recipients are stated: in the first submission only, since a platform heeds no later ones (platform spec 2.4.4).
    public var writesRecipients = true
    /// Which scheme codes a person's identifier.
    public var personScheme = PersonScheme.byKind
    public var institutionOfPersons = InstitutionForm.code
    /// Institution of a person who names none.
    public var institution = Institution()
    public var references = ReferenceScope.all
    /// Classes never listed.
    public var excludedClasses: Set<SOPClassUID> = []
    /// Instead of the profile's own.
    public var characterSet: ManifestProfile.CharacterSet?
    public var observer = Observer.none
    /// Institution Name (0008,0080) of the equipment, an XON string for instance (T27).
    public var institutionName = ""
    public var seriesNumber = 1
    public var equipment = Equipment()
    /// Value types of classes, where they differ from the standard's.
    public var valueTypes: [SOPClassUID: ValueType] = [:]
    /// What a study must satisfy beyond the profile before it is published.
    public var conditions = Conditions()

    public init(profile: ManifestProfile, source: String = "") {
        self.profile = profile
        self.source = source
    }

    /// Where the platform asks for the instances (T5, T32).
    public struct RetrieveLocation: Sendable, Equatable {
        public var aeTitle: AETitle?
        /// Retrieve Location UID (0040,E011).
        public var locationUID = ""
        /// Retrieve URL (0008,1190) of a series; `{study}` and `{series}` stand for the UIDs.
        public var url = ""

        public init(aeTitle: AETitle? = nil, locationUID: String = "", url: String = "") {
            self.aeTitle = aeTitle
            self.locationUID = locationUID
            self.url = url
        }
    }

    /// Element 1 of the content (T1, T2).
    public enum Language: Sendable, Equatable {
        case none
        /// (fr, RFC5646, "French"), or (fr, RFC3066, "Français") when `literal`.
        case code(literal: Bool = false)
        /// As `code`, and the country under it as the platform spec prints it: illegal in a KOS.
        case codeWithCountry(literal: Bool = false)
    }

    /// Who is named as Referring Physician, which the platform reads as the author (T12).
    public enum Author: Sendable, Equatable {
        case none
        case fixed(Person)
        case reading, performing, referring
    }

    /// How a person's institution is stated (PS3.3 Table 10-1 wants exactly one form; T11).
    public enum InstitutionForm: Sendable, Equatable { case code, name, both }

    /// The platform spec allows recipients 99Struct_IdNat alone, and authors 99PS_IdNat alone (T14).
    public enum PersonScheme: Sendable, Equatable { case byKind, byRole }

    public enum ReferenceScope: Sendable, Equatable { case all, imagesOnly }

    /// Elements 2 and 3 of the content (TID 1002).
    public enum Observer: Sendable, Equatable {
        case none
        case person(name: String)
        case device(uid: String, name: String)
    }

    public struct Institution: Sendable, Equatable {
        public var name = ""
        /// Value in scheme 99Struct_IdNat.
        public var identifier = ""

        public init(name: String = "", identifier: String = "") {
            self.name = name
            self.identifier = identifier
        }
    }

    /// A natural or legal person, as author or recipient (platform spec 2.5.2).
    public struct Person: Sendable, Equatable {
        public enum Kind: Sendable, Equatable { case practitioner, structure }
        public var name: String
        public var kind: Kind
        /// Value in scheme 99PS_IdNat or 99Struct_IdNat (T14); empty when there is none.
        public var identifier: String
        public var institution: Institution?

        public init(name: String, kind: Kind = .practitioner, identifier: String = "", institution: Institution? = nil)
        {
            self.name = name
            self.kind = kind
            self.identifier = identifier
            self.institution = institution
        }
    }

    /// General Equipment of the manifest itself (PS3.3 C.7.5.1).
    public struct Equipment: Sendable, Equatable {
        public var manufacturer = "Kosgate"
        public var manufacturerModelName = "Kosgate"
        public var softwareVersions = ""

        public init() {}
    }
}
