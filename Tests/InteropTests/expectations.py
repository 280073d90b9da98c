"""What must become of an instance, decided from what the reference receiver got (pydicom's reading, not ours)."""

import re
import unicodedata

# Titles of manifests and rejection notes: acted upon, never listed. Any other title is a note, listed like an image.
MANIFEST_TITLES = {"113030", "113031", "113032", "113033", "113034", "113035", "MADOTEMP001"}
REJECTION_TITLES = {"113001", "113037", "113038", "113039"}
KEY_OBJECT_SELECTION = "1.2.840.10008.5.1.4.1.1.88.59"


def is_kept_aside(arrival):
    """Whether it is answered with a warning: it does not say where it belongs, or its request names another instance."""
    if not all((arrival.study, arrival.series, arrival.instance, arrival.sop_class)):
        return True
    return (arrival.instance, arrival.sop_class) != (arrival.affected_instance, arrival.affected_class)


def is_listed(arrival):
    """Whether a manifest must list it: it is not kept aside, and is no manifest itself."""
    if arrival.sop_class == KEY_OBJECT_SELECTION and arrival.title in MANIFEST_TITLES | REJECTION_TITLES:
        return False
    return not is_kept_aside(arrival)


def studies(arrivals):
    """What must be listed, by study."""
    found = {}
    for arrival in filter(is_listed, arrivals):
        found.setdefault(arrival.study, []).append(arrival)
    return found


def references(arrivals):
    """{instance: {(series, class)}} of one study's instances."""
    found = {}
    for arrival in arrivals:
        found.setdefault(arrival.instance, set()).add((arrival.series, arrival.sop_class))
    return found


def wrong_value_types(manifest, types):
    """Content items whose value type is not that of their SOP class. `types`: by SOP Class UID."""
    found = [(instance, sop_class, manifest.value_types[instance]) for instance, sop_class in manifest.content]
    return [f"{manifest.study}: {instance} of {sop_class} is {given}, not {types[sop_class]}"
            for instance, sop_class, given in found if types.get(sop_class, given) != given]


def differences(manifest, expected):
    """How a manifest differs from what `references` expects of its study."""
    problems = []
    listed = set(manifest.instances)
    problems += [f"{manifest.study}: {uid} is missing" for uid in expected.keys() - listed]
    problems += [f"{manifest.study}: {uid} is listed and should not be" for uid in listed - expected.keys()]
    for (series, instance, sop_class), count in manifest.evidence.items():
        if count != 1:
            problems.append(f"{manifest.study}: {instance} is {count} times in the evidence")
        if instance in expected and (series, sop_class) not in expected[instance]:
            problems.append(f"{manifest.study}: {instance} is listed as {series} {sop_class}, not {expected[instance]}")
    for (instance, sop_class), count in manifest.content.items():
        if count != 1:
            problems.append(f"{manifest.study}: {instance} is {count} times in the content")
    evidence = {(instance, sop_class) for _, instance, sop_class in manifest.evidence}
    if evidence != set(manifest.content) or len(listed) != len(manifest.evidence):
        problems.append(f"{manifest.study}: evidence and content differ")
    return problems


# How the gateway's words tell why it holds a study.
REASONS = {
    "patient-name-missing": "has a Patient's Name",
    "patient-id-missing": "has a Patient ID",
    "issuer": "issued the Patient ID|issuer of the Patient ID",
    "birth-date": "Birth Date",
    "accession": "has an Accession Number",
    "date": "content date",
    "not-encodable": "cannot write",
    "invalid-uid": "is not a UID",
    "invalid-value": "longer than its VR allows",
    "two-patients": "different patients",
    "none-listable": "no instance that may be listed",
}


def reasons(line):
    """The reasons that a line of the log gives for a hold."""
    return {code for code, words in REASONS.items() if re.search(words, line)}


def is_uid(text):
    """PS3.5 §9.1: components of digits without leading zeros, 64 characters at most."""
    return len(text) <= 64 and re.fullmatch(r"(0|[1-9][0-9]*)(\.(0|[1-9][0-9]*))*", text) is not None


def has_known_root(text):
    """ISO/IEC 9834-1: a UID starts with 0, 1 or 2, and has two components at least."""
    return re.match(r"[0-2]\.", text) is not None


def is_date(text):
    """PS3.5 §6.2; old senders put full stops between."""
    return re.fullmatch(r"\d{4}(\.?)(0[1-9]|1[0-2])\1(0[1-9]|[12]\d|3[01])", text) is not None


def is_latin(text):
    """Whether ISO_IR 100 can write it, accents that it lacks stripped."""
    plain = "".join(letter for letter in unicodedata.normalize("NFD", text) if not unicodedata.combining(letter))
    return plain.isascii()


def holds(arrivals, profile):
    """(reasons that must hold a study, reasons that may) by what its listed instances say."""
    must, may = set(), set()
    uids = {uid for a in arrivals for uid in (a.study, a.series, a.instance, a.sop_class)}
    if not all(map(is_uid, uids)):
        must.add("invalid-uid")
    if not all(map(has_known_root, uids)):
        may.add("invalid-uid")
    patients = {(a.patient.identifier, a.patient.issuer) for a in arrivals}
    if len(patients) > 1:
        may.add("two-patients")
    if len({identifier for identifier, _ in patients if identifier}) > 1:
        must.add("two-patients")
    if any(len(a.accession) > 16 or len(a.patient.identifier) > 64 for a in arrivals):
        may.add("invalid-value")
    if any(len(group) > 64 for a in arrivals for group in a.patient.name.split("=")):
        may.add("invalid-value")
    if profile == "maincare":
        must |= demands(arrivals)
        may.add("issuer")
        if not all(is_latin(a.patient.name) for a in arrivals):
            may.add("not-encodable")
    return must, may | must


def demands(arrivals):
    """What the platform's specification wants in the headers and these do not say."""
    missing = set()
    if not any(a.patient.name.strip("^= ") for a in arrivals):
        missing.add("patient-name-missing")
    if not any(a.patient.identifier for a in arrivals):
        missing.add("patient-id-missing")
    if not any(is_date(a.patient.birth_date) for a in arrivals):
        missing.add("birth-date")
    if not any(a.accession for a in arrivals):
        missing.add("accession")
    if not any(is_date(date) for a in arrivals for date in a.dates):
        missing.add("date")
    return missing
