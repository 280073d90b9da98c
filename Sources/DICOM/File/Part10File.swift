/// What a DICOM file says before its data set (PS3.10 §7.1): preamble and file meta information.
///
/// Preamble and meta information may be missing, the group length may be wrong, the meta information may be implicit:
/// what counts is where the data set begins and what its transfer syntax is.
public struct Part10File: Sendable {
    /// Group 0002; empty when there is none.
    public let meta: DataSet
    /// As declared; guessed from the first element when the meta information has none.
    public let transferSyntax: TransferSyntax
    /// Bytes from the start of the file.
    public let dataSetOffset: Int
    public let hasPreamble: Bool

    /// The file begins with 128 bytes of preamble and `DICM`, `DICM`, group 0002, or right away with the data set.
    ///
    /// - Parameter prefix: the file, or as much of its start as holds the meta information: 64 KiB are plenty.
    /// - Throws: `.notDICOM` when it is none of these, `.unexpectedEnd` when the meta information does not end.
    public init(_ prefix: RawSpan) throws(ParseError) {
        let start: Int
        if prefix.holds(Part10File.prefix, at: 128) {
            (start, hasPreamble) = (132, true)
        } else {
            (start, hasPreamble) = (prefix.holds(Part10File.prefix, at: 0) ? 4 : 0, false)
        }
        let reading = try MetaReading(prefix, from: start)
        meta = reading.meta
        dataSetOffset = reading.end
        if let declared = meta.uid(Tag(0x0002, 0x0010), as: TransferSyntax.self) {
            transferSyntax = declared
        } else if let guess = Part10File.guess(prefix, at: reading.end, isKnownDICOM: start > 0 || reading.end > 0) {
            transferSyntax = guess
        } else {
            throw ParseError(.notDICOM, offset: 0)
        }
    }

    public init(_ prefix: [UInt8]) throws(ParseError) { try self.init(prefix.span.bytes) }

    static let prefix: [UInt8] = [0x44, 0x49, 0x43, 0x4D]

    /// Media Storage SOP Class UID (0002,0002).
    public var mediaStorageSOPClassUID: SOPClassUID? { meta.uid(Tag(0x0002, 0x0002)) }
    /// Media Storage SOP Instance UID (0002,0003).
    public var mediaStorageSOPInstanceUID: InstanceUID? { meta.uid(Tag(0x0002, 0x0003)) }

    /// Reads a whole file into memory; offsets count from the start of the file.
    public static func read(_ bytes: RawSpan, stopBefore: Tag? = nil) throws(ParseError) -> (
        file: Part10File, dataSet: DataSet
    ) {
        let file = try Part10File(bytes)
        let dataSet = try DataSet(
            parsing: bytes.extracting(file.dataSetOffset..<bytes.byteCount), transferSyntax: file.transferSyntax,
            stopBefore: stopBefore, fileOffset: file.transferSyntax.isDeflated ? 0 : file.dataSetOffset)
        return (file, dataSet)
    }

    /// The transfer syntax that the first element shows; nil when there is nothing like an element.
    private static func guess(_ bytes: RawSpan, at offset: Int, isKnownDICOM: Bool) -> TransferSyntax? {
        var first = HeaderBytes()
        while first.count < 8, offset + first.count < bytes.byteCount {
            first.append(bytes.unsafeLoad(fromByteOffset: offset + first.count, as: UInt8.self))
        }
        guard first.count == 8 else { return isKnownDICOM ? .explicitVRLittleEndian : nil }
        let encoding = Encoding.explicitVRLittleEndian.corrected(by: first)
        let tag = first.tag(bigEndian: encoding.isBigEndian)
        let length = first.implicitLength(bigEndian: false)
        let isPlausible = encoding.isExplicit ? first.vr.isStandard : VRLookup.vr(of: tag) != nil && length < 1 << 16
        guard isKnownDICOM || isPlausible && tag.group >= 0x0008 && tag.group <= 0x0020 && !tag.isPrivate else {
            return nil
        }
        switch encoding {
        case .implicitVRLittleEndian: return .implicitVRLittleEndian
        case .explicitVRLittleEndian: return .explicitVRLittleEndian
        case .explicitVRBigEndian: return .explicitVRBigEndian
        }
    }
}

/// Reads group 0002 and finds its end, whatever its group length says.
private struct MetaReading {
    var meta = DataSet()
    var end: Int

    init(_ bytes: RawSpan, from start: Int) throws(ParseError) {
        end = start
        var parser = DataSetParser(encoding: .explicitVRLittleEndian)
        while bytes.holds([0x02, 0x00], at: end), bytes.byteCount - end >= 8 {
            if let declared = declaredEnd(start), declared == end, isComplete { break }
            var offset = end
            guard case .element(let tag, let vr, _)? = try parser.next(in: bytes, from: &offset) else { break }
            guard parser.remaining <= bytes.byteCount - offset else {
                throw ParseError(.unexpectedEnd, offset: end, tag: tag)
            }
            let value = offset..<offset + parser.remaining
            parser.skip(parser.remaining)
            var copy: [UInt8] = []
            copy.append(bytes, value)
            meta.append(DataSet.Element(tag, vr, .bytes(copy), offset: end))
            end = value.upperBound
        }
    }

    /// Where the group length (0002,0000) says that the meta information ends.
    private func declaredEnd(_ start: Int) -> Int? {
        guard let first = meta.elements.first, first.tag == Tag(0x0002, 0x0000), let length = meta.int(first.tag) else {
            return nil
        }
        return start + 12 + length
    }

    /// With a transfer syntax, the declared end is believed: deflated bytes may look like anything.
    private var isComplete: Bool { meta[Tag(0x0002, 0x0010)] != nil }
}
