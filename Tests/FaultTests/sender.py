"""Sends small CT instances over four associations until the peer is gone. Usage: sender.py PORT NUMBER ACKNOWLEDGED"""
import os
import sys
import threading

from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import CTImageStorage, ExplicitVRLittleEndian
from pynetdicom import AE

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "Peers"))

from requestor import Requestor

port, number, path = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
root = f"2.25.306714022857264193840775216503984120687.99.{number}"
lines = os.open(path, os.O_CREAT | os.O_WRONLY | os.O_APPEND)


def instance(series, index):
    dataset = Dataset()
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    dataset.SOPClassUID, dataset.SOPInstanceUID = CTImageStorage, f"{root}.{series}.{index}"
    dataset.StudyInstanceUID, dataset.SeriesInstanceUID = root, f"{root}.{series}"
    dataset.StudyDate, dataset.StudyTime, dataset.AccessionNumber = "20260316", "101500", str(number)
    dataset.PatientName, dataset.PatientID = "TEST^Fault", "F1"
    dataset.PatientBirthDate, dataset.PatientSex, dataset.Modality = "19700101", "O", "CT"
    dataset.SeriesNumber, dataset.InstanceNumber = series, index
    dataset.add_new(0x7FE00010, "OW", bytes(8192))
    return dataset


def send(series):
    ae = AE("SENDER")
    ae.add_requested_context(CTImageStorage, ExplicitVRLittleEndian)
    requestor = Requestor(ae, port, "KOSGATE")
    for index in range(1, 20000):
        dataset = instance(series, index)
        response = requestor.store(dataset)
        if response is None:
            return
        if response.Status == 0:
            os.write(lines, (dataset.SOPInstanceUID + "\n").encode())


threads = [threading.Thread(target=send, args=(series,)) for series in range(1, 5)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
