import Associations
import DICOMNetwork
import TestSupport
import Testing
import Threads

/// Case 17, and peers that hold connections without an association.
struct WaitingConnectionTests {
    private func isAnswered(_ peer: ScriptedPeer) -> Bool {
        peer.send(Wire.echo())
        let response = peer.receivePDU()
        return (try? CommandSet(decoding: Array(response.dropFirst(12)).span.bytes).status) == 0
    }

    /// Each silent one is ended by the third after it, and who asks gets in.
    @Test func silentPeersLockNobodyOut() throws {
        let running = try RunningListener {
            $0.associationLimit = 1
            $0.waitingLimit = 1
        }
        let silent = (0..<20).map { _ in running.connect() }
        let good = running.associate()
        #expect(isAnswered(good))
        for peer in silent.dropLast() { #expect(peer.isClosed()) }
        let late = running.connect()
        late.send(Array(Wire.associateRequest().prefix(40)))
        // The last of the silent ones has waited longer than the late one.
        #expect(silent[19].isClosed())
        #expect(isAnswered(good))
        let endings = running.handler.endings(20)
        #expect(endings == [Ending](repeating: .timedOut(.associationRequest), count: 20))
        #expect(running.handler.record.withLock { $0.troubles.isEmpty })
    }

    /// Who was rejected and does not leave gives way too, even while it goes on sending.
    @Test func whoWasRejectedAndStaysGivesWay() throws {
        let running = try RunningListener {
            $0.associationLimit = 1
            $0.waitingLimit = 1
            $0.deadlines.close = .seconds(60)
        }
        let good = running.associate()
        let rejected = running.connect()
        rejected.send(Wire.associateRequest())
        #expect(rejected.receivePDU().first == 3)
        rejected.send(Wire.associateRequest())
        let other = running.connect()
        other.send(Wire.associateRequest())
        #expect(other.receivePDU() == [3, 0, 0, 0, 0, 4, 0, 2, 3, 2])
        #expect(isAnswered(good))
        #expect(running.handler.endings() == [.rejected(.localLimitExceeded)])
        rejected.close()
        other.close()
    }

    @Test func anAssociationNeverGivesWay() throws {
        let running = try RunningListener {
            $0.associationLimit = 1
            $0.waitingLimit = 0
        }
        let good = running.associate()
        let other = running.connect()
        #expect(other.isClosed())
        let troubles = running.handler.record.wait(until: .now + .seconds(10)) {
            $0.troubles.isEmpty ? nil : $0.troubles
        }
        #expect(troubles == [.tooManyConnections(peerAddress: "127.0.0.1")])
        #expect(isAnswered(good))
    }
}
