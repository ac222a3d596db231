"""The commands about the file of the marks: a copy of it, the way back, and what other machines have marked."""

from __future__ import annotations

import sys
from contextlib import closing

from newsreader import cli_facts, streams
from newsreader.cli_words import Options
from newsreader.errors import NewsreaderError
from newsreader.session import Session, clock, marks_path

WORDS = {"export": 2, "import": 2, "backups": 1, "restore": 2}
"""The words that may follow `marks`, and how many words there may be then."""


def marks(options: Options) -> int:
    """Write all marks, take them over, list their backups or restore one."""
    word, *rest = options.arguments
    if len(options.arguments) > WORDS.get(word, 0):
        raise NewsreaderError(
            "Say newsreader marks export [FILE], marks import [FILE], marks backups or marks restore [BACKUP]."
        )
    session = Session(paths=options.paths, takes_piped_input=False, is_quiet=options.quiet)
    options.opened.enter_context(closing(session))
    if word == "backups":
        return _list_backups(options)
    if word == "restore":
        from newsreader.marks_backup import restore

        streams.say(f"newsreader: {restore(marks_path(), rest[0] if rest else '', clock().astimezone())}")
        return 3 if session.marks.problem else 0
    if session.marks.problem:
        return 3
    return _import(session, rest[0] if rest else "-") if word == "import" else _export(session, rest)


def _import(session: Session, file: str) -> int:
    lines = list(cli_facts.read_lines(file)) if file == "-" else cli_facts.read_lines(file)
    if not session.tend_marks():
        return 3
    changed = session.marks.merge(lines)
    streams.say(f"newsreader: {changed:,} marks were taken over.")
    return 0


def _export(session: Session, rest: list[str]) -> int:
    if not rest or rest[0] == "-":
        streams.write((f"{line}\n" for line in session.marks.export()), may_page=False)
    else:
        cli_facts.write_lines(rest[0], session.marks.export())
    return 3 if session.marks.notes else 0


def _list_backups(options: Options) -> int:
    """A line for each backup: its day, its marks, its file."""
    from newsreader.marks_backup import backups_of
    from newsreader.output import Format, render_records

    names = ("day", "marks", "path")
    records: list[dict[str, object]] = []
    for backup in backups_of(marks_path()):
        count = backup.count()
        records.append({"day": backup.day, "marks": "damaged" if count is None else count, "path": backup.path})
    if not records:
        streams.say("newsreader: There are no backups yet; one is made before the first change of each day.")
        return 1
    if streams.is_terminal(sys.stdout):
        streams.write(cli_facts.aligned(records, names))
    else:
        streams.write(render_records(records, names, Format("text"), "backups"))
    return 0
