import Gateway
import KeyObjects

/// The changes of a study after its publication, as the platform's specification lists them (platform spec 2.1.3).
public enum Scenario: Int, Sendable, CaseIterable {
    case imageRemoved = 1
    case imageModified
    case imageAdded
    case seriesRemoved
    case seriesModified
    case seriesAdded
    case identityChanged
    case studyDeleted
    case studyMoved
    case patientMerged
    case patientReconciled

    /// The words of the specification.
    public var title: String {
        switch self {
        case .imageRemoved: "an image is removed from the study"
        case .imageModified: "an image of the study is modified"
        case .imageAdded: "an image is added to the study (reconstruction)"
        case .seriesRemoved: "a series is removed from the study"
        case .seriesModified: "a series of the study is modified"
        case .seriesAdded: "a series is added to the study (reconstruction)"
        case .identityChanged: "the identity of the study's patient is changed"
        case .studyDeleted: "the study is deleted"
        case .studyMoved: "the study was under a wrong patient and is moved to another"
        case .patientMerged: "the study's patient is merged with another"
        case .patientReconciled: "the study's patient is reconciled with another"
        }
    }

    /// The title of the rejection note that the PACS sends; none is needed where something is only added.
    var rejection: RejectionTitle {
        switch self {
        case .imageRemoved, .imageModified, .imageAdded, .seriesRemoved, .seriesModified, .seriesAdded: .quality
        case .studyDeleted: .patientSafety
        case .identityChanged, .studyMoved, .patientMerged, .patientReconciled: .incorrectWorklistEntry
        }
    }
}

/// How the PACS goes about a change.
public enum Form: String, Sendable, CaseIterable {
    /// What replaces something has UIDs of its own.
    case newUIDs = "new-uids"
    /// What is sent after the note has the UIDs that the note rejects.
    case sameUIDs = "same-uids"
    /// The objects come first, the note for the old ones after them.
    case noteAfterObjects = "note-after-objects"

    public var title: String {
        switch self {
        case .newUIDs: "new UIDs"
        case .sameUIDs: "same UIDs"
        case .noteAfterObjects: "note after the objects"
        }
    }
}
