import DICOM
import Spool
public import Studies

extension GatewayService {
    /// The Patient ID that the first header of a study states, for the log.
    /// - Returns: nil where `log.identity` is off, or it is not known.
    public func patientID(of study: StudyKey) -> String? {
        guard configuration.logsIdentity,
            let entry = try? spool.studies(uid: study.studyInstanceUID.text).first(where: { $0.source == study.source })
        else { return nil }
        var found: String?
        try? spool.headers(of: entry.id) { stored, header in
            let attributes = InstanceAttributes(text: stored.attributes)
            guard found == nil, attributes.kind == .instance else { return }
            let dataSet = DataSet.read(header: header, encoding: attributes.syntaxOfHeader.encoding).dataSet
            found = dataSet.string(.patientID)
        }
        return found
    }
}
