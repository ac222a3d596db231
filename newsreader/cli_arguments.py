"""The command line's words: which command is meant, and what its options ask for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from newsreader.cli_usages import READER_USAGE, USAGES, Usage
from newsreader.cli_words import OPTIONS, Option, Options, divide, options_of, separated_value, takes_next
from newsreader.errors import UsageError

MOST_COUNT = 10**9
"""A higher number means the same: more releases or columns than there can be."""


def find_command(words: Sequence[str]) -> tuple[Usage, list[str]]:
    """The command that the words name, and the words without its name: the first that is no option or value of one."""
    usages = {usage.name: usage for usage in USAGES}
    before: list[str] = []
    position = 0
    while position < len(words):
        word = words[position]
        if word == "--":
            break
        if not word.startswith("-") or word == "-":
            usage = usages.get(word)
            if usage is None:
                break
            return usage, [*before, *words[position + 1 :]]
        next_position = position + (2 if takes_next(word) else 1)
        before += [*separated_value(word), *words[position + 1 : next_position]]
        position = next_position
    return READER_USAGE, list(words)


def parse_arguments(usage: Usage, words: Sequence[str]) -> Options:
    """The options of a command, and its other words as `arguments`.

    Raises `UsageError`, unless help is asked for.
    """
    given, arguments = divide(words, may_join=usage is READER_USAGE)
    options = Options(**{option.key: option.default if option.value else False for option in OPTIONS}, arguments=[])
    options.paths = []
    options.help = any(name in {"-h", "--help"} for name, _ in given)
    if options.help:
        return options
    try:
        _read_options(options, options_of(usage.options), given)
        if "QUERY" in usage.arguments:
            options.paths += [word for word in arguments if word == "-"]
            arguments = [word for word in arguments if word != "-"]
        _check_arguments(usage, arguments, options.paths)
    except UsageError as error:
        raise UsageError(f"{error} See {usage.program} --help.") from None
    options.arguments = arguments
    return options


def _read_options(options: Options, known: Iterable[Option], given: Iterable[tuple[str, str | None]]) -> None:
    """Put the values that are given in the place of the defaults."""
    named = {name: option for option in known for name in (option.name, option.letter)}
    for name, value in given:
        option = named.get(name)
        if option is None:
            raise UsageError(f"There is no option {name}{_hint(name, named)}")
        if not option.value:
            if value is not None:
                raise UsageError(f"The option {name} takes no value, but “{value}” is joined to it.")
            setattr(options, option.key, True)
        elif value is None:
            raise UsageError(f"The option {name} needs a value behind it: {option.value}.")
        elif option.key == "paths":
            options.paths.append(value)
        else:
            setattr(options, option.key, _read_value(option, name, value))


def _read_value(option: Option, name: str, value: str) -> str | int:
    if option.choices and value not in option.choices:
        raise UsageError(f"The option {name} cannot be “{value}”; choose from {', '.join(option.choices)}.")
    if option.least is None:
        return value
    digits = value.lstrip("0") or value[:1]
    if not value.isdecimal() or (number := int(digits[: len(str(MOST_COUNT))])) < option.least:
        raise UsageError(f"The option {name} needs a number: “{value}” is no number from {option.least} up.")
    return min(number, MOST_COUNT)


def _hint(name: str, known: Iterable[str]) -> str:
    """A question about what was perhaps meant, or the end of the sentence."""
    from difflib import get_close_matches

    near = get_close_matches(name, [each for each in known if each.startswith("--")], 1)
    return f"; did you mean {near[0]}?" if near else "."


def _check_arguments(usage: Usage, arguments: list[str], paths: list[str]) -> None:
    """Raise `UsageError` when there are too few or too many, or when a path is empty."""
    if len(arguments) < usage.least:
        raise UsageError(f"Expected are {usage.arguments}.")
    if arguments and not usage.arguments:
        raise UsageError(f"Nothing can follow {usage.name}, but “{arguments[0]}” does.")
    if "" in paths or ("QUERY" not in usage.arguments and "" in arguments):
        raise UsageError("A path is empty, perhaps a variable that is not set; . is the current folder.")
