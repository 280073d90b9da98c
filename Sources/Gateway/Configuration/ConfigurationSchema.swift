import DICOM

/// Every key of the configuration file: the table that the reader, `config/kosgate.toml` and its test share.
enum ConfigurationSchema {
    typealias Key = ConfigurationKey

    static let document: [Key<Configuration>] = [
        .table("gateway", \.self, gateway, fresh: Configuration()),
        .table("defaults", \.defaults, settings, fresh: Configuration.SourceDefaults()),
        .tables("source", \.sources, source) { .init(name: "", settings: $0?.defaults ?? .init()) },
        .tables("known_issuer", \.knownIssuers, knownIssuer) { _ in Configuration.Issuer() },
        .tableOrTables("platform", \.platforms, platform, fresh: .init(aeTitle: AETitle(""), host: "", port: 0)),
        .tables("image_destination", \.imageDestinations, imageDestination) { _ in
            .init(name: "", aeTitle: AETitle(""), host: "", port: 0)
        },
        .table("manifest", \.manifest, manifest, fresh: Configuration.Manifest()),
        .table("limits", \.limits, limits, fresh: Configuration.Limits()),
        .table("log", \.self, log, fresh: Configuration()),
    ]

    private static let gateway: [Key<Configuration>] = [
        .value("ae_title", \.aeTitle, .aeTitle),
        .list("listen", \.listen, .address),
        .value("port", \.port, .whole(0...65535)),
        .value("data", \.dataDirectory, .path),
        .optional("manifests", \.manifestsDirectory, .path),
        .optional("socket", \.socket, .path),
        .optional("accept_any_calling_ae_title", \.acceptsAnyCallingAETitle, .boolean),
        .value("accept_any_called_ae_title", \.acceptsAnyCalledAETitle, .boolean),
        .value("environment", \.environment, .choice),
        .value("image_compression", \.imageCompression, .compression),
    ]

    private static let settings: [Key<Configuration.SourceDefaults>] = [
        .value("quiet_period", \.quietPeriod, .seconds(0...86400)),
        .value("complete", \.complete, .choice),
        .value("waits_for_report", \.waitsForReport, .boolean),
        .optional("retrieve_ae_title", \.retrieveAETitle, .aeTitle),
        .optional("retrieve_location_uid", \.retrieveLocationUID, .uid),
        .optional("retrieve_url", \.retrieveURL, .url),
        .optional("institution_name", \.institutionName, .text(64)),
        .optionalTable("issuer_of_patient_id", \.issuerOfPatientID, issuer, fresh: Configuration.Issuer()),
        .optional("identifier_type", \.identifierType, .text(16)),
        .optionalTable("issuer_of_accession_number", \.issuerOfAccessionNumber, issuer, fresh: Configuration.Issuer()),
        .optional("patient_id_pattern", \.patientIDPattern, .pattern),
        .value("known_issuers_only", \.knownIssuersOnly, .boolean),
        .optional("quality_assurance_tag", \.qualityAssuranceTag, .tag),
        .optional("quality_assurance_value", \.qualityAssuranceValue, .text(64)),
        .value("mixed_confidentiality", \.mixedConfidentiality, .choice),
        .value("pacs_manifests", \.pacsManifests, .choice),
        .list("ignored_rejections", \.ignoredRejections, .choice),
        .value("rejection_race", \.rejectionRace, .seconds(0...86400)),
        .table("resend_after_rejection", \.resendAfterRejection, resending, fresh: .init()),
        .optionalTable("pacs", \.pacs, pacs, fresh: Configuration.PACS(host: "", port: 0, aeTitle: AETitle(""))),
    ]

    private static let resending: [Key<Configuration.ResendAfterRejection>] = [
        .value("quality", \.quality, .choice),
        .value("patient_safety", \.patientSafety, .choice),
        .value("incorrect_worklist_entry", \.incorrectWorklistEntry, .choice),
        .value("retention_expired", \.retentionExpired, .choice),
    ]

    private static let pacs: [Key<Configuration.PACS>] = [
        .value("ae_title", \.aeTitle, .aeTitle, isRequired: true),
        .value("host", \.host, .host, isRequired: true),
        .value("port", \.port, .whole(1...65535), isRequired: true),
        .optional("calling_ae_title", \.callingAETitle, .aeTitle),
        .value("method", \.method, .choice),
        .value("sweep_days", \.sweepDays, .whole(0...3650)),
        .value("sweep_time", \.sweepTime, .timeOfDay),
    ]

    private static let source: [Key<Configuration.Source>] =
        [
            .value("name", \.name, .text(64), isRequired: true),
            .list("ae_titles", \.aeTitles, .aeTitle),
            .list("networks", \.networks, .network),
            .value("urgent", \.isUrgent, .boolean),
        ] + settings.map { $0.lifted(\.settings) }

    private static let issuer: [Key<Configuration.Issuer>] = [
        .optional("namespace", \.namespace, .text(64)),
        .optional("universal_id", \.universalID, .text(64)),
        .value("universal_id_type", \.universalIDType, .choice),
    ]

    private static let knownIssuer: [Key<Configuration.Issuer>] = [
        .value("namespace", \.namespaceText, .text(64), isRequired: true),
        .value("universal_id", \.universalIDText, .text(64), isRequired: true),
        .value("universal_id_type", \.universalIDType, .choice),
    ]

