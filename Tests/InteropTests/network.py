"""Each client sends the whole corpus, first to the reference receiver, then to the gateway."""
import subprocess

import expectations
import manifests
from cases import case, is_wanted, listing
from gateway import Gateway, wait_until
from peers import CLIENTS, DCMTK, Reference


def run(corpus):
    echo()
    for client in CLIENTS:
        if is_wanted(client):
            everything(client, corpus)


def echo():
    with case("echoscu is answered, and told when its presentation context is refused"), Gateway() as gateway:
        command = ["echoscu", "-v", "-aec", "KOSGATE", "--propose-ts", "3", "--repeat", "3", "127.0.0.1", str(gateway.port)]
        result = subprocess.run(command, env=DCMTK, capture_output=True, text=True, timeout=30)
        said = result.stdout + result.stderr
        assert result.returncode == 0, said
        assert said.count("Received Echo Response (Success)") == 3, said
    with case("an unknown called AE title is rejected, and the peer is told why"), Gateway() as gateway:
        command = ["echoscu", "-aec", "SOMEONE", "127.0.0.1", str(gateway.port)]
        result = subprocess.run(command, env=DCMTK, capture_output=True, text=True, timeout=30)
        assert result.returncode != 0 and "Called AE Title Not Recognized" in result.stderr, result.stderr


def everything(name, corpus):
    """The corpus by one client: acknowledged, listed once, in manifests that validators accept."""
    with Reference() as reference:
        known = {sent.path: sent for sent in CLIENTS[name](corpus, reference.port, "REFERENCE", name.upper())}
    sendable = [path for path in corpus if known[path].acknowledged]
    expected = expectations.references(reference.arrivals)
    with case(f"{name}: the reference receiver got enough of the corpus to judge by"):
        assert len(sendable) >= 180, f"{len(sendable)} of {len(corpus)}"
        unreadable = [arrival for arrival in reference.arrivals if not arrival.readable]
        assert not unreadable, listing(unreadable)

    with Gateway("--profile", "xds-i") as gateway:
        with case(f"{name}: every instance of {len(sendable)} that it can send is acknowledged"):
            results = {sent.path: sent for sent in CLIENTS[name](corpus, gateway.port, "KOSGATE", name.upper())}
            assert gateway.process.poll() is None, gateway.said()[-3000:]
            problems = [f"{path}: {results[path].status} {results[path].said[-300:]}" for path in sendable
                        if not results[path].acknowledged]
            assert not problems, listing(problems)
        found = {}

        def is_complete():
            found.update(manifests.latest(gateway.manifest_files()))
            return all(study in found and found[study].instances >= set(expected[study]) for study in expected)

        with case(f"{name}: each is listed once in the manifest of its study, and nothing else is"):
            wait_until(is_complete, 30)
            problems = [f"no manifest of {study}" for study in expected.keys() - found.keys()]
            problems += [f"a manifest of {study}, which nobody sent" for study in found.keys() - expected.keys()]
            for study in found.keys() & expected.keys():
                problems += expectations.differences(found[study], expected[study])
            assert not problems, listing(problems) + "\n" + gateway.said()[-3000:]
        with case(f"{name}: the manifests pass dciodvfy, dsrdump and kosgate check"):
            paths = gateway.manifest_files()
            assert paths, "there are no manifests"
            problems = manifests.all_faults(paths, "xds-i")
            assert not problems, listing(f"{path}: {faults}" for path, faults in problems.items())
        with case(f"{name}: the gateway ends when it is asked to"):
            assert gateway.stop() == 0, gateway.said()[-2000:]
