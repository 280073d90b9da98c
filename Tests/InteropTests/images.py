"""Images sent on: what the same sender's images become at a destination directly, they become by way of the gateway."""
import collections
import contextlib
import os
import tempfile

import pydicom
from pydicom.uid import (
    CTImageStorage, ExplicitVRLittleEndian, ImplicitVRLittleEndian, JPEGBaseline8Bit, MRImageStorage, generate_uid)

import expectations
import image_commitment
import image_order
import manifests
import peers
import platforms
from cases import case, is_wanted, listing, skip
from destinations import KEY_OBJECTS, OrthancDestination, RecordingDestination, dcmrecv, storage_classes, storescp
from gateway import wait_until
from image_gateway import destination, forwarding
from pacs import PACS, Identity, examination


def run(corpus):
    """`corpus`: paths; empty without the shared folder."""
    for name, place in PLACES.items():
        if not corpus:
            skip(f"images: the corpus by way of the gateway to {name}", "there is no corpus")
        elif is_wanted(f"images: the corpus by way of the gateway to {name}"):
            with tempfile.TemporaryDirectory() as folder, place(folder, corpus) as peer:
                everything(name, corpus, peer)
    if is_wanted("images: a storescp that misbehaves"):
        misbehaving()
    for part in (rules, implicit_only, refused):
        if is_wanted(f"images: {part.__doc__}"):
            with case(f"images: {part.__doc__}"):
                part()
    image_order.run()
    image_commitment.run()


# MARK: The corpus


@contextlib.contextmanager
def orthanc(folder, corpus):
    with platforms.orthanc_server(folder, {"OverwriteInstances": False, "DicomScpTimeout": 1}) as (port, http):
        yield OrthancDestination("ORTHANC", port, lambda path: platforms.get(http, path))


def receiver(folder, corpus):
    contexts = collections.defaultdict(set)
    for facts in map(peers.meta, corpus):
        sop_class, syntax = (peers.text(facts, key) for key in ("MediaStorageSOPClassUID", "TransferSyntaxUID"))
        if sop_class in storage_classes() and syntax:
            contexts[sop_class].add(syntax)
    return dcmrecv(folder, contexts)


PLACES = {
    "pynetdicom": lambda folder, corpus: RecordingDestination(), "storescp": lambda folder, corpus: storescp(folder),
    "dcmrecv": receiver, "Orthanc": orthanc,
}


def alone(corpus):
    """Files whose SOP Instance UID no other has: of two copies a destination keeps one or the other."""
    paths = collections.defaultdict(list)
    for path in corpus:
        paths[peers.text(peers.meta(path), "MediaStorageSOPInstanceUID")].append(path)
    return [path for uid, found in paths.items() if uid and len(found) == 1 for path in found]


def is_manifest(path):
    """Or a rejection note: it goes where something is that it may reject."""
    if peers.text(peers.meta(path), "MediaStorageSOPClassUID") != KEY_OBJECTS:
        return False
    [title] = pydicom.dcmread(path).ConceptNameCodeSequence
    return title.CodeValue in expectations.MANIFEST_TITLES | expectations.REJECTION_TITLES


