import DICOM

/// What the spool keeps of an instance beside its header: two lines.
struct InstanceAttributes: Equatable, Sendable {
    var transferSyntax: TransferSyntax
    var callingAETitle: AETitle

    init(transferSyntax: TransferSyntax, callingAETitle: AETitle) {
        self.transferSyntax = transferSyntax
        self.callingAETitle = callingAETitle
    }

    /// A title with a line break in it is none; the rest of the line is kept as it is.
    init(text: String) {
        let lines = text.split(separator: "\n", maxSplits: 1, omittingEmptySubsequences: false)
        transferSyntax = TransferSyntax(String(lines.first ?? ""))
        callingAETitle = AETitle(lines.count > 1 ? String(lines[1]) : "")
    }

    var text: String { "\(transferSyntax.text)\n\(callingAETitle.text)" }
}
