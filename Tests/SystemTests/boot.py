"""A Debian tree with the gateway installed as a service, booted by systemd in a container; `guest` tests it from inside."""
import glob
import os
import re
import shutil
import subprocess
import tempfile

import cases
import manifests
import pacs
from cases import case, listing
from gateway import BINARY

here = os.path.dirname(os.path.abspath(__file__))
root = os.path.join(here, "..", "..")
cache = os.path.join(os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache"), "kosgate")
# Seconds for the whole boot with its cases.
LIMIT = 540
# Of control groups: version 1 with systemd's own, or version 2.
HIERARCHIES = ["/sys/fs/cgroup/systemd", "/sys/fs/cgroup/unified", "/sys/fs/cgroup"]
OPTIONS = ["--register=no", "--keep-unit", "--private-network", "--console=read-only"]
CONFIGURATION = """# For the test of the service.
[gateway]
data = "/var/lib/kosgate"
accept_any_calling_ae_title = true

[manifest]
profile = "xds-i"

[defaults]
# Longer than it takes until the status line is written anew.
quiet_period = 15
"""
UNIT = """[Unit]
Description=The cases of the test
After=multi-user.target
SuccessAction=exit
FailureAction=exit
[Service]
Type=oneshot
ExecStart=/usr/local/bin/guest
TimeoutStartSec=500
"""


def obstacle():
    """Why no system can be booted here; None: it can be tried."""
    if os.geteuid() != 0:
        return "only root can boot a container"
    for program in ("systemd-nspawn", "mmdebstrap"):
        if not shutil.which(program):
            return f"{program} is not installed"
    return None


class Tree:
    """The cached tree with what is changed on top of it, in a folder that is thrown away."""

    def __init__(self):
        self.place = tempfile.mkdtemp(prefix="kosgate-system-")
        self.base = os.path.join(cache, "rootfs")
        self.path = os.path.join(self.place, "root")
        self.is_mounted = False

    def __enter__(self):
        upper, work = (os.path.join(self.place, name) for name in ("upper", "work"))
        for folder in (self.path, upper, work):
            os.mkdir(folder)
        options = f"lowerdir={self.base},upperdir={upper},workdir={work}"
        mounted = subprocess.run(["mount", "-t", "overlay", "kosgate-test", "-o", options, self.path],
                                 capture_output=True)
        self.is_mounted = mounted.returncode == 0
        if not self.is_mounted:
            os.rmdir(self.path)
            subprocess.run(["cp", "-a", self.base, self.path], check=True)
        return self

    def __exit__(self, *_):
        if self.is_mounted:
            subprocess.run(["umount", "-R", "-l", self.path], check=False)
        subprocess.run(["rm", "-rf", self.place], check=False)

    def write(self, path, text):
        full = os.path.join(self.path, path)
        os.makedirs(os.path.dirname(full), exist_ok=True)
        with open(full, "w") as file:
            file.write(text)

    def read(self, path):
        try:
            with open(os.path.join(self.path, path), errors="replace") as file:
                return file.read()
        except OSError:
            return ""

    def install(self):
        """As a package would."""
        units = os.path.join(self.path, "usr/lib/systemd/system")
        config = os.path.join(root, "config/systemd")
        subprocess.run(["install", "-s", "-m755", BINARY, os.path.join(self.path, "usr/bin/kosgate")], check=True)
        for unit in glob.glob(os.path.join(config, "kosgate*.*")):
            (shutil.copytree if os.path.isdir(unit) else shutil.copy)(unit, os.path.join(units, os.path.basename(unit)))
        for folder, place in (("sysusers.d", "usr/lib/sysusers.d"), ("journald.conf.d", "etc/systemd/journald.conf.d")):
            shutil.copytree(os.path.join(config, folder), os.path.join(self.path, place), dirs_exist_ok=True)
        self.write("etc/kosgate/kosgate.toml", CONFIGURATION)
        shutil.copy(os.path.join(here, "guest"), os.path.join(self.path, "usr/local/bin/guest"))
        self.write("etc/systemd/system/guest.service", UNIT)
        wants = os.path.join(self.path, "etc/systemd/system")
        for target, unit in (("multi-user", "/etc/systemd/system/guest.service"),
                             ("sockets", "/usr/lib/systemd/system/kosgate.socket")):
            os.makedirs(os.path.join(wants, f"{target}.target.wants"), exist_ok=True)
            os.symlink(unit, os.path.join(wants, f"{target}.target.wants", os.path.basename(unit)))
        # A machine of its own, with a journal that stays.
        self.write("etc/machine-id", "")
        os.makedirs(os.path.join(self.path, "var/log/journal"), exist_ok=True)

    def fill(self):
        """Forty studies of ten images; returns each file's SOP Instance UID."""
        found = {}
        for study in range(40):
            images = pacs.examination(pacs.Identity(f"TEST{study}", f"Test^{study}"), series=(6, 4))
            folder = os.path.join(self.path, "srv/load", str(study))
            os.makedirs(folder)
            for number, image in enumerate(images):
                path = f"/srv/load/{study}/{number:02}.dcm"
                image.save_as(self.path + path, enforce_file_format=True)
                found[path] = image.SOPInstanceUID
        return found

    def nspawn(self, *more, limit):
        """In a control group of its own: systemd takes the one it is in for its root."""
        groups = [os.path.join(hierarchy, f"kosgate-test-{os.getpid()}") for hierarchy in HIERARCHIES
                  if os.path.exists(os.path.join(hierarchy, "cgroup.procs"))]
        for group in groups:
            os.makedirs(group, exist_ok=True)
        joins = "".join(f"echo $$ >{group}/cgroup.procs || true; " for group in groups)
        try:
            return subprocess.run(
                ["timeout", "-k", "10", str(limit), "bash", "-c", joins + 'exec systemd-nspawn "$@"', "bash", "-q", "-D",
                 self.path, *OPTIONS, *more],
                stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace")
        finally:
            for group in groups:
                subprocess.run(["find", group, "-depth", "-type", "d", "-exec", "rmdir", "{}", ";"], capture_output=True)


def acknowledged(tree, pattern):
    """Paths of the files that storescu was told are stored."""
    found, sent = set(), None
    for log in glob.glob(os.path.join(tree.path, pattern)):
        with open(log, errors="replace") as lines:
            for line in lines:
                if match := re.search(r"Sending file: (\S+)", line):
                    sent = match[1]
                elif "Received Store Response (Success)" in line and sent:
                    found.add(sent)
                    sent = None
    return found


def show(tree, booted):
    for line in tree.read("results").splitlines():
        if line.startswith("figure "):
            print(f"        {line[7:]}")
    failed = [line for line in tree.read("results").splitlines() if line.startswith("FAILED ")]
    if failed or not tree.read("results").endswith("done\n"):
        print(f"{booted.stdout[-2000:]}{booted.stderr[-2000:]}{tree.read('guest.log')[-3000:]}{tree.read('journal.txt')[-6000:]}")


def run():
    reason = obstacle()
    if reason is None:
        subprocess.run([os.path.join(here, "rootfs"), os.path.join(cache, "rootfs")], check=True)
        with Tree() as tree:
            tried = tree.nspawn("/bin/true", limit=60)
            if tried.returncode != 0:
                reason = f"systemd-nspawn cannot run here: {(tried.stderr or tried.stdout).strip()[-400:]}"
    if reason:
        return cases.skip("the service in a booted system", reason)
    with Tree() as tree:
        tree.install()
        files = tree.fill()
        booted = tree.nspawn("--boot", limit=LIMIT)
        show(tree, booted)
        for line in tree.read("results").splitlines():
            word, _, rest = line.partition(" ")
            if word in ("passed", "FAILED"):
                with case(rest.partition(":")[0]):
                    assert word == "passed", rest
        with case("every case inside was reached"):
            assert tree.read("results").endswith("done\n"), f"systemd-nspawn ended with {booted.returncode}"
        with case("what was acknowledged is in a manifest, whatever killed or restarted the gateway"):
            paths = glob.glob(os.path.join(tree.path, "var/lib/kosgate/manifests/**/*.dcm"), recursive=True)
            listed = set().union(*(manifest.instances for manifest in manifests.latest(paths).values()))
            for pattern in ("acknowledged-hung-*", "acknowledged-restarts-*"):
                sent = acknowledged(tree, pattern)
                assert len(sent) >= 10, f"only {len(sent)} were sent: {pattern}"
                lost = sorted(path for path in sent if files[path] not in listed)
                assert not lost, listing(lost)
