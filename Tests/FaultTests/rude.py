"""Peers that break the rules: each gets an answer or an end, and nobody else notices."""
import concurrent.futures
import os
import select
import socket
import struct
import threading
import time

import manifests
import wire
from cases import case, listing
from gateway import PATIENCE, Gateway, wait_until
from wire import ABORT, ASSOCIATE_AC, ASSOCIATE_RJ, COMMAND, LAST, ROOT, Peer, data, pdv, store_request

# Short deadlines, so that the tests of them are short.
LIMITS = """
[manifest]
profile = "xds-i"
[limits]
request_timeout = 2
idle_timeout = 5
stall_timeout = 2
associations = 8
"""
CASES = []


def rude(function):
    """Registers a case; its docstring is its name."""
    CASES.append(function)
    return function


def ended(peer):
    """Waits for an abort, a rejection or the end of the connection; returns all that was said before it, and it."""
    peer.socket.settimeout(PATIENCE)
    seen = []
    while True:
        try:
            kind, body = peer.read()
        except TimeoutError:
            raise AssertionError(f"not ended within {PATIENCE} s; it said {seen}")
        if kind is None:
            return seen
        seen.append((kind, body))
        if kind in (ABORT, ASSOCIATE_RJ):
            return seen


@rude
def silence(port):
    """A connection that says nothing is closed in time (case 1)"""
    with Peer(port) as peer:
        ended(peer)


@rude
def strangers(port):
    """HTTP, HL7 and TLS on the DICOM port are closed at once (case 1)"""
    for greeting in (b"GET / HTTP/1.1\r\nHost: pacs\r\n\r\n", b"\x0bMSH|^~\\&|A|B\r\x1c\r", bytes.fromhex("1603010200010001fc0303") + bytes(200)):
        with Peer(port, greeting) as peer:
            ended(peer)


@rude
def drip(port):
    """An association request that drips in is ended by the deadline of the whole (case 3)"""
    with Peer(port) as peer:
        for byte in wire.associate():
            peer.send(bytes([byte]))
            if select.select([peer.socket], [], [], 0.1)[0]:
                ended(peer)
                return
    raise AssertionError("it took the whole request")


@rude
def announced(port):
    """A request that announces 4 GiB is refused without waiting for them (case 3)"""
    with Peer(port, wire.pdu(1, bytes(100), length=0xFFFFFFFF)) as peer:
        ended(peer)


@rude
def lies(port):
    """Sub-items that announce more than there is are refused (case 4)"""
    good = wire.associate()
    for at in (74 + 2, 74 + 2 + 25, len(good) - 24):
        broken = good[:at] + b"\xff\xff" + good[at + 2 :]
        with Peer(port, broken) as peer:
            ended(peer)


@rude
def titles(port):
    """AE titles padded with NUL are known, others are rejected with the reason (case 5)"""
    with Peer(port) as peer:
        peer.associate(called=b"KOSGATE".ljust(16, b"\0"))
        peer.release()
    for called in (b"kosgate".ljust(16), b" " * 16, b"\x01\x02\xff".ljust(16, b"/")):
        with Peer(port, wire.associate(called=called)) as peer:
            kind, body = peer.read()
            assert (kind, body[3:4]) == (ASSOCIATE_RJ, b"\x07"), f"{called}: PDU {kind} {body.hex()}"


@rude
def blank_calling(port):
    """A blank or broken calling AE title gets an answer (case 5)"""
    for calling in (b" " * 16, b"\0" * 16, b"../../etc/passwd", b"\x1b[2J\r\n".ljust(16)):
        with Peer(port, wire.associate(calling=calling)) as peer:
            kind, body = peer.read()
            assert kind in (ASSOCIATE_AC, ASSOCIATE_RJ), f"{calling}: PDU {kind}"


@rude
def maximum_lengths(port):
    """A maximum length of 0, an odd one, none at all or one of a wrong size is accepted (case 7)"""
    for user in (struct.pack(">BBHI", 0x51, 0, 4, 0), struct.pack(">BBHI", 0x51, 0, 4, 65535), b"", wire.item(0x51, b"\0\1")):
        with Peer(port) as peer:
            peer.associate(user=user + wire.IMPLEMENTATION)
            assert peer.store("7.1") == 0
            peer.release()


@rude
def oversized(port):
    """A PDU larger than we announced is taken (case 8)"""
    with Peer(port) as peer:
        peer.associate()
        assert peer.store("8.1", pixels=3_000_000) == 0
        peer.release()


