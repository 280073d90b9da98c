"""A PACS: examinations of invented patients, the rejection notes of IHE IOCM, manifests of its own making."""
import copy
import dataclasses
import datetime

from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import CTImageStorage, ExplicitVRLittleEndian, MRImageStorage, generate_uid
from pynetdicom import AE
from pynetdicom.sop_class import KeyObjectSelectionDocumentStorage

from requestor import Requestor

# The four titles of a rejection note, with their English meanings (CID 7010).
QUALITY, PATIENT_SAFETY, WORKLIST, RETENTION = "113001", "113037", "113038", "113039"
MEANINGS = {
    QUALITY: "Rejected for Quality Reasons", PATIENT_SAFETY: "Rejected for Patient Safety Reasons",
    WORKLIST: "Incorrect Modality Worklist Entry", RETENTION: "Data Retention Policy Expired", "113030": "Manifest"}
ISSUER, ISSUER_UID = "CHU-IPP", "1.2.250.1.999.2"
ACCESSION_ISSUER, ACCESSION_ISSUER_UID = "CHU-RIS", "1.2.250.1.999.3"
RETRIEVE_AE_TITLE, RETRIEVE_LOCATION_UID = "PACS", "1.2.250.1.999.1"


@dataclasses.dataclass(frozen=True)
class Identity:
    """A patient in one request."""

    identifier: str
    name: str
    accession: str = "A2026"
    birth_date: str = "19610203"
    sex: str = "F"

    @property
    def key(self):
        return self.identifier, ISSUER


def image(identity, study, series, number, instance=None):
    """A CT of four pixels."""
    found = Dataset()
    found.SpecificCharacterSet = "ISO_IR 100"
    found.SOPClassUID, found.SOPInstanceUID = CTImageStorage, instance or generate_uid()
    found.StudyDate, found.StudyTime, found.StudyID = "20260315", "101500", "1"
    found.SeriesDate, found.SeriesTime, found.SeriesNumber = "20260315", "101600", 1
    found.Modality, found.Manufacturer = "CT", "TEST"
    found.PatientBirthDate, found.PatientSex = identity.birth_date, identity.sex
    found.StudyInstanceUID, found.SeriesInstanceUID = study, series
    found.InstanceNumber, found.Rows, found.Columns = number, 2, 2
    found.BitsAllocated = found.BitsStored = 16
    found.HighBit, found.PixelRepresentation, found.SamplesPerPixel = 15, 0, 1
    found.PhotometricInterpretation, found.PixelData = "MONOCHROME2", bytes(8)
    identify(found, identity)
    return explicit(found)


def identify(dataset, identity):
    dataset.PatientID, dataset.PatientName, dataset.AccessionNumber = (
        identity.identifier, identity.name, identity.accession)
    dataset.IssuerOfPatientID = ISSUER


def explicit(dataset):
    """With what pynetdicom wants to know before it sends."""
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    return dataset


def examination(identity, series=(2, 1), study=None):
    """Images of one study: so many in each series."""
    study, found = study or generate_uid(), []
    for count in series:
        uid = generate_uid()
        found += [image(identity, study, uid, number) for number in range(1, count + 1)]
    return found


def corrected(images, identity=None, instances=True, series=True, studies=False, **changes):
    """Copies under another identity, or with other values; `instances`, `series`, `studies`: which UIDs are new."""
    uids, found = {}, []
    for old in images:
        new = copy.deepcopy(old)
        if instances:
            new.SOPInstanceUID = generate_uid()
        if series:
            new.SeriesInstanceUID = uids.setdefault(old.SeriesInstanceUID, generate_uid())
        if studies:
            new.StudyInstanceUID = uids.setdefault(old.StudyInstanceUID, generate_uid())
        if identity:
            identify(new, identity)
        for keyword, value in changes.items():
            setattr(new, keyword, value)
        found.append(new)
    return found


def code(value, meaning, scheme="DCM"):
    item = Dataset()
    item.CodeValue, item.CodingSchemeDesignator, item.CodeMeaning = value, scheme, meaning
    return item


def scheme(designator, uid, name):
    item = Dataset()
    item.CodingSchemeDesignator, item.CodingSchemeUID, item.CodingSchemeName = designator, uid, name
    return item


def issuer(uid, namespace):
    item = Dataset()
    item.LocalNamespaceEntityID, item.UniversalEntityID, item.UniversalEntityIDType = namespace, uid, "ISO"
    return item


def note(images, title, **options):
    """The rejection note that lists these images: under the identity and in the study of the first of them."""
    return key_objects(images, title, **options)


def manifest(images, version=1, **options):
    """The PACS's own manifest of these images."""
    found = key_objects(images, "113030", number=version, **options)
    for study in found.CurrentRequestedProcedureEvidenceSequence:
        for series in study.ReferencedSeriesSequence:
            series.RetrieveAETitle, series.RetrieveLocationUID = RETRIEVE_AE_TITLE, RETRIEVE_LOCATION_UID
    return found


