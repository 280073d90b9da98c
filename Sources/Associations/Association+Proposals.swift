public import DICOM
public import DICOMNetwork

extension Association.Proposal {
    /// For an operation of the Query/Retrieve service.
    public static func query(_ operation: QueryOperation, _ model: InformationModel = .studyRoot)
        -> Association.Proposal
    {
        Association.Proposal(
            model.sopClassUID(of: operation), [.explicitVRLittleEndian, .implicitVRLittleEndian])
    }

    fileprivate static func provided(_ sopClass: SOPClassUID, _ syntaxes: [TransferSyntax]) -> Association.Proposal {
        var proposal = Association.Proposal(sopClass, syntaxes)
        proposal.isProvided = true
        return proposal
    }
}

extension [Association.Proposal] {
    /// For the instances of these SOP classes that a C-GET is to bring, in as many contexts as there is room for: a peer
    /// accepts one transfer syntax of each, and sends what it has in another or not at all. The first is uncompressed;
    /// where a class gets one context only, it offers everything.
    /// - Parameter limit: contexts to make at most; classes beyond it are left out. An association has 128, of which the
    ///   C-GET takes one.
    public static func storage(_ sopClasses: [SOPClassUID], limit: Int = 127) -> [Association.Proposal] {
        let sopClasses = sopClasses.prefix(limit)
        guard !sopClasses.isEmpty else { return [] }
        let room = limit / sopClasses.count
        let plain = [TransferSyntax.explicitVRLittleEndian, .implicitVRLittleEndian]
        let compressed = TransferSyntax.compressed
        guard room > 1 else { return sopClasses.map { .provided($0, plain + compressed) } }
        let alone = compressed.prefix(room - 2)
        let together = [TransferSyntax](compressed.dropFirst(alone.count))
        return sopClasses.flatMap { sopClass in
            let groups = [plain] + alone.map { [$0] } + (together.isEmpty ? [] : [together])
            return groups.map { Association.Proposal.provided(sopClass, $0) }
        }
    }
}

extension Association {
    /// The presentation contexts for instances that are due, as many associations as they take: for each presentation one
    /// with its transfer syntax alone; an uncompressed one gets a second in which the peer may choose between the two
    /// little endian transfer syntaxes, should it refuse the first.
    /// - Parameters:
    ///   - presentations: the first due first; repetitions do not matter.
    ///   - limit: contexts of one association at most, from 2 to 128 (PS3.8 §9.3.2.2).
    public static func plan(for presentations: some Sequence<Presentation>, limit: Int = 128) -> [[Proposal]] {
        precondition((2...128).contains(limit))
        var planned: Set<Presentation> = []
        var plan: [[Proposal]] = []
        for presentation in presentations where planned.insert(presentation).inserted {
            let (sopClass, syntax) = (presentation.sopClassUID, presentation.transferSyntax)
            let alone = Proposal(sopClass, [syntax])
            let choice = syntax.alternative.map { Proposal(sopClass, [syntax, $0]) }
            let contexts = choice.map { [alone, $0] } ?? [alone]
            let last = plan.last ?? []
            let hasChoice = last.contains { $0.abstractSyntax == sopClass && $0.transferSyntaxes.count > 1 }
            let added = hasChoice ? [alone] : contexts
            if !plan.isEmpty, last.count + added.count <= limit {
                plan[plan.count - 1] += added
            } else {
                plan.append(contexts)
            }
        }
        return plan
    }
}

extension TransferSyntax {
    /// Compressed ones that archives keep, the more usual first (PS3.6 Table A-1).
    static let compressed: [TransferSyntax] = [
        "1.2.840.10008.1.2.4.70", "1.2.840.10008.1.2.4.50", "1.2.840.10008.1.2.4.90", "1.2.840.10008.1.2.4.91",
        "1.2.840.10008.1.2.4.80", "1.2.840.10008.1.2.4.81", "1.2.840.10008.1.2.5", "1.2.840.10008.1.2.4.57",
        "1.2.840.10008.1.2.4.51", "1.2.840.10008.1.2.4.102", "1.2.840.10008.1.2.4.100", "1.2.840.10008.1.2.4.103",
        "1.2.840.10008.1.2.4.101", "1.2.840.10008.1.2.4.106", "1.2.840.10008.1.2.4.107", "1.2.840.10008.1.2.4.108",
        "1.2.840.10008.1.2.4.201", "1.2.840.10008.1.2.4.202", "1.2.840.10008.1.2.4.203", "1.2.840.10008.1.2.1.99",
        "1.2.840.10008.1.2.2",
    ].map { TransferSyntax($0) }
}

extension SOPClassUID {
    /// What archives mostly keep (PS3.4 Table B.5-1), for a C-GET of instances whose SOP classes are not known.
    public static let usuallyStored: [SOPClassUID] = [
        "1.2", "1.2.1", "1.4", "1.4.1", "1.1", "1.1.1", "1.1.1.1", "1.1.2", "1.1.3", "1.3.1", "1.6.1", "1.6.2", "1.7",
        "1.7.1", "1.7.2", "1.7.3", "1.7.4", "1.12.1", "1.12.1.1", "1.12.2", "1.12.2.1", "1.13.1.3", "1.13.1.4", "1.20",
        "1.128", "1.130", "1.11.1", "1.11.2", "1.66", "1.66.4", "1.77.1.1", "1.77.1.4", "1.77.1.5.1", "1.88.11",
        "1.88.22", "1.88.33", "1.88.59", "1.88.67", "1.104.1", "1.9.1.1", "1.9.1.2", "1.481.1", "1.481.2", "1.481.3",
        "1.481.5",
    ].map { SOPClassUID("1.2.840.10008.5.1.4.1." + $0) }
}