@rude
def crowded(port):
    """128 contexts of 30 transfer syntaxes, twice the same class, are each answered, in order (case 9)"""
    syntaxes = [wire.EXPLICIT, wire.IMPLICIT] + [f"1.2.840.10008.1.2.4.{number}" for number in range(50, 78)]
    contexts = b"".join(
        wire.context(number, f"1.2.840.10008.5.1.4.1.1.{1 + number // 4}", syntaxes) for number in range(1, 257, 2))
    with Peer(port) as peer:
        answers = wire.results(peer.associate(contexts))
        assert list(answers) == list(range(1, 257, 2)), answers
        peer.release()


@rude
def negotiation(port):
    """Asynchronous operations, roles, identity and unknown items are politely ignored (case 11)"""
    name = wire.CT.encode()
    user = wire.MAXIMUM_LENGTH + wire.IMPLEMENTATION + b"".join([
        wire.item(0x53, bytes(4)), wire.item(0x54, struct.pack(">H", len(name)) + name + b"\1\1"),
        wire.item(0x55, b"RUDE"), wire.item(0x56, struct.pack(">H", len(name)) + name + bytes(6)),
        wire.item(0x58, b"\1\0\0\4user\0\0"), wire.item(0x7E, b"what is this")])
    with Peer(port) as peer:
        answer = peer.associate(user=user)
        assert b"\x53\0\0\4\0\0" not in answer, "unlimited operations were accepted"
        assert peer.store("11.1") == 0
        peer.release()


@rude
def aborts(port):
    """An abort before any request, twice, from the reserved source, or after a release ends the connection (case 12)"""
    for greeting in (wire.ABORT_PDU, wire.ABORT_PDU * 2, wire.pdu(7, b"\0\0\1\0"), wire.associate() + wire.RELEASE + wire.ABORT_PDU):
        with Peer(port, greeting) as peer:
            ended(peer)


@rude
def late_data(port):
    """Data after a release request is not taken for an instance (case 12)"""
    with Peer(port) as peer:
        request = store_request(f"{ROOT}.12.9")
        peer.send(wire.associate() + wire.RELEASE + data(pdv(1, COMMAND | LAST, request)) + data(pdv(1, LAST, wire.instance("12.9", study="12"))))
        kinds = [peer.read()[0] for _ in range(2)]
        assert kinds == [ASSOCIATE_AC, wire.RELEASE_RP], kinds


@rude
def vanishing(port):
    """A peer that vanishes, and one that closes only its side, leave no association behind (case 13)"""
    with Peer(port) as peer:
        peer.associate()
    with Peer(port) as peer:
        peer.associate()
        peer.socket.shutdown(1)
        ended(peer)


@rude
def idle(port):
    """An association that nobody uses is ended (case 13)"""
    with Peer(port) as peer:
        peer.associate()
        answers = ended(peer)
        assert [kind for kind, _ in answers] in ([ABORT], []), answers


@rude
def second_request(port):
    """A second association request on the same connection is answered by an abort (case 15)"""
    with Peer(port) as peer:
        peer.associate()
        peer.send(wire.associate())
        answers = ended(peer)
        assert [kind for kind, _ in answers] == [ABORT], answers


@rude
def short_associations(port):
    """A hundred associations of one instance each (case 16)"""
    for number in range(100):
        with Peer(port) as peer:
            peer.associate()
            assert peer.store(f"16.{number + 1}", study="16") == 0
            peer.release()


@rude
def too_many(port):
    """One association more than the limit is rejected as transient, local limit exceeded (case 17)"""
    peers = []
    try:
        for _ in range(7):  # The witness is the eighth.
            peers.append(Peer(port))
            peers[-1].associate()
        with Peer(port, wire.associate()) as peer:
            kind, body = peer.read()
            assert (kind, body[1:4]) == (ASSOCIATE_RJ, b"\2\3\2"), f"PDU {kind} {body.hex()}"
    finally:
        for peer in peers:
            peer.release()


