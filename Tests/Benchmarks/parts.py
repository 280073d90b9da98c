"""The parts beside `receive`. Each returns {figure: (measured, to reach)}."""
import json
import os
import shutil
import sqlite3
import statistics
import struct
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "Peers"))

from gateway import BINARY, Gateway, wait_until
from peers import free_port

HOME, DATA, WORK = os.environ["BENCH_HOME"], os.environ["BENCH_DATA"], os.environ["BENCH_WORK"]
SHIPPED = {name: value for name, value in os.environ.items() if name != "TCP_NODELAY"}


def study(name, *arguments):
    """A folder of made instances, made once."""
    folder = os.path.join(DATA, name)
    if not os.path.isdir(folder):
        subprocess.run(
            [sys.executable, "-W", "ignore", os.path.join(HOME, "make_study.py"), *arguments, "--out", folder],
            check=True, stdout=subprocess.DEVNULL)
    return folder


def send(port, folder, *options, called="KOSGATE"):
    run = subprocess.run(
        [os.path.join(HOME, "fast_sender"), "-q", "-c", called, "-a", "BENCH", *map(str, options), "127.0.0.1", str(port),
         folder], capture_output=True, text=True)
    result = json.loads(run.stdout.strip().splitlines()[-1])
    assert result["fail"] == 0, result
    return result


def memory(pid, key="VmHWM"):
    """In MiB, from the kernel's account of the process."""
    for line in open(f"/proc/{pid}/status"):
        if line.startswith(key):
            return int(line.split()[1]) / 1024


def processor(pid):
    """User and system seconds of the process so far."""
    fields = open(f"/proc/{pid}/stat").read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def size(folder):
    return sum(os.path.getsize(os.path.join(path, name)) for path, _, names in os.walk(folder) for name in names)


def gateway(**options):
    """One whose spool lies where the bench works, on a disk."""
    made = Gateway(**options)
    shutil.rmtree(made.folder)
    made.folder = os.path.join(WORK, f"kosgate-{made.port}")
    made.data, made.manifests = os.path.join(made.folder, "data"), os.path.join(made.folder, "manifests")
    made.log = os.path.join(made.folder, "log")
    os.makedirs(made.folder)
    return made


def stock(rounds):
    """100 CT from storescu as Debian ships it."""
    folder = study("ct100", "--kind", "ct", "--n", "100")
    figures = {}

    def seconds(port, called):
        start = time.monotonic()
        subprocess.run(
            ["storescu", "-aec", called, "--scan-directories", "127.0.0.1", str(port), folder], check=True, env=SHIPPED)
        return time.monotonic() - start

    with gateway(quiet_period=3600) as ours:
        times = [seconds(ours.port, "KOSGATE") for _ in range(rounds)]
    figures["100 CT from a stock storescu to kosgate"] = (f"{statistics.median(times):.2f} s", "≤ 0.3 s")
    for name, options in (("storescp", ["--ignore"]), ("storescp", ["-od", WORK])):
        port = free_port()
        process = subprocess.Popen([name, *options, str(port)], env=SHIPPED, stderr=subprocess.DEVNULL)
        time.sleep(0.3)
        times = [seconds(port, "STORESCP") for _ in range(rounds)]
        process.terminate()
        process.wait()
        keeps = "--ignore" if options == ["--ignore"] else "(files)"
        figures[f"… to DCMTK storescp {keeps}"] = (f"{statistics.median(times):.2f} s", "–")
    for name in os.listdir(WORK):
        if name.startswith(("CT.", "CTImage")):
            os.remove(os.path.join(WORK, name))
    return figures


def huge_instance(path, gibibytes):
    """One CT whose encapsulated pixel data has this size; a sparse file."""
    folder = study("ct-template", "--kind", "ct", "--template")
    source = open(os.path.join(folder, sorted(os.listdir(folder))[0]), "rb").read()
    start = source.index(b"\xe0\x7f\x10\x00")
    with open(path, "wb") as file:
        file.write(source[:start] + b"\xe0\x7f\x10\x00OB\0\0\xff\xff\xff\xff" + b"\xfe\xff\x00\xe0\0\0\0\0")
        for _ in range(gibibytes * 4):
            file.write(b"\xfe\xff\x00\xe0" + struct.pack("<I", 1 << 28))
            file.seek(1 << 28, os.SEEK_CUR)
        file.write(b"\xfe\xff\xdd\xe0\0\0\0\0")


def huge(_):
    """Peak memory with 20 associations, and with one instance of 5 GiB."""
    template = study("ct-template", "--kind", "ct", "--template")
    folder = os.path.join(WORK, "huge")
    os.makedirs(folder, exist_ok=True)
    huge_instance(os.path.join(folder, "huge.dcm"), 5)
    with gateway(quiet_period=3600) as ours:
        idle = memory(ours.process.pid, "VmRSS")
        send(ours.port, template, "-j", 20, "-n", 2000, "-s", 1)
        many = memory(ours.process.pid)
    with gateway(quiet_period=3600) as ours:
        send(ours.port, template, "-n", 20, "-s", 2)
        before = memory(ours.process.pid)
        result = send(ours.port, folder)
        one = memory(ours.process.pid)
        stored = size(ours.data)
    shutil.rmtree(folder)
    return {
        "idle memory (RSS)": (f"{idle:.1f} MiB", "≤ 16 MiB"),
        "peak memory, 20 associations": (f"{many:.1f} MiB", "≤ 32 MiB"),
        "peak memory before and after one instance of 5 GiB": (f"{before:.1f}, {one:.1f} MiB", "unchanged"),
        "… received in": (f"{result['wall']:.1f} s, {result['MB_s']:.0f} MB/s", "–"),
        "… spool with it": (f"{stored} bytes", "–"),
    }


