"""kill -9 at every point between two durable steps, one after the other: what was acknowledged holds, the platform's
copy becomes the truth, and no state on the way shows what was rejected.

A point is before the first write of a transaction or before its sync (`steps.c` counts them), or one of five moments of
a delivery as the platform sees it.
"""
import concurrent.futures
import itertools
import json
import os
import shutil
import signal
import tempfile
import threading
import time

from pydicom.uid import CTImageStorage, ExplicitVRLittleEndian
from pynetdicom.sop_class import KeyObjectSelectionDocumentStorage

from cases import case, listing
from destinations import RecordingDestination
from flow import compile_c
from image_gateway import ForwardingGateway, destination as table
from pacs import PACS, QUALITY, Identity, examination, image, note
from platform_model import PlatformModel, Truth
from recording import RecordingPlatform
from stage import DEFAULTS, MANIFEST, PLATFORM

QUIET_PERIOD = 0.3
SILENCE = 0.8
DEADLINE = 180
# Runs mostly wait.
AT_ONCE = 8
# What the history sends on: a destination that knows more takes longer to start than the history takes.
CONTEXTS = {uid: [ExplicitVRLittleEndian] for uid in (CTImageStorage, KeyObjectSelectionDocumentStorage)}


class Run:
    """The history once: objects, a manifest, a note and a new object, a note and the next manifest; one kill in it.

    `destination`: a recording one, which gets the images.
    """

    remembers = True

    def __init__(self, platform, destination, environment=None, moment=None):
        self.platform, self.truth, self.kills, self.destination = platform, Truth(), 0, destination
        platform.moment = self.count
        self.moment, self.moments = moment, itertools.count(1)
        self.end = time.monotonic() + DEADLINE
        configuration = DEFAULTS + MANIFEST.format(removal="iocm+kos") + PLATFORM.format(
            name="recorder", port=platform.port, title=platform.title).replace("delay = 0.5", "delay = 0.2")
        configuration += table(destination)
        self.gateway = ForwardingGateway(quiet_period=QUIET_PERIOD, configuration=configuration, has_platform=True)
        self.gateway.environment = environment and {"STEP_UNDER": self.gateway.data, **environment}
        self.started = 0
        self.pacs = PACS(self.gateway.port)

    def count(self, name):
        """The platform's moments; at the chosen one the gateway dies."""
        if next(self.moments) == self.moment:
            os.kill(self.gateway.process.pid, signal.SIGKILL)

    def lives(self):
        """Starts it again where it was killed; it must not end by itself."""
        assert time.monotonic() < self.end, f"not done within {DEADLINE} s: {self.said()}"
        process = self.gateway.process
        if process and process.poll() is None:
            return
        try:
            if process:
                assert process.returncode == -signal.SIGKILL, f"it ended with {process.returncode}: {self.said()}"
                self.kills += 1
                self.gateway.environment = None
            self.gateway.start()
        except RuntimeError:
            return self.lives()
        self.started = time.monotonic()

    def said(self):
        return "\n".join([*map(str, self.platform.documents), self.gateway.said()[-3000:]])

    def send(self, *objects):
        """Each until it is acknowledged."""
        for each in objects:
            while self.pacs.send(each) != [0]:
                self.lives()

    def wait(self, fact):
        while not self.platform.wait(fact, 0.1):
            self.lives()

    def shows(self, images):
        uids = {str(image.SOPInstanceUID) for image in images}
        return any(not document.is_note and document.references == uids and document.is_acknowledged
                   for document in self.platform.documents)

    def is_silent(self):
        last = max([self.started, *(document.at for document in self.platform.documents)])
        return time.monotonic() - last > SILENCE

    def play(self):
        """Returns what was wrong, a sentence each."""
        self.lives()
        images = examination(Identity("IPP1", "EXEMPLE^ZOÉ"), (2, 1))
        first, rest = images[0], images[1:]
        self.truth.shows(*images)
        self.send(*images)
        self.wait(lambda: self.shows(images))
        rest.append(image(Identity("IPP1", "EXEMPLE^ZOÉ"), first.StudyInstanceUID, first.SeriesInstanceUID, 9))
        self.send(note([first], QUALITY))
        self.truth.hides(first)
        self.truth.shows(rest[-1])
        self.send(rest[-1])
        self.wait(lambda: self.shows(rest))
        self.wait(lambda: self.is_silent() and self.is_at_rest(rest))
        self.dead = json.loads(self.gateway.letters())
        self.stop()
        return self.faults(first.StudyInstanceUID) + self.image_faults(first, rest)

    def is_at_rest(self, rest):
        return self.destination.has(*rest) and not self.gateway.image_files()

    def image_faults(self, first, rest):
        """The destination has what is live, unchanged, and after the note nothing that it rejects."""
        came = self.destination.of()
        faults = [f"{each.SOPInstanceUID} came as {len(contents)} different ones" for each in (first, *rest)
                  if len(contents := {received.digest for received in self.destination.of(each)}) > 1]
        notes = [number for number, each in enumerate(came) if each.is_note]
        places = [number for number, each in enumerate(came) if each.instance == first.SOPInstanceUID]
        if places and not notes:
            faults.append("what was rejected stayed there: no note came")
        if places and notes and places[-1] > notes[0]:
            faults.append("what was rejected came after the note")
        faults += [f"dead letter: {letter}" for kind in ("dead_letters", "dead_images") for letter in self.dead[kind]]
        return faults + [f"image file left: {name}" for name in self.gateway.image_files()]

    def stop(self):
        """A kill may still come while it closes its files: then it must start once more, and find nothing to do."""
        self.gateway.stop()
        if self.gateway.process.returncode != 0:
            self.lives()
            while not self.is_silent():
                time.sleep(0.05)
            self.gateway.stop()

    def judged(self):
        """What was wrong; nothing of the gateway is left unless something was."""
        try:
            faults = self.play()
        except (AssertionError, RuntimeError) as error:
            faults = [str(error)]
        if self.gateway.process and self.gateway.process.poll() is None:
            self.gateway.kill()
        if not faults:
            shutil.rmtree(self.gateway.folder)
        return faults

    def faults(self, study):
        model = PlatformModel(self.truth, remembers=self.remembers)
        for document in self.platform.documents:
            model.receive(document)
        return model.faults + model.differences(study)


