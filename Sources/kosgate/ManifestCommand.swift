import ArgumentParser
import DICOM
import Gateway
import KeyObjects

struct ManifestCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "manifest",
        abstract: "Builds manifests from DICOM files, without a gateway: one for each study.",
        discussion: """
            Folders are searched for DICOM files; of each file only the header is read. The manifest of one study goes \
            to manifest.dcm or the file of --output ("-": standard output); those of several studies go into a folder.

            Exit code 0 if every DICOM file is accounted for, 1 if a study is held or a file in a folder was left out, \
            2 if a named file is unusable or nothing could be made.

            Examples:
              kosgate manifest study/ -o manifest.dcm
              kosgate manifest archive/ --config kosgate.toml --source radiology \\
                -o manifests/
            """)

    @Argument(help: "Files and folders.", completion: .file())
    var path: [String]

    @OptionGroup var configurationOptions: ConfigurationOptions

    @Option(help: ArgumentHelp("The source of the configuration whose settings hold.", valueName: "name"))
    var source: String?

    @Option(help: ArgumentHelp("Retrieve AE Title (0008,0054).", valueName: "ae-title"))
    var retrieveAeTitle: String?

    @Option(help: ArgumentHelp("Retrieve Location UID (0040,E011).", valueName: "uid"))
    var retrieveLocationUid: String?

    @Option(name: .shortAndLong, help: ArgumentHelp("A file, or a folder for several studies.", valueName: "path"))
    var output: String?

    func run() throws {
        var overrides = configurationOptions.overrides
        overrides.retrieveAETitle = retrieveAeTitle
        overrides.retrieveLocationUID = retrieveLocationUid
        let loaded = try configurationOptions.load(overrides)
        loaded.remarks.forEach(Console.complain)
        let settings = ManifestSettings(loaded.configuration, source: try chosen(in: loaded.configuration))

        var collection = StudyCollection(callingAETitle: loaded.configuration.aeTitle)
        collection.read(try InputFiles.list(path))
        guard !collection.studies.isEmpty else {
            throw CommandFailure(
                .input, collection.leftOut > 0 ? nil : "no DICOM instance in \(collection.count)")
        }
        var output = ManifestOutput(path: output, studies: collection.studies.count)
        for study in collection.studies { try output.make(study, settings) }
        try output.conclude(collection)
    }

    private func chosen(in configuration: Configuration) throws(CommandFailure) -> Configuration.Source {
        guard let source else { return Configuration.Source(name: "files", settings: configuration.defaults) }
        guard let named = configuration.sources.first(where: { $0.name == source }) else {
            let names = configuration.sources.map { "'\($0.name)'" }.joined(separator: ", ")
            throw .input("--source \(source): the configuration has \(names.isEmpty ? "no source" : names)")
        }
        return named
    }
}

/// The instances of files, by study.
struct StudyCollection {
    struct Study {
        var uid: StudyUID
        var builder = ManifestBuilder()
    }

    /// In the order in which they were met.
    private(set) var studies: [Study] = []
    private(set) var files = 0
    /// DICOM files that no manifest can list, and why.
    private(set) var leftOut = 0
    /// A file that was named by the operator is one of them, or is no DICOM file.
    private(set) var isNamedFileUnusable = false
    private(set) var summary = ""
    /// "3 files".
    var count: String { counted(files, "file") }
    private var noInstance = 0
    private var numbers: [StudyUID: Int] = [:]
    private let callingAETitle: AETitle

    init(callingAETitle: AETitle) { self.callingAETitle = callingAETitle }

    mutating func read(_ files: [InputFiles.Named]) {
        var progress = Progress(files: files.count)
        for file in files {
            self.files += 1
            do throws(InstanceFile.Defect) {
                let instance = try InstanceFile(reading: file.path)
                progress.add(bytes: instance.bytesRead)
                add(instance, of: file, progress)
                if let damage = instance.damage { say(file, "read only in part: \(damage)", progress) }
            } catch {
                if file.isExplicit || !error.isNoInstance {
                    leaveOut(file, error.sentence, progress)
                } else {
                    noInstance += 1
                }
            }
        }
        progress.clear()
        summary = "\(count), \(progress.summary)"
        if noInstance > 0 { summary += "; \(noInstance) no instances" }
        if leftOut > 0 { summary += "; \(leftOut) left out" }
    }

    private mutating func leaveOut(_ file: InputFiles.Named, _ reason: String, _ progress: Progress) {
        say(file, reason, progress)
        leftOut += 1
        if file.isExplicit { isNamedFileUnusable = true }
    }

    private func say(_ file: InputFiles.Named, _ sentence: String, _ progress: Progress) {
        progress.clear()
        Console.complain("kosgate: \(Escaped.text(file.path)): \(sentence)")
    }

    private mutating func add(_ instance: InstanceFile, of file: InputFiles.Named, _ progress: Progress) {
        guard let uid = instance.studyInstanceUID, !uid.text.isEmpty else {
            return leaveOut(file, "no Study Instance UID (0020,000D)", progress)
        }
        let number = numbers[uid] ?? studies.count
        if number == studies.count {
            numbers[uid] = number
            studies.append(Study(uid: uid))
        }
        let caller = instance.source.flatMap { $0.isValid ? $0 : nil } ?? callingAETitle
        switch studies[number].builder.add(
            instance.header, transferSyntax: instance.transferSyntax, callingAETitle: caller)
        {
        case .listed, .unchanged, .excluded: break
        case .changed: say(file, "another header of an instance met before; this one is listed", progress)
        case .unusable(let defect): leaveOut(file, defect.sentence, progress)
        }
    }
}

extension ManifestBuilder.Defect {
    fileprivate var sentence: String {
        switch self {
        case .missing(let tag): "no \(DICOM.Dictionary.name(of: tag) ?? "value") \(tag)"
        case .otherStudy(let uid): "names another study, \(uid)"
        case .notStorage(let uid): "SOP class \(UIDRegistry.name(of: uid) ?? uid.text) is not for storage"
        }
    }
}
