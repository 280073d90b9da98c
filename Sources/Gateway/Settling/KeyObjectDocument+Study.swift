import DICOM
import KeyObjects

extension KeyObjectDocument {
    /// Every instance that it names, of whatever study.
    var named: Set<InstanceUID> {
        Set(evidence.lazy.map(\.sopInstanceUID)).union(references.lazy.map(\.sopInstanceUID))
    }

    /// What the document says of one study. Its evidence tells which study a reference is of; one that the evidence does
    /// not have is of the document's own.
    func references(to study: StudyUID) -> [Reference] {
        var seen: Set<InstanceUID> = []
        var found = evidence.filter { ($0.studyInstanceUID ?? studyInstanceUID) == study }
        let isPlaced = Set(evidence.map(\.sopInstanceUID))
        if studyInstanceUID == study { found += references.filter { !isPlaced.contains($0.sopInstanceUID) } }
        return found.filter { seen.insert($0.sopInstanceUID).inserted }
    }
}
