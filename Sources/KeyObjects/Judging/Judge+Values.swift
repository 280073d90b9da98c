import DICOM

/// Every value, at every level: what its VR allows (PS3.5 §6.2).
extension Judge {
    mutating func values(of dataSet: DataSet, _ place: Place, characterSet: String) {
        for element in dataSet.elements where !element.tag.isPrivate {
            let here = { Place(path: place.path + element.tag.description, offset: element.offset) }
            switch element.value {
            case .items(let items):
                let here = here()
                for (index, item) in items.enumerated() {
                    values(of: item, here.item(index + 1), characterSet: characterSet)
                }
            case .bytes(let bytes):
                if let fault = fault(element, dataSet, bytes) {
                    error(
                        here(), "\(named(element.tag)) \(fault).", "PS3.5 §6.2, \(element.vr)",
                        "Write a value that the VR allows.")
                }
            case .fragments, .omitted: break
            }
        }
    }

    private func fault(_ element: DataSet.Element, _ dataSet: DataSet, _ bytes: [UInt8]) -> String? {
        switch element.vr {
        case .UI: return uidFault(bytes)
        case .DA: return first(element, dataSet) { DateValue($0) == nil ? "'\($0)' is no date" : nil }
        case .TM: return first(element, dataSet) { TimeValue($0) == nil ? "'\($0)' is no time" : nil }
        case .CS: return first(element, dataSet) { Self.codeStringFault($0) }
        case .SH: return tooLong(element, dataSet, 16)
        case .LO: return tooLong(element, dataSet, 64)
        case .AE: return tooLong(element, dataSet, 16)
        case .IS: return first(element, dataSet) { Int($0) == nil ? "'\($0)' is no integer" : nil }
        case .PN: return first(element, dataSet) { Self.personNameFault($0) }
        default: return nil
        }
    }

    private func first(
        _ element: DataSet.Element, _ dataSet: DataSet, _ fault: (String) -> String?
    ) -> String? {
        dataSet.strings(of: element).lazy.filter { !$0.isEmpty }.compactMap(fault).first
    }

    private func tooLong(_ element: DataSet.Element, _ dataSet: DataSet, _ limit: Int) -> String? {
        first(element, dataSet) { $0.unicodeScalars.count > limit ? "'\($0)' has more than \(limit) characters" : nil }
    }

    private func uidFault(_ bytes: [UInt8]) -> String? {
        var values = bytes[...]
        if values.last == 0 { values.removeLast() }
        for value in values.split(separator: 0x5C) {
            let uid = InstanceUID(String(decoding: value, as: UTF8.self))
            if !uid.isValid { return "'\(uid)' is no UID (PS3.5 §9.1)" }
        }
        return nil
    }

    private static func codeStringFault(_ text: String) -> String? {
        if text.utf8.count > 16 { return "'\(text)' has more than 16 characters" }
        let isLegal = text.utf8.allSatisfy {
            (0x41...0x5A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x20 || $0 == 0x5F
        }
        return isLegal ? nil : "'\(text)' has characters that a code string may not have"
    }

    private static func personNameFault(_ text: String) -> String? {
        let groups = text.split(separator: "=", omittingEmptySubsequences: false)
        if groups.count > 3 { return "'\(text)' has more than three component groups" }
        for group in groups {
            if group.unicodeScalars.count > 64 { return "'\(text)' has more than 64 characters" }
            if group.utf8.count(where: { $0 == 0x5E }) > 4 { return "'\(text)' has more than five components" }
        }
        return nil
    }
}
