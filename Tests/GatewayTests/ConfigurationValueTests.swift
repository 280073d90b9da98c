import DICOM
import KeyObjects
import Testing

@testable import Gateway

struct ConfigurationValueTests {
    @Test func aSourceInheritsTheDefaultsAndOverridesThem() throws {
        let text = """
            [[source]]
            name = "late"
            ae_titles = ["LATE"]
            quiet_period = 0.25
            retrieve_ae_title = "OTHER"
            [source.issuer_of_patient_id]
            namespace = "IPP"
            universal_id = "1.2.3"
            [defaults]
            quiet_period = 5
            retrieve_ae_title = "PACS"
            retrieve_location_uid = "1.2.4"
            [[source]]
            name = "plain"
            networks = ["2001:db8::/32"]
            """
        let configuration = try Configuration.parse(text, file: "k").configuration
        #expect(configuration.sources.map(\.settings.quietPeriod) == [.milliseconds(250), .seconds(5)])
        #expect(configuration.sources.map(\.settings.retrieveAETitle?.text) == ["OTHER", "PACS"])
        #expect(configuration.sources.map(\.settings.retrieveLocationUID) == ["1.2.4", "1.2.4"])
        #expect(configuration.sources[0].settings.issuerOfPatientID == .init(namespace: "IPP", universalID: "1.2.3"))
        #expect(configuration.sources[1].settings.issuerOfPatientID == nil)
        #expect(configuration.source(calling: AETitle("ANY"), address: "2001:db8::7")?.name == "plain")
    }

    @Test func theEmbeddedDefaultWelcomesEveryPeer() {
        let configuration = Configuration.embeddedDefault
        #expect(configuration.source(calling: AETitle("ANY"), address: "127.0.0.1")?.name == "any")
        #expect(configuration.listen.allSatisfy(IPNetwork.isLoopback))
        #expect(configuration.manifest.profile == .xdsI)
        #expect(configuration.destinations == [.folder("kosgate-data/manifests")])
    }

    @Test func aPlatformIsReadWhole() throws {
        let text = """
            [platform]
            ae_title = "PLATFORM"
            host = "platform.example.org"
            port = 104
            calling_ae_title = "US"
            retry_ceiling = 60
            """
        var platform = Configuration.Platform(aeTitle: AETitle("PLATFORM"), host: "platform.example.org", port: 104)
        platform.callingAETitle = AETitle("US")
        platform.retryCeiling = .seconds(60)
        #expect(try Configuration.parse(text, file: "k").configuration.destinations == [.platform(platform)])
    }

