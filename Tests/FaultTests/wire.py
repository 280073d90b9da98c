"""PS3.8 PDUs and PS3.7 commands, built byte by byte so that they can be wrong on purpose."""
import socket
import struct
import time

from gateway import PATIENCE

CT = "1.2.840.10008.5.1.4.1.1.2"
VERIFICATION = "1.2.840.10008.1.1"
COMMITMENT = "1.2.840.10008.1.20.1"
IMPLICIT, EXPLICIT = "1.2.840.10008.1.2", "1.2.840.10008.1.2.1"
ROOT = "2.25.306714022857264193840775216503984120687.98"
ASSOCIATE_AC, ASSOCIATE_RJ, DATA, RELEASE_RP, ABORT = 2, 3, 4, 6, 7


def item(kind, body):
    return struct.pack(">BBH", kind, 0, len(body)) + body


def context(number, abstract, syntaxes):
    names = b"".join(item(0x40, syntax.encode()) for syntax in syntaxes)
    return item(0x20, bytes([number, 0, 0, 0]) + item(0x30, abstract.encode()) + names)


CONTEXTS = context(1, CT, [EXPLICIT, IMPLICIT]) + context(3, VERIFICATION, [IMPLICIT])
MAXIMUM_LENGTH = item(0x51, struct.pack(">I", 16384))
IMPLEMENTATION = item(0x52, b"1.2.3.4.5")


def associate(contexts=CONTEXTS, user=MAXIMUM_LENGTH + IMPLEMENTATION, called=b"KOSGATE         ", calling=b"RUDE            "):
    body = struct.pack(">HH", 1, 0) + called + calling + bytes(32)
    body += item(0x10, b"1.2.840.10008.3.1.1.1") + contexts + item(0x50, user)
    return pdu(1, body)


def pdu(kind, body, length=None):
    return struct.pack(">BBI", kind, 0, len(body) if length is None else length) + body


def pdv(number, flags, data):
    return struct.pack(">IBB", len(data) + 2, number, flags) + data


def data(*pdvs):
    return pdu(4, b"".join(pdvs))


RELEASE, ABORT_PDU = pdu(5, bytes(4)), pdu(7, bytes(4))
COMMAND, LAST = 1, 2


def element(number, value):
    value += b"\0" * (len(value) % 2)
    return struct.pack("<HHI", 0, number, len(value)) + value


def short(number, value):
    return element(number, struct.pack("<H", value))


def command(*elements, group_length=None):
    body = b"".join(elements)
    return element(0, struct.pack("<I", len(body) if group_length is None else group_length)) + body


def store_request(instance, message=1, sop_class=CT, priority=True, **options):
    elements = [element(2, sop_class.encode()), short(0x100, 1), short(0x110, message)]
    elements += [short(0x700, 0)] * priority + [short(0x800, 0)]
    elements += [element(0x1000, instance.encode())] if instance is not None else []
    return command(*elements, **options)


def echo_request(message=1):
    return command(element(2, VERIFICATION.encode()), short(0x100, 0x30), short(0x110, message), short(0x800, 0x101))


def explicit(tag, vr, value):
    value += (b"\0" if vr == b"UI" else b" ") * (len(value) % 2)
    head = struct.pack("<HH2s", tag >> 16, tag & 0xFFFF, vr)
    return head + (struct.pack("<HI", 0, len(value)) if vr in (b"OW", b"OB") else struct.pack("<H", len(value))) + value


def instance(name, study="1", series="1", pixels=1024, uid=None):
    """A small CT in explicit little endian; `uid` differs from `name` where the data set is to disagree."""
    values = [
        (0x00080016, b"UI", CT.encode()), (0x00080018, b"UI", (uid or f"{ROOT}.{name}").encode()),
        (0x00080020, b"DA", b"20260316"), (0x00080030, b"TM", b"101500"), (0x00080050, b"SH", b"A1"),
        (0x00080060, b"CS", b"CT"), (0x00100010, b"PN", b"TEST^Rude"), (0x00100020, b"LO", b"R1"),
        (0x00100030, b"DA", b"19700101"), (0x00100040, b"CS", b"O"), (0x0020000D, b"UI", f"{ROOT}.{study}".encode()),
        (0x0020000E, b"UI", f"{ROOT}.{study}.{series}".encode()), (0x00200013, b"IS", b"1"),
        (0x7FE00010, b"OW", bytes(pixels)),
    ]
    return b"".join(explicit(*value) for value in values)


class Peer:
    """One connection. Reads are bounded by a deadline; the end of the stream reads as kind None."""

    def __init__(self, port, greeting=None):
        self.port = port
        self.connect()
        if greeting is not None:
            self.send(greeting)

    def connect(self):
        self.socket = socket.create_connection(("127.0.0.1", self.port), PATIENCE)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def send(self, content):
        try:
            self.socket.sendall(content)
        except OSError:
            pass  # The gateway may have closed already: what it said first is still to be read.

    def read(self):
        """(kind, body) of the next PDU; (None, b"") when the connection was closed or reset."""
        head = self._exactly(6)
        if head is None:
            return None, b""
        kind, _, length = struct.unpack(">BBI", head)
        return kind, self._exactly(length) or b""

    def _exactly(self, count):
        found = b""
        while len(found) < count:
            try:
                part = self.socket.recv(count - len(found))
            except ConnectionError:
                return None
            if not part:
                return None
            found += part
        return found

    def associate(self, *arguments, **options):
        """Again where the gateway still counts a peer that has just left."""
        end = time.monotonic() + PATIENCE
        while True:
            self.send(associate(*arguments, **options))
            kind, body = self.read()
            if (kind, body[1:4]) != (ASSOCIATE_RJ, b"\2\3\2") or time.monotonic() > end:
                break
            self.close()
            time.sleep(0.05)
            self.connect()
        assert kind == ASSOCIATE_AC, f"answered by PDU {kind}: {body.hex()}"
        return body

    def status(self):
        """The status of the next response."""
        kind, body = self.read()
        assert kind == DATA, f"answered by PDU {kind}: {body.hex()}"
        at = body.index(struct.pack("<HHI", 0, 0x900, 2)) + 8
        return struct.unpack_from("<H", body, at)[0]

    def store(self, name, message=1, **options):
        uid = f"{ROOT}.{name}"
        self.send(data(pdv(1, COMMAND | LAST, store_request(uid, message))) + data(pdv(1, LAST, instance(name, **options))))
        return self.status()

    def release(self):
        self.send(RELEASE)
        kind, _ = self.read()
        assert kind == RELEASE_RP, f"the release was answered by PDU {kind}"
        self.close()

    def close(self):
        self.socket.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


def results(body):
    """{context: result} of an A-ASSOCIATE-AC, in its order."""
    found, at = {}, 68
    while at + 4 <= len(body):
        kind, _, length = struct.unpack_from(">BBH", body, at)
        if kind == 0x21:
            found[body[at + 4]] = body[at + 6]
        at += 4 + length
    return found
