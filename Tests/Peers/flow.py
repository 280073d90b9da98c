"""The C sender and receiver of `flow.c`, compiled once for a run."""
import json
import os
import shutil
import subprocess

from cases import listing
from gateway import wait_until
from peers import free_port, listens

ROOT = "2.25.306714022857264193840775216503984120687.97"


def compile_c(folder, source, name, *options):
    """The path of what became of a C file beside the caller's."""
    compiler = next(filter(None, map(shutil.which, ("cc", "clang", "gcc"))), None)
    path = os.path.join(folder, name)
    subprocess.run([compiler, "-O2", *options, "-o", path, source], check=True)
    return path


class Flow:
    def __init__(self, folder):
        source = os.path.join(os.path.dirname(os.path.abspath(__file__)), "flow.c")
        self.program = compile_c(folder, source, "flow", "-pthread")
        self.folder = folder

    def sender(self, port, called, *options, **process):
        command = [self.program, "send", "-c", called, *map(str, options), str(port)]
        return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, **process)

    def send(self, port, called, *options):
        """What it says in the end; every instance must be acknowledged."""
        sender = self.sender(port, called, *options)
        said = json.loads(sender.communicate()[0])
        assert said["failed"] == 0 and sender.returncode == 0, said
        return said


class Sink:
    """`with` or `start`: takes all that comes; `log` says what did. With the option `-n` it tells times, to be read."""

    def __init__(self, flow, *options, log=None, title="SINK"):
        self.flow, self.options, self.log, self.title = flow, options, log, title
        self.port, self.process = free_port(), None

    def start(self):
        options = [*self.options, *(["-l", self.log] if self.log else [])]
        # A pipe that nobody reads is full after some thousand instances, and then it takes no more.
        said = subprocess.PIPE if "-n" in options else subprocess.DEVNULL
        self.process = subprocess.Popen(
            [self.flow.program, "sink", *map(str, options), str(self.port)], stdout=said, text=True)
        assert wait_until(lambda: listens(self.port)), "the sink does not start"

    def stop(self):
        if self.process:
            self.process.kill()
            self.process.wait()

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.stop()


def lines(log):
    """What a log says; a line that a kill cut is none."""
    if not os.path.exists(log):
        return []
    with open(log) as file:
        return [line for line in file.read().splitlines() if len(line.split()) == 3 and len(line.split()[2]) == 16]


def lost(sent, arrived):
    """Lines of the first log that the second has not; none, and nothing else, is what should be."""
    wanted, given = set(lines(sent)), set(lines(arrived))
    return [f"missing: {line}" for line in wanted - given] + [f"not sent so: {line}" for line in given - wanted]


def assert_same(sent, arrived):
    problems = lost(sent, arrived)
    assert not problems, listing(problems)
