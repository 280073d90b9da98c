import Associations
import DICOM
import DICOMNetwork
import Foundation
import Gateway
import KeyObjects
import Spool
import Studies
import TestSupport
import Testing
import Threads

/// A gateway in this process, on a port of its own, with a data directory that outlives a restart.
final class RunningGateway {
    let directory: String
    private(set) var configuration: Configuration
    private let events = Monitor<[OperatorEvent]>([])
    private let post: @Sendable (OperatorEvent) -> Void
    private var service: GatewayService?
    private var thread: OSThread?

    /// - Parameter post: is told each event too.
    init(
        _ change: (inout Configuration) -> Void = { _ in }, post: @escaping @Sendable (OperatorEvent) -> Void = { _ in }
    ) throws {
        self.post = post
        directory = NSTemporaryDirectory() + "gateway-" + UUID().uuidString
        configuration = Configuration.embeddedDefault
        configuration.port = 0
        configuration.dataDirectory = directory
        configuration.limits.diskReserve = 0
        configuration.limits.imageReserve = 0
        configuration.defaults.quietPeriod = .milliseconds(40)
        change(&configuration)
        try start()
    }

    deinit {
        stop()
        try? FileManager.default.removeItem(atPath: directory)
    }

    var port: UInt16 { service?.port ?? 0 }
    var told: [OperatorEvent] { events.withLock { $0 } }

    /// Of its one study, once it has stopped.
    var history: [HistoryEvent] {
        get throws {
            let spool = try Spool(Spool.Configuration(directory: directory + "/spool"))
            defer { spool.close() }
            return try spool.history(of: #require(try spool.studies().first).id)
        }
    }

    func patientID(of study: StudyKey) -> String? { service?.patientID(of: study) }

    func start() throws {
        let service = try GatewayService(configuration: configuration) { [events, post] event in
            post(event)
            events.update { $0.append(event) }
        }
        self.service = service
        thread = try OSThread(name: "gateway") {
            do throws(GatewayError) { try service.run() } catch { Issue.record("the gateway ended: \(error)") }
        }
    }

    func stop() {
        service?.stop(reason: "test", within: .zero)
        thread?.join()
        thread = nil
        service = nil
    }

    func restart(_ change: (inout Configuration) -> Void = { _ in }) throws {
        stop()
        change(&configuration)
        events.withLock { $0 = [] }
        try start()
    }

    /// Waits for the n-th event that `match` takes; nil after twenty seconds.
    func wait<Result>(_ count: Int = 1, for match: (OperatorEvent) -> Result?) -> Result? {
        events.wait(until: .now + .seconds(20)) { events in
            let matches = events.compactMap(match)
            return matches.count >= count ? matches[count - 1] : nil
        }
    }

    /// The path of the n-th manifest that was delivered into the folder.
    func manifest(_ count: Int = 1) throws -> KeyObjectFile {
        let path = try #require(
            wait(count) { if case .manifestDelivered(_, _, _, let place) = $0 { place } else { nil } },
            "no manifest \(count); told: \(told)")
        return try KeyObjectFile(path: path)
    }

    // MARK: The PACS

    func associate(
        called: String = "KOSGATE", calling: String = "PACS", classes: Set<SOPClassUID> = [.ctImage]
    ) throws(AssociationError) -> Association {
        try Association(
            Association.Configuration(
                host: "127.0.0.1", port: port, called: AETitle(called), calling: AETitle(calling)),
            proposing: classes.map { Association.Proposal($0, [.explicitVRLittleEndian]) } + [.verification])
    }

    /// Sends so that nothing settles before all is there, however slow the machine: what follows is told of all of it.
    @discardableResult
    func sendWhole(_ parts: [TestInstance]..., calling: [String] = []) throws -> [Status] {
        let (quietPeriod, sources) = (configuration.defaults.quietPeriod, configuration.sources)
        try restart { configuration in
            configuration.defaults.quietPeriod = .seconds(3600)
            for index in configuration.sources.indices {
                configuration.sources[index].settings.quietPeriod = .seconds(3600)
            }
        }
        let statuses = try parts.enumerated().flatMap { number, part in
            try send(part, calling: number < calling.count ? calling[number] : "PACS")
        }
        try restart { ($0.defaults.quietPeriod, $0.sources) = (quietPeriod, sources) }
        return statuses
    }

    @discardableResult
    func send(_ instances: [TestInstance], calling: String = "PACS") throws -> [Status] {
        var association = try associate(calling: calling, classes: Set(instances.map(\.sopClassUID)))
        var statuses: [Status] = []
        for instance in instances {
            statuses.append(
                try association.store(
                    sopClassUID: instance.sopClassUID, sopInstanceUID: InstanceUID(instance.commandInstanceUID),
                    transferSyntax: .explicitVRLittleEndian, dataSet: .bytes(instance.dataSet)
                ).status)
        }
        try association.release()
        return statuses
    }
}

