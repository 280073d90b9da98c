/// Value type of a reference (PS3.3 Table C.17.3-7), decided by the class's information entity (PS3.3 C.17.3.2.1).
public enum ValueType: UInt8, Sendable, Hashable, CaseIterable {
    case image, waveform, composite
}
