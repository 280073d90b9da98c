public import DICOM

/// Whether an association is let in.
public enum Admission: Hashable, Sendable {
    case accept
    case reject(Rejection)
}

/// Which application entities may associate, and as what they must call us.
public struct AdmissionPolicy: Hashable, Sendable {
    /// Titles this application entity answers to; nil: any.
    public var called: Set<AETitle>?
    /// Titles that may call; nil: any.
    public var calling: Set<AETitle>?

    public init(called: Set<AETitle>? = nil, calling: Set<AETitle>? = nil) {
        self.called = called
        self.calling = calling
    }

    /// Titles compare without padding, with case (PS3.8 §9.3.2).
    public func admit(called: AETitle, calling: AETitle) -> Admission {
        if let expected = self.called, !expected.contains(called) { return .reject(.calledAETitleNotRecognized) }
        if let known = self.calling, !known.contains(calling) { return .reject(.callingAETitleNotRecognized) }
        return .accept
    }
}
