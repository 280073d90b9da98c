"""The unit files, judged by systemd without running them."""
import glob
import os
import shutil
import subprocess
import tempfile

from cases import case
from gateway import BINARY

config = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "config", "systemd")
# Tenths.
EXPOSURE = 12


def analyze(*arguments):
    return subprocess.run(
        ["systemd-analyze", *arguments], capture_output=True, text=True, env={**os.environ, "SYSTEMD_PAGER": "cat"})


def run():
    with case("no unit has a line that systemd does not know"):
        with tempfile.TemporaryDirectory(prefix="kosgate-test-") as folder:
            for unit in glob.glob(os.path.join(config, "kosgate*.*")):
                (shutil.copytree if os.path.isdir(unit) else shutil.copy)(
                    unit, os.path.join(folder, os.path.basename(unit)))
            with open(os.path.join(folder, "kosgate.service")) as file:
                text = file.read().replace("/usr/bin/kosgate", BINARY)
            with open(os.path.join(folder, "kosgate.service"), "w") as file:
                file.write(text)
            os.rename(os.path.join(folder, "kosgate-failure@.service"), os.path.join(folder, "kosgate-failure@x.service"))
            for unit in sorted(glob.glob(os.path.join(folder, "*.*"))):
                if os.path.isfile(unit):
                    found = analyze("verify", "--man=no", "--recursive-errors=no", unit)
                    assert found.returncode == 0 and not found.stderr.strip(), f"{unit}: {found.stderr}"

    with case("the service's exposure is 1.2 at most"):
        service = os.path.join(config, "kosgate.service")
        found = analyze("security", "--offline=true", f"--threshold={EXPOSURE}", service)
        assert found.returncode == 0, found.stdout[-3000:]
        print(f"        {found.stdout.strip().splitlines()[-1].strip()}")
        # A threshold that nothing misses shows nothing.
        assert analyze("security", "--offline=true", f"--threshold={EXPOSURE - 1}", service).returncode != 0

    with case("each role has one socket unit, whose name the gateway knows"):
        for unit in glob.glob(os.path.join(config, "*.socket")):
            with open(unit) as file:
                lines = file.read().splitlines()
            names = [line.split("=")[1] for line in lines if line.startswith("FileDescriptorName=")]
            assert len(names) == 1 and names[0] in ("dicom", "dicom-tls", "status", "web"), f"{unit}: {names}"
