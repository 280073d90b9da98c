import Associations
import DICOM
import Foundation
import Spool
import Testing
import Threads

@testable import Forwarding

/// What an image forwarder told, and a way to wait for it.
final class ImageTold: Sendable {
    private let events = Monitor<[ImageEvent]>([])

    func add(_ event: ImageEvent) { events.update { $0.append(event) } }

    var all: [ImageEvent] { events.withLock { $0 } }

    /// Waits until `condition` holds of all that was told; false after ten seconds.
    func wait(_ condition: ([ImageEvent]) -> Bool) -> Bool {
        events.wait(until: .now + .seconds(10)) { condition($0) ? true : nil } ?? false
    }

    /// Waits until so many instances of the studies were told as forwarded.
    func waitForForwarded(_ count: Int) -> Bool { wait { Self.forwarded($0) >= count } }

    static func forwarded(_ events: [ImageEvent]) -> Int {
        events.reduce(0) { sum, event in
            if case .studyForwarded(let study, _) = event { sum + study.instances } else { sum }
        }
    }

    /// Waits for what is told until nothing of the study is queued; false after ten seconds.
    func waitForEmpty(_ images: TestImages, _ study: String) -> Bool {
        wait { _ in (try? images.queued(study).isEmpty) ?? false }
    }

    /// Dead letters, as far as they were counted.
    static func dead(_ events: [ImageEvent]) -> Int {
        events.reduce(0) { sum, event in
            if case .studyForwarded(let study, _) = event { sum + study.dead } else { sum }
        }
    }

    static func buried(_ events: [ImageEvent]) -> [String] {
        events.compactMap { if case .buried(let image, _, _) = $0 { image.instance } else { nil } }
    }

    /// "down" and "up", as they were told.
    var changes: [String] {
        all.compactMap { event in
            switch event {
            case .down: "down"
            case .up: "up"
            case .studyForwarded, .warned, .refused, .buried, .limited, .uncommitted, .stuck, .freed: nil
            }
        }
    }
}

/// Runs a forwarder over what is in the spool until `body` ends.
func forwarding(
    _ images: TestImages, to port: UInt16, clock: DeliveryClock = DeliveryClock(), zone: LocalTime = .system,
    _ change: (inout ImageForwarder.Configuration) -> Void = { _ in },
    _ body: (ImageForwarder, ImageTold) throws -> Void
) throws {
    let told = ImageTold()
    var configuration = ImageForwarder.Configuration(
        outbox: "pacs", destination: "the PACS",
        association: Association.Configuration(
            host: "127.0.0.1", port: port, called: AETitle("PACS"), calling: AETitle("KOSGATE")),
        schedule: RetrySchedule(first: .milliseconds(1), ceiling: .milliseconds(4)))
    configuration.quietTime = .milliseconds(1)
    configuration.commitmentQuiet = .milliseconds(20)
    change(&configuration)
    let forwarder = ImageForwarder(configuration, spool: images.spool, clock: clock, zone: zone) { told.add($0) }
    let thread = try OSThread(name: "images") { forwarder.run() }
    defer {
        forwarder.stop()
        thread.join()
    }
    try body(forwarder, told)
}
