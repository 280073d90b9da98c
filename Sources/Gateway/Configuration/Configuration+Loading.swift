import Glibc

extension Configuration {
    /// Reads a configuration file.
    ///
    /// - Parameter file: the path of a TOML document, at most 1 MiB of UTF-8.
    public static func load(file: String) throws(ConfigurationError) -> LoadedConfiguration {
        let bytes: [UInt8]
        do {
            bytes = try SmallFile.read(file, limit: 1 << 20)
        } catch {
            throw ConfigurationError(file: file, faults: [ConfigurationFault(error.reason)])
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw ConfigurationError(file: file, faults: [ConfigurationFault("not UTF-8 text")])
        }
        return try parse(text, file: file)
    }

    /// - Parameter file: how messages call the document.
    public static func parse(_ text: String, file: String) throws(ConfigurationError) -> LoadedConfiguration {
        var configuration = Configuration()
        var reading = ConfigurationReading()
        let (document, faults) = TOMLReader.read(text)
        reading.isComplete = faults.isEmpty
        for fault in faults { reading.fault(fault.message, at: fault.place) }
        reading.read(document, as: ConfigurationSchema.document, into: &configuration, path: "")
        if reading.isComplete { reading.crossCheck(configuration) }
        guard reading.faults.isEmpty else {
            throw ConfigurationError(file: file, faults: reading.faults.inOrderOfPlace)
        }
        let remarks = reading.remarks.inOrderOfPlace.map { ConfigurationError.line($0, file: file) }
        return LoadedConfiguration(configuration: configuration, remarks: remarks)
    }
}

extension [ConfigurationFault] {
    fileprivate var inOrderOfPlace: [ConfigurationFault] {
        enumerated().sorted { a, b in
            (a.element.line ?? .max, a.element.column ?? 0, a.offset)
                < (b.element.line ?? .max, b.element.column ?? 0, b.offset)
        }.map(\.element)
    }
}

/// Reads whole files of bounded size.
enum SmallFile {
    struct Failure: Error {
        var reason: String
    }

    static func read(_ path: String, limit: Int) throws(Failure) -> [UInt8] {
        let file = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY)
        guard file >= 0 else { throw Failure(reason: "cannot be opened: " + reason(errno)) }
        defer { close(file) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = buffer.withUnsafeMutableBytes { Glibc.read(file, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw Failure(reason: "cannot be read: " + reason(errno)) }
            guard count > 0 else { return bytes }
            bytes += buffer[..<count]
            guard bytes.count <= limit else { throw Failure(reason: "larger than \(ByteCount.text(limit))") }
        }
    }

    private static func reason(_ code: CInt) -> String {
        strerror(code).map { String(cString: $0) } ?? "error \(code)"
    }
}
