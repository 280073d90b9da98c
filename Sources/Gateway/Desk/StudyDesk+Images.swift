import Forwarding
import Spool

/// A destination's sender, as an operator reaches it.
struct ImageSwitch: Sendable {
    let name: String
    let condition: @Sendable () -> ImageDestinationCondition
    /// Tries again now, however long the wait was to be.
    let probe: @Sendable () -> Void
    /// Durable when it returns, and obeyed by all who ask.
    let setMode: @Sendable (DestinationMode, OperatorWord) throws(SpoolError) -> Void
}

extension ImageSwitch {
    /// - Parameter modes: what arriving instances ask.
    init(_ name: String, _ forwarder: ImageForwarder, _ modes: DestinationModes) {
        self.init(
            name: name, condition: { forwarder.condition }, probe: { forwarder.probe() },
            setMode: { mode, word throws(SpoolError) in
                let since = try forwarder.setMode(mode, by: word.by, why: word.why)
                modes.note(mode, of: name, since: since)
            })
    }
}

extension StudyDesk {
    var imageDestinations: [DestinationStatus] {
        imageSwitches.map { image in
            let condition = image.condition()
            return DestinationStatus(
                outbox: image.name, place: condition.destination, state: DestinationStatus.State(condition),
                traffic: condition)
        }
    }

    func setMode(
        of destination: String, to mode: DestinationMode, by word: OperatorWord
    ) throws(OperatorRefusal) {
        guard let image = imageSwitches.first(where: { $0.name == destination }) else {
            throw OperatorRefusal("'\(destination)' is no image destination of the configuration")
        }
        do throws(SpoolError) { try image.setMode(mode, word) } catch { throw OperatorRefusal(error) }
    }
}
