/// A pattern for the whole of a value: `*` stands for any characters, or none, `?` for any one.
///
/// It is no regular expression, so that no value makes it work longer than its length times that of the pattern.
struct ValuePattern: Sendable, Equatable {
    private let pattern: [Unicode.Scalar]

    init(_ text: String) { pattern = Array(text.unicodeScalars) }

    func matches(_ value: String) -> Bool {
        let value = Array(value.unicodeScalars)
        var (place, next) = (0, 0)
        // Behind the last star: where the pattern goes on, and up to where the star reaches.
        var star: (next: Int, reach: Int)?
        while place < value.count {
            if next < pattern.count, pattern[next] == "*" {
                next += 1
                star = (next, place)
            } else if next < pattern.count, pattern[next] == "?" || pattern[next] == value[place] {
                (place, next) = (place + 1, next + 1)
            } else if let last = star {
                star = (last.next, last.reach + 1)
                (place, next) = (last.reach + 1, last.next)
            } else {
                return false
            }
        }
        return pattern[next...].allSatisfy { $0 == "*" }
    }
}
