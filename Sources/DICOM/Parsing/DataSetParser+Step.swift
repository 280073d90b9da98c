extension DataSetParser {
    /// What a header comes to.
    enum Step {
        /// The header is of the long form, and only 8 of its 12 bytes are there.
        case needsTwelve
        /// Read over: so many bytes.
        case ignored(Int)
        /// A token, and the size of the header that it consumed: 0, 8 or 12.
        case token(Token, Int)
    }

    /// Decides on the header at `position`. Moves `position` behind it, but not the caller's offset.
    mutating func step(_ bytes: HeaderBytes, hasVR: Bool) throws(ParseError) -> Step {
        switch scope.kind {
        case .dataSet, .item: try stepInElements(bytes, hasVR)
        case .sequence: try stepInSequence(bytes)
        case .fragments: try stepInFragments(bytes)
        }
    }

    // MARK: Elements

    private mutating func stepInElements(_ bytes: HeaderBytes, _ hasVR: Bool) throws(ParseError) -> Step {
        let tag = bytes.tag(bigEndian: scope.isBigEndian)
        if tag.group == 0xFFFE, let mark = ItemMark(bytes, strict: true) { return try stepAtMark(mark) }
        guard let header = ElementHeader(bytes, tag: tag, hasVR: hasVR, in: scope) else {
            return .token(try fail(.notAnElement, tag: tag, header: 8), 8)
        }
        if header.size > scope.end - position { return .token(try fail(.notAnElement, tag: tag, header: 8), 8) }
        if header.size > bytes.count { return .needsTwelve }
        tokenOffset = position
        return .token(try open(header), header.size)
    }

    private mutating func open(_ header: ElementHeader) throws(ParseError) -> Token {
        let (tag, vr) = (header.tag, header.vr)
        if header.isSequence { return try openSequence(header) }
        guard let length = header.length.bytes else { return try openFragments(header) }
        if position + header.size + length > scope.end, !mayOverrun(position + header.size + length) {
            return try fail(.valueBeyondItem, tag: tag, header: header.size)
        }
        lastTag = tag
        position += header.size
        remaining = length
        return .element(tag, vr, header.length)
    }

    private mutating func openSequence(_ header: ElementHeader) throws(ParseError) -> Token {
        guard outer.count < 2 * limits.depth else { return try fail(.tooDeep, tag: header.tag, header: header.size) }
        position += header.size
        var end = scope.end
        if let length = header.length.bytes {
            if position + length > end { note(.valueBeyondItem, tag: header.tag) }
            end = min(end, position + length)
        }
        outer.append(scope)
        scope = Scope(.sequence, of: header.tag, like: scope, isUndefined: header.length.isUndefined, end: end)
        if header.vr == .UN {
            // PS3.5 §6.2.2 (CP-246): the items of a UN are implicit VR little endian, whatever is around it.
            scope.isExplicit = false
            scope.isBigEndian = false
            scope.setPlain()
        }
        return .sequence(header.tag, header.vr, header.length)
    }

    private mutating func openFragments(_ header: ElementHeader) throws(ParseError) -> Token {
        position += header.size
        outer.append(scope)
        scope = Scope(.fragments, of: header.tag, like: scope, isUndefined: true, end: scope.end)
        return .fragments(header.tag, header.vr)
    }

    /// A value may be longer than its item when it still fits the sequence around it: the item's length is wrong.
    private mutating func mayOverrun(_ end: Int) -> Bool {
        guard scope.kind == .item, !scope.isUndefined, let sequence = outer.last, sequence.end < .max else {
            return false
        }
        note(.valueBeyondItem, tag: scope.tag)
        return end <= sequence.end
    }

    /// An item or delimiter where elements are expected.
    private mutating func stepAtMark(_ mark: ItemMark) throws(ParseError) -> Step {
        tokenOffset = position
        switch mark.kind {
        case .item where scope.kind == .item && scope.isUndefined:
            note(.misplacedItem, tag: scope.tag)
            return .token(close(), 0)
        case .itemEnd where scope.kind == .item && scope.isUndefined:
            position += 8
            return .token(close(), 8)
        case .sequenceEnd where scope.kind == .item && scope.isUndefined && position != endOfDefinedSequence:
            note(.misplacedItem, tag: scope.tag)
            position += 8
            let token = close()
            scope.mayHaveEnded = true
            return .token(token, 8)
        case .item, .itemEnd, .sequenceEnd:
            // An item may follow a sequence of length 0: its elements are read as if they were not in it.
            note(.misplacedItem, tag: scope.tag)
            position += 8
            return .ignored(8)
        }
    }

    // MARK: Sequences

    private mutating func stepInSequence(_ bytes: HeaderBytes) throws(ParseError) -> Step {
        tokenOffset = position
        guard let mark = ItemMark(bytes, strict: false) else { return try stepAtElementInSequence(bytes) }
        switch mark.kind {
        case .item:
            scope.mayHaveEnded = false
            return .token(openItem(length: mark.length, isBigEndian: mark.isBigEndian), 8)
        case .sequenceEnd where scope.isUndefined:
            position += 8
            return .token(close(), 8)
        case .itemEnd where scope.isUndefined && scope.mayHaveEnded:
            position += 8
            return .token(close(), 8)
        case .itemEnd, .sequenceEnd:
            note(.misplacedItem, tag: scope.tag)
            scope.mayHaveEnded = true
            position += 8
            return .ignored(8)
        }
    }

    mutating func openItem(length: ValueLength, isBigEndian: Bool) -> Token {
        position += 8
        var end = scope.end
        if let length = length.bytes {
            end = position + length
            if end > scope.end {
                note(.valueBeyondItem, tag: scope.tag)
                let outermost = outer.last?.end ?? .max
                let excess = end - scope.end
                end = excess <= DataSetParser.longestItemExcess ? min(end, outermost) : scope.end
            }
        }
        let item = Scope(.item, of: scope.tag, like: scope, isUndefined: length.isUndefined, end: end)
        outer.append(scope)
        scope = item
        if isBigEndian != scope.isBigEndian {
            note(.misplacedItem, tag: scope.tag)
            scope.isBigEndian = isBigEndian
            scope.setPlain()
        }
        return .item(length)
    }

    /// An element where an item must be: the sequence's end is missing, or its length is too long.
    private mutating func stepAtElementInSequence(_ bytes: HeaderBytes) throws(ParseError) -> Step {
        let tag = bytes.tag(bigEndian: scope.isBigEndian)
        let wasExpected = scope.mayHaveEnded
        let looksSound = tag > scope.tag && tag.group < 0xFFFE && ElementHeader.looksSound(bytes, tag: tag, in: scope)
        guard wasExpected || looksSound else {
            return .token(try fail(.misplacedItem, tag: scope.tag, header: 8), 8)
        }
        if !wasExpected { note(.misplacedItem, tag: scope.tag) }
        return .token(close(), 0)
    }

    // MARK: Encapsulated pixel data

    private mutating func stepInFragments(_ bytes: HeaderBytes) throws(ParseError) -> Step {
        tokenOffset = position
        guard let mark = ItemMark(bytes, strict: false) else {
            note(.misplacedItem, tag: scope.tag)
            return .token(close(), 0)
        }
        switch mark.kind {
        case .item:
            guard let length = mark.length.bytes else {
                return .token(try fail(.fragmentWithoutLength, tag: scope.tag, header: 8), 8)
            }
            guard position + 8 + length <= scope.end else {
                return .token(try fail(.valueBeyondItem, tag: scope.tag, header: 8), 8)
            }
            position += 8
            remaining = length
            return .token(.fragment(mark.length), 8)
        case .itemEnd, .sequenceEnd:
            position += 8
            return .token(close(), 8)
        }
    }

    // MARK: Ends and faults

    /// An item may reach so far beyond its sequence: further is a wrong item length, not a wrong sequence length.
    private static let longestItemExcess = 64 * 1024

    mutating func closeAtEnd() -> Token {
        tokenOffset = position
        if scope.kind == .sequence, !scope.isUndefined { endOfDefinedSequence = position }
        if scope.isUndefined { note(.misplacedItem, tag: scope.tag) }
        return close()
    }

    /// Leaves the current scope.
    mutating func close() -> Token {
        let kind = scope.kind
        if let next = outer.popLast() { scope = next }
        switch kind {
        case .item: return .itemEnd
        case .fragments: return .fragmentsEnd
        case .sequence, .dataSet: return .sequenceEnd
        }
    }

    mutating func note(_ kind: ParseError.Kind, tag: Tag?) {
        guard irregularity == nil else { return }
        irregularity = ParseError(kind, offset: position, tag: tag == Tag(0, 0) ? nil : tag)
    }

    /// Gives up the item or sequence of defined length around `position`, or the data set when there is none.
    mutating func fail(_ kind: ParseError.Kind, tag: Tag? = nil, header: Int) throws(ParseError) -> Token {
        let error = ParseError(kind, offset: position, tag: tag ?? (scope.kind == .dataSet ? nil : scope.tag))
        guard scope.end < .max else {
            failure = error
            scope.plain = .no
            throw error
        }
        if irregularity == nil { irregularity = error }
        tokenOffset = position
        position += header
        remaining = max(0, scope.end - position)
        return .unreadable(error, remaining)
    }
}
