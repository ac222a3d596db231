"""The command line's words: which command is meant, its options, its help."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Sequence

from newsreader.cli_words import divide, separated_value, takes_next
from newsreader.record import Record

TYPE_CHECKING = False  # importing typing would take 3 ms
if TYPE_CHECKING:
    from typing import NoReturn

MOST_COUNT = 10**9
"""A higher number means the same: more releases or columns than there can be."""

FORMATS = ("text", "markdown", "html", "json", "jsonl", "csv", "tsv", "digest")
SORTS = ("date", "relevance", "source")

READER = "newsreader"
"""The name of what runs without a command: the reader."""


class Usage(Record):
    """What a command is called with, and its help."""

    name: str
    """The word that stands for it."""
    arguments: str
    """Its arguments, as the usage line shows them."""
    summary: str
    """One sentence: what it does."""
    examples: tuple[tuple[str, str], ...] = ()
    """Command lines and what they do."""
    details: str = ""
    """What else there is to know."""
    options: frozenset[str] = frozenset()
    """The groups of options that it takes, besides those of all commands: `query`, `list`, `reader`, `records`."""
    least: int = 0
    """How many arguments it needs."""


_ID_RULE = (
    "Arguments of hexadecimal digits with which exactly one id begins (four or more, a letter among them; or eight "
    "or more) are these releases; anything else is a query. When one of eight or more is an id, all are meant to be: "
    "those that are not are named, and the exit status is 3. "
    'id:3fa9 is always an id, "3fa9" in quotes a word.'
)

USAGES = (
    Usage(
        "list",
        "[QUERY …]",
        "Print a line per release: id, date, marks, source and title.",
        (
            ("newsreader list cyber -exercise date:2024-09..", "releases since September 2024, newest first"),
            ("newsreader list is:unread -n 20", "the twenty newest unread ones"),
            ("newsreader list --format jsonl | jq .date_evidence", "what each date rests on"),
            ("newsreader list | fzf -m | cut -f1 | xargs newsreader show", "choose in another program, then read"),
        ),
        "In a pipe, a line is not cut: id, date, marks, source and title are separated by tabs. The date has the sign "
        "of what it rests on (≈ inferred, ~ from its neighbours, ? unknown); the marks are u for unread or -, then s "
        "for starred or -. CSV and TSV cells are the text as it stands: a spreadsheet may take one that begins with = "
        "for a formula.",
        frozenset({"query", "list"}),
    ),
    Usage(
        "show",
        "[QUERY|ID …]",
        "Print the text of the matching releases.",
        (
            ("newsreader show 3fa9c1d2", "the release whose id begins so"),
            ("newsreader show source:nato date:2024-10 --format markdown > nato.md", "a month of one source"),
        ),
        _ID_RULE,
        frozenset({"query"}),
    ),
    Usage(
        "pick",
        "[QUERY …]",
        "Choose releases in the reader, drawn on the terminal, and print their text.",
        (("newsreader pick is:starred | wl-copy", "choose one and copy it"),),
        options=frozenset({"query"}),
    ),
    Usage(
        "count",
        "[QUERY …]",
        "Print how many releases match.",
        (("newsreader count is:unread", "how many there are to read"),),
        options=frozenset({"explain"}),
    ),
    Usage(
        "sources",
        "[QUERY …]",
        "Print for each source how many releases match, how many of them are unread and starred, and its name.",
        (("newsreader sources date:2024", "who issued how much in 2024"),),
        options=frozenset({"explain", "format"}),
    ),
    Usage(
        "mark",
        "read|unread|star|unstar QUERY|ID …",
        "Mark releases as read or unread, or star them.",
        (
            ("newsreader mark read source:eurostat date:..2023", "all old ones of a source"),
            ("newsreader mark star 3fa9c1d2", "one release, by its id"),
        ),
        _ID_RULE,
        least=2,
    ),
    Usage(
        "marks",
        "export|import [FILE] | backups | restore [BACKUP]",
        "Write all marks as lines of JSON, or take them over from such lines; list their backups, or restore one.",
        (
            ("newsreader marks export marks.jsonl", "a copy, or the way to another machine"),
            ("newsreader marks restore", "after damage: the newest good backup, and what can be read of the rest"),
            ("newsreader marks restore 2024-10-09", "what the backup of that day has more than the marks of now"),
        ),
        "Where two know the same mark, the newer word counts, in import and restore alike. A backup is made before "
        "the first change of each day, in the folder that “newsreader paths” names; seven are kept, and one of each "
        "of the last six months. A BACKUP is one of these days, or the path of a file that was set aside. What "
        "restore replaces is kept under a dated name.",
        least=1,
    ),
    Usage(
        "check",
        "[PATH …]",
        "Read a library from scratch and print what was read, what was odd, where and why.",
        (("newsreader check ~/digests", "every file, with what is wrong in it"),),
    ),
    Usage("paths", "", "Print where the configuration, the marks and the archive live.", options=frozenset({"format"})),
    Usage("keys", "", "Print the keys of the reader.", options=frozenset({"format"})),
    Usage("config", "", "Print the settings in force, as a configuration file that would set them."),
)  # fmt: skip
"""All commands, in the order in which help shows them."""

READER_USAGE = Usage(
    READER,
    "[PATH …]",
    "Read digests of official releases. Without a command, the reader opens; into a pipe or a file, it prints.",
    (
        ("newsreader", "read the configured library, else the bundled sample"),
        ("newsreader ~/digests", "read all digests in a folder"),
        ("newsreader ~/digests --filter 'source:nato is:unread'", "begin with a filter"),
        ("newsreader --plain ~/digests", "read line by line, with a screen reader or a braille display"),
        ("newsreader list cyber -n 20", "search without the reader"),
        ("curl -s https://example.org/digest.txt | newsreader -", "read what is piped in"),
        ("newsreader ./list", "read a file that is called like a command"),
    ),
    "The library is -f PATH (or PATH for the reader), else piped input (unless ids are named), else "
    "NEWSREADER_LIBRARY (paths separated as in PATH), else the configured one, else the bundled sample. After a "
    "command, a path joined to -f begins with /, . or ~: -finance leaves out a word.\n\n"
    "Exit status: 0 done; 1 nothing matched; 2 wrong usage, query or configuration; 3 some input (digests, marks, a "
    "named id) could not be read, the rest was, or something could not be written; 130 and 143 stopped by a signal.",
    frozenset({"query", "reader"}),
)


class _Formatter(argparse.HelpFormatter):
    """Help at a fixed width: asking the terminal for its own would import shutil, at every option."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, max_help_position=26, width=82)


