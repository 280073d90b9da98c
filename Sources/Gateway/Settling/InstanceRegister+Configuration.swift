import KeyObjects
import Studies

extension InstanceRegister.Settings {
    init(_ settings: Configuration.SourceDefaults) {
        var policies: [String: ResendPolicy] = [:]
        for (title, policy) in settings.resendAfterRejection.policies { policies[title.rawValue] = policy }
        self.init(
            policies: policies, ignoredTitles: Set(settings.ignoredRejections.map(\.rawValue)),
            raceWindow: settings.rejectionRace.components.seconds)
    }
}
