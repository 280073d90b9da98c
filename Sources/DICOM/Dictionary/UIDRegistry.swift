/// The UIDs that the standard registers (PS3.6 annex A): storage classes with their value type, other SOP classes,
/// transfer syntaxes.
public enum UIDRegistry {
    /// The value type of a storage SOP class, current or retired; nil for any other UID, private classes included
    /// (for these `ValueType(ofUnknownClassWith:)` decides).
    public static func valueType(of sopClass: SOPClassUID) -> ValueType? {
        switch UIDLine.of(sopClass.text)?.kind {
        case UInt8(ascii: "I"): .image
        case UInt8(ascii: "W"): .waveform
        case UInt8(ascii: "C"): .composite
        default: nil
        }
    }

    /// A storage SOP class that the standard lists (PS3.4 table B.5-1), current or retired.
    public static func isStorage(_ sopClass: SOPClassUID) -> Bool { valueType(of: sopClass) != nil }

    /// A UID that the standard registers as anything but a storage class: verification, query/retrieve, worklist,
    /// print, storage commitment, transfer syntaxes… What is neither this nor `isStorage` is private or newer than this
    /// table, and may well be a storage class.
    public static func isNonStorage(_ sopClass: SOPClassUID) -> Bool {
        UIDLine.of(sopClass.text) != nil && !isStorage(sopClass)
    }

    /// The standard retired it.
    public static func isRetired(_ uid: some UIDValue) -> Bool { UIDLine.of(uid.text)?.isRetired ?? false }

    /// The transfer syntax is one of the standard's.
    public static func isKnown(_ syntax: TransferSyntax) -> Bool {
        UIDLine.of(syntax.text)?.kind == UInt8(ascii: "T")
    }

    /// The standard's name, for instance `CT Image Storage`.
    public static func name(of uid: some UIDValue) -> String? { UIDLine.of(uid.text)?.name }

    /// The UIDs of all storage SOP classes that the standard lists, 184 current and 20 retired, in ascending order.
    public static var storageClasses: [SOPClassUID] { uids { "IWC".utf8.contains($0.kind) }.map { SOPClassUID($0) } }

    /// The UIDs of all transfer syntaxes that the standard lists, retired ones too, in ascending order.
    public static var transferSyntaxes: [TransferSyntax] {
        uids { $0.kind == UInt8(ascii: "T") }.map { TransferSyntax($0) }
    }

    private static func uids(where isWanted: (UIDLine) -> Bool) -> [String] {
        UIDLine.starts.map { UIDLine(start: $0) }.filter(isWanted).compactMap(\.uid)
    }
}

/// One line of `UIDTable`: `1.2.840.10008.5.1.4.1.1.2 I  CT Image Storage`.
struct UIDLine {
    static let starts = PackedText.lineStarts(UIDTable.uids)

    let start: Int

    /// Finds a UID by binary search.
    static func of(_ uid: String) -> UIDLine? {
        var low = 0
        var high = starts.count
        while low < high {
            let middle = (low + high) / 2
            let line = UIDLine(start: starts[middle])
            switch line.compare(uid) {
            case 0: return line
            case ..<0: low = middle + 1
            default: high = middle
            }
        }
        return nil
    }

    var uid: String? { PackedText.string(UIDTable.uids, from: start, until: space) }
    var kind: UInt8 { UIDTable.uids.withUTF8Buffer { $0[afterUID($0)] } }
    var isRetired: Bool { UIDTable.uids.withUTF8Buffer { $0[afterUID($0) + 1] == UInt8(ascii: "*") } }

    var name: String? {
        let start = UIDTable.uids.withUTF8Buffer { afterUID($0) + 3 }
        return PackedText.string(UIDTable.uids, from: start, until: UInt8(ascii: "\n"))
    }

    private var space: UInt8 { UInt8(ascii: " ") }

    private func afterUID(_ bytes: UnsafeBufferPointer<UInt8>) -> Int {
        start + PackedText.length(bytes, from: start, until: space) + 1
    }

    /// The difference at the first byte where this line's UID and `uid` are not the same (their ends count as 0).
    private func compare(_ uid: String) -> Int {
        UIDTable.uids.withUTF8Buffer { bytes in
            var position = start
            for byte in uid.utf8 {
                guard bytes[position] == byte, byte != space else {
                    return (bytes[position] == space ? 0 : Int(bytes[position])) - Int(byte)
                }
                position += 1
            }
            return bytes[position] == space ? 0 : 1
        }
    }
}
