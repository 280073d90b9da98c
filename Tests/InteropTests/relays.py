"""Manifests that the PACS makes itself: relayed bit for bit, held, made anew, or left aside."""
import copy

from pydicom.filebase import DicomBytesIO
from pydicom.filewriter import write_dataset

from pacs import QUALITY, examination, image, manifest, note
from stage import publication, withdrawal


FAULTY = set()  # SOP Instance UIDs of manifests that are relayed with faults, because the site says so.


def play(stage):
    for source, function, title in (
            ("PACS", relayed, "that is whole is relayed bit for bit"),
            ("RELAY", relayed, "that is whole is relayed where nothing is held"),
            ("REPAIR", relayed, "that is whole is relayed where others are made anew"),
            ("PACS", alone, "whose images never come is relayed bit for bit"),
            ("PACS", held, "with a fault is held with its findings, and relayed once it is released"),
            ("RELAY", faulty, "with a fault is relayed where nothing is held"),
            ("REPAIR", repaired, "with a fault is made anew where the site says so"),
            ("IGNORE", ignored, "is left aside where ours is authoritative"),
            ("PACS", lengthened, "replaces the one before"),
            ("PACS", shortened, "that is shorter without a note is flagged"),
            ("PACS", shortened_then_rejected, "is shorter, and a note comes later: it is sent"),
            ("PACS", rejected_then_shortened, "is shorter after a note"),
            ("PACS", same_uid, "comes again with other content under its UID: held"),
            ("PACS", rejected, "is rejected by a note: ours takes its place"),
            ("PACS", its_life, "is relayed, shortened after a note, rejected, and relayed anew")):
        stage.play(f"a manifest of the PACS {title}", function, source=source)


def data_set(dataset):
    """Its bytes as PACS.send sends them."""
    stream = DicomBytesIO()
    stream.is_little_endian, stream.is_implicit_VR = True, False
    write_dataset(stream, dataset)
    return stream.getvalue()


def sends_manifest(play, made, references):
    """`references`: the images that it lists, which may be shown for it."""
    play.knows(made)
    play.stage.truth.shows(*references)
    play.pacs.deliver(made)


def is_relayed(play, made):
    last = play.documents()[-1]
    assert last.uid == made.SOPInstanceUID, f"{last} is not the PACS's {made.SOPInstanceUID}"
    assert last.content == data_set(made), "other bytes than the PACS sent"


def its(images, made):
    """The relayed manifest, as expected: it grants nobody access."""
    return publication(images, int(made.InstanceNumber), has_recipients=False)


def publishes_its(play, **options):
    """Images and their manifest, by the PACS; returns both."""
    images = examination(play.patient, (2, 1))
    made = manifest(images, **options)
    play.stores(*images)
    sends_manifest(play, made, images)
    play.expects(its(images, made))
    is_relayed(play, made)
    return images, made


def relayed(play):
    publishes_its(play)


def alone(play):
    images = examination(play.patient, (2, 1))
    made = manifest(images)
    sends_manifest(play, made, images)
    play.expects(its(images, made))
    is_relayed(play, made)


def with_fault(images):
    """Without Retrieve Location UID: a finding of `kosgate check`."""
    made = manifest(images)
    for series in made.CurrentRequestedProcedureEvidenceSequence[0].ReferencedSeriesSequence:
        del series.RetrieveLocationUID
    FAULTY.add(str(made.SOPInstanceUID))
    return made


def held(play):
    images = examination(play.patient, (2, 1))
    play.stores(*images, hidden=True)
    made = with_fault(images)
    play.knows(made)
    play.pacs.deliver(made)
    play.waits_for("is held", images[0].StudyInstanceUID)
    play.waits_for("(0040,E011)", images[0].StudyInstanceUID)
    play.releases(images)
    play.expects(its(images, made))
    is_relayed(play, made)


def faulty(play):
    images = examination(play.patient, (2, 1))
    made = with_fault(images)
    play.stores(*images)
    sends_manifest(play, made, images)
    play.expects(its(images, made))
    is_relayed(play, made)


def repaired(play):
    images = examination(play.patient, (2, 1))
    play.stores(*images[:2])
    play.stores(images[2], hidden=True)
    made = with_fault(images[:2])
    sends_manifest(play, made, images[:2])
    play.expects(publication(images[:2], 1))
    assert play.documents()[-1].uid != made.SOPInstanceUID


def ignored(play):
    images = examination(play.patient, (2, 1))
    play.stores(*images)
    play.pacs.deliver(manifest(images[:2]))
    play.expects(publication(images, 1))


def lengthened(play):
    images, made = publishes_its(play)
    images.append(image(play.patient, images[0].StudyInstanceUID, images[0].SeriesInstanceUID, 9))
    play.stores(images[-1])
    longer = manifest(images, version=2, series=made.SeriesInstanceUID)
    sends_manifest(play, longer, images)
    play.expects(its(images, longer))
    is_relayed(play, longer)


def shortened(play):
    """Relayed, but nothing is withdrawn that nobody rejected: what vanished is told to the operator."""
    images, made = publishes_its(play)
    shorter = manifest(images[1:], version=2, series=made.SeriesInstanceUID)
    play.stage.truth.leaves_open(images[0])
    sends_manifest(play, shorter, images[1:])
    play.expects(its(images[1:], shorter))
    is_relayed(play, shorter)
    play.waits_for("without a rejection note", images[0].StudyInstanceUID)


def shortened_then_rejected(play):
    """A platform that takes a manifest as an addition would show it still."""
    images, made = publishes_its(play)
    shorter = manifest(images[1:], version=2, series=made.SeriesInstanceUID)
    play.stage.truth.leaves_open(images[0])
    sends_manifest(play, shorter, images[1:])
    play.expects(its(images[1:], shorter))
    play.rejects(images[:1], QUALITY)
    play.expects(withdrawal(images[:1], QUALITY))


def rejected_then_shortened(play):
    """Returns the images and the shorter manifest."""
    images, made = publishes_its(play)
    play.rejects(images[:1], QUALITY)
    shorter = manifest(images[1:], version=2, series=made.SeriesInstanceUID)
    sends_manifest(play, shorter, images[1:])
    play.expects(withdrawal(images[:1], QUALITY), its(images[1:], shorter))
    is_relayed(play, shorter)
    return images, shorter


def same_uid(play):
    images, made = publishes_its(play)
    other = copy.deepcopy(made)
    other.ContentTime = "235959"
    play.pacs.deliver(other)
    play.waits_for("is held", images[0].StudyInstanceUID)


def rejected(play):
    """The document goes, the images that came stay."""
    images, made = publishes_its(play)
    play.pacs.deliver(note([made], QUALITY))
    play.expects(publication(images))


def its_life(play):
    """What a note takes back leaves the manifest before it, which lists what was withdrawn: held until the next comes."""
    images, shorter = rejected_then_shortened(play)
    play.pacs.deliver(note([shorter], QUALITY))
    play.waits_for("is held", images[0].StudyInstanceUID)
    again = manifest(images[1:], version=3, series=shorter.SeriesInstanceUID)
    sends_manifest(play, again, images[1:])
    play.expects(its(images[1:], again))
    is_relayed(play, again)
