"""Opens a link with the system's own program, or with one of the configuration: never by a shell."""

from __future__ import annotations

import asyncio
import shutil
import sys
from collections.abc import Sequence

PATIENCE_SECONDS = 10.0
"""After so long, a program that still runs is taken to show the link."""


def default_opener() -> tuple[str, ...]:
    """The command that opens links on this system."""
    return ("open",) if sys.platform == "darwin" else ("xdg-open",)


async def open_link(opener: Sequence[str], url: str) -> str:
    """Have a link opened; why it could not be, as a sentence, or nothing.

    The address is the last argument. It begins with its scheme, so that it cannot be taken for an option. The program
    gets a session of its own and no terminal: one that would draw on ours fails instead.
    """
    command = tuple(opener) or default_opener()
    if shutil.which(command[0]) is None:
        return f"There is no program {command[0]} to open links with. Set opener in the configuration, or copy {url}."
    try:
        process = await asyncio.create_subprocess_exec(
            *command,
            url,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
            start_new_session=True,
        )
    except OSError as error:
        return f"{command[0]} cannot be run: {error.strerror}. Set opener in the configuration, or copy {url}."
    try:
        status = await asyncio.wait_for(process.wait(), PATIENCE_SECONDS)
    except TimeoutError:
        return ""
    return f"{command[0]} could not open it (status {status}). Copy {url}." if status else ""
