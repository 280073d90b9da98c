"""A full or broken disk at each step that needs it, one after the other: the gateway is never restarted, nothing that was
acknowledged is lost, and once there is room again all goes on by itself."""
import os
import tempfile
import time

import steps
from cases import case, listing
from destinations import RecordingDestination
from recording import RecordingPlatform

class DiskRun(steps.Run):
    """The history of `steps`, by a gateway that must live through it."""

    remembers = False

    def __init__(self, platform, destination, number, how, under, library, place):
        """`under`: the steps of which folder count."""
        self.room, self.reached = (
            os.path.join(place, f"{name}-{how}-{len(under)}-{number}") for name in ("room", "reached"))
        super().__init__(platform, destination, environment={
            "LD_PRELOAD": library, "STEP_AT": str(number), "STEP_HOW": how, "STEP_ROOM": self.room,
            "STEP_REACHED": self.reached})
        self.gateway.environment["STEP_UNDER"] = os.path.join(self.gateway.data, under)
        self.hits = 0

    def lives(self):
        assert time.monotonic() < self.end, f"not done within {steps.DEADLINE} s: {self.said()}"
        if self.gateway.process is None:
            # On a full disk it may refuse to start, and says so.
            try:
                self.gateway.start()
            except RuntimeError:
                self.hit()
                self.gateway.environment = None
                self.gateway.start()
            self.started = time.monotonic()
        assert self.gateway.process.poll() is None, f"it ended with {self.gateway.process.returncode}: {self.said()}"

    def hit(self):
        """The disk let it down: there is room again from now on."""
        self.hits += 1
        open(self.room, "w").close()

    def send(self, *objects):
        for each in objects:
            while self.pacs.send(each) != [0]:
                self.hit()
                self.lives()
                time.sleep(0.3)

    def wait(self, fact):
        """What is behind an acknowledgement may meet the full disk too: room comes after a while."""
        start = time.monotonic()
        while not self.platform.wait(fact, 0.1):
            self.lives()
            if time.monotonic() - start > 2:
                self.hit()


def play(problems, hits, number, how, under, library, place):
    """Whether it came to that step."""
    with RecordingPlatform() as platform, RecordingDestination(contexts=steps.CONTEXTS) as destination:
        run = DiskRun(platform, destination, number, how, under, library, place)
        faults = run.judged()
    problems += [f"{how} at step {number} under {under}: {fault} ({run.gateway.folder})" for fault in faults]
    hits.append(run.hits)
    return os.path.exists(run.reached)


def enumerate_steps(words, how, under, stride, library, place):
    problems, hits = [], []
    start = time.monotonic()
    steps.numbered(stride, lambda number: play(problems, hits, number, how, under, library, place))
    with case(f"{words}: nothing acknowledged is lost, in {len(hits)} runs"):
        assert sum(count > 0 for count in hits) >= 5, hits
        assert not problems, listing(problems)
    print(f"    noticed in {sum(count > 0 for count in hits)}; {time.monotonic() - start:.0f} s")


def run(stride):
    with tempfile.TemporaryDirectory(prefix="kosgate-disk-") as place:
        library = steps.library(place)
        for how, words in (("full", "the disk is full from there on, for a while"), ("error", "one step fails with EIO")):
            enumerate_steps(f"at each step of an image's file, {words}", how, "spool/images", 1, library, place)
            each = "each" if stride == 1 else f"one in {stride}"
            enumerate_steps(f"at {each} of all steps towards the disk, {words}", how, "", stride, library, place)
