/// A value of a TOML document with its place in the file.
struct TOMLNode: Equatable {
    enum Value: Equatable {
        case string(String)
        case integer(Int)
        case float(Double)
        case boolean(Bool)
        case array([TOMLNode])
        case table([String: TOMLNode])
        /// A date or a time, as written: no key of ours takes one.
        case moment(String)
    }

    /// From 1; columns in bytes.
    struct Place: Equatable {
        var line: Int
        var column: Int
    }

    var value: Value
    /// Of the key, of the table's header, or of the element of an array.
    var place: Place

    /// What one calls such a value in a message.
    var kind: String {
        switch value {
        case .string: "a text"
        case .integer: "a whole number"
        case .float: "a number"
        case .boolean: "true or false"
        case .array: "an array"
        case .table: "a table"
        case .moment: "a date or time"
        }
    }

    /// The value itself where it is short, else its kind.
    var shown: String {
        switch value {
        case .string(let text) where text.unicodeScalars.count <= 80: TOMLText.string(text)
        case .integer(let number): String(number)
        case .float(let number): String(number)
        case .boolean(let truth): String(truth)
        case .moment(let text): text
        case .string, .array, .table: kind
        }
    }
}

/// A line that is not TOML.
struct TOMLFault: Error, Equatable {
    var place: TOMLNode.Place
    var message: String
}