@rude
def fragments(port):
    """Commands and data sets in fragments of any size, many in a PDU, empty ones too (case 18)"""
    request, dataset = store_request(f"{ROOT}.18.1"), wire.instance("18.1", study="18")
    with Peer(port) as peer:
        peer.associate()
        crumbs = [pdv(1, COMMAND, request[at : at + 1]) for at in range(len(request))]
        peer.send(b"".join(map(data, crumbs[:-1])) + data(pdv(1, COMMAND | LAST, request[-1:])))
        pieces = [pdv(1, 0, dataset[at : at + 7]) for at in range(0, len(dataset), 7)]
        peer.send(data(*pieces, pdv(1, 0, b"")) + data(pdv(1, LAST, b"")))
        assert peer.status() == 0
        request, dataset = store_request(f"{ROOT}.18.2", 2), wire.instance("18.2", study="18")
        peer.send(data(pdv(1, COMMAND | LAST, request), pdv(1, 0, dataset[:500]), pdv(1, LAST, dataset[500:])))
        assert peer.status() == 0
        peer.release()


@rude
def wrong_context(port):
    """Data on another context than its command, or on one that was not accepted, is answered by an abort (case 19)"""
    request, dataset = store_request(f"{ROOT}.19.1"), wire.instance("19.1", study="19")
    for number, other in ((1, 3), (9, 9)):
        with Peer(port) as peer:
            peer.associate()
            peer.send(data(pdv(number, COMMAND | LAST, request)) + data(pdv(other, LAST, dataset)))
            answers = ended(peer)
            assert [kind for kind, _ in answers] == [ABORT], answers


@rude
def loose_commands(port):
    """A command without priority, with a wrong group length, with message ID 0 or the same again is taken (cases 20, 21)"""
    with Peer(port) as peer:
        peer.associate()
        for number, options in enumerate(({"priority": False}, {"group_length": 7}, {"message": 0}, {"message": 0})):
            request = store_request(f"{ROOT}.20.{number}", **options)
            peer.send(data(pdv(1, COMMAND | LAST, request)) + data(pdv(1, LAST, wire.instance(f"20.{number}", study="20"))))
            assert peer.status() == 0, options
        peer.release()


@rude
def disagreeing(port):
    """An instance whose data set disagrees with its command, or whose command names none, is answered (case 22)"""
    with Peer(port) as peer:
        peer.associate()
        for request in (store_request(f"{ROOT}.22.7"), store_request(None), store_request(f"{ROOT}.22.8", sop_class="1.2.840.10008.5.1.4.1.1.4")):
            peer.send(data(pdv(1, COMMAND | LAST, request)) + data(pdv(1, LAST, wire.instance("22.1", study="22"))))
            status = peer.status()
            assert status in (0, 0xB007) or status >= 0xA900 or status in (0x0106, 0x0117, 0x0120), hex(status)
        peer.release()


@rude
def other_services(port):
    """Storage commitment is refused, an unknown command is answered as unrecognized, a cancel is let pass (case 23)"""
    with Peer(port) as peer:
        answers = wire.results(peer.associate(wire.CONTEXTS + wire.context(5, wire.COMMITMENT, [wire.IMPLICIT])))
        assert answers == {1: 0, 3: 0, 5: 3}, answers
        cancel = wire.command(wire.short(0x100, 0x0FFF), wire.short(0x120, 1), wire.short(0x800, 0x101))
        peer.send(data(pdv(3, COMMAND | LAST, cancel)))
        unknown = wire.command(wire.element(2, wire.VERIFICATION.encode()), wire.short(0x100, 0x0130), wire.short(0x110, 5),
                               wire.short(0x800, 0x101))
        peer.send(data(pdv(3, COMMAND | LAST, unknown)))
        assert peer.status() == 0x0211
        peer.send(data(pdv(3, COMMAND | LAST, wire.echo_request(6))))
        assert peer.status() == 0
        peer.release()


@rude
def cut(port):
    """An instance whose sender aborts, vanishes or stalls in its middle is not listed; the one before it is (case 24)"""
    dataset = wire.instance("24.2", study="24")
    for end in ("abort", "vanish", "stall"):
        with Peer(port) as peer:
            peer.associate()
            assert peer.store("24.1", study="24") == 0
            peer.send(data(pdv(1, COMMAND | LAST, store_request(f"{ROOT}.24.2", 2))) + data(pdv(1, 0, dataset[:-100])))
            if end == "abort":
                peer.send(wire.ABORT_PDU)
            if end == "stall":
                ended(peer)


@rude
def at_once(port):
    """The same instance over six associations at once is listed once (case 45)"""

    def send(_):
        with Peer(port) as peer:
            peer.associate()
            status = peer.store("45.1", study="45")
            peer.release()
            return status

    with concurrent.futures.ThreadPoolExecutor(6) as pool:
        statuses = list(pool.map(send, range(6)))
    assert statuses == [0] * 6, statuses