class Parser(argparse.ArgumentParser):
    """A parser of one command, with errors and help in our words."""

    def __init__(self, usage: Usage) -> None:
        """Make the parser of the command."""
        prog = READER if usage is READER_USAGE else f"{READER} {usage.name}"
        super().__init__(prog=prog, add_help=False, allow_abbrev=False, formatter_class=_Formatter)
        self._usage = usage
        self.usage = f"{prog} [OPTION …] {usage.arguments}".rstrip()

    def error(self, message: str) -> NoReturn:
        """Say in one sentence what is wrong, and where help is."""
        from newsreader.streams import say

        say(f"newsreader: {message[0].upper()}{message[1:].rstrip('.')}. See {self.prog} --help.")
        raise SystemExit(2)

    def print_help(self, file: object = None) -> None:
        """Print the help like any other text: paged, and not silent when it cannot be written."""
        from newsreader.streams import write

        write([self.format_help()])

    def format_help(self) -> str:
        """The help: usage, summary, commands, examples, options, details, and the query language where it applies."""
        usage = self._usage
        parts = [f"Usage: {self.usage}\n\n{_fill(usage.summary)}"]
        if usage is READER_USAGE:
            rows = [(f"{each.name} {each.arguments}".rstrip(), each.summary) for each in USAGES]
            parts.append("Commands:\n" + _table(rows) + "\n(newsreader COMMAND --help says more.)\n")
        if usage.examples:
            parts.append("Examples:\n" + "".join(f"  {line}\n      {what}\n" for line, what in usage.examples))
        formatter = self._get_formatter()
        for group in self._action_groups:
            if group.title == "options":
                formatter.start_section("Options")
                formatter.add_arguments(group._group_actions)
                formatter.end_section()
        parts.append(formatter.format_help())
        if usage.details:
            parts.append("\n\n".join(_fill(paragraph) for paragraph in usage.details.split("\n\n")))
        if "QUERY" in usage.arguments or usage is READER_USAGE:
            parts.append(_query_help())
        return "\n".join(part.rstrip("\n") + "\n" for part in parts)


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


