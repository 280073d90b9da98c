/// Room for bytes, at one place in memory for as long as it lives.
struct RawBuffer: ~Copyable {
    private let room: UnsafeMutableRawBufferPointer
    private(set) var count = 0

    init(capacity: Int) { room = .allocate(byteCount: capacity, alignment: 64) }

    deinit { room.deallocate() }

    var left: Int { room.count - count }

    /// All of the room, for who fills it himself.
    var whole: UnsafeMutableRawBufferPointer { room }

    /// What was appended.
    var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: room[..<count]) }

    /// - Precondition: they fit.
    mutating func append(_ bytes: UnsafeRawBufferPointer) {
        precondition(bytes.count <= left)
        UnsafeMutableRawBufferPointer(rebasing: room[count...]).copyMemory(from: bytes)
        count += bytes.count
    }

    mutating func removeAll() { count = 0 }
}
