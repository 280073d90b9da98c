import DICOM
import Gateway
import Glibc
import KeyObjects

/// Makes the manifests of studies and puts them where the operator said.
struct ManifestOutput {
    private enum Place {
        case standardOutput
        case file(String)
        case folder(String)
    }

    private let place: Place
    private let total: Int
    private var made = 0
    private var held = 0
    private var isFolderMade = false

    /// - Parameters:
    ///   - path: as the operator said; `nil`: nothing said.
    ///   - studies: how many there are.
    init(path: String?, studies: Int) {
        total = studies
        let isFolder = studies > 1 || path.map { $0.hasSuffix("/") || Self.isFolder($0) } ?? false
        switch path {
        case "-" where studies == 1: place = .standardOutput
        case nil: place = studies == 1 ? .file("manifest.dcm") : .folder("manifests")
        case .some(let path): place = isFolder ? .folder(path) : .file(path)
        }
    }

    /// Writes the study's manifest, or says why there is none.
    mutating func make(_ study: StudyCollection.Study, _ settings: ManifestSettings) throws(FileFailure) {
        guard let content = study.builder.content() else {
            return say("study \(study.uid): no instance that a manifest lists")
        }
        let manifest: Manifest
        do throws(HoldReasons) {
            manifest = try Manifest(of: content, settings: settings)
        } catch {
            held += 1
            for hold in error.holds { say("study \(study.uid) is held: \(hold.reason) \(hold.remedy)") }
            return
        }
        for note in study.builder.notes + manifest.notes { say("study \(study.uid): \(note)") }
        let identity = manifest.identity(at: Int64(time(nil)), timezoneOffset: LocalZone.offset)
        let target = try write(manifest.bytes(identity))
        made += 1
        let series = manifest.content.series.count
        let count = manifest.content.instanceCount
        let line =
            "\(target): study \(study.uid), \(counted(count, "instance")) in \(series) series"
        if case .standardOutput = place { return say(line) }
        Console.print(Escaped.text(line))
    }

    /// Sums up, and fails if not all is well.
    func conclude(_ collection: StudyCollection) throws(CommandFailure) {
        Console.flush()
        if Console.isWatched { Console.complain(collection.summary) }
        if collection.isNamedFileUnusable || made == 0 && held == 0 { throw CommandFailure(.input) }
        if held > 0 || collection.leftOut > 0 { throw CommandFailure(.finding) }
    }

    private func say(_ line: String) { Console.complain("kosgate: " + Escaped.text(line)) }

    private mutating func write(_ bytes: [UInt8]) throws(FileFailure) -> String {
        switch place {
        case .standardOutput:
            Console.write(bytes)
            return "standard output"
        case .file(let path):
            try OutputFile.write(bytes, to: path)
            return path
        case .folder(let folder):
            if !isFolderMade, mkdir(folder, 0o777) != 0, errno != EEXIST {
                throw FileFailure(folder, SystemError.text(errno))
            }
            isFolderMade = true
            let digits = String(made + held + 1)
            let number = String(repeating: "0", count: max(0, String(total).count - digits.count)) + digits
            let path = (folder.hasSuffix("/") ? folder : folder + "/") + "study-\(number).dcm"
            try OutputFile.write(bytes, to: path)
            return path
        }
    }

    private static func isFolder(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }
}

/// Writes files whole or not at all.
enum OutputFile {
    static func write(_ bytes: [UInt8], to path: String) throws(FileFailure) {
        // A device or a pipe is written to as it is; only a file can be replaced.
        var status = stat()
        let isReplaced = stat(path, &status) != 0 || status.st_mode & S_IFMT == S_IFREG
        let temporary = isReplaced ? path + ".part" : path
        let file = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
        guard file >= 0 else { throw FileFailure(path, SystemError.text(errno)) }
        let isWritten = Console.writeAll(bytes, to: file)
        let failure = errno
        let isClosed = close(file) == 0
        guard isWritten, isClosed, !isReplaced || rename(temporary, path) == 0 else {
            let reason = isWritten ? errno : failure
            if isReplaced { unlink(temporary) }
            throw FileFailure(path, SystemError.text(reason))
        }
    }
}
