// studies-benchmark make FOLDER      makes an empty spool
// studies-benchmark measure FOLDER   opens it and prints, as JSON, the milliseconds of each question and the memory
import Glibc
import Spool

func milliseconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) * 1000 + Double(time.tv_nsec) / 1_000_000
}

/// In MiB, from the kernel's account of this process.
func memory(_ key: String) -> Double {
    guard let file = fopen("/proc/self/status", "r") else { return 0 }
    defer { fclose(file) }
    var line = [CChar](repeating: 0, count: 256)
    while fgets(&line, Int32(line.count), file) != nil {
        let words = String(decoding: line.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
            .split(whereSeparator: \.isWhitespace)
        if words.first == "\(key):", words.count > 1 { return (Double(words[1]) ?? 0) / 1024 }
    }
    return 0
}

var figures: [(String, Double)] = []

@MainActor func measure<Result>(_ name: String, _ body: () throws -> Result) rethrows -> Result {
    let start = milliseconds()
    let result = try body()
    figures.append((name, milliseconds() - start))
    return result
}

let arguments = CommandLine.arguments
let configuration = Spool.Configuration(directory: arguments[2])
guard arguments[1] == "measure" else {
    _ = try Spool(configuration)
    exit(0)
}

let spool = try measure("open") { try Spool(configuration) }
let open = try measure("open studies") { try spool.openStudies() }
let held = try measure("held") { try spool.studies(state: "held") }
let ofSource = try measure("held of one source") { try spool.studies(state: "held", source: "CT3") }
let published = try measure("published, 100") { try spool.studies(state: "published", limit: 100) }
let rare = try measure("published of a rare source, 100") {
    try spool.studies(state: "published", source: "RARE", limit: 100)
}
let counts = try measure("counts") { try spool.studyCounts() }
let summary = try measure("outbox summary") { try spool.outboxSummary() }
figures.append(("memory after listing", memory("VmHWM")))
let page = try measure("pending, 1,000") { try spool.pending(for: "platform", limit: 1_000) }
let pages = try measure("pending, all in pages") {
    var count = 0
    var last: Delivery.ID?
    while case let page = try spool.pending(for: "platform", after: last, limit: 1_000), let end = page.last?.id {
        count += page.count
        last = end
    }
    return count
}
figures.append(("memory after paging", memory("VmHWM")))
let all = try measure("pending, all at once") { try spool.pending(for: "platform") }
figures.append(("memory after all at once", memory("VmHWM")))
let id = published[50].id
_ = try measure("sharing") { try spool.studies(sharingSeriesWith: id) }
_ = try measure("standings") { try spool.standings(of: id) }
try measure("settle") {
    try spool.settle(
        id, Settlement(through: ArrivalNumber(1), record: [1, 2, 3], state: "held", hold: "x", at: .now))
}
let delivery = page[500]
_ = try measure("begin") { try spool.begin(delivery.id) }
try measure("acknowledge") { try spool.acknowledge(delivery.id) }
try measure("update") { try spool.updateStandings(of: id, [], state: "published", at: .now) }
let found: [(String, Int)] = [
    ("open", open.count), ("held", held.count), ("of source", ofSource.count), ("rare", rare.count),
    ("published", counts["published"] ?? 0), ("depth", summary["platform"]?.depth ?? 0), ("pages", pages),
    ("all", all.count),
]
let lines = figures.map { "\"\($0.0)\": \($0.1)" } + found.map { "\"count \($0.0)\": \($0.1)" }
print("{\(lines.joined(separator: ", "))}")
