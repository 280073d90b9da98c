"""What systemd does, done by hand: sockets that it opens, words that it is told, a watchdog that wants to be told."""
import fcntl
import os
import select
import socket
import subprocess
import tempfile
import time

import cases
from gateway import BINARY, PATIENCE
from peers import free_port


class Supervised:
    """The gateway with a notification socket of ours, and with `sockets` handed over as they are."""

    def __init__(self, *arguments, sockets=(), watchdog=None, environment=None, configuration=None):
        self.folder = tempfile.mkdtemp(prefix="kosgate-test-")
        self.data = os.path.join(self.folder, "data")
        self.log = os.path.join(self.folder, "log")
        self.heard = []
        self.notify = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        path = os.path.join(self.folder, "notify")
        self.notify.bind(path)
        self.port = free_port()
        place = ["--port", str(self.port)]
        if configuration:
            name = os.path.join(self.folder, "kosgate.toml")
            with open(name, "w") as file:
                file.write(configuration)
            place += ["--config", name]
        variables = {
            **os.environ, "NOTIFY_SOCKET": path, "HANG_NOW": os.path.join(self.folder, "hang"), **(environment or {})}
        # The variables name the process itself: a shell knows its own number.
        said = ""
        if watchdog:
            variables["WATCHDOG_USEC"] = str(int(watchdog * 1e6))
            said += "export WATCHDOG_PID=$$; "
        if sockets:
            variables["LISTEN_FDS"] = str(len(sockets))
            variables["LISTEN_FDNAMES"] = ":".join(name for name, _ in sockets)
            said += "export LISTEN_PID=$$; "
        # Descriptors 3 and up, in this order; from far above, so that none is in the way of another.
        high = [fcntl.fcntl(each, fcntl.F_DUPFD, 100) for _, each in sockets]
        moves = " ".join(f"{3 + place}<&{each} {each}<&-" for place, each in enumerate(high))
        command = f'{said}exec "$@" {moves}'
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                ["bash", "-c", command, "bash", BINARY, "run", "--data", self.data, "--quiet-period", "1", *place,
                 *arguments],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=variables,
                pass_fds=high)
        for each in high:
            os.close(each)

    def listen(self, seconds):
        """Hears what is said for so long at most; returns it as soon as there is something, else nothing."""
        ready, _, _ = select.select([self.notify], [], [], max(0, seconds))
        if not ready:
            return None
        word = self.notify.recv(4096).decode()
        self.heard.append((time.monotonic(), word))
        return word

    def hears(self, start, within=PATIENCE):
        """The next word that begins so; None: it did not come."""
        end = time.monotonic() + within
        while (left := end - time.monotonic()) > 0:
            word = self.listen(left)
            if word and word.startswith(start):
                return word
        return None

    def words(self):
        while self.listen(0):
            pass
        return [word for _, word in self.heard]

    def said(self):
        with open(self.log, errors="replace") as file:
            return file.read()

    def __enter__(self):
        self.failures = len(cases.failed)
        return self

    def __exit__(self, failure, *_):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self.notify.close()
        if failure is None:
            subprocess.run(["rm", "-rf", self.folder])
        else:
            print(f"    left for inspection: {self.folder}")


def listening(address="127.0.0.1", port=0):
    each = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    each.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    each.bind((address, port))
    each.listen(128)
    return each
