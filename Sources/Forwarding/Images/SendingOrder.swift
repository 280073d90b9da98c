import Spool
import Threads

/// Whose turn it is among the images of one destination. The order is the spool's (urgent first, then by study, then by
/// arrival, barriers respected); this holds one page of it and what is on its way, not the queue.
struct SendingOrder: Equatable {
    enum Turn: Equatable {
        case image(ImageDelivery)
        /// Before anything of the study is sent, it is written down that something may be there.
        case begin(StudyEntry.ID)
    }

    /// Deliveries read at once.
    static let pageSize = 128
    /// While news come one upon the other, only what comes last in the order is looked at; from the beginning so often.
    static let lookInterval = Duration.milliseconds(50)
    /// Studies remembered to be begun.
    private static let begunLimit = 1000

    private enum Reading: Equatable {
        case fromBeginning
        case onwards
        /// At the end, for what was put there since.
        case behindEnd
    }

    /// Found, and nobody's yet.
    private var page: ArraySlice<ImageDelivery> = []
    /// Among what was found.
    private var hasBarriers = false
    /// On their way, or taken by the destination and not written down yet, whatever the spool says of them meanwhile.
    private var taken: [ImageDelivery.ID: ImageDelivery] = [:]
    private var position: ImageDelivery.Position?
    private var isAtEnd = false
    private var hasYielded = true
    private var reading: Reading?
    private var hasNews = false
    private var hasUrgentNews = false
    /// From when on a look from the beginning is owed; the start of the clock: at once.
    private var lookAt: MonotonicInstant? = .start
    private var lastLook = MonotonicInstant.start

    private var begun: Set<StudyEntry.ID> = []
    private var beginning: Set<StudyEntry.ID> = []

    /// Something of suspect studies was passed over.
    private var hasPassedOver = false
    private var takesSuspects = false
    /// So were barriers, which wait for what is on its way.
    private var hasHeldBack = false

    /// Found and not begun, as far as it was read.
    var found: Int { page.count }

    /// Of these, those that may be sent now.
    var available: Int {
        beginning.isEmpty && !hasBarriers
            ? page.count : page.count { !beginning.contains($0.study) && !($0.isBarrier && overtakes($0)) }
    }

    /// A barrier never overtakes an image of its study that is on its way, nor does a later copy an earlier one of its
    /// instance: to the spool one that was withheld or dropped meanwhile waits no more, but it may still arrive.
    private func overtakes(_ image: ImageDelivery) -> Bool {
        taken.values.contains { other in
            other.study == image.study && (image.isBarrier || other.instance == image.instance)
        }
    }

    /// When the beginning is to be looked at again by itself; while something that was found is left, nothing is read.
    var nextLook: MonotonicInstant? { reading == nil && page.isEmpty ? lookAt : nil }

    /// Something was put into the queue.
    mutating func noteNews(isUrgent: Bool = false) {
        hasNews = true
        takesSuspects = false
        guard isUrgent else { return }
        hasUrgentNews = true
        page = []
    }

    /// Whatever is due is not where it was: released, retried, or its time has come.
    mutating func lookAgain() {
        lookAt = .start
        takesSuspects = false
    }

    /// The first that may be sent. Nil: nothing that is known may.
    /// - Parameter suspects: studies that are to wait until nothing else is due.
    mutating func turn(avoiding suspects: Set<StudyEntry.ID> = []) -> Turn? {
        let first = page.firstIndex { image in
            !beginning.contains(image.study) && (takesSuspects || !suspects.contains(image.study)) && !overtakes(image)
        }
        guard let first else {
            passOver(suspects)
            return nil
        }
        let image = page[first]
        guard begun.contains(image.study) else {
            beginning.insert(image.study)
            return .begin(image.study)
        }
        page.remove(at: first)
        taken[image.id] = image
        return .image(image)
    }

    private mutating func passOver(_ suspects: Set<StudyEntry.ID>) {
        let found = page.count
        page.removeAll(where: overtakes)
        if page.count < found { hasHeldBack = true }
        if !takesSuspects, page.contains(where: { suspects.contains($0.study) }) {
            page.removeAll { suspects.contains($0.study) }
            hasPassedOver = true
        }
        guard hasPassedOver, page.isEmpty, isAtEnd, reading == nil else { return }
        (hasPassedOver, takesSuspects) = (false, true)
        lookAt = .start
    }

    // MARK: Reading

    /// Whether more of the queue is to be read now.
    func needsPage(at now: MonotonicInstant) -> Bool {
        guard page.isEmpty, reading == nil else { return false }
        return !isAtEnd || hasNews || isLookDue(at: now)
    }

    /// After which place in the queue the next page begins; nil: from its beginning. `found` or `failedReading` follows.
    mutating func read(at now: MonotonicInstant) -> ImageDelivery.Position? {
        let looks = hasUrgentNews || position == nil || isLookDue(at: now) && (isAtEnd || hasYielded)
        reading = looks ? .fromBeginning : isAtEnd ? .behindEnd : .onwards
        if looks {
            position = nil
            (lookAt, lastLook) = (nil, now)
            hasUrgentNews = false
        } else if hasNews, lookAt == nil {
            lookAt = lastLook + Self.lookInterval
        }
        if isAtEnd || looks { hasNews = false }
        return position
    }

    /// What was read, up to a page.
    mutating func found(_ images: [ImageDelivery]) {
        let fresh = images.filter { taken[$0.id] == nil }
        isAtEnd = images.count < Self.pageSize
        position = images.last?.position ?? position
        hasYielded = !fresh.isEmpty
        // What is new is not behind the end, but somewhere before.
        if reading == .behindEnd, fresh.isEmpty { lookAt = .start }
        reading = nil
        page = hasUrgentNews ? [] : fresh[...]
        hasBarriers = page.contains(where: \.isBarrier)
    }

    mutating func failedReading() {
        reading = nil
        lookAgain()
    }

    private func isLookDue(at now: MonotonicInstant) -> Bool { lookAt.map { $0 <= now } ?? false }

    // MARK: What was taken

    /// The study's first byte may leave.
    mutating func begun(_ study: StudyEntry.ID) {
        beginning.remove(study)
        if begun.count >= Self.begunLimit { begun = [] }
        begun.insert(study)
    }

    mutating func failedBeginning(_ study: StudyEntry.ID) { beginning.remove(study) }

    /// It was not sent, by no fault of its own: it is the first again.
    mutating func putBack(_ image: ImageDelivery) {
        guard taken.removeValue(forKey: image.id) != nil else { return }
        // What is urgent comes first: the queue is read again, with this one in it.
        guard !hasUrgentNews else { return lookAgain() }
        page.insert(image, at: page.startIndex)
        hasBarriers = hasBarriers || image.isBarrier
    }

    /// The spool knows what became of them.
    mutating func finished(_ images: some Sequence<ImageDelivery.ID>) {
        for image in images { taken[image] = nil }
        guard hasHeldBack else { return }
        hasHeldBack = false
        lookAgain()
    }
}

extension MonotonicInstant {
    static let start = MonotonicInstant(nanoseconds: 0)
}
