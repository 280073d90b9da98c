#!/usr/bin/env python3
"""Writes Sources/DICOM/CharacterSets/TransliterationTable.swift: what stands for a character that ISO 8859-1 lacks.

Rules, the first that applies: the list below; for Latin letters the canonical decomposition of Python's unicodedata
with the marks dropped that ISO 8859-1 cannot compose (all marks of other letters); the letter that the Unicode name has; the compatibility
decomposition, if it is printable ASCII. Cyrillic follows ICAO Doc 9303 part 3 section 6, Greek the letters of ISO 843.
No replacement may contain a delimiter of PS3.5 (backslash, ^ and =).

    python3 Tests/Tables/transliteration.py
"""
import pathlib
import re
import unicodedata

TARGET = pathlib.Path(__file__).resolve().parents[2] / "Sources/DICOM/CharacterSets/TransliterationTable.swift"
WIDTH = 100

LISTED = dict(pair.split("\t") for pair in """\
Œ OE|œ oe|Ÿ Y|Ĳ IJ|ĳ ij|Ł L|ł l|Đ D|đ d|Ħ H|ħ h|ı i|ĸ k|Ŋ N|ŋ n|ŉ 'n|Ŧ T|ŧ t|ſ s|Ə E|ə e|ẞ SS|Ɓ B|Ƅ H|ƅ h|Ɔ O|ɔ o
Ǝ E|ǝ e|Ɛ E|ɛ e|Ƣ OI|ƣ oi|Ʀ YR|Ƨ S|ƨ s|Ʃ SH|ʃ sh|ƪ sh|Ʊ U|ʊ u|Ʋ V|ʋ v|Ʒ ZH|ʒ zh|Ƹ ZH|ƹ zh|ƺ zh|ƻ dz|Ƽ Q|ƽ q|ƾ ts
ƿ w|Ƿ W|ǀ |,ǁ ||,ǂ |,ǃ !|Ǆ DZ|ǅ Dz|ǆ dz|Ǉ LJ|ǈ Lj|ǉ lj|Ǌ NJ|ǋ Nj|ǌ nj|Ǳ DZ|ǲ Dz|ǳ dz|Ƕ HV|ƕ hv|Ȝ GH|ȝ gh|Ȣ OU|ȣ ou
ȸ db|ȹ qp|Ɂ '|ɂ '|Ʌ V|ʌ v|Ɣ GH|ɣ gh|Ɩ I|ɩ i|Ɯ M|ɯ m|Ɵ O|ɵ o|ɸ f|ɑ a|ɒ a|ƍ d|ƛ l|ʔ '|ʕ '|ʻ '|ʼ '|ʽ '|ʾ '|ʿ '|ˈ '|ʹ '|ʺ "
ˆ '|ˇ '|˘ '|˙ '|˚ °|˛ '|˜ ~|˝ "|‐ -|‑ -|‒ -|– -|— -|― -|‖ |,‘ '|’ '|‚ '|‛ '|“ "|” "|„ "|‟ "|† +|‡ +|• ·|‣ ·|․ .|‥ ..|… ...
‧ ·|‰ o/oo|′ '|″ "|‴ '''|‵ '|‹ <|› >|‼ !!|⁄ /|⁎ *|⁓ ~|− -|∕ /|∗ *|∙ ·|∶ :|∼ ~|≈ ~|◦ °|€ EUR|₣ F|₤ £|₦ NGN|₩ KRW|₪ ILS|₫ VND
₹ INR|₽ RUB|₺ TRY|№ No|℃ °C|℉ °F|℗ (P)|℠ SM|™ TM|Ω ohm|℮ e|K K|Å Å|← <-|→ ->|↔ <->|– -|◌ o|、 ,|。 .|・ ·|「 "|」 "|〜 ~
А A|Б B|В V|Г G|Д D|Е E|Ё E|Ж ZH|З Z|И I|Й I|К K|Л L|М M|Н N|О O|П P|Р R|С S|Т T|У U|Ф F|Х KH|Ц TS|Ч CH|Ш SH|Щ SHCH
Ъ IE|Ы Y|Ь |Э E|Ю IU|Я IA|Ђ D|Ѓ G|Є IE|Ѕ DZ|І I|Ї I|Ј J|Љ LJ|Њ NJ|Ћ C|Ќ K|Ѝ I|Ў U|Џ DZ|Ґ G|Ѣ IE|Ѫ U|Ѳ F|Ѵ Y|Ғ G|Қ K|Ң N|Ө O
Ү U|Ұ U|Һ H|Ә A|Ҳ H|Ҷ J|Ӣ I|Ӯ U
Α A|Β V|Γ G|Δ D|Ε E|Ζ Z|Η I|Θ TH|Ι I|Κ K|Λ L|Μ M|Ν N|Ξ X|Ο O|Π P|Ρ R|Σ S|Τ T|Υ Y|Φ F|Χ CH|Ψ PS|Ω O
α a|β v|γ g|δ d|ε e|ζ z|η i|θ th|ι i|κ k|λ l|μ m|ν n|ξ x|ο o|π p|ρ r|σ s|ς s|τ t|υ y|φ f|χ ch|ψ ps|ω o
Ɖ D|ȷ j|Ʉ U|Ɋ Q|ẜ s|ẝ s|ẟ d|Ỻ LL|ỻ ll|Ỽ V|ỽ v
ϑ th|ϕ f|ϐ v|ϖ p|ϰ k|ϱ r|ϲ s|ϵ e|ϒ Y""".replace("|,", "\x00,").replace(",", "|").replace("\n", "|")
    .replace("\x00", "\x01").replace(" ", "\t").split("|") if "\t" in pair)
