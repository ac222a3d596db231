"""Runs a command that the reader typed, with a release's text on its standard input."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from newsreader.models import Release
from newsreader.text import clean_line

LONGEST_OUTPUT = 256 * 1024
"""Bytes of output that are kept; a command that prints more is ended."""

LONGEST_FACT = 1000
"""Characters of a fact: the system refuses to run a command with one of megabytes."""

GRACE_SECONDS = 2.0
"""How long to wait for a command that was ended; one that left its session may hold its output open for ever."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a command did."""

    output: str
    """What it printed on standard output and standard error, decoded; not cleaned for a terminal."""
    status: int
    """Its exit status; negative for the signal that ended it."""
    is_cut: bool
    """Whether it printed more than is kept."""


def facts_of(releases: Sequence[Release]) -> dict[str, str]:
    """What a command is told of the releases by its environment; each is one clean line."""
    facts = {"COUNT": str(len(releases))}
    if len(releases) == 1:
        headline, origins = releases[0].headline, releases[0].origins
        facts |= {
            "ID": headline.id,
            "TITLE": headline.title,
            "SOURCE": headline.source,
            "DATE": headline.date.iso,
            "DIGEST": origins[0].digest if origins else "",
        }
    return {f"NEWSREADER_{name}": clean_line(fact[:LONGEST_FACT])[:LONGEST_FACT] for name, fact in facts.items()}


async def run_command(command: str, text: str, facts: Mapping[str, str]) -> Outcome:
    """Run a shell command with `text` on its standard input and `facts` in its environment.

    The shell reads what the user has typed and nothing else. When cancelled, the command and its children are ended.
    """
    process = await _start(command, facts)
    feeding = asyncio.create_task(_feed(process, text.encode("utf-8", "replace")))
    try:
        output = await _read(process)
        is_cut = len(output) > LONGEST_OUTPUT
        status = await _end(process) if is_cut else await process.wait()
    except asyncio.CancelledError:
        await _end(process)
        raise
    finally:
        feeding.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await feeding
    return Outcome(output[:LONGEST_OUTPUT].decode("utf-8", "replace"), status, is_cut)


async def _start(command: str, facts: Mapping[str, str]) -> asyncio.subprocess.Process:
    """Start the command in a session of its own, so that all it starts can be ended; also when cancelled just now."""
    starting = asyncio.ensure_future(
        asyncio.create_subprocess_shell(
            command,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            start_new_session=True,
            env={**os.environ, **facts},
        )
    )
    try:
        return await asyncio.shield(starting)
    except asyncio.CancelledError:
        await _end(await starting)
        raise


async def _feed(process: asyncio.subprocess.Process, data: bytes) -> None:
    """Write the text; a command that does not read it all is no error."""
    assert process.stdin is not None
    with contextlib.suppress(BrokenPipeError, ConnectionResetError):
        process.stdin.write(data)
        await process.stdin.drain()
    process.stdin.close()
    with contextlib.suppress(BrokenPipeError, ConnectionResetError):
        await process.stdin.wait_closed()


async def _read(process: asyncio.subprocess.Process) -> bytes:
    """What it prints, up to a little more than is kept."""
    assert process.stdout is not None
    output = b""
    while len(output) <= LONGEST_OUTPUT and (chunk := await process.stdout.read(65536)):
        output += chunk
    return output


async def _end(process: asyncio.subprocess.Process) -> int:
    """End the command and whatever it started; its status.

    What it printed last is read and dropped: asyncio waits for the end of its output before it tells of its own end.
    """
    assert process.stdout is not None
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(GRACE_SECONDS):
            while await process.stdout.read(65536):
                pass
            return await process.wait()
    return -signal.SIGKILL
