import Associations
import DICOM
import Testing
import Threads

@testable import Forwarding
@testable import Spool

/// What the threads of a destination are told to do next; time is the test's own.
@Suite struct ImageScheduleTests {
    private let date = Timestamp(milliseconds: 1_000_000)

    private func at(_ seconds: Double) -> MonotonicInstant {
        MonotonicInstant(nanoseconds: Int64((1000 + seconds) * 1_000_000_000))
    }

    private func schedule(
        _ images: [ImageDelivery], _ change: (inout ImageForwarder.Configuration) -> Void = { _ in }
    ) -> ImageSchedule {
        var configuration = ImageForwarder.Configuration(
            outbox: "pacs", destination: "the PACS",
            association: Association.Configuration(
                host: "127.0.0.1", port: 104, called: AETitle("P"), calling: AETitle("K")),
            schedule: RetrySchedule(first: .seconds(2), ceiling: .seconds(300)))
        change(&configuration)
        var schedule = ImageSchedule(configuration, zone: LocalTime { _ in 12 * 60 })
        schedule.learnt(.running)
        schedule.nextPostponed = nil
        _ = schedule.order.read(at: at(0))
        schedule.order.found(images)
        for image in images { schedule.order.begun(image.study) }
        return schedule
    }

    private func send(
        _ schedule: inout ImageSchedule, _ worker: Int = 0, at seconds: Double, hasAssociation: Bool = true
    ) -> Int64? {
        var step = schedule.next(for: worker, hasAssociation: hasAssociation, at: at(seconds), date: date)
        if case .acknowledge(let images) = step {
            schedule.acknowledged(images, emptied: [])
            step = schedule.next(for: worker, hasAssociation: hasAssociation, at: at(seconds), date: date)
        }
        guard case .send(let image) = step else { return nil }
        return image.id.image
    }

    @Test func whoHasAnAssociationAndWaitsComesBeforeWhoWouldOpenOne() {
        var schedule = schedule([])
        #expect(send(&schedule, 0, at: 1) == nil)
        schedule.order.noteNews()
        _ = schedule.order.read(at: at(1))
        schedule.order.found([.of(1)])
        schedule.order.begun(StudyEntry.ID(1))
        #expect(send(&schedule, 1, at: 1, hasAssociation: false) == nil)
        #expect(send(&schedule, 0, at: 1) == 1)
    }

    @Test func whoMayNotOpenAnAssociationWaitsUntilItMay() {
        var schedule = schedule((1...9).map { .of($0) })
        #expect(send(&schedule, 0, at: 1) == 1)
        #expect(send(&schedule, 1, at: 1, hasAssociation: false) == 2)
        let limited = schedule.limited(1, at: at(1))
        #expect(limited?.associations == 1 && limited?.isNews == true)
        #expect(schedule.untouched(1, nil, at: at(1), date: date, chance: 0) == nil)
        schedule.order.lookAgain()
        #expect(schedule.next(for: 1, hasAssociation: false, at: at(2), date: date) == .wait(until: at(61)))
        #expect(send(&schedule, 1, at: 61, hasAssociation: false) == 2)
    }

    @Test func moreThanTheWaitingCanSendIsSentOnNewAssociations() {
        var schedule = schedule([.of(1), .of(2), .of(3)])
        #expect(send(&schedule, 0, at: 1) == 1)
        #expect(send(&schedule, 1, at: 1, hasAssociation: false) == 2)
        #expect(send(&schedule, 2, at: 1, hasAssociation: false) == 3)
    }

    @Test func oneImageProbesADestinationThatWasDown() {
        var schedule = schedule((1...9).map { .of($0) })
        for second in 0..<3 {
            #expect(send(&schedule, at: Double(second)) == 1)
            let change = schedule.untouched(
                0, DeliveryFailure(.unreachable, "no route"), at: at(Double(second)), date: date, chance: 0)
            #expect((change != nil) == (second == 2))
        }
        #expect(schedule.next(for: 0, hasAssociation: true, at: at(3), date: date) == .letGo)
        #expect(schedule.next(for: 0, hasAssociation: false, at: at(3), date: date) == .wait(until: at(4)))
        #expect(send(&schedule, 0, at: 4, hasAssociation: false) == 1)
        #expect(send(&schedule, 1, at: 4, hasAssociation: false) == nil, "one decides")
        let (change, _) = schedule.taken(0, remark: nil, at: at(4.1), date: date)
        #expect(change == .closed)
        #expect(send(&schedule, 1, at: 4.1, hasAssociation: false) == 2)
    }