def key_objects(images, title, number=1, instance=None, series=None):
    """A Key Object Selection document (PS3.3 A.35.4) that references these instances, by study and series."""
    first, now, found = images[0], datetime.datetime.now(), Dataset()
    found.SpecificCharacterSet = "ISO_IR 100"
    found.InstanceCreationDate = found.ContentDate = now.strftime("%Y%m%d")
    found.InstanceCreationTime = found.ContentTime = now.strftime("%H%M%S.%f")
    found.SOPClassUID, found.SOPInstanceUID = KeyObjectSelectionDocumentStorage, instance or generate_uid()
    for keyword in ("StudyDate", "StudyTime", "StudyID", "StudyInstanceUID", "AccessionNumber", "PatientName",
                    "PatientID", "IssuerOfPatientID", "PatientBirthDate", "PatientSex"):
        setattr(found, keyword, getattr(first, keyword))
    found.IssuerOfPatientIDQualifiersSequence = [Dataset()]
    found.IssuerOfPatientIDQualifiersSequence[0].UniversalEntityID = ISSUER_UID
    found.IssuerOfPatientIDQualifiersSequence[0].UniversalEntityIDType = "ISO"
    found.IssuerOfAccessionNumberSequence = [issuer(ACCESSION_ISSUER_UID, ACCESSION_ISSUER)]
    found.Modality, found.Manufacturer, found.ReferringPhysicianName = "KO", "TEST", ""
    found.SeriesInstanceUID, found.SeriesNumber = series or generate_uid(), 999
    found.InstanceNumber = number
    found.CodingSchemeIdentificationSequence = [
        scheme("99PS_IdNat", "1.2.250.1.71.4.2.1", "Identification nationale du Professionnel de Santé"),
        scheme("99Struct_IdNat", "1.2.250.1.71.4.2.2", "Identification nationale de la structure")]
    found.ReferencedPerformedProcedureStepSequence = []
    found.ReferencedRequestSequence = [request(first)]
    found.ValueType, found.ContinuityOfContent = "CONTAINER", "SEPARATE"
    found.ConceptNameCodeSequence = [code(title, MEANINGS[title])]
    template = Dataset()
    template.MappingResource, template.TemplateIdentifier = "DCMR", "2010"
    found.ContentTemplateSequence = [template]
    found.CurrentRequestedProcedureEvidenceSequence = evidence(images)
    found.ContentSequence = [content(each) for each in images]
    return explicit(found)


def request(image):
    item = Dataset()
    item.StudyInstanceUID, item.AccessionNumber = image.StudyInstanceUID, image.AccessionNumber
    item.IssuerOfAccessionNumberSequence = [issuer(ACCESSION_ISSUER_UID, ACCESSION_ISSUER)]
    item.ReferencedStudySequence = []
    for keyword in ("PlacerOrderNumberImagingServiceRequest", "FillerOrderNumberImagingServiceRequest",
                    "RequestedProcedureID", "RequestedProcedureDescription"):
        setattr(item, keyword, "")
    item.RequestedProcedureCodeSequence = []
    return item


def reference(image):
    item = Dataset()
    item.ReferencedSOPClassUID, item.ReferencedSOPInstanceUID = image.SOPClassUID, image.SOPInstanceUID
    return item


def evidence(images):
    """The hierarchical list: studies, series, instances (PS3.3 C.17.2)."""
    studies = {}
    for each in images:
        series = studies.setdefault(each.StudyInstanceUID, {})
        series.setdefault(each.SeriesInstanceUID, []).append(reference(each))
    found = []
    for study, lists in studies.items():
        item = Dataset()
        item.StudyInstanceUID, item.ReferencedSeriesSequence = study, []
        for series, references in lists.items():
            inner = Dataset()
            inner.SeriesInstanceUID, inner.ReferencedSOPSequence = series, references
            item.ReferencedSeriesSequence.append(inner)
        found.append(item)
    return found


def content(image):
    item = Dataset()
    item.RelationshipType = "CONTAINS"
    item.ValueType = "IMAGE" if image.SOPClassUID == CTImageStorage else "COMPOSITE"
    item.ReferencedSOPSequence = [reference(image)]
    return item


class PACS:
    """Sends to the gateway under one AE title, each time over an association of its own."""

    def __init__(self, port, title="PACS", called="KOSGATE", contexts=None):
        """`contexts`: (SOP class, transfer syntax) of each."""
        self.port, self.title, self.called = port, title, called
        self.contexts = contexts or [
            (sop_class, ExplicitVRLittleEndian)
            for sop_class in (CTImageStorage, MRImageStorage, KeyObjectSelectionDocumentStorage)]

    def send(self, *objects):
        """The status of each; None where no answer came."""
        ae = AE(self.title)
        for context in self.contexts:
            ae.add_requested_context(*context)
        with Requestor(ae, self.port, self.called) as requestor:
            responses = [requestor.store(each) for each in objects]
        return [response and response.Status for response in responses]

    def deliver(self, *objects):
        """Sends them; each must be acknowledged."""
        statuses = self.send(*objects)
        assert statuses == [0] * len(objects), [status if status is None else hex(status) for status in statuses]
