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

extension Removal {
    init(_ removal: Configuration.Removal) {
        switch removal {
        case .iocmAndKOS: self = .iocmAndKOS
        case .iocm: self = .iocm
        case .kos: self = .kos
        }
    }
}
