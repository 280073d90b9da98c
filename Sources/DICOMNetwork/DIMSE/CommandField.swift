/// Command Field (0000,0100) (PS3.7 §E.1); responses have the highest bit set.
public struct CommandField: RawRepresentable, Hashable, Sendable {
    public let rawValue: UInt16
    public init(rawValue: UInt16) { self.rawValue = rawValue }

    public static let storeRequest = CommandField(rawValue: 0x0001)
    public static let storeResponse = CommandField(rawValue: 0x8001)
    public static let getRequest = CommandField(rawValue: 0x0010)
    public static let getResponse = CommandField(rawValue: 0x8010)
    public static let findResponse = CommandField(rawValue: 0x8020)
    public static let findRequest = CommandField(rawValue: 0x0020)
    public static let moveRequest = CommandField(rawValue: 0x0021)
    public static let echoRequest = CommandField(rawValue: 0x0030)
    public static let echoResponse = CommandField(rawValue: 0x8030)
    public static let eventReportRequest = CommandField(rawValue: 0x0100)
    public static let eventReportResponse = CommandField(rawValue: 0x8100)
    public static let actionRequest = CommandField(rawValue: 0x0130)
    public static let actionResponse = CommandField(rawValue: 0x8130)
    public static let cancelRequest = CommandField(rawValue: 0x0FFF)

    /// N-ACTION names the SOP class and instance that it is for as requested ones (PS3.7 Table 10.3-7).
    var namesRequested: Bool { self == .actionRequest }
    public var isResponse: Bool { rawValue & 0x8000 != 0 }
    /// That of the response to this request.
    public var response: CommandField { CommandField(rawValue: rawValue | 0x8000) }
}
