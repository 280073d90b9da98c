import DICOM
import Forwarding
import Testing

@testable import Gateway

struct ConfigurationImagesTests {
    private static let destination = """
        [gateway]
        accept_any_calling_ae_title = true
        [[image_destination]]
        name = "tele"
        ae_title = "TELE"
        host = "tele.example.org"
        port = 104

        """

    private func faults(of text: String) -> [String] {
        do {
            _ = try Configuration.parse(text, file: "k.toml")
            return []
        } catch {
            return error.description.split(separator: "\n").map(String.init)
        }
    }

    @Test func everyKeyIsRead() throws {
        let text =
            Self.destination + """
                calling_ae_title = "OURS"
                associations = 4
                commit = true
                rejection_notes = false
                throttle = "10 MiB"
                windows = ["20:00-06:00", "12:30-13:00"]
                connect_timeout = 3
                response_timeout = 4
                retry_delay = 1
                retry_ceiling = 60
                [[image_destination.rule]]
                source = ["any"]
                called = ["KOSGATE"]
                modality = ["CT", "MR"]
                sop_class = ["CT Image Storage", "1.2.840.10008.5.1.4.1.1.4"]
                [[image_destination.rule.element]]
                tag = "BodyPartExamined"
                equals = "HEAD"
                [[image_destination.rule.element]]
                tag = "(0008,1030)"
                matches = "TELE*"
                in = ["TELEAVC", "TELECARDIO"]
                [[image_destination.rule]]
                [[image_destination]]
                name = "second"
                ae_title = "B"
                host = "b"
                port = 105
                rule = [{ modality = ["US"] }]
                [limits]
                image_reserve = "2 GiB"
                image_budget = "8 GiB"
                """
        let configuration = try Configuration.parse(text, file: "k.toml").configuration
        var tele = Configuration.ImageDestination(
            name: "tele", aeTitle: AETitle("TELE"), host: "tele.example.org", port: 104)
        tele.callingAETitle = AETitle("OURS")
        (tele.associations, tele.commits, tele.takesRejectionNotes, tele.throttle) = (4, true, false, 10 << 20)
        tele.windows = [TimeWindow("20:00-06:00"), TimeWindow("12:30-13:00")].compactMap(\.self)
        (tele.connectTimeout, tele.responseTimeout) = (.seconds(3), .seconds(4))
        (tele.retryDelay, tele.retryCeiling) = (.seconds(1), .seconds(60))
        var rule = Configuration.ImageRule()
        rule.sources = ["any"]
        rule.called = [AETitle("KOSGATE")]
        rule.modalities = ["CT", "MR"]
        rule.sopClasses = [.ctImage, .mrImage]
        rule.elements = [
            .init(tag: .bodyPartExamined, equals: "HEAD"),
            .init(tag: .studyDescription, matches: "TELE*", oneOf: ["TELEAVC", "TELECARDIO"]),
        ]
        tele.rules = [rule, .init()]
        #expect(configuration.imageDestinations.first == tele)
        #expect(configuration.imageDestinations.map(\.name) == ["tele", "second"])
        #expect(configuration.imageDestinations.last?.rules.map(\.modalities) == [["US"]])
        #expect(configuration.limits.imageReserve == 2 << 30)
        #expect(configuration.limits.imageBudget == 8 << 30)
        #expect(configuration.imageCompression == .auto)
    }

