/// One thing that is wrong, or odd, in a configuration file.
public struct ConfigurationFault: Sendable, Equatable {
    /// From 1; `nil` if it is not in one place.
    public var line: Int?
    /// From 1, in bytes.
    public var column: Int?
    public var message: String

    init(_ message: String, at place: TOMLNode.Place? = nil) {
        line = place?.line
        column = place?.column
        self.message = TOMLText.visible(message)
    }
}

/// A configuration that cannot be used: all its faults, in the order of the file.
public struct ConfigurationError: Error, Sendable, Equatable, CustomStringConvertible {
    public var file: String
    public var faults: [ConfigurationFault]

    /// A line for each fault: `FILE:LINE:COLUMN: message`, as compilers write it.
    public var description: String {
        faults.map { Self.line($0, file: file) }.joined(separator: "\n")
    }

    static func line(_ fault: ConfigurationFault, file: String) -> String {
        let place = [file] + [fault.line, fault.column].compactMap { $0 }.map(String.init)
        return place.joined(separator: ":") + ": " + fault.message
    }
}

/// A configuration file that can be used.
public struct LoadedConfiguration: Sendable, Equatable {
    public var configuration: Configuration
    /// What an operator should look at all the same, a line each.
    public var remarks: [String]

    public init(configuration: Configuration, remarks: [String] = []) {
        self.configuration = configuration
        self.remarks = remarks
    }
}
