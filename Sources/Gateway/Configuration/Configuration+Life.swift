public import DICOM
public import KeyObjects
public import Studies

/// What may happen to a study after its first instance, and what then holds.
extension Configuration {
    /// What becomes of an instance that comes again after it was rejected, by the title of the note (IHE RAD TF-3
    /// 4.66.4).
    public struct ResendAfterRejection: Sendable, Equatable {
        /// 113001, Rejected for Quality Reasons.
        public var quality = ResendPolicy.acceptIfChanged
        /// 113037, Rejected for Patient Safety Reasons.
        public var patientSafety = ResendPolicy.quarantine
        /// 113038, Incorrect Modality Worklist Entry.
        public var incorrectWorklistEntry = ResendPolicy.quarantine
        /// 113039, Data Retention Policy Expired.
        public var retentionExpired = ResendPolicy.accept

        public init() {}

        /// By the title's code value.
        public var policies: [RejectionTitle: ResendPolicy] {
            [
                .quality: quality, .patientSafety: patientSafety, .incorrectWorklistEntry: incorrectWorklistEntry,
                .retentionExpired: retentionExpired,
            ]
        }
    }

    /// What becomes of a manifest that the PACS made: one without faults is sent on bit for bit, unless it is ignored.
    public enum PACSManifests: String, Sendable, CaseIterable {
        /// One with faults is sent on too.
        case relay
        /// One with faults holds the study, with its findings.
        case hold
        /// Made anew from its references and the headers known, where it has faults.
        case repair
        /// Ours is authoritative.
        case ignore
    }

    /// How a study is known to be whole.
    public enum Completeness: String, Sendable, CaseIterable {
        /// Nothing came for the quiet period.
        case timer
        /// And the PACS counts no more instances than came (C-FIND).
        case count
        /// And what is missing is asked for (C-MOVE, C-GET).
        case fetch
    }

    public enum RejectionNotes: String, Sendable, CaseIterable {
        /// From the references that were published, under the identity they were published under.
        case remake
        /// Bit for bit where every reference of the note was published, else remade.
        case relay
    }

    /// The query/retrieve SCP of a source.
    public struct PACS: Sendable, Equatable {
        public var host: String
        public var port: UInt16
        public var aeTitle: AETitle
        /// `nil`: our own.
        public var callingAETitle: AETitle?
        public var method = RetrieveMethod.auto
        /// Published studies of so many last days are compared with the PACS each day; 0: none.
        public var sweepDays = 0
        /// When, by this machine's clock.
        public var sweepTime = TimeOfDay(hour: 3, minute: 0)

        public init(host: String, port: UInt16, aeTitle: AETitle) {
            self.host = host
            self.port = port
            self.aeTitle = aeTitle
        }
    }

    public enum RetrieveMethod: String, Sendable, CaseIterable {
        /// C-GET where the PACS takes it, else C-MOVE.
        case auto
        case cGet = "c-get"
        case cMove = "c-move"
    }

    /// Local time.
    public struct TimeOfDay: Sendable, Equatable {
        /// 0 to 23.
        public var hour: Int
        /// 0 to 59.
        public var minute: Int

        public init(hour: Int, minute: Int) {
            self.hour = hour
            self.minute = minute
        }
    }
}
