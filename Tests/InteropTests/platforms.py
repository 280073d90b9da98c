"""Manifests delivered to real storage SCPs: DCMTK, Orthanc, and a pynetdicom platform that is away, busy, and killed at."""
import contextlib
import io
import json
import os
import subprocess
import tempfile
import threading
import urllib.request

import pydicom
from pydicom.uid import CTImageStorage, ExplicitVRLittleEndian, generate_uid
from pynetdicom import AE, evt
from pynetdicom.sop_class import KeyObjectSelectionDocumentStorage

import requestor
from cases import case, is_wanted
from gateway import PATIENCE, Gateway, wait_until
from peers import DCMTK, free_port, start_server

CONFIGURATION = """
[gateway]
accept_any_calling_ae_title = true
[manifest]
profile = "xds-i"
[platform]
host = "127.0.0.1"
port = {port}
ae_title = "{title}"
retry_delay = 1
retry_ceiling = 2
"""


def run():
    if is_wanted("a platform of DCMTK"):
        dcmtk("explicit VR", "+xe", ExplicitVRLittleEndian)
        dcmtk("implicit VR only", "+xi", "1.2.840.10008.1.2")
    if is_wanted("a platform of Orthanc"):
        orthanc()
    if is_wanted("a platform that is away, then busy"):
        restless()


def study(count=3):
    """Images of an invented patient, in two series."""
    uid, series = generate_uid(), [generate_uid(), generate_uid()]
    images = []
    for number in range(1, count + 1):
        image = pydicom.Dataset()
        image.SpecificCharacterSet = "ISO_IR 192"
        image.SOPClassUID, image.SOPInstanceUID = CTImageStorage, generate_uid()
        image.StudyDate, image.StudyTime, image.AccessionNumber = "20260315", "101500", "A2026"
        image.Modality, image.PatientName, image.PatientID = "CT", "EXEMPLE^ZOÉ", "IPP0042"
        image.PatientBirthDate, image.PatientSex = "19610203", "F"
        image.StudyInstanceUID, image.SeriesInstanceUID = uid, series[number % 2]
        image.InstanceNumber, image.Rows, image.Columns = str(number), 2, 2
        image.BitsAllocated = image.BitsStored = 16
        image.HighBit, image.PixelRepresentation, image.SamplesPerPixel = 15, 0, 1
        image.PhotometricInterpretation, image.PixelData = "MONOCHROME2", bytes(8)
        image.file_meta = pydicom.dataset.FileMetaDataset()
        image.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
        images.append(image)
    return images


def send(images, port):
    ae = AE("PACS")
    ae.add_requested_context(CTImageStorage, ExplicitVRLittleEndian)
    requestor.stored(ae, port, "KOSGATE", images)


def references(manifest):
    return {
        (item.SeriesInstanceUID, instance.ReferencedSOPInstanceUID)
        for evidence in manifest.CurrentRequestedProcedureEvidenceSequence
        for item in evidence.ReferencedSeriesSequence for instance in item.ReferencedSOPSequence}


def is_manifest_of(manifest, images):
    assert manifest.SOPClassUID == KeyObjectSelectionDocumentStorage, manifest.SOPClassUID
    assert manifest.StudyInstanceUID == images[0].StudyInstanceUID
    assert str(manifest.PatientName) == "EXEMPLE^ZOÉ", manifest.PatientName
    assert references(manifest) == {(image.SeriesInstanceUID, image.SOPInstanceUID) for image in images}


def gateway_for(port, title):
    return Gateway(
        quiet_period=1, has_platform=True, configuration=CONFIGURATION.format(port=port, title=title))


def is_delivered(gateway, count=1):
    return wait_until(lambda: gateway.said().count("delivered to platform") >= count)


