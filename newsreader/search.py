"""A query -> the SQL that answers it, on the archive's full-text indexes and the arithmetic of places.

Each query is narrowed by the text index as far as words can (a superset, exact where all its parts are words) and what
words cannot say, such as the order of a phrase, is checked on the text of the candidates.
"""

from __future__ import annotations

import os
import sqlite3
import zlib
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from itertools import islice
from time import monotonic

from newsreader.models import digest_name
from newsreader.places import (
    DATE_BITS,
    KEY_MASK,
    OVERFLOW_BITS,
    ROW_BITS,
    SEQUENCE_BITS,
    SOURCE_BITS,
    UNDATED_KEY,
    day_key,
    month_key,
)
from newsreader.query_tree import (
    All,
    And,
    Dated,
    DateRange,
    Id,
    In,
    Is,
    Length,
    Not,
    Or,
    Part,
    Pattern,
    Query,
    Source,
    Text,
)
from newsreader.words import NeedleFinder, Phrase, spaced

TYPE_CHECKING = False  # importing typing would take 3 ms
if TYPE_CHECKING:
    from newsreader.pattern import CompiledPattern

INDEXED_PREFIX = 3
"""The longest beginnings of words, in letters, that the indexes know."""

MOST_EXPANDED = 100
"""The most words that a longer beginning is replaced by; it is sought as it is when there are more."""

PATTERN_SECONDS = 5.0
"""How long the regular expressions of one search may take."""

_MOST = (1 << 63) - 1  # the largest integer of SQLite
_KEY = f"({KEY_MASK} - (@ >> {SEQUENCE_BITS} & {KEY_MASK}))"
_PLACE = f"((@ & {(1 << ROW_BITS) - 1}) << {OVERFLOW_BITS}) | (@ >> {ROW_BITS})"
_MARKED = "SELECT r.row FROM marks.mark m CROSS JOIN release r ON r.id = m.id WHERE m.kind = '{}' AND m.is_set"
_ROWS = "(SELECT DISTINCT row FROM origin ORDER BY row)"  # from an index that holds them in order, and nothing else
_CHECK = "(SELECT {} FROM release r JOIN body b USING (row) WHERE r.row = @)"

SOURCE_OF_ROW = f"(row >> {DATE_BITS} & {(1 << SOURCE_BITS) - 1})"
"""The id of the source that a row belongs to."""

BY_DATE = f"row & {(1 << DATE_BITS) - 1}"
"""What to sort rows by, for newest first."""


