"""`kosgate check` on the reference documents, and `kosgate manifest` on the corpus."""
import csv
import json
import os
import subprocess

from cases import case, listing
from gateway import BINARY


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
