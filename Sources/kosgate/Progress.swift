import Threads

/// What a person sees while long work runs: one line on standard error, only on a terminal.
struct Progress {
    private let total: Int
    private let isShown: Bool
    private let start = MonotonicInstant.now
    private var files = 0
    private var bytes = 0
    private var next = MonotonicInstant.now

    init(files total: Int, isShown: Bool = Console.isWatched) {
        self.total = total
        self.isShown = isShown
    }

    mutating func add(bytes count: Int) {
        files += 1
        bytes += count
        guard isShown, MonotonicInstant.now >= next else { return }
        next = MonotonicInstant.now + .milliseconds(100)
        Console.show("\r\u{1B}[K\(files) of \(total) files, \(summary)")
    }

    /// Removes the line, so that what is said next begins at the margin.
    func clear() {
        if isShown { Console.show("\r\u{1B}[K") }
    }

    /// Bytes read and their rate.
    var summary: String {
        let seconds = max(0.001, Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) / 1e18)
        return "\(Self.size(bytes)) read, \(Self.size(Int(Double(bytes) / seconds)))/s"
    }

    private var elapsed: Duration { MonotonicInstant.now - start }

    static func size(_ count: Int) -> String {
        var (value, unit) = (Double(count), "B")
        for larger in ["kB", "MB", "GB", "TB"] where value >= 1000 { (value, unit) = (value / 1000, larger) }
        guard unit != "B" else { return "\(count) B" }
        let tenths = Int((value * 10).rounded())
        return value < 100 ? "\(tenths / 10).\(tenths % 10) \(unit)" : "\(Int(value.rounded())) \(unit)"
    }
}
