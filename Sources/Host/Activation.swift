import CSystemd
import Glibc

/// The sockets that systemd opened for this process, or kept for it (sd_listen_fds_with_names(3)).
public enum Activation {
    public struct Socket: Hashable, Sendable {
        public let descriptor: Int32
        /// What the socket unit calls it (`FileDescriptorName=`), or whoever stored it.
        public let name: String

        public init(descriptor: Int32, name: String) {
            self.descriptor = descriptor
            self.name = name
        }
    }

    /// To be called once, before there are other threads: the environment forgets them, and no child gets them.
    public static func take() -> [Socket] {
        var names: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
        let count = sd_listen_fds_with_names(1, &names)
        defer {
            var next = names
            while let name = next?.pointee {
                free(name)
                next = next?.advanced(by: 1)
            }
            free(names)
        }
        guard count > 0 else { return [] }
        return (0..<Int(count)).map { place in
            let name = names?[place].map { String(cString: $0) } ?? ""
            // The first is SD_LISTEN_FDS_START.
            return Socket(descriptor: 3 + Int32(place), name: name)
        }
    }
}
