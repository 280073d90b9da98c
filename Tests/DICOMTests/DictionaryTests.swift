import Testing

@testable import DICOM

struct DictionaryTests {
    // Testing has a Tag of its own.
    typealias Tag = DICOM.Tag

    @Test(arguments: [
        (Tag.sopClassUID, VR.UI, "SOPClassUID", "SOP Class UID"),
        (Tag.patientName, .PN, "PatientName", "Patient's Name"),
        (Tag.pixelData, .OW, "PixelData", "Pixel Data"),
        (Tag.contentSequence, .SQ, "ContentSequence", "Content Sequence"),
        (Tag.commandGroupLength, .UL, "CommandGroupLength", "Command Group Length"),
        (Tag(0x0028, 0x0106), .US, "SmallestImagePixelValue", "Smallest Image Pixel Value"),
        (Tag(0x0028, 0x3006), .US, "LUTData", "LUT Data"),
        (Tag(0x0008, 0x0001), .UL, "LengthToEnd", "Length to End"),
        (Tag(0xFFFC, 0xFFFC), .OB, "DataSetTrailingPadding", "Data Set Trailing Padding"),
    ])
    func elementsHaveTheirVRKeywordAndName(tag: Tag, vr: VR, keyword: String, name: String) {
        #expect(Dictionary.vr(of: tag) == vr)
        #expect(Dictionary.keyword(of: tag) == keyword)
        #expect(Dictionary.name(of: tag) == name)
        #expect(Dictionary.tag(keyword: keyword) == tag)
    }

    @Test(arguments: [
        (Tag(0x6000, 0x3000), VR.OW, "OverlayData"), (Tag(0x601E, 0x0010), .US, "OverlayRows"),
        (Tag(0x5002, 0x3000), .OW, "CurveData"), (Tag(0x0020, 0x3104), .CS, "SourceImageIDs"),
        (Tag(0x7F02, 0x0010), .OW, "VariablePixelData"), (Tag(0x1000, 0x0120), .US, "EscapeTriplet"),
    ])
    func repeatingGroupsAreFoundUnderEachNumber(tag: Tag, vr: VR, keyword: String) {
        #expect(Dictionary.vr(of: tag) == vr)
        #expect(Dictionary.keyword(of: tag) == keyword)
    }

    @Test func aRepeatingKeywordGivesTheFirstGroup() {
        #expect(Dictionary.tag(keyword: "OverlayData") == Tag(0x6000, 0x3000))
    }

    @Test func groupLengthsAreUL() {
        #expect(Dictionary.vr(of: Tag(0x0010, 0x0000)) == .UL)
        #expect(Dictionary.vr(of: Tag(0x0029, 0x0000)) == .UL)
        #expect(Dictionary.keyword(of: Tag(0x0010, 0x0000)) == "GroupLength")
    }

    @Test func privateCreatorsAreLOAndPrivateElementsUN() {
        #expect(Dictionary.vr(of: Tag(0x0029, 0x0010)) == .LO)
        #expect(Dictionary.vr(of: Tag(0x0029, 0x00FF)) == .LO)
        #expect(Dictionary.vr(of: Tag(0x0029, 0x0100)) == .UN)
        #expect(Dictionary.vr(of: Tag(0x0029, 0x1010)) == .UN)
        #expect(Dictionary.vr(of: Tag(0x6001, 0x3000)) == .UN)
        #expect(Dictionary.keyword(of: Tag(0x6001, 0x3000)) == nil)
    }

    @Test func delimitersHaveAKeywordAndNoVR() {
        #expect(Dictionary.keyword(of: .item) == "Item")
        #expect(Dictionary.vr(of: .item) == nil)
        #expect(Dictionary.vr(of: .sequenceDelimitationItem) == nil)
    }

    @Test func whatTheStandardLacksHasNothing() {
        for tag in [Tag(0x0008, 0x0002), Tag(0x0012, 0x3456), Tag(0xFFFE, 0xFFFF), Tag(0x0000, 0x0004)] {
            #expect(Dictionary.vr(of: tag) == nil)
            #expect(Dictionary.keyword(of: tag) == nil)
            #expect(Dictionary.name(of: tag) == nil)
        }
        for keyword in ["", "patientname", "PatientNam", "PatientName|", "Patient's Name"] {
            #expect(Dictionary.tag(keyword: keyword) == nil)
        }
    }

    @Test func theTableIsCompleteAscendingAndHasOnlyStandardVRs() {
        let standard = Set(
            "AE AS AT CS DA DS DT FD FL IS LO LT OB OD OF OL OV OW PN SH SL SQ SS ST SV TM UC UI UL UN UR US UT UV --"
                .split(separator: " ").map(String.init))
        var tags: [UInt32] = []
        for line in String(describing: ElementTable.elements).split(separator: "\n") {
            tags.append(UInt32(line.prefix(8), radix: 16) ?? 0)
            #expect(standard.contains(String(line.dropFirst(9).prefix(2))), "\(line)")
        }
        #expect(tags.count >= 5091)
        #expect(zip(tags, tags.dropFirst()).allSatisfy { $0 < $1 })
        #expect(tags.allSatisfy { Dictionary.keyword(of: Tag(rawValue: $0)) != nil || $0 & 0xFFFF != 0 })
    }
}
