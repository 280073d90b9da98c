/// A data set, an item, a sequence, or encapsulated pixel data that is open.
struct ReencodingLevel {
    enum Kind { case elements, sequence, fragments }

    let kind: Kind
    /// The last element begun in it.
    var last = Tag(0, 0)
    /// What its Pixel Representation says; nil: it had none so far.
    var isSigned: Bool?

    init(kind: Kind) { self.kind = kind }
}

extension [ReencodingLevel] {
    /// What the innermost of so many levels that has a Pixel Representation says; nil where one may still come.
    func isSigned(at depth: Int) -> Bool? {
        for level in prefix(depth).reversed() where level.kind == .elements {
            if let isSigned = level.isSigned { return isSigned }
            if level.last < .pixelRepresentation { return nil }
        }
        return false
    }
}

extension Tag {
    static let grayLookupTableData = Tag(0x0028, 0x1200)
    static let lutData = Tag(0x0028, 0x3006)

    /// An element that is US or SS (PS3.6): SS where the pixels are signed.
    var isSignedWithPixels: Bool {
        switch rawValue {
        case 0x0018_9810, 0x0022_1452, 0x0028_0071, 0x0028_0104...0x0028_0111, 0x0028_0120, 0x0028_0121,
            0x0028_1100...0x0028_1103, 0x0028_1111...0x0028_1113, 0x0028_3002, 0x0040_9211, 0x0040_9216, 0x0060_3004,
            0x0060_3006:
            true
        default: false
        }
    }
}
