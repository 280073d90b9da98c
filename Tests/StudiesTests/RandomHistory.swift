import DICOM
import Studies
import TestSupport

/// A study's life by chance: a PACS that sends, rejects and corrects, an operator, destinations that fail.
struct RandomHistory {
    /// So many documents may be tried until a destination holds the truth, once faults have ended and the study
    /// changes no more.
    static let longestConvergence = 6

    let seed: UInt64
    private var random: SeededRandom
    private var register: InstanceRegister
    private var events: [InstanceRegister.Event] = []
    private var destinations: [SimulatedDestination] = []
    private var oracle = RejectionOracle()
    private let uids: ArraySlice<InstanceUID>
    private let log: Log?
    private var now: Int64 = 1_000_000
    private var notes: [Rejection] = []
    /// What the PACS's own manifest leaves out.
    private var leftOut: Set<InstanceUID> = []
    private var truth: Truth { SimulatedDestination.truth(of: register, without: leftOut) }
    private(set) var sends = 0

    private static let universe = (1...6).map { InstanceUID("\($0)") }
    private static let titles = ["113001", "113037", "113038", "113039"]
    private static let policies: [InstanceRegister.Settings] = [
        .init(), .init(policies: all(.refuse)), .init(policies: all(.acceptIfCorrected)),
    ]

    private static func all(_ policy: ResendPolicy) -> [String: ResendPolicy] {
        titles.reduce(into: [:]) { $0[$1] = policy }
    }

    /// The history in words.
    final class Log {
        var lines: [String] = []
    }

    init(seed: UInt64, log: Log? = nil) {
        self.seed = seed
        self.log = log
        random = SeededRandom(seed: seed)
        uids = Self.universe.prefix(Int.random(in: 2...6, using: &random))
        let settings = random.chance(0.6) ? 0 : Int.random(in: 1...2, using: &random)
        register = InstanceRegister(settings: Self.policies[settings])
        for name in 0..<(random.chance(0.3) ? 2 : 1) {
            let removal: Removal = random.chance(0.6) ? .iocmAndKOS : random.chance(0.5) ? .iocm : .kos
            let reading: SimulatedPlatform.Reading = removal == .kos || random.chance(0.5) ? .replaces : .adds
            destinations.append(SimulatedDestination(name: name, removal: removal, reading: reading))
        }
        note("\(uids.count) instances, settings \(settings)")
        for destination in destinations {
            note("destination \(destination.name): \(destination.removal.rawValue), \(destination.platform.reading)")
        }
    }

    /// - Returns: the first thing that is wrong.
    mutating func run() -> String? {
        if let fault = first() { return fault }
        for _ in 0..<Int.random(in: 3...14, using: &random) {
            now += random.chance(0.5) ? 30 : 700
            if let fault = step() { return fault }
        }
        return converge()
    }

    private mutating func first() -> String? {
        for uid in uids where random.chance(0.8) {
            if let fault = apply(.stored(uid, fingerprint(0, 0), at: now)) { return fault }
        }
        return random.chance(0.8) ? settle() : nil
    }

    private mutating func step() -> String? {
        switch Int.random(in: 0..<100, using: &random) {
        case 0..<22: return store()
        case 22..<38: return reject()
        case 38..<43: return decide()
        case 43..<63: return settle()
        case 63..<90: return send()
        case 90..<94:
            leftOut = random.chance(0.5) ? [] : Set(uids.filter { _ in random.chance(0.4) })
            note("left out: \(leftOut.map(\.text).sorted())")
            return nil
        case 94..<96:
            note("retry")
            for index in destinations.indices { destinations[index].retry() }
            return nil
        default: return restart()
        }
    }

    // MARK: The PACS and the operator

    private mutating func store() -> String? {
        // Mostly one instance, now and then the whole study as corrected.
        let patient = random.chance(0.7) ? 0 : 1
        let revision = UInt64.random(in: 0...1, using: &random)
        for uid in random.chance(0.3) ? uids : [pick(uids)] {
            if let fault = apply(.stored(uid, fingerprint(patient, revision), at: now)) { return fault }
        }
        return nil
    }

