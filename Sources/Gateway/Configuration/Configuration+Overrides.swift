extension Configuration {
    /// What the flags of a command say over a file, as the operator wrote it; `nil`: nothing.
    public struct Overrides: Sendable {
        public var dataDirectory: String?
        public var port: Int?
        public var aeTitle: String?
        /// Seconds, for every source.
        public var quietPeriod: Double?
        /// A folder for manifests, instead of all platforms.
        public var manifests: String?
        public var profile: String?
        /// For every source.
        public var retrieveAETitle: String?
        /// For every source.
        public var retrieveLocationUID: String?

        public init() {}
    }

    /// Says what the flags say; the same rules as for a file hold.
    public mutating func apply(_ overrides: Overrides) throws(ConfigurationError) {
        var reading = ConfigurationReading()
        reading.override("data", \.dataDirectory, .path, overrides.dataDirectory.map { .string($0) }, in: &self)
        reading.override("port", \.port, .whole(0...65535), overrides.port.map { .integer($0) }, in: &self)
        reading.override("ae-title", \.aeTitle, .aeTitle, overrides.aeTitle.map { .string($0) }, in: &self)
        reading.override("profile", \.manifest.profile, .profile, overrides.profile.map { .string($0) }, in: &self)
        reading.override("manifests", \.onlyFolder, .path, overrides.manifests.map { .string($0) }, in: &self)
        reading.overrideSettings(overrides, in: &defaults)
        // What is wrong with a flag is told once.
        guard reading.faults.isEmpty else { throw ConfigurationError(file: "command line", faults: reading.faults) }
        for index in sources.indices { reading.overrideSettings(overrides, in: &sources[index].settings) }
    }

    /// A folder that is said replaces every platform.
    private var onlyFolder: String {
        get { manifestsDirectory ?? "" }
        set {
            manifestsDirectory = newValue
            platforms = []
        }
    }
}

extension ConfigurationReading {
    fileprivate mutating func overrideSettings(
        _ overrides: Configuration.Overrides, in settings: inout Configuration.SourceDefaults
    ) {
        override(
            "quiet-period", \.quietPeriod, .seconds(0...86400), overrides.quietPeriod.map { .float($0) }, in: &settings)
        override(
            "retrieve-ae-title", \.retrieveAETitle, .some(.aeTitle), overrides.retrieveAETitle.map { .string($0) },
            in: &settings)
        override(
            "retrieve-location-uid", \.retrieveLocationUID, .some(.uid),
            overrides.retrieveLocationUID.map { .string($0) }, in: &settings)
    }

    fileprivate mutating func override<Root, Value>(
        _ flag: String, _ member: WritableKeyPath<Root, Value>, _ kind: ConfigurationValue<Value>,
        _ value: TOMLNode.Value?, in root: inout Root
    ) {
        guard let value else { return }
        let node = TOMLNode(value: value, place: TOMLNode.Place(line: 1, column: 1))
        guard let read = kind.value(node) else {
            return fault("--\(flag) must be \(kind.expects), not \(node.shown)", at: nil)
        }
        root[keyPath: member] = read
    }
}

extension ConfigurationValue {
    /// The same values, for a member that may be absent.
    fileprivate static func some<Wrapped>(_ kind: ConfigurationValue<Wrapped>) -> ConfigurationValue
    where Value == Wrapped? {
        ConfigurationValue(expects: kind.expects, choices: kind.choices) {
            kind.value($0).map { .some($0) }
        } written: {
            $0.map(kind.written) ?? ""
        }
    }
}
