public import DICOM
import KeyObjects

/// All that an operator decides, as plain values.
///
/// `Gateway` fills the `Configuration` of each of its doers from it; nothing below `Gateway` reads it.
/// `config/kosgate.toml` documents every key; `ConfigurationSchema` is the table that reader and document share.
public struct Configuration: Sendable, Equatable {
    /// Our own AE title: the only called AE title that is accepted, unless `acceptsAnyCalledAETitle`.
    public var aeTitle = AETitle("KOSGATE")
    /// IP addresses to listen on.
    public var listen = ["127.0.0.1"]
    /// 0 lets the system choose a free one.
    public var port: UInt16 = 11112
    /// The spool and all else that must survive a restart.
    public var dataDirectory = "kosgate-data"
    /// Peers that no source names are accepted too, under `defaults`. `nil`: if there is no source and all of `listen`
    /// is loopback.
    public var acceptsAnyCallingAETitle: Bool?
    public var acceptsAnyCalledAETitle = false
    /// What holds for a source that does not say otherwise, and for peers that no source names.
    public var defaults = SourceDefaults()
    /// In the order of the file; the first that matches a peer is its source.
    public var sources: [Source] = []
    /// Issuers of Patient IDs that headers name without an OID, each with its namespace and universal ID.
    public var knownIssuers: [Issuer] = []
    /// Where manifests go, each on its own; empty: to a folder.
    public var platforms: [Platform] = []
    /// The folder of manifests where there is no platform. `nil`: `manifests` in the data directory.
    public var manifestsDirectory: String?
    /// Where images are sent, beside manifests.
    public var imageDestinations: [ImageDestination] = []
    public var imageCompression = ImageCompression.auto
    /// The socket of the operator's commands. `nil`: `control.sock` in the data directory.
    public var socket: String?
    public var manifest = Manifest()
    public var limits = Limits()
    /// Which identities are legitimate here.
    public var environment = Environment.production
    /// Whether operator events may name patients.
    public var logsIdentity = false

    public init() {}

    /// Without any file: every calling AE is welcome, on loopback only; plain IHE manifests go to a folder.
    ///
    /// Profile `xds-i`, because any study can meet it: the retrieve AE title defaults to the calling AE title.
    public static var embeddedDefault: Configuration {
        var configuration = Configuration()
        configuration.manifest.profile = .xdsI
        return configuration
    }

    /// Whether a peer that no source names may send.
    public var acceptsUnknownPeers: Bool {
        acceptsAnyCallingAETitle ?? (sources.isEmpty && listen.allSatisfy(IPNetwork.isLoopback))
    }

    /// Where manifests go: all platforms, or the one folder. Never empty.
    public var destinations: [Destination] {
        platforms.isEmpty ? [.folder(folder)] : platforms.map { .platform($0) }
    }

    /// The folder that stands for a platform where there is none.
    public var folder: String { manifestsDirectory ?? dataDirectory + "/manifests" }

    /// Where the operator's commands reach the running service.
    public var socketPath: String { socket ?? dataDirectory + "/control.sock" }

    /// The source that a peer belongs to, `nil` if the peer is not welcome.
    ///
    /// - Parameter address: the peer's IP address as text.
    public func source(calling: AETitle, address: String) -> Source? {
        if let known = sources.first(where: { $0.matches(calling: calling, address: address) }) { return known }
        guard acceptsUnknownPeers else { return nil }
        return Source(name: Self.anySource, settings: defaults)
    }

    /// The source of peers that no other one names.
    static let anySource = "any"
}

extension Configuration {
    /// Real patients or made-up ones: the national identity domains are told apart by it.
    public enum Environment: String, Sendable, CaseIterable {
        case production
        case test
    }

    /// What protects the machine from its peers.
    public struct Limits: Sendable, Equatable {
        /// Associations at the same time; one more is rejected as a transient local limit (PS3.8 §9.3.4).
        public var associations = 200
        /// The maximum length that we announce (PS3.8 §D.1), bytes.
        public var maximumPDULength = 256 * 1024
        /// What is kept of one header at most, bytes.
        public var header = 4 * 1024 * 1024
        /// What the headers arriving at one time may take beyond 64 KiB each, bytes; past it an instance is answered
        /// A700 (out of resources).
        public var headerBudget = 64 * 1024 * 1024
        /// From connection to association request: the ARTIM timer (PS3.8 §9.1.5).
        public var requestTimeout: Duration = .seconds(30)
        /// Silence between two messages of an association.
        public var idleTimeout: Duration = .seconds(600)
        /// Silence in the middle of a message.
        public var stallTimeout: Duration = .seconds(60)
        /// With less free space in the data directory's file system nothing is taken in, bytes.
        public var diskReserve = 512 * 1024 * 1024
        /// With less free space images are not taken in, though headers are, bytes.
        public var imageReserve = 1024 * 1024 * 1024
        /// What images that wait may take of the disk, bytes. `nil`: what the reserve leaves.
        public var imageBudget: Int?

        public init() {}
    }
}
