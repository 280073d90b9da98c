import Testing

@testable import DICOM

struct VRTests {
    static let standard = """
        AE AS AT CS DA DS DT FD FL IS LO LT OB OD OF OL OV OW PN SH SL SQ SS ST SV TM UC UI UL UN UR US UT UV
        """.split(separator: " ").map { VR(Array($0.utf8)[0], Array($0.utf8)[1]) }

    /// PS3.5 table 7.1-1.
    static let long: Set<VR> = [.OB, .OD, .OF, .OL, .OV, .OW, .SQ, .SV, .UC, .UN, .UR, .UT, .UV]

    @Test func ofAllPairsOfBytesOnlyTheStandardsAreVRs() {
        let known = Set(Self.standard)
        #expect(known.count == 34)
        for raw in UInt16.min...UInt16.max {
            let vr = VR(rawValue: raw)
            let isKnown = known.contains(vr)
            guard vr.isStandard == isKnown, vr.isOfShortForm == (isKnown && !Self.long.contains(vr)),
                vr.isOfLongForm == (vr != .SQ && Self.long.contains(vr)),
                vr.hasLongLength == (!isKnown || Self.long.contains(vr))
            else {
                Issue.record("\(vr) \(raw)")
                return
            }
        }
    }

    @Test func everyStandardElementHasTheSameVRInTheQuickTable() {
        for tag in Dictionary.plainTags { #expect(VRTable.shared.vr(of: tag) == Dictionary.vr(of: tag)) }
        for raw: UInt32 in [0x6002_3000, 0x5004_0010, 0x0020_3110, 0x0028_0400, 0x0008_0000, 0x1010_0005, 0x7F02_0010] {
            #expect(VRLookup.vr(of: DICOM.Tag(rawValue: raw)) == Dictionary.vr(of: DICOM.Tag(rawValue: raw)), "\(raw)")
        }
        #expect(VRTable.shared.vr(of: DICOM.Tag(rawValue: 0x0008_0011)) == nil)
        #expect(VRTable.shared.vr(of: DICOM.Tag(rawValue: .max)) == nil)
    }
}
