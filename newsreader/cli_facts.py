"""The commands that tell about the program and its input rather than about releases; what they share with others."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence

from newsreader import streams
from newsreader.cli_usages import USAGES, Usage
from newsreader.cli_words import Options
from newsreader.errors import LibraryError, NewsreaderError
from newsreader.session import Session, describe_problem, marks_path


def print_version() -> int:
    """The program's name and version."""
    from newsreader import __version__

    streams.write([f"newsreader {__version__}\n"])
    return 0


def print_help(usage: Usage) -> int:
    """What a command does, and with what."""
    from newsreader.cli_help import help_text

    streams.write([help_text(usage)])
    return 0


def check(options: Options) -> int:
    """Read a library from scratch and print what was read and what was odd."""
    from newsreader.archive import Archive
    from newsreader.archive_file import TEMPORARY

    session = Session(
        paths=[*options.paths, *options.arguments],
        encoding=known_encoding(options.encoding),
        is_cached=False,
        is_quiet=True,
        follows_links=options.follow,
    )
    session.archive = Archive(TEMPORARY, session.marks)  # memory may be too small for it
    report = session.refresh()
    streams.write(_check_lines(session, report.problems, options.quiet))
    return 3 if report.failures else 0


def _check_lines(session: Session, problems: Sequence[object], is_quiet: bool) -> Iterator[str]:
    """Each digest with its releases and what was odd about it; then the sums."""
    from newsreader.models import Problem
    from newsreader.text import clean_line

    by_path: dict[str, list[Problem]] = {}
    for problem in problems:
        if isinstance(problem, Problem):
            by_path.setdefault(problem.digest, []).append(problem)
    digests = session.archive.digests()
    counts = dict(digests)
    for path in sorted({*counts, *by_path}):
        if path in counts and not is_quiet:
            yield clean_line(f"{path}: {_plural(counts[path], 'release')}") + "\n"
        for problem in by_path.get(path, []):
            yield f"{describe_problem(problem)}\n"
    failures = sum(isinstance(problem, Problem) and problem.is_failure for problem in problems)
    releases = session.archive.count(session.parse_query(""))
    yield (
        f"{_plural(len(digests), 'digest')}, {_plural(releases, 'release')}; {_plural(len(problems), 'remark')}, "
        f"{failures:,} of them on what could not be read.\n"
    )


def paths(options: Options) -> int:
    """Where things live."""
    from newsreader.config import cache_dir, config_path, sample_library, state_dir
    from newsreader.marks_file import BACKUPS
    from newsreader.output import Format, render_records

    session = Session(paths=options.paths, takes_piped_input=False)
    places = [
        ("configuration", config_path()),
        ("marks", marks_path()),
        ("backups", os.path.join(os.path.dirname(marks_path()), BACKUPS)),
        ("archives", cache_dir()),
        ("state", state_dir()),
        ("archive", session.archive_path or "in memory"),
        *(("library", os.path.abspath(path) if path != "-" else path) for path in session.library.paths),
        ("sample", sample_library()),
    ]
    records: list[dict[str, object]] = [{"name": name, "path": path} for name, path in places]
    _write_records(render_records(records, ("name", "path"), Format(options.format or "text"), "paths"), options)
    return 0


def keys(options: Options) -> int:
    """The keys of the reader, with those of the configuration in place."""
    from newsreader.commands import COMMANDS, key_labels
    from newsreader.config import load_config
    from newsreader.output import Format, render_records

    rebound = load_config().keys
    names = ("keys", "command", "where", "help")
    is_text = options.format in {None, "text"}
    records: list[dict[str, object]] = [
        {
            "keys": "  ".join(key_labels(keys)) if is_text or options.format in {"markdown", "html"} else keys,
            "command": command.id,
            "where": str(command.scope),
            "help": command.help,
        }
        for command in COMMANDS
        for keys in (rebound.get(command.id, command.keys),)
    ]
    if is_text and (options.width or streams.is_terminal(sys.stdout)):
        _write_records(aligned(records, names), options)
    else:
        _write_records(render_records(records, names, Format(options.format or "text"), "keys"), options)
    return 0


def config(options: Options) -> int:
    """The settings in force, as a file that would set them."""
    import json

    from newsreader.config import SETTINGS, config_path, load_config

    settings = load_config()
    lines = [
        f"# {settings.path or config_path()}" + ("" if settings.path else " does not exist; these are the defaults.")
    ]
    for name in (name for name in SETTINGS if name != "keys"):
        value = getattr(settings, name)
        text = json.dumps(list(value) if isinstance(value, tuple) else value)
        lines.append(f"{name} = {text}" + ("" if name in settings.given else "  # default"))
    lines.append("\n[keys]" + ("" if settings.keys else "  # default"))
    lines += [f"{command} = {json.dumps(keys)}" for command, keys in settings.keys.items()]
    streams.write(f"{line}\n" for line in lines)
    return 0


