import Associations
import DICOM
import DICOMNetwork
import Spool

/// Writes the data set of one instance into the spool while it comes in, as long as a destination may want it.
///
/// Nothing is written before the first bytes, which most often are the header: what no rule wants then never has a file.
final class ImageTaker: DataSetTaker {
    private enum State {
        case waiting
        case writing(ImageWriter)
        /// No destination wants it.
        case letGo
        /// It cannot be kept; whether it is wanted the end tells.
        case failed(SpoolError)
    }

    private let candidates: ImageCandidates
    /// An obstacle, known before the first byte, or a new file.
    private let open: () throws(SpoolError) -> ImageWriter
    private var state = State.waiting
    /// What want it; nil: its header is not whole yet.
    private var wanting: [String]?
    /// Whether its file is compressed; nil: it never had one.
    private(set) var isCompressed: Bool?

    init(_ candidates: ImageCandidates, open: @escaping () throws(SpoolError) -> ImageWriter) {
        self.candidates = candidates
        self.open = open
    }

    /// Names of the destinations that might have wanted it.
    var names: [String] { candidates.names }

    func take(_ bytes: RawSpan, of instance: borrowing ArrivingInstance) -> Bool {
        if wanting == nil, instance.passable == .max, destinations(instance.capture).isEmpty { state = .letGo }
        do throws(SpoolError) {
            switch state {
            case .waiting:
                let writer = try open()
                isCompressed = writer.isCompressed
                try writer.append(bytes)
                state = .writing(writer)
            case .writing(let writer): try writer.append(bytes)
            case .letGo, .failed: return false
            }
            return true
        } catch {
            state = .failed(error)
            return false
        }
    }

    /// Names of the destinations that want it.
    /// - Parameter capture: of its header, as far as it will ever be read.
    func destinations(_ capture: HeaderCapture) -> [String] {
        if let wanting { return wanting }
        let names = candidates.wanting(capture)
        wanting = names
        return names
    }

    /// Once all of it has come: the file, durable.
    func finish() throws(SpoolError) -> ImageFile {
        switch state {
        case .writing(let writer): return try writer.finish()
        case .failed(let error): throw error
        case .waiting, .letGo: return try open().finish()
        }
    }

    /// Its file is not needed: removed where there is one.
    func letGo() { state = .letGo }
}
