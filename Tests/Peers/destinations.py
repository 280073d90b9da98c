"""Storage SCPs that images are sent on to: DCMTK, Orthanc, and one of pynetdicom that writes down all that comes.

Each tells what it took as a counter of `Copy`: two ways of sending the same are compared by it.
"""
import collections
import dataclasses
import hashlib
import io
import json
import os
import subprocess
import threading
import time

import pydicom
from pydicom.filereader import _read_file_meta_info, read_preamble
from pydicom.uid import UID
from pynetdicom import AE, ALL_TRANSFER_SYNTAXES, evt
from pynetdicom.sop_class import _STORAGE_CLASSES

from gateway import PATIENCE, wait_until
from peers import DCMTK, free_port, listens, start_server

KEY_OBJECTS = "1.2.840.10008.5.1.4.1.1.88.59"


@dataclasses.dataclass(frozen=True)
class Copy:
    """An instance as a destination keeps it; its data set, pixel data and all, by hash."""

    instance: str
    transfer_syntax: str
    digest: str


def digest(content):
    return hashlib.sha256(content).hexdigest()


def copy_of(file):
    """That of a PS3.10 file."""
    read_preamble(file, force=True)
    meta = _read_file_meta_info(file)
    return Copy(str(meta.MediaStorageSOPInstanceUID), str(meta.TransferSyntaxUID), digest(file.read()))


@dataclasses.dataclass(frozen=True)
class Received:
    """One C-STORE as the recording destination got it, and what became of it."""

    at: float  # time.monotonic
    sop_class: str
    instance: str
    transfer_syntax: str
    content: bytes | None  # of key objects, and where asked for
    digest: str
    size: int
    outcome: int

    @property
    def copy(self):
        return Copy(self.instance, self.transfer_syntax, self.digest)

    @property
    def dataset(self):
        syntax = UID(self.transfer_syntax)
        return pydicom.filereader.read_dataset(io.BytesIO(self.content), syntax.is_implicit_VR, syntax.is_little_endian)

    @property
    def is_note(self):
        return self.sop_class == KEY_OBJECTS

    @property
    def references(self):
        """Of a rejection note."""
        return {str(reference.ReferencedSOPInstanceUID)
                for study in self.dataset.CurrentRequestedProcedureEvidenceSequence
                for series in study.ReferencedSeriesSequence for reference in series.ReferencedSOPSequence}


class RecordingDestination:
    """`with RecordingDestination() as destination:` listens; `stop` and `start` make it go away and come back.

    - Parameters:
      - contexts: {SOP Class UID: [Transfer Syntax UIDs]}; None: all that pynetdicom knows.
      - keeps: whether contents are kept, not only those of key objects.
    """

    def __init__(self, title="TELEPACS", contexts=None, keeps=False):
        self.title, self.port, self.keeps = title, free_port(), keeps
        self.contexts = contexts or storage_classes()
        self.received, self.changed, self.server = [], threading.Condition(), None
        self.answer = lambda received: 0
        self.more = []  # Further handlers of events.

    def start(self):
        ae = AE(self.title)
        ae.maximum_pdu_size, ae.maximum_associations = 0, 50
        ae.add_supported_context("1.2.840.10008.1.1")
        for sop_class, syntaxes in self.contexts.items():
            ae.add_supported_context(sop_class, syntaxes)
        self.prepare(ae)
        self.server = start_server(ae, self.port, [(evt.EVT_C_STORE, self._store), *self.more])

    def prepare(self, ae):
        """For other services."""

    def stop(self):
        """Associations that peers keep end too."""
        if self.server:
            self.server.shutdown()
            for association in self.server.active_associations:
                association.abort()
        self.server = None

    def _store(self, event):
        request, now = event.request, time.monotonic()
        content, sop_class = request.DataSet.getvalue(), str(request.AffectedSOPClassUID)
        found = Received(
            now, sop_class, str(request.AffectedSOPInstanceUID), str(event.context.transfer_syntax),
            content if self.keeps or sop_class == KEY_OBJECTS else None, digest(content), len(content), 0)
        found = dataclasses.replace(found, outcome=self.answer(found))
        with self.changed:
            self.received.append(found)
            self.changed.notify_all()
        return found.outcome

    def of(self, *images):
        """What came, of these or of all, in order."""
        uids = {str(image.SOPInstanceUID) for image in images}
        with self.changed:
            return [each for each in self.received if not images or each.instance in uids]

    def has(self, *images):
        """Whether each of these was taken."""
        taken = {each.instance for each in self.of(*images) if each.outcome == 0}
        return taken >= {str(image.SOPInstanceUID) for image in images}

    def wait(self, fact, deadline=PATIENCE):
        """Whether `fact()` became true, looked at after each instance."""
        with self.changed:
            return self.changed.wait_for(fact, deadline)

    def copies(self):
        return collections.Counter(each.copy for each in self.of())

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.stop()