def aligned(records: Sequence[Mapping[str, object]], names: Sequence[str]) -> Iterator[str]:
    """The records below their names in aligned columns, for a terminal; numbers to the right."""
    from newsreader.text import cell_width, clean_line

    rows: list[list[str]] = [list(names)]
    rows += [[clean_line(str(record[name])) for name in names] for record in records]
    widths = [max(cell_width(row[column]) for row in rows) for column in range(len(names))]
    are_numbers = [all(isinstance(record[name], int) for record in records) for name in names]
    for row in rows:
        cells = []
        for text, width, is_number in zip(row, widths, are_numbers, strict=True):
            padding = " " * (width - cell_width(text))
            cells.append(padding + text if is_number else text + padding)
        yield "  ".join(cells).rstrip() + "\n"


def known_encoding(name: str) -> str:
    """The name of an encoding that any bytes can be read in. Raises `NewsreaderError` when it is none."""
    if not name:
        return ""
    import codecs

    from newsreader.digest import parse_digest

    try:
        "".encode(name)
        known = codecs.lookup(name).name
        for sample in _ENCODING_SAMPLES:
            for _ in parse_digest([sample], "", known):
                pass
        return known
    except (LookupError, ValueError, ArithmeticError) as error:
        raise NewsreaderError(
            f"There is no encoding “{name}” that digests can be read in; utf-8, utf-16, cp1252 and latin-1 are some."
        ) from error


_ENCODING_SAMPLES = (
    b"Title\n\nSource: Us\n\nText.\n",
    b"\xff\xfe\x00a-\x80\n",
    bytes(range(255, -1, -1)),
    b"-a\n9-\xe9",
)


_LONGEST_LINE = 1 << 20  # characters; no mark has so many, and a device may have no end


def read_lines(file: str) -> Iterator[str]:
    """The lines of a file, or of standard input for `-`."""
    try:
        if file == "-":
            from newsreader.standard_input import read_input

            yield from read_input().decode("utf-8").splitlines()
            return
        with open(file, encoding="utf-8") as stream:
            while line := stream.readline(_LONGEST_LINE):
                yield line
    except OSError as error:
        raise LibraryError(f"{file}: this cannot be read: {error.strerror or error}.") from error
    except UnicodeDecodeError as error:
        raise LibraryError(f"{file}: this is not UTF-8, as exported marks are.") from error


def write_lines(file: str, lines: Iterable[str]) -> None:
    """Write a file whole or not at all, at the end of symbolic links; what is no regular file is written as it is."""
    texts = (f"{line}\n" for line in lines)
    try:
        mode = _mode_of(file)
        if mode is not None and not stat.S_ISREG(mode):
            with open(file, "w", encoding="utf-8") as stream:
                stream.writelines(texts)
        else:
            _replace(os.path.realpath(file), texts, 0o600 if mode is None else stat.S_IMODE(mode))
    except OSError as error:
        raise streams.OutputError(f"{file}: this cannot be written: {error.strerror or error}.") from error


def _mode_of(file: str) -> int | None:
    try:
        return os.stat(file).st_mode
    except FileNotFoundError:
        return None


def _replace(file: str, texts: Iterable[str], mode: int) -> None:
    """Write a new file beside this one and put it in its place."""
    draft = os.path.join(os.path.dirname(file), f".newsreader-{os.getpid()}.part")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with open(descriptor, "w", encoding="utf-8") as stream:
            os.fchmod(descriptor, mode)  # whatever the umask is
            stream.writelines(texts)
            stream.flush()
            os.fsync(descriptor)
        os.replace(draft, file)
    except BaseException:
        os.unlink(draft)
        raise


def command_hint(word: str) -> str:
    """The rest of a sentence about a path that is not there: the command that may have been meant."""
    import difflib

    nearest = difflib.get_close_matches(word, [usage.name for usage in USAGES], 1)
    return f"; if you meant a command, it is newsreader {nearest[0]}" if nearest else "; check the path"


def _write_records(pieces: Iterable[str], options: Options) -> None:
    if options.format not in {None, "text"}:
        streams.write_utf8()
    streams.write(pieces)


def _plural(count: int, noun: str) -> str:
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"
