public import DICOM

/// What a destination is asked to commit itself to keeping: the Action Information of an N-ACTION (PS3.4 Table J.3-1).
public struct CommitmentRequest: Hashable, Sendable {
    /// A SOP instance as it was sent.
    public struct Instance: Hashable, Sendable {
        public let sopClassUID: SOPClassUID
        public let sopInstanceUID: InstanceUID

        public init(_ sopClassUID: SOPClassUID, _ sopInstanceUID: InstanceUID) {
            self.sopClassUID = sopClassUID
            self.sopInstanceUID = sopInstanceUID
        }
    }

    /// By it the result is known again, whichever association it comes on.
    public let transaction: TransactionUID
    public let instances: [Instance]

    public init(_ transaction: TransactionUID, of instances: [Instance]) {
        self.transaction = transaction
        self.instances = instances
    }

    /// - Parameter encoding: explicit or implicit VR little endian.
    public func actionInformation(_ encoding: Encoding) -> [UInt8] {
        var writer = DataSetWriter(encoding: encoding)
        writer.element(.transactionUID, transaction)
        writer.beginSequence(.referencedSOPSequence)
        for instance in instances {
            writer.beginItem()
            writer.element(.referencedSOPClassUID, instance.sopClassUID)
            writer.element(.referencedSOPInstanceUID, instance.sopInstanceUID)
            writer.endItem()
        }
        writer.endSequence()
        return writer.finish()
    }
}

/// A Transaction UID (0008,1195).
public struct TransactionUID: UIDValue {
    public let text: String
    public init(_ text: String) { self.text = text }
}

extension InstanceUID {
    /// The one instance of it that there is (PS3.4 §J.3.5).
    public static let storageCommitmentPushModel = InstanceUID("1.2.840.10008.1.20.1.1")
}