class Program:
    """A storage SCP of DCMTK that keeps what comes bit for bit, in `folder`."""

    def __init__(self, title, command, folder):
        """`command(port, folder)`: what to run."""
        self.title, self.port, self.folder = title, free_port(), folder
        self.command, self.process = command, None

    def start(self, *more):
        command = [*self.command(self.port, self.folder), *more]
        log = open(os.path.join(os.path.dirname(self.folder), f"log-{self.port}"), "ab")
        self.process = subprocess.Popen(command, env=DCMTK, stdout=log, stderr=log)
        log.close()
        assert wait_until(lambda: listens(self.port)), f"{command[0]} does not start"

    def stop(self):
        self.process.kill()
        self.process.wait()

    def copies(self):
        found = collections.Counter()
        for name in os.listdir(self.folder):
            with open(os.path.join(self.folder, name), "rb") as file:
                found[copy_of(file)] += 1
        return found

    def __enter__(self):
        os.makedirs(self.folder, exist_ok=True)
        self.start()
        return self

    def __exit__(self, *_):
        self.stop()


def storescp(folder):
    return Program("STORESCP", lambda port, place: [
        "storescp", "-pm", "+xa", "+B", "+uf", "--fork", "-pdu", "131072", "-od", place, "-aet", "STORESCP", str(port)],
        os.path.join(folder, "storescp"))


def dcmrecv(folder, contexts):
    """`contexts`: {SOP Class UID: [Transfer Syntax UIDs]}, 120 classes at most."""
    path = os.path.join(folder, "dcmrecv.cfg")
    syntaxes = list(dict.fromkeys(syntax for each in contexts.values() for syntax in each))
    with open(path, "w") as file:
        file.write("[[TransferSyntaxes]]\n[Any]\n")
        file.writelines(f"TransferSyntax{number} = {syntax}\n" for number, syntax in enumerate(syntaxes, 1))
        file.write("[[PresentationContexts]]\n[All]\n")
        file.writelines(f"PresentationContext{number} = {uid}\\Any\n" for number, uid in enumerate(contexts, 1))
        file.write("[[Profiles]]\n[Default]\nPresentationContexts = All\n")
    return Program("DCMRECV", lambda port, place: [
        "dcmrecv", "+B", "+fu", "-od", place, "-aet", "DCMRECV", "-xf", path, "Default", str(port)],
        os.path.join(folder, "dcmrecv"))


class OrthancDestination:
    """Orthanc, from outside: what it holds."""

    def __init__(self, title, port, get):
        self.title, self.port, self.get = title, port, get

    def copies(self):
        return collections.Counter(
            copy_of(io.BytesIO(self.get(f"/instances/{name}/file"))) for name in json.loads(self.get("/instances")))


def storage_classes():
    """All that pynetdicom knows, with every transfer syntax."""
    return {uid: ALL_TRANSFER_SYNTAXES for uid in _STORAGE_CLASSES.values()}
