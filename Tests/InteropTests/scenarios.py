"""The eleven changes of a published study (platform specification, section 2.1.3), each in several forms.

*new UIDs*: what changed comes under new UIDs, after the note. *same UIDs*: under the same ones, where the source's
policy takes them back. *quarantine*: the same, and nothing is published again until an operator releases it. *note
after the objects*: with new and with the same UIDs.
"""
import tempfile

import notes
import orthanc_platform
import outages
import relays
from cases import is_wanted
from pacs import PATIENT_SAFETY, QUALITY, RETENTION, WORKLIST, corrected, examination, image
from platform_model_checks import check_model
from recording import RecordingPlatform
from stage import Stage, publication, source, withdrawal

SOURCES = "".join([
    source("CHANGED", resend="accept_if_changed"), source("CORRECTED", resend="accept_if_corrected"),
    source("QUARANTINE", resend="quarantine"),
    source("RELAY", pacs_manifests="relay"), source("REPAIR", pacs_manifests="repair"),
    source("IGNORE", pacs_manifests="ignore")])
FORMS = {"new UIDs": "PACS", "same UIDs": "CHANGED", "quarantine": "QUARANTINE",
         "note after the objects, new UIDs": "PACS", "note after the objects, same UIDs": "CHANGED"}


def is_same(form):
    return "same" in form or form == "quarantine"


def exchanges(play, form, old, new, title, rest):
    """The note for the old and the new instances, in the order of the form; `rest` is live all the while."""
    if "after" in form:
        play.stores(*new)
        play.rejects(old, title, then_live=new if is_same(form) else ())
    else:
        play.rejects(old, title)
        play.stores(*new, hidden=form == "quarantine")


def image_removed(play, form, title):
    images = play.publishes()
    play.rejects(images[:1], title)
    play.expects(withdrawal(images[:1], title), publication(images[1:], 2))
    if form == "same UIDs":  # The rejected copy itself: it stays rejected.
        play.stores(images[0], hidden=True)


def image_modified(play, form, title):
    images = play.publishes()
    new = corrected(images[:1], instances=not is_same(form), series=False, ImageComments="turned")
    exchanges(play, form, images[:1], new, title, images[1:])
    replaced(play, form, images[:1], new, images[1:], title)


def series_modified(play, form, title):
    images = play.publishes()
    new = corrected(images[:2], instances=not is_same(form), series=not is_same(form), ImageComments="turned")
    exchanges(play, form, images[:2], new, title, images[2:])
    replaced(play, form, images[:2], new, images[2:], title)


def replaced(play, form, old, new, rest, title):
    """A note and one manifest; under quarantine a manifest without the new ones, until they are released."""
    if form == "quarantine":
        play.expects(withdrawal(old, title), publication(rest, 2))
        play.releases(new)
        play.expects(publication([*rest, *new], 3))
    else:
        play.expects(withdrawal(old, title), publication([*rest, *new], 2))


def all_modified(play, form, title):
    """Nothing of the first submission is left: the next one is a first one again."""
    images = play.publishes()
    new = corrected(images, instances=not is_same(form), series=not is_same(form), ImageComments="turned")
    exchanges(play, form, images, new, title, [])
    play.expects(withdrawal(images, title), publication(new, 2, is_first=True))


def image_added(play):
    images = play.publishes()
    images.append(image(play.patient, images[0].StudyInstanceUID, images[0].SeriesInstanceUID, 9))
    play.stores(images[-1])
    play.expects(publication(images, 2))


def series_added(play):
    images = play.publishes()
    added = examination(play.patient, (3,), study=images[0].StudyInstanceUID)
    play.stores(*added)
    play.expects(publication(images + added, 2))


def series_removed(play, form, title):
    images = play.publishes()
    play.rejects(images[:2], title)
    play.expects(withdrawal(images[:2], title), publication(images[2:], 2))
    if form == "same UIDs":
        play.stores(*images[:2], hidden=True)


def deleted(play, form, title):
    images = play.publishes()
    play.rejects(images, title)
    play.expects(withdrawal(images, title))
    if form == "same UIDs":  # Only what expired is taken back as it was.
        play.stores(*images, hidden=title != RETENTION)
        if title == RETENTION:
            play.expects(publication(images, 2, is_first=True))


