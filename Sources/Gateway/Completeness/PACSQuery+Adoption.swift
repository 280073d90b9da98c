import Associations
import DICOM
import DICOMNetwork

/// An instance learnt from the PACS: what an arrival needs.
struct AdoptedInstance: Sendable, Hashable {
    let series: SeriesUID
    let instance: InstanceUID
    /// Explicit VR little endian.
    let header: [UInt8]
}

/// A study learnt from the PACS.
struct AdoptedStudy: Sendable, Hashable {
    let instances: [AdoptedInstance]
    /// Instances of which the PACS does not tell enough, such as the SOP class.
    let incomplete: [InstanceUID]
}

extension PACSQuery {
    /// Learns a study that never came: its instances, each with a header of what the PACS tells.
    func adopt(_ study: StudyUID) throws(PACSError) -> AdoptedStudy {
        var association = try open([.query(.find)])
        guard let found = try self.study(study, asking: AdoptionHeader.studyKeys, &association) else {
            throw .unknownStudy
        }
        let series = try seriesAttributes(study, &association)
        let all = try instances(
            ofStudy: study, asking: AdoptionHeader.instanceKeys, count: found.instances, &association)
        try? association.release()
        var adopted: [AdoptedInstance] = []
        var incomplete: [InstanceUID] = []
        for instance in all {
            // C-FIND does not tell a rejection note or a manifest from a key image note: none is taken in.
            guard instance.sopClass != .keyObjectSelectionDocument else {
                incomplete.append(instance.instance)
                continue
            }
            var attributes = instance.attributes
            if attributes[.seriesInstanceUID] == nil {
                attributes.append(.init(.seriesInstanceUID, .UI, .bytes(Array(instance.series.text.utf8))))
            }
            let header = AdoptionHeader.header(
                study: found.attributes, series: series[instance.series] ?? DataSet(), instance: attributes)
            if let header {
                adopted.append(
                    AdoptedInstance(series: instance.series, instance: instance.instance, header: header))
            } else {
                incomplete.append(instance.instance)
            }
        }
        return AdoptedStudy(instances: adopted, incomplete: incomplete)
    }

    private func seriesAttributes(
        _ study: StudyUID, _ association: inout Association
    ) throws(PACSError) -> [SeriesUID: DataSet] {
        var query = Query(.series)
        query.match(.studyInstanceUID, study)
        query.ask(for: .seriesInstanceUID)
        for tag in AdoptionHeader.seriesKeys { query.ask(for: tag) }
        var found: [SeriesUID: DataSet] = [:]
        for match in try find(query, &association) {
            if let series: SeriesUID = match.uid(.seriesInstanceUID) { found[series] = match }
        }
        return found
    }
}
