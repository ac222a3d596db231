"""What nobody expected: told in one sentence, with a report that holds nothing of what was read.

A report has the way through the code, and of the errors only their kinds: messages and variables may quote a release.
"""

from __future__ import annotations

import os
import sys

from newsreader.streams import say

TYPE_CHECKING = False  # importing typing would take 3 ms
if TYPE_CHECKING:
    from collections.abc import Iterator
    from traceback import FrameSummary

STATUS = 70
"""The exit status: EX_SOFTWARE of sysexits.h."""
MOST_REPORTS = 10
"""Older ones are deleted."""
MOST_FRAMES = 100
"""Of an endless recursion, the last are enough."""
FACTS = ("TERM", "COLORTERM", "TERM_PROGRAM", "TMUX", "STY", "NO_COLOR", "LANG", "LC_ALL", "PYTHONUTF8")
"""Environment variables that say what the terminal is."""


def report(error: BaseException) -> int:
    """Write a report and say where it is; the exit status."""
    text = "".join(f"{line}\n" for line in _describe(error))
    name, file, line = _place(error)
    say(f"newsreader: This is a fault of the program: {name} in {file}, line {line}.")
    try:
        path = _write(text)
    except OSError as reason:
        say(f"No report could be written ({reason.strerror or reason}); it would have said:\n{text}")
    else:
        say(f"The report is {path}; it holds nothing of what you read. Please send it to the developers.")
    return STATUS


def _write(text: str) -> str:
    """Write a report into a file for its owner alone, and delete old ones; the file's path."""
    import time

    from newsreader.config import state_dir
    from newsreader.private import create_private_file, make_private_folder

    folder = os.path.join(state_dir(), "crashes")
    make_private_folder(folder)
    path = os.path.join(folder, f"{time.strftime('%Y%m%d-%H%M%S')}-{os.getpid()}.txt")
    create_private_file(path)
    with open(path, "w", encoding="utf-8", errors="backslashreplace") as stream:
        stream.write(text)
    for old in sorted(name for name in os.listdir(folder) if name.endswith(".txt"))[:-MOST_REPORTS]:
        os.unlink(os.path.join(folder, old))
    return path


def _describe(error: BaseException) -> Iterator[str]:
    """The lines of a report."""
    import platform
    import sqlite3

    from newsreader import __version__

    textual = sys.modules.get("textual")
    yield f"newsreader {__version__}"
    yield f"Python {platform.python_version()} on {platform.platform()}, SQLite {sqlite3.sqlite_version}"
    if textual is not None:
        yield f"Textual {textual.__version__}"
    for name in FACTS:
        if name in os.environ:
            yield f"{name}={os.environ[name][:80]!a}"
    for number, each in enumerate(_chain(error)):
        yield ""
        yield f"{'This was raised:' if not number else 'which was raised because of:'} {_kind(each)}"
        yield from _frames(each)


def _chain(error: BaseException) -> Iterator[BaseException]:
    """An error, and those that led to it."""
    seen: set[int] = set()
    following: BaseException | None = error
    while following is not None and id(following) not in seen:
        seen.add(id(following))
        yield following
        following = following.__cause__ or following.__context__


def _kind(error: BaseException) -> str:
    """What an error is, without its message."""
    name = f"{type(error).__module__}.{type(error).__qualname__}".removeprefix("builtins.")
    if isinstance(error, OSError) and error.errno is not None:
        return f"{name} ({os.strerror(error.errno)})"
    code = getattr(error, "sqlite_errorname", None)
    return f"{name} ({code})" if isinstance(code, str) else name


def _frames(error: BaseException) -> Iterator[str]:
    """The way to an error, as places in the code and what stands there."""
    frames = _summary(error)
    if len(frames) > MOST_FRAMES:
        yield f"  ({len(frames) - MOST_FRAMES} calls left out)"
    for frame in frames[-MOST_FRAMES:]:
        yield f"  {_short(frame.filename)}, line {frame.lineno}, in {frame.name}"
        if frame.line:
            yield f"    {frame.line}"


def _summary(error: BaseException) -> list[FrameSummary]:
    import traceback

    return list(traceback.StackSummary.extract(traceback.walk_tb(error.__traceback__)))


def _place(error: BaseException) -> tuple[str, str, int]:
    """The kind of an error, and the last place in our own code on the way to it."""
    frames = _summary(error)
    ours = [frame for frame in frames if _short(frame.filename).startswith("newsreader/")]
    frame = (ours or frames)[-1]
    return _kind(error), _short(frame.filename), frame.lineno or 0


def _short(path: str) -> str:
    """A file of code without the folders above it, which may name the user."""
    package = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    if path.startswith(package + os.sep):
        return path[len(package) + 1 :].replace(os.sep, "/")
    for folder in ("site-packages", f"python{sys.version_info[0]}.{sys.version_info[1]}"):
        _, found, rest = path.rpartition(f"{os.sep}{folder}{os.sep}")
        if found:
            return rest.replace(os.sep, "/")
    return os.path.basename(path)
