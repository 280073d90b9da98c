"""Images sent on, in time: notes and decisions overtake nothing, and operators and clocks say when sending may begin."""
import datetime
import time

from cases import case, is_wanted
from destinations import RecordingDestination
from gateway import PATIENCE, wait_until
from image_gateway import destination, forwarding
from pacs import PACS, PATIENT_SAFETY, QUALITY, WORKLIST, Identity, corrected, examination, image, note

SOURCES = '[[source]]\nname = "{0}"\nae_titles = ["{1}"]\nurgent = {2}\n'
CHANGED = """
[defaults.resend_after_rejection]
quality = "accept_if_changed"
patient_safety = "accept_if_changed"
"""


def run():
    for part in (after_arrival, while_queued, same_uids, withdrawn, paused, drained, in_windows, throttled, urgent,
                 without_notes, killed):
        if is_wanted(f"images: {part.__doc__}"):
            with case(f"images: {part.__doc__}"):
                part()


def study(*counts):
    return examination(Identity("IPP11", "EXEMPLE^INÈS"), counts or (3, 2))


def uids(images):
    return {str(image.SOPInstanceUID) for image in images}


def orders(place, images, notes=0):
    """Instances, and the references of notes, in the order in which they were taken."""
    return [each.references if each.is_note else each.instance for each in place.of() if each.outcome == 0]


def after_arrival():
    """a rejection note follows the images that it rejects, before the copies that take their place"""
    with RecordingDestination() as place, forwarding(place) as gateway:
        images, pacs = study(), PACS(gateway.port)
        pacs.deliver(*images)
        assert place.wait(lambda: place.has(*images)), gateway.said()[-3000:]
        rejection = note(images[:2], QUALITY)
        new = corrected(images[:2], series=False, ImageComments="turned")
        pacs.deliver(rejection)
        pacs.deliver(*new)
        assert place.wait(lambda: place.has(rejection, *new)), f"{place.received}\n{gateway.said()[-3000:]}"
        came = orders(place, images)
        assert set(came[:5]) == uids(images) and came[5] == uids(images[:2]) and set(came[6:]) == uids(new), came
        assert place.of(rejection)[0].content.find(str(rejection.SeriesInstanceUID).encode()) > 0
        assert gateway.is_at_rest(), gateway.image_files()


def while_queued():
    """what is rejected while it waits is never sent; what was sent before is followed by the note"""
    with RecordingDestination() as place, forwarding(place) as gateway:
        first, pacs = study(2), PACS(gateway.port)
        pacs.deliver(*first)
        assert place.wait(lambda: place.has(*first)), gateway.said()[-3000:]
        place.stop()
        rest = [image(Identity("IPP11", "EXEMPLE^INÈS"), first[0].StudyInstanceUID, first[0].SeriesInstanceUID, number)
                for number in range(3, 8)]
        pacs.deliver(*rest)
        rejection = note([first[0], *rest[:3]], QUALITY)
        pacs.deliver(rejection)
        last = [image(Identity("IPP11", "EXEMPLE^INÈS"), first[0].StudyInstanceUID, first[0].SeriesInstanceUID, 9)]
        pacs.deliver(*last)
        place.start()
        assert place.wait(lambda: place.has(rejection, *rest[3:], *last)), f"{place.received}\n{gateway.said()[-3000:]}"
        assert gateway.is_at_rest(), gateway.image_files()
        assert not place.of(*rest[:3]), "a rejected instance was sent"
        rejected = {first[0].SOPInstanceUID}
        after = orders(place, first)[orders(place, first).index(place.of(rejection)[0].references) + 1:]
        assert not rejected & set(map(str, after)) and str(last[0].SOPInstanceUID) in after, after


def same_uids():
    """corrected copies under the same UIDs come after the note, and the former copies never again"""
    with RecordingDestination(keeps=True) as place, forwarding(place, settings=CHANGED) as gateway:
        images, pacs = study(), PACS(gateway.port)
        pacs.deliver(*images)
        assert place.wait(lambda: place.has(*images)), gateway.said()[-3000:]
        rejection = note(images[:2], PATIENT_SAFETY)
        new = corrected(images[:2], instances=False, series=False, ImageComments="turned")
        pacs.deliver(rejection)
        pacs.deliver(*new)
        assert place.wait(lambda: len(place.of(*new)) >= 4 and place.has(rejection)), f"{place.received}\n{gateway.said()[-3000:]}"
        assert gateway.is_at_rest(), gateway.image_files()
        came = place.of(rejection, *new)
        at = next(number for number, each in enumerate(came) if each.is_note)
        assert at == 2 and all(each.dataset.get("ImageComments") == "turned" for each in came[3:]), came


def withdrawn():
    """a withdrawn study: what waits is not sent, and a note withdraws what the destination has"""
    with RecordingDestination() as place, forwarding(place) as gateway:
        images, pacs = study(), PACS(gateway.port)
        pacs.deliver(*images[:3])
        assert place.wait(lambda: place.has(*images[:3])), gateway.said()[-3000:]
        assert wait_until(gateway.manifest_files), gateway.said()[-3000:]
        gateway.command("destination", "telepacs", "pause", "--why", "maintenance")
        pacs.deliver(*images[3:])
        gateway.command("withdraw", str(images[0].StudyInstanceUID), "--title", WORKLIST, "--why", "another patient's")
        gateway.command("destination", "telepacs", "resume", "--why", "done")
        assert place.wait(lambda: any(each.is_note and each.outcome == 0 for each in place.of())), (
            f"{place.received}\n{gateway.said()[-3000:]}")
        assert gateway.is_at_rest(), gateway.image_files()
        [rejection] = [each for each in place.of() if each.is_note]
        assert rejection.references >= uids(images[:3]), rejection.references
        assert not place.of(*images[3:]) and place.of()[-1].is_note, place.received


