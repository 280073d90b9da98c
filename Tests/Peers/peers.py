"""The peers: a reference receiver that accepts everything and writes down what it got, and the clients."""
import collections
import concurrent.futures
import dataclasses
import errno
import io
import os
import random
import re
import socket
import subprocess
import tempfile
import threading
import time
import warnings
import zlib

import pydicom
from pydicom.uid import UID
from pynetdicom import AE, ALL_TRANSFER_SYNTAXES, _config, evt

from requestor import Requestor

warnings.simplefilter("ignore")
pydicom.config.settings.reading_validation_mode = pydicom.config.IGNORE

DCMTK = {"DCMDICTPATH": os.environ.get("DCMDICTPATH", ""), "TCP_NODELAY": "1"}
DCMTK = {**os.environ, **{name: value for name, value in DCMTK.items() if value}}


_given = set()
# Of the last ports given: enough for all that is listened at, or is to be, at any one time.
_claims = collections.deque(maxlen=256)


def free_port():
    """Below those that the kernel gives to outgoing connections: who frees it for a restart gets it again."""
    with open("/proc/sys/net/ipv4/ip_local_port_range") as file:
        first = int(file.read().split()[0])
    while True:
        # Of the system: runs with the same seed beside each other must not draw the same.
        port = random.SystemRandom().randrange(max(first - 16384, 1024), first)
        # Not by a socket of our own: a process that is being started at that moment holds it on for a while.
        if port not in _given and not is_used(port) and (claim := claimed(port)):
            _given.add(port)
            _claims.append(claim)
            return port


def claimed(port):
    """Keeps it from the other runs on this machine, which are about to listen somewhere too; None: one of them has it."""
    claim = socket.socket(socket.AF_UNIX)
    try:
        claim.bind(f"\0kosgate-test-port-{port}")
        return claim
    except OSError:
        claim.close()
        return None


def is_used(port):
    rows = [line.split() for name in ("tcp", "tcp6") for line in open(f"/proc/net/{name}")]
    return any(row[1].endswith(f":{port:04X}") for row in rows)


def start_server(ae, port, handlers):
    """A pynetdicom server on loopback. Of one that was there before, a process that is being started may hold the socket
    for a moment."""
    end = time.monotonic() + 90
    while True:
        try:
            return ae.start_server(("127.0.0.1", port), block=False, evt_handlers=handlers)
        except OSError as error:
            if error.errno != errno.EADDRINUSE or time.monotonic() > end:
                raise
            time.sleep(0.1)


def listens(port):
    """Asked of the kernel: a connection would be an association to some."""
    rows = [line.split() for name in ("tcp", "tcp6") for line in open(f"/proc/net/{name}")]
    return any(row[1].endswith(f":{port:04X}") and row[3] == "0A" for row in rows)


@dataclasses.dataclass(frozen=True)
class Arrival:
    """One C-STORE as the reference receiver got it: the request's UIDs, and the data set's own."""

    affected_class: str
    affected_instance: str
    study: str
    series: str
    instance: str
    sop_class: str
    title: str  # code of the document title, for key object selections
    transfer_syntax: str
    readable: bool  # pydicom could read the data set as far as its UIDs
    patient: "Patient"
    accession: str
    dates: tuple  # of the study, the series, the acquisition and the content


@dataclasses.dataclass(frozen=True)
class Patient:
    identifier: str
    issuer: str
    name: str  # decoded by the instance's own character set
    birth_date: str


def text(dataset, keyword):
    """The value as sent, without its padding; empty when absent."""
    value = dataset.get(keyword)
    return "" if value is None else str(value).rstrip("\0 ")


def arrival(identity, affected_class, affected_instance, syntax, readable):
    """What an instance says of itself. `identity`: its data set."""
    names = identity.get("ConceptNameCodeSequence") or []
    return Arrival(
        affected_class, affected_instance,
        *(text(identity, key) for key in ("StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID", "SOPClassUID")),
        text(names[0], "CodeValue") if names else "", syntax, readable,
        Patient(*(text(identity, key) for key in ("PatientID", "IssuerOfPatientID", "PatientName", "PatientBirthDate"))),
        text(identity, "AccessionNumber"),
        tuple(text(identity, key) for key in ("StudyDate", "SeriesDate", "AcquisitionDate", "ContentDate")))


def header(stream, syntax):
    """The data set up to its pixel data, by pydicom."""
    stream.seek(0)
    if UID(syntax).is_deflated:
        stream = io.BytesIO(zlib.decompressobj(-zlib.MAX_WBITS).decompress(stream.read()))
    return pydicom.filereader.read_dataset(
        stream, UID(syntax).is_implicit_VR, UID(syntax).is_little_endian, stop_when=lambda tag, *_: tag >= 0x7FE00000)


