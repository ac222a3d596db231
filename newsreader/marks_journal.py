"""What lies beside the marks: whether undoing a journal would put another file's pages into them, and what is none."""

from __future__ import annotations

import os
import struct
from time import sleep

JOURNAL = "-journal"
"""What SQLite appends to a database's name for its journal."""
BESIDE = (JOURNAL, "-wal", "-shm")
"""All that it appends for what it keeps beside a database; where one of them is no file, it cannot be used."""
TRIES, PAUSE_SECONDS = 4, 0.05
"""A journal that another process is writing is soon gone; one left by a crash stays as it is."""

_MAGIC = b"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7"
_HEADER = struct.Struct(">8sIIIII")  # https://sqlite.org/fileformat.html#the_rollback_journal
_MOST_RECORDS = 100_000
_LEAST_PAGE, _MOST_PAGE = 512, 65536


def has_foreign_journal(path: str) -> bool:
    """Whether a journal that cannot be of this database lies beside it; SQLite would undo it all the same."""
    for _ in range(TRIES):
        if not os.path.isfile(path + JOURNAL) or not _is_foreign(path):
            return False
        sleep(PAUSE_SECONDS)
    return True


def obstacles(path: str) -> list[str]:
    """What stands where SQLite would keep something beside this database, and is no file."""
    return [path + ending for ending in BESIDE if os.path.lexists(path + ending) and not _is_file(path + ending)]


def _is_file(path: str) -> bool:
    return os.path.isfile(path) and not os.path.islink(path)


def _is_foreign(path: str) -> bool:
    try:
        with open(path + JOURNAL, "rb") as journal:
            header = journal.read(_HEADER.size)
            if len(header) < _HEADER.size:
                return False
            magic, records, _, pages, sector_size, page_size = _HEADER.unpack(header)
            if magic != _MAGIC or not records or not _LEAST_PAGE <= page_size <= _MOST_PAGE:
                return False  # SQLite does not undo it
            journal.seek(sector_size)
            old = b""
            for _ in range(min(records, _MOST_RECORDS)):
                number = journal.read(4)
                page = journal.read(page_size + 4)[:-4]
                if len(page) < page_size:
                    break
                if number == b"\0\0\0\1":
                    old = page
                    break
        with open(path, "rb") as database:
            new = database.read(page_size)
    except OSError:
        return False
    if not old:  # pages were written before the end, of which the first is none
        return _page_size(new) != page_size or new[28:32] != struct.pack(">I", pages)
    return _page_size(new) != page_size or not _can_follow(new, old)


def _page_size(page: bytes) -> int:
    """What the first page of a database says; one of 64 KiB says 1."""
    size = int.from_bytes(page[16:18], "big")
    return _MOST_PAGE if size == 1 else size


def _can_follow(new: bytes, old: bytes) -> bool:
    """Whether a first page can be what one transaction has made, or is about to make, of the one in the journal."""
    step = (int.from_bytes(new[24:28], "big") - int.from_bytes(old[24:28], "big")) & 0xFFFFFFFF
    return new == old or (step == 1 and new[68:72] == old[68:72])
