"""Scenarios on a stage: one gateway, its platforms, and many scenarios at the same time, each with its own studies."""
import dataclasses
import json
import subprocess
import threading
import time

import manifests
from cases import case, listing
from gateway import BINARY, Gateway, wait_until
from pacs import (
    ACCESSION_ISSUER, ACCESSION_ISSUER_UID, ISSUER, ISSUER_UID, PACS, RETRIEVE_AE_TITLE, RETRIEVE_LOCATION_UID,
    Identity, examination, note)
from platform_model import PlatformModel, Truth

# More scenarios at the same time would keep a small machine from sending a study within its quiet period.
AT_ONCE = 16
POLICIES = ("quality", "patient_safety", "incorrect_worklist_entry", "retention_expired")
DEFAULTS = f"""
[gateway]
accept_any_calling_ae_title = true
[defaults]
retrieve_ae_title = "{RETRIEVE_AE_TITLE}"
retrieve_location_uid = "{RETRIEVE_LOCATION_UID}"
[defaults.issuer_of_patient_id]
namespace = "{ISSUER}"
universal_id = "{ISSUER_UID}"
[defaults.issuer_of_accession_number]
namespace = "{ACCESSION_ISSUER}"
universal_id = "{ACCESSION_ISSUER_UID}"
"""
MANIFEST = """
[manifest]
profile = "maincare"
removal = "{removal}"
[[manifest.recipient]]
name = "CHU"
kind = "organization"
identifier = "1250000000"
"""
PLATFORM = """
[[platform]]
name = "{name}"
host = "127.0.0.1"
port = {port}
ae_title = "{title}"
retry_delay = 0.5
retry_ceiling = 1
"""


def source(title, **settings):
    """A source for one AE title. `resend`: what holds for all four titles of a rejection note."""
    resend = settings.pop("resend", None)
    lines = ["[[source]]", f'name = "{title.lower()}"', f'ae_titles = ["{title}"]']
    lines += [f"{key} = {json.dumps(value)}" for key, value in settings.items()]
    if resend:
        lines += ["[source.resend_after_rejection]", *(f'{policy} = "{resend}"' for policy in POLICIES)]
    return "\n".join(lines) + "\n"


@dataclasses.dataclass(frozen=True)
class Expected:
    """One document that the platform must get."""

    study: str
    patient: str
    references: frozenset
    title: str | None  # of a rejection note; None: a manifest
    version: int | None  # None: any
    has_recipients: bool

    def __str__(self):
        kind = f"note {self.title}" if self.title else f"manifest {self.version or '?'}"
        tail = ", with recipients" if self.has_recipients else ""
        return f"{kind} of {sorted(uid[-8:] for uid in self.references)} for {self.patient}{tail}"

    def matches(self, other):
        return dataclasses.replace(self, version=other.version if self.version is None else self.version) == other


def withdrawal(images, title):
    return _expected(images, title, None, False)


def publication(images, version=None, is_first=False, has_recipients=None):
    """`is_first`: the first submission, or the first after a full withdrawal: only these name recipients."""
    return _expected(
        images, None, version, is_first or version == 1 if has_recipients is None else has_recipients)


def _expected(images, title, version, has_recipients):
    first = images[0]
    return Expected(
        str(first.StudyInstanceUID), first.PatientID, frozenset(str(image.SOPInstanceUID) for image in images), title,
        version, has_recipients)


def found(document):
    return Expected(
        document.study, document.patient[0], frozenset(document.references),
        document.title if document.is_note else None, None if document.is_note else document.version,
        document.has_recipients)


class Stage:
    """`with Stage(…) as stage:`; then `stage.play(…)` for each scenario and `stage.close()`."""

    def __init__(self, platform, name, removal="iocm+kos", sources="", quiet_period=2, others=(), settings="",
                 grace=0.5):
        """`others`: (name, port, AE title) of further platforms; `settings`: of [manifest]."""
        self.name, self.platform, self.quiet_period = name, platform, quiet_period
        self.truth, self.plays, self.threads = Truth(), [], []
        self.room = threading.Semaphore(AT_ONCE)
        self.model = PlatformModel(self.truth, removal, grace)
        places = [("recorder", platform.port, platform.title), *others]
        self.others = [title for _, _, title in others]
        configuration = DEFAULTS + sources + settings + MANIFEST.format(removal=removal) + "".join(
            PLATFORM.format(name=name, port=port, title=title) for name, port, title in places)
        self.gateway = Gateway(quiet_period=quiet_period, configuration=configuration, has_platform=True)

    def __enter__(self):
        self.gateway.__enter__()
        return self

    def __exit__(self, *failure):
        self.gateway.__exit__(*failure)

    def play(self, title, function, *arguments, source="PACS"):
        """Starts a scenario on a thread of its own."""
        play = Play(self, title, source, len(self.plays) + 1)
        self.plays.append(play)
        self.threads.append(threading.Thread(target=self._run, args=(play, function, arguments), daemon=True))
        self.threads[-1].start()

    def _run(self, play, function, arguments):
        try:
            with self.room:
                function(play, *arguments)
        except AssertionError as error:
            play.failure = str(error)
        except Exception as error:
            play.failure = repr(error)

    def close(self):
        """Waits for all scenarios, then until nothing more comes; a case for each, and three for all of them."""
        for thread in self.threads:
            thread.join(600)
        self.wait_for_silence()
        for document in self.platform.documents:
            self.model.receive(document)
        for play in self.plays:
            with case(f"{self.name}: {play.title}"):
                play.judge()
        with case(f"{self.name}: no document showed what was rejected, or one patient's instance to another"):
            assert self.platform.documents and not self.model.faults, listing(self.model.faults)
        with case(f"{self.name}: the gateway runs and ends when it is asked to"):
            assert self.gateway.process.poll() is None, self.gateway.said()[-3000:]
            assert self.gateway.stop() == 0, self.gateway.said()[-3000:]

    def wait_for_silence(self):
        """Until two quiet periods passed without a document."""
        span = 2 * self.quiet_period + 1
        while not self.platform.documents or time.monotonic() - self.platform.documents[-1].at < span:
            count = len(self.platform.documents)
            if not self.platform.wait(lambda: len(self.platform.documents) > count, span):
                return

    def wait_for_others(self, studies):
        """Until the further platforms have what the recording one has: what they have not got yet would collapse with
        what comes next."""
        def delivered(title):
            lines = self.gateway.said().splitlines()
            return sum(f"delivered to platform {title} at" in line and any(study in line for study in studies)
                       for line in lines)

        # What came, not what the gateway has said of it by now.
        count = len({document.uid for document in self.platform.of(*studies)})
        for title in self.others:
            wait_until(lambda: delivered(title) >= count)

    def validate(self, folder, excluded=()):
        """A case for dciodvfy, dsrdump and `kosgate check` on every document that came."""
        paths = {document.uid: document.save(folder) for document in self.platform.documents
                 if document.uid not in excluded}
        with case(f"{self.name}: {len(paths)} manifests and notes pass dciodvfy, dsrdump and kosgate check"):
            problems = manifests.all_faults(list(paths.values()), "maincare")
            assert paths and not problems, listing(f"{path}: {faults}" for path, faults in problems.items())

    def command(self, *arguments):
        """`kosgate …` to the running gateway."""
        run = subprocess.run(
            [BINARY, *arguments, "--data", self.gateway.data], capture_output=True, text=True, timeout=120)
        assert run.returncode == 0, f"kosgate {' '.join(arguments)}: {run.returncode} {run.stdout}{run.stderr}"
        return run.stdout


