import Studies

extension OperatorEvent {
    /// What the journal is given of it besides its message.
    var fields: [EventField?] {
        switch self {
        case .started(let aeTitle, let addresses, let data, let version):
            [
                .aeTitle(aeTitle), .door(addresses.joined(separator: " ")), .place(data),
                .version(version),
            ]
        case .recovered(let open, let held, let undelivered): [.studies(open), .failed(held), .documents(undelivered)]
        case .stopping(let reason), .listenerTroubled(let reason), .controlTroubled(let reason),
            .spoolUnwritable(let reason), .comparisonFailed(let reason), .configurationRemark(let reason):
            [.reason(reason)]
        case .stopped, .spoolWritable: []
        case .operatorCommanded(let user, let command, let why): [.user(user), .command(command), .reason(why)]
        case .commandNotDone(let user, let command, let reason): [.user(user), .command(command), .reason(reason)]
        case .stageStuck(let stage, let seconds): [.stage(stage), .seconds(seconds)]
        case .journalLost(let events): [.suppressed(events)]
        case .eventsHeldBack(let kind, let subject, let events): [.kind(kind), .subject(subject), .suppressed(events)]
        case .images(let event): event.fields

        // MARK: Its configuration
        case .configurationApplied(let generation, let change): [.generation(generation), .change(change)]
        case .configurationRefused(let file, let findings): [.file(file), .findings(findings)]
        case .configurationPending(let generation, let seconds): [.generation(generation), .seconds(seconds)]
        case .configurationConfirmed(let generation, let by): [.generation(generation), .user(by)]
        case .configurationReturned(let generation, let former, let reason):
            [.generation(generation), .former(former), .reason(reason)]
        case .bundleRefused(let file, let reason): [.file(file), .reason(reason)]
        case .doorOpened(let door, let role), .doorClosed(let door, let role): [.door(door), .role(role)]
        case .certificateExpires(let owner, let until, let days): [.owner(owner), .until(until), .days(days)]
        case .certificateExchanged(let owner, let until): [.owner(owner), .until(until)]

        // MARK: Who sends, and what comes
        case .associationEnded(let record):
            [
                .calling(record.peer), .called(record.peer), .address(record.peer), .result(record.result),
                .reason(record.ending), .instances(record.instances), .failed(record.refusedInstances),
                .bytes(record.bytes), .milliseconds(record.milliseconds),
            ]
        case .associationRefused(let peer, let reason):
            [.calling(peer), .called(peer), .address(peer), .reason(reason)]
        case .connectionTurnedAway(let address, let reason, let remedy):
            [.address(address), .reason(reason), .remedy(remedy)]
        case .sourceAtLimit(let source, let peer, let limit):
            [.source(source), .calling(peer), .called(peer), .address(peer), .limit(limit)]
        case .instanceQuarantined(let peer, let instance, let reason),
            .headerDamaged(let peer, let instance, let reason), .instanceNotStored(let peer, let instance, let reason):
            [.instance(instance), .calling(peer), .called(peer), .address(peer), .reason(reason)]

        // MARK: Studies
        case .studySettled(let study, let version, let series, let instances):
            [.study(study), .source(study.source), .version(String(version)), .series(series), .instances(instances)]
        case .studyUnchanged(let study): [.study(study), .source(study.source)]
        case .studyRemark(let study, let reason), .studyDiffers(let study, let reason),
            .settlingFailed(let study, let reason):
            [.study(study), .source(study.source), .reason(reason)]
        case .studyHeld(let study, let reason, let remedy):
            [.study(study), .source(study.source), .reason(reason), .remedy(remedy)]
        case .instancesWithdrawn(let study, let title, let instances, let destination):
            [
                .study(study), .source(study.source), .title(title), .instances(instances), .destination(destination),
            ]
        case .reconciled(let compared, let differences): [.studies(compared), .failed(differences)]

        // MARK: Manifests and rejection notes
        case .manifestDelivered(let study, let version, let destination, let place):
            [
                .study(study), .source(study.source), .version(version), .destination(destination.name),
                .place(place),
            ]
        case .rejectionNoteDelivered(let study, let title, let destination, let place):
            [.study(study), .source(study.source), .title(title), .destination(destination.name), .place(place)]
        case .documentRefused(let study, let document, let destination, let reason, let seconds),
            .documentUnreadable(let study, let document, let destination, let reason, let seconds):
            [
                .study(study), .source(study.source), .document(document), .destination(destination.name),
                .reason(reason), .retry(seconds),
            ]
        case .documentBuried(let study, let document, let destination, let reason):
            [
                .study(study), .source(study.source), .document(document), .destination(destination.name),
                .reason(reason),
            ]
        case .documentsOrphaned(let destination, let documents): [.destination(destination), .documents(documents)]
        case .deliveryStuck(let destination, let reason, let seconds),
            .destinationDown(let destination, let reason, let seconds):
            [.destination(destination.name), .reason(reason), .retry(seconds)]
        case .destinationUp(let destination): [.destination(destination.name)]
        case .publishedLate(let destination, let studies, let reason):
            [.destination(destination), .studies(studies), reason.map { .reason($0) }]
        }
    }
}

