"""More images than there is room for, while their destination is away: senders are told to wait, headers and manifests go
on, and once it is back everything arrives, without a hand."""
import json
import os
import subprocess
import tempfile
import time

from cases import case, listing, skip
from flow import Flow, Sink, lines, lost
from gateway import wait_until
from image_gateway import destination, forwarding
from pacs import PACS, Identity, examination

COUNT = 200
SOURCES = """
[[source]]
name = "flow"
ae_titles = ["FLOW"]
[[source]]
name = "headers"
ae_titles = ["HEADERS"]
"""


def run():
    with tempfile.TemporaryDirectory(prefix="kosgate-space-") as folder:
        flow = Flow(folder)
        fill(flow, "a budget of 40 MiB for images", '[limits]\nimage_budget = "40 MiB"\n', [])
        mount = ["unshare", "-rm", "sh", "-c", 'mount -t tmpfs -o size=64m none "$0" && exec "$@"']
        if subprocess.run([*mount, folder, "true"], capture_output=True).returncode == 0:
            limits = '[limits]\ndisk_reserve = "4 MiB"\nimage_reserve = "16 MiB"\n'
            fill(flow, "a file system of 64 MiB", limits, mount)
            limits = '[limits]\ndisk_reserve = "0 B"\nimage_reserve = "0 B"\n'
            fill(flow, "a file system of 64 MiB without a reserve", limits, mount, has_reserve=False)
        else:
            skip("a file system of 64 MiB", "nothing may be mounted here")


def fill(flow, words, limits, mount, has_reserve=True):
    """`mount`: the command that runs the gateway where its data folder is a small file system."""
    with tempfile.TemporaryDirectory(prefix="kosgate-space-") as folder:
        sent, arrived = os.path.join(folder, "sent"), os.path.join(folder, "arrived")
        sink = Sink(flow, log=arrived)
        gateway = forwarding(destination(sink, rules=['source = ["flow"]']), sources=SOURCES, settings=limits)
        os.makedirs(gateway.data)
        gateway.prefix = [*mount, gateway.data] if mount else []
        with gateway:
            try:
                with case(f"{words}: senders are told to wait, and what was acknowledged is kept"):
                    push(flow, gateway, sent)
                    taken = len(set(lines(sent)))
                    assert 20 <= taken < COUNT, f"{taken} acknowledged"
                    assert gateway.process.poll() is None, gateway.said()[-3000:]
                if has_reserve:
                    with case(f"{words}: what no destination wants, and manifests, have room all the same"):
                        images = examination(Identity("IPP12", "EXEMPLE^LÉO"), (2, 1))
                        PACS(gateway.port, "HEADERS").deliver(*images)
                        assert wait_until(gateway.manifest_files), gateway.said()[-3000:]
                with case(f"{words}: once the destination is back, all of it arrives, and the rest is taken"):
                    sink.start()
                    end = time.monotonic() + 180
                    while len(set(lines(sent))) < COUNT and time.monotonic() < end:
                        push(flow, gateway, sent)
                    wait_until(lambda: not set(lines(sent)) - set(lines(arrived)))
                    problems = lost(sent, arrived)
                    assert not problems, listing(problems) + gateway.said()[-3000:]
                    assert len(set(lines(sent))) == COUNT, f"{len(set(lines(sent)))}: {gateway.said()[-3000:]}"
                    assert gateway.is_at_rest(), gateway.image_files()[:10]
            finally:
                sink.stop()


def push(flow, gateway, sent):
    """All, one at a time and from the first that was not acknowledged; a sender gives up at the first refusal."""
    known = {int(line.split()[0].rpartition(".")[2]) for line in lines(sent)}
    first = next((number for number in range(COUNT) if number + 1 not in known), COUNT)
    sender = flow.sender(gateway.port, "KOSGATE", "-f", first, "-n", COUNT, "-A", sent, "-q")
    said = json.loads(sender.communicate()[0])
    if said["failed"] or said["acknowledged"] == 0:
        time.sleep(0.2)
