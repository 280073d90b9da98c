import DICOM
import Testing

struct UIDRegistryTests {
    @Test(arguments: [
        ("1.2.840.10008.5.1.4.1.1.2", ValueType.image),  // CT
        ("1.2.840.10008.5.1.4.1.1.481.1", .image),  // RT Image
        ("1.2.840.10008.5.1.4.1.1.481.2", .composite),  // RT Dose: pixels, but its IE is Dose
        ("1.2.840.10008.5.1.4.1.1.66", .composite),  // Raw Data
        ("1.2.840.10008.5.1.4.1.1.66.4", .image),  // Segmentation
        ("1.2.840.10008.5.1.4.1.1.30", .image),  // Parametric Map
        ("1.2.840.10008.5.1.4.1.1.4.2", .composite),  // MR Spectroscopy
        ("1.2.840.10008.5.1.4.1.1.9.1.1", .waveform),  // 12-lead ECG
        ("1.2.840.10008.5.1.4.1.1.9.1", .waveform),  // Waveform, trial, retired
        ("1.2.840.10008.5.1.4.1.1.77.1.1.1", .image),  // Video Endoscopic
        ("1.2.840.10008.5.1.4.1.1.104.1", .composite),  // Encapsulated PDF
        ("1.2.840.10008.5.1.4.1.1.88.59", .composite),  // Key Object Selection
        ("1.2.840.10008.5.1.4.1.1.5", .image),  // Nuclear Medicine, retired
        ("1.2.840.10008.5.1.4.1.1.82.1", .image),  // Corneal Topography Map
    ])
    func storageClassesHaveTheirValueType(uid: String, expected: ValueType) {
        #expect(UIDRegistry.valueType(of: SOPClassUID(uid)) == expected)
        #expect(UIDRegistry.isStorage(SOPClassUID(uid)))
        #expect(!UIDRegistry.isNonStorage(SOPClassUID(uid)))
    }

    @Test func the204StorageClassesAreThere() {
        let classes = UIDRegistry.storageClasses
        #expect(classes.count == 204)
        #expect(classes.filter { UIDRegistry.isRetired($0) }.count == 20)
        var counts: [ValueType: Int] = [:]
        for sopClass in classes {
            if let type = UIDRegistry.valueType(of: sopClass) { counts[type, default: 0] += 1 }
        }
        #expect(counts == [.image: 76, .waveform: 17, .composite: 111])
    }

    @Test(arguments: [
        SOPClassUID.verification, .storageCommitmentPushModel, .studyRootFind, .studyRootMove, .modalityWorklistFind,
        .modalityPerformedProcedureStep, SOPClassUID("1.2.840.10008.5.1.1.9"), SOPClassUID("1.2.840.10008.1.3.10"),
        SOPClassUID("1.2.840.10008.1.2"), SOPClassUID("1.2.840.10008.3.1.1.1"),
    ])
    func whatIsNotStorageIsKnownAsSuch(uid: SOPClassUID) {
        #expect(UIDRegistry.isNonStorage(uid))
        #expect(!UIDRegistry.isStorage(uid))
        #expect(UIDRegistry.valueType(of: uid) == nil)
    }

    @Test(arguments: ["1.3.12.2.1107.5.9.1", "1.2.840.10008.5.1.4.1.1.9999", "", "1.2.840.10008.1", "9"])
    func privateAndNewerClassesAreNeither(uid: String) {
        #expect(!UIDRegistry.isNonStorage(SOPClassUID(uid)))
        #expect(!UIDRegistry.isStorage(SOPClassUID(uid)))
        #expect(UIDRegistry.name(of: SOPClassUID(uid)) == nil)
    }

    @Test func namesAreTheStandards() {
        #expect(UIDRegistry.name(of: SOPClassUID.ctImage) == "CT Image Storage")
        #expect(UIDRegistry.name(of: SOPClassUID.verification) == "Verification")
        #expect(UIDRegistry.name(of: TransferSyntax.explicitVRBigEndian) == "Explicit VR Big Endian")
        #expect(UIDRegistry.isRetired(TransferSyntax.explicitVRBigEndian))
        #expect(!UIDRegistry.isRetired(TransferSyntax.explicitVRLittleEndian))
    }

    @Test func transferSyntaxesAreKnown() {
        #expect(UIDRegistry.transferSyntaxes.count >= 59)
        #expect(UIDRegistry.transferSyntaxes.contains(TransferSyntax("1.2.840.10008.1.2.4.202")))
        #expect(UIDRegistry.isKnown(.deflatedExplicitVRLittleEndian))
        #expect(!UIDRegistry.isKnown(.privateGEImplicit))
        #expect(!UIDRegistry.isKnown(TransferSyntax(SOPClassUID.ctImage.text)))
    }

    @Test func everyUIDFindsItsOwnLine() {
        for uid in UIDRegistry.storageClasses.map(\.text) + UIDRegistry.transferSyntaxes.map(\.text) {
            #expect(UIDRegistry.name(of: SOPClassUID(uid)) != nil, "\(uid)")
        }
    }

    @Test func constantsNameWhatTheyAre() {
        #expect(UIDRegistry.name(of: SOPClassUID.keyObjectSelectionDocument) == "Key Object Selection Document Storage")
        #expect(UIDRegistry.name(of: SOPClassUID.mrImage) == "MR Image Storage")
        #expect(UIDRegistry.name(of: SOPClassUID.rawData) == "Raw Data Storage")
        #expect(UIDRegistry.name(of: SOPClassUID.encapsulatedPDF) == "Encapsulated PDF Storage")
        #expect(UIDRegistry.name(of: SOPClassUID.twelveLeadECGWaveform) == "12-lead ECG Waveform Storage")
    }
}

struct ValueTypeTests {
    private static let headers: [([DICOM.Tag], ValueType)] = [
        ([.waveformSequence, .rows], .waveform),
        ([.rows, .columns, .pixelData], .image),
        ([.rows, .columns, .photometricInterpretation], .image),
        ([.rows, .columns], .composite),
        ([.pixelData], .composite),
        ([], .composite),
    ]

    @Test(arguments: headers)
    func anUnknownClassIsJudgedByItsHeader(present: [DICOM.Tag], expected: ValueType) {
        #expect(ValueType(ofUnknownClassWith: present.contains) == expected)
    }
}
