import DICOM
import Studies

extension Standing {
    /// What was withdrawn of a manifest with success.
    func withdrawn(of publication: Publication) -> Set<InstanceUID> {
        (held + replaced).first { $0.publication == publication }?.withdrawn ?? []
    }

    /// SOP Instance UIDs of the manifests that the destination holds, may hold or is to get.
    var manifests: [String] {
        ((held + replaced).map(\.publication) + underWay).map(\.sopInstanceUID)
    }

    /// Manifests in the outbox: the destination is to get them.
    var underWay: [Publication] {
        steps.compactMap { step in
            switch step.kind {
            case .publish(let publication, _): publication
            case .withdraw: nil
            }
        }
    }
}
