"""Each client sends the whole corpus, first to the reference receiver, then to the gateway."""
import re
import subprocess

import expectations
import manifests
from cases import case, is_wanted, listing
from gateway import Gateway, wait_until
from peers import CLIENTS, DCMTK, Reference

# What maincare demands of the source, so that holds come from the images alone.
MAINCARE = """
[defaults]
retrieve_ae_title = "PACS"
retrieve_location_uid = "1.2.250.1.999.1"
[defaults.issuer_of_patient_id]
namespace = "TEST"
universal_id = "1.2.250.1.999.2"
[defaults.issuer_of_accession_number]
namespace = "TEST"
universal_id = "1.2.250.1.999.3"
[manifest]
profile = "maincare"
"""


def run(corpus, types):
    """`types`: the value type of each SOP class."""
    echo()
    for client in CLIENTS:
        if is_wanted(f"{client} xds-i"):
            everything(client, corpus, "xds-i", None, types)
    if is_wanted("pynetdicom maincare"):
        everything("pynetdicom", corpus, "maincare", MAINCARE, types)


def echo():
    def ask(*arguments):
        return subprocess.run(
            ["echoscu", *arguments, "127.0.0.1", str(gateway.port)], env=DCMTK, capture_output=True, text=True, timeout=120)

    with case("echoscu is answered as often as it asks"), Gateway() as gateway:
        result = ask("-v", "-aec", "KOSGATE", "--propose-ts", "3", "--repeat", "3")
        said = result.stdout + result.stderr
        assert result.returncode == 0 and said.count("Received Echo Response (Success)") == 3, said
    with case("an unknown called AE title is rejected, and the peer is told why"), Gateway() as gateway:
        result = ask("-aec", "SOMEONE")
        assert result.returncode != 0 and "Called AE Title Not Recognized" in result.stderr, result.stderr


def held(said):
    """{study: the lines of the log that say it is held, one for each reason}."""
    found = {}
    for match in re.finditer(r"^.*study (\S+) from \S+ is held.*$", said, re.M):
        found[match[1]] = found.get(match[1], "") + match[0] + "\n"
    return found


def everything(name, corpus, profile, configuration, types):
    """The corpus by one client under one profile."""
    title = f"{name} {profile}"
    with Reference() as reference:
        known = {sent.path: sent for sent in CLIENTS[name](corpus, reference.port, "REFERENCE", name.upper())}
    sendable = [path for path in corpus if known[path].acknowledged]
    expected = expectations.studies(reference.arrivals)
    with case(f"{title}: the reference receiver got enough of the corpus to judge by"):
        assert len(sendable) >= 180, f"{len(sendable)} of {len(corpus)}"
        unreadable = [arrival for arrival in reference.arrivals if not arrival.readable]
        assert not unreadable, listing(unreadable)

    with Gateway("--profile", profile, configuration=configuration) as gateway:
        with case(f"{title}: each of {len(sendable)} instances that it can send is acknowledged"):
            results = {sent.path: sent for sent in CLIENTS[name](corpus, gateway.port, "KOSGATE", name.upper())}
            assert gateway.process.poll() is None, gateway.said()[-3000:]
            problems = [f"{path}: {results[path].status} {results[path].said[-300:]}" for path in sendable
                        if not (results[path].acknowledged or results[path].warned)]
            assert not problems, listing(problems)
        with case(f"{title}: a warning is given for those that cannot be listed as they are sent, and for no other"):
            warned = sum(results[path].warned for path in sendable)
            aside = sum(map(expectations.is_kept_aside, reference.arrivals))
            assert warned == aside, f"{warned} warnings, {aside} expected"
        found = settled(gateway, expected)
        with case(f"{title}: each is listed once in the manifest of its study, or the study is held; nothing else is"):
            problems = misses(gateway, expected, found)
            assert not problems, listing(problems)
        with case(f"{title}: image, waveform or composite, as its SOP class is"):
            problems = [fault for manifest in found.values() for fault in expectations.wrong_value_types(manifest, types)]
            assert found and not problems, listing(problems)
        with case(f"{title}: each hold has its true reason, {len(held(gateway.said()))} of {len(expected)} studies"):
            problems = wrong_holds(gateway, expected, found, profile)
            assert not problems, listing(problems)
        with case(f"{title}: {len(found)} manifests pass dciodvfy, dsrdump and kosgate check"):
            paths = gateway.manifest_files()
            assert paths, "there are no manifests"
            problems = manifests.all_faults(paths, profile)
            assert not problems, listing(f"{path}: {faults}" for path, faults in problems.items())
        with case(f"{title}: the gateway ends when it is asked to"):
            assert gateway.stop() == 0, gateway.said()[-2000:]


def settled(gateway, expected):
    """The last manifests by study, once every study is published whole or held, or after a while."""
    found = {}

    def is_complete():
        found.update(manifests.latest(gateway.manifest_files()))
        waiting = expected.keys() - held(gateway.said()).keys()
        return all(
            study in found and found[study].instances >= {a.instance for a in expected[study]} for study in waiting)

    wait_until(is_complete)
    return found


def misses(gateway, expected, found):
    on_hold = held(gateway.said())
    problems = [f"{study}: neither a manifest nor a hold" for study in expected.keys() - found.keys() - on_hold.keys()]
    problems += [f"{study}: a manifest, but nobody sent it" for study in found.keys() - expected.keys()]
    for study in found.keys() & expected.keys():
        problems += expectations.differences(found[study], expectations.references(expected[study]))
    return problems


def wrong_holds(gateway, expected, found, profile):
    on_hold, problems = held(gateway.said()), []
    for study, arrivals in expected.items():
        must, may = expectations.holds(arrivals, profile)
        given = expectations.reasons(on_hold.get(study, ""))
        if study in found and must:
            problems.append(f"{study}: published in spite of {must}")
        if study in on_hold and study not in found and not (must <= given <= may):
            problems.append(f"{study}: held for {given or on_hold[study]}, should be for {must}, may be for {may}")
    return problems
