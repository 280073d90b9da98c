import Foundation
import Testing

@testable import DICOMNetwork

/// `Table9-10.tsv` is PS3.8 Table 9-10: events in rows, states in columns.
struct AssociationMachineTests {
    typealias State = AssociationMachine.State
    typealias Event = AssociationMachine.Event

    private static func table() throws -> [[String]] {
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Table9-10.tsv")
        let rows = try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
        return rows.map { $0.split(separator: "\t").map(String.init) }
    }

    @Test(arguments: [AssociationMachine.Role.requestor, .acceptor])
    func everyCellIsTheStandards(role: AssociationMachine.Role) throws {
        let table = try Self.table()
        let states = try table[0].dropFirst(2).map { try #require(State(rawValue: $0)) }
        #expect(states == State.allCases)
        #expect(table.dropFirst().map { $0[0] } == Event.allCases.map(\.rawValue))
        for row in table.dropFirst() {
            let event = try #require(Event(rawValue: row[0]))
            for (state, cell) in zip(states, row.dropFirst(2)) { try expect(event, state, role, cell) }
        }
    }

    private func expect(_ event: Event, _ state: State, _ role: AssociationMachine.Role, _ cell: String) throws {
        var machine = AssociationMachine(role: role, state: state)
        guard cell != "-" else {
            #expect(throws: AssociationMachine.Misuse(state: state, event: event)) { try machine.handle(event) }
            #expect(machine.state == state)
            return
        }
        let parts = cell.split(separator: " ").map(String.init)
        let next = parts[1].split(separator: "|").map(String.init)
        let action = try machine.handle(event)
        #expect(action.rawValue == parts[0], "\(event.rawValue) in \(state.rawValue)")
        // AR-8 leads the requestor to Sta9 and the acceptor to Sta10; AE-6 an acceptable request to Sta3.
        let isSecond = action == .indicateReleaseCollision && role == .acceptor
        #expect(machine.state.rawValue == next[isSecond ? 1 : 0], "\(event.rawValue) in \(state.rawValue)")
    }

    @Test func aRequestThatIsNotAcceptableLeadsToTheEnd() throws {
        var machine = AssociationMachine(role: .acceptor, state: .awaitingRequest)
        #expect(try machine.handle(.associateRequestPDU, isAcceptable: false) == .examineRequest)
        #expect(machine.state == .awaitingClose)
    }

    @Test func rawValuesAreTheStandardsOwn() {
        #expect(State.allCases.map(\.rawValue) == (1...13).map { "Sta\($0)" })
        #expect(Event.allCases.map(\.rawValue) == (1...19).map { "Evt\($0)" })
        #expect(AssociationMachine.Action.allCases.count == 8 + 2 + 10 + 8)
    }
}
