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

from newsreader.characters import MARKS, PICTOGRAPHS, RARE_MARKS, WIDE

MARKS_PER_BASE = 8
"""More combining marks than any script stacks; what is above would run over the lines around it."""

TAB_WIDTH = 4  # characters from one tab stop to the next
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
_SAMPLE = 4096
_RARE = 20  # one character in so many
_PIECE = 65536  # characters of a long line that are measured at a time
_LONG = 1000  # characters of a text of which it is quicker to look at those alone that are not plain
_PLAIN = bytes([*b"\n", *range(0x20, 0x7F)])


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
    return re.compile(f"[\t{_within_table(_UNFIT)}{MARKS}{_JOINERS}\U000101fd-\U0001e94a\U0001fffe-\U0010ffff]")


def _within_table(characters: str) -> str:
    return re.sub(".-.|.", lambda part: part[0] if part[0] < "\U00010000" else "", characters, flags=re.DOTALL)


@cache
def unfit() -> re.Pattern[str]:
    """What may not reach a terminal, wherever it stands."""
    return re.compile(f"[{_within_table(_UNFIT)}\U00013430-\U0001d17a\U0001fffe-\U0010ffff](?<=[{_UNFIT}])")


@cache
def _stray_tag() -> re.Pattern[str]:
    """A tag, or the flag of a country of the United Kingdom (group 1), which is the one use of tags."""
    countries = "|".join("".join(chr(0xE0000 + ord(letter)) for letter in name) for name in ("gbeng", "gbsct", "gbwls"))
    return re.compile(f"(\U0001f3f4(?:{countries})\U000e007f)|[{_TAGS}]")


@cache
def _stray_joiner() -> re.Pattern[str]:
    return re.compile(
        f"[{_JOINERS}](?!(?<=[{_JOINING_SCRIPTS}][\u200c\u200d])|(?<=[{PICTOGRAPHS}][{_CHOOSERS}])"
        f"|(?:(?<=[{PICTOGRAPHS}]\u200d)|(?<=[{PICTOGRAPHS}][{_CHOOSERS}]\u200d))(?=[{PICTOGRAPHS}])"
        f"|(?<=[{_SPACELESS_SCRIPTS}]\u200b)(?=[{_SPACELESS_SCRIPTS}])|(?<=[\u1820-\u18aa][\u180b-\u180f]))"
    )


@cache
def _long_chain() -> re.Pattern[str]:
    """More emoji in one than any that exists, for terminals draw those that they do not know side by side."""
    return re.compile(f"((?:\u200d[{PICTOGRAPHS}][{_CHOOSERS}]?){{4}})\u200d")


@cache
def _baseless() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """For the marks that begin a word: a quick look whether there may be any, and these (group 1)."""
    return (
        re.compile(f"[ \n][{MARKS}\U000101fd-\U0001e94a]"),
        re.compile(f"([{MARKS}{RARE_MARKS}])(?<![^ \n].)"),
    )


@cache
def _flood() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """For more marks on a base than the cap: a quick look whether there may be any, and these after those to keep."""
    most = f"[{MARKS}{_JOINERS}{RARE_MARKS}]{{{MARKS_PER_BASE}}}"
    return (
        re.compile(f"[{MARKS}{_JOINERS}\U000101fd-\U0001e94a]{{{MARKS_PER_BASE + 1}}}"),
        re.compile(f"({most})[{MARKS}{_JOINERS}{RARE_MARKS}]+"),
    )


def clean(text: str) -> Clean:
    """The text as it may reach a terminal, by the rule above; newlines stay."""
    if type(text) is Clean:
        return text
    looked_at = _unplain(text) if len(text) > _LONG else text
    if not _other_than_narrow().search(looked_at) or not _suspect().search(looked_at):
        return Clean(text)
    if "\r" in text:
        text = text.replace("\r\n", "\n")
    first = unfit().search(text)
    if first:
        text = _show(text, first.start())
    if "\t" in text:
        text = text.expandtabs(TAB_WIDTH)
    if not text.isascii():
        text = _tidy_marks(_tidy_joiners(text))
    return Clean(text)


def _unplain(text: str) -> str:
    """The characters that are not printable ASCII, where they are few; else all."""
    encoded = text.encode("utf-8", "surrogatepass")
    is_western = len(encoded) * _RARE < len(text) * (_RARE + 1)
    return encoded.translate(None, _PLAIN).decode("utf-8", "surrogatepass") if is_western else text


def _show(text: str, start: int) -> str:
    """The text with what is unfit shown; one by one where it is rare, as `translate` takes long for what is fit."""
    sample = text[start : start + _SAMPLE]
    if len(unfit().findall(sample)) * _RARE > len(sample):
        return text.translate(_SHOWN)
    return unfit().sub(lambda unfit: _SHOWN[ord(unfit[0])], text)


def _tidy_marks(text: str) -> str:
    may_be_baseless, baseless = _baseless()
    if may_be_baseless.search(text) or baseless.match(text):
        text = baseless.sub("\u25cc\\1", text)
    may_be_flood, flood = _flood()
    return flood.sub(r"\1", text) if may_be_flood.search(text) else text


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
        is_part = _is_among(code, MARKS + RARE_MARKS + _JOINERS + _TAGS + "\x00-\x1f\x7f-\x9f")
        return self.setdefault(code, chr(0 if is_part else _WIDEST if _is_among(code, WIDE) else 1))


_WIDTHS = _Widths()


@cache
def _clusters() -> re.Pattern[str]:
    """Characters that share cells though each has its own: flags, and emoji that are joined or chosen."""
    emoji = f"[{PICTOGRAPHS}][{_CHOOSERS}]?"
    return re.compile(f"[\U0001f1e6-\U0001f1ff]{{2}}|[{PICTOGRAPHS}]\ufe0f(?:\u200d{emoji})*|{emoji}(?:\u200d{emoji})+")


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
    kept = head[: bisect_right(sums, width - 1) - 1]
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
