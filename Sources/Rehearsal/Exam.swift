import DICOM

/// The instances of an invented study that an entry of the sheet begins with, and what may follow them.
struct Exam: Hashable {
    var study: StudyUID
    var patient: InventedPatient
    var accessionNumber: String
    var facts: InventedFacts
    /// Makes the UIDs: exams of different words share none.
    var words: String
    /// Basic Text SR beside the images, for a configuration that waits for the report.
    var hasReport: Bool

    init(_ words: String, patient: InventedPatient, accessionNumber: String, facts: InventedFacts, hasReport: Bool) {
        self.words = words
        self.patient = patient
        self.accessionNumber = accessionNumber
        self.facts = facts
        self.hasReport = hasReport
        study = StudyUID(InventedUID.text("study of \(words)"))
    }

    /// Two series of three and two images, and the report.
    var instances: [InventedInstance] { firstSeries + secondSeries + (hasReport ? [report] : []) }
    var firstSeries: [InventedInstance] { series(1, images: 3) }
    var secondSeries: [InventedInstance] { series(2, images: 2) }
    /// A reconstruction.
    var addedSeries: [InventedInstance] { series(3, images: 2) }

    /// - Parameter generation: another one has UIDs of its own, of series and instances.
    func series(_ number: Int, images: Int, generation: Int = 0) -> [InventedInstance] {
        (1...images).map { image(number, $0, generation: generation) }
    }

    /// - Parameter generation: another one has a SOP Instance UID of its own, in the series `series`.
    func image(
        _ series: Int, _ number: Int, generation: Int = 0, inSeriesOf seriesGeneration: Int? = nil
    ) -> InventedInstance {
        let seriesWords = "series \(series).\(seriesGeneration ?? generation) of \(words)"
        return InventedInstance(
            sopInstanceUID: InstanceUID(
                InventedUID.text("image \(number).\(generation) in series \(series) of \(words)")),
            seriesInstanceUID: SeriesUID(InventedUID.text(seriesWords)), studyInstanceUID: study, patient: patient,
            accessionNumber: accessionNumber, seriesNumber: series, instanceNumber: number, facts: facts)
    }

    private var report: InventedInstance {
        var report = image(9, 1)
        report.sopClassUID = .basicTextSR
        return report
    }

    /// The whole exam with other UIDs of series and instances.
    func renewed(_ generation: Int = 1) -> [InventedInstance] {
        instances.map { instance in
            var renewed = image(instance.seriesNumber, instance.instanceNumber, generation: generation)
            renewed.sopClassUID = instance.sopClassUID
            return renewed
        }
    }

    /// The same study, as another patient's.
    func moved(to patient: InventedPatient, accessionNumber: String? = nil) -> Exam {
        var exam = self
        exam.patient = patient
        if let accessionNumber { exam.accessionNumber = accessionNumber }
        return exam
    }
}

extension [InventedInstance] {
    /// The same instances with another content.
    var changed: [InventedInstance] {
        map { instance in
            var copy = instance
            copy.revision += 1
            return copy
        }
    }
}
