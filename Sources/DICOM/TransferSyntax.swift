/// A transfer syntax UID (PS3.5 §10) and what it says of the bytes of a data set.
public struct TransferSyntax: UIDValue {
    public let text: String
    public init(_ text: String) { self.text = text }

    public static let implicitVRLittleEndian = TransferSyntax("1.2.840.10008.1.2")
    public static let explicitVRLittleEndian = TransferSyntax("1.2.840.10008.1.2.1")
    public static let deflatedExplicitVRLittleEndian = TransferSyntax("1.2.840.10008.1.2.1.99")
    public static let explicitVRBigEndian = TransferSyntax("1.2.840.10008.1.2.2")
    /// GE private: implicit VR little endian data set with big endian pixel data.
    public static let privateGEImplicit = TransferSyntax("1.2.840.113619.5.2")

    /// How data elements are encoded. Unknown transfer syntaxes are explicit VR little endian (PS3.5 §A.4).
    public var encoding: Encoding {
        switch self {
        case .implicitVRLittleEndian, .privateGEImplicit: .implicitVRLittleEndian
        case .explicitVRBigEndian: .explicitVRBigEndian
        default: .explicitVRLittleEndian
        }
    }

    /// The whole data set is compressed with deflate (PS3.5 §A.5; the two JPIP deflate syntaxes §A.7, §A.14).
    public var isDeflated: Bool {
        self == .deflatedExplicitVRLittleEndian || text == "1.2.840.10008.1.2.4.95" || text == "1.2.840.10008.1.2.4.205"
    }
}

/// The encoding of data elements (PS3.5 §7.1).
public enum Encoding: UInt8, Hashable, Sendable {
    case implicitVRLittleEndian
    case explicitVRLittleEndian
    case explicitVRBigEndian

    public var isExplicit: Bool { self != .implicitVRLittleEndian }
    public var isBigEndian: Bool { self == .explicitVRBigEndian }
}
