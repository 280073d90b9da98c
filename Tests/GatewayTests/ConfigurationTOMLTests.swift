import Testing

@testable import Gateway

struct ConfigurationTOMLTests {
    /// The value of the only key, `a`.
    private func value(_ text: String) -> TOMLNode.Value? {
        let (document, faults) = TOMLReader.read("a = " + text)
        guard faults.isEmpty, case .table(let members) = document.value else { return nil }
        return members["a"]?.value
    }

    private func faults(_ text: String) -> [String] {
        TOMLReader.read(text).faults.map { "\($0.place.line):\($0.place.column) \($0.message)" }
    }

    private func places(_ node: TOMLNode, _ path: String = "") -> [String: String] {
        var all = [path: "\(node.place.line):\(node.place.column)"]
        switch node.value {
        case .table(let members):
            for (key, member) in members {
                all.merge(places(member, path.isEmpty ? key : path + "." + key)) { a, _ in a }
            }
        case .array(let elements):
            for (index, element) in elements.enumerated() {
                all.merge(places(element, "\(path)[\(index)]")) { a, _ in a }
            }
        case .string, .integer, .float, .boolean, .moment: break
        }
        return all
    }

    @Test func everyPlaceOfADocumentIsKnown() {
        let text = """
            # comment = 1
            a.b = '''
            [not.a.header]
            ''' # c
            "quo\\"ted" = { x = 1, y = [
              "]", # ]
              { z = 'q' } ] }
            [[t]]
              k = \"""a\"""\"""
            [t.'s']
            k = 1
            [[t]]
            k.l = 2
            """
        let (document, faults) = TOMLReader.read(text)
        #expect(faults == [])
        let expected = [
            "": "1:1", "a": "2:1", "a.b": "2:3", "quo\"ted": "5:1", "quo\"ted.x": "5:16", "quo\"ted.y": "5:23",
            "quo\"ted.y[0]": "6:3", "quo\"ted.y[1]": "7:3", "quo\"ted.y[1].z": "7:5", "t": "8:1", "t[0]": "8:1",
            "t[0].k": "9:3", "t[0].s": "10:1", "t[0].s.k": "11:1", "t[1]": "12:1", "t[1].k": "13:1",
            "t[1].k.l": "13:3",
        ]
        #expect(places(document) == expected)
    }

    @Test(arguments: [
        ("0", 0), ("-17", -17), ("+99", 99), ("1_000", 1000), ("0xDEAD_beef", 0xDEAD_BEEF), ("0o755", 0o755),
        ("0b1101", 13), ("9223372036854775807", Int.max), ("-9223372036854775808", Int.min),
    ])
    func aWholeNumberIsRead(text: String, number: Int) {
        #expect(value(text) == .integer(number))
    }

    @Test(arguments: [
        ("1.5", 1.5), ("-0.25", -0.25), ("5e+22", 5e22), ("1e06", 1e6), ("6.626e-34", 6.626e-34), ("2_2.5_5", 22.55),
        ("-inf", -Double.infinity),
    ])
    func aFractionIsRead(text: String, number: Double) {
        #expect(value(text) == .float(number))
    }

    @Test(arguments: ["1979-05-27T07:32:00Z", "1979-05-27 07:32:00.99-07:00", "1979-05-27", "07:32:00"])
    func aDateOrTimeIsOneValue(text: String) {
        #expect(value(text) == .moment(text))
    }

