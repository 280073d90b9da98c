import DICOM

extension PACSQuery {
    /// Compares the studies of some days with what is published: those that the PACS tells of, and those that are
    /// published. Days are YYYYMMDD.
    /// - Parameters:
    ///   - published: studies of these days that have a manifest; where the PACS does not name one of them, it is asked
    ///     for by its UID, since its date may have been changed.
    ///   - known: what the gateway knows of a study.
    ///   - report: called with each difference.
    /// - Throws: what stopped it; what was reported stands.
    func reconcile(
        days: [String], published: [StudyUID], by comparison: StudyComparison = StudyComparison(),
        known: (StudyUID) -> StudyComparison.Known?, report: (StudyComparison.Proposal) -> Void
    ) throws(PACSError) {
        var compared: Set<StudyUID> = []
        for day in days {
            for found in try studies(from: day, to: day) where compared.insert(found.study).inserted {
                if configuration.isStopped() { throw .stopped }
                // What never came is told without asking for its instances.
                let known = known(found.study)
                let held = known == nil ? [] : try instances(ofStudy: found.study)
                comparison.compare(found.study, held: held, known: known).forEach(report)
            }
        }
        for study in published where compared.insert(study).inserted {
            if configuration.isStopped() { throw .stopped }
            guard let known = known(study) else { continue }
            let held = try self.study(study) == nil ? nil : try instances(ofStudy: study)
            comparison.compare(study, held: held, known: known).forEach(report)
        }
    }
}
