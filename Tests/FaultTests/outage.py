"""A destination that is down for the whole push of a large study, while the gateway is killed twice; then it comes back."""
import os
import tempfile

from cases import case, listing
from flow import Flow, Sink, lines, lost
from gateway import PATIENCE, wait_until
from image_gateway import forwarding

INSTANCE = 512 << 10


def memory(gateway, key="VmHWM"):
    """In MiB."""
    with open(f"/proc/{gateway.process.pid}/status") as file:
        return next(int(line.split()[1]) for line in file if line.startswith(key)) / 1024


def size(folder):
    return sum(os.stat(os.path.join(path, name)).st_blocks * 512 for path, _, names in os.walk(folder) for name in names)


def push(flow, gateway, sent, count, kill_at):
    """Sends the study on from what is acknowledged; kills the gateway when so many are. Returns its peak memory then."""
    known = len(set(lines(sent)))
    sender = flow.sender(gateway.port, "KOSGATE", "-f", known, "-n", count, "-A", sent)
    if kill_at is None:
        sender.communicate()
        return memory(gateway)
    assert wait_until(lambda: len(lines(sent)) >= kill_at or sender.poll() is not None), "nothing is acknowledged"
    peak = memory(gateway)
    gateway.kill()
    sender.communicate()
    gateway.start()
    return peak


def run(mebibytes=1024):
    count = max(mebibytes * (1 << 20) // INSTANCE, 40)
    title = f"a destination is down for a push of {count * INSTANCE >> 20} MiB"
    with tempfile.TemporaryDirectory(prefix="kosgate-outage-") as folder:
        flow, sent, arrived = Flow(folder), os.path.join(folder, "sent"), os.path.join(folder, "arrived")
        sink = Sink(flow, log=arrived)
        with forwarding(sink, settings='[limits]\nimage_reserve = "1 GiB"\n') as gateway:
            peaks = []
            with case(f"{title}: all of it is acknowledged, over two kills"):
                for kill_at in (count // 3, 2 * count // 3, None):
                    peaks.append(push(flow, gateway, sent, count, kill_at))
                missing = count - len(set(lines(sent)))
                assert missing == 0, f"{missing} of {count}: {gateway.said()[-3000:]}"
            with case(f"{title}: once it is back, it has all that was acknowledged, bit for bit, over another kill"):
                sink.start()
                try:
                    assert wait_until(lambda: len(lines(arrived)) >= count // 2), gateway.said()[-3000:]
                    peaks.append(memory(gateway))
                    gateway.kill()
                    gateway.start()
                    span = max(PATIENCE, mebibytes / 10)
                    assert wait_until(lambda: not set(lines(sent)) - set(lines(arrived)), span), gateway.said()[-3000:]
                    problems = lost(sent, arrived)
                    assert not problems, listing(problems)
                    again = len(lines(arrived)) - count
                    print(f"    {again} of {count} came twice")
                    # Each kill may repeat what was sent and not yet settled by a group of acknowledgements.
                    assert again <= 250, again
                    assert gateway.is_at_rest(), gateway.image_files()[:10]
                    peaks.append(memory(gateway))
                finally:
                    sink.stop()
            with case(f"{title}: memory stayed flat, and only headers are left on the disk"):
                left = size(gateway.data)
                print(f"    peak memory {', '.join(f'{peak:.1f}' for peak in peaks)} MiB; {left >> 10} KiB left")
                assert max(peaks) <= 48, peaks
                assert left <= (8 << 20) + 1024 * count, left
                assert gateway.stop() == 0, gateway.said()[-2000:]
