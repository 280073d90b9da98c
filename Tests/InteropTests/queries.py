"""Real archives asked by the gateway's own SCU: what they have (C-FIND), and to send it (C-GET, C-MOVE)."""
import contextlib
import json
import os
import re
import subprocess
import tempfile
import time

from pydicom.dataset import Dataset
from pydicom.uid import CTImageStorage, ExplicitVRLittleEndian, generate_uid
from pynetdicom import AE, evt
from pynetdicom.sop_class import (
    StudyRootQueryRetrieveInformationModelFind, StudyRootQueryRetrieveInformationModelGet,
    StudyRootQueryRetrieveInformationModelMove)

import platforms
import requestor
from cases import case, is_wanted
from gateway import BINARY, PATIENCE, Gateway, wait_until
from peers import DCMTK, free_port, start_server

INBOX = """
[gateway]
accept_any_calling_ae_title = true
[manifest]
profile = "xds-i"
"""
COUNT = 12
SIDE = 256


def run():
    for name, archive in [("dcmqrscp", dcmqrscp), ("Orthanc", orthanc), ("pynetdicom", pynetdicom)]:
        if is_wanted(f"an archive of {name}"):
            ask(name, archive)


def kosgate(command, port, *arguments):
    return subprocess.run(
        [BINARY, command, "127.0.0.1", str(port), "--called", "ARCHIVE", *arguments], capture_output=True, text=True,
        timeout=120)


def found(port, *arguments):
    """The matches of a C-FIND, in the order in which they came."""
    result = kosgate("find", port, "--format", "json", *arguments)
    assert result.returncode == 0, result.stdout + result.stderr
    return json.loads(result.stdout)


def ask(name, archive):
    title = f"an archive of {name}"
    images = platforms.study(COUNT)
    for image in images:
        image.Rows = image.Columns = SIDE
        image.PixelData = bytes(2 * SIDE * SIDE)
    study = f"StudyInstanceUID={images[0].StudyInstanceUID}"
    series = f"SeriesInstanceUID={images[0].SeriesInstanceUID}"
    with tempfile.TemporaryDirectory() as folder, Gateway(configuration=INBOX) as gateway, \
            archive(folder, gateway.port, images) as port:
        with case(f"{title} is asked for a study"):
            [match] = found(port, study, "PatientName", "PatientID", "NumberOfStudyRelatedInstances")
            assert match["StudyInstanceUID"] == [images[0].StudyInstanceUID], match
            assert match["PatientID"] == ["IPP0042"], match
            # dcmqrscp tells the bytes of a name without their character set.
            assert name == "dcmqrscp" or match["PatientName"] == ["EXEMPLE^ZOÉ"], match
            assert match["NumberOfStudyRelatedInstances"] in ([], [str(COUNT)]), match
            assert found(port, f"StudyInstanceUID={generate_uid()}") == []
        with case(f"{title} is asked for the instances of a series"):
            matches = found(port, "--level", "IMAGE", study, series, "SOPInstanceUID", "SOPClassUID")
            expected = {i.SOPInstanceUID for i in images if i.SeriesInstanceUID == images[0].SeriesInstanceUID}
            assert {match["SOPInstanceUID"][0] for match in matches} == expected, matches
        with case(f"{title} is asked to stop"):
            matches = found(port, "--level", "IMAGE", "--most", "2", study, series, "SOPInstanceUID")
            assert len(matches) == 2, matches
        with case(f"{title} sends a study by C-GET, its pixel data discarded or read"):
            get(port, study)
        with case(f"{title} sends the instances of a list by C-GET"):
            few = [image for image in images if image.SeriesInstanceUID == images[0].SeriesInstanceUID][:3]
            uids = "SOPInstanceUID=" + "\\".join(image.SOPInstanceUID for image in few)
            result = kosgate("get", port, "--level", "IMAGE", study, series, uids)
            assert result.returncode == 0 and result.stdout.startswith("3 instances"), result.stdout + result.stderr
        with case(f"{title} has nothing to send of a study that it does not know"):
            result = kosgate("get", port, f"StudyInstanceUID={generate_uid()}")
            assert result.returncode == 1 and "0 instances" in result.stdout, result.stdout + result.stderr
        with case(f"{title} does not know where to send by C-MOVE"):
            result = kosgate("move", port, "--destination", "NOBODY", study)
            assert result.returncode == 1 and "C-MOVE 0x" in result.stderr, result.stdout + result.stderr
            assert name == "Orthanc" or "move destination unknown" in result.stderr, result.stderr
        with case(f"{title} sends a study to the gateway by C-MOVE"):
            result = kosgate("move", port, "--destination", "KOSGATE", study)
            assert result.returncode == 0, result.stdout + result.stderr
            assert f"{COUNT} completed, 0 failed" in result.stdout, result.stdout
            assert wait_until(lambda: len(gateway.manifest_files()) == 1), gateway.said()[-3000:]


