import DICOM
import Spool
import Testing
import Threads

@testable import Forwarding
@testable import Gateway

/// What operators are told of images on their way, and what they may do about them.
struct ImageCommandTests {
    private let study = "1.2.1"

    private func desk(_ change: (inout ImageDestinationCondition) -> Void = { _ in }) throws -> PreparedDesk {
        var condition = ImageDestinationCondition(outbox: "tele", destination: "TELE at h:104")
        change(&condition)
        return try PreparedDesk(conditions: [
            DestinationStatus(outbox: "region", place: "PLATFORM at h:105", state: .working),
            DestinationStatus(
                outbox: "tele", place: "TELE at h:104", state: DestinationStatus.State(condition), traffic: condition),
        ]) { configuration in
            var tele = Configuration.ImageDestination(name: "tele", aeTitle: AETitle("TELE"), host: "h", port: 104)
            tele.windows = [TimeWindow("20:00-06:30")].compactMap(\.self)
            configuration.imageDestinations = [tele]
        }
    }

    /// An instance of the study whose image waits for these destinations.
    @discardableResult
    private func queue(
        _ instance: String, of study: String = "1.2.1", to destinations: [String] = ["tele"], bytes: Int = 2048,
        isNote: Bool = false, isWithheld: Bool = false, in desk: PreparedDesk
    ) throws -> ImageDelivery.ID {
        let writer = try desk.spool.newImage(head: [1, 2, 3], compression: .none)
        try writer.append([UInt8](repeating: 7, count: bytes).span.bytes)
        let file = try writer.finish()
        var arrival = Arrival(
            source: "ct", study: study, series: study + ".1", attributes: "1.2.840.10008.1.2.1\nCT", header: [1, 2],
            receivedAt: .now)
        arrival.image = QueuedImage(
            file: file, instance: instance, sopClass: "1.2.840.10008.5.1.4.1.1.2",
            transferSyntax: "1.2.840.10008.1.2.1", destinations: destinations, isBarrier: isNote,
            isWithheld: isWithheld)
        try desk.spool.store(arrival)
        return ImageDelivery.ID(image: file.number, destination: destinations[0])
    }

    private func bury(_ ids: ImageDelivery.ID..., in desk: PreparedDesk) throws {
        try desk.spool.buryImages(
            ids, error: "it does not take CT", answer: "0122 SOP class not supported", at: Timestamp(milliseconds: 5000)
        )
    }

    private func history(_ desk: PreparedDesk) throws -> [String] {
        let entry = try #require(try desk.spool.studies(uid: study).first)
        return try desk.spool.history(of: entry.id).map(\.detail)
    }

    // MARK: Destinations

    @Test func allDestinationsStandInOneTable() throws {
        let desk = try desk {
            ($0.activity, $0.bytesPerSecond) = (.sending, 1024)
        }
        try queue("1.1", in: desk)
        try bury(queue("1.2", in: desk), in: desk)
        try queue("1.3", to: ["gone"], in: desk)
        let lines = desk.ask(.destinations).text.split(separator: "\n").map {
            $0.split(separator: " ").map(String.init)
        }
        #expect(lines.map(\.first) == ["DESTINATION", "region", "tele", "gone"])
        #expect(Array(lines[2].dropFirst().prefix(3)) == ["1", "2048", "B"])
        #expect(Array(lines[2].suffix(6)) == ["1024", "B/s", "2", "s", "1", "sending"])
        let rows = try #require(try desk.json(.destinations)["destinations"] as? [[String: Any]])
        #expect(rows.map { $0["kind"] as? String } == ["documents", "images", "images"])
        #expect(rows[1]["seconds_to_drain"] as? Int == 2 && rows[1]["bytes_per_second"] as? Int == 1024)
        #expect(rows[1]["bytes"] as? Int == 2048 && rows[1]["dead_letters"] as? Int == 1)
        #expect(rows[2]["state"] as? String == "not configured")
    }

