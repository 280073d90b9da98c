"""Manifests, read by pydicom, and what other validators say of them."""
import collections
import concurrent.futures
import dataclasses
import functools
import subprocess

import pydicom

from gateway import BINARY
from peers import DCMTK, text


@dataclasses.dataclass
class Manifest:
    path: str
    study: str
    version: int
    evidence: collections.Counter  # (series, instance, class), and how often
    content: collections.Counter  # (instance, class), and how often
    value_types: dict  # instance: value type

    @property
    def instances(self):
        return {instance for _, instance, _ in self.evidence}


@functools.cache
def read(path):
    """A manifest is written at once and never changed, so it is read once."""
    dataset = pydicom.dcmread(path)
    evidence, content, value_types = collections.Counter(), collections.Counter(), {}
    for study in dataset.CurrentRequestedProcedureEvidenceSequence:
        assert text(study, "StudyInstanceUID") == text(dataset, "StudyInstanceUID"), f"{path}: evidence of another study"
        for series in study.ReferencedSeriesSequence:
            for reference in series.ReferencedSOPSequence:
                evidence[
                    text(series, "SeriesInstanceUID"), text(reference, "ReferencedSOPInstanceUID"),
                    text(reference, "ReferencedSOPClassUID")] += 1
    for item in dataset.ContentSequence:
        for reference in item.get("ReferencedSOPSequence") or []:
            instance = text(reference, "ReferencedSOPInstanceUID")
            content[instance, text(reference, "ReferencedSOPClassUID")] += 1
            value_types[instance] = item.ValueType
    return Manifest(
        path, text(dataset, "StudyInstanceUID"), int(dataset.InstanceNumber), evidence, content, value_types)


def latest(paths):
    """The last version of each study's manifest, by Study Instance UID."""
    found = {}
    for manifest in map(read, paths):
        known = found.get(manifest.study)
        if known is None or known.version < manifest.version:
            found[manifest.study] = manifest
    return found


def is_unknown_to_dcmtk(path):
    """Whether it lists an image of a private class, or of one younger than DCMTK 3.6.7, whose dsrdump then refuses it."""
    manifest = read(path)
    images = {sop_class for instance, sop_class in manifest.content if manifest.value_types[instance] == "IMAGE"}
    return any(uid in YOUNG or not uid.startswith("1.2.840.10008.") for uid in images)


YOUNG = {"1.2.840.10008.5.1.4.1.1.66.7", "1.2.840.10008.5.1.4.1.1.66.8"}


def faults(path, profile):
    """What dciodvfy, dsrdump and `kosgate check` hold against a manifest."""
    found = []
    run = subprocess.run(["dciodvfy", "-new", path], capture_output=True, timeout=300)
    output = (run.stdout + run.stderr).decode("latin-1")
    found += [f"dciodvfy: {line}" for line in output.splitlines() if line.startswith("Error")]
    run = subprocess.run(["dsrdump", path], env=DCMTK, capture_output=True, timeout=300)
    is_young = b"Invalid or unknown image SOP class" in run.stderr and is_unknown_to_dcmtk(path)
    if run.returncode != 0 and not is_young:
        found.append(f"dsrdump: {run.stderr.decode(errors='replace').strip()[-300:]}")
    run = subprocess.run([BINARY, "check", "--profile", profile, path], capture_output=True, text=True, timeout=300)
    if run.returncode != 0:
        found.append(f"kosgate check: {(run.stdout + run.stderr).strip()[-600:]}")
    return found


def all_faults(paths, profile):
    """`faults` of many files, by path; only those with any."""
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        found = zip(paths, pool.map(lambda path: faults(path, profile), paths))
    return {path: list_ for path, list_ in found if list_}
