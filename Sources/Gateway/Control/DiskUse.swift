import Glibc
import Spool

/// What fills the disk, and what happens when it is full.
struct DiskUse {
    /// Headers, documents and the record of it all.
    let spoolBytes: Int
    /// Of the file system that the spool lies on; nil: it does not say.
    let freeBytes: Int?
    let totalBytes: Int?
    /// Files of images, those that are just arriving too.
    let imageBytes: Int
    /// Nil: the configuration sends no images.
    private let limits: Configuration.Limits?
    private let pressure: SpoolError?

    init(_ configuration: Configuration, _ spool: Spool) {
        spoolBytes = ["spool.db", "spool.db-wal"].reduce(0) { sum, name in
            var status = stat()
            guard stat("\(configuration.dataDirectory)/spool/\(name)", &status) == 0 else { return sum }
            return sum + Int(status.st_size)
        }
        var status = statvfs()
        let isKnown = statvfs(configuration.dataDirectory, &status) == 0
        let block = Int(clamping: status.f_frsize)
        freeBytes = Self.freeBytes(configuration.dataDirectory)
        totalBytes = isKnown ? Self.product(Int(clamping: status.f_blocks), block) : nil
        imageBytes = spool.imageBytes
        limits = configuration.imageDestinations.isEmpty ? nil : configuration.limits
        pressure = spool.imagePressure
    }

    /// Of the file system that this lies on.
    static func freeBytes(_ path: String) -> Int? {
        var status = statvfs()
        guard statvfs(path, &status) == 0 else { return nil }
        return product(Int(clamping: status.f_bavail), Int(clamping: status.f_frsize))
    }

    private static func product(_ count: Int, _ size: Int) -> Int {
        let (bytes, overflow) = count.multipliedReportingOverflow(by: size)
        return overflow ? .max : bytes
    }

    /// Bytes of images that may still come; nil: not known, or none may ever.
    var room: Int? {
        guard let limits else { return nil }
        let onDisk = freeBytes.map { $0 - max(limits.imageReserve, limits.diskReserve) }
        let ofBudget = limits.imageBudget.map { $0 - imageBytes }
        return [onDisk, ofBudget].compactMap { $0 }.min().map { max(0, $0) }
    }

    // MARK: Words

    /// - Parameter rows: whose images they are.
    func facts(_ rows: [DestinationRow]) -> [[String]] {
        let free = freeBytes.map(ByteCount.rounded) ?? "unknown"
        let total = totalBytes.map { " of \(ByteCount.rounded($0))" } ?? ""
        var facts = [["disk", "\(free)\(total) free"]]
        facts.append(["spool", "\(ByteCount.rounded(spoolBytes)): headers, manifests, history"])
        guard limits != nil || imageBytes > 0 else { return facts }
        let owners = rows.filter { ($0.images?.storedBytes ?? 0) > 0 }
            .map { "\(ByteCount.rounded($0.images?.storedBytes ?? 0)) for \($0.name)" }
        let kept = owners.isEmpty ? "" : ": \(owners.joined(separator: ", "))"
        facts.append(["images", "\(ByteCount.rounded(imageBytes))\(kept)"])
        guard let limits else { return facts }
        let reserve = ByteCount.rounded(max(limits.imageReserve, limits.diskReserve))
        let budget = limits.imageBudget.map { ", images may take \(ByteCount.rounded($0))" } ?? ""
        let left = room.map { "\(ByteCount.rounded($0)) more" } ?? "unknown"
        facts.append(["room for images", "\(left) (\(reserve) of the disk stay free for headers\(budget))"])
        if pressure != nil {
            facts.append([
                "images refused",
                "nine tenths of their room are taken: sources whose images would be sent are told to come back, until "
                    + "some are sent (kosgate destinations tells what holds them up)",
            ])
        }
        return facts
    }

    var json: JSONText {
        .object([
            ("bytes", .number(imageBytes)), ("room", room.map { .number($0) } ?? .null),
            ("reserve", limits.map { .number(max($0.imageReserve, $0.diskReserve)) } ?? .null),
            ("budget", limits?.imageBudget.map { .number($0) } ?? .null), ("is_refused", .boolean(pressure != nil)),
            ("disk_bytes", totalBytes.map { .number($0) } ?? .null),
        ])
    }
}
