"""Which words of a command line are options, their values, or words of a query, which may begin with - too. Pure."""

from __future__ import annotations

from collections.abc import Iterable

VALUE_OPTIONS = {
    "-f": "--from", "-n": "--limit", "-F": "--filter", "--sort": "--sort", "--format": "--format", "--color": "--color",
    "--width": "--width", "--encoding": "--encoding", "--filter": "--filter", "--from": "--from", "--limit": "--limit",
}  # fmt: skip
"""Options that take the next word as their value."""
SHORT_FLAGS = "qvh0"
"""Options of one letter that take no value."""
JOINED_PATH = ("/", ".", "~")
"""How a path joined to -f begins, after a command; else -finance would be no word to leave out, but a path."""


def divide(words: Iterable[str], *, may_join: bool) -> tuple[list[str], list[str]]:
    """Options and their values, and all other words; what begins with - but can be no option is a word of a query."""
    options: list[str] = []
    arguments: list[str] = []
    remaining = iter(words)
    for word in remaining:
        if word == "--":
            arguments.extend(remaining)
        elif word.startswith("--") or _is_short_option(word, may_join):
            options.append(word)
            if takes_next(word):
                options.extend([value] if (value := next(remaining, None)) is not None else [])
        else:
            arguments.append(word)
    return _with_joined_values(options), arguments


def takes_next(word: str) -> bool:
    """Whether the value of the option is the next word."""
    if word.startswith("--"):
        return word in VALUE_OPTIONS
    return (
        _is_short_option(word) and f"-{word[-1]}" in VALUE_OPTIONS and all(flag in SHORT_FLAGS for flag in word[1:-1])
    )


def separated_value(word: str) -> list[str]:
    """The word; for an option with a value joined to it, the option and the value."""
    if not word.startswith("--") and _is_short_option(word):
        for position, letter in enumerate(word[1:], 1):
            if f"-{letter}" in VALUE_OPTIONS and word[position + 1 :]:
                return [word[: position + 1], word[position + 1 :]]
    return [word]


def _with_joined_values(options: list[str]) -> list[str]:
    """The options with separate values joined to them, so that a value may begin with -."""
    joined: list[str] = []
    remaining = iter(options)
    for word in remaining:
        value = next(remaining, None) if takes_next(word) else None
        if value is None:
            joined.append(word)
            continue
        if not word.startswith("--"):
            joined.extend([f"-{flag}" for flag in word[1:-1]])
            word = VALUE_OPTIONS["-" + word[-1]]  # noqa: PLW2901
        if value == "--":  # which argparse takes for its own, and gives a list in its place
            value = "./--" if word == "--from" else "-- "
        joined.append(f"{word}={value}")
    return joined


def _is_short_option(word: str, may_join: bool = True) -> bool:
    """Whether the word is a cluster of short options, such as -q, -qn, -n20 or -f/path.

    Without `may_join`, -fpath is none: a path joined to it has to look like one (`JOINED_PATH`).
    """
    if len(word) < 2 or word[0] != "-" or " " in word:  # noqa: PLR2004
        return False
    for position, letter in enumerate(word[1:], 1):
        if f"-{letter}" in VALUE_OPTIONS:
            value = word[position + 1 :]
            if not value or letter == "n":
                return not value or value.isdecimal()
            return may_join or (letter == "f" and value.startswith(JOINED_PATH))
        if letter not in SHORT_FLAGS:
            return False
    return True
