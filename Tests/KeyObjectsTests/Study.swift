import DICOM

@testable import KeyObjects

/// An invented study: headers to feed a builder, and settings under which it is published.
enum Study {
    static let studyUID = "1.2.826.0.1.3680043.10.9999.1"

    struct Header {
        var characterSet = "ISO_IR 100"
        var sopClass = SOPClassUID.ctImage
        var series = 1
        var instance = 1
        var instanceUID: String?
        var study = Study.studyUID
        var patientName = "DESMAUX^Nathalie"
        var patientID = "190036712345678"
        var issuer = ""
        var birthDate = "19550615"
        var accession = "A1"
        var studyDate = "20250918"
        var seriesDate = ""
        var more: (inout DataSetWriter) -> Void = { _ in }

        var uid: String { instanceUID ?? "\(study).\(series).\(instance)" }

        /// In explicit VR little endian; texts in the character set's bytes (UTF-8 or Latin-1).
        var bytes: [UInt8] {
            var out = DataSetWriter(encoding: .explicitVRLittleEndian)
            let text = { (text: String) -> [UInt8] in
                characterSet == "ISO_IR 192"
                    ? Array(text.utf8) : text.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) }
            }
            out.element(.specificCharacterSet, .CS, characterSet)
            out.element(.sopClassUID, sopClass)
            out.element(.sopInstanceUID, .UI, uid)
            out.element(.studyDate, .DA, studyDate)
            if !seriesDate.isEmpty { out.element(.seriesDate, .DA, seriesDate) }
            out.element(.studyTime, .TM, studyDate.isEmpty ? "" : "093000.123")
            out.element(.accessionNumber, .SH, accession)
            out.element(.modality, .CS, "CT")
            out.element(.studyDescription, .LO, bytes: text("Scanner, contrôle"))
            out.element(.patientName, .PN, bytes: text(patientName))
            out.element(.patientID, .LO, patientID)
            if !issuer.isEmpty { out.element(.issuerOfPatientID, .LO, issuer) }
            out.element(.patientBirthDate, .DA, birthDate)
            out.element(.patientSex, .CS, "F")
            out.element(.studyInstanceUID, .UI, study)
            out.element(.seriesInstanceUID, .UI, "\(study).\(series)")
            out.element(.studyID, .SH, "1")
            out.element(.seriesNumber, .IS, String(series))
            out.element(.instanceNumber, .IS, String(instance))
            more(&out)
            return out.finish()
        }
    }

    static func builder(_ headers: [Header]) -> ManifestBuilder {
        var builder = ManifestBuilder()
        for header in headers {
            _ = builder.add(
                header.bytes, transferSyntax: .explicitVRLittleEndian, callingAETitle: AETitle("MODALITY"))
        }
        return builder
    }

    static func content(_ headers: [Header] = [Header()]) -> ManifestContent {
        builder(headers).content()
            ?? ManifestContent(patient: .init(), study: .init(studyInstanceUID: StudyUID("")))
    }

    /// A source under which `content()` is published by either profile.
    static func settings(_ profile: ManifestProfile = .maincare) -> ManifestSettings {
        var settings = ManifestSettings(profile: profile, source: "pacs")
        settings.retrieve = .init(aeTitle: AETitle("PACS_SITE"), locationUID: "1.2.250.1.999.1.2.3.4")
        settings.issuerOfPatientID = "ASIP-SANTE-INS-NIR"
        settings.issuerQualifiers = AssigningAuthority(oid: "1.2.250.1.213.1.4.10")
        settings.identifierTypeCode = "INS"
        settings.issuerOfAccessionNumber = AssigningAuthority(oid: "1.2.250.1.999.1.5", name: "RIS_SITE")
        return settings
    }

    /// 2025-09-18T08:35:00Z.
    static let instant: Int64 = 1_758_184_500

    static func file(
        _ content: ManifestContent = content(), _ settings: ManifestSettings = settings(),
        transferSyntax: TransferSyntax = .explicitVRLittleEndian
    ) throws -> [UInt8] {
        let manifest = try Manifest(of: content, settings: settings)
        return manifest.bytes(
            manifest.identity(at: instant, timezoneOffset: { _ in 120 }), transferSyntax: transferSyntax)
    }

    static func holds(_ content: ManifestContent, _ settings: ManifestSettings = settings()) -> [Hold] {
        do {
            _ = try Manifest(of: content, settings: settings)
            return []
        } catch {
            return error.holds
        }
    }

    /// The variants of manifests that real tools must accept.
    static func variants() -> [(name: String, content: ManifestContent, settings: ManifestSettings)] {
        var all: [(String, ManifestContent, ManifestSettings)] = []
        for profile in ManifestProfile.all {
            for (name, content) in contents() {
                if name.hasSuffix("utf8"), profile == .maincare { continue }
                all.append(("\(profile.name) \(name)", content, settings(profile)))
            }
            for (name, settings) in settingsVariants(profile) {
                all.append(("\(profile.name) \(name)", content(), settings))
            }
        }
        return all
    }

    private static func contents() -> [(String, ManifestContent)] {
        let classes: [SOPClassUID] = [
            .ctImage, .twelveLeadECGWaveform, .basicTextSR, .encapsulatedPDF, .rtDose,
            SOPClassUID("1.2.840.10008.5.1.4.1.1.66.4"), SOPClassUID("1.2.840.113619.4.30"),
        ]
        var several = (1...3).map { Header(instance: $0) }
        several[2].accession = "A2"
        return [
            ("one image", content()),
            ("classes", content(classes.enumerated().map { Header(sopClass: $1, series: $0 + 1) })),
            ("several accession numbers", content(several)),
            ("several values of accession number", content([Header(accession: "A1\\A2")])),
            ("many", content((1...40).map { Header(series: $0 % 4 + 1, instance: $0) })),
            ("date of the series", content([Header(studyDate: "", seriesDate: "20250917")])),
            ("accents", content([Header(patientName: "LÉONE^Zoë")])),
            ("names in utf8", content([Header(characterSet: "ISO_IR 192", patientName: "ŁUKASZEWSKI^Œdipe")])),
            ("groups in utf8", content([Header(characterSet: "ISO_IR 192", patientName: "Yamada^Tarou=山田^太郎")])),
        ]
    }

    private static func settingsVariants(_ profile: ManifestProfile) -> [(String, ManifestSettings)] {
        let changes: [(String, (inout ManifestSettings) -> Void)] = [
            ("language", { $0.language = .code() }),
            ("language literally", { $0.language = .code(literal: true) }),
            ("person observes", { $0.observer = .person(name: "DURAND^Olivier") }),
            ("device observes", { $0.observer = .device(uid: "1.2.250.1.999.7", name: "Passerelle") }),
            ("author", { $0.author = .fixed(practitioner) }),
            ("recipients", { $0.recipients = [practitioner, structure] }),
            (
                "institution by name",
                {
                    $0.author = .fixed(practitioner)
                    $0.institutionOfPersons = .name
                }
            ),
            ("recipient without identifier", { $0.recipients = [.init(name: "MARTIN^Anne")] }),
            ("institution", { $0.institutionName = "CH TEST^^^^^&1.2.250.1.71.4.2.2&ISO^^^^250000015" }),
            ("url", { $0.retrieve.url = "https://pacs/studies/{study}/series/{series}" }),
            ("versions", { $0.equipment.softwareVersions = "1.0" }),
        ]
        return changes.map { name, change in
            var changed = settings(profile)
            change(&changed)
            return (name, changed)
        }
    }

    static let practitioner = ManifestSettings.Person(
        name: "DURAND^Olivier", identifier: "801234567891", institution: .init(name: "CH TEST", identifier: "1234567"))
    static let structure = ManifestSettings.Person(
        name: "CHU BESANÇON", kind: .structure, identifier: "250000015")
}
