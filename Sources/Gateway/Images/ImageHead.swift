import DICOM
import DICOMNetwork

/// What the file of an image says before its data set (PS3.10 §7.1): by the command that brought it, not by the data set.
struct ImageHead: Sendable {
    let kind: CompressionChoice.Kind
    let instance: InstanceUID
    let source: AETitle

    init(_ instance: ArrivingInstance, from source: AETitle) {
        self.init(
            sopClass: instance.sopClassUID, instance: instance.sopInstanceUID,
            transferSyntax: instance.transferSyntax, from: source)
    }

    init(
        sopClass: SOPClassUID, instance: InstanceUID, transferSyntax: TransferSyntax, from source: AETitle
    ) {
        kind = CompressionChoice.Kind(sopClass: sopClass, transferSyntax: transferSyntax)
        self.instance = instance
        self.source = source
    }

    /// Up to the data set.
    var bytes: [UInt8] {
        let ours = UserInformation.ours(maximumLength: 0)
        let writer = Part10Writer(
            transferSyntax: kind.transferSyntax,
            implementationClassUID: String(decoding: ours.implementationClassUID, as: UTF8.self),
            implementationVersionName: String(decoding: ours.implementationVersionName, as: UTF8.self),
            sourceApplicationEntityTitle: source)
        return writer.start(sopClassUID: kind.sopClass, sopInstanceUID: instance)
    }
}
