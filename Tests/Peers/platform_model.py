"""What a platform shows after each document, under both readings of a second manifest.

*replacing*: a manifest is the whole list of its study and patient. *adding*: a manifest only adds, rejection notes take
away. The truth is what the PACS said, in its order of time.
"""
import threading
import time

READINGS = ("replacing", "adding")


class Truth:
    """Under which patient each instance may be shown, and since when; None: it must not be."""

    def __init__(self):
        self.history = {}  # (study, instance): [(time, patient key or None)]
        self.open = set()  # (study, instance) that may be shown or not
        self.lock = threading.Lock()

    def shows(self, *images, patient=None):
        """These may be shown from now on. `patient`: their own, unless told."""
        self._note(images, lambda image: patient or (image.PatientID, image.IssuerOfPatientID))

    def hides(self, *images):
        self._note(images, lambda image: None)

    def leaves_open(self, *images):
        """These are gone, but nobody rejected them: they may be shown, or not."""
        self.open.update((str(image.StudyInstanceUID), str(image.SOPInstanceUID)) for image in images)

    def _note(self, images, state):
        with self.lock:
            for image in images:
                key = str(image.StudyInstanceUID), str(image.SOPInstanceUID)
                self.history.setdefault(key, []).append((time.monotonic(), state(image)))

    def allowed(self, study, instance, start, end):
        """The patients under whom it might be shown at some time between."""
        with self.lock:
            history = self.history.get((study, instance), [])
        before = [state for at, state in history if at <= start][-1:]
        return {*before, *(state for at, state in history if start < at <= end)} - {None}

    def was_hidden(self, study, instance, before):
        """Whether it was ever to go, or came again under another patient."""
        with self.lock:
            states = [state for at, state in self.history.get((study, instance), []) if at <= before]
        return None in states or len(set(states)) > 1 or not states

    def now(self, study):
        """{instance: patient} of all that must be shown."""
        with self.lock:
            return {instance: history[-1][1] for (of, instance), history in self.history.items()
                    if of == study and history[-1][1]}


class PlatformModel:
    """Told of each document in order; `faults` says what was wrong after which.

    - Parameters:
      - removal: as the configuration has it; with "kos" only the reading that replaces is held to the truth, with
        "iocm" no manifest follows a note.
      - grace: how long after the PACS was answered a document may still say what was true before.
      - remembers: whether the gateway can know each answer that it got; not where its disk failed it then.
    """

    def __init__(self, truth, removal="iocm+kos", grace=0.5, remembers=True):
        self.remembers = remembers
        self.truth, self.grace = truth, grace
        self.readings = ("replacing",) if removal == "kos" else READINGS
        self.shown = {reading: {} for reading in READINGS}  # {(study, patient): {instance}}
        self.owed = {}  # {(study, patient): stored instances that no acknowledged note withdrew}
        self.sent = {}  # {(study, patient): instances of all manifests, taken or not}
        self.certain = {}  # {(study, patient): instances of the last manifest that was answered with success}
        self.contents, self.faults = {}, []
        self.lineages = {}  # {series of manifests: (study, patient, version, SOP Instance UID)}

    def receive(self, document):
        if self.contents.setdefault(document.uid, document.content) != document.content:
            self._fault(document, "other bytes under the same SOP Instance UID")
        if document.is_note:
            self._receive_note(document)
        else:
            self._receive_manifest(document)

    def _receive_note(self, document):
        key = document.study, document.patient
        for instance in document.references:
            if instance not in self.sent.get(key, set()):
                self._fault(document, f"withdraws {instance}, which was not published so")
            # What a manifest lists that was never answered may go as a whole, for the next one to be the first.
            is_live = not self.truth.was_hidden(document.study, instance, document.at)
            if is_live and instance in self.certain.get(key, set()):
                self._fault(document, f"withdraws {instance}, which is live")
        if document.is_stored:
            for shown in self.shown.values():
                shown[key] = shown.get(key, set()) - document.references
        if document.is_acknowledged:
            self.owed[key] = self.owed.get(key, set()) - document.references

    def _receive_manifest(self, document):
        key = document.study, document.patient
        for (study, patient), instances in self.owed.items():
            if study == document.study and patient != document.patient and instances:
                self._fault(document, f"comes before {len(instances)} were withdrawn from {patient[0]}")
        for instance in document.references:
            patients = self.truth.allowed(document.study, instance, document.at - self.grace, document.at)
            if document.patient not in patients:
                self._fault(document, f"shows {instance}, which is {patients or 'rejected'}")
        self.sent.setdefault(key, set()).update(document.references)
        if document.is_stored:
            self._follow(document)
            self.owed.setdefault(key, set()).update(document.references)
            self.shown["replacing"][key] = set(document.references)
            self.shown["adding"].setdefault(key, set()).update(document.references)
            self._look(document)
        if document.is_acknowledged and self.remembers:
            self.certain[key] = set(document.references)

    def _follow(self, document):
        """A series of manifests is of one patient, and its Instance Number grows with each new one that is taken."""
        new = (document.study, document.patient, document.version, document.uid)
        old = self.lineages.get(document.series, new)
        if old[:2] != new[:2]:
            self._fault(document, f"is in the series of manifests of {old[1][0]}")
        if old[3] != new[3] and old[2] >= new[2]:
            self._fault(document, f"has version {new[2]} after {old[2]}")
        self.lineages[document.series] = new

    def _look(self, document):
        """After a manifest nothing is shown that should not be."""
        for reading in self.readings:
            for (study, patient), instances in self.shown[reading].items():
                if study != document.study:
                    continue
                for instance in instances:
                    patients = self.truth.allowed(study, instance, document.at - self.grace, document.at)
                    if patient not in patients:
                        self._fault(document, f"leaves {instance} shown under {patient[0]} ({reading})")

    def _fault(self, document, what):
        self.faults.append(f"{document}: {what}")

    def differences(self, study):
        """How what is shown at the end differs from the truth."""
        truth, found = self.truth.now(study), []
        for reading in self.readings:
            shown = {(instance, patient) for (of, patient), instances in self.shown[reading].items()
                     if of == study for instance in instances if (study, instance) not in self.truth.open}
            expected = {(instance, patient) for instance, patient in truth.items()
                        if (study, instance) not in self.truth.open}
            found += [f"{reading}: {instance} of {patient[0]} is missing" for instance, patient in expected - shown]
            found += [f"{reading}: {instance} of {patient[0]} is shown" for instance, patient in shown - expected]
        return found