class Search:
    """The SQL of one query; `@` stands for the row until the statement is made."""

    def __init__(self, query: Query, connection: sqlite3.Connection, sources: Callable[[], Mapping[int, str]]) -> None:
        """`sources` reads the names of all sources by id, where a query asks for one."""
        self._connection = connection
        self._sources = sources
        self._match = self._narrow(query)
        parts = query.parts if isinstance(query, And) else (query,)
        checked = [part for part in parts if looks_into_texts(part)]
        self.looks_into_texts = bool(checked)
        """Whether the texts of candidates are looked into, so that to count takes as long as to find."""
        others = [part for part in parts if part not in checked]
        conditions = [self._condition(part, is_narrowed=True) for part in others if not _is_exact(part)]
        if self._match is None:
            conditions += [self._condition(part) for part in others if _is_exact(part) and part != All()]
        self._narrowed = " AND ".join(conditions) or "TRUE"
        self._checks = " AND ".join(self._condition(part, is_narrowed=True) for part in checked)
        self._where = f"{self._narrowed} AND {self._checks}" if self._checks else self._narrowed

    def places(self) -> str:
        """The places of all that matches, in the order of their rows."""
        return self._select(f"{_PLACE} AS place", self._where, "ORDER BY @" if self._match else "", _ROWS)

    def packed_places(self) -> str:
        """The same as one text, 16 hexadecimal digits each, which SQLite makes without Python: see `unpack_places`."""
        return f"SELECT group_concat(printf('%016x', place), '') FROM ({self.places()})"

    def source_places(self, source_id: int, limit: int, *, in_overflow: bool = False) -> str:
        """The first places of a source that match, ascending, of rows that are no overflow, or of those that are."""
        if in_overflow:
            within = f"@ > {(1 << ROW_BITS) - 1} AND {_source_condition([source_id])}"
            return self._first(f"{self._narrowed} AND {within}", f"ORDER BY {_PLACE}", limit)
        low = source_id << DATE_BITS
        where = f"{self._where} AND @ BETWEEN {low} AND {low | (1 << DATE_BITS) - 1}"
        return self._select(_PLACE, where, f"ORDER BY @ LIMIT {min(limit, _MOST)}")

    def places_by_date(self, *, reverse: bool = False, limit: int | None = None) -> str:
        """The places that match, newest first, or oldest first; undated ones are the oldest."""
        direction = "DESC" if reverse else "ASC"
        order = f"ORDER BY {BY_DATE.replace('row', '@')} {direction}, @ {direction}"
        return self._select(_PLACE, self._where, order) if limit is None else self._first(self._narrowed, order, limit)

    def _first(self, narrowed: str, order: str, limit: int) -> str:
        """The first places that match."""
        cut = f"LIMIT {min(limit, _MOST)}"
        if not self._checks:
            return self._select(_PLACE, narrowed, f"{order} {cut}")
        # Candidates in their order first (for which the inner LIMIT is), so that few of their texts are looked into.
        candidates = self._select("@ AS candidate", narrowed, f"{order} LIMIT -1")
        return f"SELECT {_PLACE} FROM ({candidates}) WHERE {self._checks} {cut}".replace("@", "candidate")

    def count(self) -> str:
        """How many places match."""
        if self._match is None and self._where == "TRUE":
            return "SELECT count(*) FROM release"  # for which SQLite has a short way, but not with a condition
        return self._select("count(*)", self._where)

    def _select(self, what: str, where: str, tail: str = "", releases: str = "release") -> str:
        if self._match is None:
            statement, row = f"SELECT {what} FROM {releases} found WHERE {where} {tail}", "found.row"
        else:
            match = _quote(self._match)
            statement = f"SELECT {what} FROM text_index WHERE text_index MATCH {match} AND {where} {tail}"
            row = "text_index.rowid"
        return statement.replace("@", row)

    def _narrow(self, query: Query) -> str | None:
        """What the text index can say of a query: an FTS5 expression that all its releases match, if there is one."""
        match query:
            case Text(phrase):
                return self._expression(phrase)
            case And(parts):
                needed = [narrowed for part in parts if (narrowed := self._narrow(part))]
                if not needed:
                    return None
                excluded = [self._narrow(part.part) for part in parts if isinstance(part, Not) and _is_exact(part.part)]
                return " NOT ".join([f"({' AND '.join(needed)})", *map(str, excluded)])
            case Or(parts):
                narrowed_parts = list(map(self._narrow, parts))
                return None if None in narrowed_parts else f"({' OR '.join(map(str, narrowed_parts))})"
            case _:
                return None

    def _expression(self, phrase: Phrase) -> str:
        """A phrase's words as FTS5 takes them; a beginning that no prefix index covers as the words that begin so."""
        *whole, last = phrase.words
        ending = f'"{last}"*' if phrase.is_prefix else f'"{last}"'
        if phrase.is_prefix and len(last) > INDEXED_PREFIX:
            words = list(islice(self._words_from(last), MOST_EXPANDED + 1))
            if 0 < len(words) <= MOST_EXPANDED:
                ending = f"({' OR '.join(map(_quoted_word, words))})"
        return f"({' AND '.join([*map(_quoted_word, whole), ending])})"

    def _words_from(self, beginning: str) -> Iterator[str]:
        """The words of all texts that begin so, each sought behind the one before: none of their places is read."""
        statement = "SELECT term FROM text_words WHERE term >= ? LIMIT 1"
        row = self._connection.execute(statement, (beginning,)).fetchone()
        while row is not None and row["term"].startswith(beginning):
            yield row["term"]
            row = self._connection.execute(statement, (row["term"] + "\0",)).fetchone()

    def _condition(self, query: Query, *, is_narrowed: bool = False) -> str:
        """An SQL condition on `@`; when narrowed, only for releases that the text index let through for this part."""
        match query:
            case All():
                return "TRUE"
            case And(parts):
                return f"({' AND '.join(map(self._condition, parts))})"
            case Or(parts):
                return f"({' OR '.join(map(self._condition, parts))})"
            case Not(part):
                return f"NOT {self._condition(part)}"
            case Text() | Pattern():
                return self._text_condition(query, is_narrowed=is_narrowed)
            case Source(phrase):
                matching = [id for id, name in self._sources().items() if _names(phrase.needle, name)]
                return _source_condition(matching)
            case DateRange():
                return _date_condition(query)
            case Is(mark, is_set):
                return f"+@ {'' if is_set else 'NOT '}IN ({_MARKED.format(mark.value)})"
            case In(name):
                return self._in_condition(name)
            case _:
                return _field_condition(query)

    def _text_condition(self, query: Text | Pattern, *, is_narrowed: bool) -> str:
        if isinstance(query, Pattern):
            return _CHECK.format(f"matches({_quote(query.expression)}, '{query.part}', r.title, b.packed)")
        index = "title_index" if query.part is Part.TITLE else "text_index"
        found = f"+@ IN (SELECT rowid FROM {index} WHERE {index} MATCH {_quote(self._expression(query.phrase))})"
        if len(query.phrase.words) == 1 and query.part is not Part.BODY:
            return found
        held = _CHECK.format(f"holds(x'{query.phrase.needle.hex()}', '{query.part}', r.title, b.packed)")
        return held if is_narrowed and query.part is not Part.TITLE else f"({found} AND {held})"

    def _in_condition(self, name: str) -> str:
        from newsreader.query_fields import fold_name

        rows = self._connection.execute("SELECT id, path FROM digest")
        ids = [row["id"] for row in rows if name in fold_name(digest_name(os.fsdecode(row["path"])))]
        return f"+@ IN (SELECT row FROM origin WHERE digest_id IN ({','.join(map(str, ids))}))"


