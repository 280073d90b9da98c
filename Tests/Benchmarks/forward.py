"""The part `forward`: a study in, and on to a second receiver, by the gateway and by others, one after the other in each
round. The time is from the first byte of the first instance to the answer to the last at the second receiver."""
import contextlib
import json
import os
import select
import shutil
import statistics
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "Peers"))

from flow import Flow, Sink, compile_c
from gateway import PATIENCE, wait_until
from image_gateway import forwarding
from peers import DCMTK, free_port, listens

HERE = os.path.dirname(os.path.abspath(__file__))
COUNT, GIGABIT = 300, 117_000_000
SYNCED = "the same, made to sync each file"
LUA = {
    "Orthanc, Lua per instance":
        "function OnStoredInstance(id, tags, metadata, origin) Delete(SendToModality(id, 'sink')) end",
    "Orthanc, Lua per stable study":
        "function OnStableStudy(id, tags, metadata) RestApiPost('/modalities/sink/store', id) end"}


def size(folder):
    return sum(os.path.getsize(os.path.join(path, name)) for path, _, names in os.walk(folder) for name in names)


def processor(pid):
    """Seconds of a process, its children and those that it waited for."""
    ticks = 0
    try:
        fields = open(f"/proc/{pid}/stat").read().rpartition(")")[2].split()
        ticks = sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")
        children = open(f"/proc/{pid}/task/{pid}/children").read().split()
    except OSError:
        return ticks
    return ticks + sum(map(processor, children))


def peak(pid):
    """In MiB."""
    with open(f"/proc/{pid}/status") as file:
        return next(int(line.split()[1]) for line in file if line.startswith("VmHWM")) / 1024


# MARK: Relays: each yields (port, called AE title, pid, folder of what it keeps)


@contextlib.contextmanager
def ours(work, sink, rules=("",)):
    made = forwarding(sink, rules=rules, associations=4, quiet_period=3600)
    shutil.rmtree(made.folder)
    made.folder = os.path.join(work, "kosgate")
    made.data, made.manifests, made.log = (os.path.join(made.folder, name) for name in ("data", "manifests", "log"))
    os.makedirs(made.folder)
    path = os.path.join(made.folder, "kosgate.toml")
    with open(path, "w") as file:
        file.write(made.configuration)
    made.arguments[made.arguments.index("--config") + 1] = path
    with made:
        yield made.port, "KOSGATE", made.process.pid, made.data


@contextlib.contextmanager
def program(work, command, port, title, **environment):
    kept = os.path.join(work, "kept")
    os.makedirs(kept)
    with open(os.path.join(work, "log"), "wb") as log:
        process = subprocess.Popen(command, env={**DCMTK, **environment}, stdout=log, stderr=log)
    try:
        assert wait_until(lambda: listens(port)), f"{command[0]} does not start"
        yield port, title, process.pid, kept
    finally:
        process.terminate()
        process.wait()


def orthanc(name):
    def made(work, sink):
        port, kept = free_port(), os.path.join(work, "kept")
        script, settings = os.path.join(work, "script.lua"), os.path.join(work, "orthanc.json")
        with open(script, "w") as file:
            file.write(LUA[name])
        with open(settings, "w") as file:
            json.dump({
                "StorageDirectory": kept, "IndexDirectory": kept, "HttpPort": free_port(), "DicomPort": port,
                "DicomAet": "ORTHANC", "RemoteAccessAllowed": False, "DicomAlwaysAllowStore": True, "Plugins": [],
                "MaximumPduLength": 131072, "StableAge": 1, "LuaScripts": [script],
                "DicomModalities": {"sink": ["SINK", "127.0.0.1", sink.port]}}, file)
        return program(work, ["Orthanc", settings], port, "ORTHANC")
    return made


def storescp(work, sink, **environment):
    port, kept = free_port(), os.path.join(work, "kept")
    onward = f"storescu -pdu 131072 +sd -aec SINK 127.0.0.1 {sink.port} #p"
    return program(work, [
        "storescp", "-pm", "-pdu", "131072", "-dhl", "-od", kept, "-su", "st", "-tos", "1", "-xcs", onward, str(port)],
        port, "STORESCP", **environment)


def synced(work, sink):
    library = compile_c(work, os.path.join(HERE, "synced.c"), "synced.so", "-shared", "-fPIC")
    return storescp(work, sink, LD_PRELOAD=library)


def pynetdicom(work, sink):
    port = free_port()
    return program(work, [sys.executable, "-W", "ignore", os.path.join(HERE, "relay.py"), str(port), str(sink.port)], port, "RELAY")


@contextlib.contextmanager
def direct(work, sink):
    yield sink.port, "SINK", None, work


RELAYS = {
    "kosgate": ours, **{name: orthanc(name) for name in LUA}, "storescp, storescu at the end of the study": storescp,
    SYNCED: synced, "pynetdicom relay": pynetdicom, "direct": direct}