    @Test(arguments: [
        (#""a\tb\"\\\u00E9\U0001F600""#, "a\tb\"\\é😀"), (#"'C:\dir'"#, #"C:\dir"#), (#""""#, ""),
        ("\"\"\"\none\n  two \\\n   three\"\"\"", "one\n  two three"), ("'''\r\na\\n''b'''", "a\\n''b"),
        ("\"\"\"\"quoted\"\"\"\"", "\"quoted\""), ("\"é\"", "é"),
    ])
    func aTextIsRead(text: String, content: String) {
        #expect(value(text) == .string(content))
    }

    @Test func textIsReadAsItIsWritten() {
        let text = "a\"b\\c\n\t\r\u{1}\u{7F}é"
        #expect(TOMLText.string(text) == "\"a\\\"b\\\\c\\n\\t\\r\\u0001\\u007Fé\"")
        #expect(value(TOMLText.string(text)) == .string(text))
    }

    @Test(arguments: [
        ("a = ", "1:5 expected a value, not the end of the file"),
        ("a = \nb = 1", "1:5 expected a value, not the end of the line"),
        ("a = yes", "1:5 'yes' is not a value; a text must stand in quotes"),
        ("a = 012", "1:5 '012' begins with a zero: a number must not, a text must stand in quotes"),
        ("a = 1__0", "1:5 '1__0' is not a value; a text must stand in quotes"),
        ("a = 1.", "1:5 '1.' is not a value; a text must stand in quotes"),
        ("a = 192.0.2.1", "1:5 '192.0.2.1' is not a value; a text must stand in quotes"),
        ("a = 9223372036854775808", "1:5 '9223372036854775808' is too large"),
        ("a = 1 b = 2", "1:7 'b' is one too many on this line"),
        ("a = \"x", "1:7 the text does not end: expected a double quote, not the end of the file"),
        ("a = \"\\q\"", "1:6 no such escape; a backslash itself is written '\\\\'"),
        ("a = \"\\uD800\"", "1:6 not a Unicode character"),
        ("a = \"\u{0}\"", "1:6 a control character in a text"),
        ("a = 1 # \u{0}", "1:9 a control character in a comment"),
        ("\u{0}", "1:1 expected a key, not a control character"),
        ("a = '''x", "1:9 the text that begins on line 1 does not end"),
        ("a = [1, 2", "1:10 expected ',' or ']' in the array, not the end of the file"),
        ("a = [1 2]", "1:8 expected ',' or ']' in the array, not '2'"),
        ("a = { b = 1,, }", "1:13 expected a key, not ','"),
        ("= 1", "1:1 expected a key, not '='"),
        ("a.b = 1\na.b = 2", "2:3 'b' is given twice: first as a key on line 1"),
        ("a = 1\na.b = 2", "2:1 'a' is given twice: first as a key on line 1"),
        ("[a]\n[a]", "2:2 'a' is given twice: first as a table on line 1"),
        ("a = []\n[[a]]", "2:3 'a' is given twice: first as a key on line 1"),
        ("[[a]]\n[a]", "2:2 'a' is given twice: first as an array of tables on line 1"),
        ("[f]\napple.color = 1\n[f.apple]", "3:4 'apple' is given twice: first as a table on line 2"),
        ("[a", "1:3 expected ']' at the end of the table's name, not the end of the file"),
        ("[[a]", "1:4 expected ']]' at the end of the table's name, not ']'"),
        ("[]", "1:2 expected a key, not ']'"),
    ])
    func aFaultHasItsPlace(text: String, fault: String) {
        #expect(faults(text) == [fault])
    }

    @Test func aTableMayFollowTheTablesInsideIt() {
        #expect(faults("[a.b]\nx = 1\n[a]\ny = 2\n[f]\napple.color = 1\n[f.apple.taste]\nz = 1\n") == [])
    }

    @Test func aFaultCostsItsLineOnly() {
        let (document, faults) = TOMLReader.read("a = ?\nb = 2\nc\nd = 4\n")
        #expect(faults.map(\.place.line) == [1, 3])
        #expect(Set(places(document).keys) == ["", "b", "d"])
    }

    @Test func theBottomlessIsRefused() {
        #expect(faults("a = " + String(repeating: "[", count: 100_000)) == ["1:38 nested more than 32 deep"])
        #expect(faults(String(repeating: "[", count: 100_000)) == ["1:3 expected a key, not '['"])
        #expect(faults("a = " + String(repeating: "{b=", count: 100_000)).count == 1)
        #expect(faults("a" + String(repeating: ".a", count: 100_000) + " = 1") == ["1:66 nested more than 32 deep"])
        #expect(faults("[a" + String(repeating: ".a", count: 100_000) + "]") == ["1:67 nested more than 32 deep"])
    }
}
