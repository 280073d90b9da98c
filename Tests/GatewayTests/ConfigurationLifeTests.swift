import DICOM
import KeyObjects
import Studies
import Testing

@testable import Gateway

/// The keys of a study's whole life, of several platforms, and of the operator's commands.
struct ConfigurationLifeTests {
    private func faults(of text: String) -> [String] {
        do {
            _ = try Configuration.parse(text, file: "k.toml")
            return []
        } catch {
            return error.description.split(separator: "\n").map(String.init)
        }
    }

    private static let platform = "ae_title = \"P\"\nhost = \"h\"\nport = 104\n"
    private static let pacs = "ae_title = \"PACS\"\nhost = \"pacs\"\nport = 104\n"

    @Test func everyKeyOfALifeIsRead() throws {
        let text = """
            [gateway]
            socket = "/run/k.sock"
            [defaults]
            complete = "fetch"
            waits_for_report = true
            patient_id_pattern = "[0-9]+"
            known_issuers_only = true
            quality_assurance_tag = "(0040,A493)"
            quality_assurance_value = "UNVERIFIED"
            mixed_confidentiality = "publish"
            pacs_manifests = "repair"
            ignored_rejections = ["113001", "113039"]
            rejection_race = 30
            resend_after_rejection = { quality = "refuse", retention_expired = "accept_if_corrected" }
            [defaults.pacs]
            ae_title = "PACS"
            host = "pacs"
            port = 11113
            calling_ae_title = "US"
            method = "c-move"
            sweep_days = 30
            sweep_time = "23:05"
            [manifest]
            removal = "iocm"
            rejection_notes = "relay"
            """
        let configuration = try Configuration.parse(text, file: "k").configuration
        var expected = Configuration.SourceDefaults()
        expected.complete = .fetch
        expected.waitsForReport = true
        expected.patientIDPattern = "[0-9]+"
        expected.knownIssuersOnly = true
        expected.qualityAssuranceTag = Tag(0x0040, 0xA493)
        expected.qualityAssuranceValue = "UNVERIFIED"
        expected.mixedConfidentiality = .publish
        expected.pacsManifests = .repair
        expected.ignoredRejections = [.quality, .retentionExpired]
        expected.rejectionRace = .seconds(30)
        expected.resendAfterRejection.quality = .refuse
        expected.resendAfterRejection.retentionExpired = .acceptIfCorrected
        var pacs = Configuration.PACS(host: "pacs", port: 11113, aeTitle: AETitle("PACS"))
        pacs.callingAETitle = AETitle("US")
        pacs.method = .cMove
        pacs.sweepDays = 30
        pacs.sweepTime = Configuration.TimeOfDay(hour: 23, minute: 5)
        expected.pacs = pacs
        #expect(configuration.defaults == expected)
        #expect(configuration.manifest.removal == .iocm)
        #expect(configuration.manifest.rejectionNotes == .relay)
        #expect(configuration.socketPath == "/run/k.sock")
        #expect(Configuration().socketPath == "kosgate-data/control.sock")
    }

    @Test func aSourceOverridesPolicyByPolicyAndThePACSAsAWhole() throws {
        let text = """
            [manifest]
            profile = "xds-i"
            [defaults.resend_after_rejection]
            quality = "refuse"
            [defaults.pacs]
            \(Self.pacs)sweep_days = 7
            [[source]]
            name = "a"
            ae_titles = ["A"]
            [source.resend_after_rejection]
            patient_safety = "refuse"
            [source.pacs]
            ae_title = "OTHER"
            host = "other"
            port = 104
            [[source]]
            name = "b"
            ae_titles = ["B"]
            """
        let sources = try Configuration.parse(text, file: "k").configuration.sources
        #expect(sources.map(\.settings.resendAfterRejection.quality) == [.refuse, .refuse])
        #expect(sources.map(\.settings.resendAfterRejection.patientSafety) == [.refuse, .quarantine])
        #expect(sources.map(\.settings.pacs?.aeTitle.text) == ["OTHER", "PACS"])
        #expect(sources.map(\.settings.pacs?.sweepDays) == [0, 7])
    }

