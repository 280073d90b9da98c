public import DICOM
public import KeyObjects
public import Studies

extension Configuration {
    /// How manifests are written: every point on which receivers and specifications differ is a switch.
    public struct Manifest: Sendable, Equatable {
        public var profile = ManifestProfile.maincare
        /// Language of Content Item and Descendants (121049, DCM).
        public var language: Language = .none
        /// The code of `language`.
        public var languageScheme: LanguageScheme = .rfc5646
        /// Organization of an identified person (PS3.3 Table 10-1): exactly one of code and name is legal.
        public var institution: PersonInstitution = .code
        /// Whose name goes into Referring Physician's Name (0008,0090), which the platform reads as the author.
        public var author: AuthorSource = .fixed
        /// For `author = fixed`; `nil`: none, the platform then applies its own.
        public var fixedAuthor: Person?
        /// Name of Physicians Reading Study (0008,1060), which the platform reads as those granted access.
        public var recipients: [Person] = []
        /// Which instances a manifest lists.
        public var references: References = .all
        /// Instances of these SOP classes are never listed.
        public var excludedSOPClasses: [SOPClassUID] = []
        /// `nil`: as the profile says, ISO_IR 100 for `maincare`, ISO_IR 192 for `xds-i`.
        public var characterSet: CharacterSet?
        /// Who observed: elements 2 and 3 of the content (TID 1002).
        public var observer: Observer?
        /// Accession Number (0008,0050) of a study with several. `nil`: as the profile says.
        public var severalAccessionNumbers: SeveralAccessionNumbers?
        /// Request Attributes Sequence (0040,0275) beside Referenced Request Sequence where there are several requests.
        /// `nil`: as the profile says.
        public var writesRequestAttributes: Bool?
        /// Series Number (0020,0011) of the manifest's series.
        public var seriesNumber = 1
        public var removal = Removal.iocmAndKOS
        public var rejectionNotes = RejectionNotes.remake
        /// A study without recipients is held.
        public var requiresRecipients = false

        public init() {}
    }

    public enum Language: String, Sendable, CaseIterable {
        case none
        case code
        /// With the country beneath, which PS3.3 A.35.4 forbids: for a receiver that is proven to demand it.
        case codeWithCountry = "code_with_country"
    }

    public enum LanguageScheme: String, Sendable, CaseIterable {
        /// (fr, RFC5646, "French"): CID 5000.
        case rfc5646
        /// (fr, RFC3066, "Français"): superseded; as the platform's specification prints it.
        case rfc3066
    }

    public enum PersonInstitution: String, Sendable, CaseIterable {
        case code
        case name
        case both
    }

    public enum AuthorSource: String, Sendable, CaseIterable {
        case fixed
        case reading
        case performing
        case referring
    }

    public enum References: String, Sendable, CaseIterable {
        case all
        case imagesOnly = "images_only"
    }

    public enum CharacterSet: String, Sendable, CaseIterable {
        /// ISO_IR 100; what it cannot write is transliterated or holds the study.
        case latin1
        /// ISO_IR 192.
        case utf8
    }

    public enum SeveralAccessionNumbers: String, Sendable, CaseIterable {
        /// The one that most instances share; the lowest of several such.
        case primary
        case empty
    }

    /// A device if it has a UID, else a person (TID 1002).
    public struct Observer: Sendable, Equatable {
        public var name: String
        /// Device Observer UID (121012, DCM).
        public var deviceUID: String?

        public init(name: String) { self.name = name }
    }

    /// A person or an organization with its national identifier.
    public struct Person: Sendable, Equatable {
        /// PN: `NAME^GIVEN` for a person, `NAME` for an organization.
        public var name: String
        public var kind: Kind = .person
        /// Code Value of Person Identification Code Sequence (0040,1101).
        public var identifier: String?
        /// Institution Name (0008,0080) of its organization.
        public var institutionName: String?
        /// Code Value of Institution Code Sequence (0008,0082) of its organization.
        public var institutionIdentifier: String?

        public enum Kind: String, Sendable, CaseIterable {
            case person
            case organization
        }

        public init(name: String) { self.name = name }
    }
}
