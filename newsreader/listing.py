"""How the files of a library looked when it was last read, and whether they still look so.

Only a look at each file tells that none has changed, and at ten thousand files that is most of what a command does: so
no step of ours is taken for a single file, all go through loops of the interpreter.
"""

from __future__ import annotations

import os
import stat
from array import array
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
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


def look(paths: Iterable[str]) -> Iterator[Listing]:
    """What is at and below these paths, from the first to the last, links not followed; changes the working directory.

    Raises `OSError` when something cannot be looked at.
    """
    folders = []
    for path in map(os.path.abspath, map(os.fsencode, paths)):
        status = os.stat(path)
        if stat.S_ISDIR(status.st_mode):
            folders.append(path)
        else:
            yield make_listing(b"", [path], [status])
    folders.sort(reverse=True)
    while folders:
        folder = folders.pop()
        os.chdir(folder)  # names alone are looked up faster than whole paths
        names = os.listdir(b".")
        statuses = list(map(os.lstat, names))
        yield make_listing(folder, names, statuses)
        inner = compress(names, map(stat.S_ISDIR, map(_mode, statuses)))
        folders += [os.path.join(folder, name) for name in sorted(inner, reverse=True) if not name.startswith(b".")]


def is_as_listed(listings: Iterable[Listing]) -> bool:
    """Whether all folders hold the same names, and all that have them the same size and time."""
    return all(map(_is_same, listings))


def _is_same(listing: Listing) -> bool:
    folder, joined, *_ = listing
    try:
        if not folder:
            paths = joined.split(_SEPARATOR)
            return make_listing(folder, paths, map(os.stat, paths)) == listing
        descriptor = os.open(folder, os.O_RDONLY)
        try:  # names below a folder that is open are looked up faster than whole paths
            names = os.listdir(folder)
            look_up = partial(os.stat, dir_fd=descriptor, follow_symlinks=False)
            return make_listing(folder, names, map(look_up, names)) == listing
        finally:
            os.close(descriptor)
    except OSError:
        return False