def get(port, study):
    for how in [[], ["--everything"]]:
        start = time.monotonic()
        result = kosgate("get", port, *how, study)
        assert result.returncode == 0, result.stdout + result.stderr
        instances, size = map(int, re.match(r"(\d+) instances, (\d+) bytes", result.stdout).groups())
        assert instances == COUNT, result.stdout
        assert size > COUNT * 2 * SIDE * SIDE, result.stdout
        assert time.monotonic() - start < PATIENCE


def store(images, port):
    ae = AE("MODALITY")
    ae.add_requested_context(CTImageStorage, ExplicitVRLittleEndian)
    requestor.stored(ae, port, "ARCHIVE", images)


@contextlib.contextmanager
def dcmqrscp(folder, inbox, images):
    port = free_port()
    database = os.path.join(folder, "database")
    os.mkdir(database)
    path = os.path.join(folder, "dcmqrscp.cfg")
    with open(path, "w") as file:
        file.write(
            f"NetworkTCPPort = {port}\nMaxPDUSize = 65536\nMaxAssociations = 16\n"
            f"HostTable BEGIN\ninbox = (KOSGATE, 127.0.0.1, {inbox})\nHostTable END\n"
            "VendorTable BEGIN\nVendorTable END\n"
            f"AETable BEGIN\nARCHIVE {database} RW (100, 1024mb) ANY\nAETable END\n")
    with open(os.path.join(folder, "log"), "wb") as log:
        server = subprocess.Popen(["dcmqrscp", "-c", path], env=DCMTK, stdout=log, stderr=log)
    try:
        assert wait_until(lambda: kosgate("echo", port).returncode == 0), "dcmqrscp does not start"
        store(images, port)
        yield port
    finally:
        server.kill()
        server.wait()


@contextlib.contextmanager
def orthanc(folder, inbox, images):
    settings = {
        "DicomModalities": {"inbox": ["KOSGATE", "127.0.0.1", inbox]}, "DicomAlwaysAllowFind": True,
        "DicomAlwaysAllowGet": True, "DicomAlwaysAllowMove": True, "DicomAet": "ARCHIVE"}
    with platforms.orthanc_server(folder, settings) as (port, _):
        store(images, port)
        yield port


@contextlib.contextmanager
def pynetdicom(folder, inbox, images):
    def matching(identifier):
        keys = ["StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID"]
        return [image for image in images if all(
            not identifier.get(key) or image.get(key) in uids(identifier[key].value) for key in keys)]

    def find(event):
        matches = matching(event.identifier)
        if event.identifier.QueryRetrieveLevel == "STUDY":
            matches = matches[:1]
        for image in matches:
            if event.is_cancelled:
                yield 0xFE00, None
                return
            answer = Dataset()
            answer.SpecificCharacterSet = "ISO_IR 192"
            for element in event.identifier:
                if element.keyword == "NumberOfStudyRelatedInstances":
                    answer.NumberOfStudyRelatedInstances = len(images)
                elif element.keyword in image:
                    answer[element.keyword] = image[element.keyword]
            yield 0xFF00, answer

    def get(event):
        matches = matching(event.identifier)
        yield len(matches)
        for image in matches:
            yield 0xFF00, image

    def move(event):
        if event.move_destination != "KOSGATE":
            yield None, None
            return
        yield "127.0.0.1", inbox
        yield from get(event)

    ae = AE("ARCHIVE")
    ae.add_supported_context("1.2.840.10008.1.1")
    ae.add_supported_context(CTImageStorage, ExplicitVRLittleEndian, scu_role=True, scp_role=True)
    ae.add_requested_context(CTImageStorage, ExplicitVRLittleEndian)
    for model in [StudyRootQueryRetrieveInformationModelFind, StudyRootQueryRetrieveInformationModelGet,
                  StudyRootQueryRetrieveInformationModelMove]:
        ae.add_supported_context(model)
    port = free_port()
    handlers = [(evt.EVT_C_FIND, find), (evt.EVT_C_GET, get), (evt.EVT_C_MOVE, move)]
    server = start_server(ae, port, handlers)
    try:
        yield port
    finally:
        server.shutdown()


def uids(value):
    return [value] if isinstance(value, str) else list(value)
