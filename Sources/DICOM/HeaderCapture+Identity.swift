extension HeaderCapture {
    /// Where in the header the values lie that identify an instance.
    struct Identity {
        var sopClassUID = 0..<0
        var sopInstanceUID = 0..<0
        var studyInstanceUID = 0..<0
        var seriesInstanceUID = 0..<0
        var patientID = 0..<0
        var accessionNumber = 0..<0
        var characterSet = 0..<0

        @inline(__always)
        mutating func note(_ tag: Tag, at start: Int, count: Int) {
            let value = start..<start + count
            switch tag.rawValue {
            case 0x0008_0005: characterSet = value
            case 0x0008_0016: sopClassUID = value
            case 0x0008_0018: sopInstanceUID = value
            case 0x0008_0050: accessionNumber = value
            case 0x0010_0020: patientID = value
            case 0x0020_000D: studyInstanceUID = value
            case 0x0020_000E: seriesInstanceUID = value
            default: break
            }
        }
    }

    /// SOP Class UID (0008,0016) at the top level; nil when absent or empty. So for the others.
    public var sopClassUID: SOPClassUID? { uid(identity.sopClassUID) }
    /// SOP Instance UID (0008,0018).
    public var sopInstanceUID: InstanceUID? { uid(identity.sopInstanceUID) }
    /// Study Instance UID (0020,000D).
    public var studyInstanceUID: StudyUID? { uid(identity.studyInstanceUID) }
    /// Series Instance UID (0020,000E).
    public var seriesInstanceUID: SeriesUID? { uid(identity.seriesInstanceUID) }
    /// The bytes of Patient ID (0010,0020), padding included; empty when absent.
    public var patientID: ArraySlice<UInt8> { bytes(identity.patientID) }
    /// The bytes of Accession Number (0008,0050).
    public var accessionNumber: ArraySlice<UInt8> { bytes(identity.accessionNumber) }
    /// The bytes of Specific Character Set (0008,0005).
    public var specificCharacterSet: ArraySlice<UInt8> { bytes(identity.characterSet) }

    private func uid<UID: UIDValue>(_ range: Range<Int>) -> UID? {
        let uid = UID(padded: bytes(range))
        return uid.text.isEmpty ? nil : uid
    }

    private func bytes(_ range: Range<Int>) -> ArraySlice<UInt8> {
        range.upperBound <= header.count ? header[range] : []
    }
}
