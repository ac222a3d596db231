"""What may reach a terminal: cleaned text, its width in cells, and its rows.

The rule of `clean`, which every title, source, body, file name and message passes on its way to a terminal:

- A line ends with a newline and nothing else: carriage return, vertical tab, form feed, NEL and the line and paragraph
  separators become one. A tab becomes spaces.
- Any other control character is shown as its picture: escape as `␛`, delete as `␡`, the controls from U+0080 on as `�`.
  What follows an escape is ordinary text and stays, so that nothing can be hidden behind a sequence that never ends.
- Lone surrogates and non-characters are shown as `�`.
- What has no shape and can only mislead goes: marks, overrides and isolates of direction, zero-width and soft-hyphen
  characters, tags, fillers, variation selectors. It stays where a script or an emoji needs it: joiners after a letter
  of Arabic, an Indic or a kindred script, zero-width spaces between letters of scripts that write no spaces, Mongolian
  selectors, and the selectors, skin tones, joiners and flag tags of emoji. A blank Braille pattern becomes a space.
- A base carries at most `MARKS_PER_BASE` combining marks; a mark with nothing to stand on gets a dotted circle.
- Cleaning what is clean changes nothing.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cache
from itertools import accumulate

MARKS_PER_BASE = 8
"""More combining marks than any script stacks; what is above would run over the lines around it."""

TAB_WIDTH = 4  # characters from one tab stop to the next
_MARKS = (
    "\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u064b-\u065f\u0670"
    "\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed\u0711\u0730-\u074a\u07a6-\u07b0\u07eb-\u07f3\u07fd"
    "\u0816-\u0819\u081b-\u0823\u0825-\u0827\u0829-\u082d\u0859-\u085b\u0897-\u089f\u08ca-\u08e1\u08e3-\u0903"
    "\u093a-\u093c\u093e-\u094f\u0951-\u0957\u0962\u0963\u0981-\u0983\u09bc\u09be-\u09cd\u09d7\u09e2\u09e3"
    "\u09fe-\u0a03\u0a3c-\u0a51\u0a70\u0a71\u0a75\u0a81-\u0a83\u0abc\u0abe-\u0acd\u0ae2\u0ae3\u0afa-\u0b03\u0b3c"
    "\u0b3e-\u0b57\u0b62\u0b63\u0b82\u0bbe-\u0bcd\u0bd7\u0c00-\u0c04\u0c3c\u0c3e-\u0c56\u0c62\u0c63\u0c81-\u0c83\u0cbc"
    "\u0cbe-\u0cd6\u0ce2\u0ce3\u0cf3-\u0d03\u0d3b\u0d3c\u0d3e-\u0d4d\u0d57\u0d62\u0d63\u0d81-\u0d83\u0dca-\u0ddf\u0df2"
    "\u0df3\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u0eb1\u0eb4-\u0ebc\u0ec8-\u0ece\u0f18\u0f19\u0f35\u0f37\u0f39\u0f3e\u0f3f"
    "\u0f71-\u0f84\u0f86\u0f87\u0f8d-\u0fbc\u0fc6\u102b-\u103e\u1056-\u1059\u105e-\u1060\u1062-\u1064\u1067-\u106d"
    "\u1071-\u1074\u1082-\u108d\u108f\u109a-\u109d\u1161-\u11ff\u135d-\u135f\u1712-\u1715\u1732-\u1734\u1752\u1753"
    "\u1772\u1773\u17b6-\u17d3\u17dd\u1885\u1886\u18a9\u1920-\u193b\u1a17-\u1a1b\u1a55-\u1a7f\u1ab0-\u1b04"
    "\u1b34-\u1b44\u1b6b-\u1b73\u1b80-\u1b82\u1ba1-\u1bad\u1be6-\u1bf3\u1c24-\u1c37\u1cd0-\u1cd2\u1cd4-\u1ce8\u1ced"
    "\u1cf4\u1cf7-\u1cf9\u1dc0-\u1dff\u20d0-\u20f0\u2cef-\u2cf1\u2d7f\u2de0-\u2dff\u302a-\u302f\u3099\u309a"
    "\ua66f-\ua672\ua674-\ua67d\ua69e\ua69f\ua6f0\ua6f1\ua802\ua806\ua80b\ua823-\ua827\ua82c\ua880\ua881\ua8b4-\ua8c5"
    "\ua8e0-\ua8f1\ua8ff\ua926-\ua92d\ua947-\ua953\ua980-\ua983\ua9b3-\ua9c0\ua9e5\uaa29-\uaa36\uaa43\uaa4c\uaa4d"
    "\uaa7b-\uaa7d\uaab0\uaab2-\uaab4\uaab7\uaab8\uaabe\uaabf\uaac1\uaaeb-\uaaef\uaaf5\uaaf6\uabe3-\uabea\uabec\uabed"
    "\ud7b0-\ud7ff\ufb1e\ufe20-\ufe2f"
)
_RARE_MARKS = (
    "\U000101fd\U000102e0\U00010376-\U0001037a\U00010a01-\U00010a0f\U00010a38-\U00010a3f\U00010ae5\U00010ae6"
    "\U00010d24-\U00010d27\U00010d69-\U00010d6d\U00010eab\U00010eac\U00010efa-\U00010eff\U00010f46-\U00010f50"
    "\U00010f82-\U00010f85\U00011000-\U00011002\U00011038-\U00011046\U00011070\U00011073\U00011074"
    "\U0001107f-\U00011082\U000110b0-\U000110ba\U000110c2\U00011100-\U00011102\U00011127-\U00011134\U00011145"
    "\U00011146\U00011173\U00011180-\U00011182\U000111b3-\U000111c0\U000111c9-\U000111cc\U000111ce\U000111cf"
    "\U0001122c-\U00011237\U0001123e-\U00011241\U000112df-\U000112ea\U00011300-\U00011303\U0001133b\U0001133c"
    "\U0001133e-\U0001134d\U00011357\U00011362-\U000113e2\U00011435-\U00011446\U0001145e\U000114b0-\U000114c3"
    "\U000115af-\U000115c0\U000115dc\U000115dd\U00011630-\U00011640\U000116ab-\U000116b7\U0001171d-\U0001172b"
    "\U0001182c-\U0001183a\U00011930-\U0001193e\U00011940\U00011942\U00011943\U000119d1-\U000119e0\U000119e4"
    "\U00011a01-\U00011a0a\U00011a33-\U00011a39\U00011a3b-\U00011a3e\U00011a47\U00011a51-\U00011a5b"
    "\U00011a8a-\U00011a99\U00011b60-\U00011b67\U00011c2f-\U00011c3f\U00011c92-\U00011cb6\U00011d31-\U00011d45"
    "\U00011d47\U00011d8a-\U00011d97\U00011ef3-\U00011ef6\U00011f00-\U00011f5a\U00013440-\U00013455"
    "\U0001611e-\U0001612f\U00016af0-\U00016af4\U00016b30-\U00016b36\U00016f4f\U00016f51-\U00016f92"
    "\U00016fe4-\U00016ff1\U0001bc9d\U0001bc9e\U0001cf00-\U0001cf46\U0001d165-\U0001d169\U0001d16d-\U0001d182"
    "\U0001d185-\U0001d18b\U0001d1aa-\U0001d1ad\U0001d242-\U0001d244\U0001da00-\U0001da36\U0001da3b-\U0001da6c"
    "\U0001da75\U0001da84\U0001da9b-\U0001daaf\U0001e000-\U0001e08f\U0001e130-\U0001e136\U0001e2ae"
    "\U0001e2ec-\U0001e2ef\U0001e4ec-\U0001e6f5\U0001e8d0-\U0001e8d6\U0001e944-\U0001e94a"
)
_WIDE = (
    "\u1100-\u115f\u231a\u231b\u2329\u232a\u23e9-\u23ec\u23f0\u23f3\u25fd\u25fe\u2614\u2615\u2630-\u2637\u2648-\u2653"
    "\u267f\u268a-\u268f\u2693\u26a1\u26aa\u26ab\u26bd\u26be\u26c4\u26c5\u26ce\u26d4\u26ea\u26f2\u26f3\u26f5\u26fa"
    "\u26fd\u2705\u270a\u270b\u2728\u274c\u274e\u2753-\u2755\u2757\u2795-\u2797\u27b0\u27bf\u2b1b\u2b1c\u2b50\u2b55"
    "\u2e80-\u3029\u3030-\u303e\u3041-\u3096\u309b-\u3247\u3250-\ua4c6\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff"
    "\ufe10-\ufe19\ufe30-\ufe6b\uff01-\uff60\uffe0-\uffe6\U00016fe0-\U00016fe3\U00016ff2-\U0001b2fb"
    "\U0001d300-\U0001d376\U0001f004\U0001f0cf\U0001f18e\U0001f191-\U0001f19a\U0001f200-\U0001f320"
    "\U0001f32d-\U0001f335\U0001f337-\U0001f37c\U0001f37e-\U0001f393\U0001f3a0-\U0001f3ca\U0001f3cf-\U0001f3d3"
    "\U0001f3e0-\U0001f3f0\U0001f3f4\U0001f3f8-\U0001f3fa\U0001f400-\U0001f43e\U0001f440\U0001f442-\U0001f4fc"
    "\U0001f4ff-\U0001f53d\U0001f54b-\U0001f54e\U0001f550-\U0001f567\U0001f57a\U0001f595\U0001f596\U0001f5a4"
    "\U0001f5fb-\U0001f64f\U0001f680-\U0001f6c5\U0001f6cc\U0001f6d0-\U0001f6d2\U0001f6d5-\U0001f6df"
    "\U0001f6eb\U0001f6ec\U0001f6f4-\U0001f6fc\U0001f7e0-\U0001f7f0\U0001f90c-\U0001f93a\U0001f93c-\U0001f945"
    "\U0001f947-\U0001f9ff\U0001fa70-\U0001faf8\U00020000-\U0003fffd"
)
_PICTOGRAPHS = (
    "\x23\x2a\x30-\x39\xa9\xae\u203c\u2049\u2122\u2139\u2194-\u2199\u21a9\u21aa\u231a\u231b\u2328-\u232a\u23cf"
    "\u23e9-\u23f3\u23f8-\u23fa\u24c2\u25aa\u25ab\u25b6\u25c0\u25fb-\u25fe\u2600-\u2604\u260e\u2611\u2614\u2615\u2618"
    "\u261d\u2620\u2622\u2623\u2626\u262a\u262e-\u263a\u2640\u2642\u2648-\u2653\u265f\u2660\u2663\u2665\u2666\u2668"
    "\u267b\u267e\u267f\u268a-\u268f\u2692-\u2697\u2699\u269b\u269c\u26a0\u26a1\u26a7\u26aa\u26ab\u26b0\u26b1"
    "\u26bd\u26be\u26c4\u26c5\u26c8\u26ce\u26cf\u26d1\u26d3\u26d4\u26e9\u26ea\u26f0-\u26f5\u26f7-\u26fa\u26fd\u2702"
    "\u2705\u2708-\u270d\u270f\u2712\u2714\u2716\u271d\u2721\u2728\u2733\u2734\u2744\u2747\u274c\u274e\u2753-\u2755"
    "\u2757\u2763\u2764\u2795-\u2797\u27a1\u27b0\u27bf\u2934\u2935\u2b05-\u2b07\u2b1b\u2b1c\u2b50\u2b55\u3030\u303d"
    "\u3297\u3299\U0001f000-\U0001f1e5\U0001f200-\U0001f3fa\U0001f400-\U0001faff"
)
# Ranges of Unicode 17: what takes no cell of its own, what takes two, and what a selector can turn into an emoji.

_JOINING_SCRIPTS = (
    "\u0600-\u109f\u1700-\u180a\u1810-\u18af\u1900-\u1cff\ua800-\uabff\ufb50-\ufdcf\ufe70-\ufefc"
    "\U00010a00-\U00011fff\U0001e900-\U0001e95f"
)
_SPACELESS_SCRIPTS = "\u0e00-\u109f\u1780-\u17ff\u1950-\u19ff\u1a20-\u1aaf\uaa60-\uaadf"
_CHOOSERS = "\ufe0e\ufe0f\U0001f3fb-\U0001f3ff"
_TAGS = "\U000e0020-\U000e007f"
_JOINERS = f"\u180b-\u180f\u200b-\u200d{_CHOOSERS}"
_NEWLINES = "\x0b\x0c\r\x85\u2028\u2029"
_BROKEN = "\x80-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff" + "".join(
    f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0x10000, 0x110000, 0x10000)
)
_SHAPELESS = (
    "\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u200e\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0d\ufeff\uffa0"
    "\ufff0-\ufffb\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d159\U0001d173-\U0001d17a\U000e0000-\U000e001f"
    "\U000e0080-\U000e0fff"
)
_UNFIT = f"\x00-\x08\x0e-\x1f\x7f\u2800{_NEWLINES}{_BROKEN}{_SHAPELESS}"
_FIT_NARROW = (
    "\n -~\xa0-\xac\xae-\u02ff\u0370-\u0482\u048a-\u058f\u2010-\u2027\u2030-\u205e\u20a0-\u20bf"
    "\u2100-\u2319\u2400-\u2426\u2500-\u25fc\ufffd"
)
# What Western prose is written with, all of it fit for a terminal and one cell wide.

_IDEOGRAPH = "[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff]"
_NEVER_FIRST = frozenset(
    "、。，．・：；？！゛゜ヽヾゝゞ々ー’”）〕］｝〉》」』】ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮ,.:;?!)]}%"
)
_NEVER_LAST = frozenset("‘“（〔［｛〈《「『【([{")

_WIDEST = 2  # cells that one character can take
_CHARACTERS_PER_CELL = 16  # more than cleaned text has, so that a long line can be measured piece by piece
_PIECE = 65536  # characters of a long line that are measured at a time


class Clean(str):
    """Text that may reach a terminal: made by `clean`, or by cutting and joining what `clean` made."""

    __slots__ = ()


@cache
def _bounds(characters: str) -> list[int]:
    """Where ranges, written as in a set of `re`, begin and have ended, in order."""
    parts = re.findall("(.)-(.)|(.)", characters, re.DOTALL)
    return sorted(bound for first, last, only in parts for bound in (ord(first or only), ord(last or only) + 1))


def _is_among(code: int, characters: str) -> bool:
    return bisect_right(_bounds(characters), code) % 2 == 1


class _Shown(dict[int, str]):
    """What each character is shown as, for `str.translate`."""

    def __missing__(self, code: int) -> str:
        if code < ord(" "):
            return self.setdefault(code, chr(0x2400 + code))
        shown = "\ufffd" if _is_among(code, _BROKEN) else "" if _is_among(code, _SHAPELESS) else chr(code)
        return self.setdefault(code, shown)


_SHOWN = _Shown({9: "\t", 0x7F: "\u2421", 0x2800: " ", **{ord(newline): "\n" for newline in "\n" + _NEWLINES}})


# Patterns over many ranges are compiled when first needed. Each begins with a set of few ranges beyond U+FFFF: `re`
# looks up the others in a table, but goes through those one by one at every character.


@cache
def _other_than_narrow() -> re.Pattern[str]:
    return re.compile(f"[^{_FIT_NARROW}]")


@cache
def _suspect() -> re.Pattern[str]:
    """Whatever the rule may concern, and a little more."""
    return re.compile(f"[\t{_within_table(_UNFIT)}{_MARKS}{_JOINERS}\U000101fd-\U0001e94a\U0001fffe-\U0010ffff]")


def _within_table(characters: str) -> str:
    return re.sub(".-.|.", lambda part: part[0] if part[0] < "\U00010000" else "", characters, flags=re.DOTALL)


@cache
def _unfit() -> re.Pattern[str]:
    return re.compile(f"[{_within_table(_UNFIT)}\U00013430-\U0001d17a\U0001fffe-\U0010ffff](?<=[{_UNFIT}])")


@cache
def _stray_tag() -> re.Pattern[str]:
    """A tag, or the flag of a country of the United Kingdom (group 1), which is the one use of tags."""
    countries = "|".join("".join(chr(0xE0000 + ord(letter)) for letter in name) for name in ("gbeng", "gbsct", "gbwls"))
    return re.compile(f"(\U0001f3f4(?:{countries})\U000e007f)|[{_TAGS}]")


@cache
def _stray_joiner() -> re.Pattern[str]:
    return re.compile(
        f"[{_JOINERS}](?!(?<=[{_JOINING_SCRIPTS}][\u200c\u200d])|(?<=[{_PICTOGRAPHS}][{_CHOOSERS}])"
        f"|(?:(?<=[{_PICTOGRAPHS}]\u200d)|(?<=[{_PICTOGRAPHS}][{_CHOOSERS}]\u200d))(?=[{_PICTOGRAPHS}])"
        f"|(?<=[{_SPACELESS_SCRIPTS}]\u200b)(?=[{_SPACELESS_SCRIPTS}])|(?<=[\u1820-\u18aa][\u180b-\u180f]))"
    )


@cache
def _long_chain() -> re.Pattern[str]:
    """More emoji in one than any that exists, for terminals draw those that they do not know side by side."""
    return re.compile(f"((?:\u200d[{_PICTOGRAPHS}][{_CHOOSERS}]?){{4}})\u200d")


@cache
def _astray() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    """For the marks that are out of place: where any may be; those that begin a word; those above the cap."""
    mark, part, baseless = f"[{_MARKS}{_RARE_MARKS}]", f"[{_MARKS}{_JOINERS}{_RARE_MARKS}]", "(?<![^ \n].)"
    most = f"{part}{{{MARKS_PER_BASE}}}"
    first = re.compile(f"[{_MARKS}\U000101fd-\U0001e94a](?:{baseless}|{most})")
    return first, re.compile(f"({mark}){baseless}"), re.compile(f"({most}){part}+")


def clean(text: str) -> Clean:
    """The text as it may reach a terminal, by the rule above; newlines stay."""
    if type(text) is Clean:
        return text
    if not _other_than_narrow().search(text) or not _suspect().search(text):
        return Clean(text)
    if "\r" in text:
        text = text.replace("\r\n", "\n")
    if _unfit().search(text):
        text = text.translate(_SHOWN)
    if "\t" in text:
        text = text.expandtabs(TAB_WIDTH)
    if not text.isascii():
        text = _tidy_joiners(text)
        astray, baseless, flood = _astray()
        if astray.search(text):
            text = flood.sub(r"\1", baseless.sub("\u25cc\\1", text))
    return Clean(text)


def _tidy_joiners(text: str) -> str:
    if re.search(f"[{_TAGS}]", text):
        text = _stray_tag().sub(r"\1", text)
    if re.search(f"[{_JOINERS}]", text):
        text = _long_chain().sub(r"\1", _stray_joiner().sub("", text))
    return text


def clean_line(text: str) -> Clean:
    """The text as one line: as `clean`, with a space for each newline and tab."""
    cleaned = clean(text.replace("\t", " ") if "\t" in text else text)
    return Clean(cleaned.replace("\n", " ")) if "\n" in cleaned else cleaned


class _Widths(dict[int, str]):
    """The cells of each character as a character of that code, for `str.translate`."""

    def __missing__(self, code: int) -> str:
        is_part = _is_among(code, _MARKS + _RARE_MARKS + _JOINERS + _TAGS + "\x00-\x1f\x7f-\x9f")
        return self.setdefault(code, chr(0 if is_part else _WIDEST if _is_among(code, _WIDE) else 1))


_WIDTHS = _Widths()


@cache
def _clusters() -> re.Pattern[str]:
    """Characters that share cells though each has its own: flags, and emoji that are joined or chosen."""
    emoji = f"[{_PICTOGRAPHS}][{_CHOOSERS}]?"
    return re.compile(
        f"[\U0001f1e6-\U0001f1ff]{{2}}|[{_PICTOGRAPHS}]\ufe0f(?:\u200d{emoji})*|{emoji}(?:\u200d{emoji})+"
    )


def _cells(text: str) -> bytearray:
    """The cells of each character; 0 for what belongs to the character before it."""
    cells = bytearray(text.translate(_WIDTHS), "latin-1")
    for cluster in _clusters().finditer(text) if re.search("[\u200d\ufe0f\U0001f1e6-\U0001f1ff]", text) else ():
        start, end = cluster.span()
        is_wide = cells[start] == _WIDEST or cells[start + 1] == 1 or text[start + 1] == "\ufe0f"
        cells[start:end] = bytes((_WIDEST if is_wide else 1, *bytes(end - start - 1)))
    return cells


def cell_width(text: str) -> int:
    """How many terminal cells the text takes."""
    if text.isascii() or not _other_than_narrow().search(text):
        return len(text)
    return sum(_cells(text))


def truncate(text: Clean, width: int) -> Clean:
    """The text if it fits into so many cells, else its beginning and `…`; empty for a width below 1."""
    if len(text) <= width and cell_width(text) <= width:
        return text
    head = text[: max(width, 0) * _CHARACTERS_PER_CELL]
    if len(head) == len(text) and cell_width(text) <= width:
        return text
    sums = list(accumulate(_cells(head), initial=0))
    kept = head[: bisect_right(sums, width - 1) - 1] if width > 0 else ""
    return Clean(kept.rstrip(" ") + "…" if width > 0 else "")


def wrap(text: Clean, width: int, hanging: int = 0) -> list[Clean]:
    """The text in rows of at most so many cells, rows after the first of each line indented by `hanging`.

    A word that is too long is broken between graphemes; a grapheme wider than `width` has a row for itself.
    """
    rows = []
    for line in text.split("\n"):
        first, *others = break_rows(line, width, hanging)
        rows.append(Clean(line[first[0] : first[1]]))
        rows += [Clean(" " * hanging + line[start:end]) for start, end in others]
    return rows


def break_rows(line: str, width: int, hanging: int = 0) -> list[tuple[int, int]]:
    """The offsets at which the rows of one line begin and end, at least one; spaces at the breaks belong to no row."""
    if line.isascii() or not _other_than_narrow().search(line):
        return _break_narrow(line, max(width, 1), hanging)
    return _break_by_cells(line, max(width, 1), hanging)


def _skip_indent(line: str, width: int) -> int:
    """Where the first row begins: at the indent, or after one that would not leave room for the first word."""
    indent = len(line) - len(line.lstrip(" "))
    word = line[indent : indent + width].split(" ", 1)[0]
    return 0 if indent + len(word) <= width else indent


def _skip_spaces(line: str, start: int, end: int) -> int:
    while start < end and line[start] == " ":
        start += 1
    return start


def _strip_end(line: str, start: int, end: int) -> int:
    while end > start and line[end - 1] == " ":
        end -= 1
    return end


def _break_narrow(line: str, width: int, hanging: int) -> list[tuple[int, int]]:
    rows: list[tuple[int, int]] = []
    start, size, room = _skip_indent(line, width), _strip_end(line, 0, len(line)), width
    find, has_gaps, later_room = line.rfind, line.find("  ", 0, size) >= 0, max(width - hanging, 1)
    word = _skip_spaces(line, start, size)
    while size - start > room:
        cut = find(" ", word, start + room + 1)
        if cut < 0:
            cut = word = start + room
        else:
            word = cut + 1
        if has_gaps:
            word = _skip_spaces(line, cut, size)
            cut = _strip_end(line, start, cut)
        rows.append((start, cut))
        start = word
        room = later_room
    rows.append((start, max(start, size)))
    return rows


def _break_by_cells(line: str, width: int, hanging: int) -> list[tuple[int, int]]:
    rows: list[tuple[int, int]] = []
    start, size, room = _skip_indent(line, width), _strip_end(line, 0, len(line)), width
    has_ideographs = re.search(_IDEOGRAPH, line) is not None
    reach = width * _CHARACTERS_PER_CELL
    piece_size = max(_PIECE, 2 * reach)
    piece, sums = start, _sums(line, start, piece_size)
    while start < size:
        if start + reach > piece + piece_size and piece + piece_size < size:
            piece, sums = start, _sums(line, start, piece_size)
        here = start - piece
        if sums[-1] - sums[here] <= room and piece + piece_size >= size:
            break
        stop = bisect_right(sums, max(sums[here] + room, sums[here + 1]), here + 1) - 1 + piece
        cut = _cut(line, start, min(stop, size), has_ideographs)
        rows.append((start, _strip_end(line, start, cut)))
        start = _skip_spaces(line, cut, size)
        room = max(width - hanging, 1)
    if start < size or not rows:
        rows.append((start, max(start, size)))
    return rows


def _sums(line: str, start: int, length: int) -> list[int]:
    """The cells before each character of a piece of the line, and at last those of the whole piece."""
    return list(accumulate(_cells(line[start : start + length]), initial=0))


def _cut(line: str, start: int, stop: int, has_ideographs: bool) -> int:
    """Where to break a row that can reach up to `stop`: between words, or beside an ideograph, or else at `stop`."""
    if stop == len(line) or line[stop] == " ":
        return stop
    word = _skip_spaces(line, start, stop)
    best = max(line.rfind(" ", word, stop), line.rfind("\u200b", word, stop)) + 1
    if has_ideographs:
        for place in range(stop, max(best, word), -1):
            last, first = line[place - 1], line[place]
            if (
                (re.match(_IDEOGRAPH, last) or re.match(_IDEOGRAPH, first))
                and last not in _NEVER_LAST
                and first not in _NEVER_FIRST
                and _WIDTHS[ord(first)] != "\0"
            ):
                return place
    return best or stop