/// A CT image of an invented patient, or another instance that looks like one.
struct TestInstance {
    var sopClassUID = SOPClassUID.ctImage
    var instanceUID = "1.2.826.0.1.3680043.10.999.1.1.1"
    /// What the command announces; the instance's own unless a test says otherwise.
    var announcedUID: String?
    var seriesUID: String? = "1.2.826.0.1.3680043.10.999.1.1"
    var studyUID: String? = "1.2.826.0.1.3680043.10.999.1"
    var instanceNumber = 1
    var patientID = "IPP0042"
    var issuerOfPatientID: String?
    var accessionNumber: String? = "A2026001"
    /// The code of a key object selection's title, of the scheme DCM.
    var title: String?
    /// SOP Instance UIDs that a key object selection refers to, all of the series `referencedSeries`.
    var references: [String] = []
    /// Bytes of pixel data, where it has any.
    var pixels = 40_000
    /// Missing at the end.
    var lostBytes = 0
    /// The study that the evidence names; nil: its own.
    var evidenceStudyUID: String?
    var referencedSeries = "1.2.826.0.1.3680043.10.999.1.1"
    /// Current Requested Procedure Evidence Sequence as it is sent; nil: of `references`.
    var evidence: [UInt8]?

    /// A rejection note of this study for instances of it.
    static func note(_ title: String, for references: [String], number: Int = 1) -> TestInstance {
        var note = TestInstance(instanceUID: "1.2.826.0.1.3680043.10.999.1.9.\(number)")
        (note.sopClassUID, note.title, note.references) = (.keyObjectSelectionDocument, title, references)
        note.seriesUID = "1.2.826.0.1.3680043.10.999.1.9"
        return note
    }

    var commandInstanceUID: String { announcedUID ?? instanceUID }

    static func series(_ count: Int, from first: Int = 1) -> [TestInstance] {
        (first..<first + count).map { number in
            TestInstance(instanceUID: "1.2.826.0.1.3680043.10.999.1.1.\(number)", instanceNumber: number)
        }
    }

    var dataSet: [UInt8] {
        var builder = DataSetBuilder()
        builder.element(.specificCharacterSet, .CS, "ISO_IR 100")
        builder.element(.sopClassUID, .UI, sopClassUID.text)
        builder.element(.sopInstanceUID, .UI, instanceUID)
        builder.element(.studyDate, .DA, "20260315")
        builder.element(.studyTime, .TM, "101500")
        if let accessionNumber { builder.element(.accessionNumber, .SH, accessionNumber) }
        builder.element(.modality, .CS, "CT")
        builder.element(.patientName, .PN, "EXEMPLE^ODETTE")
        builder.element(.patientID, .LO, patientID)
        if let issuerOfPatientID { builder.element(.issuerOfPatientID, .LO, issuerOfPatientID) }
        builder.element(.patientBirthDate, .DA, "19610203")
        builder.element(.patientSex, .CS, "F")
        if let studyUID { builder.element(.studyInstanceUID, .UI, studyUID) }
        if let seriesUID { builder.element(.seriesInstanceUID, .UI, seriesUID) }
        builder.element(.instanceNumber, .IS, String(instanceNumber))
        if let title {
            builder.sequence(.conceptNameCodeSequence) { sequence in
                sequence.item { item in
                    item.element(.codeValue, .SH, title)
                    item.element(.codingSchemeDesignator, .SH, "DCM")
                    item.element(.codeMeaning, .LO, "TITLE")
                }
            }
        }
        if let evidence {
            builder.raw(evidence)
        } else if references.isEmpty {
            builder.element(.pixelData, .OW, bytes: [UInt8](repeating: 0x55, count: pixels))
        } else {
            writeEvidence(&builder)
        }
        return Array(builder.bytes.dropLast(lostBytes))
    }

    private func writeEvidence(_ builder: inout DataSetBuilder) {
        builder.sequence(.currentRequestedProcedureEvidenceSequence) { studies in
            studies.item { item in
                item.sequence(.referencedSeriesSequence) { series in
                    series.item { item in
                        item.sequence(.referencedSOPSequence) { instances in
                            for reference in references {
                                instances.item { item in
                                    item.element(.referencedSOPClassUID, .UI, SOPClassUID.ctImage.text)
                                    item.element(.referencedSOPInstanceUID, .UI, reference)
                                }
                            }
                        }
                        item.element(.seriesInstanceUID, .UI, referencedSeries)
                    }
                }
                item.element(.studyInstanceUID, .UI, evidenceStudyUID ?? studyUID ?? "")
            }
        }
    }
}

/// A manifest as a consumer reads it.
struct KeyObjectFile {
    let dataSet: DataSet

    init(path: String) throws {
        dataSet = try Part10File.read(Array(Data(contentsOf: URL(fileURLWithPath: path))).span.bytes).dataSet
    }

    init(_ dataSet: DataSet) { self.dataSet = dataSet }

    func text(_ tag: DICOM.Tag) -> String { dataSet.string(tag) ?? "" }

    private var series: [DataSet] {
        dataSet.items(.currentRequestedProcedureEvidenceSequence).flatMap { $0.items(.referencedSeriesSequence) }
    }

    /// Series Instance UIDs of the evidence, in order.
    var seriesUIDs: [String] { series.compactMap { $0.string(.seriesInstanceUID) } }

    /// SOP Instance UIDs of the evidence, in order.
    var references: [String] {
        series.flatMap { $0.items(.referencedSOPSequence) }
            .compactMap { $0.string(.referencedSOPInstanceUID) }
    }

    /// The value type by which the content lists each instance: `IMAGE`, `WAVEFORM` or `COMPOSITE`.
    var valueTypes: [String: String] {
        let items = dataSet.items(.contentSequence).map { item in
            let instance = item.items(.referencedSOPSequence).first?.string(.referencedSOPInstanceUID)
            return (instance ?? "", item.string(.valueType) ?? "")
        }
        return [String: String](items.filter { !$0.0.isEmpty }, uniquingKeysWith: { "\($0) and \($1)" })
    }
}
