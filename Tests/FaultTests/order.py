"""What a power cut would take from a real disk, nothing else can show: each answer to a sender must find all that it promises
synced, bytes and names, and a file must not go before its row is gone for good."""
import os
import tempfile

from cases import case, listing
from destinations import RecordingDestination
from flow import compile_c
from gateway import wait_until
from image_gateway import forwarding
from pacs import PACS, Identity, examination
from steps import CONTEXTS


def run():
    with tempfile.TemporaryDirectory(prefix="kosgate-order-") as folder:
        source = os.path.join(os.path.dirname(os.path.abspath(__file__)), "order.c")
        library, broken = compile_c(folder, source, "order.so", "-shared", "-fPIC", "-ldl"), os.path.join(folder, "broken")
        destination = RecordingDestination(contexts=CONTEXTS)
        # Long enough that nothing but what comes is written while it comes.
        gateway = forwarding(destination, quiet_period=60)
        gateway.environment = {"LD_PRELOAD": library, "STEP_UNDER": gateway.data, "ORDER_BROKEN": broken}
        with gateway:
            with case("nothing is answered before it is synced, the image and its name too"):
                images = examination(Identity("IPP14", "EXEMPLE^ZOÉ"), (20,))
                PACS(gateway.port).deliver(*images)
                assert wait_until(lambda: len(gateway.image_files()) == len(images)), gateway.said()[-2000:]
                assert not os.path.exists(broken), listing(open(broken))
            with case("no image is removed before that it was sent is synced"), destination:
                assert wait_until(lambda: destination.has(*images)), gateway.said()[-2000:]
                assert gateway.is_at_rest(), gateway.image_files()
                problems = [line for line in open(broken) if line.startswith("removed")] if os.path.exists(broken) else []
                assert not problems, listing(problems)