class Play:
    """One scenario: what the PACS does, what the platform must get for it."""

    def __init__(self, stage, title, source, number):
        self.stage, self.title, self.failure = stage, title, None
        self.is_free = False  # The scenario has looked at its documents itself.
        self.pacs = PACS(stage.gateway.port, source)
        self.patient = Identity(f"IPP{number:04}A", "EXEMPLE^ZOÉ", f"A{number:04}")
        self.other = Identity(f"IPP{number:04}B", "EXEMPLE^LÉA", f"A{number:04}")
        self.expected, self.studies, self.notes = [], set(), []

    def knows(self, *images):
        self.studies.update(str(image.StudyInstanceUID) for image in images)

    def stores(self, *images, hidden=False):
        """`hidden`: the gateway must not publish them for it."""
        self.knows(*images)
        if not hidden:
            self.stage.truth.shows(*images)
        self.pacs.deliver(*images)

    def rejects(self, images, title, then_live=()):
        """`then_live`: copies under the same UIDs that came before the note and that it does not mean."""
        self.knows(*images)
        self.notes.append(note(images, title))
        self.pacs.deliver(self.notes[-1])
        self.stage.truth.hides(*images)
        self.stage.truth.shows(*then_live)

    def publishes(self, series=(2, 1)):
        """A study, sent and published for the first time."""
        images = examination(self.patient, series)
        self.stores(*images)
        self.expects(publication(images, 1))
        return images

    def documents(self):
        return self.stage.platform.of(*self.studies)

    def expects(self, *documents, deadline=90):
        """Waits for these, after those expected before; in this order within each study."""
        self.expected += documents
        self.stage.platform.wait(lambda: len(self.documents()) >= len(self.expected), deadline)
        self.stage.wait_for_others(self.studies)
        self.compare()

    def expects_in_any_order(self, some, last):
        """As `expects`, where the order of all but the last does not matter."""
        self.stage.platform.wait(lambda: len(self.documents()) >= len(self.expected) + len(some) + 1)
        came = [found(document) for document in self.documents()[len(self.expected):]]
        self.expects(*sorted(some, key=lambda each: came.index(each) if each in came else 0), last)

    def compare(self):
        if self.is_free:
            return
        came = list(map(found, self.documents()))
        for study in self.studies:
            wanted = [document for document in self.expected if document.study == study]
            given = [document for document in came if document.study == study]
            fits = len(wanted) == len(given) and all(map(Expected.matches, wanted, given))
            assert fits, "\n        ".join(
                [f"study {study}", "expected:", *map(str, wanted), "came:", *map(str, given), *self.lines(study)])

    def lines(self, study):
        """What the gateway said of a study."""
        return ["it said:", *(line for line in self.stage.gateway.said().splitlines() if study in line)][-12:]

    def settled(self, study):
        """How often it settled."""
        return sum(f"study {study}" in line and "settled" in line for line in self.stage.gateway.said().splitlines())

    def waits_for(self, words, study):
        """A line of the log on this study with these words."""
        assert wait_until(lambda: any(words in line for line in self.lines(study))), "\n".join(
            [f"no line says `{words}`", *self.lines(study)])

    def releases(self, images):
        """The operator's release of what is quarantined in their study."""
        self.stage.truth.shows(*images)
        self.stage.command("release", str(images[0].StudyInstanceUID), "--why", "checked with the ward")

    def judge(self):
        assert self.failure is None, self.failure
        self.compare()
        for study in self.studies:
            differences = self.stage.model.differences(study)
            assert not differences, listing([*differences, *self.lines(study)])
