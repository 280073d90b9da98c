"""Rude peers, kill -9 at each durable step, then under load, again and again: what was acknowledged is listed, once, and
its images are at their destination.

Usage: run.py [PART…] [ROUNDS [SEED [MEBIBYTES [STRIDE]]]]

- PART: of `PARTS`; all of them unless told.
- ROUNDS: of kills under load.
- MEBIBYTES: of images, pushed while their destination is down.
- STRIDE: one in so many steps towards the disk fails; each step of an image's file does all the same.
"""
import collections
import os
import random
import subprocess
import sys
import tempfile
import time

here = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(here, "..", "Peers"))

import disk
import manifests
import order
import outage
import rude
import space
import steps
from cases import case, close, listing
from gateway import Gateway, wait_until

names = [argument for argument in sys.argv[1:] if not argument.isdigit()]
given = [int(argument) for argument in sys.argv[1:] if argument.isdigit()]
defaults = [50, 20260316, 300, 23]
rounds, seed, mebibytes, stride = [*given, *defaults[len(given):]]
bench = os.path.join(os.environ.get("KOSGATE_SHARED", ""), "bench")


class FastSender:
    """The sender of the shared bench: four associations, a new study each time, a list of what was acknowledged."""

    def __init__(self, folder):
        self.program = os.path.join(folder, "fast_sender")
        self.study = os.path.join(folder, "study")
        subprocess.run(["gcc", "-O2", "-pthread", "-o", self.program, os.path.join(bench, "fast_sender.c")], check=True)
        subprocess.run(
            [sys.executable, "-W", "ignore", os.path.join(bench, "make_study.py"), "--kind", "ct", "--small", "--n", "12",
             "--out", self.study], check=True, stdout=subprocess.DEVNULL)

    def command(self, port, number, acknowledged):
        return [self.program, "-q", "-c", "KOSGATE", "-a", "SENDER", "-j", "4", "-n", "100000", "-s", str(number),
                "-A", acknowledged, "127.0.0.1", str(port), self.study]


class PlainSender:
    """The project's own, slower: used where the shared bench is not there."""

    def __init__(self, folder):
        pass

    def command(self, port, number, acknowledged):
        return [sys.executable, os.path.join(here, "sender.py"), str(port), str(number), acknowledged]


def batter(gateway, sender, folder, chance):
    """The rounds; returns what was acknowledged in each, and how many kills fell into a running transfer."""
    acknowledged, under_load = {}, 0
    for number in range(1, rounds + 1):
        gateway.start()
        path = os.path.join(folder, f"acknowledged-{number}")
        process = subprocess.Popen(
            sender.command(gateway.port, number, path), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait_until(lambda: os.path.exists(path) and os.path.getsize(path) > 0)
        time.sleep(chance.uniform(0, 0.9) ** 2)
        under_load += process.poll() is None
        gateway.kill()
        process.wait()
        acknowledged[number] = open(path).read().split() if os.path.exists(path) else []
    return acknowledged, under_load


def main():
    for name in names or PARTS:
        start = time.monotonic()
        PARTS[name]()
        print(f"{name}: {time.monotonic() - start:.0f} s", flush=True)
    close()


def killed():
    chance = random.Random(seed)
    print(f"{rounds} rounds, seed {seed}")
    with tempfile.TemporaryDirectory(prefix="kosgate-faults-") as folder:
        sender = (FastSender if os.path.exists(os.path.join(bench, "fast_sender.c")) else PlainSender)(folder)
        gateway = Gateway(quiet_period=1)
        with case(f"the gateway starts again after each of {rounds} kills, most of them under load"):
            acknowledged, under_load = batter(gateway, sender, folder, chance)
            count = sum(map(len, acknowledged.values()))
            print(f"    {count} instances acknowledged, {under_load} of {rounds} kills under load")
            assert under_load >= rounds * 0.8, under_load
            assert count >= 20 * rounds, count
        all_uids = {uid for uids in acknowledged.values() for uid in uids}
        with gateway:
            with case(f"each of {len(all_uids)} acknowledged instances is in a manifest"):
                listed = collections.Counter()

                def is_complete():
                    listed.clear()
                    for manifest in manifests.latest(gateway.manifest_files()).values():
                        listed.update(manifest.instances)
                    return all_uids <= listed.keys()

                wait_until(is_complete)
                missing = [f"{number}: {uid}" for number, uids in acknowledged.items() for uid in uids if uid not in listed]
                assert not missing, listing(missing) + "\n" + gateway.said()[-3000:]
            with case("none is listed twice, and every manifest is whole"):
                problems = [f"{uid} is in {count} studies" for uid, count in listed.items() if count > 1]
                for path in gateway.manifest_files():
                    manifest = manifests.read(path)
                    if {*manifest.evidence.values(), *manifest.content.values()} != {1}:
                        problems.append(f"{path} lists an instance twice")
                    if len(manifest.evidence) != len(manifest.content):
                        problems.append(f"{path}: evidence and content differ")
                assert not problems, listing(problems)


PARTS = {
    "rude": rude.run, "order": order.run, "steps": steps.run, "disk": lambda: disk.run(stride), "space": space.run,
    "outage": lambda: outage.run(mebibytes), "kills": killed}
main()
