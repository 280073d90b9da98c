/// Which manifest is made: a profile is data, and every difference between two profiles is a member here.
public struct ManifestProfile: Sendable, Equatable {
    /// As the configuration and the commands write it.
    public let name: String
    /// Attributes that must have a value; a study without one is held.
    public let demands: Set<Demand>
    public let characterSet: CharacterSet
    /// Value of Accession Number when the study has several.
    public var severalAccessionNumbers: AccessionRule
    /// Request Attributes Sequence beside Referenced Request Sequence when there are several requests (T3).
    public var writesRequestAttributes: Bool
    /// Both national coding schemes are declared, whether used or not.
    public let declaresNationalSchemes: Bool
    public let writesOtherPatientIDs: Bool
    /// The calling AE title stands in for an unconfigured Retrieve AE Title.
    public let retrievesFromCaller: Bool

    /// An attribute of type 1 in the profile that the standard lets be empty or absent.
    public enum Demand: Sendable, Hashable, CaseIterable {
        case patientName, patientID, issuerOfPatientID, patientBirthDate
        case accessionNumber, studyDate, retrieveAETitle, retrieveLocationUID
    }

    /// Specific Character Set (0008,0005).
    public enum CharacterSet: String, Sendable, Equatable {
        case latin1 = "ISO_IR 100"
        case utf8 = "ISO_IR 192"
    }

    public enum AccessionRule: Sendable, Equatable {
        case primary
        case empty
    }

    /// The platform's manifest: platform spec 2.4 and 2.5.
    public static let maincare = ManifestProfile(
        name: "maincare", demands: Set(Demand.allCases), characterSet: .latin1, severalAccessionNumbers: .primary,
        writesRequestAttributes: true, declaresNationalSchemes: true, writesOtherPatientIDs: false,
        retrievesFromCaller: false)

    /// Plain IHE XDS-I.b (RAD-68): what a file leaves out stays empty.
    public static let xdsI = ManifestProfile(
        name: "xds-i", demands: [], characterSet: .utf8, severalAccessionNumbers: .empty,
        writesRequestAttributes: false, declaresNationalSchemes: false, writesOtherPatientIDs: true,
        retrievesFromCaller: true)

    public static let all: [ManifestProfile] = [.maincare, .xdsI]

    public static func named(_ name: String) -> ManifestProfile? { all.first { $0.name == name } }
}
