import DICOM
import TestSupport

/// Data sets by chance: legal, ascending, values of even length, VRs as the dictionary has them.
enum RandomDataSet {
    private static let leaves: [(Tag, VR)] = [
        (Tag(0x0008, 0x0005), .CS), (Tag(0x0008, 0x0018), .UI), (Tag(0x0008, 0x0060), .CS),
        (Tag(0x0008, 0x0100), .SH), (Tag(0x0010, 0x0010), .PN), (Tag(0x0010, 0x21B0), .LT),
        (Tag(0x0020, 0x0013), .IS), (Tag(0x0028, 0x0010), .US), (Tag(0x0040, 0xA160), .UT),
        (Tag(0x0042, 0x0011), .OB), (Tag(0x0028, 0x9001), .UL),
    ]
    private static let sequences = [Tag(0x0008, 0x1140), Tag(0x0040, 0x0275), Tag(0x0040, 0xA730)]

    static func make(_ random: inout SeededRandom, depth: Int) -> DataSet {
        var elements: [DataSet.Element] = []
        for (tag, vr) in leaves where random.chance(0.5) {
            let count = random.chance(0.02) ? 40_000 : 2 * Int.random(in: 0...20, using: &random)
            elements.append(
                .init(tag, vr, .bytes([UInt8](repeating: .random(in: 65...90, using: &random), count: count))))
        }
        for tag in sequences where depth > 0 && random.chance(0.4) {
            let items = (0..<Int.random(in: 0...3, using: &random)).map { _ in make(&random, depth: depth - 1) }
            elements.append(.init(tag, .SQ, .items(items)))
        }
        if random.chance(0.2) {
            elements.append(.init(Tag(0x7FE0, 0x0010), .OW, .fragments([[], random.bytes(6), random.bytes(2)])))
        }
        return DataSet(elements.sorted { $0.tag < $1.tag })
    }
}
