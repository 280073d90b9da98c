import KeyObjects

extension ConfigurationValue where Value == ManifestProfile {
    static let profile = ConfigurationValue(
        expects: "one of " + ManifestProfile.all.map { TOMLText.string($0.name) }.joined(separator: ", "),
        choices: ManifestProfile.all.map(\.name)
    ) { node in
        guard case .string(let text) = node.value else { return nil }
        return ManifestProfile.named(text)
    } written: {
        TOMLText.string($0.name)
    }
}
