import DICOM

/// A study as the PACS tells of it at STUDY level.
struct PACSStudy: Sendable, Hashable {
    let study: StudyUID
    /// Number of Study Related Instances (0020,1208); nil where the PACS does not count.
    let instances: Int?
    /// All that it told.
    let attributes: DataSet

    /// nil: the match names no study.
    init?(_ match: DataSet) {
        guard let study: StudyUID = match.uid(.studyInstanceUID) else { return nil }
        self.study = study
        instances = match.int(.numberOfStudyRelatedInstances)
        attributes = match
    }
}

/// An instance as the PACS tells of it at IMAGE level.
struct PACSInstance: Sendable, Hashable {
    let instance: InstanceUID
    let series: SeriesUID
    /// nil where the PACS does not tell.
    let sopClass: SOPClassUID?
    let attributes: DataSet

    /// nil: the match is of another study, or names no instance.
    /// - Parameter series: which was asked for; nil: the match must tell.
    init?(_ match: DataSet, of study: StudyUID, in series: SeriesUID?) {
        if let named: StudyUID = match.uid(.studyInstanceUID), named != study { return nil }
        guard let instance: InstanceUID = match.uid(.sopInstanceUID) else { return nil }
        let named: SeriesUID? = match.uid(.seriesInstanceUID)
        guard let series = named ?? series else { return nil }
        self.instance = instance
        self.series = series
        sopClass = match.uid(.sopClassUID)
        attributes = match
    }
}
