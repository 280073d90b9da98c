/// Priority (0000,0700) of a C-STORE (PS3.7 §9.1.1.1.5). Few peers look at it.
public enum Priority: UInt16, Hashable, Sendable {
    case medium = 0
    case high = 1
    case low = 2
}
