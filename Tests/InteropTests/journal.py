"""The journal, by a journald of our own in a mount namespace: fields, and the catalog in both languages."""
import json
import os
import shutil
import subprocess
import tempfile

from cases import case, is_wanted, skip
from gateway import BINARY
from peers import free_port

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
JOURNALD = "/lib/systemd/systemd-journald"
NAME = "every event is in the journal with its fields, and explained in English and in French"

# What it writes lies in $1; $2 is the gateway, $3 its port, $4 the catalogs.
SCRIPT = r"""
set -e
place=$1 gateway=$2 port=$3
mount --make-rprivate /
mount -t tmpfs tmpfs /run
mkdir -p /run/systemd/journal/ /run/systemd/journald.conf.d /run/log/journal /run/udev /run/catalog /run/locale
printf '[Journal]\nStorage=volatile\nReadKMsg=no\nRateLimitIntervalSec=0\n' >/run/systemd/journald.conf.d/test.conf
head -c16 /dev/urandom | od -An -tx1 | tr -d ' \n' >/run/machine-id
[ -e /etc/machine-id ] || : >/etc/machine-id
mount --bind /run/machine-id /etc/machine-id
mkdir -p /var/lib/systemd
mount -t tmpfs tmpfs /var/lib/systemd
mkdir /var/lib/systemd/catalog
cp /usr/lib/systemd/catalog/systemd.catalog "$4"/*.catalog /run/catalog
mount --bind /run/catalog /usr/lib/systemd/catalog
journalctl --update-catalog
localedef -i fr_FR -f UTF-8 /run/locale/fr_FR.UTF-8 2>/dev/null || true
/lib/systemd/systemd-journald 2>/dev/null &
journald=$!
trap 'kill $journald' EXIT
for _ in $(seq 200); do [ -S /run/systemd/journal/socket ] && break; sleep 0.05; done
"$gateway" run --log journal --data "$place/data" --manifests "$place/manifests" --port "$port" 2>"$place/stderr" &
process=$!
for _ in $(seq 600); do
    echoscu -aec WRONG 127.0.0.1 "$port" 2>&1 | grep -q 'Association Rejected' && break
    kill -0 $process
    sleep 0.1
done
kill $process
wait $process
kill -RTMIN+1 $journald
for _ in $(seq 200); do
    journalctl -D /run/log/journal -q -o json SYSLOG_IDENTIFIER=kosgate >"$place/json"
    grep -q '"stopped"' "$place/json" && break
    sleep 0.05
done
read='journalctl -D /run/log/journal -x --no-pager KOSGATE_EVENT=association-refused'
LC_ALL=C.UTF-8 $read >"$place/english"
LOCPATH=/run/locale LC_ALL=fr_FR.UTF-8 $read >"$place/french"
[ -d /run/locale/fr_FR.UTF-8 ] && touch "$place/speaks-french" || true
"""


def run():
    if not is_wanted(NAME):
        return
    needed = [JOURNALD, *map(lambda name: shutil.which(name) or name, ["unshare", "journalctl", "echoscu"])]
    missing = [path for path in needed if not os.access(path, os.X_OK)]
    if os.geteuid() != 0 or missing:
        return skip(NAME, f"needs root and {', '.join(missing) or 'nothing else'}")
    if subprocess.run(["unshare", "-m", "true"], capture_output=True).returncode:
        return skip(NAME, "no mount namespace may be made here")
    with case(NAME), tempfile.TemporaryDirectory() as place:
        catalogs = os.path.join(ROOT, "config", "systemd", "catalog")
        done = subprocess.run(
            ["unshare", "-m", "bash", "-c", SCRIPT, "journal", place, shutil.which(BINARY) or BINARY,
             str(free_port()), catalogs],
            capture_output=True, text=True, timeout=180)
        assert done.returncode == 0, done.stdout + done.stderr
        said = {name: read(place, name) for name in ("json", "english", "french", "stderr")}
        events = [json.loads(line) for line in said["json"].splitlines()]
        kinds = [event["KOSGATE_EVENT"] for event in events]
        assert kinds[-2:] == ["stopping", "stopped"] and "started" in kinds, kinds
        assert not said["stderr"], said["stderr"]
        refused = next(event for event in events if event["KOSGATE_EVENT"] == "association-refused")
        assert refused["DICOM_CALLED_AE_TITLE"] == "WRONG", refused
        assert refused["KOSGATE_PEER_ADDRESS"] == "127.0.0.1" and refused["PRIORITY"] == "4", refused
        assert "An association was refused" in said["english"], said["english"]
        assert "127.0.0.1 asked for one and was refused" in said["english"], said["english"]
        assert "@KOSGATE" not in said["english"] + said["french"], said
        if os.path.exists(os.path.join(place, "speaks-french")):
            assert "Association refusée" in said["french"], said["french"]
        else:
            skip(NAME + ": French", "needs the package locales")


def read(place, name):
    with open(os.path.join(place, name), errors="replace") as file:
        return file.read()