def dcmtk(what, option, syntax):
    with case(f"a platform of DCMTK, {what}, gets the manifest"), tempfile.TemporaryDirectory() as folder:
        port, images = free_port(), study()
        command = ["storescp", option, "-od", folder, "-aet", "PLATFORM", str(port)]
        server = subprocess.Popen(command, env=DCMTK, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            with gateway_for(port, "PLATFORM") as gateway:
                send(images, gateway.port)
                assert is_delivered(gateway), gateway.said()[-3000:]
        finally:
            server.kill()
            server.wait()
        files = os.listdir(folder)
        assert len(files) == 1, files
        manifest = pydicom.dcmread(os.path.join(folder, files[0]))
        assert manifest.file_meta.TransferSyntaxUID == syntax, manifest.file_meta.TransferSyntaxUID
        is_manifest_of(manifest, images)


def orthanc():
    with case("a platform of Orthanc gets a study's manifest and its next version"), \
            tempfile.TemporaryDirectory() as folder, orthanc_server(folder) as (port, http):
        images = study(4)
        with gateway_for(port, "ORTHANC") as gateway:
            send(images[:3], gateway.port)
            assert is_delivered(gateway), gateway.said()[-3000:]
            send(images[3:], gateway.port)
            assert is_delivered(gateway, 2), gateway.said()[-3000:]
        found = [pydicom.dcmread(io.BytesIO(get(http, f"/instances/{name}/file")))
                 for name in json.loads(get(http, "/instances"))]
        found.sort(key=lambda manifest: manifest.InstanceNumber)
        assert [manifest.InstanceNumber for manifest in found] == [1, 2]
        assert found[0].SeriesInstanceUID == found[1].SeriesInstanceUID
        is_manifest_of(found[0], images[:3])
        is_manifest_of(found[1], images)


@contextlib.contextmanager
def orthanc_server(folder, more={}):
    port, http = free_port(), free_port()
    path = os.path.join(folder, "orthanc.json")
    with open(path, "w") as file:
        json.dump({
            "StorageDirectory": folder, "IndexDirectory": folder, "HttpPort": http, "DicomPort": port,
            "DicomAet": "ORTHANC", "RemoteAccessAllowed": False, "AuthenticationEnabled": False,
            "DicomAlwaysAllowStore": True, "Plugins": [], **more}, file)
    with open(os.path.join(folder, "log"), "wb") as log:
        server = subprocess.Popen(["Orthanc", path], stdout=log, stderr=log)
    try:
        assert wait_until(lambda: answers(http)), "Orthanc does not start"
        yield port, http
    finally:
        server.terminate()
        try:
            server.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def answers(http):
    try:
        return bool(get(http, "/system"))
    except OSError:
        return False


def get(http, path):
    with urllib.request.urlopen(f"http://127.0.0.1:{http}{path}", timeout=PATIENCE) as answer:
        return answer.read()


def restless():
    """Nobody there; then A700 twice; the gateway killed in between: the same bytes each time, until taken."""
    with case("a platform that is away, then busy, gets the same bytes until it takes them, over a kill -9"):
        port, images, taken = free_port(), study(), []
        busy = threading.Event()

        def store(event):
            taken.append(event.request.DataSet.getvalue())
            if len(taken) < 3:
                busy.set()
                return 0xA700
            return 0x0000

        with gateway_for(port, "PLATFORM") as gateway:
            send(images, gateway.port)
            assert wait_until(lambda: "does not take manifests" in gateway.said()), gateway.said()[-3000:]
            ae = AE("PLATFORM")
            ae.add_supported_context(KeyObjectSelectionDocumentStorage)
            server = start_server(ae, port, [(evt.EVT_C_STORE, store)])
            try:
                assert busy.wait(PATIENCE), gateway.said()[-3000:]
                gateway.kill()
                gateway.start()
                assert is_delivered(gateway), gateway.said()[-3000:]
            finally:
                server.shutdown()
        assert len(taken) >= 3 and len(set(taken)) == 1, [len(bytes) for bytes in taken]
        is_manifest_of(pydicom.dcmread(io.BytesIO(taken[0]), force=True), images)
