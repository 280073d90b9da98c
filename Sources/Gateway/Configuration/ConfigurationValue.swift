import DICOM
import KeyObjects

/// How a single value is read and written.
struct ConfigurationValue<Value>: Sendable {
    let expects: String
    /// All values as text, if they can be listed.
    var choices: [String] = []
    /// `nil`: not such a value.
    let value: @Sendable (TOMLNode) -> Value?
    let written: @Sendable (Value) -> String
}

extension ConfigurationValue where Value == Bool {
    static let boolean = ConfigurationValue(expects: "true or false") { node in
        guard case .boolean(let truth) = node.value else { return nil }
        return truth
    } written: {
        String($0)
    }
}

extension ConfigurationValue where Value: BinaryInteger & Sendable {
    static func whole(_ range: ClosedRange<Value>) -> ConfigurationValue {
        ConfigurationValue(expects: "a whole number from \(range.lowerBound) to \(range.upperBound)") { node in
            guard case .integer(let number) = node.value, let value = Value(exactly: number) else { return nil }
            return range.contains(value) ? value : nil
        } written: {
            String($0)
        }
    }
}

extension ConfigurationValue where Value == Int {
    /// A number of bytes, or text with a binary unit.
    static func bytes(_ range: ClosedRange<Int>) -> ConfigurationValue {
        let bounds = "from \(ByteCount.text(range.lowerBound)) to \(ByteCount.text(range.upperBound))"
        return ConfigurationValue(expects: "a number of bytes or a text like \"16 KiB\", \(bounds)") { node in
            let count: Int? =
                switch node.value {
                case .integer(let number): number
                case .string(let text): ByteCount.parse(text)
                case .float, .boolean, .array, .table, .moment: nil
                }
            return count.flatMap { range.contains($0) ? $0 : nil }
        } written: {
            TOMLText.string(ByteCount.text($0))
        }
    }
}

/// Numbers of bytes as people write them.
enum ByteCount {
    private static let units = [("B", 1), ("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30)]

    /// With the largest unit that leaves a whole number.
    static func text(_ count: Int) -> String {
        let unit = units.last { count != 0 && count.isMultiple(of: $0.1) } ?? units[0]
        return "\(count / unit.1) \(unit.0)"
    }

    static func parse(_ text: String) -> Int? {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        let unit = text.dropFirst(digits.count).drop { $0 == " " }
        guard let number = Int(digits), let scale = units.first(where: { $0.0 == unit })?.1 else { return nil }
        let (count, overflow) = number.multipliedReportingOverflow(by: scale)
        return overflow ? nil : count
    }
}

extension ConfigurationValue where Value == Duration {
    /// A number of seconds, with a fraction if need be.
    static func seconds(_ range: ClosedRange<Double>) -> ConfigurationValue {
        let bounds = "from \(Self.text(range.lowerBound)) to \(Self.text(range.upperBound))"
        return ConfigurationValue(expects: "a number of seconds \(bounds)") { node in
            let seconds: Double? =
                switch node.value {
                case .integer(let number): Double(number)
                case .float(let number): number
                case .string, .boolean, .array, .table, .moment: nil
                }
            return seconds.flatMap { range.contains($0) ? .milliseconds(Int($0 * 1000)) : nil }
        } written: {
            text(Double($0.components.seconds) + Double($0.components.attoseconds) / 1e18)
        }
    }

    private static func text(_ seconds: Double) -> String {
        seconds == seconds.rounded() && abs(seconds) < 1e9 ? String(Int(seconds)) : String(seconds)
    }
}

extension ConfigurationValue
where Value: RawRepresentable & CaseIterable & Sendable, Value.RawValue == String {
    static var choice: ConfigurationValue {
        let all = Value.allCases.map { TOMLText.string($0.rawValue) }
        let expects = all.count == 2 ? all.joined(separator: " or ") : "one of " + all.joined(separator: ", ")
        return ConfigurationValue(expects: expects, choices: Value.allCases.map(\.rawValue)) { node in
            guard case .string(let text) = node.value else { return nil }
            return Value(rawValue: text)
        } written: {
            TOMLText.string($0.rawValue)
        }
    }
}

extension ConfigurationValue where Value == String {
    /// Text that a data element can hold: no control characters, no backslash, not only spaces.
    static func text(_ limit: Int) -> ConfigurationValue {
        checked("text of 1 to \(limit) characters without backslash") { text in
            let scalars = text.unicodeScalars
            return scalars.count <= limit && scalars.contains { $0 != " " }
                && scalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F && $0 != "\\" }
        }
    }

    static let path = checked("a path") { !$0.isEmpty && !$0.unicodeScalars.contains("\0") }

    static let host = checked("a host name or an IP address") { text in
        let isName = text.unicodeScalars.allSatisfy {
            $0.isASCII
                && ($0.properties.isAlphabetic || $0.properties.numericType != nil || "-._".unicodeScalars.contains($0))
        }
        return (1...253).contains(text.utf8.count) && isName || IPNetwork.isAddress(text)
    }

    static let address = checked("an IP address, \"0.0.0.0\" or \"::\" for all", IPNetwork.isAddress)

    static let uid = checked("a UID: digits and dots, at most 64 characters (PS3.5 §9.1)") { StudyUID($0).isValid }

    static let url = checked("a URL that starts with https:// or http://") { text in
        ["https://", "http://"].contains { text.hasPrefix($0) && text.utf8.count > $0.utf8.count }
            && text.utf8.allSatisfy { (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "\\") }
    }

    /// A person's or an organization's name (VR PN), a component group.
    static let personName = checked("a name like \"NAME^GIVEN\", at most 64 characters") { text in
        let scalars = text.unicodeScalars
        return (1...64).contains(scalars.count) && scalars.contains { $0 != " " && $0 != "^" }
            && scalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F && $0 != "\\" && $0 != "=" }
            && scalars.filter { $0 == "^" }.count <= 4
    }

    static let name = checked("a name of 1 to 32 characters, each a-z, 0-9 or -") { text in
        (1...32).contains(text.utf8.count)
            && text.utf8.allSatisfy { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2D }
    }

    static let pattern = checked("a regular expression") { !$0.isEmpty && PatientIDPattern($0) != nil }

    private static func checked(_ expects: String, _ isValid: @escaping @Sendable (String) -> Bool)
        -> ConfigurationValue
    {
        ConfigurationValue(expects: expects) { node in
            guard case .string(let text) = node.value, isValid(text) else { return nil }
            return text
        } written: {
            TOMLText.string($0)
        }
    }
}

extension ConfigurationValue where Value == IPNetwork {
    static let network = ConfigurationValue(
        expects: "a network like \"192.0.2.0/24\" or \"2001:db8::/32\", or one address"
    ) { node in
        guard case .string(let text) = node.value else { return nil }
        return IPNetwork(text)
    } written: {
        TOMLText.string($0.description)
    }
}

extension ConfigurationValue where Value == Configuration.TimeOfDay {
    static let timeOfDay = ConfigurationValue(expects: "a time of the day like \"03:00\"") { node in
        guard case .string(let text) = node.value, text.utf8.count == 5 else { return nil }
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ $0.count == 2 && $0.allSatisfy { $0.isASCII && $0.isNumber } }),
            let hour = Int(parts[0]), let minute = Int(parts[1]), hour < 24, minute < 60
        else { return nil }
        return Configuration.TimeOfDay(hour: hour, minute: minute)
    } written: { time in
        let digits = [time.hour, time.minute].map { ($0 < 10 ? "0" : "") + String($0) }
        return TOMLText.string(digits.joined(separator: ":"))
    }
}
