/// How an image lies on the disk. What is read from it is the same.
public enum ImageCompression: Sendable, Equatable {
    case none
    /// The whole file in frames of zstd (RFC 8878), level 1 to 19; `zstd -d` makes a PS3.10 file of it.
    case zstd(level: Int32)
}
