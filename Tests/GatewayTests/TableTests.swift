import Testing

@testable import Gateway

struct TableTests {
    private var table: Table {
        var table = Table([.init("ID", .right), .init("STUDY"), .init("REASON")])
        table.add(["1", "1.2.3", "the platform does not answer"])
        table.add(["12", "1.2.345", "no"])
        return table
    }

    @Test func columnsAreAligned() {
        #expect(
            table.lines(width: nil) == [
                "ID  STUDY    REASON",
                " 1  1.2.3    the platform does not answer",
                "12  1.2.345  no",
            ])
    }

    @Test func onlyTheLastColumnGivesWayToTheTerminal() {
        #expect(
            table.lines(width: 38) == [
                "ID  STUDY    REASON",
                " 1  1.2.3    the platform does not",
                "             answer",
                "12  1.2.345  no",
            ])
        // On a terminal that is too narrow for a sentence, lines are longer than it.
        #expect(table.lines(width: 10) == table.lines(width: 13 + 24))
    }

    @Test func noLineEndsInSpaces() {
        var table = Table([.init("A"), .init("B")])
        table.add(["long value", ""])
        #expect(table.lines(width: 80) == ["A           B", "long value"])
    }

    @Test func whatCannotBeSeenIsEscaped() {
        var table = Table([.init("A")])
        table.add(["a\u{1B}[2Jb\nc\u{202E}"])
        #expect(table.lines(width: nil) == ["A", "a\\u001B[2Jb\\u000Ac\\u202E"])
    }

    @Test func aWordThatIsLongerThanTheLineIsNotCut() {
        #expect(Table.wrapped("a 1.2.840.10008 b", to: 5) == ["a", "1.2.840.10008", "b"])
    }
}
