public import DICOM

/// What is asked for in C-FIND, C-MOVE or C-GET: the Identifier (PS3.4 §C.4.1.1.3, §C.4.2.1.4).
public struct Query: Hashable, Sendable {
    public var model: InformationModel
    public var level: QueryLevel
    /// Matching and return keys, an empty value for "tell me"; without level and character set, which are added.
    public private(set) var keys: [Tag: [String]] = [:]

    public init(_ level: QueryLevel, model: InformationModel = .studyRoot) {
        self.level = level
        self.model = model
    }

    /// A key and its value; several values are a list of UIDs (PS3.4 §C.2.2.2.2).
    /// - Precondition: the key's VR is one of text, or there is no value.
    public mutating func match(_ tag: Tag, _ values: [String]) {
        precondition(values.isEmpty || Dictionary.vr(of: tag)?.isString == true, "numbers are not matched")
        keys[tag] = values
    }

    public mutating func match(_ tag: Tag, _ value: String) { match(tag, [value]) }

    public mutating func match(_ tag: Tag, _ uid: some UIDValue) { match(tag, [uid.text]) }

    /// Keys whose values the peer is to tell (universal matching, PS3.4 §C.2.2.2.3).
    public mutating func ask(for tags: Tag...) {
        for tag in tags where keys[tag] == nil { keys[tag] = [] }
    }

    /// The data set as sent: level, keys in order, and a character set where the values need one: Latin alphabet No. 1
    /// where that is enough, for the sake of older peers, else UTF-8.
    public func identifier(_ encoding: Encoding) -> [UInt8] {
        var elements: [Tag: [UInt8]] = keys.mapValues { Array($0.joined(separator: "\\").utf8) }
        elements[.queryRetrieveLevel] = Array(level.rawValue.utf8)
        let scalars = keys.values.flatMap { $0 }.flatMap(\.unicodeScalars)
        if scalars.contains(where: { $0.value >= 0x80 }) {
            let isLatin = scalars.allSatisfy { $0.value < 0x80 || (0xA0...0xFF).contains($0.value) }
            elements[.specificCharacterSet] = Array((isLatin ? "ISO_IR 100" : "ISO_IR 192").utf8)
            if isLatin { for (tag, values) in keys { elements[tag] = Query.latin(values) } }
        }
        var writer = DataSetWriter(encoding: encoding)
        for (tag, value) in elements.sorted(by: { $0.key < $1.key }) {
            let vr = Dictionary.vr(of: tag) ?? .UN
            if vr == .SQ { writer.empty(tag, .SQ) } else { writer.element(tag, vr, bytes: value) }
        }
        return writer.finish()
    }

    private static func latin(_ values: [String]) -> [UInt8] {
        values.joined(separator: "\\").unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) }
    }
}