LISTED = {key: value.replace("\x01", "|") for key, value in LISTED.items()}
LISTED.update({"\u2126": "ohm", "\u212A": "K", "\u212B": "Å", "‚": "'", "、": ",", "ǁ": "||"})
for capital in [c for c in LISTED if "Ѐ" <= c <= "ӿ" and c.lower() != c]:
    LISTED[capital.lower()] = LISTED[capital].lower()

RANGES = [(0x100, 0x2B0), (0x2B9, 0x2DF), (0x370, 0x530), (0x1D00, 0x1DC0), (0x1E00, 0x2000), (0x2010, 0x2060),
          (0x2070, 0x20D0), (0x2100, 0x2200), (0x2212, 0x2250), (0x2460, 0x2500), (0x25CC, 0x25CD), (0x2C60, 0x2C80),
          (0x25E6, 0x25E7), (0x3001, 0x3020), (0x30FB, 0x30FC), (0xA720, 0xA800), (0xFB00, 0xFB07)]


def replacement(character):
    if character in LISTED:
        return LISTED[character]
    parts = unicodedata.normalize("NFD", character)
    is_letter = unicodedata.category(character)[0] == "L"
    if is_letter and len(parts) > 1 and (base := latin1(parts[0])) is not None:
        for mark in parts[1:] if "LATIN" in unicodedata.name(character) else "":
            composed = unicodedata.normalize("NFC", base + mark)
            base = composed if len(composed) == 1 and ord(composed) < 0x100 else base
        return base
    match = re.match(r"LATIN (SMALL|CAPITAL) LETTER ([A-Z])(?: WITH .*)?$", unicodedata.name(character, ""))
    if match:
        return match[2] if match[1] == "CAPITAL" else match[2].lower()
    if unicodedata.decomposition(character).startswith("<super>") and not is_letter or character == "⅟":
        return None  # 10⁴ must not become 104
    if "①" <= character <= "⑳":
        return f"({unicodedata.digit(character, ord(character) - 0x245F)})"
    compatible = unicodedata.normalize("NFKD", character).replace("⁄", "/").replace("−", "-")
    return compatible if compatible != character and all(" " < c <= "~" for c in compatible) else None


def latin1(character):
    return character if ord(character) < 0x100 else LISTED.get(character) or replacement(character)


def entries():
    for first, end in RANGES:
        for value in range(first, end):
            text = replacement(chr(value)) if unicodedata.category(chr(value))[0] not in "CMZ" else None
            if text is not None and not set("\\^=") & set(text):
                yield chr(value) + text


lines = [""]
for entry in entries():
    if len(lines[-1]) + 1 + len(entry) > WIDTH:
        lines.append("")
    lines[-1] += (" " if lines[-1] else "") + entry
body = "\n".join("        " + line for line in lines)
TARGET.write_text(f'''/// What stands for a character that ISO 8859-1 lacks.
///
/// Made by Tests/Tables/transliteration.py, which has the rules; not edited by hand. An entry is the character and what
/// is written for it (for the Cyrillic soft sign nothing); a space or a line's end separates entries.
enum TransliterationTable {{
    static let entries: StaticString = #"""
{body}
        """#
}}
''')

if __name__ == "__main__":
    written = {entry[0] for entry in entries()}
    latin = [chr(v) for first, end in [(0x100, 0x250), (0x1E00, 0x1F00)] for v in range(first, end)]
    print("Latin letters without an entry:", " ".join(c for c in latin if c not in written))
