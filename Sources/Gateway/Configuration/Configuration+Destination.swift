public import DICOM

extension Configuration {
    /// Where finished manifests are delivered.
    public enum Destination: Sendable, Equatable {
        case platform(Platform)
        case folder(String)

        /// The outbox of a folder, and of the platform that has no name of its own.
        static let unnamedOutbox = "manifests"

        /// Its name in the spool, which says what of a study it holds: to be kept when anything else of it changes.
        public var outbox: String {
            switch self {
            case .platform(let platform): platform.name ?? Self.unnamedOutbox
            case .folder: Self.unnamedOutbox
            }
        }
    }

    /// A document sharing platform, a C-STORE SCP.
    public struct Platform: Sendable, Equatable {
        /// Names its outbox. `nil`: the one platform that needs no name.
        public var name: String?
        public var aeTitle: AETitle
        public var host: String
        public var port: UInt16
        /// `nil`: our own.
        public var callingAETitle: AETitle?
        public var connectTimeout: Duration = .seconds(10)
        /// For each answer: to the association request, to a C-STORE, to the release.
        public var responseTimeout: Duration = .seconds(60)
        /// The wait after the first failure; it doubles with each further one.
        public var retryDelay: Duration = .seconds(5)
        /// The longest wait between two attempts. Attempts never end: an operator ends them.
        public var retryCeiling: Duration = .seconds(900)

        public init(aeTitle: AETitle, host: String, port: UInt16) {
            self.aeTitle = aeTitle
            self.host = host
            self.port = port
        }
    }
}