def everything(name, corpus, peer):
    """Sent directly, then, from new copies of the same peer, by way of the gateway."""
    title = f"images: the corpus by way of the gateway to {name}"
    corpus = alone(corpus)
    with tempfile.TemporaryDirectory() as folder, PLACES[name](folder, corpus) as direct:
        sent = {each.path: each for each in peers.pynetdicom(corpus, direct.port, direct.title, "DIRECT", tries=2)}
        taken = [path for path in corpus if sent[path].acknowledged]
        wanted = direct.copies()
    with case(f"{title}: {len(taken)} of {len(corpus)} files are such that it takes them"):
        assert len(taken) >= len(corpus) * 0.7 and len(wanted) >= len(taken) * 0.95, (len(taken), len(wanted))
    with forwarding(peer, associations=4) as gateway:
        with case(f"{title}: each arrives there, and is bit for bit what the sender's own would be"):
            results = {each.path: each for each in peers.pynetdicom(taken, gateway.port, "KOSGATE", "CORPUS")}
            refused = [f"{path}: {results[path]}" for path in taken
                       if not (results[path].acknowledged or results[path].warned)]
            assert not refused, listing(refused)
            at_rest = gateway.is_at_rest()
            # What is kept aside has no place in a study, so that nobody could withdraw it again; manifests are for platforms.
            aside = {peers.text(peers.meta(path), "MediaStorageSOPInstanceUID")
                     for path in taken if results[path].warned or is_manifest(path)}
            given = peer.copies()
            problems = [f"missing: {copy}" for copy in wanted.keys() - given.keys() if copy.instance not in aside]
            problems += [f"nobody sent this: {copy}" for copy in given.keys() - wanted.keys()]
            problems += [f"{count} times: {copy}" for copy, count in given.items() if count > 1]
            assert not problems, listing(problems) + f"\n{gateway.letters()[:2000]}"
        with case(f"{title}: nothing is left on the gateway's disk"):
            assert at_rest, f"{gateway.image_files()[:10]}\n{gateway.letters()[:2000]}"
        with case(f"{title}: the gateway ends when it is asked to"):
            assert gateway.stop() == 0, gateway.said()[-3000:]


# MARK: What goes wrong


def misbehaving():
    """Each of storescp's own ways to fail, then a good one at the same port."""
    for options in (["--refuse"], ["--abort-during"], ["--abort-after"], ["--sleep-during", "1"]):
        with case(f"images: a storescp that misbehaves ({' '.join(options)}), then a good one, has all of them once"), \
                tempfile.TemporaryDirectory() as folder:
            images = examination(Identity("IPP7", "EXEMPLE^ANNE"), (6, 4))
            peer = storescp(folder)
            os.makedirs(peer.folder)
            peer.start(*options)
            try:
                with forwarding(peer, connect_timeout=5) as gateway:
                    PACS(gateway.port).deliver(*images)
                    if options[0] != "--sleep-during":
                        assert wait_until(lambda: gateway.row("telepacs")["reason"]), gateway.said()[-3000:]
                        assert gateway.image_files(), "it forgot them"
                    peer.stop()
                    peer.start()
                    assert gateway.is_at_rest(), gateway.said()[-3000:]
            finally:
                peer.stop()
            arrived = collections.Counter(copy.instance for copy in peer.copies().elements())
            assert arrived.keys() == {str(image.SOPInstanceUID) for image in images}, arrived


# MARK: What is wanted, and what is taken


def rules():
    """rules by source, called AE title, modality, SOP class and element; what none wants leaves its header only"""
    sources = "".join(
        f'[[source]]\nname = "{title.lower()}"\nae_titles = ["{title}"]\n' for title in ("NORTH", "SOUTH"))
    wishes = {
        "by-source": 'source = ["north"]', "by-called": 'called = ["TELE"]', "by-modality": 'modality = ["MR"]',
        "by-class": 'sop_class = ["MR Image Storage"]', "by-two": 'source = ["south"]\nmodality = ["CT"]',
        "by-element": '[[image_destination.rule.element]]\ntag = "BodyPartExamined"\nin = ["HEAD", "NECK"]',
        "by-pattern": '[[image_destination.rule.element]]\ntag = "(0018,0015)"\nmatches = "CH*"',
        "by-value": '[[image_destination.rule.element]]\ntag = "BodyPartExamined"\nequals = "CHEST"'}
    studies = {
        "north": ("NORTH", "KOSGATE", "CT", None), "south": ("SOUTH", "KOSGATE", "CT", "FOOT"),
        "called": ("SOUTH", "TELE", "MR", None), "head": ("SOUTH", "KOSGATE", "MR", "HEAD"),
        "chest": ("SOUTH", "KOSGATE", "MR", "CHEST")}
    expected = {
        "by-source": {"north"}, "by-called": {"called"}, "by-modality": {"called", "head", "chest"},
        "by-class": {"called", "head", "chest"}, "by-two": {"south"}, "by-element": {"head"}, "by-pattern": {"chest"},
        "by-value": {"chest"}}
    with contextlib.ExitStack() as stack:
        places = {name: stack.enter_context(RecordingDestination(name.upper())) for name in wishes}
        tables = [destination(places[name], name, [rule]) for name, rule in wishes.items()]
        gateway = stack.enter_context(forwarding(*tables, sources=sources))
        images = {}
        for name, (source, called, modality, part) in studies.items():
            images[name] = examination(Identity("IPP8", "EXEMPLE^ZOÉ"), (2,))
            for image in images[name]:
                image.Modality, image.SOPClassUID = modality, MRImageStorage if modality == "MR" else CTImageStorage
                if part:
                    image.BodyPartExamined = part
            PACS(gateway.port, source, called).deliver(*images[name])
        for name, place in places.items():
            wanted = [image for study in expected[name] for image in images[study]]
            assert place.wait(lambda: place.has(*wanted)), f"{name}: {place.received}"
        assert gateway.is_at_rest(), gateway.image_files()
        for name, place in places.items():
            wanted = {str(image.SOPInstanceUID) for study in expected[name] for image in images[study]}
            assert {each.instance for each in place.received} == wanted, f"{name}: {place.received}"
        assert wait_until(lambda: len(manifests.latest(gateway.manifest_files())) == len(studies)), gateway.said()[-2000:]


