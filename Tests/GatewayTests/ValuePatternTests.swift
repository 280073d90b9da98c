import Testing

@testable import Gateway

@Suite struct ValuePatternTests {
    @Test(arguments: [
        ("TELE*", "TELE"), ("TELE*", "TELEAVC"), ("*AVC", "TELEAVC"), ("T*A*C", "TELEAVC"), ("T?LE", "TÉLE"),
        ("*", ""), ("A.B", "A.B"), ("**", "A"), ("*AB", "AAB"),
    ])
    func fits(_ pattern: String, _ value: String) { #expect(ValuePattern(pattern).matches(value)) }

    @Test(arguments: [
        ("TELE*", "NO TELE"), ("T?LE", "TLE"), ("TELE", "TELE "), ("", "A"), ("A.B", "AXB"), ("*AB", "ABA"),
    ])
    func fitsNot(_ pattern: String, _ value: String) { #expect(!ValuePattern(pattern).matches(value)) }

    @Test func manyStarsEndSoon() {
        let pattern = String(repeating: "a*", count: 200) + "b"
        #expect(!ValuePattern(pattern).matches(String(repeating: "a", count: 10_000)))
    }
}
