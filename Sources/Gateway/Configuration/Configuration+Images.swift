public import DICOM
public import Forwarding

/// Which images are sent on, and where to.
extension Configuration {
    /// A storage SCP that is sent the instances its rules want: a telemedicine PACS.
    public struct ImageDestination: Sendable, Equatable {
        /// Ours, for the spool and the operator; unique among all destinations.
        public var name: String
        public var aeTitle: AETitle
        public var host: String
        public var port: UInt16
        /// `nil`: our own.
        public var callingAETitle: AETitle?
        /// At the same time, at most.
        public var associations = 2
        /// An image is kept until the destination has committed to its storage (PS3.4 annex J).
        public var commits = false
        /// It is sent the rejection notes of what it may hold.
        public var takesRejectionNotes = true
        /// Bytes in a second, over all its associations; 0: as they can.
        public var throttle = 0
        /// When sending may begin; empty: at any time.
        public var windows: [TimeWindow] = []
        public var connectTimeout: Duration = .seconds(10)
        /// For each answer: to the association request, to a C-STORE.
        public var responseTimeout: Duration = .seconds(60)
        /// The wait after the first failure; it doubles with each further one.
        public var retryDelay: Duration = .seconds(5)
        /// The longest wait between two attempts.
        public var retryCeiling: Duration = .seconds(900)
        /// An instance is wanted by whom one rule fits; none: nothing is.
        public var rules: [ImageRule] = []

        public init(name: String, aeTitle: AETitle, host: String, port: UInt16) {
            self.name = name
            self.aeTitle = aeTitle
            self.host = host
            self.port = port
        }
    }

    /// Which instances a destination is sent. All that it names must fit; what it does not name fits always.
    public struct ImageRule: Sendable, Equatable {
        /// Names of sources.
        public var sources: [String] = []
        /// Called AE titles.
        public var called: [AETitle] = []
        /// Modality (0008,0060).
        public var modalities: [String] = []
        public var sopClasses: [SOPClassUID] = []
        public var elements: [ElementCondition] = []

        public init() {}
    }

    /// What a data element at the top level of an instance's header must say; any of its values may. All that is given
    /// must hold.
    public struct ElementCondition: Sendable, Equatable {
        public var tag: Tag
        /// The text, without padding.
        public var equals: String?
        /// A pattern for the whole of it: `*` stands for any characters, `?` for any one.
        public var matches: String?
        /// One of these.
        public var oneOf: [String]?

        public init(tag: Tag, equals: String? = nil, matches: String? = nil, oneOf: [String]? = nil) {
            self.tag = tag
            self.equals = equals
            self.matches = matches
            self.oneOf = oneOf
        }
    }

    /// Whether images that wait are compressed on our disk: it costs time, and saves room only while they wait.
    public enum ImageCompression: Sendable, Equatable {
        /// While a destination does not take what comes, and where samples show that it pays.
        case auto
        case none
        /// Of zstd, 1 to 19, for uncompressed transfer syntaxes.
        case level(Int)
    }
}