def implicit_only():
    """a destination that takes implicit VR alone gets it, and nothing else is changed"""
    with RecordingDestination(contexts={CTImageStorage: [ImplicitVRLittleEndian]}, keeps=True) as place, \
            forwarding(place) as gateway:
        images = examination(Identity("IPP9", "EXEMPLE^JOSÉ"), (2, 1))
        for image in images:
            image.add_new((0x0009, 0x0010), "LO", "TEST PRIVATE")
            image.add_new((0x0009, 0x1001), "SQ", [pydicom.Dataset()])
            image.ReferencedStudySequence = [pydicom.Dataset()]
            image.ReferencedStudySequence[0].ReferencedSOPInstanceUID = generate_uid()
        PACS(gateway.port).deliver(*images)
        assert place.wait(lambda: place.has(*images)), gateway.said()[-3000:]
        assert gateway.is_at_rest(), gateway.image_files()
        for image in images:
            [received] = place.of(image)
            assert received.transfer_syntax == ImplicitVRLittleEndian, received
            found = received.dataset
            assert found.PixelData == image.PixelData and found.PatientName == image.PatientName
            assert [element.tag for element in found] == [element.tag for element in image]
            different = [str(element) for element in image
                         if element.tag.group % 2 == 0 and found[element.tag].value != element.value]
            assert not different, different


def refused():
    """what a destination's contexts have no room for becomes a dead letter that says why; the rest arrives"""
    with RecordingDestination(contexts={CTImageStorage: [ExplicitVRLittleEndian]}) as place, \
            forwarding(place) as gateway:
        good = examination(Identity("IPP10", "EXEMPLE^LUC"), (2,))
        other = examination(Identity("IPP10", "EXEMPLE^LUC"), (1,))
        other[0].SOPClassUID, other[0].Modality = MRImageStorage, "MR"
        coded = examination(Identity("IPP10", "EXEMPLE^LUC"), (1,))
        coded[0].PixelData = pydicom.encaps.encapsulate([b"\xff\xd8" + bytes(64) + b"\xff\xd9"])
        coded[0]["PixelData"].is_undefined_length, coded[0]["PixelData"].VR = True, "OB"
        coded[0].file_meta.TransferSyntaxUID = JPEGBaseline8Bit
        PACS(gateway.port, contexts=[(CTImageStorage, JPEGBaseline8Bit)]).deliver(*coded)
        PACS(gateway.port).deliver(*other, *good)
        assert place.wait(lambda: place.has(*good)), gateway.said()[-3000:]
        for image, words in ((other[0], "MR Image Storage"), (coded[0], "JPEG Baseline")):
            uid = str(image.SOPInstanceUID)
            assert wait_until(lambda: uid in gateway.letters()), gateway.letters() + gateway.said()[-2000:]
            assert words in gateway.letters() or words in gateway.said(), f"{words}: {gateway.letters()}"
        assert wait_until(lambda: len(gateway.image_files()) == 2), "dead letters are kept"
        assert {each.instance for each in place.received} == {str(image.SOPInstanceUID) for image in good}
