"""Folding text for searching: what counts as a word, and where a text holds the words that were sought.

`fold` maps each character on its own (so `fold(a + b) == fold(a) + fold(b)`), which lets a match in the folded text be
traced to the original. Its rules: letters and digits lose case, accents and typographic form (`ß` ss, `ø` o, `³` 3);
ideographs, kana and the letters of scripts that are written without spaces become words of one character each, so that
such text is found by substring; soft hyphens, joiners and direction marks vanish; all else separates words.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator

from newsreader.record import Record

_ASCII = bytes(range(0x80))
_SEPARATORS = bytes(byte for byte in _ASCII if not chr(byte).isalnum())  # as FTS5's ascii tokenizer has them
_TO_SPACES = bytes.maketrans(_SEPARATORS, b" " * len(_SEPARATORS))
_ASCII_TO_WORDS = _TO_SPACES.lower()
_TO_WORDS = _ASCII_TO_WORDS[:0x80] + b" " * 0x80
_WORD = "[^\x00-/:-`{-\x7f]+"  # the same set with its upper end named would take 2 ms to compile
_OTHER = "[^\x00-\x7f]"
_MOST_REPLACED = 40  # up to so many distinct characters, one str.replace for each is quicker than str.translate
_PLAIN_LETTERS = {
    "ø": "o", "đ": "d", "ł": "l", "ħ": "h", "ŧ": "t", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th",
    "\u0131": "i",
    "\u02bb": " ",  # a letter to Unicode, an apostrophe to those who type, as the next one
    "\u02bc": " ",
}  # fmt: skip
# Canonical combining classes: overlays, the points of Hebrew and Arabic, what stands above or below. The marks of Indic
# scripts have others or none: they are letters like the rest.
_ACCENT_CLASSES = frozenset([1, *range(10, 37), *range(200, 256)])
_WITHOUT_SPACES = (
    (0x0E01, 0x0EFF),  # Thai, Lao
    (0x1000, 0x109F),  # Burmese
    (0x1780, 0x17D3),  # Khmer
    (0x3005, 0x3007),  # ideographic repetition, closing mark and zero
    (0x3021, 0x3029),
    (0x3031, 0x303C),
    (0x3041, 0x3098),  # hiragana
    (0x309B, 0x30FF),  # katakana
    (0x31F0, 0x31FF),
    (0x3400, 0x4DBF),  # ideographs
    (0x4E00, 0x9FFF),
    (0xF900, 0xFAFF),
    (0x1AFF0, 0x1B16F),
    (0x20000, 0x3FFFF),
)


def _stands_alone(character: str) -> bool:
    return any(first <= ord(character) <= last for first, last in _WITHOUT_SPACES)


def _fold_part(character: str) -> str:
    """One character of a decomposition."""
    from unicodedata import category, combining, decimal

    kind = category(character)
    if kind == "Cf":
        return " " if character == "\u200b" else ""
    if kind[0] == "M":
        is_accent = combining(character) in _ACCENT_CLASSES or kind == "Me"
        is_selector = "\ufe00" <= character <= "\ufe0f" or character == "\u034f" or character >= "\U000e0100"
        return "" if is_accent or is_selector else character
    if kind == "Nd":
        return str(decimal(character))
    return character if kind[0] in "LN" else " "


def _fold_character(character: str) -> str:
    from unicodedata import category, normalize

    lowered = normalize("NFKD", character).casefold()
    parts = [_PLAIN_LETTERS.get(part) or _fold_part(part) for part in normalize("NFKD", lowered)]
    folded = normalize("NFC", "".join(parts))
    if any(map(_stands_alone, folded)):
        return "".join(f" {part} " if _stands_alone(part) else part for part in folded)
    is_fraction = "\u2044" in lowered
    if is_fraction or category(character)[0] not in "LNMC":
        return f" {folded} " if folded.strip() else " "
    return folded


class _Folded(dict[int, str]):
    """What each character folds to, by its code; filled as characters are met."""

    def __missing__(self, code: int) -> str:
        folded = chr(code).lower() if code < len(_ASCII) else _fold_character(chr(code))
        self[code] = folded
        return folded


_FOLDED = _Folded()


def fold(text: str) -> str:
    """The text as it is indexed and sought: without case and accents, words apart by ASCII characters.

    `Straße in Chișinău: 480 m³` gives `strasse in chisinau: 480 m3`.
    """
    if not text.isascii():
        # Deleting the ASCII bytes is by far the quickest way to the few characters that need a look.
        others = set(text.encode("utf-8", "surrogatepass").translate(None, _ASCII).decode("utf-8", "surrogatepass"))
        replacements = {character: _FOLDED[ord(character)] for character in others}
        if len(others) > _MOST_REPLACED or not all(map(str.isascii, replacements.values())):
            return text.translate(_FOLDED)
        for character, replacement in replacements.items():
            text = text.replace(character, replacement)
    return text.lower()


def _spaced(folded: str) -> bytes:
    """The words of a folded text as UTF-8, each between single spaces, one before the first and after the last."""
    return b" " + b" ".join(folded.encode().translate(_TO_SPACES).split()) + b" "


def words(text: str) -> list[str]:
    """The words of a text, folded: exactly those that FTS5's ascii tokenizer finds in `fold(text)`."""
    return _spaced(fold(text)).decode().split()


