import Foundation

/// Copies the database and its log, and takes back some of the writes that were not synced.
func copyAfterPowerCut(
    _ path: String, _ unsynced: [String: [FaultyDisk.Unsynced]], to copy: String, seed: UInt64
) {
    var random = seed | 1
    try? FileManager.default.createDirectory(atPath: copy, withIntermediateDirectories: true)
    for name in ["spool.db", "spool.db-wal"] {
        guard var bytes = FileManager.default.contents(atPath: "\(path)/\(name)") else { continue }
        let writes = unsynced.first { $0.key.hasSuffix("/\(name)") }?.value ?? []
        for write in writes.reversed() {
            random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            guard random >> 63 == 0 else { continue }
            let range = Int(write.offset)..<min(bytes.count, Int(write.offset) + write.old.count)
            if !range.isEmpty { bytes.replaceSubrange(range, with: write.old.prefix(range.count)) }
        }
        try? bytes.write(to: URL(fileURLWithPath: "\(copy)/\(name)"))
    }
}

/// Copies the database of a spool that is closed.
func copySpool(_ path: String, to copy: String) throws {
    try FileManager.default.createDirectory(atPath: copy, withIntermediateDirectories: true)
    try FileManager.default.copyItem(atPath: "\(path)/spool.db", toPath: "\(copy)/spool.db")
}
