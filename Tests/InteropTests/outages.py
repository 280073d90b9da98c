"""A platform that is away, refuses, or loses its answers, while studies go on changing."""
import tempfile
import time

from cases import is_wanted
from gateway import wait_until
from pacs import QUALITY, WORKLIST, corrected, examination, image
from recording import ABORT, STORE_THEN_ABORT, RecordingPlatform
from stage import Stage, publication, withdrawal

QUIET_PERIOD = 0.2


def run():
    if is_wanted("outages"):
        away()
        misbehaving()


def away():
    """40 changes while nobody listens: what is sent afterwards is the difference, not the history."""
    with tempfile.TemporaryDirectory() as folder, RecordingPlatform() as platform, \
            Stage(platform, "outages, away", quiet_period=QUIET_PERIOD) as stage:
        stage.play(
            "40 changes while the platform is away become the note under way, one more and one manifest", forty, platform)
        stage.close()
        stage.validate(folder)


def forty(play, platform):
    play.is_free = True
    images = examination(play.patient, (4, 4))
    play.stores(*images)
    # The quiet period is so short that a slow sender's study may settle before it is whole: any version will do.
    everything = {str(image.SOPInstanceUID) for image in images}
    assert platform.wait(lambda: any(document.references == everything for document in play.documents())), play.lines(
        images[0].StudyInstanceUID)
    gone, uid = [], images[0].StudyInstanceUID
    platform.stop()
    for number in range(40):
        count = play.settled(uid)
        if number % 2:
            images.append(image(play.patient, uid, images[0].SeriesInstanceUID, 100 + number))
            play.stores(images[-1])
        else:
            place = 0 if number < 10 else -1  # what was published, then what nobody saw
            gone.append(images.pop(place))
            play.rejects(gone[-1:], QUALITY)
        assert wait_until(lambda: play.settled(uid) > count), "\n".join(play.lines(uid))
    before = len(platform.documents)
    platform.start()
    live = {str(image.SOPInstanceUID) for image in images}
    assert platform.wait(lambda: any(document.references == live for document in platform.documents[before:])), \
        list(map(str, platform.documents))
    play.stage.wait_for_silence()
    came = platform.documents[before:]
    print(f"    40 changes became {len(came)}: {', '.join(map(str, came))}")
    assert len(came) <= 3 and not came[-1].is_note, list(map(str, came))


def misbehaving():
    with tempfile.TemporaryDirectory() as folder, RecordingPlatform() as platform, \
            Stage(platform, "outages, misbehaving", grace=2) as stage:
        script = Script()
        platform.answer = script.answer
        stage.play("an answer lost after storing: the same bytes again, for manifests and notes", lost, script,
                   STORE_THEN_ABORT)
        stage.play("an association aborted before storing: the same bytes again", lost, script, ABORT)
        stage.play("A700: the same bytes again until it takes them", lost, script, 0xA700)
        stage.play("C000: the same bytes again, a few times", lost, script, 0xC000)
        stage.play(
            "A700 for a note that moves a study: nothing under the new identity before it is taken", held_up, script)
        stage.play("A900 for a manifest: kept as a dead letter until it is retried", dead, script)
        stage.play("a manifest refused and no longer true is never sent again", outdated, script)
        stage.play("another study all the while", undisturbed)
        stage.close()
        stage.validate(folder)


class Script:
    """What the platform answers, by study: a list of outcomes, then success."""

    def __init__(self):
        self.outcomes = {}

    def answer(self, document):
        outcomes = self.outcomes.get(document.study, [])
        return outcomes.pop(0) if outcomes else 0


def attempts(play):
    """{SOP Instance UID: its documents}, in order of first arrival; all tries of one must be the same bytes."""
    found = {}
    for document in play.documents():
        found.setdefault(document.uid, []).append(document)
    for documents in found.values():
        assert len({document.content for document in documents}) == 1, f"{documents[0]}: other bytes"
    return list(found.values())


def tries(play, *counts):
    """Waits for so many tries of each document, one after the other."""
    play.stage.platform.wait(lambda: len(play.documents()) >= sum(counts))
    given = [len(documents) for documents in attempts(play)]
    assert given == list(counts), f"tries {given}, expected {list(counts)}: {list(map(str, play.documents()))}"
    assert [document.uid for document in play.documents()] == [
        documents[0].uid for documents in attempts(play) for _ in documents], "tries of different documents mingle"


def lost(play, script, outcome):
    images = examination(play.patient, (2, 1))
    outcomes = script.outcomes[str(images[0].StudyInstanceUID)] = [outcome, outcome]
    play.stores(*images)
    tries(play, 3)
    outcomes += [outcome, outcome, 0, outcome]
    play.rejects(images[:1], QUALITY)
    tries(play, 3, 3, 2)
    play.is_free = True


def held_up(play, script):
    images = play.publishes()
    script.outcomes[str(images[0].StudyInstanceUID)] = [0xA700] * 3
    new = corrected(images, play.other)
    play.rejects(images, WORKLIST)
    play.stores(*new)
    tries(play, 1, 4, 1)
    play.is_free = True


def dead(play, script):
    images = examination(play.patient, (2, 1))
    study = str(images[0].StudyInstanceUID)
    script.outcomes[study] = [0xA900]
    play.stores(*images)
    tries(play, 1)
    play.waits_for("A900", study)
    time.sleep(2)
    tries(play, 1)
    letters = play.stage.command("dead-letters", "--format", "json")
    assert study in letters and "A900" in letters.upper(), letters
    play.stage.command("retry", "recorder", "--why", "their support takes it now")
    tries(play, 2)
    play.is_free = True


def outdated(play, script):
    """The first version was tried and not taken; then an image goes: what lists it is not sent again."""
    images = examination(play.patient, (2, 1))
    outcomes = script.outcomes[str(images[0].StudyInstanceUID)] = [0xA700] * 100
    play.stores(*images)
    play.stage.platform.wait(lambda: play.documents())
    play.rejects(images[:1], QUALITY)
    rest = {str(image.SOPInstanceUID) for image in images[1:]}
    play.stage.platform.wait(lambda: any(document.references <= rest for document in play.documents()), 6)
    outcomes.clear()
    play.stage.platform.wait(lambda: any(document.references == rest and document.is_acknowledged
                                         for document in play.documents()))
    attempts(play)
    play.is_free = True


def undisturbed(play):
    start = time.monotonic()
    images = play.publishes()
    play.rejects(images[:1], QUALITY)
    play.expects(withdrawal(images[:1], QUALITY), publication(images[1:], 2))
    assert time.monotonic() - start < 30, "the others' troubles delayed it"