extension ImagesEvent {
    var fields: [EventField?] {
        switch self {
        case .notForwarded(let peer, let instance, let destinations, let reason):
            [
                .instance(instance), .calling(peer), .called(peer), .address(peer), .destinations(destinations),
                .reason(reason),
            ]
        case .unwritable(let reason): [.reason(reason)]
        case .writable: []
        case .waiting(let destination, let images, let bytes), .orphaned(let destination, let images, let bytes):
            [.destination(destination), .instances(images), .bytes(bytes)]
        case .lost(let study, let instance, let destination):
            [.study(study), .source(study.source), .instance(instance), .destination(destination)]
        case .dropped(let study, let images, let destination, let reason):
            [
                .study(study), .source(study.source), .instances(images), .destination(destination), .reason(reason),
            ]
        case .noteQueued(let study, let title, let instances, let destinations):
            [
                .study(study), .source(study.source), .title(title), .instances(instances),
                .destinations(destinations),
            ]
        case .noteMissing(let study, let title, let destinations, let reason):
            [
                .study(study), .source(study.source), .title(title), .destinations(destinations), .reason(reason),
            ]
        case .forwarded(let study, let destination, let images, let bytes, let milliseconds, let dead):
            [
                .study(study), .source(study.source), .destination(destination.name), .instances(images),
                .failed(dead), .bytes(bytes), .milliseconds(milliseconds),
            ]
        case .formerCopiesKept(let study, let images, let instance, let destination):
            [
                .study(study), .source(study.source), .instances(images), .instance(instance),
                .destination(destination.name),
            ]
        case .destinationDown(let destination, let reason, let seconds),
            .stuck(let destination, let reason, let seconds):
            [.destination(destination.name), .reason(reason), .retry(seconds)]
        case .destinationUp(let destination), .freed(let destination): [.destination(destination.name)]
        case .warned(let study, let instance, let destination, let remark):
            [
                .study(study), .source(study.source), .instance(instance), .destination(destination.name),
                .reason(remark),
            ]
        case .refused(let study, let instance, let destination, let reason, let seconds):
            [
                .study(study), .source(study.source), .instance(instance), .destination(destination.name),
                .reason(reason), .retry(seconds),
            ]
        case .buried(let study, let instance, _, let destination, let reason):
            [
                .study(study), .source(study.source), .instance(instance), .destination(destination.name),
                .reason(reason),
            ]
        case .limited(let destination, let associations, let reason):
            [.destination(destination.name), .limit(associations), .reason(reason)]
        case .uncommitted(let destination, let images, let reason, let seconds):
            [.destination(destination.name), .instances(images), .reason(reason), .retry(seconds)]
        }
    }
}
