import DICOM
import Foundation
import Testing

/// The commands as a person meets them: processes, exit codes, standard output and standard error.
struct CommandTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    private func image(_ instance: TestInstance) -> Data {
        let writer = Part10Writer(
            implementationClassUID: "1.2.826.0.1.3680043.10.999", implementationVersionName: "TEST",
            sourceApplicationEntityTitle: AETitle("SCANNER"))
        return Data(
            writer.file(
                sopClassUID: .ctImage, sopInstanceUID: InstanceUID(instance.instanceUID), dataSet: instance.dataSet))
    }

    /// A folder of two studies, three instances, and a file that is none.
    private func archive() throws -> URL {
        for (number, instance) in TestInstance.series(2).enumerated() {
            scratch.file("archive/one/\(number).dcm", image(instance))
        }
        var other = TestInstance(instanceUID: "1.2.826.0.1.3680043.10.999.2.1.1")
        other.studyUID = "1.2.826.0.1.3680043.10.999.2"
        other.seriesUID = "1.2.826.0.1.3680043.10.999.2.1"
        scratch.file("archive/two/image", image(other))
        scratch.file("archive/readme.txt", Data("no image".utf8))
        return scratch.folder.appendingPathComponent("archive")
    }

    // MARK: Usage

    @Test func helpGoesToStandardOutputAndSucceeds() throws {
        for arguments in [
            ["--help"], ["run", "--help"], ["manifest", "--help"], ["check", "--help"], ["dump", "--help"],
        ] {
            let command = try Command.run(arguments)
            #expect(command.status == 0)
            #expect(command.text.contains("kosgate "))
            #expect(command.errors == "")
        }
        #expect(try Command.run("--version").status == 0)
    }

    @Test func theHelpOfADestinationTellsOfEachChangeWhatItDoesToWhatWaits() throws {
        let help = try Command.run("destination", "--help").text
        for part in [
            "pause    What waits is kept", "resume   Ends pause and drain", "drain    What waits is sent",
            "discard  Deletes all that waits", "publish --since DATE", "What waits for it already is sent as before",
        ] {
            #expect(help.contains(part), "\(part) in \(help)")
        }
    }

    @Test(arguments: [
        ["nonsense"], ["manifest"], ["check"], ["check", "--profile", "none", "x"],
        ["echo", "h", "0", "--called", "A"],
        ["echo", "h", "104"], ["echo", "h", "104", "--called", ""], ["dump", "--format", "json", "x"],
        ["run", "--port", "70000"], ["run", "--ae-title", "MUCH TOO LONG A TITLE"], ["run", "--quiet-period", "1e9"],
        ["run", "--profile", "maincaire"], ["run", "--config", "/nonexistent.toml"],
    ])
    func wrongUsageIsSaidOnStandardErrorWithExitCode2(arguments: [String]) throws {
        let command = try Command.run(arguments)
        #expect(command.status == 2)
        #expect(command.output.isEmpty)
        #expect(!command.errors.isEmpty)
    }

    @Test func aConfigurationsFaultsAreShownWithTheirLines() throws {
        let file = scratch.file("k.toml", Data("[gateway]\nprot = 1\n[limits]\nassociations = 0\n".utf8))
        let command = try Command.run("run", "--config", file.path)
        #expect(command.status == 2)
        #expect(
            command.complaints == [
                "\(file.path):2:1: unknown key 'prot' in [gateway]; did you mean 'port'?",
                "\(file.path):4:1: 'limits.associations' must be a whole number from 1 to 4096, not 0",
            ])
    }

    // MARK: Manifests of files

    @Test func eachStudyOfAFolderGetsItsManifest() throws {
        let folder = try archive()
        let output = scratch.folder.appendingPathComponent("manifests").path
        let command = try Command.run("manifest", folder.path, "-o", output)
        #expect(command.status == 0, "\(command.errors)")
        #expect(
            command.text == """
                \(output)/study-1.dcm: study 1.2.826.0.1.3680043.10.999.1, 2 instances in 1 series
                \(output)/study-2.dcm: study 1.2.826.0.1.3680043.10.999.2, 1 instance in 1 series

                """)
        #expect(try KeyObjectFile(path: output + "/study-1.dcm").dataSet.items(.contentSequence).count == 2)
        #expect(try Command.run("check", output + "/study-1.dcm", output + "/study-2.dcm").status == 0)
        #expect(try FileManager.default.contentsOfDirectory(atPath: output).sorted() == ["study-1.dcm", "study-2.dcm"])
    }

    @Test func oneStudyGoesToOneFileOrToStandardOutput() throws {
        let folder = try archive().appendingPathComponent("one")
        let file = try Command.run("manifest", ".", in: folder)
        #expect(file.status == 0, "\(file.errors)")
        #expect(file.text.hasPrefix("manifest.dcm: study "))
        let written = try KeyObjectFile(path: folder.appendingPathComponent("manifest.dcm").path).dataSet
        let evidence = written.items(.currentRequestedProcedureEvidenceSequence).flatMap {
            $0.items(.referencedSeriesSequence)
        }
        #expect(evidence.compactMap { $0.string(.retrieveAETitle) } == ["SCANNER"])

        let piped = try Command.run("manifest", "0.dcm", "1.dcm", "-o", "-", in: folder)
        #expect(piped.status == 0, "\(piped.errors)")
        let (_, dataSet) = try Part10File.read(Array(piped.output).span.bytes)
        #expect(dataSet.items(.contentSequence).count == 2)
    }

    @Test func aHeldStudyIsNamedWithEachReasonAndExitCode1() throws {
        let folder = try archive().appendingPathComponent("one")
        let output = scratch.folder.appendingPathComponent("m.dcm").path
        let held = try Command.run("manifest", folder.path, "--profile", "maincare", "-o", output)
        #expect(held.status == 1)
        #expect(held.complaints.count { $0.contains("is held:") } >= 3)
        #expect(!FileManager.default.fileExists(atPath: output))

        let configuration = scratch.file(
            "k.toml",
            Data(
                """
                [[source]]
                name = "ct"
                ae_titles = ["CT"]
                retrieve_ae_title = "PACS"
                retrieve_location_uid = "1.2.3"
                issuer_of_patient_id = { namespace = "IPP", universal_id = "1.2.4" }
                """.utf8))
        let made = try Command.run("manifest", folder.path, "-c", configuration.path, "--source")
        #expect(made.status == 2)
        let named = try Command.run("manifest", folder.path, "-c", configuration.path, "--source=ct", "-o", output)
        #expect(named.status == 0, "\(named.errors)")
        #expect(try Command.run("check", "--profile", "maincare", output).status == 0)
    }

    @Test func badInputIsOneClearLineAndExitCode2() throws {
        let whole = image(TestInstance())
        let cases = [
            (scratch.file("text", Data("no image, but long enough to hold something".utf8)), "not a DICOM file"),
            (scratch.file("cut", whole.dropLast(1000)), "truncated: the file ends inside (7FE0,0010)"),
            (scratch.file("cut-header", whole.prefix(400)), "truncated"),
            (scratch.file("empty", Data()), "an empty file"),
            (try scratch.makeFolder("folder"), "an empty folder"),
            (scratch.folder.appendingPathComponent("absent"), "No such file or directory"),
        ]
        let output = scratch.folder.appendingPathComponent("m.dcm").path
        for (input, words) in cases {
            let command = try Command.run("manifest", input.path, "-o", output)
            #expect(command.status == 2)
            #expect(command.complaints.count == 1, "\(command.errors)")
            #expect(command.errors.contains(input.path) && command.errors.contains(words), "\(command.errors)")
            #expect(!FileManager.default.fileExists(atPath: output))
        }
        scratch.file("texts/a", Data("a".utf8))
        let texts = try Command.run("manifest", scratch.folder.appendingPathComponent("texts").path)
        #expect(texts.status == 2)
        #expect(texts.errors == "kosgate: no DICOM instance in 1 file\n")
    }

    @Test func aDamagedFileInAFolderCostsOnlyItself() throws {
        let folder = try archive().appendingPathComponent("one")
        scratch.file("archive/one/cut.dcm", image(TestInstance(instanceUID: "1.2.3")).dropLast(1))
        let output = scratch.folder.appendingPathComponent("m.dcm").path
        let command = try Command.run("manifest", folder.path, "-o", output)
        #expect(command.status == 1)
        #expect(command.complaints.count == 1 && command.errors.contains("cut.dcm: truncated"), "\(command.errors)")
        #expect(try KeyObjectFile(path: output).dataSet.items(.contentSequence).count == 2)
    }

    @Test func aFullDiskIsAnErrorAndNoSilence() throws {
        let folder = try archive().appendingPathComponent("one")
        #expect(try Command.run("manifest", folder.path, "-o", "-", output: "/dev/full").status == 2)
        #expect(try Command.run("dump", folder.path + "/0.dcm", output: "/dev/full").status == 2)
        let null = try Command.run("manifest", folder.path, "-o", "/dev/null")
        #expect(null.status == 0)
        let type = try FileManager.default.attributesOfItem(atPath: "/dev/null")[.type] as? FileAttributeType
        #expect(type == .typeCharacterSpecial)
    }

    // MARK: Judging and printing

    @Test func aVerdictForMachinesIsJSONWhateverTheFileIsCalled() throws {
        let folder = try archive()
        let name = "a \"quoted\\\" \u{1}\n\té\u{2028}.dcm"
        let manifest = scratch.folder.appendingPathComponent(name)
        #expect(try Command.run("manifest", folder.path + "/one", "-o", manifest.path).status == 0)
        let image = folder.path + "/one/0.dcm"
        let command = try Command.run("check", "--format", "json", manifest.path, image, "/nonexistent")
        #expect(command.status == 2)
        let verdicts = try #require(try JSONSerialization.jsonObject(with: command.output) as? [[String: Any]])
        #expect(verdicts.map { $0["file"] as? String } == [manifest.path, image, "/nonexistent"])
        #expect(verdicts.map { ($0["errors"] as? Int ?? 0) > 0 } == [false, true, false])
        #expect(verdicts[2]["failure"] as? String == "No such file or directory")
        let finding = try #require((verdicts[1]["findings"] as? [[String: Any]])?.first)
        #expect(Set(finding.keys) == ["severity", "path", "offset", "reason", "section", "remedy"])
        #expect(try Command.run("check", manifest.path).status == 0)
        #expect(try Command.run("check", image).status == 1)
    }

    @Test func aDumpShowsEveryElementAndATreeTheManifest() throws {
        let folder = try archive().appendingPathComponent("one")
        let dump = try Command.run("dump", "0.dcm", in: folder)
        #expect(dump.status == 0)
        for line in ["(0002,0010) UI [1.2.840.10008.1.2.1]", "(0010,0020) LO [IPP0042]", "(7FE0,0010) OW"] {
            #expect(dump.text.contains(line))
        }
        try Command.run("manifest", ".", in: folder)
        let tree = try Command.run("dump", "--tree", "manifest.dcm", in: folder)
        #expect(tree.status == 0)
        #expect(tree.text.contains("2 instances in 1 series") && tree.text.contains("CT Image Storage"))
        let image = try Command.run("dump", "--tree", "0.dcm", in: folder)
        #expect(image.status == 2)
        #expect(image.errors == "kosgate: 0.dcm: no key object selection document, but CT Image Storage\n")
    }

    @Test func aDamagedFileIsDumpedUpToItsDamage() throws {
        let whole = image(TestInstance())
        let cut = scratch.file("cut", whole.dropLast(40_050))
        let dump = try Command.run("dump", cut.path)
        #expect(dump.status == 2)
        #expect(dump.text.contains("(0010,0020) LO [IPP0042]"))
        #expect(dump.complaints.count == 1)
    }

    // MARK: The gateway

    @Test func aGatewayAnswersEchoAndEndsOnSIGTERM() throws {
        let process = Process()
        process.executableURL = try Command.binary
        process.arguments = ["run", "--data", "data", "--port", "0", "--manifests", "out", "--ae-title", "TRIAL"]
        process.currentDirectoryURL = scratch.folder
        let errors = Pipe()
        process.standardError = errors
        process.standardInput = FileHandle.nullDevice
        try process.run()
        defer { if process.isRunning { process.terminate() } }
        let port = try #require(try Self.port(saidOn: errors.fileHandleForReading))
        let echo = try Command.run("echo", "127.0.0.1", port, "--called", "TRIAL")
        #expect(echo.status == 0, "\(echo.errors)")
        #expect(echo.text.hasPrefix("TRIAL at 127.0.0.1:\(port) answers C-ECHO: success"))
        let stranger = try Command.run("echo", "127.0.0.1", port, "--called", "OTHER")
        #expect(stranger.status == 1)
        #expect(stranger.errors.contains("called AE title not recognized; give the AE title that the peer"))
        process.terminate()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        let silence = try Command.run("echo", "127.0.0.1", port, "--called", "TRIAL")
        #expect(silence.status == 1)
        #expect(silence.complaints.count == 1)
    }

    @Test func aGatewayTakesAsManyFileDescriptorsAsItMayHave() throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        let words = "ulimit -S -n 60; exec \"$0\" run --data data --port 0 --manifests out"
        process.arguments = ["-c", words, try Command.binary.path]
        process.currentDirectoryURL = scratch.folder
        let errors = Pipe()
        process.standardError = errors
        process.standardInput = FileHandle.nullDevice
        try process.run()
        defer { process.terminate() }
        _ = try #require(try Self.port(saidOn: errors.fileHandleForReading))
        let limits = try String(contentsOfFile: "/proc/\(process.processIdentifier)/limits", encoding: .utf8)
        let line = try #require(limits.split(separator: "\n").first { $0.hasPrefix("Max open files") })
        let values = line.dropFirst("Max open files".count).split(separator: " ")
        #expect(values.first != "60" && values[0] == values[1])
    }

    /// Reads the gateway's words until it says where it listens.
    private static func port(saidOn handle: FileHandle) throws -> String? {
        var words = ""
        while let more = try handle.read(upToCount: 1), !more.isEmpty {
            words += String(decoding: more, as: UTF8.self)
            if words.hasSuffix(","), let match = words.firstMatch(of: /is ready: .* on 127\.0\.0\.1:([0-9]+),/) {
                return String(match.1)
            }
        }
        return nil
    }
}