def _is_exact(query: Query) -> bool:
    """Whether `Search._narrow` says all that the query says; of a `Not`, whether an `And` around it can."""
    match query:
        case Text(phrase, part):
            return len(phrase.words) == 1 and part is Part.ANY
        case And(parts):
            return all(map(_is_exact, parts)) and not all(isinstance(part, Not) for part in parts)
        case Or(parts):
            return not any(isinstance(part, Not) for part in parts) and all(map(_is_exact, parts))
        case Not(part):
            return not isinstance(part, Not) and _is_exact(part)
        case _:
            return isinstance(query, All)


def looks_into_texts(query: Query) -> bool:
    """Whether the texts of candidates are looked into, so that to count takes as long as to find."""
    match query:
        case Text(phrase, part):
            return len(phrase.words) > 1 or part is Part.BODY
        case And(parts) | Or(parts):
            return any(map(looks_into_texts, parts))
        case Not(part):
            return looks_into_texts(part)
        case _:
            return isinstance(query, Pattern)


def _quoted_word(word: str) -> str:
    return f'"{word}"'


def _names(needle: bytes, name: str) -> bool:
    return needle in spaced(name) if needle.strip() else not name


def _source_condition(ids: list[int]) -> str:
    return f"{SOURCE_OF_ROW.replace('row', '@')} IN ({','.join(map(str, ids))})"


