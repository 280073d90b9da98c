/// What no single key of a destination can tell.
extension ConfigurationReading {
    mutating func checkDestination(_ configuration: Configuration) {
        if let place = places["gateway.manifests"], let platform = places["platform"] {
            fault("'gateway.manifests' and [platform] (line \(platform.line)) exclude each other: keep one", at: place)
        }
        if configuration.socketPath.utf8.count > UnixSocket.pathLimit {
            fault(
                "the path of the control socket, '\(configuration.socketPath)', is longer than "
                    + "\(UnixSocket.pathLimit) bytes: set 'gateway.socket' to a shorter one",
                at: places["gateway.socket"] ?? places["gateway.data"])
        }
        var outboxes: [String: Int] = [:]
        for (index, platform) in configuration.platforms.enumerated() {
            let path = places["platform[\(index)]"] == nil ? "platform" : "platform[\(index)]"
            let outbox = Configuration.Destination.platform(platform).outbox
            if let earlier = outboxes[outbox] {
                let line = places["platform[\(earlier)]"].map { " (line \($0.line))" } ?? ""
                let what = platform.name.map { "platform name '\($0)' is taken" } ?? "a second platform without name"
                fault(what + line, at: places["\(path).name"] ?? places[path])
            }
            outboxes[outbox] = outboxes[outbox] ?? index
            guard platform.retryDelay > platform.retryCeiling else { continue }
            fault(
                "'\(path).retry_delay' is longer than '\(path).retry_ceiling'",
                at: places["\(path).retry_delay"] ?? places["\(path).retry_ceiling"])
        }
    }
}
