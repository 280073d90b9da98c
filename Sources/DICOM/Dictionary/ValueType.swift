/// The value type by which a content item refers to an instance (PS3.3 §C.17.3.2.1): COMPOSITE is a composite
/// instance that is neither an image nor a waveform.
public enum ValueType: String, Hashable, Sendable, CaseIterable {
    case image = "IMAGE"
    case waveform = "WAVEFORM"
    case composite = "COMPOSITE"

    /// The value type of an instance whose SOP class PS3.6 does not list, from what its header has: a Waveform
    /// Sequence, or Rows and Columns with pixels (or at least a Photometric Interpretation, where the header ends
    /// before the pixels).
    public init(ofUnknownClassWith isPresent: (Tag) -> Bool) {
        if isPresent(.waveformSequence) {
            self = .waveform
        } else if isPresent(.rows), isPresent(.columns),
            isPresent(.photometricInterpretation) || isPresent(.pixelData) || isPresent(.floatPixelData)
                || isPresent(.doubleFloatPixelData)
        {
            self = .image
        } else {
            self = .composite
        }
    }
}