def pages(folder):
    """Bytes of the database's pages in use; the log beside it has a size of its own, whatever is stored."""
    path = os.path.join(folder, "spool", "spool.db")
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as database:
        one = lambda pragma: database.execute(f"pragma {pragma}").fetchone()[0]
        return (one("page_count") - one("freelist_count")) * one("page_size")


def footprint(_):
    """Bytes of the spool for each instance, before its study has settled and after: five studies of 2,000 headers."""
    figures = {}
    for kind, name in (("ct", "CT"), ("mr", "MR")):
        folder = study(f"{kind}2000", "--kind", kind, "--small", "--n", "2000")
        with gateway(quiet_period=30) as ours:
            for salt in range(1, 6):
                send(ours.port, folder, "-s", salt)
            before = pages(ours.data) / 10000
            wait_until(lambda: len(ours.manifest_files()) >= 5, 90)
            time.sleep(8)
            settled = pages(ours.data) / 10000
            files = size(ours.data)
        figures[f"spool bytes for each {name} instance, open"] = (f"{before:.0f}", "≤ 250")
        figures[f"… settled ({name})"] = (f"{settled:.0f}", "≤ 120")
        figures[f"… all files of the spool then ({name})"] = (f"{files / 1e6:.1f} MB", "–")
    return figures


def manifest(_):
    """A study of 20,000 instances: processor time of all that settling does, and of `kosgate manifest`."""
    folder = study("tiny", "--kind", "tiny", "--template")
    with gateway(quiet_period=5) as ours:
        send(ours.port, folder, "-j", 4, "-n", 20000, "-s", 7)
        time.sleep(2)
        before = processor(ours.process.pid)
        wait_until(ours.manifest_files, 60)
        made = ours.manifest_files()
        time.sleep(2)
        spent = processor(ours.process.pid) - before
        peak = memory(ours.process.pid)
        length = os.path.getsize(made[0]) if made else 0
    read, written, _ = manifest_alone()
    return {
        "manifest of 20,000 references: written from what the headers said": (f"{written:.0f} ms", "< 100 ms"),
        "… its 20,000 headers read before": (f"{read:.0f} ms", "–"),
        "study of 20,000 instances settled: processor time, all of it": (f"{spent * 1000:.0f} ms", "–"),
        "… its manifest": (f"{length / 1e6:.1f} MB, peak memory {peak:.1f} MiB", "–"),
    }


def manifest_alone():
    """Milliseconds of processor time to read headers and to write the manifest, and its bytes: medians of 7, in one process."""
    package = os.path.join(os.path.dirname(os.path.abspath(__file__)), "Manifest")
    command = ["swift", "run", "-c", "release", "--package-path", package, "manifest-benchmark"]
    said = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    return [float(word) for word in said.split()]


def idle(rounds):
    """A start with an empty spool."""
    seconds, resident = [], []
    for _ in range(rounds):
        with gateway(quiet_period=3600) as ours:
            ours.stop()
            seconds.append(ours.start())
            time.sleep(1)
            resident.append(memory(ours.process.pid, "VmRSS"))
    return {
        "ready after a start": (f"{statistics.median(seconds) * 1000:.0f} ms", "–"),
        "idle memory after it": (f"{statistics.median(resident):.1f} MiB", "≤ 16 MiB"),
    }


def start(rounds, instances=1_000_000, studies=500):
    """A start with 1,000,000 instances in the spool. Filling it takes minutes."""
    folder = study("tiny", "--kind", "tiny", "--template")
    with gateway(quiet_period=30) as ours:
        began = time.monotonic()
        for salt in range(1, studies + 1):
            send(ours.port, folder, "-j", 20, "-n", instances // studies, "-s", salt)
        filled = time.monotonic() - began
        wait_until(lambda: len(ours.manifest_files()) >= studies, 300)
        time.sleep(10)
        stored = size(ours.data)
        seconds, resident = [], []
        for _ in range(max(rounds, 5)):
            ours.stop()
            seconds.append(ours.start())
            time.sleep(1)
            resident.append(memory(ours.process.pid, "VmRSS"))
    return {
        f"ready with {instances:,} instances in the spool": (f"{statistics.median(seconds) * 1000:.0f} ms", "< 200 ms"),
        "… idle memory": (f"{statistics.median(resident):.1f} MiB", "≤ 16 MiB"),
        "… spool": (f"{stored / 1e6:.0f} MB, {stored / instances:.0f} bytes an instance", "≤ 120 bytes"),
        "… filled in": (f"{filled:.0f} s, {instances / filled:.0f} instances/s", "–"),
    }


def forward(rounds):
    """Images sent on, beside other relays."""
    import forward as relays
    return relays.figures(WORK, rounds)


def studies(rounds):
    """A spool of 2,000,000 closed studies. Filling it takes minutes."""
    import studies as sizes
    return sizes.figures(WORK, rounds)