    @Test func everyTitleHasItsPolicy() {
        let policies = Configuration.ResendAfterRejection().policies
        #expect(
            policies == [
                .quality: .acceptIfChanged, .patientSafety: .quarantine, .incorrectWorklistEntry: .quarantine,
                .retentionExpired: .accept,
            ])
    }

    @Test func severalPlatformsHaveTheirOwnOutboxes() throws {
        let text =
            "[[platform]]\n\(Self.platform)[[platform]]\nname = \"second-1\"\n\(Self.platform)retry_delay = 1\n"
        let configuration = try Configuration.parse(text, file: "k").configuration
        #expect(configuration.destinations.map(\.outbox) == ["manifests", "second-1"])
        #expect(configuration.platforms.map(\.retryDelay) == [.seconds(5), .seconds(1)])
        let one = try Configuration.parse("[platform]\nname = \"region\"\n\(Self.platform)", file: "k").configuration
        #expect(one.destinations.map(\.outbox) == ["region"])
        #expect(Configuration().destinations == [.folder("kosgate-data/manifests")])
    }

    @Test func aFolderThatAFlagSaysReplacesEveryPlatform() throws {
        var configuration = try Configuration.parse("[platform]\n\(Self.platform)", file: "k").configuration
        var overrides = Configuration.Overrides()
        overrides.manifests = "out"
        try configuration.apply(overrides)
        #expect(configuration.destinations == [.folder("out")])
    }

    @Test(arguments: [
        (
            "[[platform]]\n\(platform)[[platform]]\n\(platform)",
            "k.toml:5:1: a second platform without name (line 1)"
        ),
        (
            "[[platform]]\nname = \"a\"\n\(platform)[[platform]]\nname = \"a\"\n\(platform)",
            "k.toml:7:1: platform name 'a' is taken (line 1)"
        ),
        (
            "[[platform]]\n\(platform)[[platform]]\nname = \"manifests\"\n\(platform)",
            "k.toml:6:1: platform name 'manifests' is taken (line 1)"
        ),
        (
            "[platform]\nname = \"Région\"\n\(platform)",
            "k.toml:2:1: 'platform.name' must be a name of 1 to 32 characters, each a-z, 0-9 or -, not \"Région\""
        ),
        (
            "[[platform]]\n\(platform)retry_delay = 60\nretry_ceiling = 5\n",
            "k.toml:5:1: 'platform[0].retry_delay' is longer than 'platform[0].retry_ceiling'"
        ),
        (
            "[platform]\n\(platform)retry_ceiling = 4\n",
            "k.toml:5:1: 'platform.retry_delay' is longer than 'platform.retry_ceiling'"
        ),
        (
            "[gateway]\nmanifests = \"m\"\n[[platform]]\n\(platform)",
            "k.toml:2:1: 'gateway.manifests' and [platform] (line 3) exclude each other: keep one"
        ),
        (
            "[defaults]\nretrieve_url = \"https://pacs/{study}/{serie}\"\n",
            "k.toml:2:1: 'defaults.retrieve_url' has '{serie}', which stands for nothing: {study} and {series} do"
        ),
        (
            "[defaults]\nretrieve_url = \"https://pacs/{study}/{x\"\n",
            "k.toml:2:1: 'defaults.retrieve_url' has '{x', which stands for nothing: {study} and {series} do"
        ),
        (
            "[defaults]\npatient_id_pattern = \"[0-9\"\n",
            "k.toml:2:1: 'defaults.patient_id_pattern' must be a regular expression, not \"[0-9\""
        ),
        (
            "[defaults]\nquality_assurance_tag = \"0040A493\"\n",
            "k.toml:2:1: 'defaults.quality_assurance_tag' must be a tag like \"(0040,A493)\", not \"0040A493\""
        ),
        (
            "[defaults]\nquality_assurance_value = \"NO\"\n",
            "k.toml:2:1: 'defaults.quality_assurance_value' needs 'quality_assurance_tag'"
        ),
        (
            "[defaults]\ncomplete = \"count\"\n",
            "k.toml:2:1: 'defaults.complete = \"count\"' needs [defaults.pacs]"
        ),
        (
            "[defaults]\npacs_manifests = \"relais\"\n",
            "k.toml:2:1: 'defaults.pacs_manifests' must be one of \"relay\", \"hold\", \"repair\", \"ignore\", "
                + "not \"relais\"; did you mean \"relay\"?"
        ),
        (
            "[defaults]\nignored_rejections = [\"113001\", \"113000\"]\n",
            "k.toml:2:33: 'defaults.ignored_rejections' must be one of \"113001\", \"113037\", \"113038\", \"113039\", "
                + "not \"113000\"; did you mean \"113001\"?"
        ),
        (
            "[defaults]\nresend_after_rejection = { quality = \"maybe\" }\n",
            "k.toml:2:28: 'defaults.resend_after_rejection.quality' must be one of \"refuse\", \"quarantine\", "
                + "\"accept_if_corrected\", \"accept_if_changed\", \"accept\", not \"maybe\""
        ),
        (
            "[defaults.pacs]\n\(pacs)sweep_time = \"24:00\"\n",
            "k.toml:5:1: 'defaults.pacs.sweep_time' must be a time of the day like \"03:00\", not \"24:00\""
        ),
        (
            "[defaults.pacs]\nae_title = \"PACS\"\nport = 104\n",
            "k.toml:1:1: [defaults.pacs] has no 'host', which must be given: a host name or an IP address"
        ),
        (
            "[manifest]\nremoval = \"iocm+koss\"\n",
            "k.toml:2:1: 'manifest.removal' must be one of \"iocm+kos\", \"iocm\", \"kos\", not \"iocm+koss\"; "
                + "did you mean \"iocm+kos\"?"
        ),
    ])
    func aFaultIsOneClearLine(text: String, line: String) {
        #expect(faults(of: text) == [line])
    }

    @Test func aSourceThatAsksThePACSMustKnowIt() {
        let source = "[manifest]\nprofile = \"xds-i\"\n[[source]]\nname = \"a\"\nae_titles = [\"A\"]\n"
        let line = "source 'a' has 'complete = \"fetch\"', which needs [source.pacs] or [defaults.pacs]"
        #expect(faults(of: source + "complete = \"fetch\"\n") == ["k.toml:6:1: " + line])
        #expect(faults(of: "[defaults]\ncomplete = \"fetch\"\n" + source) == ["k.toml:5:1: " + line])
        #expect(faults(of: source + "complete = \"fetch\"\n[source.pacs]\n" + Self.pacs) == [])
        #expect(faults(of: "[defaults.pacs]\n" + Self.pacs + source + "complete = \"fetch\"\n") == [])
    }

    @Test func aSocketMustFitItsAddress() {
        let long = "/" + String(repeating: "a", count: 107)
        #expect(faults(of: "[gateway]\nsocket = \"\(long)\"\n").count == 1)
        #expect(faults(of: "[gateway]\nsocket = \"\(long.dropLast())\"\n") == [])
        let data = faults(of: "[gateway]\ndata = \"\(long)\"\n")
        #expect(data.first?.hasPrefix("k.toml:2:1: the path of the control socket, ") == true)
    }

    @Test func whatSaysNothingIsARemark() throws {
        let text = "[manifest]\nrecipients_required = true\nremoval = \"kos\"\nrejection_notes = \"relay\"\n"
        #expect(
            try Configuration.parse(text, file: "k").remarks == [
                "k:2:1: no [[manifest.recipient]] is there, so 'manifest.recipients_required' holds every study",
                "k:4:1: 'manifest.removal = \"kos\"' sends no rejection notes: 'rejection_notes' says nothing",
            ])
    }
}
