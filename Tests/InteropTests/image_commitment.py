"""Images that are kept until their destination has committed to them (PS3.4 annex J)."""
import contextlib
import tempfile
import threading

from pydicom.dataset import Dataset
from pynetdicom import AE, build_role, evt
from pynetdicom.sop_class import StorageCommitmentPushModel

import platforms
from cases import case, is_wanted
from destinations import OrthancDestination, RecordingDestination
from gateway import wait_until
from image_gateway import forwarding
from pacs import PACS, Identity, examination
from peers import free_port

INSTANCE = "1.2.840.10008.1.20.1.1"


def run():
    for part in (kept, failed, by_orthanc):
        if is_wanted(f"images: {part.__doc__}"):
            with case(f"images: {part.__doc__}"):
                part()


class Committer(RecordingDestination):
    """Reports, over an association of its own, once `may_report` is set. `judge(instance)`: a Failure Reason, or None."""

    def __init__(self, gateway_port, **options):
        super().__init__(**options)
        self.gateway_port = gateway_port
        self.may_report, self.judge = threading.Event(), lambda instance: None
        self.asked, self.reports = [], []  # Transactions; (transaction, status of its report)
        self.more = [(evt.EVT_N_ACTION, self._asked)]

    def prepare(self, ae):
        ae.add_supported_context(StorageCommitmentPushModel)

    def _asked(self, event):
        wish = event.action_information
        with self.changed:
            self.asked.append(str(wish.TransactionUID))
            self.changed.notify_all()
        threading.Thread(target=self._report, args=(wish,), daemon=True).start()
        return 0, None

    def _report(self, wish):
        self.may_report.wait(300)
        report = Dataset()
        report.TransactionUID, report.ReferencedSOPSequence, report.FailedSOPSequence = wish.TransactionUID, [], []
        for item in wish.ReferencedSOPSequence:
            reason = self.judge(str(item.ReferencedSOPInstanceUID))
            reference = Dataset()
            reference.ReferencedSOPClassUID = item.ReferencedSOPClassUID
            reference.ReferencedSOPInstanceUID = item.ReferencedSOPInstanceUID
            if reason is None:
                report.ReferencedSOPSequence.append(reference)
            else:
                reference.FailureReason = reason
                report.FailedSOPSequence.append(reference)
        kind = 2 if report.FailedSOPSequence else 1
        for keyword in ("ReferencedSOPSequence", "FailedSOPSequence"):
            if not report[keyword].value:
                del report[keyword]
        status = self._send(report, kind)
        with self.changed:
            self.reports.append((str(wish.TransactionUID), status))
            self.changed.notify_all()

    def _send(self, report, kind):
        ae = AE(self.title)
        ae.add_requested_context(StorageCommitmentPushModel)
        association = ae.associate(
            "127.0.0.1", self.gateway_port, ae_title="KOSGATE",
            ext_neg=[build_role(StorageCommitmentPushModel, scp_role=True)])
        if not association.is_established:
            return None
        status, _ = association.send_n_event_report(report, kind, StorageCommitmentPushModel, INSTANCE)
        association.release()
        return status.get("Status")


@contextlib.contextmanager
def committing():
    """The destination and the gateway."""
    port = free_port()
    with Committer(port) as place:
        gateway = forwarding(place, commit=True)
        gateway.port = port
        with gateway:
            yield place, gateway


def study():
    return examination(Identity("IPP13", "EXEMPLE^ZOÉ"), (3, 2))


def kept():
    """an image is kept until the destination has committed to it, over a kill"""
    with committing() as (place, gateway):
        images = study()
        PACS(gateway.port).deliver(*images)
        assert place.wait(lambda: place.has(*images) and place.asked), gateway.said()[-3000:]
        assert wait_until(lambda: len(gateway.image_files()) == len(images)), gateway.image_files()
        gateway.kill()
        gateway.start()
        assert wait_until(lambda: len(gateway.image_files()) == len(images)), gateway.image_files()
        place.may_report.set()
        assert gateway.is_at_rest(), f"{place.asked} {place.reports} {gateway.image_files()}\n{gateway.said()[-3000:]}"
        # It is asked again after the start: the answer to the request before it counts no more.
        statuses = [status for _, status in place.reports]
        assert 0 in statuses and set(statuses) <= {0, 0x0115}, place.reports


def failed():
    """an image that the destination does not commit to is sent again, not given up"""
    with committing() as (place, gateway):
        images = study()
        lacking = str(images[0].SOPInstanceUID)
        place.judge = lambda instance: 0x0112 if instance == lacking and len(place.of(images[0])) < 2 else None
        place.may_report.set()
        PACS(gateway.port).deliver(*images)
        assert wait_until(lambda: len(place.of(images[0])) == 2), (
            f"{place.asked} {place.reports} {gateway.letters()}\n{gateway.said()[-3000:]}")
        assert gateway.is_at_rest(), f"{gateway.image_files()} {gateway.letters()}"
        assert all(len(place.of(image)) == 1 for image in images[1:]), place.received


def by_orthanc():
    """Orthanc commits to what it was sent"""
    port = free_port()
    settings = {"DicomModalities": {"gateway": {
        "AET": "KOSGATE", "Host": "127.0.0.1", "Port": port, "AllowStorageCommitment": True}}}
    with tempfile.TemporaryDirectory() as folder, platforms.orthanc_server(folder, settings) as (dicom, http):
        place = OrthancDestination("ORTHANC", dicom, lambda path: platforms.get(http, path))
        gateway = forwarding(place, commit=True)
        gateway.port = port
        with gateway:
            images = study()
            PACS(gateway.port).deliver(*images)
            assert gateway.is_at_rest(), gateway.said()[-3000:]
            assert {copy.instance for copy in place.copies()} == {str(image.SOPInstanceUID) for image in images}
