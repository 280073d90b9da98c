import Testing

@testable import Spool

/// What may be sent when, and in which order.
@Suite struct ImageOrderTests {
    let directory = TemporaryDirectory()
    let spool: Spool

    init() throws { spool = try Spool(Spool.Configuration(directory: "\(directory.path)/spool")) }

    @discardableResult
    private func store(
        _ instance: String, study: String = "1.1", to destinations: [String] = ["a"], isUrgent: Bool = false,
        isBarrier: Bool = false, isWithheld: Bool = false, withholds: Bool = false
    ) throws -> ImageDelivery.ID {
        var arrival = arrival(study: study, header: [1])
        let file = try spool.writeImage([1, 2, 3])
        arrival.image = queuedImage(
            file, instance: instance, to: destinations, isUrgent: isUrgent, isBarrier: isBarrier, isWithheld: isWithheld
        )
        arrival.withholdsImages = withholds
        try spool.store(arrival)
        return ImageDelivery.ID(image: file.number, destination: destinations[0])
    }

    private func due(
        _ destination: String = "a", after: ImageDelivery.Position? = nil, at seconds: Int64 = 0, limit: Int = 99
    ) throws -> [String] {
        try spool.imagesDue(for: destination, after: after, at: .seconds(seconds), limit: limit).images.map(\.instance)
    }

