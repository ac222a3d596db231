"""The options, and which words of a command line are options, their values, or words of a query. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from types import SimpleNamespace

from newsreader.record import Record

FORMATS = ("text", "markdown", "html", "json", "jsonl", "csv", "tsv", "digest")
SORTS = ("date", "relevance", "source")


class Options(SimpleNamespace):
    """What a command line asks for: the values of all options by their `Option.key`, and its other `arguments`."""


class Option(Record):
    """An option of the command line."""

    name: str
    """Its long form, such as `--limit`."""
    help: str
    """What it does, in a few words."""
    letter: str = ""
    """Its short form, such as `-n`."""
    value: str = ""
    """What its value is, as help shows it; empty for an option without one."""
    default: str | int | None = None
    """What it is when it is not given."""
    groups: frozenset[str] = frozenset()
    """Which groups of options of a `Usage` it is in; none for one that all commands take."""
    choices: tuple[str, ...] = ()
    """What its value can be, if not anything."""
    least: int | None = None
    """The least number that its value can be; None for text."""

    @property
    def key(self) -> str:
        """The name of its attribute in `Options`."""
        return "paths" if self.name == "--from" else self.name[2:].replace("-", "_")

    @property
    def synopsis(self) -> str:
        """Its forms with their values, as help shows them."""
        return ", ".join(f"{form} {self.value}".rstrip() for form in (self.letter, self.name) if form)


_QUERY, _LIST, _READER = frozenset({"query"}), frozenset({"list"}), frozenset({"reader"})

OPTIONS = (
    Option("--from", "a file or folder of the library; - is standard input", "-f", "PATH"),
    Option("--quiet", "say nothing but errors", "-q"),
    Option("--verbose", "say also what was odd, and what was done", "-v"),
    Option("--encoding", "the encoding of all digests, when it is not found out rightly", "", "NAME", ""),
    Option("--follow", "follow symbolic links in folders, also those that lead out of them"),
    Option("--no-cache", "keep no archive; read everything now"),
    Option("--color", "auto, always or never", "", "WHEN", "auto", choices=("auto", "always", "never")),
    Option("--width", "wrap text and cut lines at this width", "", "COLUMNS", least=1),
    Option("--help", "print this help", "-h"),
    Option("--explain", "say how the query is understood, and do nothing else", groups=_QUERY | {"explain"}),
    Option("--format", f"one of {', '.join(FORMATS)}", "", "FORMAT", groups=_QUERY | {"format"}, choices=FORMATS),
    Option("--limit", "at most so many releases", "-n", "NUMBER", groups=_QUERY, least=0),
    Option("--sort", f"one of {', '.join(SORTS)}; date is newest first", "", "ORDER", "date", _QUERY, choices=SORTS),
    Option("--reverse", "turn the order round", groups=_QUERY),
    Option("--null", "end each entry with NUL instead of a newline, for xargs -0", "-0", groups=_QUERY),
    Option("--body", "with the text, in json and jsonl", groups=_LIST),
    Option("--filter", "begin with this filter", "-F", "QUERY", "", _READER),
    Option("--plain", "read line by line, for screen readers and braille", groups=_READER),
    Option("--version", "print the version", groups=_READER),
)
"""All options, in the order in which help shows them."""

_TAKING_VALUES = frozenset(form for option in OPTIONS if option.value for form in (option.name, option.letter) if form)
_FLAGS = "".join(option.letter[1:] for option in OPTIONS if not option.value)
JOINED_PATH = ("/", ".", "~")
"""How a path joined to -f begins, after a command; else -finance would be no word to leave out, but a path."""


def options_of(groups: frozenset[str]) -> list[Option]:
    """The options of a command that takes these groups of them."""
    return [option for option in OPTIONS if not option.groups or option.groups & groups]


def divide(words: Iterable[str], *, may_join: bool) -> tuple[list[tuple[str, str | None]], list[str]]:
    """Options with their values, and all other words; what begins with - but can be no option is a word of a query.

    An option without a value, also one that should have one, has None.
    """
    options: list[tuple[str, str | None]] = []
    arguments: list[str] = []
    remaining = iter(words)
    for word in remaining:
        if word == "--":
            arguments.extend(remaining)
        elif word.startswith("--"):
            name, joint, value = word.partition("=")
            options.append((name, value if joint else next(remaining, None) if takes_next(word) else None))
        elif _is_short_option(word, may_join):
            options.extend(_short_options(word, remaining))
        else:
            arguments.append(word)
    return options, arguments


def _short_options(word: str, remaining: Iterator[str]) -> Iterator[tuple[str, str | None]]:
    """The options of a cluster, the last of which may have its value joined to it, or in the next word."""
    for position, letter in enumerate(word[1:], 1):
        if f"-{letter}" in _TAKING_VALUES:
            yield f"-{letter}", word[position + 1 :] or next(remaining, None)
            return
        yield f"-{letter}", None


def takes_next(word: str) -> bool:
    """Whether the value of the option is the next word."""
    if word.startswith("--"):
        return word in _TAKING_VALUES
    return _is_short_option(word) and f"-{word[-1]}" in _TAKING_VALUES and all(flag in _FLAGS for flag in word[1:-1])


def separated_value(word: str) -> list[str]:
    """The word; for an option with a value joined to it, the option and the value."""
    if not word.startswith("--") and _is_short_option(word):
        for position, letter in enumerate(word[1:], 1):
            if f"-{letter}" in _TAKING_VALUES and word[position + 1 :]:
                return [word[: position + 1], word[position + 1 :]]
    return [word]


def _is_short_option(word: str, may_join: bool = True) -> bool:
    """Whether the word is a cluster of short options, such as -q, -qn, -n20 or -f/path.

    Without `may_join`, -fpath is none: a path joined to it has to look like one (`JOINED_PATH`).
    """
    if len(word) < 2 or word[0] != "-" or " " in word:  # noqa: PLR2004
        return False
    for position, letter in enumerate(word[1:], 1):
        if f"-{letter}" in _TAKING_VALUES:
            value = word[position + 1 :]
            if not value or letter == "n":
                return not value or value.isdecimal()
            return may_join or (letter == "f" and value.startswith(JOINED_PATH))
        if letter not in _FLAGS:
            return False
    return True
