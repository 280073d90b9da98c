import DICOM

extension ManifestWriter {
    /// Current Requested Procedure Evidence Sequence: one item, the study (PS3.3 C.17.6.2).
    mutating func evidence() {
        let (content, retrieve) = (content, settings.retrieve)
        out.sequence(.currentRequestedProcedureEvidenceSequence) { out in
            out.item { out in
                out.sequence(.referencedSeriesSequence) { out in
                    for series in content.series { out.item { $0.series(series, retrieve, content.study) } }
                }
                out.uid(.studyInstanceUID, content.study.studyInstanceUID)
            }
        }
    }

    /// TID 2010 (PS3.16): language, observer, then the references in the order of the evidence.
    mutating func writeContent() {
        let (content, settings) = (content, settings)
        out.sequence(.contentSequence) { out in
            out.language(settings.language)
            out.observer(settings.observer)
            for series in content.series {
                for instance in series.instances { out.contentItem(instance) }
            }
        }
    }
}

extension ManifestWriter {
    /// The content items before the references, for the digest.
    mutating func writeContextItems() {
        let settings = settings
        out.sequence(.contentSequence) { out in
            out.language(settings.language)
            out.observer(settings.observer)
        }
    }
}

extension DocumentWriter {
    fileprivate mutating func series(
        _ series: ReferencedSeries, _ retrieve: ManifestSettings.RetrieveLocation, _ study: StudyAttributes
    ) {
        if let title = series.retrieveAETitle { text(.retrieveAETitle, .AE, title.text) }
        if !retrieve.url.isEmpty {
            text(.retrieveURL, .UR, retrieve.url(study: study.studyInstanceUID, series: series.seriesInstanceUID))
        }
        sequence(.referencedSOPSequence) { out in
            for instance in series.instances { out.reference(instance) }
        }
        uid(.seriesInstanceUID, series.seriesInstanceUID)
        if !retrieve.locationUID.isEmpty { text(.retrieveLocationUID, .UI, retrieve.locationUID) }
    }

    /// The template of every Key Object Selection (PS3.16 TID 2010).
    mutating func template() {
        sequence(.contentTemplateSequence) { out in
            out.item { out in
                out.text(.mappingResource, .CS, "DCMR")
                out.text(.templateIdentifier, .CS, "2010")
            }
        }
    }

    /// Rows 8 to 10 of the template.
    mutating func contentItem(_ instance: ReferencedInstance) {
        item { out in
            out.sequence(.referencedSOPSequence) { $0.reference(instance) }
            out.text(.relationshipType, .CS, "CONTAINS")
            out.text(.valueType, .CS, instance.valueType.rawValue)
        }
    }

    mutating func reference(_ instance: ReferencedInstance) {
        item { out in
            out.uid(.referencedSOPClassUID, instance.sopClassUID)
            out.uid(.referencedSOPInstanceUID, instance.sopInstanceUID)
        }
    }

    /// Element 1 of the content; the country under it is illegal in a KOS and asked for by the platform spec (T1).
    fileprivate mutating func language(_ language: ManifestSettings.Language) {
        let (isLiteral, hasCountry) =
            switch language {
            case .none: (false, nil as Bool?)
            case .code(let literal): (literal, false)
            case .codeWithCountry(let literal): (literal, true)
            }
        guard let hasCountry else { return }
        let code = isLiteral ? Code("fr", "RFC3066", "Français") : Code("fr", "RFC5646", "French")
        codeItem("HAS CONCEPT MOD", .languageOfContent, code) { out in
            guard hasCountry else { return }
            out.sequence(.contentSequence) {
                $0.codeItem("HAS CONCEPT MOD", .countryOfLanguage, Code("FR", "ISO3166_1", "France"))
            }
        }
    }

    /// Elements 2 and 3 of the content (TID 1002).
    fileprivate mutating func observer(_ observer: ManifestSettings.Observer) {
        switch observer {
        case .none: break
        case .person(let name):
            codeItem("HAS OBS CONTEXT", .observerType, .person)
            item { out in
                out.itemHead("HAS OBS CONTEXT", "PNAME", .personObserverName)
                out.text(.personName, .PN, name)
            }
        case .device(let uid, let name):
            codeItem("HAS OBS CONTEXT", .observerType, .device)
            item { out in
                out.itemHead("HAS OBS CONTEXT", "UIDREF", .deviceObserverUID)
                out.text(.uid, .UI, uid)
            }
            guard !name.isEmpty else { return }
            item { out in
                out.itemHead("HAS OBS CONTEXT", "TEXT", .deviceObserverName)
                out.text(.textValue, .UT, name)
            }
        }
    }

    private mutating func itemHead(_ relationship: String, _ type: String, _ concept: Code) {
        text(.relationshipType, .CS, relationship)
        text(.valueType, .CS, type)
        code(.conceptNameCodeSequence, concept)
    }

    private mutating func codeItem(
        _ relationship: String, _ concept: Code, _ value: Code, below: (inout DocumentWriter) -> Void = { _ in }
    ) {
        item { out in
            out.itemHead(relationship, "CODE", concept)
            out.code(.conceptCodeSequence, value)
            below(&out)
        }
    }
}
