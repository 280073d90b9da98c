"""Rejection notes as they come in practice: early, twice, partial, for several studies, for what nobody knows."""
from pacs import PATIENT_SAFETY, QUALITY, RETENTION, examination, image
from stage import publication, withdrawal


def play(stage):
    stage.play("the study's last instance is removed; a later one makes a first submission", last_instance)
    stage.play("a note before its objects", before_objects)
    stage.play("a note twice, and another one for the same instance", twice)
    stage.play("a partial note: only what it lists goes", partial)
    stage.play("a note for two studies", two_studies)
    stage.play("a note in the quiet period: nothing is sent for it", in_quiet_period)
    stage.play("a note for instances of a study that was never sent", unknown_study)
    stage.play("a note for an instance that is held back already", already_rejected)
    stage.play("two notes of different titles at once", two_titles)
    stage.play("what expired comes again as it was: it is taken back", expired)


def last_instance(play):
    images = play.publishes((1,))
    play.rejects(images, QUALITY)
    play.expects(withdrawal(images, QUALITY))
    new = image(play.patient, images[0].StudyInstanceUID, images[0].SeriesInstanceUID, 2)
    play.stores(new)
    play.expects(publication([new], 2, is_first=True))


def before_objects(play):
    images = examination(play.patient, (3,))
    play.rejects(images[:1], PATIENT_SAFETY)
    play.stores(images[0], hidden=True)
    play.stores(*images[1:])
    play.expects(publication(images[1:], 1))


def twice(play):
    images = play.publishes()
    play.rejects(images[:1], QUALITY)
    play.pacs.deliver(play.notes[0])
    play.expects(withdrawal(images[:1], QUALITY), publication(images[1:], 2))
    play.pacs.deliver(play.notes[0])
    play.rejects(images[:1], QUALITY)


def partial(play):
    images = play.publishes((3, 1))
    play.rejects(images[:2], QUALITY)
    play.expects(withdrawal(images[:2], QUALITY), publication(images[2:], 2))


def two_studies(play):
    first, second = play.publishes(), play.publishes()
    gone = [first[0], second[0]]
    play.rejects(gone, QUALITY)
    play.expects(withdrawal(first[:1], QUALITY), publication(first[1:], 2),
                 withdrawal(second[:1], QUALITY), publication(second[1:], 2))


def in_quiet_period(play):
    images = examination(play.patient, (3,))
    play.stores(*images)
    play.rejects(images[:1], QUALITY)
    play.expects(publication(images[1:], 1))


def unknown_study(play):
    play.rejects(examination(play.patient, (2,)), RETENTION)


def already_rejected(play):
    """Published once, taken back once, however many notes say so."""
    images = play.publishes((3,))
    play.rejects(images[:1], QUALITY)
    play.expects(withdrawal(images[:1], QUALITY), publication(images[1:], 2))
    play.rejects(images[:2], PATIENT_SAFETY)
    play.expects(withdrawal(images[1:2], PATIENT_SAFETY), publication(images[2:], 3))


def two_titles(play):
    images = play.publishes((3,))
    play.rejects(images[:1], QUALITY)
    play.rejects(images[1:2], PATIENT_SAFETY)
    play.expects_in_any_order([withdrawal(images[:1], QUALITY), withdrawal(images[1:2], PATIENT_SAFETY)],
                              publication(images[2:], 2))


def expired(play):
    images = play.publishes()
    play.rejects(images[:1], RETENTION)
    play.expects(withdrawal(images[:1], RETENTION), publication(images[1:], 2))
    play.stores(images[0])
    play.expects(publication(images, 3))
