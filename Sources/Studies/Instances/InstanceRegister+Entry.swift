import DICOM

// What is kept of an instance: a study has tens of thousands of them.
extension InstanceRegister {
    /// Patient and accession number of a copy or of a note.
    struct Identity: Hashable {
        let patient: PatientKey?
        let accessionNumber: String
    }

    /// A fingerprint, its texts interned.
    struct Copy: Equatable {
        let header: UInt64
        let identity: UInt32
        let series: UInt32
        let sopClass: UInt32

        static let none = Copy(header: 0, identity: .max, series: .max, sopClass: .max)
    }

    struct Entry {
        enum Verdict: UInt8 { case live, rejected, quarantined }

        /// The copy that stands; `none` when none ever came.
        var current: Copy
        /// When the copy that stands came first.
        var at: Int64
        var copies: UInt32
        fileprivate(set) var place = UInt32.max
        var verdict: Verdict

        init(_ copy: Copy, at time: Int64) {
            current = copy
            at = time
            copies = 1
            verdict = .live
        }

        /// Rejected before it came.
        init(rejectedAt time: Int64) {
            current = .none
            at = time
            copies = 0
            verdict = .rejected
        }

        var history: Int? { place == .max ? nil : Int(place) }

        mutating func setPlace(_ index: Int) { place = UInt32(truncatingIfNeeded: index) }

        mutating func replace(with copy: Copy, at time: Int64, _ history: inout History) {
            guard copy != current else { return }
            history.previous = current
            current = copy
            at = time
        }
    }

    struct History {
        /// The copy before the one that stands; `none` when there was none.
        var previous = Copy.none
        /// The last rejection that counts; nil: never rejected.
        var rejection: (title: UInt32, note: InstanceUID?)?
        /// The copies that were rejected, the latest last.
        var rejected: [Copy] = []
        /// The identities in notes that came before the copy that they mean.
        var awaited: [UInt32] = []
        var refused: UInt32 = 0

        mutating func remember(rejected copy: Copy) {
            guard copy != .none, !rejected.contains(copy) else { return }
            rejected.append(copy)
        }
    }
}

extension Remark.Outcome {
    var verdict: InstanceRegister.Entry.Verdict {
        switch self {
        case .refused: .rejected
        case .quarantined: .quarantined
        case .accepted: .live
        }
    }
}

/// Each value once, by its number.
struct Interner<Value: Hashable & Sendable>: Sendable {
    private var values: [Value] = []
    private var indices: [Value: UInt32] = [:]

    subscript(index: UInt32) -> Value { values[Int(index)] }

    mutating func index(of value: Value) -> UInt32 {
        if let index = indices[value] { return index }
        let index = UInt32(truncatingIfNeeded: values.count)
        values.append(value)
        indices[value] = index
        return index
    }
}
