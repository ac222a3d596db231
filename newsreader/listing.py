"""How the files of a library looked when it was last read, and whether they still look so.

Only a look at each file tells that none has changed, and at ten thousand files that is most of what a command does: so
no step of ours is taken for a single file, all go through loops of the interpreter.
"""

from __future__ import annotations

import os
import stat
from array import array
from collections.abc import Iterable, Sequence
from itertools import compress
from operator import attrgetter

Listing = tuple[bytes, bytes, bytes, bytes]
"""A folder's path, the names in it, and the sizes and times of what has these names; see `make_listing`."""

LATEST_NS = (1 << 63) - 1
"""The latest time that is told from later ones: SQLite's largest integer, in the year 2262."""

_SEPARATOR = b"\0"
_mode, _size, _time = attrgetter("st_mode"), attrgetter("st_size"), attrgetter("st_mtime_ns")


def make_listing(folder: bytes, names: Sequence[bytes], statuses: Iterable[os.stat_result]) -> Listing:
    """What a folder holds; without a folder, `names` are the paths of files, which may be reached by links."""
    statuses = list(statuses)
    sizes = array("q", map(_size, statuses))
    try:
        times = array("q", map(_time, statuses))
    except OverflowError:
        times = array("q", [min(status.st_mtime_ns, LATEST_NS) for status in statuses])
    return folder, _SEPARATOR.join(names), sizes.tobytes(), times.tobytes()


def look(paths: Iterable[str]) -> list[Listing]:
    """What is at and below these paths, links not followed; for a process of its own, as it goes from folder to folder.

    Raises `OSError` when something cannot be looked at.
    """
    listings = []
    folders = []
    for path in paths:
        top = os.path.abspath(os.fsencode(path))
        status = os.stat(top)
        if stat.S_ISDIR(status.st_mode):
            folders.append(top)
        else:
            listings.append(make_listing(b"", [top], [status]))
    while folders:
        folder = folders.pop()
        os.chdir(folder)  # names alone are looked up faster than whole paths
        names = os.listdir(b".")
        statuses = list(map(os.lstat, names))
        listings.append(make_listing(folder, names, statuses))
        are_folders = map(stat.S_ISDIR, map(_mode, statuses))
        folders += [os.path.join(folder, name) for name in compress(names, are_folders) if not name.startswith(b".")]
    return listings


def is_as_listed(listings: Iterable[Listing]) -> bool:
    """Whether all folders hold the same names, and all that have them the same size and time."""
    return all(map(_is_same, listings))


def _is_same(listing: Listing) -> bool:
    folder, joined, *_ = listing
    try:
        names = os.listdir(folder) if folder else joined.split(_SEPARATOR)
        paths = map(os.path.join(folder, b"").__add__, names)
        return make_listing(folder, names, map(os.lstat if folder else os.stat, paths)) == listing
    except OSError:
        return False
