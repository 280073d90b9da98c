import DICOM
import Forwarding

extension ConfigurationValue where Value == SOPClassUID {
    /// A class that instances can have.
    static let storageClass: ConfigurationValue = {
        let classes = UIDRegistry.storageClasses
        let named = classes.map { (uid: $0, name: UIDRegistry.name(of: $0) ?? $0.text) }
        let byName = [String: SOPClassUID](named.map { ($0.name.lowercased(), $0.uid) }) { first, _ in first }
        return ConfigurationValue(
            expects: "a storage SOP class: its UID or its name (PS3.6 Table A-1), as \"CT Image Storage\"",
            choices: named.map(\.name)
        ) { node in
            guard case .string(let text) = node.value else { return nil }
            if let uid = byName[text.lowercased()] { return uid }
            let uid = SOPClassUID(text)
            return uid.isValid && !UIDRegistry.isNonStorage(uid) ? uid : nil
        } written: {
            TOMLText.string($0.text)
        }
    }()
}

extension ConfigurationValue where Value == Tag {
    /// An element of an instance's header that has a value to compare.
    static let element = ConfigurationValue(
        expects: "an element of the header: its keyword, as \"BodyPartExamined\", or its tag, as \"(0018,0015)\""
    ) { node in
        guard case .string(let text) = node.value, let found = tag.value(node) ?? Dictionary.tag(keyword: text) else {
            return nil
        }
        let isKept = found.group >= 0x0008 && found.group != 0x7FE0 && !found.isGroupLength
        return isKept && Dictionary.vr(of: found) != .SQ ? found : nil
    } written: {
        TOMLText.string(Dictionary.keyword(of: $0) ?? $0.description)
    }
}

extension ConfigurationValue where Value == TimeWindow {
    static let window = ConfigurationValue(expects: "a part of the day like \"20:00-06:00\"") { node in
        guard case .string(let text) = node.value else { return nil }
        return TimeWindow(text)
    } written: {
        TOMLText.string($0.description)
    }
}

extension ConfigurationValue where Value == Configuration.ImageCompression {
    static let compression = ConfigurationValue(
        expects: "\"auto\", \"none\" or a whole number from 1 to 19", choices: ["auto", "none"]
    ) { node in
        switch node.value {
        case .string("auto"): .auto
        case .string("none"): Configuration.ImageCompression.none
        case .integer(let level) where (1...19).contains(level): .level(level)
        case .string, .integer, .float, .boolean, .array, .table, .moment: nil
        }
    } written: { compression in
        switch compression {
        case .auto: TOMLText.string("auto")
        case .none: TOMLText.string("none")
        case .level(let level): String(level)
        }
    }
}

extension ConfigurationValue where Value == String {
    /// That a value must match from its start to its end.
    static let valuePattern = ConfigurationValue(
        expects: "a pattern like \"TELE*\": * stands for any characters, ? for any one; no regular expression"
    ) { node in
        guard case .string(let text) = node.value, !text.isEmpty, !text.contains(".*") else { return nil }
        return text
    } written: {
        TOMLText.string($0)
    }
}
