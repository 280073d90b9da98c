/// Who assigned an identifier: the HL7v2 Hierarchic Designator macro (PS3.3 Table 10-17).
///
/// Empty strings mean absent; on the wire an absent attribute is left out, never written empty (type 1C).
public struct AssigningAuthority: Sendable, Hashable {
    /// Local Namespace Entity ID (0040,0031).
    public var localNamespaceEntityID: String
    /// Universal Entity ID (0040,0032), most often an OID.
    public var universalEntityID: String
    /// Universal Entity ID Type (0040,0033): DNS, EUI64, ISO, URI, UUID, X400 or X500.
    public var universalEntityIDType: String

    public init(localNamespaceEntityID: String = "", universalEntityID: String = "", universalEntityIDType: String = "")
    {
        self.localNamespaceEntityID = localNamespaceEntityID
        self.universalEntityID = universalEntityID
        self.universalEntityIDType = universalEntityIDType
    }

    /// An authority known by its OID.
    public init(oid: String, name: String = "") {
        self.init(localNamespaceEntityID: name, universalEntityID: oid, universalEntityIDType: "ISO")
    }

    public var isEmpty: Bool { localNamespaceEntityID.isEmpty && universalEntityID.isEmpty }

    static let universalEntityIDTypes: Set<String> = ["DNS", "EUI64", "ISO", "URI", "UUID", "X400", "X500"]

    /// The same authority as the standard allows it: an OID is of type ISO, whatever the sender said; an identifier of
    /// no allowed type is left out.
    var normalized: AssigningAuthority {
        var result = self
        if universalEntityID.isEmpty {
            result.universalEntityIDType = ""
        } else if OID.isValid(universalEntityID) {
            result.universalEntityIDType = "ISO"
        } else if !Self.universalEntityIDTypes.contains(universalEntityIDType) {
            result.universalEntityID = ""
            result.universalEntityIDType = ""
        }
        return result
    }
}
