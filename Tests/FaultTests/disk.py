"""A full or broken disk at each step that needs it, one after the other: the gateway is never restarted, nothing that was
acknowledged is lost, and once there is room again all goes on by itself."""
import contextlib
import os
import tempfile
import time

import steps
from cases import case, listing
from destinations import RecordingDestination
from recording import RecordingPlatform

# The gateway looks at its disk every five seconds, while somebody wants to write: runs mostly wait.
AT_ONCE = 8


class DiskRun(steps.Run):
    """The history of `steps`, by a gateway that must live through it."""

    remembers = False

    def __init__(self, platform, destination, number, how, library, place):
        self.room, self.reached = (os.path.join(place, f"{name}-{how}-{number}") for name in ("room", "reached"))
        super().__init__(platform, destination=destination, environment={
            "LD_PRELOAD": library, "STEP_AT": str(number), "STEP_HOW": how, "STEP_ROOM": self.room,
            "STEP_REACHED": self.reached})
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


def play(problems, hits, number, how, library, place, has_images):
    """Whether it came to that step."""
    with contextlib.ExitStack() as stack:
        platform = stack.enter_context(RecordingPlatform())
        destination = stack.enter_context(RecordingDestination()) if has_images else None
        run = DiskRun(platform, destination, number, how, library, place)
        faults = run.judged()
    problems += [f"{how} at step {number}: {fault} ({run.gateway.folder})" for fault in faults]
    hits.append(run.hits)
    return os.path.exists(run.reached)


def run(stride=1, has_images=False):
    with tempfile.TemporaryDirectory(prefix="kosgate-disk-") as place:
        library = steps.library(place)
        for how, words in (("full", "the disk is full from there on, for a while"), ("error", "one step fails with EIO")):
            problems, hits = [], []
            start = time.monotonic()
            steps.numbered(
                AT_ONCE, stride, lambda number: play(problems, hits, number, how, library, place, has_images))
            with case(f"at each step towards the disk, {words}: nothing acknowledged is lost, in {len(hits)} runs"):
                assert sum(count > 0 for count in hits) >= 5, hits
                assert not problems, listing(problems)
            print(f"    noticed in {sum(count > 0 for count in hits)}; {time.monotonic() - start:.0f} s")
