"""The gateway under test, as a process: started in a folder of its own, watched, stopped or killed."""
import os
import signal
import socket
import subprocess
import tempfile
import time

import cases
from peers import free_port

# Seconds for what must come in the end. A slow or busy machine must not fail for it, so it is long.
PATIENCE = 90
BINARY = os.environ.get("KOSGATE_BINARY", "kosgate")


class Gateway:
    """`with Gateway(…) as gateway:` stops it at the end; its folder stays when a case in the block failed."""

    def __init__(self, *arguments, quiet_period=2, configuration=None, has_platform=False):
        """`has_platform`: the configuration says where manifests go, else they go to a folder."""
        self.folder = tempfile.mkdtemp(prefix="kosgate-test-")
        self.data = os.path.join(self.folder, "data")
        self.manifests = os.path.join(self.folder, "manifests")
        self.has_platform = has_platform
        self.log = os.path.join(self.folder, "log")
        self.port = free_port()
        self.arguments = ["--quiet-period", str(quiet_period), *arguments]
        self.configuration = configuration
        if configuration:
            path = os.path.join(self.folder, "kosgate.toml")
            with open(path, "w") as file:
                file.write(configuration)
            self.arguments = ["--config", path, *self.arguments]
        self.process = None
        self.environment = None  # Variables beside our own.
        self.prefix = []  # The command that runs it, if any.

    def start(self, deadline=PATIENCE):
        """Starts it and returns the seconds until it listened."""
        # Looked up now: who made it may have moved its folders.
        place = [] if self.has_platform else ["--manifests", self.manifests]
        command = [
            *self.prefix, BINARY, "run", "--data", self.data, *place, "--port", str(self.port), *self.arguments]
        start = time.monotonic()
        with open(self.log, "ab") as log:
            environment = {**os.environ, **(self.environment or {})}
            self.process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=environment)
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return time.monotonic() - start
            except OSError:
                if self.process.poll() is not None:
                    raise RuntimeError(f"the gateway ended with {self.process.returncode}: {self.said()[-2000:]}")
                if time.monotonic() - start > deadline:
                    self.process.kill()
                    raise RuntimeError(f"the gateway did not listen within {deadline} s: {self.said()[-2000:]}")
                time.sleep(0.005)

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self):
        """Asks it to end; returns its exit status, or None when it had to be killed."""
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                self.kill()
                return None
        return self.process.returncode

    def said(self):
        with open(self.log, errors="replace") as file:
            return file.read()

    def manifest_files(self):
        if not os.path.isdir(self.manifests):
            return []
        return sorted(
            os.path.join(folder, name) for folder, _, names in os.walk(self.manifests)
            for name in names if name.endswith(".dcm"))

    def __enter__(self):
        self.failures = len(cases.failed)
        self.start()
        return self

    def __exit__(self, failure, *_):
        self.stop()
        if failure is None and len(cases.failed) == self.failures:
            subprocess.run(["rm", "-rf", self.folder])
        else:
            print(f"    left for inspection: {self.folder}")


def wait_until(fact, deadline=PATIENCE):
    """Whether `fact()` became true within so many seconds."""
    end = time.monotonic() + deadline
    while not fact():
        if time.monotonic() > end:
            return False
        time.sleep(0.1)
    return True
