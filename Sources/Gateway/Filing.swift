import Associations
import DICOM
import DICOMNetwork
import KeyObjects
import Spool

/// Under which studies an instance is filed, and as what.
///
/// A rejection note belongs to every study that its evidence names: each study's arrivals alone tell what is live of it.
/// Its own study keeps it whole; the others keep what it says of them.
struct Filing {
    private(set) var kind = InstanceAttributes.Kind.instance
    /// The one that its header names comes first.
    private(set) var studies: [StudyUID]
    /// Of a rejection note: the code value.
    private(set) var title: String?
    private let place: Ingest.Place
    private var excerpts: RejectionExcerpts?

    init(_ instance: ReceivedInstance, at place: Ingest.Place) {
        self.place = place
        studies = [place.study]
        guard instance.sopClassUID == .keyObjectSelectionDocument,
            let dataSet = DataSet(document: instance.capture.header, transferSyntax: instance.transferSyntax)
        else { return }
        let document = KeyObjectDocument(dataSet)
        switch document.kind {
        case .keyImageNote: break
        case .manifest:
            kind = .manifest
            // A manifest belongs to the study whose instances it lists, whatever its own Study Instance UID.
            let listed = Set(document.evidence.compactMap(\.studyInstanceUID))
            if let study = listed.first, listed.count == 1, !study.text.isEmpty { studies = [study] }
        case .rejectionNote:
            kind = .rejectionNote
            title = document.title?.value
            var named: Set = [place.study]
            for study in document.evidence.compactMap(\.studyInstanceUID) where !study.text.isEmpty {
                if named.insert(study).inserted { studies.append(study) }
            }
            if studies.count > 1 { excerpts = RejectionExcerpts(of: document, in: dataSet) }
        }
    }

    /// One for each study.
    func arrivals(of instance: ReceivedInstance, from source: Configuration.Source, at now: Timestamp) -> [Arrival] {
        studies.map { study in
            let excerpt = study == place.study ? nil : excerpts?.excerpt(for: study)
            let attributes = InstanceAttributes(
                kind: excerpt == nil ? kind : .excerpt,
                transferSyntax: excerpt == nil ? instance.transferSyntax : RejectionExcerpts.transferSyntax,
                callingAETitle: instance.association.calling)
            return Arrival(
                source: source.name, study: study.text, series: series(in: study), attributes: attributes.text,
                header: excerpt ?? instance.capture.header, receivedAt: now)
        }
    }

    /// A note is filed under many studies, which shares no series between them.
    private func series(in study: StudyUID) -> String {
        kind == .instance ? place.series.text : InstanceAttributes.documentSeries(of: study.text)
    }
}

extension DataSet {
    /// Of a document as the spool keeps it: whole, and inflated when it came deflated. Nil: it cannot be read.
    init?(document: [UInt8], transferSyntax: TransferSyntax) {
        let syntax = transferSyntax.isDeflated ? TransferSyntax.explicitVRLittleEndian : transferSyntax
        guard let dataSet = try? DataSet(parsing: document, transferSyntax: syntax) else { return nil }
        self = dataSet
    }
}

extension KeyObjectDocument {
    init?(header: [UInt8], transferSyntax: TransferSyntax) {
        guard let dataSet = DataSet(document: header, transferSyntax: transferSyntax) else { return nil }
        self.init(dataSet)
    }
}
