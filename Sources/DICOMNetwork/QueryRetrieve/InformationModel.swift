public import DICOM

/// A Query/Retrieve information model (PS3.4 §C.6).
public enum InformationModel: Hashable, Sendable, CaseIterable {
    case studyRoot
    case patientRoot

    /// SOP classes of C-FIND, C-MOVE and C-GET (PS3.4 Tables C.6.1.3-1, C.6.2.3-1).
    public func sopClassUID(of operation: QueryOperation) -> SOPClassUID {
        switch (self, operation) {
        case (.studyRoot, .find): .studyRootFind
        case (.studyRoot, .move): .studyRootMove
        case (.studyRoot, .get): .studyRootGet
        case (.patientRoot, .find): .patientRootFind
        case (.patientRoot, .move): SOPClassUID("1.2.840.10008.5.1.4.1.2.1.2")
        case (.patientRoot, .get): SOPClassUID("1.2.840.10008.5.1.4.1.2.1.3")
        }
    }
}

/// An operation of the Query/Retrieve service (PS3.4 §C.4).
public enum QueryOperation: String, Hashable, Sendable, CaseIterable {
    case find = "C-FIND"
    case move = "C-MOVE"
    case get = "C-GET"

    public var request: CommandField {
        switch self {
        case .find: .findRequest
        case .move: .moveRequest
        case .get: .getRequest
        }
    }
}

/// Query/Retrieve Level (0008,0052); raw values are the standard's (PS3.4 §C.6).
public enum QueryLevel: String, Hashable, Sendable, CaseIterable {
    case patient = "PATIENT"
    case study = "STUDY"
    case series = "SERIES"
    case image = "IMAGE"
}
