"""The things that newsreader knows about, as frozen dataclasses."""

from __future__ import annotations

from datetime import date as Day
from enum import StrEnum

from newsreader.record import Record


class Basis(StrEnum):
    """What a release's date rests on, strongest first."""

    STATED = "stated"
    TEXT = "text"
    INFERRED = "inferred"
    NEIGHBOURS = "neighbours"
    NONE = "none"


class Precision(StrEnum):
    """How much of a date is known."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"


class Mark(StrEnum):
    """What a reader can do with a release that is to be remembered."""

    READ = "read"
    STARRED = "starred"


_SIGNS = {Basis.STATED: "", Basis.TEXT: "", Basis.INFERRED: "≈", Basis.NEIGHBOURS: "~", Basis.NONE: "?"}


class Date(Record):
    """When a release was published, as well as we can tell."""

    day: Day | None = None
    """The day; the first of the month or year when no more is known; None when nothing is."""
    precision: Precision = Precision.DAY
    """How much of `day` is known."""
    basis: Basis = Basis.NONE
    """What the date rests on."""
    evidence: str = ""
    """The words that it rests on, as the release has them; empty for neighbours and none."""

    @property
    def iso(self) -> str:
        """`2024-10-02`, `2024-10` or `2024` by precision; empty when nothing is known."""
        if self.day is None:
            return ""
        length = {Precision.DAY: 10, Precision.MONTH: 7, Precision.YEAR: 4}[self.precision]
        return self.day.isoformat()[:length]

    def __str__(self) -> str:
        """The date with the sign of its basis: `2024-10-02`, `≈2024-10-02`, `~2023-09` or `?`."""
        return _SIGNS[self.basis] + self.iso


NO_DATE = Date()


class Origin(Record):
    """Where a release was found."""

    digest: str
    """The digest's absolute path, or `-` for standard input."""
    line: int
    """The line of its title, counted from 1."""
    offset: int
    """The byte at which its title line begins; of a packed digest, in the unpacked text."""

    @property
    def name(self) -> str:
        """The digest's name without its folder."""
        return digest_name(self.digest)


def digest_name(path: str) -> str:
    """The name of a digest without its folder; in a zip file with the name of that, as in `all.zip/monday.txt`."""
    parts = path.split("/")
    first = next((index for index, part in enumerate(parts[:-1]) if part.lower().endswith(".zip")), len(parts) - 1)
    return "/".join(parts[first:])


class Problem(Record):
    """Something odd or unreadable in the input, for `newsreader check` and standard error."""

    digest: str
    """The path of the file or folder."""
    line: int
    """The line, counted from 1; 0 when it concerns the whole file."""
    reason: str
    """One or two whole sentences: what is wrong and what was done with the text."""
    is_failure: bool = False
    """Whether something could not be read (exit status 3), as opposed to merely being odd or skipped."""


class Headline(Record):
    """What a list shows of a release: everything but its body."""

    place: int
    """Where it stands in the archive: ordered by source, then newest first; changes when its date does."""
    id: str
    """Hash of normalised source, title and body: the same wherever the digest lies, so that marks follow it."""
    title: str
    """Its title as the digest gives it, in Unicode NFC; not cleaned for a terminal."""
    source: str
    """The body that issued it, exactly as the digest names it; empty when it names none."""
    date: Date
    """When it was published, as well as we can tell; never the day it was read."""
    words: int
    """How many words its body has."""
    is_read: bool = False
    """Whether the reader has read it."""
    is_starred: bool = False
    """Whether the reader has starred it."""


class Release(Record):
    """One published item, whole."""

    headline: Headline
    """All but its body."""
    body: str
    """Its text: paragraphs and list items as the digest has them, lines ended by newlines."""
    origins: tuple[Origin, ...]
    """Where it was found; several when several digests hold it."""
