import ArgumentParser
import CLinux
import Gateway
import Glibc
import Host
import Threads

struct RunCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Receives studies and delivers their manifests, until SIGTERM or SIGINT.",
        discussion: """
            Without --config the embedded default holds: AE title KOSGATE, 127.0.0.1 port 11112, any calling AE title, \
            profile xds-i, manifests into a folder. Flags override the file.

            Examples:
              kosgate run
              kosgate run --config /etc/kosgate/kosgate.toml
              kosgate run --data /tmp/try --port 11113 --quiet-period 2
            """)

    @OptionGroup var source: ConfigurationOptions

    @Option(help: ArgumentHelp("The folder of the spool.", valueName: "folder"))
    var data: String?

    @Option(help: "The TCP port to listen on; 0 lets the system choose.")
    var port: Int?

    @Option(help: "Our own AE title.")
    var aeTitle: String?

    @Option(help: ArgumentHelp("A study settles after so long without a new instance.", valueName: "seconds"))
    var quietPeriod: Double?

    @Option(help: ArgumentHelp("Write manifests to this folder, and to no platform.", valueName: "folder"))
    var manifests: String?

    @Option(
        help: ArgumentHelp(
            "Where events are written: journal, or stderr. Default: the journal where standard error goes there.",
            valueName: "output"))
    var log: LogOutput?

    func run() throws {
        // Before there is another thread.
        SignalMask.hold()
        let sockets = ActivatedSockets(Activation.take())
        var overrides = source.overrides
        overrides.dataDirectory = data
        overrides.port = port
        overrides.aeTitle = aeTitle
        overrides.quietPeriod = quietPeriod
        overrides.manifests = manifests
        let loaded = try source.load(overrides)
        // A peer that is gone is an error of its association, no signal.
        signal(SIGPIPE, SIG_IGN)
        keepMemorySmall()
        raiseDescriptorLimit()
        let desk = EventDesk(to: log.flatMap { EventDesk.Output(rawValue: $0.rawValue) })
        defer { desk.close() }
        for name in sockets.unknownNames {
            desk.post(.configurationRemark("the socket '\(name)' was opened for us, but its name says no use of it"))
        }
        for remark in loaded.remarks { desk.post(.configurationRemark(remark)) }
        let vitality = Vitality(.present, post: desk.post)
        do throws(GatewayError) {
            do throws(ThreadError) { try vitality.begin() } catch { throw .thread(error) }
            let service = try GatewayService(
                configuration: loaded.configuration, adopting: sockets, vitality: vitality, post: desk.post)
            if loaded.configuration.logsIdentity { desk.identify { service.patientID(of: $0) } }
            try service.runUntilSignal()
        } catch {
            throw CommandFailure(.finding, error.description)
        }
    }
}

/// Where `run` writes events.
enum LogOutput: String, CaseIterable, ExpressibleByArgument {
    case journal, stderr
}

/// What a large study needed goes back to the system once it has settled: one heap for all threads, and large pieces
/// outside of it, whatever was freed before.
private func keepMemorySmall() {
    mallopt(M_ARENA_MAX, 1)
    mallopt(M_MMAP_THRESHOLD, 128 * 1024)
    mallopt(M_TRIM_THRESHOLD, 128 * 1024)
}

/// Each association takes one, the image that it brings or takes another, and what a shell or a service gives by default
/// is for programs that wait by select(2).
private func raiseDescriptorLimit() {
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
    limit.rlim_cur = limit.rlim_max
    _ = setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
}

/// What every command that needs a configuration takes.
struct ConfigurationOptions: ParsableArguments {
    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(
            "A configuration file; config/kosgate.toml documents every key. Default: none, the embedded default.",
            valueName: "file"))
    var config: String?

    @Option(help: "The demands that manifests meet: maincare or xds-i.")
    var profile: String?

    var overrides: Configuration.Overrides {
        var overrides = Configuration.Overrides()
        overrides.profile = profile
        return overrides
    }

    /// The file, or the embedded default, with the flags over it.
    func load(_ overrides: Configuration.Overrides) throws(ConfigurationError) -> LoadedConfiguration {
        var loaded =
            try config.map { file throws(ConfigurationError) in try Configuration.load(file: file) }
            ?? LoadedConfiguration(configuration: .embeddedDefault)
        try loaded.configuration.apply(overrides)
        return loaded
    }
}
