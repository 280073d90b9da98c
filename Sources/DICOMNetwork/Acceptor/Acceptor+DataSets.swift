import DICOM

extension Acceptor {
    /// Bytes of one read while every byte is wanted.
    static let largeRead = 128 * 1024

    mutating func stepDataSet(_ fragment: Fragment, _ bytes: RawSpan, _ offset: inout Int) -> Demand? {
        guard var appetite = instance?.appetite else { return nil }
        if case .skip(0) = appetite { appetite = .more }
        switch appetite {
        case .more:
            let given = min(fragment.left, bytes.byteCount - offset)
            guard given > 0 else { return receive() }
            guard let count = instance?.allowed(of: given), count > 0 else {
                return instance.map { .reserve($0.headerBytes(after: given)) }
            }
            instance?.feed(bytes.extracting(offset..<offset + count))
            offset += count
            phase = .value(consumed(fragment, count))
            return nil
        case .skip(let wanted):
            let count = min(fragment.left, wanted)
            instance?.skip(count, then: .skip(wanted - count))
            phase = .value(consumed(fragment, count))
            return discard(count, bytes, &offset)
        case .done:
            instance?.skip(fragment.left, then: .done)
            phase = .value(consumed(fragment, fragment.left))
            return discard(fragment.left, bytes, &offset)
        }
    }

    /// Hands out as many bytes as there are; the capture takes its part of them before.
    mutating func stepWantedDataSet(_ fragment: Fragment, _ bytes: RawSpan, _ offset: inout Int) -> Demand? {
        let start = offset
        let end = offset + min(fragment.left, bytes.byteCount - offset)
        guard start < end else { return receive() }
        while offset < end {
            let passable = instance?.passable ?? .max
            if passable > 0 {
                let count = min(passable, end - offset)
                instance?.pass(count)
                offset += count
            } else {
                guard let count = instance?.allowed(of: end - offset), count > 0 else { break }
                instance?.feed(bytes.extracting(offset..<offset + count))
                offset += count
            }
        }
        guard offset > start else { return instance.map { .reserve($0.headerBytes(after: end - start)) } }
        phase = .value(consumed(fragment, offset - start))
        return .take(offset - start)
    }

    /// Keeps the data set of an N-EVENT-REPORT.
    mutating func stepReport(_ fragment: Fragment, _ bytes: RawSpan, _ offset: inout Int) -> Demand? {
        let count = min(fragment.left, bytes.byteCount - offset)
        guard count > 0 else { return receive() }
        guard body.count + count <= reportAllowance else { return .reserve(body.count + count) }
        bytes.extracting(offset..<offset + count).withUnsafeBytes { body.append(contentsOf: $0) }
        offset += count
        phase = .value(consumed(fragment, count))
        return nil
    }

    mutating func endReport(_ command: CommandSet, _ context: UInt8) -> Demand? {
        let information = body
        body = []
        do {
            let result = try CommitmentResult(
                eventType: command.eventTypeID, eventInformation: information,
                transferSyntax: contexts[context]?.transferSyntax ?? .implicitVRLittleEndian)
            message = .answering(command, context: context)
            return .report(result)
        } catch {
            message = .none
            respond(to: command, StoreStatus(error.status), context)
            return nil
        }
    }
}
