"""A platform that writes down what it gets, in order and byte for byte, and misbehaves as it is told to."""
import dataclasses
import functools
import io
import os
import threading
import time

import pydicom
from pydicom.filereader import read_dataset
from pydicom.uid import UID, ExplicitVRLittleEndian, ImplicitVRLittleEndian, PYDICOM_IMPLEMENTATION_UID
from pynetdicom import AE, evt
from pynetdicom.sop_class import KeyObjectSelectionDocumentStorage

from pacs import PATIENT_SAFETY, QUALITY, RETENTION, WORKLIST
from peers import free_port, start_server, text

# What a platform may do with a document instead of answering with a status.
ABORT, STORE_THEN_ABORT = "abort", "store, then abort"


@dataclasses.dataclass(frozen=True, eq=False)
class Document:
    """One C-STORE request as it came, and what became of it."""

    at: float  # time.monotonic
    uid: str
    transfer_syntax: str
    content: bytes
    outcome: int | str  # status, or ABORT, STORE_THEN_ABORT

    @functools.cached_property
    def dataset(self):
        syntax = UID(self.transfer_syntax)
        return read_dataset(io.BytesIO(self.content), syntax.is_implicit_VR, syntax.is_little_endian)

    @property
    def is_stored(self):
        return self.outcome in (0, STORE_THEN_ABORT)

    @property
    def is_acknowledged(self):
        return self.outcome == 0

    @property
    def title(self):
        return text(self.dataset.ConceptNameCodeSequence[0], "CodeValue")

    @property
    def is_note(self):
        return self.title in (QUALITY, PATIENT_SAFETY, WORKLIST, RETENTION)

    @property
    def study(self):
        return text(self.dataset, "StudyInstanceUID")

    @property
    def patient(self):
        return text(self.dataset, "PatientID"), text(self.dataset, "IssuerOfPatientID")

    @property
    def version(self):
        return int(self.dataset.InstanceNumber)

    @property
    def series(self):
        return text(self.dataset, "SeriesInstanceUID")

    @property
    def has_recipients(self):
        return bool(self.dataset.get("NameOfPhysiciansReadingStudy"))

    @functools.cached_property
    def references(self):
        return {text(reference, "ReferencedSOPInstanceUID")
                for study in self.dataset.CurrentRequestedProcedureEvidenceSequence
                for series in study.ReferencedSeriesSequence for reference in series.ReferencedSOPSequence}

    def save(self, folder):
        """As a file; returns its path."""
        path = os.path.join(folder, f"{self.uid}.dcm")
        meta = pydicom.dataset.FileMetaDataset()
        meta.MediaStorageSOPClassUID, meta.MediaStorageSOPInstanceUID = KeyObjectSelectionDocumentStorage, self.uid
        meta.TransferSyntaxUID, meta.ImplementationClassUID = self.transfer_syntax, PYDICOM_IMPLEMENTATION_UID
        meta.FileMetaInformationVersion = b"\0\1"
        with open(path, "wb") as file:
            file.write(bytes(128) + b"DICM")
            pydicom.filewriter.write_file_meta_info(file, meta)
            file.write(self.content)
        return path

    def __str__(self):
        kind = f"note {self.title}" if self.is_note else f"manifest {self.version}"
        return f"{kind} of {len(self.references)} for {self.patient[0]} {self.uid[-12:]}: {self.outcome}"


class RecordingPlatform:
    """`with RecordingPlatform() as platform:` listens; `stop` and `start` make it go away and come back.

    `answer(document)` gives the outcome of each; `moment(name)` is told what happens on the wire: "associating",
    "command", "received", "answered", "released".
    """

    def __init__(self, title="PLATFORM"):
        self.title, self.port = title, free_port()
        self.documents = []
        self.changed = threading.Condition()
        self.server = None
        self.answer = lambda document: 0
        self.moment = lambda name: None

    def start(self):
        ae = AE(self.title)
        ae.maximum_associations = 50
        ae.add_supported_context(KeyObjectSelectionDocumentStorage, [ExplicitVRLittleEndian, ImplicitVRLittleEndian])
        ae.add_supported_context("1.2.840.10008.1.1")
        self.server = start_server(ae, self.port, [
            (evt.EVT_C_STORE, self._store), (evt.EVT_REQUESTED, lambda event: self.moment("associating")),
            (evt.EVT_PDU_RECV, self._received), (evt.EVT_PDU_SENT, self._sent),
            (evt.EVT_RELEASED, lambda event: self.moment("released"))])

    def stop(self):
        if self.server:
            self.server.shutdown()
        self.server = None

    def _received(self, event):
        for item in getattr(event.pdu, "presentation_data_value_items", []):
            control = item.presentation_data_value[0]
            if control == 3:  # the last fragment of a command
                self.moment("command")

    def _sent(self, event):
        if hasattr(event.pdu, "presentation_data_value_items"):
            self.moment("answered")

    def _store(self, event):
        request, now = event.request, time.monotonic()
        content = request.DataSet.getvalue()
        found = Document(
            now, str(request.AffectedSOPInstanceUID), str(event.context.transfer_syntax), content, 0)
        self.moment("received")
        found = dataclasses.replace(found, outcome=self.answer(found))
        with self.changed:
            self.documents.append(found)
            self.changed.notify_all()
        if found.outcome in (ABORT, STORE_THEN_ABORT):
            event.assoc.abort()
            return 0xC000
        return found.outcome

    def of(self, *studies):
        """What came for these studies."""
        with self.changed:
            return [document for document in self.documents if document.study in studies]

    def wait(self, fact, deadline=90):
        """Whether `fact()` became true, looked at after each document."""
        with self.changed:
            return self.changed.wait_for(fact, deadline)

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.stop()
