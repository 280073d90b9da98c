import DICOM
import DICOMNetwork
import TestSupport
import Threads

/// A small PACS over TCP: answers C-FIND and C-GET from a list of images, with the habits that a test gives it.
final class ScriptedPACS {
    struct Image: Sendable {
        var study = "1.2.3"
        let series: String
        let instance: String
        var sopClass = SOPClassUID.ctImage.text
        var date = "20260315"
    }

    /// What an IMAGE level question without series gets.
    enum Relational: Sendable {
        case answers
        case tellsNothing
        case tellsOneSeries
        case refuses
    }

    struct Habits: Sendable {
        var relational = Relational.answers
        var counts = true
        var offersGet = true
        /// Nothing is sent of a list that has an instance it does not know.
        var refusesListsWithStrangers = false
        /// What it sends instead of what was asked for.
        var sendsInstead: Image?
        var status = Status.success
    }

    let port: UInt16
    /// What was asked, in order: "FIND STUDY", "GET 1.2.3.1\1.2.3.2", "MOVE KOSGATE 1.2.3.1".
    let log = Monitor<[String]>([])
    private let listener = ScriptedPeer.Listener()
    private let thread: OSThread

    init(_ images: [Image], _ change: (inout Habits) -> Void = { _ in }) throws {
        var habits = Habits()
        change(&habits)
        port = listener.port
        let refused: Set<SOPClassUID> = habits.offersGet ? [] : [.studyRootGet]
        let (listener, log, final) = (listener, log, habits)
        thread = try OSThread(name: "PACS") {
            while true {
                let peer = QueryPeer(listener, refusing: refused)
                guard !peer.request.contexts.isEmpty else { return }
                let answers = Answers(images: images, habits: final, log: log, peer: peer)
                while let request = peer.receive() { answers.answer(request) }
                peer.send(Wire.releaseResponse)
            }
        }
    }

    deinit {
        // A connection that asks for nothing ends it.
        ScriptedPeer(connectingTo: port).close()
        thread.join()
    }
}

/// One association of the PACS.
private struct Answers {
    let images: [ScriptedPACS.Image]
    let habits: ScriptedPACS.Habits
    let log: Monitor<[String]>
    let peer: QueryPeer

    func answer(_ request: QueryPeer.Received) {
        let context = peer.request.contexts.first { $0.id == request.context }
        let syntax = context?.transferSyntaxes.first ?? .implicitVRLittleEndian
        guard let keys = try? DataSet(parsing: request.dataSet ?? [], transferSyntax: syntax) else { return }
        switch request.command.field {
        case .findRequest: find(request, keys, syntax)
        case .getRequest: get(request, keys)
        case .moveRequest: move(request, keys)
        default: break
        }
    }

    private func matching(_ keys: DataSet) -> [ScriptedPACS.Image] {
        let matches = { (tag: Tag, value: String) in
            let wanted = keys.strings(tag).filter { !$0.isEmpty }
            return wanted.isEmpty || wanted.contains(value)
        }
        return images.filter {
            matches(.studyInstanceUID, $0.study) && matches(.seriesInstanceUID, $0.series)
                && matches(.sopInstanceUID, $0.instance) && matches(.studyDate, $0.date)
        }
    }

    private func find(_ request: QueryPeer.Received, _ keys: DataSet, _ syntax: TransferSyntax) {
        let level = keys.string(.queryRetrieveLevel) ?? ""
        let isRelational = level == "IMAGE" && keys.string(.seriesInstanceUID) == nil
        log.withLock { $0.append("FIND \(isRelational ? "all of " : "")\(level)") }
        var found = matching(keys)
        if isRelational {
            switch habits.relational {
            case .answers: break
            case .tellsNothing: found = []
            case .tellsOneSeries: found = found.filter { $0.series == found.first?.series }
            case .refuses: return peer.answer(request, Status(rawValue: 0xA900))
            }
        }
        var seen: Set<String> = []
        for image in found {
            let name = level == "STUDY" ? image.study : level == "SERIES" ? image.series : image.instance
            guard seen.insert(name).inserted else { continue }
            peer.answer(request, .pending, identifier: match(image, level, syntax))
        }
        peer.answer(request, habits.status)
    }

    private func match(_ image: ScriptedPACS.Image, _ level: String, _ syntax: TransferSyntax) -> [UInt8] {
        var set = DataSetBuilder(syntax.encoding)
        if level == "IMAGE" {
            set.element(.sopClassUID, .UI, image.sopClass)
            set.element(.sopInstanceUID, .UI, image.instance)
        }
        if level == "STUDY" { set.element(.studyDate, .DA, image.date) }
        set.element(.queryRetrieveLevel, .CS, level)
        set.element(.retrieveAETitle, .AE, "PACS")
        if level == "STUDY" { set.element(.patientID, .LO, "IPP0042") }
        set.element(.studyInstanceUID, .UI, image.study)
        if level != "STUDY" { set.element(.seriesInstanceUID, .UI, image.series) }
        if level == "STUDY", habits.counts {
            let count = images.count { $0.study == image.study }
            set.element(.numberOfStudyRelatedInstances, .IS, String(count))
        }
        return set.bytes
    }

    private func get(_ request: QueryPeer.Received, _ keys: DataSet) {
        let asked = keys.strings(.sopInstanceUID)
        log.withLock { $0.append("GET \(asked.joined(separator: "\\"))") }
        var found = matching(keys)
        if habits.refusesListsWithStrangers, found.count < asked.count {
            return peer.answer(request, .cannotUnderstand)
        }
        if let other = habits.sendsInstead { found = [other] }
        for image in found {
            let sopClass = SOPClassUID(image.sopClass)
            guard let context = peer.request.contexts.first(where: { $0.abstractSyntax == sopClass }) else { continue }
            peer.store(header(image), instance: image.instance, context: context.id, sopClass: image.sopClass)
            _ = peer.receive()
        }
        peer.answer(request, .success) { $0.suboperations.completed = UInt16(found.count) }
    }

    private func header(_ image: ScriptedPACS.Image) -> [UInt8] {
        var set = DataSetBuilder()
        set.element(.sopClassUID, .UI, image.sopClass)
        set.element(.sopInstanceUID, .UI, image.instance)
        set.element(.studyInstanceUID, .UI, image.study)
        set.element(.seriesInstanceUID, .UI, image.series)
        return set.bytes
    }

    private func move(_ request: QueryPeer.Received, _ keys: DataSet) {
        let destination = AETitle(bytes: request.command.moveDestination)
        let asked = keys.strings(.sopInstanceUID)
        log.withLock { $0.append("MOVE \(destination) \(asked.joined(separator: "\\"))") }
        peer.answer(request, .success) { $0.suboperations.completed = UInt16(matching(keys).count) }
    }
}
