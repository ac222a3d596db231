"""The reader line by line, for screen readers and braille displays: it only ever adds lines below the last.

Nothing is drawn, moved or repainted, so that speech says each line once, as it comes, and the terminal's cursor stands
behind the newest one. Every terminal can do that, also one that cannot move its cursor.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress

from newsreader.archive import Archive
from newsreader.errors import NewsreaderError, QueryError
from newsreader.marks import HELD_NOTICE, Change, Marks
from newsreader.marks_rows import describe_count
from newsreader.models import Basis, Date, Headline, Mark
from newsreader.output import describe_date, describe_length
from newsreader.query import Query
from newsreader.record import Record
from newsreader.text import Clean, clean, clean_line, wrap

TYPE_CHECKING = False  # importing typing would take 3 ms
if TYPE_CHECKING:
    from newsreader.models import Release

SIGNS = "≈~"
"""What the reader on the whole screen writes before dates that are not stated; here, words say it."""
BASES = {Basis.INFERRED: "inferred", Basis.NEIGHBOURS: "by its neighbours"}
SENTENCE_ENDS = (".", "!", "?", "…")
LISTED = 10
"""How many releases are listed at once: what an ear can hold."""
NO_LIBRARY = "No releases here. newsreader --plain DIR reads your digests; newsreader check DIR tells what was skipped."


class Order(Record):
    """Something that can be typed."""

    letter: str
    """The key that does the same in the reader on the whole screen; empty when there is none."""
    name: str
    """The whole word, of which a beginning is enough."""
    argument: str
    """What may follow it."""
    help: str
    """What it does, as a sentence."""


WHICH = "[NUMBER]"
ORDERS = (
    Order("n", "next", "", "Read the next release."),
    Order("p", "previous", "", "Read the release before."),
    Order("", "next-unread", "", "Read the next unread release."),
    Order(".", "again", "", "Read the release once more from its beginning."),
    Order("l", "list", "[NUMBER]", "List ten releases, from the one at hand or from a number on."),
    Order("/", "filter", "QUERY", "List only what a query finds; without a query, everything."),
    Order("s", "star", WHICH, "Star the release at hand; or number 3, 3-7, or all. Again takes the star away."),
    Order("r", "mark-read", WHICH, "Mark as read."),
    Order("u", "mark-unread", WHICH, "Mark as unread."),
    Order("U", "undo", "", "Take back the last change of marks; again, the one before."),
    Order("", "redo", "", "Do again what was taken back last."),
    Order("", "sources", "", "Tell how many releases of each source the filter lists."),
    Order("?", "help", "", "Tell what can be typed."),
    Order("q", "quit", "", "Leave; marks are kept."),
)
"""In the order in which help tells them."""


class LineReader:
    """Lists releases by number, reads one, marks, and asks again."""

    def __init__(
        self,
        archive: Archive,
        marks: Marks,
        find: Callable[[Query], Iterator[Headline]],
        parse: Callable[[str], Query],
        ask: Callable[[str], str | None],
        write: Callable[[str], object],
        *,
        size: Callable[[], tuple[int, int]],
        counts_as_read: bool = True,
    ) -> None:
        """`find` gives what matches in order, `ask` a typed line or None at the end of input, `size` columns and rows.

        `counts_as_read` says whether what was read to its end is read.
        """
        self._archive, self._marks = archive, marks
        marks.hold_failures()
        self._problem, self._held = marks.problem, 0
        self._find, self._parse = find, parse
        self._ask, self._write, self._size = ask, write, size
        self._counts_as_read = counts_as_read
        self._known: list[Headline] = []
        self._more: Iterator[Headline] = iter(())
        self._count = 0
        self._at = -1
        self._listed = 0
        self._rest: list[str] = []
        self._done: list[Change] = []
        self._undone: list[Change] = []
        self._goes_on: Callable[[], None] = self._list_on

    def run(self, filter: str = "") -> None:
        """Take orders until the reader leaves."""
        self.do_filter(filter)
        if not self._count and not filter:
            self._say(NO_LIBRARY)
        self._say("Type a number to read, Enter to go on, ? for help, q to leave.")
        while (line := self._ask(self._prompt())) is not None:
            try:
                if not self._obey(line.strip()):
                    return
            except NewsreaderError as error:
                self._say(str(error))
            self._tell()

    def _prompt(self) -> str:
        """Where the reader is."""
        if self._rest:
            return "more> "
        return f"{self._at + 1} of {self._count}> " if self._at >= 0 else f"{self._count}> "

    def _obey(self, line: str) -> bool:
        """Do what a line says; False to leave."""
        if not line:
            self._goes_on()
            return True
        if line.isdecimal() and len(line) < 10:  # noqa: PLR2004 more than any library holds
            self.read(int(line) - 1)
            return True
        word, argument = ("/", line[1:]) if line.startswith("/") else (line.partition(" ")[0], line.partition(" ")[2])
        name = find_order(word)
        if name == "quit":
            return False
        self._orders()[name](argument.strip()) if name else self._say(describe_unknown(word))
        return True

    def _orders(self) -> dict[str, Callable[[str], None]]:
        return {
            "next": lambda _: self.read(self._at + 1),
            "previous": lambda _: self.read(self._at - 1),
            "next-unread": lambda _: self._read_unread(),
            "again": lambda _: self.read(max(0, self._at)),
            "list": self._list_from,
            "filter": self.do_filter,
            "star": self._toggle_star,
            "mark-read": lambda which: self._mark(which, Mark.READ, True),
            "mark-unread": lambda which: self._mark(which, Mark.READ, False),
            "undo": lambda _: self._turn(self._done, self._undone, "Taken back", is_again=False),
            "redo": lambda _: self._turn(self._undone, self._done, "Done again", is_again=True),
            "sources": lambda _: self._tell_sources(),
            "help": lambda _: self._help(),
        }

    # Finding

    def do_filter(self, text: str) -> None:
        """List only what a query finds; one that says nothing changes nothing but a word on it."""
        try:
            query = self._parse(text)
            self._count = self._archive.count(query)
        except QueryError as error:
            self._say(f"{error} The filter is as it was.")
            return
        self._query = query
        self._known, self._more = [], self._find(query)
        self._at, self._listed, self._rest = -1, 0, []
        self._say(f"{_releases(self._count)}." if self._count or not text else "Nothing matches. / alone shows all.")
        if self._count:
            self._list_on()

    def _headline(self, index: int) -> Headline | None:
        """The headline at an index of what the filter lists."""
        while len(self._known) <= index and (headline := next(self._more, None)) is not None:
            self._known.append(headline)
        return self._known[index] if 0 <= index < len(self._known) else None

    def _list_from(self, argument: str) -> None:
        self._listed = max(0, int(argument) - 1 if argument.isdecimal() and len(argument) < 10 else self._at)  # noqa: PLR2004
        self._list_on()

    def _list_on(self) -> None:
        """List the next ten."""
        self._rest, self._goes_on = [], self._list_on
        first = self._listed
        for index in range(first, first + LISTED):
            headline = self._headline(index)
            if headline is None:
                break
            self._say(f"{index + 1}. {self._describe(headline)}")
            self._listed = index + 1
        if self._listed == first:
            self._say("No more releases.")
        elif self._listed < self._count:
            self._say("Enter lists more.")

    def _describe(self, headline: Headline) -> str:
        """Title, source, date and marks, as they are said."""
        marks = self._marks.of([headline.id])[headline.id]
        facts = [headline.source] if headline.source else []
        facts += [_said_date(headline.date)]
        facts += ["read" if Mark.READ in marks else "unread", *(["starred"] if Mark.STARRED in marks else [])]
        title = headline.title.strip() or "No title"
        return f"{title}{'' if title.endswith(SENTENCE_ENDS) else '.'} {', '.join(facts)}."

    def _tell_sources(self) -> None:
        for each in self._archive.count_sources(self._query):
            self._say(f"{clean_line(each.name) or 'No source'}: {each.releases:,}, {each.unread:,} unread.")

    # Reading

    def read(self, index: int) -> None:
        """Read the release at an index of what the filter lists, as much as the screen holds."""
        headline = self._headline(index)
        if headline is None:
            self._say("No more releases." if index >= 0 else "This is the first release.")
            return
        place = self._archive.place_of(headline.id)
        release = None if place is None else self._archive.release(place)
        if release is None:
            self._say("This release is not in the library any more. / alone lists what is there now.")
            return
        self._at = self._listed = index
        self._rest = list(_text_lines(release, self._width))
        self._read_on()

    def _read_on(self) -> None:
        """The next screen of the text; at its end, the release is read, and the next unread one follows."""
        self._goes_on = self._read_on
        if not self._rest:
            self._read_unread()
            return
        rows = max(2, self._size()[1] - 2)
        for line in self._rest[:rows]:
            self._say(line)
        self._rest = self._rest[rows:]
        if not self._rest:
            if self._counts_as_read:
                self._marks.change([self._known[self._at].id], Mark.READ, True)
            self._say("End. Enter reads the next unread release.")

    def _read_unread(self) -> None:
        index = self._at + 1
        while (headline := self._headline(index)) is not None:
            if Mark.READ not in self._marks.of([headline.id])[headline.id]:
                self.read(index)
                return
            index += 1
        self._say("No more unread releases after this one.")

    # Marks

    def _targets(self, which: str) -> list[str]:
        """The ids that `3`, `3-7`, `all` or nothing stand for; none, with a word, when there is no such release."""
        first, dash, last = (part.strip() for part in which.partition("-"))
        if which == "all":
            low, high = 0, self._count - 1
        elif not which:
            low = high = self._at
        elif first.isdecimal() and (last.isdecimal() if dash else True) and len(which) < 20:  # noqa: PLR2004
            low, high = int(first) - 1, int(last or first) - 1
        else:
            self._say(f"“{clean_line(which)}” is no number; say 3, 3-7 or all.")
            return []
        self._headline(min(high, self._count))
        ids = [headline.id for headline in self._known[max(0, low) : high + 1]] if high >= 0 else []
        if not ids:
            self._say(
                "Which one? Type its number behind the word, or read it first." if not which else "There is none."
            )
        return ids

    def _toggle_star(self, which: str) -> None:
        ids = self._targets(which)
        marks = self._marks.of(ids)
        self._change(ids, Mark.STARRED, any(Mark.STARRED not in marks[id] for id in ids))

    def _mark(self, which: str, mark: Mark, is_set: bool) -> None:
        self._change(self._targets(which), mark, is_set)

    def _change(self, ids: Sequence[str], mark: Mark, is_set: bool) -> None:
        if not ids:
            return
        change = self._marks.change(ids, mark, is_set)
        if not change.ids:
            self._say(f"{_releases(len(ids))} {'was' if len(ids) == 1 else 'were'} {_state(mark, is_set)} already.")
            return
        self._done.append(change)
        self._undone.clear()
        self._say(_sentence(change))

    def _tell(self) -> None:
        """Write marks that are held, if that is possible now, and say what became of them."""
        with suppress(NewsreaderError, sqlite3.Error):  # busy: the next line tries again
            self._marks.tend()
        said, self._marks.notes = self._marks.notes, []
        problem, held = self._marks.problem, self._marks.held_count
        if problem != self._problem:
            said.append(f"{problem} {HELD_NOTICE}" if problem else "The marks can be used again; all are written.")
        if held > self._held:
            said.append(f"Not written yet: {describe_count(held)}.")
        self._problem, self._held = problem, held
        for each in said:
            self._say(each)

    def _turn(self, steps: list[Change], others: list[Change], word: str, *, is_again: bool) -> None:
        """Undo or redo the last step, of which only what is still as it was left is turned."""
        if not steps:
            self._say("Nothing was taken back before." if is_again else "Nothing to take back.")
            return
        step = steps[-1]
        turned = self._marks.change(step.ids, step.mark, step.is_set == is_again)
        steps.pop()
        if turned.ids:
            others.append(Change(step.mark, step.is_set, turned.ids))
            self._say(f"{word}: {_releases(len(turned.ids))} {_state(step.mark, step.is_set)}.")
        else:
            self._say("Another newsreader has done that already.")

    # Saying

    def _help(self) -> None:
        self._say("Enter goes on: with the text, then with the next unread release; in a list, with the list.")
        self._say("A number reads that release.")
        for order in ORDERS:
            words = " or ".join(filter(None, (order.letter, order.name)))
            self._say(f"{words}{' ' + order.argument if order.argument else ''}: {order.help}")

    def _say(self, text: str) -> None:
        """Add a text to what was said, broken between words."""
        for line in wrap(clean_line(text), self._width) or [Clean("")]:
            self._write(f"{line}\n")

    @property
    def _width(self) -> int:
        return max(10, self._size()[0] - 1)


def find_order(word: str) -> str:
    """The name of the order that a letter, a name or the beginning of one stands for; empty when there is none."""
    for order in ORDERS:
        if word and word in {order.letter, order.name}:
            return order.name
    begun = [order.name for order in ORDERS if len(word) > 1 and order.name.startswith(word)]
    return begun[0] if len(begun) == 1 else ""


def describe_unknown(word: str) -> str:
    """Why a word is no order, as a sentence that tells the nearest."""
    import difflib

    nearest = difflib.get_close_matches(word, [order.name for order in ORDERS], 1)
    hint = f"Did you mean {nearest[0]}?" if nearest else "? tells what can be typed; /WORDS searches."
    return f"“{clean_line(word)}” is nothing that can be done. {hint}"


def _text_lines(release: Release, width: int) -> Iterator[str]:
    """A release as lines that fit a screen: title, facts, and its paragraphs."""
    headline = release.headline
    facts = [clean_line(headline.source)] if headline.source else []
    facts += [clean_line(describe_date(headline.date).lstrip(SIGNS)), describe_length(headline.words)]
    yield from wrap(clean_line(headline.title), width)
    yield from wrap(clean_line(", ".join(facts)), width)
    for paragraph in clean(release.body).split("\n"):
        if paragraph.strip():
            yield ""
            yield from wrap(clean_line(paragraph), width)


def _said_date(date: Date) -> str:
    """The date with words for the signs of its basis."""
    if date.day is None:
        return "no date"
    return f"{str(date).lstrip(SIGNS)} {BASES.get(date.basis, '')}".rstrip()


def _releases(count: int) -> str:
    return "1 release" if count == 1 else f"{count:,} releases"


def _state(mark: Mark, is_set: bool) -> str:
    return ("read" if is_set else "unread") if mark is Mark.READ else ("starred" if is_set else "unstarred")


def _sentence(change: Change) -> str:
    count = len(change.ids)
    return f"{_releases(count)} {'is' if count == 1 else 'are'} {_state(change.mark, change.is_set)} now."