def paused():
    """a paused destination gets nothing until it is resumed, over a restart too"""
    with RecordingDestination() as place, forwarding(place) as gateway:
        gateway.command("destination", "telepacs", "pause", "--why", "maintenance")
        images, pacs = study(), PACS(gateway.port)
        pacs.deliver(*images)
        assert wait_until(lambda: len(gateway.image_files()) == len(images)), gateway.image_files()
        assert gateway.stop() == 0, gateway.said()[-2000:]
        gateway.start()
        # A destination would have it before its manifest, which waits for the quiet period.
        assert wait_until(gateway.manifest_files), gateway.said()[-3000:]
        assert not place.received, place.received
        row = gateway.row("telepacs")
        assert row["depth"] == len(images), row
        gateway.command("destination", "telepacs", "resume", "--why", "done")
        assert place.wait(lambda: place.has(*images)), gateway.said()[-3000:]
        assert gateway.is_at_rest(), gateway.image_files()


def now(minutes):
    return (datetime.datetime.now() + datetime.timedelta(minutes=minutes)).strftime("%H:%M")


def in_windows():
    """nothing begins outside the time windows of a destination, and all does inside"""
    shut, opened = RecordingDestination("SHUT"), RecordingDestination("OPENED")
    with shut, opened, forwarding(
            destination(shut, "shut", windows=[f"{now(120)}-{now(180)}"]),
            destination(opened, "opened", windows=[f"{now(-60)}-{now(60)}"])) as gateway:
        images = study()
        PACS(gateway.port).deliver(*images)
        assert opened.wait(lambda: opened.has(*images)), gateway.said()[-3000:]
        assert wait_until(gateway.manifest_files), gateway.said()[-3000:]
        assert not shut.received and wait_until(lambda: len(gateway.image_files()) == len(images)), shut.received
        gateway.command("destination", "shut", "drain", "--why", "the telemedicine meeting is now")
        assert shut.wait(lambda: shut.has(*images)), gateway.said()[-3000:]
        assert gateway.is_at_rest(), gateway.image_files()


def drained():
    """a drained destination gets what waits and takes nothing new"""
    with RecordingDestination() as place, forwarding(place) as gateway:
        gateway.command("destination", "telepacs", "pause", "--why", "maintenance")
        images, pacs = study(), PACS(gateway.port)
        pacs.deliver(*images)
        gateway.command("destination", "telepacs", "drain", "--why", "it is taken out of service")
        assert place.wait(lambda: place.has(*images)), gateway.said()[-3000:]
        later = study(2)
        pacs.deliver(*later)
        assert wait_until(lambda: len(gateway.manifest_files()) == 2), gateway.said()[-3000:]
        assert not place.of(*later) and gateway.is_at_rest(), place.received


def throttled():
    """a throttle of 2 MiB a second makes 6 MB take some three seconds"""
    with RecordingDestination() as place, forwarding(place, throttle="2 MiB") as gateway:
        images = study(6, 6)
        for each in images:
            each.Rows, each.Columns, each.PixelData = 500, 500, bytes(500_000)
        PACS(gateway.port).deliver(*images)
        assert place.wait(lambda: place.has(*images)), gateway.said()[-3000:]
        seconds = place.of()[-1].at - place.of()[0].at
        assert 1.5 < seconds < PATIENCE / 2, seconds
        assert gateway.is_at_rest(), gateway.image_files()


def urgent():
    """the images of an urgent source go before those that wait already"""
    sources = SOURCES.format("plain", "PLAIN", "false") + SOURCES.format("urgent", "URGENT", "true")
    with RecordingDestination() as place, forwarding(place, sources=sources, associations=1) as gateway:
        gateway.command("destination", "telepacs", "pause", "--why", "maintenance")
        plain, hasty = study(5, 5), study(2)
        PACS(gateway.port, "PLAIN").deliver(*plain)
        PACS(gateway.port, "URGENT").deliver(*hasty)
        gateway.command("destination", "telepacs", "resume", "--why", "done")
        assert place.wait(lambda: place.has(*plain, *hasty)), gateway.said()[-3000:]
        assert {each.instance for each in place.of()[:2]} == uids(hasty), place.received


def without_notes():
    """a destination that takes no rejection notes gets none"""
    with RecordingDestination() as place, forwarding(place, rejection_notes=False) as gateway:
        images, pacs = study(), PACS(gateway.port)
        pacs.deliver(*images)
        assert place.wait(lambda: place.has(*images)), gateway.said()[-3000:]
        pacs.deliver(note(images[:1], QUALITY))
        new = corrected(images[:1])
        pacs.deliver(*new)
        assert place.wait(lambda: place.has(*new)), gateway.said()[-3000:]
        assert gateway.is_at_rest() and not any(each.is_note for each in place.of()), place.received


def killed():
    """a gateway that is killed while it sends brings the rest afterwards, bit for bit"""
    with RecordingDestination() as place, forwarding(place) as gateway:
        images = study(20, 20)
        place.answer = lambda received: time.sleep(0.02) or 0
        PACS(gateway.port).deliver(*images)
        assert place.wait(lambda: len(place.of()) >= 5), gateway.said()[-3000:]
        gateway.kill()
        gateway.start()
        assert place.wait(lambda: place.has(*images)), gateway.said()[-3000:]
        assert gateway.is_at_rest(), gateway.image_files()
        for each in images:
            assert len({received.digest for received in place.of(each)}) == 1, place.of(each)