    @Test func aDestinationIsPausedResumedAndDrained() throws {
        let desk = try desk()
        try queue("1.1", in: desk)
        let paused = desk.ask(.changeDestination("tele", .pause))
        #expect(paused.text.hasPrefix("tele is paused: "))
        #expect(paused.text.contains("1 waits, 2048 B"))
        #expect(try desk.spool.mode(of: "tele") == .paused)
        #expect(desk.ask(.changeDestination("tele", .drain)).code == .done)
        #expect(try desk.spool.mode(of: "tele") == .draining)
        #expect(desk.ask(.destinations).text.contains("draining, takes nothing new; working"))
        #expect(desk.ask(.changeDestination("tele", .resume)).code == .done)
        let setting = try #require(try desk.spool.destinationSettings()["tele"])
        #expect(setting.mode == .running && setting.by == "alice" && setting.why == "a test")
        #expect(
            desk.ask(.changeDestination("region", .pause)).text
                == "'region' takes documents, which are always sent: only an image destination is paused or drained")
        #expect(desk.ask(.changeDestination("nowhere", .pause)).text.hasPrefix("there is no destination 'nowhere'"))
        #expect(
            desk.events.withLock { $0.first }
                == .operatorCommanded(
                    by: "alice", command: "kosgate destination tele pause", why: "a test"))
    }

    @Test func oneDestinationIsToldInDetail() throws {
        let desk = try desk {
            $0.activity = .closed(until: Timestamp(milliseconds: 0))
            $0.lastFailure = .init(at: Timestamp(milliseconds: 0), reason: "connection refused")
        }
        try queue("1.1", in: desk)
        try bury(queue("1.2", in: desk), in: desk)
        let text = desk.ask(.destination("tele")).text
        for part in [
            "TELE at h:104, we call as KOSGATE", "20:00-06:30 by the clock of this machine", "outside its hours",
            "connection refused", "1 waits, 2048 B", "kosgate destination tele drain", "kosgate dead-letters tele",
        ] {
            #expect(text.contains(part), "\(part) in \(text)")
        }
        let told = try desk.json(.destination("tele"))
        let studies = try #require(told["studies"] as? [[String: Any]])
        #expect(studies.map { $0["study"] as? String } == ["1.2.1"])
        #expect(studies[0]["depth"] as? Int == 1 && studies[0]["dead_letters"] as? Int == 1)
        #expect((told["advice"] as? [String])?.count == 2)
        #expect(desk.ask(.destination("region")).text.contains("nothing to do"))
    }

    @Test func whatWasNotKeptIsToldByStudyUntilItIsGivenUp() throws {
        let desk = try desk()
        var arrival = Arrival(
            source: "ct", study: study, series: "1.2.1.1", attributes: "1.2.840.10008.1.2.1\nCT", header: [1, 2],
            receivedAt: .now)
        for instance in ["1.1", "1.2"] {
            arrival.omissions = [ImageOmission(instance: instance, destination: "tele", reason: "it is too large")]
            try desk.spool.store(arrival)
        }
        #expect(try history(desk) == ["2 images not kept for tele: it is too large"])
        let text = desk.ask(.destination("tele")).text
        #expect(text.contains("NOT KEPT") && text.contains("it is too large"))
        #expect(text.contains("have the PACS send these studies again"))
        let told = try #require(try desk.json(.destination("tele"))["not_kept"] as? [[String: Any]])
        #expect(told.map { $0["images"] as? Int } == [2] && told[0]["study"] as? String == study)
        try queue("1.3", in: desk)
        #expect(desk.ask(.destination("tele")).text.contains("NOT KEPT"), "what is too large is so when it comes again")
        #expect(desk.ask(.changeDestination("tele", .pause)).code == .done)
        #expect(desk.ask(.changeDestination("tele", .discard)).code == .done)
        #expect(!desk.ask(.destination("tele")).text.contains("NOT KEPT"))
    }

    @Test func whatWasNotKeptIsForgottenByNameAndNothingElseGoes() throws {
        let desk = try desk()
        try queue("1.1", in: desk)
        var arrival = Arrival(
            source: "ct", study: study, series: "1.2.1.1", attributes: "1.2.840.10008.1.2.1\nCT", header: [1, 2],
            receivedAt: .now)
        arrival.omissions = ["tele", "gone"].map {
            ImageOmission(instance: "1.2", destination: $0, reason: "it takes nothing new", isPassing: true)
        }
        try desk.spool.store(arrival)
        for name in ["tele", "gone"] {
            #expect(desk.ask(.changeDestination(name, .forget)).code == .done)
            #expect(desk.ask(.changeDestination(name, .forget)).code == .refused, "there is nothing left")
        }
        #expect(!desk.ask(.destination("tele")).text.contains("NOT KEPT"))
        #expect(try desk.spool.images(for: "tele", limit: 9).map(\.instance) == ["1.1"])
        #expect(try history(desk).filter { $0.hasPrefix("1 image not kept for ") }.count == 2)
    }

    @Test func whatWaitsIsGivenUpOnlyWhereNothingIsSent() throws {
        let desk = try desk()
        try queue("1.1", in: desk)
        try queue("1.2", to: ["gone"], in: desk)
        #expect(desk.ask(.changeDestination("tele", .discard)).text.hasPrefix("pause tele first"))
        #expect(
            desk.ask(.changeDestination("gone", .discard)).text.hasPrefix(
                "1 image given up: the gateway has nothing left"))
        #expect(desk.ask(.changeDestination("gone", .pause)).code == .refused)
        _ = desk.ask(.changeDestination("tele", .pause))
        #expect(try desk.json(.changeDestination("tele", .discard))["dropped"] as? Int == 1)
        #expect(try desk.spool.imageSummary().isEmpty)
        #expect(
            try history(desk) == [
                "gave up image 1.2 (CT Image Storage) to gone, by alice: a test",
                "gave up image 1.1 (CT Image Storage) to tele, by alice: a test",
            ])
    }

    @Test func aRejectionNoteIsNotGivenUpWithoutAWordOfWhatComesOfIt() throws {
        let desk = try desk()
        let image = try queue("1.1", to: ["gone"], in: desk)
        try desk.spool.beginImages(of: #require(desk.spool.studies(uid: study).first).id, at: "gone")
        try desk.spool.dropImages([image])
        try queue("1.3", to: ["gone"], isNote: true, in: desk)
        let loss = "gone goes on showing what the note rejects, until somebody deletes it there"
        #expect(
            desk.ask(.changeDestination("gone", .discard)).text
                == "1 rejection note given up: the gateway has nothing left to send to gone; each is in the history of its study; \(loss)\n"
        )
        let dead = try queue("1.4", to: ["gone"], isNote: true, in: desk)
        try queue("1.5", to: ["gone"], in: desk)
        try bury(dead, in: desk)
        let drop = desk.ask(.dropDeadLetters(target: "\(dead.image)@gone", study: nil)).text
        #expect(
            drop
                == "given up: rejection note 1.4; only the PACS can still send that to gone, what is published stays as "
                + "it is; \(loss); what waited behind goes on\n")
        #expect(desk.ask(.changeDestination("gone", .discard)).text.hasPrefix("1 image given up"))
        #expect(try history(desk).contains { $0.hasPrefix("gave up rejection note 1.3 ") })
    }

    // MARK: Dead images

    @Test func deadImagesAreToldByStudyAndOneByOne() throws {
        let desk = try desk()
        let first = try queue("1.1", in: desk)
        try bury(first, queue("1.2", in: desk), in: desk)
        let all = OperatorCommand.deadLetters(destination: nil, study: nil)
        let text = desk.ask(all).text
        #expect(text.contains("\(first.image)@tele") && text.contains("2 images") && !text.contains("1.2.1.1.2"))
        #expect((try desk.json(all)["dead_images"] as? [Any])?.count == 2)
        let listed = desk.ask(.deadLetters(destination: "tele", study: study)).text
        #expect(listed.contains("study 1.2.1 from ct at tele\nnot sent: it does not take CT\n"))
        #expect(listed.contains("CT Image Storage") && listed.contains("Explicit VR Little Endian"))
        #expect(desk.ask(.deadLetters(destination: "region", study: nil)).text == "no dead letter\n")
        let one = desk.ask(.deadLetter(id: "\(first.image)@tele", showsManifest: false)).text
        for part in [
            "TELE at h:104", "1.2.1 from ct", "1.1", "CT Image Storage", "2048 B", "it does not take CT",
            "0122 SOP class not supported", "kosgate retry \(first.image)@tele --why", "--drop \(first.image)@tele",
        ] {
            #expect(one.contains(part), "\(part) in \(one)")
        }
        #expect(desk.ask(.deadLetter(id: "9@tele", showsManifest: false)).code == .refused)
        #expect(desk.ask(.deadLetter(id: "\(first.image)@tele", showsManifest: true)).code == .refused)
    }

    @Test func deadImagesAreTriedAgainAndGivenUp() throws {
        let desk = try desk()
        let (first, second) = (try queue("1.1", in: desk), try queue("1.2", in: desk))
        let other = try queue("2.1", of: "1.2.2", in: desk)
        try bury(first, second, other, in: desk)
        #expect(
            desk.ask(.retry(target: "\(first.image)@tele", study: nil)).text == "1 delivery tried again now: tele\n")
        #expect(try desk.json(.retry(target: "tele", study: "1.2.2"))["retried"] as? Int == 1)
        #expect(try desk.spool.deadImages().map(\.instance) == ["1.2"])
        let drop = OperatorCommand.dropDeadLetters(target: "\(second.image)@tele", study: nil)
        #expect(
            desk.ask(drop).text
                == "given up: image 1.2; only the PACS can still send that to tele, what is published stays as it is\n")
        #expect(desk.ask(drop).code == .refused)
        #expect(
            try history(desk) == [
                "retry of 1 image to tele, by alice: a test",
                "gave up image 1.2 (CT Image Storage) to tele, by alice: a test",
            ])
        #expect(desk.deeds.withLock { $0 } == ["wake tele", "wake tele", "wake tele"])
        try bury(first, other, in: desk)
        #expect(
            try desk.json(.dropDeadLetters(target: "tele", study: "1.2.2"))["dropped"] as? Int == 1)
        #expect(try desk.spool.deadImages().map(\.instance) == ["1.1"])
    }

    @Test func aPostponedImageIsTriedAgainWithItsDestination() throws {
        let desk = try desk()
        let image = try queue("1.1", in: desk)
        let later = Timestamp(milliseconds: .max / 2)
        try desk.spool.postponeImages([image], until: later, error: "busy")
        #expect(try desk.spool.imagesDue(for: "tele", at: .now, limit: 9).images.isEmpty)
        #expect(desk.ask(.retry(target: nil, study: nil)).text == "1 delivery tried again now: region, tele\n")
        #expect(try desk.spool.imagesDue(for: "tele", at: .now, limit: 9).images.map(\.instance) == ["1.1"])
    }

    /// A copy in quarantine: no other command but withdraw would free its image.
    @Test func anImageThatIsWithheldIsGivenUpByItself() throws {
        let desk = try desk()
        let image = try queue("1.1", in: desk)
        try queue("1.2", in: desk)
        var note = Arrival(
            source: "ct", study: study, series: study + ".1", attributes: "", header: [1], receivedAt: .now)
        note.withholdsImages = true
        try desk.spool.store(note)
        let name = "\(image.image)@tele"
        let drop = OperatorCommand.dropDeadLetters(target: name, study: nil)
        #expect(desk.ask(drop).text == "\(name) is withheld while its study is judged: try again in a moment")
        try desk.settle(#require(try desk.spool.studies(uid: study).first), .held, hold: "x")
        let life = OperatorCommand.study(.init(uid: study), view: .life)
        #expect(desk.ask(life).text.contains("withheld: 2 (\(name), "))
        let retry = desk.ask(.retry(target: name, study: nil))
        #expect(retry.code == .refused && retry.text.contains("kosgate release 1.2.1 --why … lets it go"))
        #expect(desk.ask(.retry(target: "tele", study: nil)).text.contains("2 images for tele withheld until"))
        #expect(desk.ask(drop).text.hasPrefix("given up: image 1.1; "))
        #expect(try desk.spool.images(for: "tele", limit: 9).map(\.instance) == ["1.2"])
        #expect(try history(desk) == ["gave up image 1.1 (CT Image Storage) to tele, by alice: a test"])
        #expect(desk.ask(drop).text.hasPrefix("there is no image '\(name)' (any more)"))
    }

    /// No command is named that refuses it with the same words.
    @Test func aNoteThatIsWithheldIsSaidToGoByItself() throws {
        let desk = try desk()
        let image = try queue("1.1", in: desk)
        try desk.spool.beginImages(of: #require(desk.spool.studies(uid: study).first).id, at: "tele")
        try desk.spool.dropImages([image])
        let note = try queue("1.3", isNote: true, isWithheld: true, in: desk)
        let answer = desk.ask(.dropDeadLetters(target: "\(note.image)@tele", study: nil))
        #expect(answer.code == .refused && answer.text.contains("goes by itself"))
        #expect(!answer.text.contains("--drop"))
    }

    @Test func whatOnlyWaitsIsNotGivenUpOneByOne() throws {
        let desk = try desk()
        let name = try "\(queue("1.1", in: desk).image)@tele"
        let drop = desk.ask(.dropDeadLetters(target: name, study: nil))
        #expect(drop.code == .refused && drop.text.hasPrefix("\(name) is no dead letter: it waits to be sent"))
    }

    @Test func aRetryOfAPausedDestinationSaysThatNothingIsSent() throws {
        let desk = try desk { $0.activity = .paused }
        _ = desk.ask(.changeDestination("tele", .pause))
        #expect(
            desk.ask(.retry(target: "tele", study: nil)).text
                == "what waits is tried now: tele; nothing was put off or given up; tele is paused: it is sent after kosgate "
                + "destination tele resume --why …\n")
    }

    @Test func aDocumentIsNotGivenUp() throws {
        let desk = try desk()
        let entry = try desk.study(study)
        let document = Outgoing(
            destinations: ["region"], identity: "1.9", version: "1", fileName: "1.9", content: [1])
        try desk.settle(entry, .refused, outgoing: [document])
        let letter = try #require(try desk.spool.pending(for: "region").first)
        try desk.spool.bury(letter.id, error: "A900", answer: nil, at: .now)
        let refused = desk.ask(.dropDeadLetters(target: "\(letter.id.value)", study: nil))
        #expect(refused.code == .refused && refused.text.contains("is a document"))
        #expect(try desk.spool.deadLetters().count == 1)
    }

    // MARK: Studies and the disk

    @Test func aStudyTellsOfItsImages() throws {
        let desk = try desk()
        try queue("1.1", in: desk)
        try bury(queue("1.2", in: desk), in: desk)
        let entry = try #require(try desk.spool.studies(uid: study).first)
        let life = OperatorCommand.study(.init(uid: study), view: .life)
        #expect(desk.ask(life).text.contains("images at tele: none was sent yet\nwaiting: 1, 2048 B\n"))
        #expect(desk.ask(life).text.contains("refused for good: 1; kosgate dead-letters tele --study 1.2.1 tells why"))
        try desk.spool.beginImages(of: entry.id, at: "tele")
        try desk.spool.store(
            Arrival(
                source: "ct", study: study, series: study + ".1", attributes: "", header: [1], receivedAt: .now,
                withholdsImages: true))
        #expect(desk.ask(life).text.contains("images at tele: some may be there, the history tells what was sent\n"))
        let withheld = try #require(try desk.spool.images(of: entry.id).first { $0.state == .waiting }).name
        #expect(
            desk.ask(life).text.contains(
                "withheld: 1 (\(withheld)); a rejection note or a decision came, and the study is judged first\n"))
        try desk.settle(entry, .published)
        try desk.spool.dropImages(desk.spool.images(of: entry.id).map(\.id))
        #expect(desk.ask(life).text.contains("images at tele: nothing waits, the history tells what was sent\n"))
        let images = try #require((try desk.json(life)["studies"] as? [[String: Any]])?.first?["images"])
        let tele = try #require((images as? [[String: Any]])?.first)
        #expect(tele["may_hold"] as? Bool == true && tele["waiting"] as? Int == 0)
    }

    @Test func theStatusTellsWhatFillsTheDisk() throws {
        let desk = try desk()
        try queue("1.1", bytes: 20 << 10, in: desk)
        let text = desk.ask(.status).text
        #expect(text.contains("20 KiB: 20 KiB for tele"))
        #expect(text.contains("1024 MiB of the disk stay free for headers"))
        let images = try #require(try desk.json(.status)["images"] as? [String: Any])
        #expect((images["bytes"] as? Int ?? 0) >= 20 << 10 && images["reserve"] as? Int == 1 << 30)
        #expect(images["is_refused"] as? Bool == false)
        #expect(try !PreparedDesk().ask(.status).text.contains("images"))
    }
}