# MARK: One measurement


def measure(flow, work, relay, study, rate):
    """What became of one study: seconds, processor seconds, peak memory, bytes left."""
    place = os.path.join(work, "run")
    shutil.rmtree(place, ignore_errors=True)
    os.makedirs(place)
    with Sink(flow, "-n", COUNT) as sink, relay(place, sink) as (port, called, pid, kept):
        before = processor(pid) if pid else 0
        said = flow.send(port, called, "-n", COUNT, "-s", study, "-r", rate)
        assert select.select([sink.process.stdout], [], [], PATIENCE * 2)[0], "not all of it arrived"
        found = {"seconds": float(sink.process.stdout.readline()) - said["started"], "acknowledged": said["seconds"]}
        time.sleep(1)
        if pid:
            found["cpu"] = (processor(pid) - before) / (said["bytes"] / 1e9)
            found["memory"], found["left"] = peak(pid), size(kept)
    return found


def many(flow, work):
    """Peak memory with 20 associations in and 4 out, and bytes left when it has ended: with images sent on, and with
    headers only."""
    found = []
    for rules in ([""], ['modality = ["MR"]']):
        place = os.path.join(work, "run")
        shutil.rmtree(place, ignore_errors=True)
        os.makedirs(place)
        with Sink(flow, "-n", 4 * COUNT) as sink, ours(place, sink, rules) as (port, called, pid, kept):
            flow.send(port, called, "-n", 4 * COUNT, "-j", 20)
            if rules == [""]:
                assert select.select([sink.process.stdout], [], [], PATIENCE * 2)[0], "not all of it arrived"
            assert wait_until(lambda: size(os.path.join(kept, "spool", "images")) == 0), "images are left"
            memory = peak(pid)
        found.append((memory, size(kept)))
    return found


def medians(runs):
    return {key: statistics.median(run[key] for run in runs) for key in runs[0]}


def figures(work, rounds, only=None):
    work = os.path.join(work, "forward")
    shutil.rmtree(work, ignore_errors=True)
    os.makedirs(work)
    flow, names = Flow(work), [name for name in RELAYS if not only or name in only]
    runs = {(name, rate): [] for name in names for rate in (0, GIGABIT)}
    for number in range(rounds):
        for name, rate in runs:
            try:
                runs[name, rate].append(measure(flow, work, RELAYS[name], number + 1, rate))
            except AssertionError as error:
                print(f"{name}: {error}", flush=True)
            else:
                print(json.dumps({"relay": name, "rate": rate, **runs[name, rate][-1]}), flush=True)
    found = {key: medians(of) for key, of in runs.items() if of}
    with_images, headers = many(flow, work)
    shutil.rmtree(work)
    return table(found, with_images, headers)


def table(found, with_images, headers):
    rows = {}
    for (name, rate), run in found.items():
        words = f"{run['seconds']:.2f} s"
        if "cpu" in run:
            words += f", {run['cpu']:.2f} CPU s/GB, {run['memory']:.0f} MiB, {run['left'] / 1e6:.2f} MB left"
        speed = "paced at 1 Gb/s" if rate else "at full speed"
        rows[f"{COUNT} CT of 512 KiB sent on {speed}: {name}"] = (words, "–")
    for rate, speed in ((0, "at full speed"), (GIGABIT, "paced at 1 Gb/s")):
        if ("kosgate", rate) not in found:
            continue
        own = found["kosgate", rate]
        peers = [run for (name, of), run in found.items() if of == rate and name not in ("kosgate", "direct")]
        if peers:
            best = min(run["seconds"] for run in peers)
            rows[f"… kosgate to the best peer, {speed}"] = (f"{own['seconds'] / best:.2f}", "–" if rate else "≤ 0.5")
            least = min(run["cpu"] for run in peers)
            rows[f"… its CPU to the least of a peer, {speed}"] = (f"{own['cpu'] / least:.2f}", "< 1")
        if (SYNCED, rate) in found:
            ratio = own["cpu"] / found[SYNCED, rate]["cpu"]
            rows[f"… its CPU to storescp with storescu that sync each file, {speed}"] = (f"{ratio:.2f}", "–")
        if ("direct", rate) in found:
            ratio = own["seconds"] / found["direct", rate]["seconds"]
            rows[f"… kosgate to the direct send, {speed}"] = (f"{ratio:.2f}", "≤ 1.3" if rate else "–")
    rows["peak memory, 20 associations in and 4 out"] = (f"{with_images[0]:.1f} MiB", "≤ 48 MiB")
    rows["bytes left, with images and with headers only"] = (
        f"{with_images[1] / 1e6:.2f} MB, {headers[1] / 1e6:.2f} MB", "the same")
    return rows