def _date_condition(query: DateRange) -> str:
    """A day in the range, a month or year, known alone, that begins in it, or the one in which the range begins."""
    last = day_key(query.last) if query.last else KEY_MASK
    if query.first is None:
        return f"{_KEY} BETWEEN {UNDATED_KEY} AND {last}"
    month, year = month_key(query.first.year, query.first.month), month_key(query.first.year, 0)
    return (
        f"({_KEY} BETWEEN {day_key(query.first)} AND {last}"
        f" OR {_KEY} BETWEEN {month} AND {month + 31} OR {_KEY} BETWEEN {year} AND {year + 63})"
    )


def _field_condition(query: Query) -> str:
    match query:
        case Dated(basis):
            return f"(SELECT basis FROM release WHERE row = @) = {_quote(basis)}"
        case Id(prefix):
            return f"+@ IN (SELECT row FROM release WHERE id >= {_quote(prefix)} AND id < {_quote(prefix + 'g')})"
        case Length(least, most):
            bounds = f"{least or 0} AND {1 << 62 if most is None else most}"
            return f"(SELECT words FROM release WHERE row = @) BETWEEN {bounds}"
        case _:
            raise AssertionError(query)


def _quote(text: str) -> str:
    """A string as SQL takes it, with `@` kept from being taken for the place.

    Bytes of a command line that are no text match nothing: no digest holds surrogates.
    """
    if not text.isascii():
        text = text.encode("utf-8", "surrogatepass").decode("utf-8", "replace")
    pieces = ["'" + piece.replace("'", "''") + "'" for piece in text.split("@")]
    return pieces[0] if len(pieces) == 1 else "(" + " || char(64) || ".join(pieces) + ")"


class TextChecks:
    """The functions by which a connection's SQL looks into the texts of candidates."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        """Make them known to the connection."""
        self.is_late = False
        self.damage: Exception | None = None
        """What the search met in a body that cannot be unpacked; SQLite itself does not tell."""
        self._deadline = 0.0
        connection.create_function("holds", 4, self._holds, deterministic=True)
        connection.create_function("matches", 4, self._matches, deterministic=True)

    def start(self) -> None:
        """Begin a search: its regular expressions have `PATTERN_SECONDS` from now."""
        self.is_late = False
        self.damage = None
        self._deadline = monotonic() + PATTERN_SECONDS

    def _matches(self, expression: str, part: str, title: str, packed: bytes) -> bool:
        text = title
        if part != Part.TITLE:
            text = self._unpack(packed) if part == Part.BODY else f"{title}\n{self._unpack(packed)}"
        try:
            return _compiled(expression).is_in(text, self._deadline - monotonic())
        except TimeoutError:
            self.is_late = True
            raise

    def _holds(self, needle: bytes, part: str, title: str, packed: bytes) -> bool:
        finder = _finder(needle)
        if part != Part.BODY and finder.is_in(title.encode("utf-8", "surrogatepass")):
            return True
        try:
            return part != Part.TITLE and finder.is_in(zlib.decompress(packed))
        except (zlib.error, ValueError, TypeError) as error:
            self.damage = error
            raise

    def _unpack(self, packed: bytes) -> str:
        try:
            return unpack(packed)
        except (zlib.error, ValueError, TypeError) as error:
            self.damage = error
            raise


@lru_cache(maxsize=64)
def _finder(needle: bytes) -> NeedleFinder:
    return NeedleFinder(needle)


@lru_cache(maxsize=16)
def _compiled(expression: str) -> CompiledPattern:
    from newsreader.pattern import compile_pattern

    return compile_pattern(Pattern(expression))


def pack(body: str) -> bytes:
    """A body as it is stored: with short codes for its commonest letters, which leaves three fifths of it.

    To look for repetitions as well takes twice as long, be it to pack or to unpack, and saves a tenth of a short text.
    """
    packer = zlib.compressobj(1, zlib.DEFLATED, wbits=13, memLevel=6, strategy=zlib.Z_HUFFMAN_ONLY)
    return packer.compress(body.encode("utf-8", "surrogatepass")) + packer.flush()


def unpack(packed: bytes) -> str:
    """The body that `pack` stored."""
    return zlib.decompress(packed).decode("utf-8", "surrogatepass")
