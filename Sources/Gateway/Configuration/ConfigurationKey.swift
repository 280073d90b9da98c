import DICOM

/// One key of the configuration: a row of `ConfigurationSchema`.
struct ConfigurationKey<Root>: Sendable {
    let name: String
    /// What the reader takes, for messages and for the reference: "a whole number from 1 to 65535".
    let expects: String
    var isRequired = false
    /// Reads the value of the node, or adds a fault. The last parameter is the key's path.
    let read: @Sendable (inout Root, TOMLNode, inout ConfigurationReading, String) -> Void
    /// The value as TOML, `nil` if there is none. Tables are written by `members`.
    let written: @Sendable (Root) -> String?
    /// The keys of a table, with their values in a fresh one.
    var members: [ConfigurationMember] = []
    var isTableArray = false

    func member(of root: Root) -> ConfigurationMember {
        ConfigurationMember(
            name: name, expects: expects, standard: written(root), isTableArray: isTableArray, members: members)
    }
}

/// A key as the reference documents it.
struct ConfigurationMember: Sendable {
    var name: String
    var expects: String
    /// The value that holds when the file is silent, as TOML.
    var standard: String?
    var isTableArray: Bool
    var members: [ConfigurationMember]
}

extension ConfigurationReading {
    /// The elements of an array; nil: a fault is noted.
    fileprivate mutating func values<Value>(
        of node: TOMLNode, _ kind: ConfigurationValue<Value>, _ expects: String, _ path: String
    ) -> [Value]? {
        guard case .array(let elements) = node.value else {
            fault("'\(path)' must be \(expects), not \(node.shown)", at: node.place)
            return nil
        }
        var values: [Value] = []
        for element in elements {
            if let value = kind.value(element) { values.append(value) } else { mismatch(path, kind, element) }
        }
        return values.count == elements.count ? values : nil
    }
}

// MARK: - Keys

extension ConfigurationKey {
    /// A key that always has a value.
    static func value<Value>(
        _ name: String, _ member: any WritableKeyPath<Root, Value> & Sendable, _ kind: ConfigurationValue<Value>,
        isRequired: Bool = false
    ) -> ConfigurationKey {
        ConfigurationKey(name: name, expects: kind.expects, isRequired: isRequired) { root, node, reading, path in
            guard let value = kind.value(node) else { return reading.mismatch(path, kind, node) }
            root[keyPath: member] = value
        } written: {
            isRequired ? nil : kind.written($0[keyPath: member])
        }
    }

    /// A key that may be absent.
    static func optional<Value>(
        _ name: String, _ member: any WritableKeyPath<Root, Value?> & Sendable, _ kind: ConfigurationValue<Value>
    ) -> ConfigurationKey {
        ConfigurationKey(name: name, expects: kind.expects) { root, node, reading, path in
            guard let value = kind.value(node) else { return reading.mismatch(path, kind, node) }
            root[keyPath: member] = value
        } written: {
            $0[keyPath: member].map(kind.written)
        }
    }

    /// An array of values.
    static func list<Value>(
        _ name: String, _ member: any WritableKeyPath<Root, [Value]> & Sendable, _ kind: ConfigurationValue<Value>,
        isRequired: Bool = false
    ) -> ConfigurationKey {
        let expects = "an array, each element \(kind.expects)"
        return ConfigurationKey(name: name, expects: expects, isRequired: isRequired) { root, node, reading, path in
            if let values = reading.values(of: node, kind, expects, path) { root[keyPath: member] = values }
        } written: {
            "[" + $0[keyPath: member].map(kind.written).joined(separator: ", ") + "]"
        }
    }

    /// An array of values that may be absent.
    static func optionalList<Value>(
        _ name: String, _ member: any WritableKeyPath<Root, [Value]?> & Sendable, _ kind: ConfigurationValue<Value>
    ) -> ConfigurationKey where Root: Sendable {
        let expects = "an array, each element \(kind.expects)"
        return ConfigurationKey(name: name, expects: expects) { root, node, reading, path in
            root[keyPath: member] = reading.values(of: node, kind, expects, path)
        } written: {
            $0[keyPath: member].map { "[" + $0.map(kind.written).joined(separator: ", ") + "]" }
        }
    }

    /// A table that is always there.
    static func table<Table>(
        _ name: String, _ member: any WritableKeyPath<Root, Table> & Sendable, _ keys: [ConfigurationKey<Table>],
        fresh: Table
    ) -> ConfigurationKey {
        ConfigurationKey(name: name, expects: "a table") { root, node, reading, path in
            reading.read(node, as: keys, into: &root[keyPath: member], path: path)
        } written: { _ in
            nil
        }.with(members: keys.map { $0.member(of: fresh) })
    }

    /// A table that may be absent.
    static func optionalTable<Table: Sendable>(
        _ name: String, _ member: any WritableKeyPath<Root, Table?> & Sendable, _ keys: [ConfigurationKey<Table>],
        fresh: Table
    ) -> ConfigurationKey {
        ConfigurationKey(name: name, expects: "a table") { root, node, reading, path in
            var table = fresh
            reading.read(node, as: keys, into: &table, path: path)
            root[keyPath: member] = table
        } written: { _ in
            nil
        }.with(members: keys.map { $0.member(of: fresh) })
    }

    /// An array of tables.
    static func tables<Table>(
        _ name: String, _ member: any WritableKeyPath<Root, [Table]> & Sendable, _ keys: [ConfigurationKey<Table>],
        fresh: @escaping @Sendable (Root?) -> Table
    ) -> ConfigurationKey {
        ConfigurationKey(name: name, expects: "tables, each under a header [[\(name)]]") { root, node, reading, path in
            guard case .array(let elements) = node.value else {
                let header = path.replacing(#/\[[0-9]+\]/#, with: "")
                return reading.fault("'\(path)' must be tables under headers [[\(header)]]", at: node.place)
            }
            for (index, element) in elements.enumerated() {
                var table = fresh(root)
                let place = "\(path)[\(index)]"
                reading.places[place] = element.place
                reading.read(element, as: keys, into: &table, path: place)
                root[keyPath: member].append(table)
            }
        } written: { _ in
            nil
        }.with(members: keys.map { $0.member(of: fresh(nil)) }, isTableArray: true)
    }

    /// An array of tables that may be written as one table where there is one.
    static func tableOrTables<Table: Sendable>(
        _ name: String, _ member: any WritableKeyPath<Root, [Table]> & Sendable, _ keys: [ConfigurationKey<Table>],
        fresh: Table
    ) -> ConfigurationKey {
        let several = tables(name, member, keys) { _ in fresh }
        return ConfigurationKey(name: name, expects: "a table, or several") { root, node, reading, path in
            guard case .table = node.value else { return several.read(&root, node, &reading, path) }
            var table = fresh
            reading.read(node, as: keys, into: &table, path: path)
            root[keyPath: member] = [table]
        } written: { _ in
            nil
        }.with(members: several.members)
    }

    /// The same key, of a value that has a `Root` inside.
    func lifted<Outer>(_ member: any WritableKeyPath<Outer, Root> & Sendable) -> ConfigurationKey<Outer> {
        ConfigurationKey<Outer>(name: name, expects: expects, isRequired: isRequired) {
            [read] outer, node, reading, path in
            read(&outer[keyPath: member], node, &reading, path)
        } written: { [written] in
            written($0[keyPath: member])
        }.with(members: members, isTableArray: isTableArray)
    }

    func with(members: [ConfigurationMember], isTableArray: Bool = false) -> ConfigurationKey {
        var key = self
        key.members = members
        key.isTableArray = isTableArray
        return key
    }
}
