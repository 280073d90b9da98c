/// Titles of Key Object Selection documents and their modifiers, all of scheme DCM (PS3.16 CID 7010, 7011, 7012, 7031).
public enum DocumentTitle {
    /// Manifests: what a receiver reads as the list of a study's instances.
    static let manifests: Set<String> = ["113030", "113031", "113032", "113033", "113034", "113035"]
    /// The titles of rejection notes (IHE RAD TF-1 §34, platform spec 2.4.5).
    static let rejectionNotes: Set<String> = ["113001", "113037", "113038", "113039"]
    /// "Manifest with Description", before its final code (IHE RAD MADO).
    static let manifestWithDescription = "MADOTEMP001"

    /// A title that makes a document the list of a study's instances.
    public static func isManifest(_ title: Code) -> Bool {
        title.scheme == "DCM" && manifests.contains(title.value) || title.value == manifestWithDescription
    }

    /// Matched on value and scheme alone: senders translate the meaning and add versions.
    public static func isRejectionNote(_ title: Code) -> Bool {
        title.scheme == "DCM" && rejectionNotes.contains(title.value)
    }

    /// The standard's meaning of a title; nil for a code that is no title.
    static func meaning(of value: String) -> String? { titles[value] ?? removalReasons[value] }

    /// CID 7010.
    static let titles: [String: String] = [
        "113000": "Of Interest",
        "113001": "Rejected for Quality Reasons",
        "113002": "For Referring Provider",
        "113003": "For Surgery",
        "113004": "For Teaching",
        "113005": "For Conference",
        "113006": "For Therapy",
        "113007": "For Patient",
        "113008": "For Peer Review",
        "113009": "For Research",
        "113010": "Quality Issue",
        "113013": "Best In Set",
        "113018": "For Printing",
        "113020": "For Report Attachment",
        "113021": "For Litigation",
        "113022": "Collection of Presentation States",
        "113030": "Manifest",
        "113031": "Signed Manifest",
        "113032": "Complete Study Content",
        "113033": "Signed Complete Study Content",
        "113034": "Complete Acquisition Content",
        "113035": "Signed Complete Acquisition Content",
        "113036": "Group of Frames for Display",
        "113037": "Rejected for Patient Safety Reasons",
        "113038": "Incorrect Modality Worklist Entry",
        "113039": "Data Retention Policy Expired",
        "128180": "For RT Workflow",
        "128181": "Diagnostic Source Images",
        "128182": "Segmentation Result",
        "128183": "Registration Result",
        "128184": "Pre-Planning Result",
        "128185": "RT Prescription Result",
        "128186": "Dose Calculation Image Series",
        "128187": "Coordinate Alignment Image Series",
        "128188": "RT Treatment Simulation Result",
        "128189": "RT Planning Result",
        "128190": "Dosimetric Result",
        "128191": "Patient Setup Verification Result",
        "128192": "RT Treatment Session Result",
        "128193": "RT Treatment Course Summary",
        "128194": "RT Treatment QA Result",
        "128195": "For Diagnosis",
        "128196": "For Segmentation",
        "128197": "For RT Prescription",
        "128198": "For RT Treatment Planning",
        "128199": "For Plan Comparison",
        "128200": "For RT Plan Summation",
        "128201": "For Physician Review",
        "128202": "For Physicist Review",
        "128203": "For Tumor Board",
        "128204": "For Plan Quality Assurance",
        "128205": "For Machine Quality Assurance",
        "128206": "For Patient Setup Verification",
        "128207": "For Clinical Trial Submission",
        "128208": "For Tumor Registry",
        "128209": "RT Workflow Input Used",
        "128210": "RT Prescription Input Used",
        "128211": "RT Treatment Planning Input Used",
        "128212": "RT Plan Summation Input Used",
        "128213": "Physician Review Input Used",
        "128214": "Physicist Review Input Used",
        "128215": "Plan Quality Assurance Input Used",
        "128216": "Machine Quality Assurance Input Used",
        "128217": "Patient Setup Verification Input Used",
        "128218": "Diagnosis Input Used",
        "128219": "Contouring Input Used",
        "128220": "Plan Comparison Input Used",
        "128221": "Tumor Board Input Used",
        "128222": "Tumor Registry Input Used",
        "128223": "Clinical Trial Submission Input Used",
        "128710": "For Teaching File Export",
        "128711": "For Clinical Trial Export",
        "128713": "For Research Collection Export",
        "128714": "For Publication Export",
        "130370": "RTV Rendition",
        "130371": "RTV Audio and Video Rendition",
        "130372": "RTV Stereo Video Rendition",
        "130373": "RTV Audio and Stereo Video Rendition",
    ]

    /// CID 7011: modifiers of 113001 and 113010.
    static let rejectionReasons: [String: String] = [
        "111207": "Image artifact(s)",
        "111208": "Grid artifact(s)",
        "111209": "Positioning",
        "111210": "Motion blur",
        "111211": "Under exposed",
        "111212": "Over exposed",
        "111213": "No image",
        "111214": "Detector artifact(s)",
        "111215": "Artifact(s) other than grid or detector artifact",
        "111216": "Mechanical failure",
        "111217": "Electrical failure",
        "111218": "Software failure",
        "111219": "Inappropriate image processing",
        "111220": "Other failure",
        "111221": "Unknown failure",
        "113026": "Double exposure",
    ]

    /// CID 7012: modifiers of 113013.
    static let bestInSetScopes: [String: String] = [
        "113014": "Study",
        "113015": "Series",
        "113016": "Performed Procedure Step",
        "113017": "Stage-View",
    ]

    /// CID 7031, beyond those that CID 7010 has.
    static let removalReasons: [String: String] = [
        "113680": "Quality Control Intent",
        "130752": "Data Not Accessible from Storage",
        "130753": "Processed Key Object Selection",
        "130754": "Replaced by Alternate Representation",
    ]
}
