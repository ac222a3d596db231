"""Files and folders for their owner alone, whatever the umask is."""

from __future__ import annotations

import os

TYPE_CHECKING = False  # importing typing would take 3 ms
if TYPE_CHECKING:
    from collections.abc import Iterator


def make_private_folder(path: str) -> None:
    """Make a folder and those above it that are missing; one that is there keeps its mode.

    Raises `OSError` when it cannot be made, or when something else stands in its place.
    """
    for missing in reversed(list(_missing_folders(os.path.abspath(path)))):
        try:
            os.mkdir(missing, 0o700)
        except FileExistsError:  # another process was faster
            continue
        os.chmod(missing, 0o700)
    os.stat(os.path.join(path, os.curdir))


def create_private_file(path: str) -> None:
    """Make an empty file.

    Raises `FileExistsError` when something of that name is there already, and `OSError` when it cannot be made.
    """
    descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600)
    try:
        os.fchmod(descriptor, 0o600)
    finally:
        os.close(descriptor)


def _missing_folders(path: str) -> Iterator[str]:
    """The folders that are to be made, the innermost first."""
    while not os.path.lexists(path):
        yield path
        path = os.path.dirname(path)