def parse_arguments(usage: Usage, words: Sequence[str]) -> argparse.Namespace:
    """The options of a command, and its other words as `arguments`.

    Raises `SystemExit` after help and after an error of usage.
    """
    parser = Parser(usage)
    _add_common_options(parser, usage)
    if "query" in usage.options or "explain" in usage.options:
        parser.add_argument(
            "--explain", action="store_true", help="say how the query is understood, and do nothing else"
        )
    if "query" in usage.options or "format" in usage.options:
        parser.add_argument("--format", choices=FORMATS, metavar="FORMAT", help=f"one of {', '.join(FORMATS)}")
    if "query" in usage.options:
        _add_query_options(parser, usage)
    if "reader" in usage.options:
        parser.add_argument("-F", "--filter", metavar="QUERY", default="", help="begin with this filter")
        parser.add_argument("--plain", action="store_true", help="read line by line, for screen readers and braille")
        parser.add_argument("--version", action="store_true", help="print the version")
    options, arguments = divide(words, may_join=usage is READER_USAGE)
    namespace = parser.parse_args(options)
    if "QUERY" in usage.arguments:
        namespace.paths += [word for word in arguments if word == "-"]
        arguments = [word for word in arguments if word != "-"]
    _check_arguments(parser, usage, arguments, namespace.paths)
    namespace.arguments = arguments
    namespace.format = getattr(namespace, "format", None)
    return namespace


def _check_arguments(parser: Parser, usage: Usage, arguments: list[str], paths: list[str]) -> None:
    """End with an error of usage when there are too few or too many, or when a path is empty."""
    if len(arguments) < usage.least:
        parser.error(f"expected are {usage.arguments}")
    if arguments and not usage.arguments:
        parser.error(f"nothing can follow {usage.name}, but “{arguments[0]}” does")
    if "" in paths or ("QUERY" not in usage.arguments and "" in arguments):
        parser.error("a path is empty, perhaps a variable that is not set; . is the current folder")


def _add_common_options(parser: argparse.ArgumentParser, usage: Usage) -> None:
    add = parser.add_argument
    add(
        "-f",
        "--from",
        dest="paths",
        action="append",
        default=[],
        metavar="PATH",
        help="a file or folder of the library; - is standard input",
    )
    add("-q", "--quiet", action="store_true", help="say nothing but errors")
    add("-v", "--verbose", action="store_true", help="say also what was odd, and what was done")
    add("--encoding", default="", metavar="NAME", help="the encoding of all digests, when it is not found out rightly")
    add("--follow", action="store_true", help="follow symbolic links in folders, also those that lead out of them")
    add("--no-cache", action="store_true", help="keep no archive; read everything now")
    add("--color", choices=("auto", "always", "never"), default="auto", metavar="WHEN", help="auto, always or never")
    add("--width", type=_positive, metavar="COLUMNS", help="wrap text and cut lines at this width")
    add("-h", "--help", action="help", help="print this help")


def _add_query_options(parser: argparse.ArgumentParser, usage: Usage) -> None:
    add = parser.add_argument
    add("-n", "--limit", type=_count, metavar="NUMBER", help="at most so many releases")
    add(
        "--sort",
        choices=SORTS,
        default="date",
        metavar="ORDER",
        help=f"one of {', '.join(SORTS)}; date is newest first",
    )
    add("--reverse", action="store_true", help="turn the order round")
    add("-0", "--null", action="store_true", help="end each entry with NUL instead of a newline, for xargs -0")
    if "list" in usage.options:
        add("--body", action="store_true", help="with the text, in json and jsonl")


def _positive(text: str) -> int:
    return _number(text, 1)


def _count(text: str) -> int:
    return _number(text, 0)


def _number(text: str, least: int) -> int:
    digits = text.lstrip("0") or text[:1]
    if not text.isdecimal() or (number := int(digits[: len(str(MOST_COUNT))])) < least:
        raise argparse.ArgumentTypeError(f"“{text}” is no number from {least} up")
    return min(number, MOST_COUNT)


def _fill(text: str) -> str:
    import textwrap

    return textwrap.fill(text, 80, break_on_hyphens=False)


def _table(rows: Iterable[tuple[str, str]]) -> str:
    import textwrap

    lines = []
    for name, text in rows:
        lines.append(f"  {name}\n" + textwrap.fill(text, 80, initial_indent=" " * 6, subsequent_indent=" " * 6))
    return "\n".join(lines)


def _query_help() -> str:
    from newsreader.query import EXAMPLES, FIELDS

    fields = [(f"{each.name}:   {each.example}", each.help) for each in FIELDS]
    examples = "".join(f"  {each.query}\n      {each.help}\n" for each in EXAMPLES)
    return "The query language:\n" + _table(fields) + "\n\n" + examples
