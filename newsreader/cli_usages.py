"""The commands: what each is called with, and what its help says."""

from __future__ import annotations

from newsreader.record import Record

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
    """The groups of options that it takes, besides those of all commands: see `Option.groups`."""
    least: int = 0
    """How many arguments it needs."""

    @property
    def program(self) -> str:
        """What a command line for it begins with."""
        return READER if self.name == READER else f"{READER} {self.name}"


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
