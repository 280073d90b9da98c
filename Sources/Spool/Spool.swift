internal import Threads

/// The durable record: headers of instances in arrival order, what was decided about their studies, what is to be sent.
///
/// It knows no DICOM: identifiers are strings, headers and records are bytes. Every function may block on the disk,
/// may be called from any thread, and what it has written is durable when it returns.
public final class Spool: Sendable {
    public struct Configuration: Sendable {
        /// Made when it is not there; its parent must be.
        public var directory: String
        /// Bytes of the file system that arrivals leave free, for settling and sealing what is there.
        public var reserve = 64 * 1024 * 1024
        /// Bytes of the file system that images leave free, for the headers and documents; `reserve` at least.
        public var imageReserve = 1024 * 1024 * 1024
        /// Bytes of images at most; nil: as many as `imageReserve` lets.
        public var imageBudget: Int?
        /// Bytes of headers kept in memory to compress the next ones of their series with.
        public var keyBudget = 4 * 1024 * 1024
        /// Of a header or a document, in bytes.
        public var largestContent = 256 * 1024 * 1024
        /// SQLite's name of another layer between it and the disk; for tests.
        var vfs: String?
        /// The write-ahead log is copied into the database when it has so many pages.
        var checkpointPages = Writer.checkpointPages
        /// SQLite's own limit of the file, for tests of a full disk.
        var largestFilePages: Int?
        /// Another layer between the files of images and the disk; for tests.
        var imageDisk: @Sendable (SystemImageDisk) -> any ImageDisk = { $0 }

        public init(directory: String) { self.directory = directory }
    }

    public let configuration: Configuration
    let writer: Writer
    let readers: Readers
    private let directory: SpoolDirectory
    private let sealing = Monitor(())
    let images: ImageFolder
    private let missing = Monitor<[ImageDelivery]>([])

    public init(_ configuration: Configuration) throws(SpoolError) {
        self.configuration = configuration
        let directory = try SpoolDirectory(configuration.directory)
        self.directory = directory
        let path = directory.database
        writer = try Writer(
            keyBudget: configuration.keyBudget, checkpointPages: configuration.checkpointPages,
            open: { () throws(SpoolError) in
                if let failure = Self.deletion(of: directory) { throw failure }
                let connection = try Connection(path: path, vfs: configuration.vfs)
                try Schema.prepare(connection, path: path)
                if let pages = configuration.largestFilePages {
                    try connection.execute("PRAGMA max_page_count=\(pages)")
                }
                return (try Ledger(connection), try Connection(path: path, vfs: configuration.vfs, readOnly: true))
            },
            refusal: {
                if let failure = Self.deletion(of: directory) { return failure }
                guard let free = directory.freeBytes, free < configuration.reserve else { return nil }
                return .full(path: directory.path, free: free, reserve: configuration.reserve)
            })
        readers = Readers(path: path, vfs: configuration.vfs)
        images = try ImageFolder(
            path: directory.images, disk: configuration.imageDisk(try directory.makeImageDisk()),
            limits: ImageFolder.Limits(
                reserve: max(configuration.imageReserve, configuration.reserve), budget: configuration.imageBudget,
                documentReserve: configuration.reserve),
            lastNumber: try writer.write { ledger throws(SpoolError) in
                try ledger.connection.integer("SELECT last_image FROM counter")
            })
        try sweepImages()
    }

    deinit { close() }

    /// Closes the files and gives the directory back, whoever still holds the spool: nothing is stored any more.
    public func close() {
        // The writer closes last: only it can bring the log into the database.
        readers.closeIdle()
        writer.close()
        directory.unlock()
    }

    /// Nil: it is there.
    private static func deletion(of directory: SpoolDirectory) -> SpoolError? {
        guard directory.isDeleted else { return nil }
        return .unwritable(reason: "its folder \(directory.path) was deleted; restart on one that is there")
    }

    /// Returns once the arrival is durable: neither a crash nor a power cut loses it.
    ///
    /// Callers on many threads share the sync of the disk; a lone one waits for nobody.
    public func store(_ arrival: Arrival) throws(SpoolError) { try store([arrival]) }

    /// The same for several at once, of one study or many: all are stored, in this order, or none.
    public func store(_ arrivals: [Arrival]) throws(SpoolError) {
        for arrival in arrivals where arrival.header.count > configuration.largestContent {
            throw .tooLarge(bytes: arrival.header.count, limit: configuration.largestContent)
        }
        if !arrivals.isEmpty { try writer.store(arrivals) }
    }

    /// Why nothing can be stored until `recover`; nil: it can.
    public var failure: SpoolError? { writer.failure }

    /// Why arrivals are refused: the failure, or that the reserve of the disk is reached. Nil: they are taken.
    public var obstacle: SpoolError? { failure ?? writer.refusal() }

    /// Opens the files anew after a failure of the disk and tries a write. Throws, and nothing is stored, while the
    /// disk is still bad.
    public func recover() throws(SpoolError) {
        readers.closeIdle()
        try writer.recover()
        try sweepImages()
    }

    /// The images whose files were not whole when the spool was last opened or recovered; they are dead letters since.
    public var missingImages: [ImageDelivery] { missing.withLock { $0 } }

    /// No row comes or goes meanwhile: the writer is led.
    private func sweepImages() throws(SpoolError) {
        let lost = try writer.write { ledger throws(SpoolError) in
            let numbers = try images.sweep(try ledger.connection.storedImages())
            return try ledger.connection.buryMissing(numbers, at: .now)
        }
        missing.withLock { $0 = lost }
    }

    func sealingAlone<Result>(_ body: () throws(SpoolError) -> Result) throws(SpoolError) -> Result {
        try sealing.withLock { _ throws(SpoolError) in try body() }
    }
}
