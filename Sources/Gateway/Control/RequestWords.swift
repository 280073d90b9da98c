/// The arguments of a request, each taken once.
struct RequestWords {
    private var values: [String: [String]] = [:]

    /// - Parameter words: each `name=value`.
    init(_ words: some Sequence<String>) throws(OperatorRefusal) {
        for word in words {
            guard let split = word.firstIndex(of: "="), split > word.startIndex else {
                throw OperatorRefusal("the request has '\(word)', which is no NAME=VALUE")
            }
            values[String(word[..<split]), default: []].append(String(word[word.index(after: split)...]))
        }
    }

    mutating func all(_ name: String) -> [String] { values.removeValue(forKey: name) ?? [] }

    mutating func optional(_ name: String) throws(OperatorRefusal) -> String? {
        let all = all(name)
        guard all.count < 2 else { throw OperatorRefusal("the request says '\(name)' more than once") }
        return all.first
    }

    mutating func required(_ name: String) throws(OperatorRefusal) -> String {
        guard let value = try optional(name), !value.isEmpty else {
            throw OperatorRefusal("the request does not say '\(name)'")
        }
        return value
    }

    mutating func number<Number: FixedWidthInteger>(
        _ name: String, _ range: ClosedRange<Number>
    ) throws(OperatorRefusal) -> Number {
        let text = try required(name)
        guard let number = Number(text), range.contains(number) else {
            throw OperatorRefusal(
                "'\(name)' must be a number from \(range.lowerBound) to \(range.upperBound), not '\(text)'")
        }
        return number
    }

    mutating func truth(_ name: String) throws(OperatorRefusal) -> Bool {
        guard let text = try optional(name) else { return false }
        guard let truth = Bool(text) else { throw OperatorRefusal("'\(name)' must be true or false, not '\(text)'") }
        return truth
    }

    mutating func choice<Choice: RawRepresentable & CaseIterable>(
        _ name: String
    ) throws(OperatorRefusal) -> Choice where Choice.RawValue == String {
        let text = try required(name)
        guard let choice = Choice(rawValue: text) else {
            let all = Choice.allCases.map(\.rawValue).joined(separator: ", ")
            throw OperatorRefusal("'\(name)' must be one of \(all), not '\(text)'")
        }
        return choice
    }

    /// What nobody has taken is no argument of the command.
    func finish() throws(OperatorRefusal) {
        guard let name = values.keys.min() else { return }
        throw OperatorRefusal("the request has an argument '\(name)' that its command does not know")
    }
}
