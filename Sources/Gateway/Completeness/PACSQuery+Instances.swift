import Associations
import DICOM
import DICOMNetwork

extension PACSQuery {
    /// Every instance that the PACS has of a study; none when it does not know the study.
    func instances(ofStudy study: StudyUID) throws(PACSError) -> [PACSInstance] {
        var association = try open([.query(.find)])
        let count = try self.study(study, &association)?.instances
        let found = try instances(ofStudy: study, asking: [], count: count, &association)
        try? association.release()
        return found
    }

    /// Asks once for all of the study, which a PACS need not be able to answer (relational query, PS3.4 §C.4.1.2.2.2):
    /// some fail then, some tell of nothing, some of one series. So that answer counts only when it has as many
    /// instances as the PACS says that there are; else series by series, which every PACS must answer (§C.4.1.2.2.1).
    /// - Parameter count: Number of Study Related Instances; nil: not told.
    func instances(
        ofStudy study: StudyUID, asking tags: [Tag], count: Int?, _ association: inout Association
    ) throws(PACSError) -> [PACSInstance] {
        if let count, count > 0, let all = try relational(study, tags, &association), all.count == count { return all }
        var query = Query(.series)
        query.match(.studyInstanceUID, study)
        query.ask(for: .seriesInstanceUID)
        var seen: Set<SeriesUID> = []
        var found: [InstanceUID: PACSInstance] = [:]
        for match in try find(query, &association) {
            if let named: StudyUID = match.uid(.studyInstanceUID), named != study { continue }
            guard let series: SeriesUID = match.uid(.seriesInstanceUID), seen.insert(series).inserted else { continue }
            for instance in try instances(ofStudy: study, in: series, tags, &association) {
                found[instance.instance] = instance
            }
        }
        return found.values.sorted { ($0.series, $0.instance) < ($1.series, $1.instance) }
    }

    /// nil: the PACS does not answer such a question.
    private func relational(
        _ study: StudyUID, _ tags: [Tag], _ association: inout Association
    ) throws(PACSError) -> [PACSInstance]? {
        do {
            return try instances(ofStudy: study, in: nil, tags, &association)
        } catch {
            switch error {
            case .refused: return nil
            case .association, .tooManyMatches, .unknownStudy, .stopped: throw error
            }
        }
    }

    private func instances(
        ofStudy study: StudyUID, in series: SeriesUID?, _ tags: [Tag], _ association: inout Association
    ) throws(PACSError) -> [PACSInstance] {
        var query = Query(.image)
        query.match(.studyInstanceUID, study)
        if let series { query.match(.seriesInstanceUID, series) } else { query.ask(for: .seriesInstanceUID) }
        query.ask(for: .sopInstanceUID, .sopClassUID)
        for tag in tags { query.ask(for: tag) }
        var seen: Set<InstanceUID> = []
        return try find(query, &association)
            .compactMap { PACSInstance($0, of: study, in: series) }
            .filter { (series == nil || $0.series == series) && seen.insert($0.instance).inserted }
    }
}
