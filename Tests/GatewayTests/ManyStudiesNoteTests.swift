import DICOM
import DICOMNetwork
import TestSupport
import Testing

@testable import Gateway

/// One rejection note that names very many studies.
struct ManyStudiesNoteTests {
    private static let root = "1.2.826.0.1.3680043.10.998"

    private static func series(of study: String, _ count: Int) -> [TestInstance] {
        (1...count).map { number in
            var instance = TestInstance(instanceUID: "\(study).1.\(number)", instanceNumber: number)
            (instance.seriesUID, instance.studyUID) = ("\(study).1", study)
            return instance
        }
    }

    /// Of a study of its own, for so many instances of each of these studies.
    private static func note(_ studies: [String], _ count: Int) -> TestInstance {
        var note = TestInstance.note("113001", for: [])
        (note.instanceUID, note.seriesUID, note.studyUID) = ("\(root).9.9.1", "\(root).9.9", "\(root).9")
        var builder = DataSetBuilder()
        builder.sequence(.currentRequestedProcedureEvidenceSequence) { items in
            for study in studies {
                items.item { item in
                    item.sequence(.referencedSeriesSequence) { series in
                        series.item { item in
                            item.sequence(.referencedSOPSequence) { references in
                                for instance in Self.series(of: study, count) {
                                    references.item {
                                        $0.element(.referencedSOPClassUID, .UI, SOPClassUID.ctImage.text)
                                        $0.element(.referencedSOPInstanceUID, .UI, instance.instanceUID)
                                    }
                                }
                            }
                            item.element(.seriesInstanceUID, .UI, "\(study).1")
                        }
                    }
                    item.element(.studyInstanceUID, .UI, study)
                }
            }
        }
        note.evidence = builder.bytes
        return note
    }

    @Test func eachStudyIsFreedOfItsOwnAndWhatElseComesWaitsForNoneOfThem() throws {
        let gateway = try RunningGateway()
        let named = (1...200).map { "\(Self.root).\($0)" }
        let first = Self.series(of: named[0], 3)
        try gateway.sendWhole(first)
        #expect(try gateway.manifest().references.count == 3)
        try gateway.restart()
        #expect(try gateway.send([Self.note(named, 2)]) == [.success])
        let other = TestInstance.series(1)
        try gateway.send(other)
        let manifests = try [gateway.manifest(1), gateway.manifest(2)].map(\.references)
        #expect(Set(manifests) == [[first[2].instanceUID], [other[0].instanceUID]])
        // What the note says of a study of which nothing ever came holds when it comes.
        let last = Self.series(of: named[199], 3)
        try gateway.sendWhole(last)
        #expect(try gateway.manifest().references == [last[2].instanceUID])
        #expect(!gateway.told.contains { if case .studyHeld = $0 { true } else { false } })
    }
}