    @Test func whatBeganBeforeAProbeDoesNotDecideIt() {
        var schedule = schedule((1...9).map { .of($0) })
        let failure = DeliveryFailure(.unreachable, "no route")
        for worker in 0..<4 { #expect(send(&schedule, worker, at: 0) == Int64(worker + 1)) }
        for worker in 0..<3 { _ = schedule.untouched(worker, failure, at: at(1), date: date, chance: 0) }
        schedule.probe(at: at(2))
        #expect(send(&schedule, 0, at: 2) == nil, "one is still on its way")
        #expect(schedule.untouched(3, failure, at: at(3), date: date, chance: 0) == nil)
        #expect(send(&schedule, 0, at: 3) != nil)
        #expect(schedule.untouched(0, failure, at: at(4), date: date, chance: 0) == nil, "it was told")
        guard case .open = schedule.breaker.state else { return #expect(Bool(false), "\(schedule.breaker.state)") }
    }

    @Test func aStudyThatIsRefusedWhereOthersAreTakenDoesNotTakeTheDestinationDown() {
        let bad = (1...20).map { ImageDelivery.of(Int64($0), study: 1) }
        var schedule = schedule(bad + [.of(30, study: 2)])
        let refusal = DeliveryFailure(.doubtful, "it answered 0xC000")
        #expect(send(&schedule, at: 0) == 1)
        #expect(schedule.failed(0, refusal, at: at(0), date: date, chance: 0).change == nil)
        #expect(send(&schedule, at: 1) == 30, "somebody else shows whose fault it is")
        _ = schedule.taken(0, remark: nil, at: at(1), date: date)
        schedule.order.lookAgain()
        _ = schedule.order.read(at: at(1))
        schedule.order.found(bad)
        var changes: [Breaker.Change] = []
        for place in 2...20 {
            #expect(send(&schedule, at: Double(place)) == Int64(place))
            let (fate, change) = schedule.failed(0, refusal, at: at(Double(place)), date: date, chance: 0)
            #expect(fate == .postpone(.seconds(12)))
            if let change { changes.append(change) }
        }
        #expect(changes.isEmpty)
    }

    @Test func whatIsTriedAgainIsNoMoreTheDestinationsTrouble() {
        var schedule = schedule([.of(1), .of(2)])
        let busy = DeliveryFailure(.busy, "it answered 0xA700")
        for place in 1...2 {
            #expect(send(&schedule, at: 0) == Int64(place))
            _ = schedule.failed(0, busy, at: at(0), date: date, chance: 0)
            _ = schedule.settled(.of(Int64(place)), .postpone(.seconds(2)), at: at(0))
        }
        schedule.nextPostponed = nil
        _ = schedule.order.read(at: at(2))
        schedule.order.found([.of(1)])
        #expect(send(&schedule, at: 2) == 1)
        _ = schedule.taken(0, remark: nil, at: at(2), date: date)
        #expect(schedule.takeTroubled() == [ImageDelivery.of(2).id])
    }

    @Test func aRefusalFromMemorySaysNothingOfTheDestination() {
        var schedule = schedule((1...9).map { .of($0) })
        for second in 0..<3 {
            #expect(send(&schedule, at: Double(second)) == 1)
            _ = schedule.untouched(
                0, DeliveryFailure(.unreachable, "no route"), at: at(Double(second)), date: date, chance: 0)
        }
        #expect(send(&schedule, at: 4, hasAssociation: false) == 1)
        schedule.refusedBefore(0)
        #expect(schedule.breaker.isHalfOpen)
        #expect(send(&schedule, at: 4, hasAssociation: false) == 2, "another one probes")
    }

    @Test func refusalsOfImagesThatWereDroppedAreForgottenInTheEnd() {
        var schedule = schedule([])
        for number in 1...Int64(ImageSchedule.refusalsLimit * 2) { _ = schedule.refused(.of(number), 0) }
        #expect(schedule.refusals.count <= ImageSchedule.refusalsLimit)
    }

    @Test func aDestinationThatRefusesEverythingIsLeftAlone() {
        var schedule = schedule((1...9).map { .of($0, study: $0) })
        let refusal = DeliveryFailure(.doubtful, "it answered 0x0110")
        var changes: [Breaker.Change] = []
        for place in 1...3 {
            #expect(send(&schedule, at: Double(place)) == Int64(place))
            if let change = schedule.failed(0, refusal, at: at(Double(place)), date: date, chance: 0).change {
                changes.append(change)
            }
        }
        #expect(changes == [.opened(delay: .seconds(2))])
    }

    @Test func acknowledgementsAreGroupedAndWrittenBeforeTheEnd() {
        var schedule = schedule((1...3).map { .of($0) })
        for place in 1...2 {
            #expect(send(&schedule, at: 0) == Int64(place))
            _ = schedule.taken(0, remark: nil, at: at(0), date: date)
        }
        #expect(send(&schedule, at: 0.05) == 3)
        schedule.isStopping = true
        #expect(
            schedule.next(for: 1, hasAssociation: false, at: at(0.06), date: date)
                == .acknowledge([.of(1), .of(2)]))
        schedule.acknowledged([.of(1), .of(2)], emptied: [])
        #expect(schedule.next(for: 1, hasAssociation: false, at: at(0.06), date: date) == .end)
        _ = schedule.taken(0, remark: nil, at: at(0.07), date: date)
        #expect(schedule.next(for: 0, hasAssociation: true, at: at(0.07), date: date) == .acknowledge([.of(3)]))
        schedule.acknowledged([.of(3)], emptied: [])
        #expect(schedule.next(for: 0, hasAssociation: true, at: at(0.07), date: date) == .letGo)
        #expect(schedule.next(for: 0, hasAssociation: false, at: at(0.07), date: date) == .end)
    }

    @Test func aSpoolThatFailsIsLeftAloneAndDoesNotKeepTheForwarderFromEnding() {
        var schedule = schedule([.of(1)])
        #expect(send(&schedule, at: 0) == 1)
        _ = schedule.taken(0, remark: nil, at: at(0), date: date)
        guard case .acknowledge(let group) = schedule.next(for: 0, hasAssociation: true, at: at(1), date: date)
        else { return #expect(Bool(false), "nothing is written down") }
        schedule.notWritten(group)
        let (delay, isNews) = schedule.stuck(.writing, "disk", at: at(1), date: date, chance: 0)
        #expect(delay == .seconds(2) && isNews)
        #expect(schedule.next(for: 0, hasAssociation: false, at: at(1), date: date) == .wait(until: at(3)))
        schedule.isStopping = true
        #expect(schedule.next(for: 0, hasAssociation: false, at: at(1), date: date) == .end)
    }

    @Test func aSpoolThatFailsIsToldWhenItBeginsEachHourAndWhenItEnds() {
        var schedule = schedule([.of(1)])
        func news(_ work: OurTrouble.Work = .writing, at seconds: Double) -> Bool {
            schedule.stuck(work, "disk", at: at(seconds), date: date, chance: 0).isNews
        }
        func isEndTold() -> Bool { schedule.ourTrouble.takeEnd() }
        #expect(news(at: 1))
        for second in [3.0, 7, 3600] {
            // A full disk can be read.
            schedule.read([], postponed: nil, at: at(second))
            #expect(!news(at: second) && !isEndTold())
        }
        #expect(!news(.reading, at: 3600.5))
        #expect(news(at: 3601))
        #expect(!news(at: 3602))
        schedule.acknowledged([.of(1)], emptied: [])
        #expect(!isEndTold(), "it cannot be read yet")
        schedule.read([], postponed: nil, at: at(3603))
        #expect(isEndTold())
        schedule.acknowledged([], emptied: [])
        #expect(!isEndTold(), "it is told once")
        #expect(news(at: 3700), "another time")
        schedule.asked(images: 0, of: 500, at: at(3701))
        #expect(!isEndTold(), "nothing was written")
        schedule.asked(images: 1, of: 500, at: at(3702))
        #expect(isEndTold())
        #expect(news(.reading, at: 3703))
        schedule.learnt(nil)
        #expect(!isEndTold())
        schedule.learnt(.paused)
        #expect(isEndTold(), "of one that is paused nothing else is read")
        #expect(news(.sending, at: 3704))
        _ = schedule.notAsked(nil, at: at(3705), chance: 0)
        #expect(!isEndTold())
        schedule.takesRequests()
        #expect(isEndTold())
    }

    @Test func anAssociationIsReleasedWhenItWasIdleForAWhile() {
        var schedule = schedule([])
        #expect(schedule.next(for: 0, hasAssociation: true, at: at(0), date: date) == .wait(until: at(5)))
        #expect(schedule.next(for: 0, hasAssociation: true, at: at(4.9), date: date) == .wait(until: at(5)))
        #expect(schedule.next(for: 0, hasAssociation: true, at: at(5), date: date) == .letGo)
        #expect(schedule.next(for: 0, hasAssociation: true, at: at(5), date: date) == .wait(until: at(10)))
        schedule.opening = [1]
        #expect(
            schedule.next(for: 0, hasAssociation: true, at: at(5.1), date: date) == .wait(until: at(5.2)),
            "the other one may be answered only when this one is released")
    }

    @Test func whereAResultMayComeItIsLookedFor() {
        var schedule = schedule([])
        func next(_ seconds: Double) -> ImageSchedule.Step {
            schedule.next(for: 0, hasAssociation: true, isListening: true, at: at(seconds), date: date)
        }
        #expect(next(0) == .listen)
        #expect(next(0) == .wait(until: at(0.25)))
        #expect(next(0.25) == .listen)
        #expect(next(29.9) == .listen, "it is kept for longer than an idle one")
        #expect(next(30) == .letGo)
    }

    @Test func aLowRateIsNotSharedAmongMany() {
        var schedule = schedule((1...9).map { .of($0) }) { ($0.associations, $0.throttle) = (8, 16 * 1024) }
        #expect(send(&schedule, 0, at: 1) == 1)
        #expect(send(&schedule, 1, at: 1) == nil)
        _ = schedule.taken(0, remark: nil, at: at(2), date: date)
        #expect(send(&schedule, 1, at: 2) == 2)
        #expect(schedule.configuration.fragmentLimit == 1024)
    }

    @Test func nothingBeginsBeforeTheModeIsKnownAndWhatIsSaidMeanwhileCounts() {
        var schedule = ImageSchedule(schedule([]).configuration, zone: LocalTime { _ in 0 })
        #expect(schedule.next(for: 0, hasAssociation: false, at: at(0), date: date) == .learnMode)
        #expect(schedule.next(for: 1, hasAssociation: false, at: at(0), date: date) == .wait(until: nil))
        schedule.learnt(nil)
        #expect(schedule.next(for: 1, hasAssociation: false, at: at(0), date: date) == .learnMode)
        schedule.set(.paused)
        schedule.learnt(.running)
        #expect(schedule.mode == .paused)
        #expect(schedule.next(for: 1, hasAssociation: true, at: at(0), date: date) == .letGo)
    }
}

extension ImageDelivery {
    static func of(_ number: Int64, study: Int64 = 1) -> ImageDelivery {
        ImageDelivery(
            id: ID(image: number, destination: "pacs"), study: StudyEntry.ID(study), instance: "1.2.\(number)",
            sopClass: TestImages.ct, transferSyntax: "1.2.840.10008.1.2.1", bytes: 1000, isUrgent: false,
            isBarrier: false, isWithheld: false, isSuperseded: false, state: .waiting, attempts: 0,
            queuedAt: Timestamp(milliseconds: 0))
    }
}
