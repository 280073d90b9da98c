import DICOM
import Foundation
import Testing

@testable import Gateway

struct ConfigurationErrorTests {
    /// The message of each fault with its place, as a person sees it.
    private func faults(of text: String) -> [String] {
        do {
            _ = try Configuration.parse(text, file: "k.toml")
            return []
        } catch {
            return error.description.split(separator: "\n").map(String.init)
        }
    }

    @Test func aThousandSourcesOfOneNameAreAFaultEachAndNotOneForEachPair() {
        let text = String(repeating: "[[source]]\nname = \"a\"\nae_titles = [\"A\"]\n", count: 1000)
        #expect(faults(of: text).count { $0.contains("source name 'a' is taken (line 1)") } == 999)
        #expect(faults(of: text).count { $0.contains("AE title 'A' already belongs to source 'a' (line 1)") } == 999)
    }

    @Test func manySourcesTakeNoLongerThanTheirNumber() throws {
        let text =
            "[manifest]\nprofile = \"xds-i\"\n"
            + (0..<10_000).map { "[[source]]\nname = \"s\($0)\"\nae_titles = [\"A\($0)\"]\n" }.joined()
        var loaded: LoadedConfiguration?
        let duration = try ContinuousClock().measure { loaded = try Configuration.parse(text, file: "k.toml") }
        #expect(loaded?.configuration.sources.count == 10_000)
        #expect(duration < .seconds(30))
    }

    @Test func aByteOrderMarkIsSkippedAtTheStartAndShownElsewhere() {
        #expect(faults(of: "\u{FEFF}[gateway]\naccept_any_calling_ae_title = true\n").isEmpty)
        #expect(faults(of: "\u{FEFF}[gatway]\n").first?.hasPrefix("k.toml:1:1: unknown key 'gatway'") == true)
        #expect(faults(of: "[gateway]\n\u{FEFF}port = 1\n") == ["k.toml:2:1: expected a key, not '\\uFEFF'"])
    }

