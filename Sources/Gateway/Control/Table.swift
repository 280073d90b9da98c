/// Rows in columns, as wide as the terminal allows.
struct Table: Sendable, Equatable {
    enum Alignment: Sendable, Equatable {
        case left
        /// For numbers.
        case right
    }

    struct Column: Sendable, Equatable {
        var title: String
        var alignment = Alignment.left

        init(_ title: String, _ alignment: Alignment = .left) {
            self.title = title
            self.alignment = alignment
        }
    }

    private let columns: [Column]
    private var rows: [[String]] = []
    private static let gap = "  "
    /// A last column that has less is not wrapped: a word a line reads worse than a long line.
    private static let narrowest = 24

    init(_ columns: [Column]) { self.columns = columns }

    var isEmpty: Bool { rows.isEmpty }

    /// - Parameter cells: one for each column. What cannot be seen in them is written escaped.
    mutating func add(_ cells: [String]) {
        precondition(cells.count == columns.count)
        rows.append(cells.map(TOMLText.visible))
    }

    /// - Parameter width: in characters; nil: as wide as it is. Only the last column gives way, by going on in further
    ///   lines: a UID that is cut is none.
    func lines(width: Int?) -> [String] {
        let all = [columns.map(\.title)] + rows
        let widths = columns.indices.map { index in all.map { $0[index].count }.max() ?? 0 }
        let start = widths.dropLast().reduce(0) { $0 + $1 + Self.gap.count }
        let room = width.map { max($0 - start, Self.narrowest) } ?? .max
        return all.flatMap { cells in
            let pieces = Self.wrapped(cells.last ?? "", to: room)
            let first = zip(cells, zip(columns, widths)).dropLast().map { Self.padded($0, $1.0.alignment, $1.1) }
            let margin = String(repeating: " ", count: start)
            let last =
                columns.last?.alignment == .right ? pieces.map { Self.padded($0, .right, widths.last ?? 0) } : pieces
            return last.enumerated().map { index, piece in
                Self.trimmed(index == 0 ? (first + [piece]).joined(separator: Self.gap) : margin + piece)
            }
        }
    }

    private static func padded(_ text: String, _ alignment: Alignment, _ width: Int) -> String {
        let padding = String(repeating: " ", count: max(0, width - text.count))
        return alignment == .left ? text + padding : padding + text
    }

    private static func trimmed(_ line: String) -> String {
        String(line.reversed().drop { $0 == " " }.reversed())
    }

    /// At spaces, where there are any.
    static func wrapped(_ text: String, to width: Int) -> [String] {
        guard text.count > width else { return [text] }
        var lines: [String] = []
        var line = ""
        for word in text.split(separator: " ") {
            if !line.isEmpty, line.count + 1 + word.count > width {
                lines.append(line)
                line = ""
            }
            line += (line.isEmpty ? "" : " ") + word
        }
        return lines + [line]
    }
}
