import DICOM

/// Values of single elements of a header, as text: without padding, in the data set's own character set.
enum HeaderValues {
    /// - Returns: what the header has of the elements asked for, at its top level; whole numbers in decimal.
    static func read(_ tags: Set<Tag>, of capture: HeaderCapture) -> [Tag: [String]] {
        guard !tags.isEmpty else { return [:] }
        let header = capture.header
        var found = DataSet()
        if capture.encoding.isBigEndian {
            found =
                DataSet.read(
                    header: header.span.bytes, encoding: capture.encoding, bulkLimit: capture.bulkLimit
                ).dataSet
        } else {
            var reader = HeaderReader(encoding: capture.encoding, bulkLimit: capture.bulkLimit)
            // What lies behind a fault is not known, and what lies before it is.
            while let field = try? reader.next(in: header.span.bytes) {
                guard field.tag == .specificCharacterSet || tags.contains(field.tag) else { continue }
                guard !field.isSequence, field.omitted == 0 else { continue }
                found.append(DataSet.Element(field.tag, field.vr, .bytes(Array(header[field.value]))))
            }
        }
        var values: [Tag: [String]] = [:]
        for tag in tags { values[tag] = texts(tag, in: found) }
        return values
    }

    private static func texts(_ tag: Tag, in dataSet: DataSet) -> [String]? {
        guard let element = dataSet[tag] else { return nil }
        guard element.vr.isString || element.vr == .UN else { return dataSet.ints(tag).map { String($0) } }
        return dataSet.strings(of: element).filter { !$0.isEmpty }
    }
}
