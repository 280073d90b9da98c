/// A table of characters in rows of the same width, unpacked from a text with a line per row.
struct CharacterGrid: Sendable {
    private static let unassigned: UInt16 = 0xFFFD

    private let columns: Int
    private let scalars: [UInt16]

    /// Unpacks a text; U+FFFD and the missing end of a line are unassigned places.
    init(_ text: StaticString, columns: Int) {
        var scalars: [UInt16] = []
        var row = 0
        for scalar in text.description.unicodeScalars {
            if scalar == "\n" {
                row += 1
                Self.pad(&scalars, to: row * columns)
            } else {
                scalars.append(UInt16(truncatingIfNeeded: scalar.value))
            }
        }
        Self.pad(&scalars, to: (row + 1) * columns)
        self.columns = columns
        self.scalars = scalars
    }

    private static func pad(_ scalars: inout [UInt16], to count: Int) {
        scalars.append(contentsOf: repeatElement(unassigned, count: max(0, count - scalars.count)))
    }

    /// The character at a place, both counted from 0; nil where the table has none.
    subscript(row: Int, column: Int) -> Unicode.Scalar? {
        guard row >= 0, (0..<columns).contains(column), row * columns + column < scalars.count else { return nil }
        let value = scalars[row * columns + column]
        return value == Self.unassigned ? nil : Unicode.Scalar(value)
    }
}