    @Test func theSwitchesReachTheManifest() throws {
        let text = """
            [defaults]
            retrieve_ae_title = "PACS"
            retrieve_location_uid = "1.2.4"
            retrieve_url = "https://pacs/{study}"
            institution_name = "CHU"
            identifier_type = "PI"
            patient_id_pattern = "[0-9]{8}"
            known_issuers_only = true
            quality_assurance_tag = "(0040,a493)"
            quality_assurance_value = "UNVERIFIED"
            mixed_confidentiality = "publish"
            waits_for_report = true
            issuer_of_patient_id = { namespace = "IPP", universal_id = "1.2.3" }
            issuer_of_accession_number = { namespace = "RIS" }
            [manifest]
            language = "code_with_country"
            language_scheme = "rfc3066"
            institution = "both"
            references = "images_only"
            exclude_sop_classes = ["1.2.840.10008.5.1.4.1.1.66"]
            character_set = "utf8"
            series_number = 59
            several_accession_numbers = "empty"
            request_attributes = false
            recipients_required = true
            fixed_author = { name = "CHU", kind = "organization", identifier = "125" }
            observer = { name = "BOX", device_uid = "1.2.9" }
            [[known_issuer]]
            namespace = "OTHER"
            universal_id = "1.2.8"
            [[manifest.recipient]]
            name = "DURANT^ERIC"
            institution_name = "CHU"
            """
        let configuration = try Configuration.parse(text, file: "k").configuration
        let source = try #require(configuration.source(calling: AETitle("ANY"), address: "127.0.0.1"))
        var expected = ManifestSettings(profile: .maincare, source: "any")
        expected.profile.severalAccessionNumbers = .empty
        expected.profile.writesRequestAttributes = false
        expected.knownIssuers = ["OTHER": AssigningAuthority(universalEntityID: "1.2.8", universalEntityIDType: "ISO")]
        expected.retrieve = .init(aeTitle: AETitle("PACS"), locationUID: "1.2.4", url: "https://pacs/{study}")
        expected.issuerOfPatientID = "IPP"
        expected.issuerQualifiers = AssigningAuthority(universalEntityID: "1.2.3", universalEntityIDType: "ISO")
        expected.identifierTypeCode = "PI"
        expected.issuerOfAccessionNumber = AssigningAuthority(localNamespaceEntityID: "RIS")
        expected.language = .codeWithCountry(literal: true)
        expected.author = .fixed(.init(name: "CHU", kind: .structure, identifier: "125"))
        expected.recipients = [.init(name: "DURANT^ERIC", institution: .init(name: "CHU"))]
        expected.institutionOfPersons = .both
        expected.references = .imagesOnly
        expected.excludedClasses = [SOPClassUID("1.2.840.10008.5.1.4.1.1.66")]
        expected.characterSet = .utf8
        expected.observer = .device(uid: "1.2.9", name: "BOX")
        expected.institutionName = "CHU"
        expected.seriesNumber = 59
        expected.equipment.softwareVersions = Version.text
        expected.conditions.patientIDPattern = PatientIDPattern("[0-9]{8}")
        expected.conditions.knownIssuersOnly = true
        expected.conditions.qualityAssuranceTag = Tag(0x0040, 0xA493)
        expected.conditions.qualityAssuranceValue = "UNVERIFIED"
        expected.conditions.mixedConfidentiality = .publish
        expected.conditions.waitsForReport = true
        expected.conditions.recipientsRequired = true
        expected.conditions.environment = .production
        #expect(ManifestSettings(configuration, source: source) == expected)
    }

    @Test(arguments: [
        ("192.0.2.0/24", "192.0.2.255", true), ("192.0.2.0/24", "192.0.3.0", false),
        ("192.0.2.7", "192.0.2.7", true), ("192.0.2.7", "192.0.2.8", false),
        ("192.0.2.0/24", "::ffff:192.0.2.9", true), ("0.0.0.0/0", "203.0.113.5", true),
        ("0.0.0.0/0", "2001:db8::1", false), ("2001:db8::/33", "2001:db8:7fff::1", true),
        ("2001:db8::/33", "2001:db8:8000::1", false), ("fe80::/10", "fe80::1%eth0", true),
        ("192.0.2.0/24", "not an address", false),
    ])
    func aNetworkHoldsItsAddresses(network: String, address: String, isInside: Bool) throws {
        #expect(try #require(IPNetwork(network)).contains(address) == isInside)
    }

    @Test(arguments: ["", "192.0.2.0/33", "192.0.2.1/24", "192.0.2/24", "192.0.2.0/", "192.0.2.0/+8", "::/129", "host"])
    func whatIsNoNetworkIsRefused(text: String) {
        #expect(IPNetwork(text) == nil)
    }

    @Test(arguments: [("0 B", 0), ("1 B", 1), ("16 KiB", 16384), ("1 GiB", 1 << 30), ("1025 B", 1025)])
    func bytesAreReadAsWritten(text: String, count: Int) {
        #expect(ByteCount.text(count) == text)
        #expect(ByteCount.parse(text) == count)
    }

    @Test(arguments: ["", "KiB", "1 KB", "-1 B", "9223372036854775807 KiB", "1.5 MiB"])
    func whatIsNoNumberOfBytesIsRefused(text: String) {
        #expect(ByteCount.parse(text) == nil)
    }
}
