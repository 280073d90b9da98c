/// What becomes of a copy that comes after its instance was rejected. Strictest first.
public enum ResendPolicy: String, CaseIterable, Comparable, Sendable {
    /// The instance stays rejected.
    case refuse
    /// The copy is kept out of the manifest until an operator releases it.
    case quarantine
    /// Live again when patient or accession number differ from those of every copy that was rejected.
    case acceptIfCorrected = "accept_if_corrected"
    /// Live again when anything in the header differs from every copy that was rejected.
    case acceptIfChanged = "accept_if_changed"
    /// Live again.
    case accept

    private var leniency: Int {
        switch self {
        case .refuse: 0
        case .quarantine: 1
        case .acceptIfCorrected: 2
        case .acceptIfChanged: 3
        case .accept: 4
        }
    }

    public static func < (a: ResendPolicy, b: ResendPolicy) -> Bool { a.leniency < b.leniency }
}
