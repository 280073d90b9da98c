public import DICOM
import Glibc
import Sockets

/// A data set that is read while it is sent: inflated, decompressed or re-encoded ones. Read by one thread.
public protocol DataSetBytes: AnyObject {
    /// Bytes still to come; nil: nobody knows before the end.
    var left: Int? { get }
    /// Reads at least one byte and at most as many as there is room for; 0: the data set has ended.
    func read(into buffer: UnsafeMutableRawBufferPointer) throws(DataSetFault) -> Int
}

/// Why a data set that was to be sent could not be read to its end. Nothing of it counts as sent.
public enum DataSetFault: Error, Hashable, Sendable {
    /// The file could not be read; errno.
    case system(code: Int32)
    /// It has fewer bytes than it should have.
    case tooShort
    /// It cannot be read as a data set, and so not be re-encoded.
    case unreadable(ParseError)
    /// In the words of whoever keeps it.
    case other(String)
}

extension DataSetFault: CustomStringConvertible {
    public var description: String {
        switch self {
        case .system(let code): systemMessage(code)
        case .tooShort: "it is shorter than it was"
        case .unreadable(let error): "\(error)"
        case .other(let reason): reason
        }
    }
}