    @Test(arguments: [
        ("\"a\u{202E}b\" = 1", "'a\\u202Eb'"), (#""a\u001Bb" = 1"#, "'a\\u001Bb'"), (#""a\nb" = 1"#, "'a\\u000Ab'"),
        ("gateway.port = \"\u{200B}\u{E0001}\"", #""\u200B\U000E0001""#), ("gateway.port = 1\u{A0}", "'1\\u00A0'"),
    ])
    func whatCannotBeSeenIsShownEscaped(text: String, shown: String) {
        let lines = faults(of: text)
        #expect(lines.count == 1)
        #expect(lines.first?.contains(shown) == true)
    }

    @Test func anUnknownKeyIsNamedWithItsPlaceAndTheNearestKey() {
        #expect(
            faults(of: "[gateway]\nprot = 104\n")
                == ["k.toml:2:1: unknown key 'prot' in [gateway]; did you mean 'port'?"])
        #expect(
            faults(of: "[[source]]\nname = \"a\"\naet = [\"A\"]\n[source.issuer-of-patient-id]\nnamespace = \"X\"\n")
                .contains { $0.hasPrefix("k.toml:4:") && $0.hasSuffix("did you mean 'issuer_of_patient_id'?") })
        #expect(faults(of: "[gatway]\n") == ["k.toml:1:1: unknown key 'gatway' in the file; did you mean 'gateway'?"])
        #expect(
            faults(of: "port = 104\n").first?.hasPrefix(
                "k.toml:1:1: unknown key 'port' in the file; it knows: gateway,")
                == true)
    }

    @Test(arguments: [
        (
            "[gateway]\nport = \"104\"\n",
            "k.toml:2:1: 'gateway.port' must be a whole number from 0 to 65535, not \"104\""
        ),
        ("[gateway]\nport = 65536\n", "k.toml:2:1: 'gateway.port' must be a whole number from 0 to 65535, not 65536"),
        ("[gateway]\nport = 1.5\n", "k.toml:2:1: 'gateway.port' must be a whole number from 0 to 65535, not 1.5"),
        (
            "[gateway]\nport = 2024-01-01\n",
            "k.toml:2:1: 'gateway.port' must be a whole number from 0 to 65535, not 2024-01-01"
        ),
        ("gateway = 5\n", "k.toml:1:1: 'gateway' must be a table, not a whole number"),
        ("[source]\nname = \"x\"\n", "k.toml:1:1: 'source' must be tables under headers [[source]]"),
        (
            "[gateway]\nae_title = \"SEVENTEEN LETTERS\"\n",
            "k.toml:2:1: 'gateway.ae_title' must be an AE title: 1 to 16 ASCII characters without backslash "
                + "(PS3.5 §6.2), not \"SEVENTEEN LETTERS\""
        ),
        (
            "[gateway]\nlisten = [\n  \"127.0.0.1\",\n  \"localhost\",\n]\n",
            "k.toml:4:3: 'gateway.listen' must be an IP address, \"0.0.0.0\" or \"::\" for all, not \"localhost\""
        ),
        ("[gateway]\nlisten = []\n", "k.toml:2:1: 'gateway.listen' names no address"),
        (
            "[defaults]\nquiet_period = -1\n",
            "k.toml:2:1: 'defaults.quiet_period' must be a number of seconds from 0 to 86400, not -1"
        ),
        (
            "[defaults]\nquiet_period = nan\n",
            "k.toml:2:1: 'defaults.quiet_period' must be a number of seconds from 0 to 86400, not nan"
        ),
        (
            "[defaults]\nretrieve_location_uid = \"1.02\"\n",
            "k.toml:2:1: 'defaults.retrieve_location_uid' must be a UID: digits and dots, at most 64 characters "
                + "(PS3.5 §9.1), not \"1.02\""
        ),
        (
            "[limits]\nheader = \"16 KB\"\n",
            "k.toml:2:1: 'limits.header' must be a number of bytes or a text like \"16 KiB\", "
                + "from 64 KiB to 256 MiB, not \"16 KB\""
        ),
        (
            "[manifest]\nprofile = \"maincaire\"\n",
            "k.toml:2:1: 'manifest.profile' must be one of \"maincare\", \"xds-i\", not \"maincaire\"; "
                + "did you mean \"maincare\"?"
        ),
        ("[log]\nidentity = 1\n", "k.toml:2:1: 'log.identity' must be true or false, not 1"),
        (
            "[platform]\nhost = \"h\"\nport = 104\n",
            "k.toml:1:1: [platform] has no 'ae_title', which must be given: an AE title: 1 to 16 ASCII characters "
                + "without backslash (PS3.5 §6.2)"
        ),
        (
            "[gateway]\nmanifests = \"m\"\n[platform]\nae_title = \"P\"\nhost = \"h\"\nport = 104\n",
            "k.toml:2:1: 'gateway.manifests' and [platform] (line 3) exclude each other: keep one"
        ),
        (
            "[gateway]\nlisten = [\"0.0.0.0\"]\n",
            "k.toml:2:1: nobody may send: name the peers in [[source]] tables, or set "
                + "'gateway.accept_any_calling_ae_title = true'"
        ),
        (
            "[defaults.issuer_of_patient_id]\nuniversal_id_type = \"ISO\"\n",
            "k.toml:1:1: 'defaults.issuer_of_patient_id' has neither 'namespace' nor 'universal_id'"
        ),
        (
            "[defaults]\nissuer_of_patient_id = { universal_id = \"CHU\" }\n",
            "k.toml:2:26: 'defaults.issuer_of_patient_id.universal_id' of type ISO must be an OID, not \"CHU\""
        ),
        (
            "[defaults]\nissuer_of_patient_id = { universal_id = \"1.2.250.1.213.1.4.10\" }\n",
            "k.toml:2:26: 1.2.250.1.213.1.4.10 is a test domain of the INS, and 'gateway.environment' is \"production\""
        ),
        (
            "[gateway]\nenvironment = \"test\"\n[defaults]\nissuer_of_patient_id = { universal_id = "
                + "\"1.2.250.1.213.1.4.8\" }\n",
            "k.toml:4:26: 1.2.250.1.213.1.4.8 is the production domain of the INS, and 'gateway.environment' is \"test\""
        ),
        (
            "[manifest]\nauthor = \"reading\"\n[manifest.fixed_author]\nname = \"A^B\"\n",
            "k.toml:2:1: [manifest.fixed_author] needs 'manifest.author = \"fixed\"', not \"reading\""
        ),
    ])
    func aFaultIsOneClearLine(text: String, line: String) {
        #expect(faults(of: text) == [line])
    }

    @Test func sourcesMustBeToldApart() {
        let settings = "retrieve_ae_title = \"R\"\nretrieve_location_uid = \"1.2\"\n"
        let text = """
            [[source]]
            name = "a"
            ae_titles = ["X"]
            \(settings)
            [[source]]
            name = "a"
            ae_titles = ["Y", "X"]
            retrieve_ae_title = "R"
            retrieve_location_uid = "1.3"
            """
        #expect(
            faults(of: text) == [
                "k.toml:8:1: source name 'a' is taken (line 1)",
                "k.toml:9:1: AE title 'X' already belongs to source 'a' (line 1)",
                "k.toml:11:1: retrieve AE title 'R' has another location UID in source 'a' (line 1): 1.2",
            ])
    }

    @Test func twoSourcesMayShareAnAETitleFromDifferentNetworks() throws {
        let text = """
            [manifest]
            profile = "xds-i"
            [[source]]
            name = "a"
            ae_titles = ["X"]
            networks = ["192.0.2.0/25"]
            [[source]]
            name = "b"
            ae_titles = ["X"]
            networks = ["192.0.2.128/25"]
            """
        let configuration = try Configuration.parse(text, file: "k").configuration
        #expect(configuration.source(calling: AETitle("X"), address: "192.0.2.1")?.name == "a")
        #expect(configuration.source(calling: AETitle("X"), address: "192.0.2.129")?.name == "b")
        #expect(configuration.source(calling: AETitle("X"), address: "192.0.3.1") == nil)
        #expect(configuration.source(calling: AETitle("Y"), address: "192.0.2.1") == nil)
    }

    @Test func aSourceThatTakesEverybodyMustBeTheLast() {
        let text =
            "[manifest]\nprofile = \"xds-i\"\n[[source]]\nname = \"a\"\n[[source]]\nname = \"b\"\nae_titles = [\"B\"]\n"
        #expect(faults(of: text).count == 1)
        #expect(faults(of: text).first?.hasPrefix("k.toml:3:1: source 'a' names neither") == true)
    }

    @Test func aProfilesDemandsAreMadeOfEverySource() {
        let text = "[[source]]\nname = \"a\"\nae_titles = [\"A\"]\n"
        #expect(
            faults(of: text) == [
                "k.toml:1:1: source 'a' has no 'retrieve_ae_title', which profile \"maincare\" demands; "
                    + "give it here or in [defaults]",
                "k.toml:1:1: source 'a' has no 'retrieve_location_uid', which profile \"maincare\" demands; "
                    + "give it here or in [defaults]",
            ])
        let inherited = "[defaults]\nretrieve_ae_title = \"R\"\nretrieve_location_uid = \"1.2\"\n" + text
        #expect(faults(of: inherited) == [])
    }

    @Test func allFaultsAreShownAtOnceInTheOrderOfTheFile() {
        let text = """
            [limits]
            associations = 0
            [gateway]
            port = "x"
            ae_titel = "A"
            [defaults]
            quiet_period = true
            """
        let lines = faults(of: text)
        #expect(lines.map { $0.split(separator: ":")[1] } == ["2", "4", "5", "7"])
    }

    @Test func whatIsNotTOMLIsAFaultBesideTheOthers() {
        #expect(
            faults(of: "[gateway]\nport = = 5\nprot = 6\n[platform]\nhost localhost\n") == [
                "k.toml:2:8: expected a value, not '='",
                "k.toml:3:1: unknown key 'prot' in [gateway]; did you mean 'port'?",
                "k.toml:5:6: expected '=' after 'host', not 'l'",
            ])
    }

    @Test func anUnreadableFileIsOneFault() throws {
        let absent = #expect(throws: ConfigurationError.self) { try Configuration.load(file: "/nonexistent/k.toml") }
        #expect(absent?.description == "/nonexistent/k.toml: cannot be opened: No such file or directory")
        let folder = #expect(throws: ConfigurationError.self) { try Configuration.load(file: "/") }
        #expect(folder?.description == "/: cannot be read: Is a directory")
        let endless = #expect(throws: ConfigurationError.self) { try Configuration.load(file: "/dev/zero") }
        #expect(endless?.description == "/dev/zero: larger than 1 MiB")
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("latin1-\(UUID()).toml")
        defer { try? FileManager.default.removeItem(at: file) }
        try Data([0x23, 0xE9, 0x0A]).write(to: file)
        let latin1 = #expect(throws: ConfigurationError.self) { try Configuration.load(file: file.path) }
        #expect(latin1?.faults.map(\.message) == ["not UTF-8 text"])
    }

    @Test func aKnownIssuerIsKnownOnce() {
        let issuer = "[[known_issuer]]\nnamespace = \"A\"\nuniversal_id = \"1.2\"\n"
        #expect(faults(of: issuer + issuer) == ["k.toml:4:1: 'A' is a known issuer already"])
        #expect(faults(of: "[[known_issuer]]\nnamespace = \"A\"\n").count == 1)
    }

    @Test func anObsoleteIdentityDomainIsARemarkOnly() throws {
        let text = "[defaults.issuer_of_patient_id]\nuniversal_id = \"1.2.250.1.213.1.4.2\"\n"
        let loaded = try Configuration.parse(text, file: "k.toml")
        #expect(loaded.remarks.count == 1)
        #expect(loaded.remarks.first?.hasPrefix("k.toml:2:1: INS-C") == true)
    }
}