    private mutating func reject() -> String? {
        if !notes.isEmpty, random.chance(0.15) {
            var again = pick(notes[...])
            again.at = now
            if random.chance(0.3) { again.digest += 1 }
            return apply(.rejected(again))
        }
        let isWhole = random.chance(0.3)
        let references = uids.filter { _ in isWhole || random.chance(0.35) }
        let patient = Int.random(in: 0...2, using: &random)
        let rejection = Rejection(
            note: InstanceUID("n\(notes.count)"), digest: 1, title: pick(Self.titles[...]), references: references,
            patient: patient == 2 ? nil : SimulatedDestination.patients[patient], accessionNumber: "", at: now)
        notes.append(rejection)
        return apply(.rejected(rejection))
    }

    private mutating func decide() -> String? {
        let action: Decision.Action =
            switch Int.random(in: 0...4, using: &random) {
            case 0: .hold
            case 1: .release(holds: [Decision.heldByHand], instances: [])
            case 2: .release(holds: [], instances: nil)
            case 3: .release(holds: [], instances: uids.filter { _ in random.chance(0.5) })
            default: .withdraw(title: pick(Self.titles[...]))
            }
        return apply(.decided(Decision(action, by: "operator", why: "test"), at: now))
    }

    private mutating func apply(_ event: InstanceRegister.Event) -> String? {
        note("\(event)")
        events.append(event)
        _ = register.apply(event)
        oracle.apply(event)
        for uid in uids {
            if let fault = oracle.fault(uid, isLive: register.isLive(uid), register.settings) { return fault }
        }
        return nil
    }

    // MARK: The gateway

    private mutating func settle() -> String? {
        note("settle")
        let truth = truth
        for index in destinations.indices {
            let register = register
            let fault = destinations[index].settle(truth, at: now) { register.title(of: $0) ?? "113039" }
            note("  \(destinations[index].summary)")
            if let fault { return fault }
        }
        return nil
    }

    private mutating func send() -> String? {
        let index = Int.random(in: 0..<destinations.count, using: &random)
        let answer = random.chance(0.5) ? .acknowledged : pick(SimulatedDestination.Answer.allCases[...])
        note("send to \(index), \(answer): \(destinations[index].outbox.first?.document.identity ?? "nothing")")
        return destinations[index].send(answer)
    }

    private mutating func restart() -> String? {
        note("restart")
        var again = InstanceRegister(settings: register.settings)
        for event in events { _ = again.apply(event) }
        guard again.live == register.live, again.quarantined == register.quarantined else { return "a replay differs" }
        register = again
        for index in destinations.indices {
            if let fault = destinations[index].restart() { return fault }
        }
        return nil
    }

    /// Faults end, the study changes no more.
    private mutating func converge() -> String? {
        note("faults end")
        if random.chance(0.7) {
            let release = Decision(.release(holds: [Decision.heldByHand], instances: []), by: "operator", why: "test")
            if let fault = apply(.decided(release, at: now)) { return fault }
        }
        for index in destinations.indices { destinations[index].retry() }
        let before = destinations.map(\.sends)
        if let fault = settle() { return fault }
        for index in destinations.indices {
            while !destinations[index].outbox.isEmpty {
                if let fault = destinations[index].send(.acknowledged) { return fault }
            }
        }
        if let fault = settle() { return fault }
        guard destinations.allSatisfy(\.outbox.isEmpty) else { return "a destination is still told something" }
        sends = zip(destinations, before).map { $0.sends - $1 }.max() ?? 0
        let truth = truth
        for destination in destinations {
            if let difference = destination.difference(from: truth) { return difference }
            if case .nothing = truth, destination.standing.documents != [] { return "bytes are kept of what is gone" }
        }
        return nil
    }

    // MARK: Chance

    private func fingerprint(_ patient: Int, _ revision: UInt64) -> Fingerprint {
        Fingerprint(
            patient: SimulatedDestination.patients[patient], accessionNumber: "", series: SeriesUID("s"),
            sopClass: SOPClassUID("c"), header: revision << 1)
    }

    private mutating func pick<Value>(_ values: ArraySlice<Value>) -> Value {
        values[Int.random(in: values.startIndex..<values.endIndex, using: &random)]
    }

    private func note(_ line: @autoclosure () -> String) {
        if let log { log.lines.append(line()) }
    }
}
