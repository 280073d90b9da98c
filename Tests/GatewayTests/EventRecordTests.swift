import DICOM
import Foundation
import Studies
import Testing

@testable import Gateway

struct EventRecordTests {
    private static let systemsOwn = ["/usr/lib/systemd/catalog/systemd.catalog", "/usr/include/systemd/sd-messages.h"]

    @Test func everyKindIsThatOfAnEvent() {
        #expect(Set(EventSamples.all.map(\.record.kind)) == Set(EventKind.allCases))
    }

    @Test func everyEventIsALineAndHasItsFields() {
        for record in EventSamples.all.map(\.record) {
            #expect(!record.message.isEmpty && !record.message.contains("\n"), "\(record.kind)")
            #expect((2...6).contains(record.priority), "\(record.kind)")
            let fields = record.journalFields
            let names = fields.map { $0.name.description }
            #expect(Set(names).count == names.count, "\(record.kind)")
            #expect(names.starts(with: ["MESSAGE", "PRIORITY", "MESSAGE_ID", "SYSLOG_IDENTIFIER", "KOSGATE_EVENT"]))
            for name in names {
                #expect(name.wholeMatch(of: /[A-Z][A-Z0-9_]{0,63}/) != nil, "\(record.kind): \(name)")
            }
            #expect(fields.contains { $0.name.description == "MESSAGE_ID" && $0.value == record.kind.messageID })
        }
    }

    @Test func aKindIsKnownByOneID() {
        let ids = EventKind.allCases.map(\.messageID)
        #expect(Set(ids).count == ids.count)
        for id in ids { #expect(id.wholeMatch(of: /[0-9a-f]{32}/) != nil, "\(id)") }
        for kind in EventKind.allCases {
            #expect(kind.rawValue.wholeMatch(of: /[a-z]+(-[a-z]+)*/) != nil, "\(kind)")
        }
    }

    @Test(.enabled(if: systemsOwn.contains { FileManager.default.fileExists(atPath: $0) }, "needs systemd's own list"))
    func noIDIsOneOfTheSystemsOwn() throws {
        var known: Set<String> = []
        for path in Self.systemsOwn {
            let text = ((try? String(contentsOfFile: path, encoding: .utf8)) ?? "").replacing(/[-,]/, with: "")
            known.formUnion(text.matches(of: /[0-9a-f]{32}/).map { String($0.0) })
        }
        #expect(known.count > 20)
        #expect(known.isDisjoint(with: EventKind.allCases.map(\.messageID)))
    }

    @Test func whatAPeerMadeUpForgesNoLine() {
        let record = OperatorEvent.studyRemark(EventSamples.study, remark: "one\ntwo").record
        #expect(record.message.hasSuffix("one\\u{a}two"))
        #expect(record["KOSGATE_REASON"] == "one\\u{a}two")
        let refused = OperatorEvent.configurationRefused(file: "a", findings: ["one\n", "two"]).record
        #expect(refused["KOSGATE_REASON"] == "one\\u{a}\ntwo")
    }

    @Test func noFieldIsLongerThanTheJournalIsGood() {
        let long = String(repeating: "é", count: 10_000)
        let record = OperatorEvent.studyRemark(EventSamples.study, remark: long).record
        #expect((record["KOSGATE_REASON"] ?? "").utf8.count < 8200)
        #expect((record["KOSGATE_REASON"] ?? "").hasSuffix("..."))
    }

    @Test func eventsAreAlikeByWhatTheyAreAbout() {
        #expect(OperatorEvent.destinationUp(destination: EventSamples.region).record.subject == "region")
        #expect(
            OperatorEvent.associationRefused(peer: EventSamples.peer, reason: "").record.subject == "192.0.2.7")
        #expect(
            OperatorEvent.studyUnchanged(EventSamples.study).record.subject
                == EventSamples.study.studyInstanceUID.text)
        #expect(OperatorEvent.spoolWritable.record.subject == "")
    }
}
