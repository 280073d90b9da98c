import DICOM

/// A text in the characters of ISO_IR 100 (T7).
enum Latin1Text {
    enum Outcome: Equatable {
        case written(String)
        /// The characters that nothing stands for.
        case impossible([String])
    }

    static func written(_ text: String) -> Outcome {
        do {
            let encoded = try Latin1.encode(text)
            return .written(String(String.UnicodeScalarView(encoded.bytes.map { Unicode.Scalar($0) })))
        } catch {
            return .impossible(error.characters.map { String($0) })
        }
    }
}
