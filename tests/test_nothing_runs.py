"""Reading runs no program and opens no connection; what is run on purpose gets text only where it cannot act."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

import pytest

from newsreader.models import Date, Headline, Origin, Release
from newsreader.ui.piping import LONGEST_FACT, facts_of, run_command
from tests.conftest import SEEDS
from tests.terminal import Terminal, children_of, is_alive
from tests.test_ui_signals import wait_until_dead
from tests.test_ui_terminal import OPEN
from tests.ui_kit import digest, open_reader

HOSTILE = (
    "$(touch hit); `touch hit` | touch hit & \n'\"\\ \x00 -rf --help %s () { :;}; touch hit "
    "\x1b]8;;http://x.example\x07"
)
AUDITED = """
import sys
WATCHED = ("subprocess.", "os.system", "os.exec", "os.posix_spawn", "os.spawn", "pty.spawn", "webbrowser.",
    "socket.connect", "socket.getaddrinfo", "socket.gethostby", "socket.bind", "socket.sendto", "urllib.", "http.")
log = open(LOG, "a")
def audit(event, arguments):
    if event.startswith(WATCHED):
        log.write(f"{event} {arguments!r}\\n")
        log.flush()
sys.addaudithook(audit)
from newsreader.__main__ import main
sys.exit(main())
"""


def release(title: str) -> Release:
    """A release of a title."""
    return Release(Headline(1, "ab12", title, title, Date(), 1), title, (Origin(f"/x/{title}", 1, 0),))


async def test_a_command_is_told_facts_that_the_shell_does_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    facts = facts_of([release(HOSTILE)])
    outcome = await run_command('echo "$NEWSREADER_TITLE|$NEWSREADER_ID|$NEWSREADER_COUNT"; cat', HOSTILE, facts)
    assert outcome.status == 0
    assert not (tmp_path / "hit").exists()
    title, rest = outcome.output.split("|ab12|")
    assert title.startswith("$(touch hit); `touch hit` | touch hit & ")
    assert not any(ord(character) < 32 for character in title)
    assert rest == f"1\n{HOSTILE}"


async def test_facts_of_any_size_do_not_keep_a_command_from_running() -> None:
    facts = facts_of([release("\x00\n" + "x" * 10_000_000)])
    assert max(map(len, facts.values())) <= LONGEST_FACT
    assert (await run_command("echo $NEWSREADER_TITLE", "", facts)).output.endswith("xxx\n")


def test_of_several_releases_only_their_number_is_a_fact() -> None:
    assert facts_of([release("a"), release("b")]) == {"NEWSREADER_COUNT": "2"}


async def test_the_pipe_hands_the_facts_on() -> None:
    async with open_reader() as reader:
        await reader.press("vertical_line")
        await reader.type('echo "<$NEWSREADER_SOURCE> $NEWSREADER_COUNT"')
        await reader.press("enter")
        assert any("<Eurojust> 1" in line for line in reader.lines())


def test_reading_runs_nothing_and_connects_to_nothing(tmp_path: Path) -> None:
    log, library = tmp_path / "log", tmp_path / "library"
    library.mkdir()
    log.touch()
    (library / "a.txt").write_text(digest((HOSTILE.replace("\n", " "), "ACME", f"See https://x.example.\n\n{HOSTILE}")))
    (library / "b.txt").write_bytes(sorted(SEEDS.iterdir())[0].read_bytes())
    program = (sys.executable, "-c", f"LOG = {str(log)!r}\n{AUDITED}")
    with Terminal(library, program=program) as terminal:
        terminal.wait_for("unread of 11", "touch hit")
        for keys, words in (("/touch\r", "of 11"), ("\x1b", "touch"), ("?", "search the help"), ("\x11", "")):
            terminal.send(keys)
            terminal.wait_for(words)
        assert terminal.wait_for_end() == 0
    commands: list[tuple[str | Path, ...]] = [
        ("list",),
        ("show",),
        ("check", library),
        ("sources",),
        ("count", "touch"),
        ("keys",),
    ]
    for command in commands:
        environment = {"PAGER": "cat", "NEWSREADER_LIBRARY": str(library)}
        with Terminal(*command, program=program, environment=environment) as terminal:
            assert terminal.wait_for_end() == 0
    assert log.read_text("utf-8") == ""


def test_the_audit_would_notice(tmp_path: Path) -> None:
    log = tmp_path / "log"
    program = (sys.executable, "-c", f"LOG = {str(log)!r}\n{AUDITED}")
    with Terminal("show", program=program, environment={"PAGER": "cat -u"}) as terminal:
        assert terminal.wait_for_end() == 0
    assert "subprocess.Popen ('cat', ['cat', '-u']" in log.read_text("utf-8")


def test_leaving_ends_a_command_that_still_runs() -> None:
    with Terminal(SEEDS) as terminal:
        terminal.wait_for(*OPEN)
        terminal.send("|")
        terminal.wait_for("Enter runs it")
        terminal.send("sleep 1000; true\r")
        terminal.wait_for("Running")
        (shell,) = terminal.wait_for_children(lambda pids: len(pids) == 1)
        terminal.wait_until(lambda: bool(children_of(shell)))
        pids = [shell, *children_of(shell)]
        terminal.send("\x11")
        assert terminal.wait_for_end() == 0
        wait_until_dead(pids)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_the_pager_too(tmp_path: Path, number: int) -> None:
    pager = tmp_path / "pager"
    pager.write_text(f"#!/bin/sh\necho $$ > {tmp_path}/pid; echo paging; exec sleep 1000\n")
    pager.chmod(0o755)
    with Terminal("show", environment={"PAGER": str(pager)}) as terminal:
        terminal.wait_for("paging")
        pid = int((tmp_path / "pid").read_text())
        terminal.signal(number)
        assert terminal.wait_for_end() == 128 + number
        wait_until_dead([pid])
    assert not is_alive(pid)
    assert os.path.exists(pager)
