import KeyObjects
import Spool
import Studies
import Threads

/// Compares what is published with the PACS once a day, at the hour of the configuration, and tells the differences. It
/// changes nothing.
final class ReconciliationSweep: Sendable {
    private struct State {
        var isStopping = false
    }

    private let configuration: Configuration
    private let desk: any OperatorDesk
    private let post: @Sendable (OperatorEvent) -> Void
    private let state = Monitor(State())

    init(_ configuration: Configuration, desk: any OperatorDesk, post: @escaping @Sendable (OperatorEvent) -> Void) {
        self.configuration = configuration
        self.desk = desk
        self.post = post
    }

    func stop() { state.update { $0.isStopping = true } }

    /// Sweeps until `stop`; returns at once where no source wants it.
    func run() {
        let pacs = ([configuration.defaults.pacs] + configuration.sources.map(\.settings.pacs)).compactMap { $0 }
        let wanted = pacs.filter { $0.sweepDays > 0 }
        guard let first = wanted.first else { return }
        var lastDate = Self.localNow.date
        // What is past today waits until tomorrow. The clock may be set meanwhile: it is looked at again and again.
        if !Self.isDue(first.sweepTime, Self.localNow) { lastDate = "" }
        while state.wait(until: .now + .seconds(30), { $0.isStopping ? true : nil }) == nil {
            let now = Self.localNow
            guard now.date != lastDate, Self.isDue(first.sweepTime, now) else { continue }
            lastDate = now.date
            sweep()
        }
    }

    private func sweep() {
        do throws(OperatorRefusal) {
            let result = try desk.reconcile(days: nil)
            for failure in result.failures { post(.comparisonFailed(reason: failure)) }
            for difference in result.differences {
                let key = StudyKey(source: difference.source, studyInstanceUID: difference.study)
                post(.studyDiffers(key, difference: difference.sentence))
            }
            post(.reconciled(compared: result.compared, differences: result.differences.count))
        } catch {
            post(.comparisonFailed(reason: error.sentence))
        }
    }

    static func isDue(_ time: Configuration.TimeOfDay, _ now: CivilTime) -> Bool {
        (now.hour, now.minute) >= (time.hour, time.minute)
    }

    private static var localNow: CivilTime {
        let instant = Timestamp.now.milliseconds / 1000
        return CivilTime(instant: instant, offset: LocalZone.offset(at: CivilTime(instant: instant)))
    }
}
