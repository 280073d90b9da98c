"""A destination that is down for the whole push of a large study, while the gateway is killed twice; then it comes back."""
import os
import tempfile
import threading
import time

from cases import case, listing
from flow import Flow, Sink, lines, lost
from gateway import PATIENCE, wait_until
from image_gateway import forwarding

INSTANCE = 512 << 10
# Of the disk: folders that were larger, and pages of the database that wait for the next rows.
ROOM = 4 << 20


class Memory(threading.Thread):
    """Looks at the memory of the gateway again and again, whichever process it is."""

    def __init__(self, gateway):
        super().__init__(daemon=True)
        self.gateway, self.seen, self.ending, self.began = gateway, [], threading.Event(), time.monotonic()
        self.start()

    def run(self):
        while not self.ending.wait(0.2):
            try:
                with open(f"/proc/{self.gateway.process.pid}/status") as file:
                    now = dict(line.split(":", 1) for line in file)
                    self.seen.append((time.monotonic() - self.began, *(
                        int(now[key].split()[0]) / 1024 for key in ("VmRSS", "VmHWM"))))
            except (OSError, KeyError):
                pass  # It was killed.

    def peak(self):
        return max(peak for _, _, peak in self.seen)

    def __str__(self):
        """The largest of each tenth of the time."""
        end = self.seen[-1][0]
        tenths = [[now for at, now, _ in self.seen if number <= at * 10 / end < number + 1] for number in range(10)]
        return " ".join(f"{max(tenth):.1f}" if tenth else "-" for tenth in tenths)


def size(folder):
    return sum(os.stat(os.path.join(path, name)).st_blocks * 512 for path, _, names in os.walk(folder) for name in names)


def span(count):
    """Seconds that so many instances may take on a machine with other things to do."""
    return max(PATIENCE, count * INSTANCE >> 22)


def push(flow, gateway, sent, count, kill_at):
    """Sends the study on from what is acknowledged; kills the gateway when so many are."""
    known = len(set(lines(sent)))
    sender = flow.sender(gateway.port, "KOSGATE", "-f", known, "-n", count, "-A", sent)
    if kill_at is not None:
        assert wait_until(lambda: count_of(sent) >= kill_at or sender.poll() is not None, span(count)), (
            f"{count_of(sent)} acknowledged")
        gateway.kill()
    sender.communicate()
    if kill_at is not None:
        gateway.start()


def count_of(log):
    """Lines, roughly: without reading each."""
    if not os.path.exists(log):
        return 0
    with open(log) as file:
        first = file.readline()
    return os.path.getsize(log) // max(len(first), 1)


def headers_only(flow, count):
    """Bytes on the disk and peak memory when the same study came and no image was wanted."""
    with forwarding() as gateway:
        memory = Memory(gateway)
        flow.send(gateway.port, "KOSGATE", "-n", count)
        assert wait_until(gateway.manifest_files, span(count)), gateway.said()[-2000:]
        return at_rest(gateway), memory.peak()


def at_rest(gateway):
    """Bytes on its disk after it has ended."""
    assert gateway.stop() == 0, gateway.said()[-2000:]
    return size(gateway.data)


def run(mebibytes=1024):
    count = max(mebibytes * (1 << 20) // INSTANCE, 40)
    title = f"a destination is down for a push of {count * INSTANCE >> 20} MiB"
    with tempfile.TemporaryDirectory(prefix="kosgate-outage-") as folder:
        flow, sent, arrived = Flow(folder), os.path.join(folder, "sent"), os.path.join(folder, "arrived")
        sink = Sink(flow, log=arrived)
        with forwarding(sink, settings='[limits]\nimage_reserve = "1 GiB"\n') as gateway:
            memory = Memory(gateway)
            with case(f"{title}: all of it is acknowledged, over two kills"):
                for kill_at in (count // 3, 2 * count // 3, None):
                    push(flow, gateway, sent, count, kill_at)
                missing = count - len(set(lines(sent)))
                assert missing == 0, f"{missing} of {count}: {gateway.said()[-3000:]}"
                print(f"    {size(gateway.data) >> 20} MiB on the disk")
            with case(f"{title}: once it is back, it has all that was acknowledged, bit for bit, over another kill"):
                sink.start()
                try:
                    assert wait_until(lambda: count_of(arrived) >= count // 2, span(count)), gateway.said()[-3000:]
                    gateway.kill()
                    gateway.start()
                    assert wait_until(lambda: count_of(arrived) >= count and not lost(sent, arrived), span(count)), listing(
                        lost(sent, arrived)) + gateway.said()[-3000:]
                    assert gateway.is_at_rest(), gateway.image_files()[:10]
                    again = len(lines(arrived)) - count
                    print(f"    {again} of {count} came twice")
                    # Each kill may repeat what was sent and not yet settled by a group of acknowledgements.
                    assert again <= 250, again
                finally:
                    sink.stop()
            with case(f"{title}: memory stayed flat, and only headers are left on the disk"):
                assert wait_until(gateway.manifest_files), gateway.said()[-3000:]
                left, peak = at_rest(gateway), memory.peak()
                wanted, least = headers_only(flow, count)
                print(f"    memory {memory} MiB, peak {peak:.1f}; {left >> 10} KiB left; without images {least:.1f} MiB, "
                      f"{wanted >> 10} KiB")
                # The manifest of so many instances costs what it costs; images beside it are none of its memory.
                assert peak <= least + 24, str(memory)
                assert left <= wanted + ROOM, (left, wanted)
