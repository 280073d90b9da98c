"""The model that judges the gateway's documents is judged first: each wrong history must be seen, and no right one."""
import time

from pacs import QUALITY, WORKLIST, Identity, corrected, examination, manifest, note
from platform_model import PlatformModel, Truth
from recording import ABORT, STORE_THEN_ABORT, Document
from relays import data_set
from cases import case

PATIENT, OTHER = Identity("IPP1", "EXEMPLE^UN"), Identity("IPP2", "EXEMPLE^DEUX")


class History:
    """Documents given to a model, one a second; the truth changes between them."""

    def __init__(self, removal="iocm+kos"):
        self.truth = Truth()
        self.model = PlatformModel(self.truth, removal, grace=0)

    def gets(self, dataset, outcome=0):
        content = data_set(dataset)
        self.model.receive(Document(
            time.monotonic(), str(dataset.SOPInstanceUID), "1.2.840.10008.1.2.1", content, outcome))

    def is_faultless(self, images):
        assert not self.model.faults, self.model.faults
        differences = self.model.differences(images[0].StudyInstanceUID)
        assert not differences, differences

    def has_fault(self, words):
        assert any(words in fault for fault in self.model.faults), f"`{words}` not among {self.model.faults}"


def published(**options):
    history, images = History(**options), examination(PATIENT, (2, 1))
    history.truth.shows(*images)
    first = manifest(images)
    history.gets(first)
    return history, images, first


def check_model():
    with case("the platform model finds nothing wrong with a note and the next manifest, one lost answer between"):
        history, images, first = published()
        history.truth.hides(images[0])
        withdrawal = note(images[:1], QUALITY)
        history.gets(withdrawal, STORE_THEN_ABORT)
        history.gets(withdrawal)
        history.gets(manifest(images[1:], 2, series=first.SeriesInstanceUID))
        history.is_faultless(images)
    with case("the platform model sees a rejected instance shown by a new manifest, and one left by a note too few"):
        history, images, first = published()
        history.truth.hides(images[0])
        history.gets(manifest(images, 2, series=first.SeriesInstanceUID))
        history.has_fault("which is rejected")
        history, images, first = published()
        history.truth.hides(images[0])
        history.gets(manifest(images[1:], 2, series=first.SeriesInstanceUID))
        history.has_fault("(adding)")
        assert history.model.differences(images[0].StudyInstanceUID)
        history, images, first = published(removal="kos")
        history.truth.hides(images[0])
        history.gets(manifest(images[1:], 2, series=first.SeriesInstanceUID))
        history.is_faultless(images)
    with case("the platform model sees another patient's manifest before the withdrawal was answered"):
        for outcome in (None, ABORT, STORE_THEN_ABORT, 0xA700, 0):
            history, images, _ = published()
            new = corrected(images, OTHER)
            history.truth.hides(*images)
            history.truth.shows(*new)
            if outcome is not None:
                history.gets(note(images, WORKLIST), outcome)
            history.gets(manifest(new))
            if outcome == 0:
                history.is_faultless(new)
            else:
                history.has_fault("were withdrawn from")
    with case("the platform model sees the withdrawal of what is live, or was never sent, other bytes, an old version"):
        history, images, first = published()
        history.gets(note(images[:1], QUALITY))
        history.has_fault("which is live")
        history.gets(note(examination(PATIENT), QUALITY))
        history.has_fault("which was not published so")
        history.gets(manifest(images[1:], instance=first.SOPInstanceUID, series=first.SeriesInstanceUID))
        history.has_fault("other bytes")
        history.gets(manifest(images, series=first.SeriesInstanceUID))
        history.has_fault("has version 1 after 1")