    private func study(_ uid: String) throws -> StudyEntry.ID { try #require(try spool.studies(uid: uid).first).id }

    @Test func urgentFirstThenByStudyThenByArrival() throws {
        try store("1", study: "1.1")
        try store("2", study: "1.2", isUrgent: true)
        try store("3", study: "1.1")
        try store("4", study: "1.3", to: ["b", "a", "b"])
        try store("5", study: "1.2", isUrgent: true)
        #expect(try due() == ["2", "5", "1", "3", "4"])
        #expect(try due("b") == ["4"] && due("c") == [])
        let all = try spool.imagesDue(for: "a", at: .seconds(0), limit: 99).images
        #expect(all.map(\.position) == all.map(\.position).sorted())
        for (index, image) in all.enumerated() {
            #expect(try due(after: image.position) == all.dropFirst(index + 1).map(\.instance))
            #expect(try due(limit: index) == all.prefix(index).map(\.instance))
        }
    }

    /// The destination keeps what came to it last.
    @Test func anEarlierCopyIsNotSentAfterALaterOne() throws {
        let first = try store("1", to: ["a", "b"])
        let other = try store("1", study: "1.2")
        try spool.postponeImages([first], until: .seconds(10), error: "busy")
        let second = try store("1")
        #expect(try spool.imagesDue(for: "a", at: .seconds(20), limit: 99).images.map(\.id) == [second, other])
        #expect(try due("b") == ["1"], "there is but one copy for it")
        try spool.retryImages([first])
        #expect(try spool.begin(first) == nil)
        #expect(try spool.images(of: try study("1.1")).map(\.isSuperseded) == [true, false, false])
        try spool.acknowledgeImages([second])
        #expect(try due() == ["1"], "that of the other study")
        try spool.releaseImages([first], unlessSuperseded: true)
        #expect(try spool.begin(first) == nil)
        try spool.releaseImages([first])
        #expect(try spool.imagesDue(for: "a", at: .seconds(20), limit: 99).images.map(\.id) == [first, other])
    }

    @Test func whatIsPostponedByAClockThatWasAheadIsDue() throws {
        let ids = try ["1", "2", "3"].map { try store($0) }
        try spool.postponeImages([ids[0]], until: .seconds(10_100), error: "busy")
        try spool.postponeImages([ids[1]], until: .seconds(300), error: "busy")
        let due = try spool.imagesDue(for: "a", at: .seconds(0), horizon: .seconds(300), limit: 99).images
        #expect(due.map(\.instance) == ["1", "3"])
    }

    @Test func whatIsPostponedComesBackInItsPlace() throws {
        let ids = try ["1", "2", "3"].map { try store($0) }
        try spool.postponeImages([ids[0], ids[1]], until: .seconds(10), error: "busy")
        try spool.postponeImages([ids[1]], until: .seconds(20), error: "busier")
        #expect(try due(at: 9) == ["3"])
        #expect(try spool.imagesDue(for: "a", at: .seconds(0), limit: 1).postponed == .seconds(10))
        #expect(try due(at: 10) == ["1", "3"])
        #expect(try spool.imagesDue(for: "a", at: .seconds(0), limit: 1).postponed == .seconds(20))
        let waiting = try spool.images(of: try study("1.1"))
        #expect(waiting.map(\.attempts) == [1, 2, 0] && waiting.map(\.lastError) == ["busy", "busier", nil])
        #expect(waiting.map(\.postponedUntil) == [nil, .seconds(20), nil])
        try spool.retryImages([ids[1]])
        #expect(try due(at: 10) == ["1", "2", "3"])
        #expect(try spool.imagesDue(for: "a", at: .seconds(0), limit: 1).postponed == nil)
    }

    @Test func aBarrierWaitsForAllBeforeItAndAllBehindItWait() throws {
        let ids = try ["1", "2"].map { try store($0) }
        try spool.beginImages(of: try study("1.1"), at: "a")
        let barrier = try store("note", isBarrier: true)
        let behind = try store("3")
        let other = try store("4", study: "1.2")
        #expect(try due() == ["1", "2", "4"])
        #expect(try spool.begin(barrier) == nil && spool.begin(behind) == nil && spool.begin(other) != nil)
        try spool.acknowledgeImages([ids[0]])
        try spool.postponeImages([ids[1]], until: .seconds(10), error: "busy")
        #expect(try due() == ["4"], "it may still be sent")
        try spool.buryImages([ids[1]], error: "refused", answer: nil, at: .seconds(1))
        #expect(try due() == ["note", "4"])
        #expect(try spool.begin(barrier) != nil && spool.begin(behind) == nil)
        try spool.postponeImages([barrier], until: .seconds(10), error: "busy")
        #expect(try due() == ["4"])
        try spool.acknowledgeImages([barrier])
        #expect(try due() == ["3", "4"])
        #expect(try spool.begin(behind) != nil)
    }

    @Test func aBarrierThatWasTakenHoldsUpNothing() throws {
        try store("1", study: "1.2")
        try store("0")
        try spool.beginImages(of: try study("1.1"), at: "a")
        let barriers = try ["note", "second"].map { try store($0, isBarrier: true) }
        try store("2")
        try spool.acknowledgeImages(try spool.images(of: try study("1.1")).prefix(1).map(\.id))
        #expect(try due() == ["1", "note"])
        try spool.markSent([barriers[0]], transaction: "2.25.1", at: .seconds(1))
        #expect(try due() == ["1", "second"])
        try spool.markSent([barriers[1]], transaction: "2.25.1", at: .seconds(1))
        #expect(try due() == ["1", "2"])
    }

    @Test func aBarrierGoesOnlyWhereSomethingMayBe() throws {
        try store("1", to: ["a", "b"])
        try spool.beginImages(of: try study("1.1"), at: "b")
        try store("note", to: ["a", "b"], isBarrier: true)
        #expect(try spool.images(of: try study("1.1")).map(\.id.destination) == ["a", "b", "b"])
        #expect(try spool.imageLineages(of: try study("1.1")) == ["b"])
        // Nowhere: its file is gone, its header is there.
        let files = try spool.imageFiles().count
        try store("note", study: "1.2", to: ["a", "b"], isBarrier: true)
        #expect(try spool.images(of: try study("1.2")).isEmpty)
        #expect(try spool.imageFiles().count == files)
        let file = try spool.writeImage([9])
        try spool.queue(queuedImage(file, to: ["b"], isBarrier: true), of: try study("1.1"), at: .seconds(3))
        let last = try #require(try spool.images(of: try study("1.1")).last)
        #expect(last.isBarrier && last.arrival == nil && last.queuedAt == .seconds(3))
    }

    @Test func whatIsWithheldIsNotSentUntilItIsReleased() throws {
        let first = try store("1")
        try store("2", study: "1.2")
        let note = try store("note", isWithheld: true, withholds: true)
        #expect(try due() == ["2"])
        #expect(try spool.begin(first) == nil)
        #expect(try spool.imageSummary()["a"]?.withheld == 2)
        // Nor by a retry.
        try spool.retryImages([first])
        #expect(try due() == ["2"])
        try spool.releaseImages([first])
        #expect(try due() == ["1", "2"])
        try spool.storeNote(study: "1.1")
        #expect(try due() == ["2"])
        try spool.releaseImages([note])
        try spool.dropImages([first])
        #expect(try due() == ["note", "2"])
        #expect(try spool.imageFiles().count == 2)
    }

    /// Else a second note, while the first one waits, would close the queue of its study for good.
    @Test func aBarrierIsNotWithheldByTheNextOne() throws {
        try store("1")
        try spool.beginImages(of: try study("1.1"), at: "a")
        try store("note", isBarrier: true, withholds: true)
        let second = try store("second note", isBarrier: true, withholds: true)
        try store("2", isWithheld: true)
        #expect(try due() == ["note"])
        let first = try #require(try spool.imagesDue(for: "a", after: nil, at: .seconds(0), limit: 1).images.first)
        try spool.acknowledgeImages([first.id])
        #expect(try due() == ["second note"])
        try spool.acknowledgeImages([second])
        #expect(try due().isEmpty)
        #expect(try spool.imageSummary()["a"]?.withheld == 2)
    }

    @Test func anUnknownStudyQueuesNothing() throws {
        let file = try spool.writeImage([1])
        #expect(throws: SpoolError.unknown(what: "study 77")) {
            try spool.queue(queuedImage(file), of: StudyEntry.ID(77), at: .seconds(1))
        }
        #expect(spool.failure == nil)
    }
}