class Phrase(Record):
    """Words that are sought one after the other; one word is a phrase, too."""

    words: tuple[str, ...]
    """Folded, as `words` gives them."""
    is_prefix: bool = False
    """Whether the last word is only the beginning of one."""

    @property
    def needle(self) -> bytes:
        """What `spaced` has for every text that holds the phrase."""
        return f" {' '.join(self.words)}{'' if self.is_prefix else ' '}".encode()

    def is_in(self, text: str) -> bool:
        """Whether the text holds these words in this order, with nothing but separators between them."""
        return self.needle in spaced(text)


def spaced(text: str) -> bytes:
    """The text's words, folded, as UTF-8, with a space before each and after the last: what `Phrase.needle` is in."""
    return _spaced(fold(text))


class NeedleFinder:
    """Tells whether a needle (see `Phrase.needle`) is in `spaced` of a text, without the time it takes to make that."""

    def __init__(self, needle: bytes) -> None:
        """A needle has at least one word."""
        first, *others = needle.split()
        self._first = b" " + first
        ending = b" " if needle.endswith(b" ") else b""
        self._search = re.compile(b" +".join(map(re.escape, [self._first, *others])) + ending).search

    def is_in(self, text: bytes) -> bool:
        """Whether it is in the text, in UTF-8."""
        if self._is_found(text.translate(_ASCII_TO_WORDS)):
            return True  # whatever the rest of the text folds to, as each character folds on its own
        return not text.isascii() and self._is_found(_loosely_spaced(text))

    def _is_found(self, words: bytes) -> bool:
        words = b" %b " % words
        at = words.find(self._first)  # several times faster than to search by a regular expression from the start
        return at >= 0 and self._search(words, at) is not None


def _loosely_spaced(text: bytes) -> bytes:
    """The words of a text in UTF-8, folded, with at least one space between them."""
    others = set(text.translate(None, _ASCII).decode("utf-8", "surrogatepass"))
    replacements = {character: _FOLDED[ord(character)] for character in others}
    if len(others) > _MOST_REPLACED or not all(map(str.isascii, replacements.values())):
        return fold(text.decode("utf-8", "surrogatepass")).encode().translate(_TO_SPACES)
    for character, replacement in replacements.items():
        if replacement != " ":  # as all that is no ASCII becomes one
            text = text.replace(character.encode("utf-8", "surrogatepass"), replacement.encode())
    return text.translate(_TO_WORDS)


def find_spans(text: str, phrases: Iterable[Phrase]) -> list[tuple[int, int]]:
    """Where the text holds any of the phrases: starts and ends of whole words, in order, never overlapping."""
    folded = fold(text)
    haystack = _spaced(folded)
    found = sorted({span for phrase in phrases if phrase.words for span in _find_words(haystack, phrase)})
    if not found:
        return []
    folded_spans = [match.span() for match in re.finditer(_WORD, folded)]
    place = _Places(text)
    return merge_spans((place.start(folded_spans[first][0]), place.end(folded_spans[last][1])) for first, last in found)


def merge_spans(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """The same ground covered without overlaps, in order."""
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _find_words(haystack: bytes, phrase: Phrase) -> Iterator[tuple[int, int]]:
    """The numbers of the first and last word of each occurrence."""
    needle = phrase.needle
    number, counted = -1, 0
    at = haystack.find(needle)
    while at >= 0:
        number += haystack.count(b" ", counted, at + 1)
        counted = at + 1
        yield number, number + len(phrase.words) - 1
        at = haystack.find(needle, at + 1)


class _Places:
    """Traces places in a folded text to the original; only characters that do not fold to just one are looked at."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._folded_ends = [0]
        self._ends = [0]
        shift = 0
        for match in [] if text.isascii() else re.finditer(_OTHER, text):
            size = len(_FOLDED[ord(match[0])])
            if size != 1:
                shift += size - 1
                self._folded_ends.append(match.end() + shift)
                self._ends.append(match.end())

    def start(self, folded_place: int) -> int:
        """The character of the original that gave the folded one at this place."""
        index = bisect_right(self._folded_ends, folded_place)
        place = self._ends[index - 1] + folded_place - self._folded_ends[index - 1]
        return min(place, self._ends[index] - 1) if index < len(self._ends) else place

    def end(self, folded_place: int) -> int:
        """Behind the character that gave the one before this place, and behind the accents that belong to it."""
        place = self.start(folded_place - 1) + 1
        while place < len(self._text) and not _FOLDED[ord(self._text[place])]:
            place += 1
        return place