class Reference:
    """pynetdicom's own receiver with every check off. Start it with `with`."""

    def __init__(self):
        self.arrivals = []
        self.port = free_port()
        self.lock = threading.Lock()

    def store(self, event):
        request = event.request
        identity, readable = pydicom.Dataset(), True
        try:
            identity = header(request.DataSet, event.context.transfer_syntax)
        except Exception:
            readable = False
        found = arrival(
            identity, str(request.AffectedSOPClassUID or ""), str(request.AffectedSOPInstanceUID or ""),
            str(event.context.transfer_syntax), readable)
        with self.lock:
            self.arrivals.append(found)
        return 0x0000

    def __enter__(self):
        _config.UNRESTRICTED_STORAGE_SERVICE = True
        _config.LOG_HANDLER_LEVEL = "none"
        ae = AE("REFERENCE")
        ae.maximum_pdu_size = 0
        ae.maximum_associations = 50
        ae.add_supported_context("1.2.840.10008.1.1", ALL_TRANSFER_SYNTAXES)
        self.server = start_server(ae, self.port, [(evt.EVT_C_STORE, self.store)])
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        _config.UNRESTRICTED_STORAGE_SERVICE = False


@dataclasses.dataclass(frozen=True)
class Sent:
    """What a client says of one file: its status, or why it was not sent."""

    path: str
    status: str | None
    said: str = ""

    @property
    def acknowledged(self):
        return self.status == "Success"

    @property
    def warned(self):
        """Stored, with B007: data set does not match SOP class (PS3.4 Table B.2-1)."""
        return self.status == "B007" or "DataSetDoesNotMatchSOPClass" in (self.status or "")


PROPOSALS = {
    "1.2.840.10008.1.2.4.50": "-xy", "1.2.840.10008.1.2.4.51": "-xx", "1.2.840.10008.1.2.4.70": "-xs",
    "1.2.840.10008.1.2.4.90": "-xv", "1.2.840.10008.1.2.4.91": "-xw", "1.2.840.10008.1.2.4.80": "-xt",
    "1.2.840.10008.1.2.4.81": "-xu", "1.2.840.10008.1.2.4.100": "-xm", "1.2.840.10008.1.2.5": "-xr",
    "1.2.840.10008.1.2.1.99": "-xd", "1.2.840.10008.1.2.4.102": "-xn", "1.2.840.10008.1.2": "-xi",
}


def meta(path):
    try:
        return pydicom.filereader.read_file_meta_info(path)
    except Exception:
        return pydicom.Dataset()


def storescu(paths, port, called, calling):
    """One storescu, and so one association, for each file; eight at a time."""

    def send(path):
        syntax = text(meta(path), "TransferSyntaxUID")
        proposal = [PROPOSALS[syntax]] if syntax in PROPOSALS else []
        run = subprocess.run(
            ["storescu", "-v", "-R", *proposal, "-aet", calling, "-aec", called, "127.0.0.1", str(port), path],
            env=DCMTK, capture_output=True, text=True, errors="replace", timeout=300)
        said = run.stdout + run.stderr
        answer = re.findall(r"Received Store Response \((.*)\)", said)
        return Sent(path, answer[-1] if answer else None, said)

    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        return list(pool.map(send, paths))


def dcmsend(paths, port, called, calling):
    """All files in one run: as many associations, one after the other, as their presentation contexts need."""
    with tempfile.TemporaryDirectory() as folder:
        report = os.path.join(folder, "report")
        run = subprocess.run(
            ["dcmsend", "-v", "-nh", "-nuc", "-dn", "-aet", calling, "-aec", called, "+crf", report, "127.0.0.1", str(port),
             *paths], env=DCMTK, capture_output=True, text=True, errors="replace", timeout=600)
        said = run.stdout + run.stderr
        sections = open(report, errors="replace").read().split("\n\n") if os.path.exists(report) else []
    results = {}
    for section in sections:
        facts = dict(re.findall(r"^(\w[\w ]*?)\s*: (.*)$", section, re.M))
        if "Filename" in facts:
            status = facts.get("DIMSE Status", facts.get("Status", ""))
            name = re.search(r"\((.*)\)", status)
            results[facts["Filename"]] = Sent(facts["Filename"], name.group(1) if name else None, section)
    return [results.get(path, Sent(path, None, said[-2000:])) for path in paths]


def pynetdicom(paths, port, called, calling, **options):
    """The bytes of the files as they are, over associations of at most 120 presentation contexts. `options`: of a Requestor."""
    _config.STORE_SEND_CHUNKED_DATASET = True
    wanted, results = {}, {}
    for path in paths:
        facts = meta(path)
        context = (text(facts, "MediaStorageSOPClassUID"), text(facts, "TransferSyntaxUID"))
        if all(context) and text(facts, "MediaStorageSOPInstanceUID"):
            wanted.setdefault(context, []).append(path)
        else:
            results[path] = Sent(path, None, "no meta information to make a request from")
    contexts = list(wanted)
    for start in range(0, len(contexts), 120):
        ae = AE(calling)
        for sop_class, syntax in contexts[start : start + 120]:
            ae.add_requested_context(UID(sop_class), [UID(syntax)])
        with Requestor(ae, port, called, **options) as requestor:
            for context in contexts[start : start + 120]:
                results.update((path, _send(requestor, path)) for path in wanted[context])
    return [results[path] for path in paths]


def _send(requestor, path):
    try:
        status = requestor.store(path)
    except Exception as error:
        return Sent(path, None, repr(error))
    if status is None:
        return Sent(path, None, "no association, or no response")
    value = status.Status
    return Sent(path, "Success" if value == 0 else f"{value:04X}", str(status.get("ErrorComment", "")))


CLIENTS = {"storescu": storescu, "dcmsend": dcmsend, "pynetdicom": pynetdicom}

