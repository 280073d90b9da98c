import Associations
import DICOM
public import Gateway
import KeyObjects
public import Sockets
import Threads

/// Plays the platform's scenarios against a configuration: a real gateway between a simulated PACS and a simulated
/// platform, all in this process.
public struct Rehearsal {
    public struct Options: Sendable {
        /// What the sheet calls the configuration.
        public var name = "the embedded default"
        /// Empty: all.
        public var scenarios: [Scenario] = []
        /// The name of the source whose PACS is simulated. `nil`: the first, or the defaults where there is none.
        public var source: String?
        /// Documents that the platform was sent are kept here.
        public var folder: String?
        /// Of the source, for the rehearsal.
        public var quietPeriod: Duration = .seconds(1)
        /// How long a step may take to come out.
        public var patience: Duration = .seconds(15)

        public init() {}
    }

    private let options: Options
    private let setting: Setting

    /// - Throws: `RehearsalError.unknownSource`.
    public init(_ configuration: Configuration, _ options: Options = Options()) throws(RehearsalError) {
        self.options = options
        setting = try Setting(configuration, options)
    }

    /// Plays them all, which blocks for some seconds.
    public func run() throws(RehearsalError) -> AcceptanceSheet {
        let plays = (options.scenarios.isEmpty ? Scenario.allCases : options.scenarios).flatMap { scenario in
            Form.allCases.map { Play(scenario, $0, facts: setting.facts, hasReport: setting.hasReport) }
        }
        let stage = Stage(plays, setting.conditions, profile: setting.profile)
        let folder = try TemporaryFolder()
        try perform(on: stage, in: folder.path)
        let state = stage.state.withLock { $0 }
        if let path = options.folder { try keep(state.performances, in: path) }
        return AcceptanceSheet(
            date: LocalZone.now, configuration: setting.words(options.name), replaced: setting.replaced,
            entries: state.performances.map(\.entry),
            faults: state.faults + (state.ending.map { ["The gateway ended: \($0)"] } ?? []))
    }

    private func perform(on stage: Stage, in folder: String) throws(RehearsalError) {
        let platform: AssociationListener
        var listening = AssociationListener.Configuration()
        listening.port = 0
        do throws(ListenError) {
            platform = try AssociationListener(listening, handler: stage)
        } catch {
            throw .listen(error)
        }
        let service: GatewayService
        do throws(GatewayError) {
            service = try GatewayService(
                configuration: setting.configuration(platformPort: platform.port, data: folder)
            ) { stage.told($0) }
        } catch {
            throw .gateway(error)
        }
        do throws(ThreadError) {
            let receiving = try OSThread(name: "platform") { platform.run() }
            defer {
                platform.stop(within: .seconds(1))
                receiving.join()
            }
            let running = try OSThread(name: "gateway") {
                do throws(GatewayError) { try service.run() } catch {
                    stage.state.update { $0.ending = error.description }
                }
            }
            play(on: stage, pacs: SimulatedPACS(calling: setting.calling, called: setting.called, port: service.port))
            service.stop(reason: "the rehearsal is over", within: .seconds(1))
            running.join()
        } catch {
            throw .gateway(.thread(error))
        }
    }

    /// All plays at once, step by step.
    private func play(on stage: Stage, pacs: SimulatedPACS) {
        while true {
            let ready = stage.state.withLock { state in
                state.performances.indices.compactMap { index in
                    state.performances[index].nextMessages.map { (index, $0) }
                }
            }
            if ready.isEmpty { return }
            for (index, messages) in ready { send(messages, of: index, on: stage, by: pacs) }
            stage.waitUntilDone(.now + options.patience)
            // What the gateway does beyond what it must is seen too.
            stage.waitForSilence(options.quietPeriod * 3 / 2, until: .now + options.patience)
        }
    }

    private func send(_ messages: [Message], of index: Int, on stage: Stage, by pacs: SimulatedPACS) {
        let start = MonotonicInstant.now
        stage.update(index) { $0.begin() }
        do throws(SimulatedPACS.Failure) {
            try pacs.send(messages) { message in
                if case .instance = message { stage.update(index) { $0.apply(message) } }
            } after: { message in
                if case .note = message { stage.update(index) { $0.apply(message) } }
            }
        } catch {
            stage.update(index) { $0.fail(error.reason) }
        }
        let isSlow = MonotonicInstant.now - start > options.quietPeriod / 2
        stage.update(index) { $0.sent(isSlow: isSlow) }
    }

    private func keep(_ performances: [Performance], in path: String) throws(RehearsalError) {
        let folder = try DocumentFolder(path)
        let writer = Part10Writer(
            implementationClassUID: InventedUID.text("rehearsal"), implementationVersionName: "KOSGATE_REHEARSE")
        for performance in performances {
            let number = performance.play.scenario.rawValue
            for (index, document) in performance.steps.joinedDocuments.enumerated() {
                let name = "\(number < 10 ? "0" : "")\(number)-\(performance.play.form.rawValue)-\(index + 1).dcm"
                try folder.write(
                    writer.file(
                        sopClassUID: .keyObjectSelectionDocument, sopInstanceUID: document.sopInstanceUID,
                        dataSet: document.dataSet), name)
            }
        }
    }
}

/// Why there is no sheet.
public enum RehearsalError: Error, Sendable, CustomStringConvertible {
    case unknownSource(String, known: [String])
    case gateway(GatewayError)
    case listen(ListenError)
    case folder(path: String, reason: String)

    public var description: String {
        switch self {
        case .unknownSource(let name, let known):
            "the configuration has no source '\(name)'"
                + (known.isEmpty ? ", nor any other" : "; it has \(known.joined(separator: ", "))")
        case .gateway(let error): error.description
        case .listen(let error): error.description
        case .folder(let path, let reason): "\(path): \(reason)"
        }
    }
}
