/// How the gateway fares, in one short line for `systemctl status`: figures and configured names, no identities.
struct StatusLine: Equatable {
    struct Destination: Equatable {
        var name: String
        /// Documents that are neither acknowledged nor dead.
        var waiting: Int
        var isUp: Bool
    }

    /// Bytes at most.
    static let limit = 200

    var associations: Int
    var openStudies: Int
    var held = 0
    var destinations: [Destination] = []
    /// Names of those that nothing is sent to for now.
    var imageDestinationsDown: [String] = []
    /// Nil: the file system does not say.
    var freeBytes: Int?
    /// The spool takes nothing.
    var isRefusing = false

    /// What is wrong comes first, so that it is not what is cut.
    var text: String {
        var parts = isRefusing ? ["refusing images: the spool cannot be written"] : []
        parts += imageDestinationsDown.map { "images to \($0) down" }
        parts += [counted(associations, "association"), counted(openStudies, "open study"), "\(held) held"]
        parts += destinations.map { "\($0.waiting) waiting for \($0.name) (\($0.isUp ? "up" : "down"))" }
        if let freeBytes { parts.append("\(ByteCount.rounded(freeBytes)) free") }
        let text = parts.joined(separator: ", ")
        guard text.utf8.count > Self.limit else { return text }
        var cut = ""
        for character in text where cut.utf8.count + character.utf8.count + 3 <= Self.limit { cut.append(character) }
        return cut + "..."
    }
}
