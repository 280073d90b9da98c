public import DICOM
public import KeyObjects

extension Configuration {
    /// A system that sends us instances: its peers, and what holds for its studies.
    public struct Source: Sendable, Equatable {
        /// Ours, for the spool and the operator; unique.
        public var name: String
        /// Calling AE titles; empty: any.
        public var aeTitles: [AETitle] = []
        /// Where its peers connect from; empty: anywhere.
        public var networks: [IPNetwork] = []
        /// Its images are sent before those of others.
        public var isUrgent = false
        public var settings: SourceDefaults

        public init(name: String, settings: SourceDefaults = SourceDefaults()) {
            self.name = name
            self.settings = settings
        }

        /// - Parameter address: the peer's IP address as text.
        public func matches(calling: AETitle, address: String) -> Bool {
            guard aeTitles.isEmpty || aeTitles.contains(calling) else { return false }
            return networks.isEmpty || networks.contains { $0.contains(address) }
        }
    }

    /// What a source's instances do not say themselves.
    public struct SourceDefaults: Sendable, Equatable {
        /// For instances without Issuer of Patient ID (0010,0021) or its qualifiers.
        public var issuerOfPatientID: Issuer?
        /// Identifier Type Code (0040,0035) with the issuer of Patient ID: HL7 table 0203, `PI` or `INS` for instance.
        public var identifierType: String?
        /// For instances without Issuer of Accession Number Sequence (0008,0051).
        public var issuerOfAccessionNumber: Issuer?
        /// Retrieve AE Title (0008,0054). `nil`: the calling AE title under `xds-i`; `maincare` holds the study.
        public var retrieveAETitle: AETitle?
        /// Retrieve Location UID (0040,E011). `nil`: absent under `xds-i`; `maincare` holds the study.
        public var retrieveLocationUID: String?
        /// Retrieve URL (0008,1190) of a series; `{study}` and `{series}` stand for the UIDs. `nil`: absent.
        public var retrieveURL: String?
        /// Institution Name (0008,0080) of the manifest's equipment; may be an HL7 XON.
        public var institutionName: String?
        /// A study settles after so long without a new instance.
        public var quietPeriod: Duration = .seconds(60)
        /// How a study is known to be whole.
        public var complete = Completeness.timer
        /// A study waits for its report: an SR or an encapsulated document.
        public var waitsForReport = false
        public var resendAfterRejection = ResendAfterRejection()
        /// Notes of these titles reject nothing.
        public var ignoredRejections: [RejectionTitle] = []
        /// A note that comes so soon after a changed copy of what it rejects may mean the former copy.
        public var rejectionRace: Duration = .seconds(600)
        public var pacsManifests = PACSManifests.hold
        /// A regular expression for the whole Patient ID (0010,0020); a study with another is held. `nil`: any.
        public var patientIDPattern: String?
        /// A study is held whose issuer of Patient ID is neither a known nor the default one.
        public var knownIssuersOnly = false
        /// A study is held while an instance has this attribute. `nil`: none.
        public var qualityAssuranceTag: Tag?
        /// Only with this value. `nil`: with any.
        public var qualityAssuranceValue: String?
        /// Of a study whose instances differ in Confidentiality Code (0040,1008).
        public var mixedConfidentiality = ManifestSettings.MixedConfidentiality.hold
        /// Where its instances can be asked for. `nil`: nowhere.
        public var pacs: PACS?

        public init() {}
    }

    /// Who assigned an identifier: HL7v2 hierarchic designator (PS3.3 §10.14).
    public struct Issuer: Sendable, Equatable {
        /// Local Namespace Entity ID (0040,0031), or Issuer of Patient ID (0010,0021).
        public var namespace: String?
        /// Universal Entity ID (0040,0032).
        public var universalID: String?
        /// Universal Entity ID Type (0040,0033): always present with a universal ID.
        public var universalIDType: UniversalIDType = .iso

        public init(namespace: String? = nil, universalID: String? = nil, type: UniversalIDType = .iso) {
            self.namespace = namespace
            self.universalID = universalID
            universalIDType = type
        }

        /// For keys that must be given.
        var namespaceText: String {
            get { namespace ?? "" }
            set { namespace = newValue }
        }
        var universalIDText: String {
            get { universalID ?? "" }
            set { universalID = newValue }
        }
    }

    /// The enumerated values of Universal Entity ID Type (PS3.3 §10.14).
    public enum UniversalIDType: String, Sendable, CaseIterable {
        case dns = "DNS"
        case eui64 = "EUI64"
        case iso = "ISO"
        case uri = "URI"
        case uuid = "UUID"
        case x400 = "X400"
        case x500 = "X500"
    }
}
