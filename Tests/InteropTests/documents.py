"""`kosgate check` on the reference documents, and `kosgate manifest` on the corpus."""
import csv
import json
import os
import re
import subprocess
import tempfile

import pydicom

import expectations
import manifests
from cases import case, listing
from gateway import BINARY
from peers import arrival


def kosgate(*arguments, timeout=120):
    return subprocess.run([BINARY, *arguments], capture_output=True, text=True, errors="replace", timeout=timeout)


def verdict(path, profile):
    """error, warning or clean: by the exit status, and by the severities in the report for machines."""
    result = kosgate("check", "--profile", profile, "--format", "json", path)
    assert result.returncode in (0, 1), f"{path}: exit status {result.returncode}: {result.stderr}"
    severities = set(strings(json.loads(result.stdout), "severity"))
    assert (result.returncode == 1) == ("error" in severities), f"{path}: {result.returncode} and {severities}"
    return "error" if "error" in severities else "warning" if "warning" in severities else "clean"


def strings(value, key):
    """Every value of `key` in a tree of JSON."""
    if isinstance(value, list):
        for item in value:
            yield from strings(item, key)
    elif isinstance(value, dict):
        for name, item in value.items():
            if name == key:
                yield item
            else:
                yield from strings(item, key)


def check(shared):
    folder = os.path.join(shared, "kos")
    with open(os.path.join(folder, "expected.tsv")) as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    for profile in ("maincare", "xds-i"):
        judged = [row for row in rows if row[profile] != "-"]
        with case(f"kosgate check agrees with the expected verdict of {len(judged)} documents under {profile}"):
            problems = []
            for row in judged:
                found = verdict(os.path.join(folder, row["file"]), profile)
                if found != row[profile]:
                    problems.append(f"{row['file']}: {found}, expected {row[profile]} ({row['why']})")
            assert judged and not problems, listing(problems)


def facts(path):
    """What pydicom reads of a file, as if it had arrived; None when it finds nothing."""
    try:
        dataset = pydicom.dcmread(path, force=True, stop_before_pixels=True)
    except Exception:
        return None
    syntax = str(dataset.file_meta.get("TransferSyntaxUID", ""))
    return arrival(dataset, str(dataset.get("SOPClassUID", "")), str(dataset.get("SOPInstanceUID", "")), syntax, True)


def is_damaged(path):
    """Whether DCMTK cannot read the file to its end either."""
    return subprocess.run(["dcmdump", "-q", path], capture_output=True).returncode != 0


def made(corpus, types):
    """`kosgate manifest` over the whole folder: every file is in a manifest, or a line says why not."""
    title = "kosgate manifest on the corpus"
    known = {path: facts(path) for path in corpus}
    with tempfile.TemporaryDirectory(prefix="kosgate-test-") as folder:
        result = kosgate("manifest", os.path.dirname(corpus[0]), "--profile", "xds-i", "-o", folder)
        expected = expectations.studies(fact for fact in known.values() if fact)
        paths = sorted(os.path.join(folder, name) for name in os.listdir(folder) if name.endswith(".dcm"))
        found = manifests.latest(paths)
        held = re.findall(r"study (\S+) is held: (.*)", result.stderr)
        with case(f"{title}: every file is listed once, or a line says why not"):
            assert result.returncode == 1, f"exit status {result.returncode}: {result.stderr[-1000:]}"
            lines = dict(re.findall(r"^kosgate: (/\S+): (.*)$", result.stderr, re.M))
            listed = {uid for manifest in found.values() for uid in manifest.instances}
            silent = [path for path, fact in known.items()
                      if path not in lines and fact and expectations.is_listed(fact)
                      and fact.instance not in listed and fact.study not in dict(held)]
            assert found and not silent, listing(silent)
        with case(f"{title}: nothing is missing but what is damaged, nothing is there that should not be"):
            problems = [f"{path}: {lines[path]}" for path, fact in known.items()
                        if fact and expectations.is_listed(fact) and fact.study not in dict(held)
                        and fact.instance not in listed and not is_damaged(path)]
            problems += [f"{study}: a manifest, but no file is of it" for study in found.keys() - expected.keys()]
            for study in found.keys() & expected.keys():
                missing = {fact.instance for path, fact in known.items() if path in lines and fact}
                wanted = {uid: places for uid, places in expectations.references(expected[study]).items()
                          if uid not in missing or uid in found[study].instances}
                problems += expectations.differences(found[study], wanted)
                problems += expectations.wrong_value_types(found[study], types)
            assert not problems, listing(problems)
        with case(f"{title}: each hold has its true reason, {len(dict(held))} of {len(expected)} studies"):
            problems = []
            for study, arrivals in expected.items():
                must, may = expectations.holds(arrivals, "xds-i")
                given = {code for uid, line in held if uid == study for code in expectations.reasons(line)}
                if (study in found and must) or (given and not must <= given <= may):
                    problems.append(f"{study}: held for {given}, should be for {must}, may be for {may}")
            assert not problems, listing(problems)
        with case(f"{title}: {len(paths)} manifests pass dciodvfy, dsrdump and kosgate check"):
            problems = manifests.all_faults(paths, "xds-i")
            assert not problems, listing(f"{path}: {faults}" for path, faults in problems.items())


def failures(folder):
    """One clear line and exit status 2."""
    empty, none, text = (os.path.join(folder, name) for name in ("empty", "none", "text"))
    os.mkdir(none)
    open(empty, "w").close()
    with open(text, "w") as file:
        file.write("This is a letter, not an image.\n" * 100)
    for command in ("manifest", "check", "dump"):
        for path in (empty, text, os.path.join(folder, "absent"), *([none] if command == "manifest" else [])):
            with case(f"kosgate {command} says in one line what is wrong with a file: {os.path.basename(path)}"):
                result = kosgate(command, path)
                lines = [line for line in result.stderr.splitlines() if line.strip()]
                assert result.returncode == 2, f"exit status {result.returncode}"
                assert len(lines) == 1 and path in lines[0], result.stderr


def binary():
    """The release binary: what it holds and what it needs."""
    with case("the release binary holds no ICU and needs only the system's plain libraries"):
        symbols = subprocess.run(["strings", "-a", BINARY], capture_output=True, text=True, errors="replace").stdout
        assert not re.search(r"^icudt\d|^_?ucol_open|_FoundationICU", symbols, re.M), "there is ICU in it"
        needed = subprocess.run(["ldd", BINARY], capture_output=True, text=True, check=True).stdout
        names = set(re.findall(r"(lib[a-z0-9+_]+)\.so", needed))
        allowed = {"libsqlite3", "libzstd", "libz", "libm", "libc", "libstdc++", "libgcc_s", "libpthread", "libdl"}
        allowed |= {"libssl", "libcrypto"}
        # With what it needs itself.
        allowed |= {"libsystemd", "libcap", "libgcrypt", "liblzma", "liblz4"}
        assert names <= allowed, names - allowed
    with case("the release binary, stripped, is at most 32 MB"), tempfile.NamedTemporaryFile() as copy:
        subprocess.run(["strip", "-o", copy.name, BINARY], check=True)
        assert os.path.getsize(copy.name) <= 32e6, os.path.getsize(copy.name)
