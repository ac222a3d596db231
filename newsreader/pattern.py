"""The regular expressions of queries, run by an engine that stops in time.

The standard library's `re` can run for years on a hostile expression and cannot be stopped. `regex` gives the same
answers, stops after a given time, and lets other threads run meanwhile. What neither time nor memory would bound (its
compiler writes repetitions out) is refused beforehand, and so are its extensions that `re` does not have.
"""

from __future__ import annotations

import re
from math import prod

from newsreader.errors import QueryError
from newsreader.query_tree import Pattern

TYPE_CHECKING = False  # importing typing would take 3 ms
if TYPE_CHECKING:
    import regex

MOST_CHARACTERS = 500
"""A longer regular expression is refused."""
MOST_REPETITIONS = 2_000
"""An expression is refused when its counted repetitions, multiplied, exceed this."""

_COUNT = re.compile(r"\{(\d*)(?:,(\d*))?\}")
_EXTENSION = re.compile(r"\{[^}]*[<>=]|\(\?(?:[R&|]|[+-]?\d|P>|\(DEFINE)|\\L<|\(\?[a-zA-Z]*[befprV]|\(\*")


class CompiledPattern:
    """A regular expression ready to be sought in many texts."""

    def __init__(self, compiled: regex.Pattern[str]) -> None:
        self._compiled = compiled

    def is_in(self, text: str, seconds: float) -> bool:
        """Whether it matches anywhere; raises `TimeoutError` when that is not known after so many seconds."""
        return self._compiled.search(text, timeout=max(seconds, 0.0), concurrent=True) is not None

    def spans(self, text: str, seconds: float) -> list[tuple[int, int]]:
        """Where it matches, without the empty matches; those found in so many seconds."""
        found: list[tuple[int, int]] = []
        try:
            for match in self._compiled.finditer(text, timeout=max(seconds, 0.0), concurrent=True):
                if match.end() > match.start():
                    found.append(match.span())
        except TimeoutError:
            pass
        return found


def compile_pattern(pattern: Pattern, position: int = 0) -> CompiledPattern:
    """The pattern's expression, in any letter case, with `^` and `$` at every line.

    Raises `QueryError` at its place after `position` when it is no regular expression, or costs too much.
    """
    import regex

    expression = pattern.expression
    if len(expression) > MOST_CHARACTERS:
        raise QueryError(f"A regular expression may have {MOST_CHARACTERS} characters, no more.", position)
    if extension := _EXTENSION.search(expression):
        raise QueryError(f'"{extension[0]}" cannot be used in a regular expression here.', position + extension.start())
    counts = [int((match[2] or match[1] or "1")[:9]) for match in _COUNT.finditer(expression)]
    if prod(max(count, 1) for count in counts) > MOST_REPETITIONS:
        raise QueryError(f"The regular expression repeats too much: {MOST_REPETITIONS} times at most.", position)
    try:
        return CompiledPattern(regex.compile(expression, regex.IGNORECASE | regex.MULTILINE))
    except regex.error as error:
        place = min(getattr(error, "pos", None) or 0, len(expression))
        reason = getattr(error, "msg", str(error))
        raise QueryError(f"This is no regular expression: {reason}.", position + place) from None
    except (RecursionError, OverflowError, ValueError, IndexError, KeyError, TypeError, AttributeError):
        raise QueryError("This is no regular expression that can be used here.", position) from None
