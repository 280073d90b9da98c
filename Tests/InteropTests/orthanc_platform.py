"""Orthanc as a platform beside the recording one: it must hold the same documents, in the same order."""
import contextlib
import dataclasses
import io
import json

import pydicom

from cases import case, listing
from gateway import wait_until
from platforms import get, orthanc_server
from recording import Document
from stage import found


@dataclasses.dataclass
class OrthancPlatform:
    place: tuple  # name, port, AE title
    http: int

    def documents(self):
        """All that it holds, in the order in which it came."""
        since, names, is_done = 0, [], False
        while not is_done:
            answer = json.loads(get(self.http, f"/changes?since={since}&limit=1000"))
            names += [change["ID"] for change in answer["Changes"] if change["ChangeType"] == "NewInstance"]
            since, is_done = answer["Last"], answer["Done"]
        return [self._document(name) for name in names]

    def _document(self, name):
        dataset = pydicom.dcmread(io.BytesIO(get(self.http, f"/instances/{name}/file")))
        document = Document(0, str(dataset.SOPInstanceUID), str(dataset.file_meta.TransferSyntaxUID), b"", 0)
        document.__dict__["dataset"] = dataset
        return document

    def judge(self, stage):
        """For each study the same documents, in the same order, as the recording platform got."""
        with case(f"{stage.name}: Orthanc holds what the recording platform got, in the same order"):
            wanted = by_study(stage.platform.documents)
            wait_until(lambda: self.count() >= sum(map(len, wanted.values())))
            given = by_study(self.documents())
            problems = [
                f"{study}: {list(map(str, given.get(study, [])))}, expected {list(map(str, wanted.get(study, [])))}"
                for study in wanted.keys() | given.keys() if given.get(study) != wanted.get(study)]
            assert wanted and not problems, listing(problems)

    def count(self):
        return json.loads(get(self.http, "/statistics"))["CountInstances"]


def by_study(documents):
    studies, seen = {}, set()
    for document in documents:
        if document.is_stored and document.uid not in seen:
            studies.setdefault(document.study, []).append(found(document))
        seen.add(document.uid)
    return studies


@contextlib.contextmanager
def started(folder):
    with orthanc_server(folder) as (port, http):
        yield OrthancPlatform(("orthanc", port, "ORTHANC"), http)