def moved(play, form, title, studies):
    """Under another identity: withdrawn whole from the old one first. `studies`: whether the Study UID is new too."""
    images = play.publishes()
    is_new = not is_same(form)
    new = corrected(images, play.other, instances=is_new, series=is_new, studies=studies and is_new)
    exchanges(play, form, images, new, title, [])
    if form == "quarantine":
        play.expects(withdrawal(images, title))
        play.releases(new)
        play.expects(publication(new, 1))
    else:
        play.expects(withdrawal(images, title), publication(new, 1))


def moved_late(play, title):
    """The note comes when the study is held already, for two patients in it."""
    images = play.publishes()
    new = corrected(images, play.other)
    play.stores(*new)
    play.waits_for("is held", images[0].StudyInstanceUID)
    play.rejects(images, title)
    play.expects(withdrawal(images, title), publication(new, 1))


def removals(stage, removal):
    """Scenarios 1, 4 and 8 where notes or manifests alone say what goes."""

    def removed(play, count):
        images = play.publishes()
        gone, rest = images[:count], images[count:]
        play.rejects(gone, QUALITY)
        changes = {"iocm": [withdrawal(gone, QUALITY)], "kos": [publication(rest, 2)] if rest else []}
        if not rest:
            changes["kos"] = [withdrawal(gone, QUALITY)]
        play.expects(*changes[removal])
        rest.append(image(play.patient, images[0].StudyInstanceUID, images[2].SeriesInstanceUID, 9))
        play.stores(rest[-1])
        play.expects(publication(rest, is_first=len(rest) == 1))

    stage.play("1, an image is removed; then one is added", removed, 1)
    stage.play("4, a series is removed; then an image is added", removed, 2)
    stage.play("8, the study is deleted; then an image is added", removed, 3)


def eleven(stage):
    """Starts all of them."""
    for form in ("new UIDs", "same UIDs"):
        stage.play(f"1, an image is removed: {form}", image_removed, form, QUALITY)
        stage.play(f"4, a series is removed: {form}", series_removed, form, QUALITY)
        stage.play(f"8, the study is deleted for retention: {form}", deleted, form, RETENTION)
        stage.play(f"8, the study is deleted for safety: {form}", deleted, form, PATIENT_SAFETY)
    stage.play("3, an image is added", image_added)
    stage.play("6, a series is added", series_added)
    for form, sender in FORMS.items():
        stage.play(f"2, an image is modified: {form}", image_modified, form, QUALITY, source=sender)
        stage.play(f"5, a series is modified: {form}", series_modified, form, QUALITY, source=sender)
        if form != "quarantine":
            stage.play(f"5, every series is modified: {form}", all_modified, form, QUALITY, source=sender)
        sender = "CORRECTED" if sender == "CHANGED" else "PACS"
        stage.play(f"7, the patient's identity changes: {form}", moved, form, PATIENT_SAFETY, False, source=sender)
        stage.play(f"9, moved to another patient: {form}", moved, form, WORKLIST, True, source=sender)
        stage.play(f"10, merged with another patient: {form}", moved, form, WORKLIST, False, source=sender)
        stage.play(f"11, reconciled with another patient: {form}", moved, form, WORKLIST, True, source=sender)
    stage.play("10, merged, the note when the study is held already", moved_late, WORKLIST)


def run():
    if is_wanted("the platform model"):
        check_model()
    if is_wanted("scenarios"):
        with tempfile.TemporaryDirectory() as folder, RecordingPlatform() as platform, \
                orthanc_platform.started(folder) as orthanc, \
                Stage(platform, "scenarios", sources=SOURCES, others=[orthanc.place]) as stage:
            eleven(stage)
            notes.play(stage)
            relays.play(stage)
            stage.close()
            stage.validate(folder, excluded=relays.FAULTY)
            orthanc.judge(stage)
    for removal in ("iocm", "kos"):
        name = f'scenarios, removal = "{removal}"'
        if is_wanted(name):
            with tempfile.TemporaryDirectory() as folder, RecordingPlatform() as platform, \
                    Stage(platform, name, removal=removal) as stage:
                removals(stage, removal)
                stage.close()
                stage.validate(folder)
    outages.run()
