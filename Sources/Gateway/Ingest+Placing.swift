import Associations
import DICOM

extension Ingest {
    struct Place: Equatable {
        let study: StudyUID
        let series: SeriesUID
    }

    /// Why an instance cannot be listed: for the operator, and in 48 characters for the peer.
    struct Flaw: Error, Equatable {
        let reason: String
        let comment: String
    }

    /// The study and series that the header names; the header must be the instance that the command announced.
    static func place(_ instance: ReceivedInstance) -> Result<Place, Flaw> {
        let capture = instance.capture
        if let failure = capture.failure, capture.seriesInstanceUID == nil {
            return .failure(
                Flaw(reason: "its header cannot be read: \(failure)", comment: "header unreadable"))
        }
        guard let study = capture.studyInstanceUID, !study.text.isEmpty else { return .failure(missing("Study")) }
        guard let series = capture.seriesInstanceUID, !series.text.isEmpty else { return .failure(missing("Series")) }
        guard let uid = capture.sopInstanceUID, !uid.text.isEmpty else { return .failure(missing("SOP")) }
        guard let sopClass = capture.sopClassUID, !sopClass.text.isEmpty else { return .failure(missing("SOP Class")) }
        guard uid == instance.sopInstanceUID else {
            return .failure(
                Flaw(
                    reason:
                        "the command announced SOP Instance UID \(instance.sopInstanceUID), the data set says \(uid)",
                    comment: "SOP Instance UID of command and data set differ"))
        }
        guard sopClass == instance.sopClassUID else {
            return .failure(
                Flaw(
                    reason: "the command announced SOP class \(instance.sopClassUID), the data set says \(sopClass)",
                    comment: "SOP Class UID of command and data set differ"))
        }
        return .success(Place(study: study, series: series))
    }

    private static func missing(_ what: String) -> Flaw {
        let name = what == "SOP Class" ? "SOP Class UID" : "\(what) Instance UID"
        return Flaw(reason: "its header has no \(name)", comment: "no \(name)")
    }
}
