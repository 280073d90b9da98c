/// A series of one study of one source.
struct SeriesName: Hashable {
    var source: String
    var study: String
    var series: String
}

/// The first open header of a series: the later ones are compressed with it as prefix.
///
/// Sendable: `header` never changes, and `row` is only touched by the thread that leads the commits.
final class SeriesKey: @unchecked Sendable {
    struct Row {
        var number: Int64
        var study: Int64
        var series: Int64
    }

    let header: [UInt8]
    /// Where it lies; nil until it is inserted.
    var row: Row?

    init(header: [UInt8], row: Row? = nil) {
        self.header = header
        self.row = row
    }
}

/// The keys of the series that are coming in, within a budget; the one unused for longest goes first.
struct SeriesKeys {
    private var keys: [SeriesName: (key: SeriesKey, lastUse: Int)] = [:]
    private var uses = 0
    private var bytes = 0
    let budget: Int

    init(budget: Int) { self.budget = budget }

    mutating func find(_ name: SeriesName) -> SeriesKey? {
        guard let index = keys.index(forKey: name) else { return nil }
        uses += 1
        keys.values[index].lastUse = uses
        return keys.values[index].key
    }

    mutating func insert(_ key: SeriesKey, for name: SeriesName) {
        guard key.header.count <= budget else { return }
        remove(name)
        while bytes + key.header.count > budget, let oldest = keys.min(by: { $0.value.lastUse < $1.value.lastUse }) {
            remove(oldest.key)
        }
        uses += 1
        bytes += key.header.count
        keys[name] = (key, uses)
    }

    mutating func remove(source: String, study: String) {
        for name in keys.keys where name.study == study && name.source == source { remove(name) }
    }

    mutating func removeAll() {
        keys.removeAll()
        bytes = 0
    }

    private mutating func remove(_ name: SeriesName) {
        if let removed = keys.removeValue(forKey: name) { bytes -= removed.key.header.count }
    }
}
