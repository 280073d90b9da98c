/// A table while its document is read: knows how it came to be, which decides who may add to it (TOML 1.0, "Table").
final class TOMLTableBuilder {
    struct Key {
        var text: String
        var place: TOMLNode.Place
    }

    enum Origin {
        /// By its own header, or in braces.
        case header
        /// By the header of a table inside it; its own may follow.
        case innerHeader
        /// By a dotted key; closed to headers of its name.
        case dottedKey
    }

    private enum Member {
        case value(TOMLNode)
        case table(TOMLTableBuilder)
        case tables([TOMLTableBuilder])
    }

    private var origin: Origin
    private var place: TOMLNode.Place
    private var members: [String: Member] = [:]

    init(origin: Origin, place: TOMLNode.Place) {
        self.origin = origin
        self.place = place
    }

    var node: TOMLNode {
        let nodes = members.mapValues { member in
            switch member {
            case .value(let node): node
            case .table(let table): table.node
            case .tables(let tables):
                TOMLNode(value: .array(tables.map(\.node)), place: tables.first?.place ?? place)
            }
        }
        return TOMLNode(value: .table(nodes), place: place)
    }

    /// The table under a header, from the root.
    func open(_ keys: [Key], isArray: Bool, place: TOMLNode.Place) throws(TOMLFault) -> TOMLTableBuilder {
        var table = self
        for key in keys.dropLast() { table = try table.descend(to: key, making: .innerHeader) }
        guard let last = keys.last else { return table }
        return try isArray ? table.appendTable(last, place: place) : table.openTable(last, place: place)
    }

    private func openTable(_ key: Key, place: TOMLNode.Place) throws(TOMLFault) -> TOMLTableBuilder {
        switch members[key.text] {
        case nil:
            let table = TOMLTableBuilder(origin: .header, place: place)
            members[key.text] = .table(table)
            return table
        case .table(let table) where table.origin == .innerHeader:
            table.origin = .header
            table.place = place
            return table
        case .some(let member): throw Self.again(key, member)
        }
    }

    private func appendTable(_ key: Key, place: TOMLNode.Place) throws(TOMLFault) -> TOMLTableBuilder {
        let table = TOMLTableBuilder(origin: .header, place: place)
        switch members[key.text] {
        case nil: members[key.text] = .tables([table])
        case .tables(var tables):
            // Its array is then the only one, and grows in place.
            members[key.text] = nil
            tables.append(table)
            members[key.text] = .tables(tables)
        case .some(let member): throw Self.again(key, member)
        }
        return table
    }

    /// `a.b = value` in this table.
    func define(_ keys: [Key], value: TOMLNode.Value) throws(TOMLFault) {
        var table = self
        for key in keys.dropLast() {
            table = try table.descend(to: key, making: .dottedKey)
            guard table.origin == .dottedKey else { throw Self.again(key, .table(table)) }
        }
        guard let last = keys.last else { return }
        if let member = table.members[last.text] { throw Self.again(last, member) }
        table.members[last.text] = .value(TOMLNode(value: value, place: last.place))
    }

    private func descend(to key: Key, making origin: Origin) throws(TOMLFault) -> TOMLTableBuilder {
        switch members[key.text] {
        case nil:
            let table = TOMLTableBuilder(origin: origin, place: key.place)
            members[key.text] = .table(table)
            return table
        case .table(let table): return table
        case .tables(let tables):
            guard let last = tables.last else { throw Self.again(key, .tables(tables)) }
            return last
        case .value(let node): throw Self.again(key, .value(node))
        }
    }

    private static func again(_ key: Key, _ member: Member) -> TOMLFault {
        let (kind, line) =
            switch member {
            case .value(let node): ("a key", node.place.line)
            case .table(let table): ("a table", table.place.line)
            case .tables(let tables): ("an array of tables", tables.first?.place.line ?? 0)
            }
        return TOMLFault(place: key.place, message: "'\(key.text)' is given twice: first as \(kind) on line \(line)")
    }
}
