import DICOM

/// What the spool keeps of an arrival beside its bytes: two lines.
struct InstanceAttributes: Equatable, Sendable {
    /// What an arrival is; told apart when it comes in, so that a replay need not guess.
    enum Kind: String {
        /// The header of a composite instance.
        case instance
        /// A rejection note, whole (IHE RAD TF-3 4.66).
        case rejectionNote = "note"
        /// What a rejection note of another study says of this one.
        case excerpt
        /// What a rejection note that names another study says of this one, which has the instances; or the whole of it.
        case strayNote = "stray-note"
        /// The same; it may mean copies that were never seen here, from which these were made.
        case strayNoteOfFormerCopies = "stray-note-of-former-copies"
        /// A manifest made by the PACS, whole.
        case manifest
        /// What the PACS said of an instance by C-FIND, in the form of a header.
        case adopted
        /// What an operator decided.
        case decision
    }

    var kind = Kind.instance
    var transferSyntax: TransferSyntax
    var callingAETitle: AETitle

    init(kind: Kind = .instance, transferSyntax: TransferSyntax, callingAETitle: AETitle) {
        self.kind = kind
        self.transferSyntax = transferSyntax
        self.callingAETitle = callingAETitle
    }

    /// A title with a line break in it is none; the rest of the line is kept as it is.
    init(text: String) {
        let lines = text.split(separator: "\n", maxSplits: 1, omittingEmptySubsequences: false)
        let first = (lines.first ?? "").split(separator: "\t", maxSplits: 1, omittingEmptySubsequences: false)
        transferSyntax = TransferSyntax(String(first.first ?? ""))
        if first.count > 1, let kind = Kind(rawValue: String(first[1])) { self.kind = kind }
        callingAETitle = AETitle(lines.count > 1 ? String(lines[1]) : "")
    }

    /// Of the bytes that the spool has: what came deflated is kept inflated.
    var syntaxOfHeader: TransferSyntax { transferSyntax.isDeflated ? .explicitVRLittleEndian : transferSyntax }

    /// Documents of a study share no series with it: a note is filed under many studies.
    static func documentSeries(of study: String) -> String { "documents of \(study)" }

    var text: String {
        let suffix = kind == .instance ? "" : "\t\(kind.rawValue)"
        return "\(transferSyntax.text)\(suffix)\n\(callingAETitle.text)"
    }
}
