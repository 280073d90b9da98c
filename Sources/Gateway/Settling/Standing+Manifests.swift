import Studies

extension Standing {
    /// SOP Instance UIDs of the manifests that the destination holds, may hold or is to get.
    var manifests: [String] {
        held.map(\.publication.sopInstanceUID)
            + steps.compactMap { step in
                switch step.kind {
                case .publish(let publication, _): publication.sopInstanceUID
                case .withdraw: nil
                }
            }
    }
}
