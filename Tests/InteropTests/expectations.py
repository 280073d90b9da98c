"""What must become of an instance, decided from what the reference receiver got (pydicom's reading, not ours)."""

# Titles of manifests and rejection notes: acted upon, never listed. Any other title is a note, listed like an image.
MANIFEST_TITLES = {"113030", "113031", "113032", "113033", "113034", "113035", "MADOTEMP001"}
REJECTION_TITLES = {"113001", "113037", "113038", "113039"}
KEY_OBJECT_SELECTION = "1.2.840.10008.5.1.4.1.1.88.59"


def is_listed(arrival):
    """Whether a manifest must list it: it says where it belongs, and is no manifest itself."""
    if arrival.sop_class == KEY_OBJECT_SELECTION and arrival.title in MANIFEST_TITLES | REJECTION_TITLES:
        return False
    return all((arrival.study, arrival.series, arrival.instance, arrival.sop_class))


def references(arrivals):
    """{study: {instance: {(series, class)}}} of what must be listed."""
    found = {}
    for arrival in filter(is_listed, arrivals):
        study = found.setdefault(arrival.study, {})
        study.setdefault(arrival.instance, set()).add((arrival.series, arrival.sop_class))
    return found


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
