import Associations
import DICOMNetwork
import Threads

/// Keeps the bytes it is given, up to a limit.
final class RecordingTaker: DataSetTaker {
    struct Record {
        /// Of each taker, in the order in which they were made.
        var taken: [[UInt8]] = []
        var released = 0
    }

    private let number: Int
    private let limit: Int
    private let record: Monitor<Record>

    init(_ record: Monitor<Record>, limit: Int = .max) {
        self.record = record
        self.limit = limit
        number = record.withLock { record in
            record.taken.append([])
            return record.taken.count - 1
        }
    }

    deinit { record.update { $0.released += 1 } }

    func take(_ bytes: RawSpan, of instance: borrowing ArrivingInstance) -> Bool {
        record.update { record in
            bytes.withUnsafeBytes { record.taken[number] += $0 }
            return record.taken[number].count < limit
        }
    }
}
