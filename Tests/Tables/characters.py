#!/usr/bin/env python3
"""Writes Sources/DICOM/CharacterSets/{SingleByteTable,JISTable,KSTable,GBTable}.swift from Python's own codecs.

    python3 Tests/Tables/characters.py
"""
import pathlib
import unicodedata

FOLDER = pathlib.Path(__file__).resolve().parents[2] / "Sources/DICOM/CharacterSets"
UNASSIGNED = "\uFFFD"

# ISO registration number, codec, what it holds. Latin-1 (100) needs no table.
SINGLE_BYTE = [
    (101, "iso8859_2", "Latin alphabet No. 2"), (109, "iso8859_3", "Latin alphabet No. 3"),
    (110, "iso8859_4", "Latin alphabet No. 4"), (126, "iso8859_7", "Greek"), (127, "iso8859_6", "Arabic"),
    (138, "iso8859_8", "Hebrew"), (144, "iso8859_5", "Cyrillic"), (148, "iso8859_9", "Latin alphabet No. 5"),
    (166, "iso8859_11", "Thai"), (203, "iso8859_15", "Latin alphabet No. 9"),
]


def decoded(codec, *octets):
    if codec == "euc_kr" and octets == (0xA4, 0xD4):
        return "\u3164"  # the Hangul filler; Python takes it for the start of a composition
    try:
        text = bytes(octets).decode(codec)
    except UnicodeDecodeError:
        return UNASSIGNED
    return text if len(text) == 1 else UNASSIGNED


def literal(characters):
    """A table row as Swift writes it: what cannot be seen is escaped, unassigned places at the end are left out."""
    row = "".join(characters).rstrip(UNASSIGNED)
    invisible = lambda c: unicodedata.category(c)[0] in "ZC" or unicodedata.category(c) == "Mn" or c == "\u3164"
    return "".join(f"\\u{{{ord(c):X}}}" if invisible(c) else c for c in row)


def text(rows):
    return "\n".join(("        " + row).rstrip() for row in rows)


def single_byte():
    rows = [literal(decoded(codec, octet) for octet in range(0xA0, 0x100)) for _, codec, _ in SINGLE_BYTE]
    cases = "\n".join(f"    /// {what}.\n    case iso{number} = {number}" for number, _, what in SINGLE_BYTE)
    return f'''/// The right halves (bytes A0 to FF) of the single-byte character sets of PS3.3 §C.12.1.1.2, by ISO registration number.
enum SingleByteTable: Int, CaseIterable {{
{cases}

    /// A line per case, 96 characters each; U+FFFD and what is missing at the end is unassigned.
    static let rows: StaticString = """
{text(rows)}
        """
}}
'''


def grid(codec, prefix=()):
    return [literal(decoded(codec, *prefix, row, cell) for cell in range(0xA1, 0xFF)) for row in range(0xA1, 0xFF)]


def jis():
    return f'''/// The Japanese two-byte sets: a line per row (1 to 94), 94 characters each; U+FFFD and what is missing at the end of a
/// line is unassigned.
enum JISTable {{
    /// JIS X 0208 (ISO-IR 87).
    static let x0208: StaticString = """
{text(grid("euc_jp"))}
        """

    /// JIS X 0212 (ISO-IR 159).
    static let x0212: StaticString = """
{text(grid("euc_jp", (0x8F,)))}
        """
}}
'''


def ks():
    return f'''/// KS X 1001 (ISO-IR 149): a line per row (1 to 94), 94 characters each; U+FFFD and what is missing at the end of a line
/// is unassigned.
enum KSTable {{
    static let x1001: StaticString = """
{text(grid("euc_kr"))}
        """
}}
'''


def gb():
    user_defined = lambda c: UNASSIGNED if 0xE000 <= ord(c) <= 0xE765 else c
    rows = []
    for lead in range(0x81, 0xFF):
        row = [user_defined(decoded("gb18030", lead, trail)) for trail in range(0x40, 0xFF) if trail != 0x7F]
        rows += [literal(row[:95]), literal(row[95:])]
    return f'''/// GB 18030, the superset of GBK and GB 2312.
enum GBTable {{
    /// The two-byte characters: two lines per first byte (81 to FE), 95 characters each, for the second bytes 40 to 7E and
    /// 80 to FE; U+FFFD and what is missing at the end of a line is unassigned or (U+E000 to U+E765) user-defined.
    static let twoBytes: StaticString = """
{text(rows)}
        """

    /// The four-byte characters of the basic plane: from this number on (81308130 is 0), characters from this one on.
    static let fourByteRanges: [(number: UInt16, scalar: UInt16)] = [
{four_byte_ranges()}
    ]

    /// The four-byte numbers of the basic plane end before this one.
    static let fourByteEnd = 39420
}}
'''


def four_byte_ranges():
    ranges, previous = [], None
    for number in range(39420):
        octets = (number // 12600 + 0x81, number // 1260 % 10 + 0x30, number // 10 % 126 + 0x81, number % 10 + 0x30)
        scalar = ord(decoded("gb18030", *octets))
        assert scalar != 0xFFFD or number == 39417, number  # 8431A437 is U+FFFD itself
        if previous is None or scalar != previous + 1:
            ranges.append(f"(0x{number:04X}, 0x{scalar:04X}),")
        previous = scalar
    return "\n".join("        " + " ".join(ranges[i:i + 6]) for i in range(0, len(ranges), 6))


for name, make in [("SingleByteTable", single_byte), ("JISTable", jis), ("KSTable", ks), ("GBTable", gb)]:
    body = make()
    note = "/// Made by Tests/Tables/characters.py; not edited by hand.\n"
    head, _, tail = body.partition("enum ")
    (FOLDER / f"{name}.swift").write_text(head + "///\n" + note + "enum " + tail)
