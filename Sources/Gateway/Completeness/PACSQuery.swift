import Associations
import DICOM
import DICOMNetwork

/// Asks a PACS what it has, and for what is missing. Each call opens an association of its own and blocks.
struct PACSQuery: Sendable {
    struct Configuration: Sendable {
        var host: String
        var port: UInt16
        var called: AETitle
        var calling: AETitle
        /// Where C-MOVE sends: our own AE title, whose address the PACS must know.
        var destination: AETitle
        var method = Gateway.Configuration.RetrieveMethod.auto
        var deadlines = Association.Deadlines()
        /// Matches of one question taken at most.
        var matchLimit = 200_000
        /// Instances asked for in one C-GET or C-MOVE.
        var batch = 50
        /// Looked at between two responses; true ends what is under way.
        var isStopped: @Sendable () -> Bool = { false }

        init(host: String, port: UInt16, called: AETitle, calling: AETitle, destination: AETitle) {
            self.host = host
            self.port = port
            self.called = called
            self.calling = calling
            self.destination = destination
            // A PACS that says nothing for half a minute will not answer a question at all.
            deadlines.response = .seconds(30)
        }

        /// - Parameter aeTitle: our own.
        init(_ pacs: Gateway.Configuration.PACS, aeTitle: AETitle) {
            self.init(
                host: pacs.host, port: pacs.port, called: pacs.aeTitle, calling: pacs.callingAETitle ?? aeTitle,
                destination: aeTitle)
            method = pacs.method
        }
    }

    let configuration: Configuration

    init(_ configuration: Configuration) { self.configuration = configuration }

    /// What the PACS tells of a study; nil when it does not know it.
    func study(_ study: StudyUID) throws(PACSError) -> PACSStudy? {
        var association = try open([.query(.find)])
        let found = try self.study(study, &association)
        try? association.release()
        return found
    }

    /// Number of Study Related Instances (0020,1208), 0 for a study that the PACS does not know; nil where it does not
    /// count.
    func numberOfInstances(ofStudy study: StudyUID) throws(PACSError) -> Int? {
        guard let found = try self.study(study) else { return 0 }
        return found.instances
    }

    /// Studies by Study Date, from the first to the last day (YYYYMMDD). A PACS that limits its answers fails or, worse,
    /// leaves some out without a word: ask for few days at a time.
    func studies(from first: String, to last: String) throws(PACSError) -> [PACSStudy] {
        var query = Query(.study)
        query.match(.studyDate, first == last ? first : "\(first)-\(last)")
        query.ask(for: .studyInstanceUID, .numberOfStudyRelatedInstances)
        var association = try open([.query(.find)])
        let matches = try find(query, &association)
        try? association.release()
        var seen: Set<StudyUID> = []
        return matches.compactMap { PACSStudy($0) }.filter { seen.insert($0.study).inserted }
    }
}

extension PACSQuery {
    func open(_ proposals: [Association.Proposal]) throws(PACSError) -> Association {
        var settings = Association.Configuration(
            host: configuration.host, port: configuration.port, called: configuration.called,
            calling: configuration.calling)
        settings.deadlines = configuration.deadlines
        settings.maximumPDULength = 256 * 1024
        do { return try Association(settings, proposing: proposals) } catch { throw .association(error) }
    }

    /// All matches, or why there may be more.
    func find(_ query: Query, _ association: inout Association) throws(PACSError) -> [DataSet] {
        var matches: [DataSet] = []
        var error: PACSError?
        let outcome: QueryOutcome
        do {
            outcome = try association.find(query) { match in
                if configuration.isStopped() {
                    error = .stopped
                } else if matches.count >= configuration.matchLimit {
                    error = .tooManyMatches(limit: configuration.matchLimit)
                } else {
                    matches.append(match)
                }
                return error == nil
            }
        } catch let failure {
            throw .association(failure)
        }
        if let error { throw error }
        guard outcome.isSuccess else { throw .refused(outcome) }
        return matches
    }

    func study(
        _ study: StudyUID, asking tags: [Tag] = [], _ association: inout Association
    ) throws(PACSError) -> PACSStudy? {
        var query = Query(.study)
        query.match(.studyInstanceUID, study)
        query.ask(for: .numberOfStudyRelatedInstances)
        for tag in tags { query.ask(for: tag) }
        // A PACS that does not look at the key answers with other studies.
        return try find(query, &association).lazy.compactMap { PACSStudy($0) }.first { $0.study == study }
    }
}
