import DICOM

/// A text in the characters of ISO_IR 100 (T7).
enum Latin1Text {
    enum Outcome: Equatable {
        case written(String)
        case impossible([String])
    }

    static func written(_ text: String) -> Outcome {
        let beyond = text.unicodeScalars.filter { $0.value > 0xFF }.map { String($0) }
        return beyond.isEmpty ? .written(text) : .impossible(beyond)
    }
}
