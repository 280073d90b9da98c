"""The gateway under a supervisor of our own: what it says and when, sockets that it is handed, signals."""
import os
import signal
import socket
import subprocess
import tempfile
import time

from cases import case
from gateway import PATIENCE
from supervisor import Supervised, listening

here = os.path.dirname(os.path.abspath(__file__))
# Seconds; the gateway looks after itself three times in each.
WATCHDOG = 3


def echo(port, host="127.0.0.1", calling="TEST"):
    """DCMTK's word on whether C-ECHO works."""
    return subprocess.run(
        ["echoscu", "-aet", calling, "-aec", "KOSGATE", "-to", "30", "-ta", "30", "-td", "30", host, str(port)],
        capture_output=True, timeout=PATIENCE).returncode == 0


def hanging_library():
    library = os.path.join(tempfile.mkdtemp(prefix="kosgate-test-"), "hang.so")
    subprocess.run(
        ["gcc", "-O2", "-shared", "-fPIC", "-o", library, os.path.join(here, "hang.c"), "-ldl"], check=True)
    return library


def run():
    with case("it is ready when C-ECHO works, says how it fares, and says that it stops"):
        with Supervised() as gateway:
            word = gateway.hears("READY=1")
            assert word, f"never ready: {gateway.said()}"
            assert echo(gateway.port), "ready, and C-ECHO does not work"
            status = word.split("STATUS=")[1]
            assert "0 associations, 0 open studies, 0 held, 0 waiting for" in status, status
            assert gateway.words()[0] == word, f"said before: {gateway.words()}"
            with socket.create_connection(("127.0.0.1", gateway.port)):
                gateway.process.terminate()
                assert gateway.hears("STOPPING=1"), gateway.words()
            assert gateway.process.wait(PATIENCE) == 0
            assert not any(word.startswith("READY") for word in gateway.words()[1:]), gateway.words()

    with case("STATUS follows what happens, within 10 s"):
        with Supervised() as gateway:
            gateway.hears("READY=1")
            peer = associated(gateway.port)
            assert gateway.hears("STATUS=1 association,", 15), gateway.words()
            peer.close()
            assert gateway.hears("STATUS=0 associations,", 15), gateway.words()

    with case("SIGHUP ends nothing: RELOADING with its time, then READY"):
        with Supervised() as gateway:
            gateway.hears("READY=1")
            before = time.clock_gettime_ns(time.CLOCK_MONOTONIC) // 1000
            gateway.process.send_signal(signal.SIGHUP)
            word = gateway.hears("RELOADING=1")
            assert word and before <= int(word.split("MONOTONIC_USEC=")[1]), word
            assert gateway.hears("READY=1"), gateway.words()
            assert gateway.process.poll() is None and echo(gateway.port)

    with case("SIGHUP during the start ends nothing"):
        with Supervised() as gateway:
            gateway.process.send_signal(signal.SIGHUP) if runs(gateway) else None
            gateway.hears("READY=1")
            assert gateway.process.poll() is None, gateway.said()

    library = hanging_library()
    with case("all is well in each period, idle too"):
        with Supervised(watchdog=WATCHDOG) as gateway:
            gateway.hears("READY=1")
            moments = []
            while len(moments) < 6:
                assert gateway.hears("WATCHDOG=1", WATCHDOG), gateway.words()
                moments.append(gateway.heard[-1][0])
            assert max(b - a for a, b in zip(moments, moments[1:])) < WATCHDOG / 2 + 0.5, moments

    with case("a disk that hangs withholds the ping, and one event says which stage"):
        with Supervised(watchdog=WATCHDOG, environment=preloaded(library)) as gateway:
            hang = os.path.join(gateway.folder, "hang")
            gateway.hears("READY=1")
            assert gateway.hears("WATCHDOG=1"), gateway.words()
            open(hang, "w").close()
            end = time.monotonic() + PATIENCE
            while gateway.hears("WATCHDOG=1", 2 * WATCHDOG):
                assert time.monotonic() < end, "it goes on saying that all is well"
            told = [line for line in gateway.said().splitlines() if "has not got on" in line]
            assert len(told) == 1 and "spool has not got on" in told[0], gateway.said()

    with case("a disk that refuses keeps the ping"):
        with Supervised(watchdog=WATCHDOG, environment={**preloaded(library), "HANG_HOW": "error"}) as gateway:
            gateway.hears("READY=1")
            open(os.path.join(gateway.folder, "hang"), "w").close()
            for _ in range(8):
                assert gateway.hears("WATCHDOG=1", WATCHDOG), gateway.words()
            assert gateway.hears("STATUS=refusing images", 0) or any(
                "refusing images" in word for word in gateway.words()), gateway.words()
            assert "has not got on" not in gateway.said(), gateway.said()

    with case("sockets that were opened for it are its ports, whatever becomes of the process"):
        door, other = listening(), listening()
        port = door.getsockname()[1]
        for _ in range(2):
            # Who comes before it starts waits, and is served.
            early = socket.create_connection(("127.0.0.1", port), 5)
            with Supervised(sockets=[("dicom", door), ("unheard-of", other)]) as gateway:
                assert gateway.hears("READY=1"), gateway.said()
                assert f"127.0.0.1:{port}, 127.0.0.1:{gateway.port}" in gateway.said(), gateway.said()
                assert "'unheard-of' was opened for us" in gateway.said(), gateway.said()
                early.sendall(association_request())
                early.settimeout(PATIENCE)
                assert early.recv(1) == b"\x02", "the one that waited was not accepted"
                early.close()
                assert echo(port) and echo(gateway.port)
                gateway.process.terminate()
                assert gateway.process.wait(PATIENCE) == 0
        assert door.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN) == 1, "it was shut down"

    with case("an open socket welcomes only peers that a source names"):
        door = listening("0.0.0.0")
        with Supervised(sockets=[("dicom", door)]) as gateway:
            assert gateway.hears("READY=1"), gateway.said()
            assert not echo(door.getsockname()[1]), "whoever comes is welcome"


def runs(gateway):
    """Whether it has come as far as making its folder: by then it holds its signals."""
    end = time.monotonic() + PATIENCE
    while not os.path.exists(gateway.data) and time.monotonic() < end:
        time.sleep(0.001)
    return True


def preloaded(library):
    return {"LD_PRELOAD": library}


def association_request():
    from pynetdicom import AE
    from pynetdicom.pdu import A_ASSOCIATE_RQ
    from pynetdicom.pdu_primitives import A_ASSOCIATE, MaximumLengthNotification, ImplementationClassUIDNotification
    from pynetdicom.presentation import build_context

    request = A_ASSOCIATE()
    request.application_context_name = "1.2.840.10008.3.1.1.1"
    request.calling_ae_title, request.called_ae_title = "TEST", "KOSGATE"
    length, implementation = MaximumLengthNotification(), ImplementationClassUIDNotification()
    length.maximum_length_received = 16382
    implementation.implementation_class_uid = AE().implementation_class_uid
    request.user_information = [length, implementation]
    context = build_context("1.2.840.10008.1.1")
    context.context_id = 1
    request.presentation_context_definition_list = [context]
    pdu = A_ASSOCIATE_RQ()
    pdu.from_primitive(request)
    return pdu.encode()


def associated(port):
    peer = socket.create_connection(("127.0.0.1", port), 5)
    peer.sendall(association_request())
    peer.settimeout(PATIENCE)
    assert peer.recv(1) == b"\x02"
    return peer