    private static let platform: [Key<Configuration.Platform>] = [
        .optional("name", \.name, .name),
        .value("ae_title", \.aeTitle, .aeTitle, isRequired: true),
        .value("host", \.host, .host, isRequired: true),
        .value("port", \.port, .whole(1...65535), isRequired: true),
        .optional("calling_ae_title", \.callingAETitle, .aeTitle),
        .value("connect_timeout", \.connectTimeout, .seconds(1...600)),
        .value("response_timeout", \.responseTimeout, .seconds(1...3600)),
        .value("retry_delay", \.retryDelay, .seconds(0.1...3600)),
        .value("retry_ceiling", \.retryCeiling, .seconds(1...86400)),
    ]

    private static let imageDestination: [Key<Configuration.ImageDestination>] = [
        .value("name", \.name, .name, isRequired: true),
        .value("ae_title", \.aeTitle, .aeTitle, isRequired: true),
        .value("host", \.host, .host, isRequired: true),
        .value("port", \.port, .whole(1...65535), isRequired: true),
        .optional("calling_ae_title", \.callingAETitle, .aeTitle),
        .value("associations", \.associations, .whole(1...32)),
        .value("commit", \.commits, .boolean),
        .value("rejection_notes", \.takesRejectionNotes, .boolean),
        .value("throttle", \.throttle, .bytes(0...1 << 40)),
        .list("windows", \.windows, .window),
        .value("connect_timeout", \.connectTimeout, .seconds(1...600)),
        .value("response_timeout", \.responseTimeout, .seconds(1...3600)),
        .value("retry_delay", \.retryDelay, .seconds(0.1...3600)),
        .value("retry_ceiling", \.retryCeiling, .seconds(1...86400)),
        .tables("rule", \.rules, imageRule) { _ in Configuration.ImageRule() },
    ]

    private static let imageRule: [Key<Configuration.ImageRule>] = [
        .list("source", \.sources, .text(64)),
        .list("called", \.called, .aeTitle),
        .list("modality", \.modalities, .text(16)),
        .list("sop_class", \.sopClasses, .storageClass),
        .tables("element", \.elements, elementCondition) { _ in .init(tag: Tag(rawValue: 0)) },
    ]

    private static let elementCondition: [Key<Configuration.ElementCondition>] = [
        .value("tag", \.tag, .element, isRequired: true),
        .optional("equals", \.equals, .text(256)),
        .optional("matches", \.matches, .valuePattern),
        .optionalList("in", \.oneOf, .text(256)),
    ]

    private static let manifest: [Key<Configuration.Manifest>] = [
        .value("profile", \.profile, .profile),
        .value("language", \.language, .choice),
        .value("language_scheme", \.languageScheme, .choice),
        .value("institution", \.institution, .choice),
        .value("author", \.author, .choice),
        .optionalTable("fixed_author", \.fixedAuthor, person, fresh: Configuration.Person(name: "")),
        .tables("recipient", \.recipients, person) { _ in Configuration.Person(name: "") },
        .optionalTable("observer", \.observer, observer, fresh: Configuration.Observer(name: "")),
        .value("references", \.references, .choice),
        .list("exclude_sop_classes", \.excludedSOPClasses, .sopClassUID),
        .optional("character_set", \.characterSet, .choice),
        .optional("several_accession_numbers", \.severalAccessionNumbers, .choice),
        .optional("request_attributes", \.writesRequestAttributes, .boolean),
        .value("series_number", \.seriesNumber, .whole(0...2_147_483_647)),
        .value("removal", \.removal, .choice),
        .value("rejection_notes", \.rejectionNotes, .choice),
        .value("recipients_required", \.requiresRecipients, .boolean),
    ]

    private static let person: [Key<Configuration.Person>] = [
        .value("name", \.name, .personName, isRequired: true),
        .value("kind", \.kind, .choice),
        .optional("identifier", \.identifier, .text(16)),
        .optional("institution_name", \.institutionName, .text(64)),
        .optional("institution_identifier", \.institutionIdentifier, .text(16)),
    ]

    private static let observer: [Key<Configuration.Observer>] = [
        .value("name", \.name, .personName, isRequired: true),
        .optional("device_uid", \.deviceUID, .uid),
    ]

    private static let limits: [Key<Configuration.Limits>] = [
        .value("associations", \.associations, .whole(1...4096)),
        .value("maximum_pdu_length", \.maximumPDULength, .bytes(4096...16 << 20)),
        .value("header", \.header, .bytes(64 << 10...256 << 20)),
        .value("header_budget", \.headerBudget, .bytes(1 << 20...16 << 30)),
        .value("request_timeout", \.requestTimeout, .seconds(1...3600)),
        .value("idle_timeout", \.idleTimeout, .seconds(1...86400)),
        .value("stall_timeout", \.stallTimeout, .seconds(1...3600)),
        .value("disk_reserve", \.diskReserve, .bytes(0...1 << 40)),
        .value("image_reserve", \.imageReserve, .bytes(0...1 << 40)),
        .optional("image_budget", \.imageBudget, .bytes(1 << 20...1 << 50)),
    ]

    private static let log: [Key<Configuration>] = [
        .value("identity", \.logsIdentity, .boolean)
    ]
}