def play(problems, kills, **options):
    """Whether the run was killed."""
    with RecordingPlatform() as platform, RecordingDestination(contexts=CONTEXTS) as destination:
        run = Run(platform, destination, **options)
        faults = run.judged()
    place = {name: value for name, value in options.items() if name == "moment"} or options["environment"]["STEP_AT"]
    problems += [f"{place}: {fault} ({run.gateway.folder})" for fault in faults]
    kills.append(run.kills)
    return run.kills > 0


def enumerate_points(title, options):
    """Runs for 1, 2, 3 …, until one ends without a kill. `options(number)`: of that run."""
    problems, kills = [], []
    start = time.monotonic()
    numbered(1, lambda number: play(problems, kills, **options(number)))
    with case(f"{title}: {sum(count > 0 for count in kills)} kills in {len(kills)} runs, each ended in the truth"):
        assert sum(kills) >= 10, f"only {sum(kills)} kills"
        assert not problems, listing(problems)
    print(f"    {time.monotonic() - start:.0f} s")


def numbered(stride, function):
    """Calls it for 1, 1 + stride …, several at a time, until it says that a number was too large."""
    numbers, is_done = itertools.count(1, stride), threading.Event()

    def work():
        while not is_done.is_set():
            if not function(next(numbers)):
                is_done.set()

    with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
        for worker in [pool.submit(work) for _ in range(AT_ONCE)]:
            worker.result()


def library(folder):
    """`steps.c`, compiled to be preloaded."""
    source = os.path.join(os.path.dirname(os.path.abspath(__file__)), "steps.c")
    return compile_c(folder, source, "steps.so", "-shared", "-fPIC", "-ldl")


def run():
    with tempfile.TemporaryDirectory(prefix="kosgate-steps-") as folder:
        path = library(folder)
        enumerate_points("kill -9 at each point between two durable steps", lambda number: {
            "environment": {"LD_PRELOAD": path, "STEP_AT": str(number), "STEP_HOW": "kill"}})
    enumerate_points("kill -9 at each moment of each delivery", lambda number: {"moment": number})
