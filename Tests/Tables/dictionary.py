#!/usr/bin/env python3
"""Writes Sources/DICOM/Dictionary/{ElementTable,UIDTable}.swift from public editions of PS3.6.

Sources: pydicom (PyPI, `pip install pydicom==3.0.2`), whose dictionaries are made from PS3.6, PS3.7 annex E and
PS3.6 annex A; and a CSV of the storage SOP classes (columns uid, value_type) made from PS3.4 table B.5-1 and the IODs
of PS3.3 annex A: a class whose IOD has an Image IE is IMAGE, a Waveform IE WAVEFORM, any other COMPOSITE.
Without the CSV the value types are read back from the UID table that is there.

    python3 Tests/Tables/dictionary.py [storage_sop_classes.csv]
"""
import csv
import pathlib
import re
import sys

import pydicom
from pydicom._dicom_dict import DicomDictionary, RepeatersDictionary
from pydicom._uid_dict import UID_dictionary

FOLDER = pathlib.Path(__file__).resolve().parents[2] / "Sources/DICOM/Dictionary"
FIRST_SENSIBLE = {"OB or OW": "OW", "US or SS": "US", "US or SS or OW": "US", "US or OW": "US", "NONE": "--"}
LETTER = {"IMAGE": "I", "WAVEFORM": "W", "COMPOSITE": "C"}


def element_line(tag, entry):
    vr, _, name, _, keyword = entry
    name = name if keyword else ""
    return f"{tag} {FIRST_SENSIBLE.get(vr, vr)} {keyword}|{name}"


def element_table():
    lines = [element_line(f"{tag:08X}", DicomDictionary[tag]) for tag in sorted(DicomDictionary)]
    repeating = [element_line(tag, RepeatersDictionary[tag]) for tag in sorted(RepeatersDictionary)]
    text = f'''/// The data elements of PS3.6 (with the command elements of PS3.7 annex E), retired ones too, as one text.
///
/// Made by Tests/Tables/dictionary.py from pydicom {pydicom.__version__}; not edited by hand. A line is the tag (8
/// hexadecimal digits), the VR (`--` for the delimiters of PS3.5 §7.5, which have none), the keyword and, after `|`,
/// the name. Lines ascend by tag. Where the standard leaves a choice ("US or SS", "OB or OW") the line has the usual
/// one (US, OW).
enum ElementTable {{
    static let elements: StaticString = """
{indented(lines)}
        """

    /// Repeating groups and elements: `x` stands for any hexadecimal digit.
    static let repeating: StaticString = """
{indented(repeating)}
        """
}}
'''
    (FOLDER / "ElementTable.swift").write_text(text)


def indented(lines):
    return "\n".join("        " + line for line in lines)


def value_types():
    if len(sys.argv) > 1:
        with open(sys.argv[1], newline="") as file:
            return {row["uid"]: LETTER[row["value_type"]] for row in csv.DictReader(file)}
    old = (FOLDER / "UIDTable.swift").read_text()
    return dict(re.findall(r"^ +(1\.2[0-9.]+) ([IWC]) ", old, re.M))


def uid_table():
    storage = value_types()
    assert len(storage) == 204, len(storage)
    lines = []
    for uid in sorted(UID_dictionary):
        name, kind, _, retired, _ = UID_dictionary[uid]
        if not name:
            continue
        letter = storage.get(uid) or {"Transfer Syntax": "T"}.get(kind) or ("N" if "Class" in kind else "-")
        name = re.sub(r" \(Retired\)$", "", name)
        name = re.sub(r": Default Transfer Syntax for.*$", "", name)
        name = re.sub(r" SOP Class(?: UID)?$", "", name) if letter in "IWCN" else name
        lines.append(f"{uid} {letter}{' ' if not retired else '*'} {name}")
    text = f'''/// The UIDs of PS3.6 annex A as one text, in ascending order of their characters.
///
/// Made by Tests/Tables/dictionary.py from pydicom {pydicom.__version__} and PS3.4 table B.5-1; not edited by hand. After
/// the UID: what it is (`I`, `W`, `C` storage class of images, waveforms, composite instances; `N` another SOP or
/// service class; `T` transfer syntax; `-` neither), then `*` when retired, and the name.
enum UIDTable {{
    static let uids: StaticString = """
{indented(lines)}
        """
}}
'''
    (FOLDER / "UIDTable.swift").write_text(text)


element_table()
uid_table()
