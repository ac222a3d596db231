"""Measures newsboat and notmuch on the library that `tests.bench` measures newsreader on, where they are installed.

newsboat gets a feed a source, notmuch a mail a release; both hold the same titles and bodies.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from html import escape
from pathlib import Path
from statistics import median

from newsreader.digest import Draft, parse_digest
from tests.bench_terminal import Row, Terminal, milliseconds, run, seconds_of

FIRST_DAY = date(2015, 1, 1)
RUNS = 3


def measure_others(library: Path, folder: Path) -> Iterator[Row]:
    """The rows of the programs that are installed."""
    if shutil.which("newsboat"):
        yield from measure_newsboat(library, folder / "newsboat")
    if shutil.which("notmuch"):
        yield from measure_notmuch(library, folder / "notmuch")


def drafts_in(library: Path) -> Iterator[tuple[str, Draft]]:
    """Every release of the library with the day it is given here, as RSS and mail want one: ten a day."""
    number = 0
    for path in sorted(library.rglob("*.txt")):
        for draft in parse_digest([path.read_bytes()], path.name):
            if isinstance(draft, Draft):
                when = datetime.combine(FIRST_DAY, datetime.min.time(), UTC) + timedelta(minutes=144 * number)
                number += 1
                yield format_datetime(when), draft


def measure_newsboat(library: Path, folder: Path) -> Iterator[Row]:
    """Its first reload of local feeds, its start to the list of feeds, and a search of all bodies."""
    folder.mkdir()
    feeds: dict[str, list[str]] = defaultdict(list)
    for when, draft in drafts_in(library):
        feeds[draft.source].append(
            f"<item><title>{escape(draft.title)}</title><guid>{draft.offset}{escape(draft.title)}</guid>"
            f"<pubDate>{when}</pubDate><description>{escape(draft.body)}</description></item>"
        )
    addresses = []
    for number, (source, items) in enumerate(feeds.items()):
        path = folder / f"{number}.xml"
        head = f'<rss version="2.0"><channel><title>{escape(source)}</title><link>http://localhost/</link>'
        path.write_text(f"{head}{''.join(items)}</channel></rss>", "utf-8")
        addresses.append(f"file://{path}\n")
    (folder / "urls").write_text("".join(addresses), "utf-8")
    (folder / "config").write_text("auto-reload no\n", "utf-8")
    command = ["newsboat", "-u", f"{folder}/urls", "-c", f"{folder}/cache.db", "-C", f"{folder}/config"]
    start = time.perf_counter()
    subprocess.run([*command, "-x", "reload"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    yield "newsboat, first reload", f"{time.perf_counter() - start:.1f} s", "", ""
    opening, searching = [], []
    for _ in range(RUNS):
        start = time.perf_counter()
        terminal = Terminal(*command)
        opening.append(terminal.read_until(lambda text: "Your feeds" in text) - start)
        terminal.settle()
        terminal.press("/")
        terminal.settle()
        terminal.press("cyber")
        terminal.settle()
        start = terminal.press("\r")
        searching.append(terminal.read_until(lambda text: "Search result" in text, 600) - start)
        memory = terminal.memory()
        terminal.settle()
        terminal.press("Q")
        terminal.kill()
    yield "newsboat open", milliseconds(median(opening)), f"{memory:.0f} MB resident after a search", ""
    yield "newsboat, `cyber` searched", milliseconds(median(searching)), "", ""


def measure_notmuch(library: Path, folder: Path) -> Iterator[Row]:
    """Its first indexing of a mail a release, and its count and first 20 of one word."""
    mail = folder / "mail" / "cur"
    for name in ("cur", "new", "tmp"):
        (folder / "mail" / name).mkdir(parents=True)
    for number, (when, draft) in enumerate(drafts_in(library)):
        message = EmailMessage(policy=SMTP)
        message["From"] = "releases@example.org"
        message["Subject"] = " ".join(draft.title.split())
        message["Date"] = when
        message["Message-ID"] = f"<{number}@example.org>"
        message.set_content(f"{draft.source}\n\n{draft.body}", charset="utf-8", cte="8bit")
        (mail / f"{number}:2,").write_bytes(bytes(message))
    settings = folder / "config"
    settings.write_text(f"[database]\npath={folder}/mail\n[user]\nname=a\nprimary_email=a@example.org\n", "utf-8")
    os.environ["NOTMUCH_CONFIG"] = str(settings)
    start = time.perf_counter()
    run("notmuch", "new", "--quiet")()
    yield "notmuch, first indexing", f"{time.perf_counter() - start:.1f} s", "", ""
    yield "`notmuch count cyber`", milliseconds(seconds_of(run("notmuch", "count", "cyber"))), "", ""
    search = run("notmuch", "search", "--limit=20", "cyber")
    yield "`notmuch search --limit=20 cyber`", milliseconds(seconds_of(search)), "", ""