class Deaf(threading.Thread):
    """A peer that asks and asks and does not read its answers. It takes half a minute, so a gateway of its own."""

    def __init__(self):
        super().__init__(daemon=True)
        self.said = "nothing"

    def run(self):
        with Gateway(configuration=LIMITS) as gateway, Peer(gateway.port) as peer:
            peer.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            peer.associate()
            peer.socket.settimeout(0.2)
            asking = data(pdv(3, COMMAND | LAST, wire.echo_request())) * 1000
            # The kernel may keep the connection after the gateway let go of it: its word is in its log.
            end = time.monotonic() + 2 * PATIENCE
            while time.monotonic() < end and "ended by us" not in self.said:
                try:
                    peer.socket.sendall(asking)
                except TimeoutError:
                    pass
                except OSError:
                    time.sleep(0.2)
                self.said = gateway.said()


LISTED = {
    "16": {f"16.{number + 1}" for number in range(100)}, "18": {"18.1", "18.2"}, "20": {f"20.{n}" for n in range(4)},
    "24": {"24.1"}, "45": {"45.1"},
}
NEVER_LISTED = {"12", "19"}


class Witness(threading.Thread):
    """A well-behaved peer that sends all the while over one association: nobody else's business."""

    def __init__(self, port):
        super().__init__(daemon=True)
        self.port, self.sent, self.failure, self.ending = port, 0, None, threading.Event()

    def run(self):
        try:
            with Peer(self.port) as peer:
                peer.associate()
                while not self.ending.wait(0.05):
                    status = peer.store(f"99.{self.sent + 1}", study="99")
                    assert status == 0, hex(status)
                    self.sent += 1
                peer.release()
        except Exception as error:
            self.failure = repr(error)

    def end(self):
        self.ending.set()
        self.join(PATIENCE)
        assert self.failure is None, f"after {self.sent} instances: {self.failure}"


def run():
    deaf = Deaf()
    deaf.start()
    with Gateway(configuration=LIMITS) as gateway:
        witness = Witness(gateway.port)
        witness.start()
        for function in CASES:
            with case(function.__doc__):
                function(gateway.port)
                assert gateway.process.poll() is None, gateway.said()[-2000:]
                assert witness.failure is None, witness.failure
        with case("a peer that sent all the while over one association noticed nothing"):
            witness.end()
            LISTED["99"] = {f"99.{number + 1}" for number in range(witness.sent)}
        with case("what was acknowledged among all that is listed, and nothing else"):
            expected = {f"{ROOT}.{study}": {f"{ROOT}.{name}" for name in names} for study, names in LISTED.items()}
            found = {}

            def is_complete():
                found.update(manifests.latest(gateway.manifest_files()))
                return all(study in found and found[study].instances >= names for study, names in expected.items())

            wait_until(is_complete)
            problems = [f"{study}: {sorted(found[study].instances) if study in found else 'no manifest'}"
                        for study, names in expected.items() if study not in found or found[study].instances != names]
            problems += [f"{study} is published" for study in NEVER_LISTED if f"{ROOT}.{study}" in found]
            assert not problems, listing(problems) + "\n" + gateway.said()[-3000:]
        with case("all of that took less than 32 MiB"):
            status = dict(line.split(":", 1) for line in open(f"/proc/{gateway.process.pid}/status"))
            assert int(status["VmHWM"].split()[0]) < 32 * 1024, status["VmHWM"]
        with case("and the gateway ends when it is asked to"):
            assert gateway.stop() == 0
    full()
    with case("a peer that does not read its answers is ended (case 14)"):
        deaf.join(3 * PATIENCE)
        assert "RUDE at 127.0.0.1 ended by us after waiting too long" in deaf.said, deaf.said


def full():
    """The reserve of the disk is larger than any disk: the same answer as a full one."""
    with Gateway(configuration='[manifest]\nprofile = "xds-i"\n[limits]\ndisk_reserve = "1024 GiB"\n') as gateway:
        with case("on a full disk associations are rejected for congestion (case 50)"):
            with Peer(gateway.port, wire.associate()) as peer:
                kind, body = peer.read()
                assert (kind, body[1:4]) == (ASSOCIATE_RJ, b"\2\3\1"), f"PDU {kind} {body.hex()}"
            assert not os.listdir(gateway.manifests) if os.path.isdir(gateway.manifests) else True
