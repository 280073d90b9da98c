extension ByteCount {
    /// For people: with a unit that leaves some digits.
    static func rounded(_ count: Int) -> String {
        var (value, unit) = (count, "B")
        for larger in ["KiB", "MiB", "GiB", "TiB"] where value >= 10 << 10 { (value, unit) = (value >> 10, larger) }
        return "\(value) \(unit)"
    }
}