    @Test(arguments: ["localhost", "127.0.0.1", "::1"])
    func theGatewayItselfIsNoDestination(host: String) {
        let text = Self.destination.replacing("tele.example.org", with: host) + "rule = [{}]\n"
        #expect(faults(of: text) == [])
        let itself = text.replacing("port = 104", with: "port = 11112")
        #expect(
            faults(of: itself).allSatisfy { $0.contains("is this gateway itself") } && faults(of: itself).count == 1)
    }

    @Test(arguments: [
        ("\"auto\"", Configuration.ImageCompression.auto), ("\"none\"", .none), ("1", .level(1)), ("19", .level(19)),
    ])
    func compressionIsAWordOrALevel(text: String, compression: Configuration.ImageCompression) throws {
        let text = "[gateway]\nimage_compression = \(text)\n"
        #expect(try Configuration.parse(text, file: "k.toml").configuration.imageCompression == compression)
    }

    @Test(arguments: [
        ("windows = [\"20:00-20:00\"]\n", "must be a part of the day like \"20:00-06:00\", not \"20:00-20:00\""),
        ("windows = [\"24:00-06:00\"]\n", "must be a part of the day"),
        ("windows = \"20:00-06:00\"\n", "must be an array, each element a part of the day"),
        ("asociations = 2\n", "unknown key 'asociations' in [image_destination[0]]; did you mean 'associations'?"),
        ("associations = 0\n", "'image_destination[0].associations' must be a whole number from 1 to 32, not 0"),
        ("retry_delay = 100\nretry_ceiling = 1\n", "'image_destination[0].retry_delay' is longer than"),
        ("throttle = -1\n", "must be a number of bytes"),
        ("rule = 1\n", "must be tables under headers [[image_destination.rule]]"),
    ])
    func aKeyOfADestinationThatIsWrongIsNamed(keys: String, fault: String) {
        let found = faults(of: Self.destination + keys + (keys.contains("rule") ? "" : "rule = [{}]\n"))
        #expect(found.count == 1, "\(found)")
        #expect(found.first?.contains(fault) == true, "\(found)")
        #expect(found.first?.hasPrefix("k.toml:8:") == true, "\(found)")
    }

    @Test(arguments: [
        (
            "source = [\"radiolgy\"]",
            "no source is called 'radiolgy', so the rule fits nothing; did you mean 'radiology'?"
        ),
        ("source = [\"anyone\"]", "no source is called 'anyone'"),
        ("called = [\"OTHER\"]", "'OTHER' is not our AE title, so the rule fits nothing"),
        ("sop_class = [\"CT Image Storge\"]", "; did you mean \"CT Image Storage\"?"),
        ("sop_class = [\"1.2.840.10008.1.1\"]", "must be a storage SOP class"),
        ("element = [{ tag = \"BodyPartExamind\", equals = \"A\" }]", "must be an element of the header"),
        ("element = [{ tag = \"PixelData\", equals = \"A\" }]", "must be an element of the header"),
        ("element = [{ tag = \"RequestAttributesSequence\", equals = \"A\" }]", "must be an element of the header"),
        ("element = [{ tag = \"Modality\", matches = \"\" }]", "must be a pattern like \"TELE*\""),
        ("element = [{ tag = \"Modality\", matches = \"C.*\" }]", "no regular expression"),
        ("element = [{ tag = \"Modality\" }]", "an element needs 'equals', 'matches' or 'in'"),
        ("element = [{ equals = \"CT\" }]", "has no 'tag', which must be given"),
        ("modality = [\"ct\"]", "'ct' is no modality, so the rule fits nothing: write 'CT'"),
        ("element = [{ tag = \"Modality\", equals = \"A\", in = [\"B\"] }]", "'in' does not have 'A'"),
        ("element = [{ tag = \"Modality\", in = [] }]", "'in' names no value, so the rule fits nothing"),
        ("element = [{ tag = \"Modality\", in = [1] }]", "must be text of 1 to 256 characters"),
        ("body_part = \"HEAD\"", "unknown key 'body_part' in [image_destination[0].rule[0]]"),
    ])
    func aRuleThatCannotFitIsAFault(rule: String, fault: String) {
        let source = "[[source]]\nname = \"radiology\"\nretrieve_ae_title = \"A\"\nretrieve_location_uid = \"1.2\"\n"
        let found = faults(of: Self.destination + "[[image_destination.rule]]\n\(rule)\n" + source)
        #expect(found.count == 1, "\(found)")
        #expect(found.first?.contains(fault) == true, "\(found)")
        #expect(found.first?.hasPrefix("k.toml:9:") == true, "\(found)")
    }

    @Test func aCalledTitleOfOthersFitsWhereAnyIsAccepted() {
        let text = Self.destination + "rule = [{ called = [\"OTHER\"] }]\n"
        #expect(faults(of: text.replacing("[gateway]\n", with: "[gateway]\naccept_any_called_ae_title = true\n")) == [])
    }

    @Test func aDestinationWithoutRuleIsAFault() {
        #expect(
            faults(of: Self.destination).first?.hasPrefix(
                "k.toml:3:1: image destination 'tele' has no [[image_destination.rule]]") == true)
    }

    @Test func aNameIsOneDestinations() {
        let second =
            "rule = [{}]\n[[image_destination]]\nname = \"NAME\"\nae_title = \"B\"\nhost = \"b\"\nport = 1\nrule = [{}]\n"
        let platform = "[platform]\nname = \"region\"\nae_title = \"P\"\nhost = \"p\"\nport = 1\n"
        #expect(
            faults(of: Self.destination + second.replacing("NAME", with: "tele"))
                == ["k.toml:10:1: the name 'tele' is another image destination's (line 3) already"])
        #expect(
            faults(of: Self.destination + second.replacing("NAME", with: "region") + platform)
                == ["k.toml:10:1: the name 'region' is a platform's (line 15) already"])
        #expect(
            faults(of: Self.destination + second.replacing("NAME", with: "manifests"))
                == ["k.toml:10:1: the name 'manifests' is that of the folder of manifests already"])
        #expect(faults(of: Self.destination + second.replacing("NAME", with: "manifests") + platform) == [])
    }

    @Test func anUrgentSourceIsToldSo() throws {
        let text = "[defaults]\nretrieve_ae_title = \"A\"\nretrieve_location_uid = \"1.2\"\n"
        let source = "[[source]]\nname = \"emergency\"\nurgent = true\n"
        #expect(try Configuration.parse(text + source, file: "k.toml").configuration.sources.map(\.isUrgent) == [true])
        #expect(faults(of: "[defaults]\nurgent = true\n").first?.contains("unknown key 'urgent'") == true)
    }
}
