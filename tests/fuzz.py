"""Fuzzing, run by hand: bytes -> releases -> dates -> page -> terminal, and -> every format, and -> queries.

    python -m tests.fuzz SECONDS [SEED]

mutates the seeds and hostile pieces, blindly but knowing what digests are made of. `tests.fuzz_guided` is led by
coverage instead.

What has to hold for every input, as `check`, `check_growth` and `check_screen` say:

- Nothing raises, and reading takes time in proportion to length.
- Every word of the input is in one release, in order; on a page, every character of a body that is no space is.
- What goes out holds no control character but newlines, tabs where they separate, and our own colours and links.
- Cleaning is idempotent, rows fit their width, jsonl and digests carry the original, links are what they say.
- A query is refused by `QueryError` or read, explained and written so that it reads back as itself.

A find is made shorter and kept in tests/data/fuzz/, which tests/test_fuzz.py replays: mend what it found, and give it a
name that says what it was.
"""

from __future__ import annotations

import asyncio
import csv
import io
import json
import random
import re
import sys
import time
import traceback
import zlib
from collections.abc import Callable, Iterable, Sequence
from datetime import date as Day
from pathlib import Path

import pyte
from textual.app import App, ComposeResult

from newsreader.digest import UNTITLED, Draft, parse_digest
from newsreader.digest_lines import LineNotes, decoded_lines, sniff_encoding
from newsreader.errors import QueryError
from newsreader.highlights import span_finder
from newsreader.links import find_links
from newsreader.models import Basis, Date, Headline, Origin, Precision, Problem, Release
from newsreader.output import Format, Layout, render_list, render_releases
from newsreader.query import Part, parse
from newsreader.query_explanation import explain
from newsreader.reading import read_piped
from newsreader.search import unpack
from newsreader.snippets import cut_snippet
from newsreader.text import Clean, cell_width, clean, clean_line, truncate, wrap
from newsreader.typeset import typeset
from newsreader.ui.page import Page
from newsreader.ui.page_header import header_rows
from newsreader.ui.page_rows import body_row
from newsreader.unpacking import ZIP_MARKS, packing_of
from tests.conftest import SEEDS

FINDS = Path(__file__).parent / "data" / "fuzz"
LONGEST = 8000
"""Bytes of an input, but for those whose growth is measured."""
SECONDS_PER_INPUT = 20.0
"""More than any input of so few bytes takes, on a busy machine under a tracer, too."""
SHORTENING_SECONDS = 30.0
"""For each find."""

CONTROLS = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
OUR_SEQUENCES = re.compile("\x1b\\[[0-9;]*m|\x1b]8;(?:id=[0-9-]+)?;(?:(?:https?://|mailto:)[!-~]+)?\x1b\\\\")
TODAY = Day(2024, 10, 10)
PIECES = (
    *(
        b"Source: NATO",
        b"\n\nSource: Europol\n\n",
        b"Source:",
        b"source \xef\xbc\x9a X",
        b"A title\n\nSource: X\n\nBody",
    ),
    *(b"\n", b"\r\n", b"\r", b"\n\n\n", b"\t", b"\x0b", b"\x0c", b"\x00", b" " * 40, b"\xc2\xa0", b"\xc2\x85", b"\x85"),
    *(b"\x1b[31m", b"\x1b]8;;file:///etc\x1b\\", b"\x1b]52;c;AAAA\x07", b"\x1bP", b"\xc2\x9b2J", b"\x9b", b"\x1bc"),
    *("\u202e", "\u2066", "\u200b", "\u200d", "\u200e", "\ufeff", "\u2028", "\u3164", "\U000e0041", "\ufffe", "\u115f"),
    *(
        "e\u0301",
        "\u0301" * 12,
        "\u0e33",
        "\u0f71",
        "\u1161",
        "각",
        "\U0001d165",
        "\u1100",
        "\ud55c\uae00",
        "日本語。",
        "「",
    ),
    *(
        "👨\u200d👩\u200d👧",
        "❤\ufe0f",
        "🏴\U000e0067\U000e0062\U000e007f",
        "🇪🇺",
        "🏽",
        "1\ufe0f\u20e3",
        "🫱🏻\u200d🫲🏿",
    ),
    *("العربية", "हिन्दी", "Ελληνικά", "İß", "ﬁ", "ǅ", "ſ", "²", "٣", "１２", "Ⅻ", "𝟗"),
    *("On Wednesday (2 October)", "31/02/2024", "29 February 2023", "2024-13-45", "1 January 0000", "9999-12-31"),
    *(
        "10/11/12",
        "next Friday",
        "yesterday",
        "١٢ أكتوبر ٢٠٢٤",
        "2024年10月2日",
        "30 Sept.",
        "Monday",
        "May",
        "Q3 2024",
    ),
    *(
        "• item",
        "  - deeper",
        "1. one",
        "“Quoted words,” said X.",
        "Contact: a@b.eu",
        "Notes to editors",
        "12% more",
        "—",
    ),
    *("https://a.b/c?d=e&f", "http://аррӏе.com", "www.x.eu.", "mailto:x@y.z", "javascript:alert(1)", "http://[::1]/"),
    *(
        "12345678 90/",
        "+32 2 123 45 67, ",
        "@a and ",
        "www.a@b.c ",
        "for media, press ",
        "a: b; ",
        "“a” ",
        "1. 2) ",
        "- ",
    ),
    *("[bold]", "[/]", "[@click=app.quit]x[/]", "$(id)", "`id`", "<b>&amp;", "=1+1", '"', ",", "|", "\\", "_*~#"),
    *(
        "title:",
        "source:nato ",
        "date:2024..",
        "/a+b/",
        "-",
        "(",
        ")",
        "OR ",
        '"a b"',
        "is:unread",
        "in:*.txt",
        "words:>9",
    ),
)
GOLDEN = tuple(piece if isinstance(piece, bytes) else piece.encode("utf-8", "surrogatepass") for piece in PIECES)


# What has to hold


def check(content: bytes) -> None:
    """Take the bytes through all but a screen; raises when anything that has to hold does not."""
    start = time.process_time()
    chance = random.Random(zlib.crc32(content))
    releases = read(content)
    for release in releases:
        check_page(release, chance.choice((1, 2, 3, 7, 20, 33, 80, 120)))
    check_formats(releases)
    text = content.decode("utf-8", "replace")
    begin = chance.randrange(len(text) + 1)
    check_query(text[begin : begin + chance.randrange(60)], releases[0].body if releases else text)
    assert time.process_time() - start < SECONDS_PER_INPUT


def read(content: bytes) -> list[Release]:
    """The releases of the bytes, which hold every word of them."""
    result = read_piped(content, "fuzz.txt")
    if isinstance(result, Problem):
        assert content.startswith(ZIP_MARKS) or packing_of(content[:16])
        return []
    releases = []
    for each in result.releases:
        day, precision, basis, evidence = each.date
        date = Date(Day.fromisoformat(day) if day else None, Precision(precision), Basis(basis), evidence)
        headline = Headline(1, each.id, each.title, each.source, date, each.words, False, True)
        body = unpack(each.packed)
        releases.append(Release(headline, body, (Origin("/news/fuzz.txt", each.line, each.offset),)))
        assert each.line >= 1
        assert 0 <= each.offset <= len(content) or packing_of(content[:16])
        assert each.words == len(body.split())
        assert not date.evidence or date.evidence.split()[0] in f"{each.title} {body}"
    if not packing_of(content[:16]) and sniff_encoding(content):
        check_words(content, releases)
    assert releases or result.problems
    return releases


def check_words(content: bytes, releases: Iterable[Release]) -> None:
    """Every word of the input stands in one release, in order, but for the `Source:` of each head."""
    expected = [word for text, _ in decoded_lines([content], "", LineNotes()) for word in text.split()]
    found: list[str] = []
    for release in releases:
        title = [] if release.headline.title == UNTITLED else release.headline.title.split()
        found += [*title, *release.headline.source.split(), *release.body.split()]
    missing = []
    position = 0
    for word in expected:
        if position < len(found) and word == found[position]:
            position += 1
        elif position < len(found) and word.endswith(found[position]):  # `Source:NATO` is one word
            missing.append(word.removesuffix(found[position]))
            position += 1
        else:
            missing.append(word)
    assert position == len(found), f"{found[position : position + 3]} is not in the input"
    assert re.fullmatch(f"(?:source *[:：] *|{UNTITLED} ?)*", " ".join(missing), re.IGNORECASE), missing


def check_clean(text: Clean) -> None:
    """What may reach a terminal is of the type that says so, and is."""
    assert type(text) is Clean
    assert not CONTROLS.search(text)
    assert "\n" not in text


def check_page(release: Release, width: int) -> None:
    """Header and body set in rows: all words, nothing that acts, nothing too wide."""
    for raw in (release.headline.title, release.headline.source, release.body, release.headline.date.evidence):
        cleaned = clean(raw)
        assert clean(str(cleaned)) == cleaned
        assert clean_line(str(clean_line(raw))) == clean_line(raw)
        assert not CONTROLS.search(cleaned)
        assert "".join("".join(wrap(cleaned, width)).split()) == "".join(cleaned.split())
        assert cell_width(truncate(clean_line(raw), width)) <= width
    widest = max(width, 2)
    for row in header_rows(release, width, is_starred=True):
        for part, _ in row:
            check_clean(part)
        assert sum(cell_width(part) for part, _ in row) <= widest
    body = typeset(release.body, width)
    shown = []
    for line in body:
        row = body_row(line)
        for part, _ in row:
            check_clean(part)
        assert sum(cell_width(part) for part, _ in row) <= widest
        assert body.row_of(line.start) >= 0
        shown.append("".join(line.text.split()))
    assert "".join(shown) == "".join(body.text.split())
    for link in find_links(body.text):
        assert re.fullmatch(r"(?:https?://|mailto:)[!-~]+", link.url)
        assert 0 <= link.start < link.end <= len(body.text)


def check_formats(releases: Sequence[Release]) -> None:
    """Every format, in a pipe and on a terminal."""
    headlines = [release.headline for release in releases]
    for layout in (Layout(), Layout(33, is_styled=True)):
        for format in Format:
            whole = "".join(render_releases(releases, format, layout))
            listed = ""
            if format not in {Format.JSON, Format.JSONL, Format.DIGEST}:
                listed = "".join(render_list(headlines, format, layout))
            if format is not Format.DIGEST:
                text = OUR_SEQUENCES.sub("", whole + listed) if layout.is_styled else whole + listed
                if format is Format.TSV or not layout.width:
                    text = text.replace("\t", "")
                assert not CONTROLS.search(text), format
                text.encode()
    objects = [json.loads(line) for line in "".join(render_releases(releases, Format.JSONL, Layout())).splitlines()]
    assert [(each["title"], each["source"], each["body"]) for each in objects] == [
        (release.headline.title, release.headline.source, release.body) for release in releases
    ]
    csv.field_size_limit(1 << 24)
    rows = list(csv.reader(io.StringIO("".join(render_releases(releases, Format.CSV, Layout())), newline="")))
    assert [len(row) for row in rows] == [11] * (len(releases) + 1)
    check_round_trip([release for release in releases if release.headline.source])


def check_round_trip(releases: Sequence[Release]) -> None:
    """What is printed as a digest reads back as the same releases."""
    for release in releases:
        printed = "".join(render_releases([release], Format.DIGEST, Layout())).encode("utf-8", "surrogatepass")
        again = [item for item in parse_digest([printed], "again") if isinstance(item, Draft)]
        if sniff_encoding(printed) == "utf-8" and b"\xef\xbb\xbf" not in printed:
            assert [item.id for item in again] == [release.headline.id]


def check_query(text: str, body: str) -> None:
    """A query is refused, or reads back as itself and can be explained and sought."""
    for is_typing in (False, True):
        try:
            query = parse(text, today=TODAY, prefix_last=is_typing)
        except QueryError:
            continue
        assert not CONTROLS.search(clean(explain(query)))
        assert parse(str(query), today=TODAY) == query
        for part in (Part.TITLE, Part.BODY):
            spans = span_finder(query, part)(body)
            assert spans == sorted(spans)
            assert all(0 <= start <= end <= len(body) for start, end in spans)
            snippet = cut_snippet(body, spans)
            assert snippet is None or all(0 <= start <= end <= len(snippet.text) for start, end in snippet.spans)


def check_growth(piece: bytes) -> None:
    """Reading and setting four times as much takes about four times as long."""
    for attempt in range(3):
        one, four = _seconds(piece * (50_000 // len(piece))), _seconds(piece * (200_000 // len(piece)))
        if four < 8 * one + 0.3 * (attempt + 1):
            return
    raise AssertionError(f"{piece!r} takes {one:.2f} s, four times as much of it {four:.2f} s")


def _seconds(content: bytes) -> float:
    start = time.process_time()
    result = read_piped(b"Title\n\nSource: X\n\n" + content, "fuzz.txt")
    if not isinstance(result, Problem):
        for release in result.releases:
            text = clean(unpack(release.packed))
            typeset(text, 80).reach(10_000_000)
            list(find_links(text))
            clean_line(release.title)
    return time.process_time() - start


class PageApp(App[None]):
    """A page and nothing else."""

    def compose(self) -> ComposeResult:
        yield Page()


async def check_screen(app: PageApp, pause: Callable[[], object], releases: Sequence[Release]) -> None:
    """Draw the releases as the terminal gets them, and look what they do to one."""
    page = app.query_one(Page)
    for release in releases[:3]:
        page.show(release)
        await pause()  # type: ignore[misc]
        width, height = page.scrollable_content_region.size
        if not width or not height:
            return
        screen = pyte.Screen(width, height)
        stream = pyte.Stream(screen)
        modes, title = set(screen.mode), screen.title
        for y in range(height):
            strip = page.render_line(y)
            drawn = strip.render(app.console)
            assert not CONTROLS.search(OUR_SEQUENCES.sub("", drawn))
            assert strip.cell_length == width
            stream.feed(f"\x1b[{y + 1};1H{drawn}\x1b[m")
        assert (set(screen.mode), screen.title) == (modes, title)
        assert screen.cursor.y == height - 1


# Inputs


def mutate(chance: random.Random, corpus: Sequence[bytes]) -> bytes:
    """A piece of the corpus, changed a few times."""
    content = chance.choice(corpus)
    start = chance.randrange(len(content) + 1)
    content = content[start : start + chance.choice((40, 300, 2000, LONGEST))] if chance.random() < 0.8 else b""
    for _ in range(chance.choice((1, 2, 4, 8, 30))):
        content = _mutate_once(chance, content, corpus)[:LONGEST]
    return content


def _mutate_once(chance: random.Random, content: bytes, corpus: Sequence[bytes]) -> bytes:
    start, end = sorted((chance.randrange(len(content) + 1), chance.randrange(len(content) + 1)))
    end = min(end, start + 200)
    part = content[start:end]
    other = chance.choice(corpus)
    place = chance.randrange(len(other) + 1)
    match chance.randrange(10):
        case 0:
            part = bytes(chance.randrange(256) for _ in range(chance.randrange(1, 5)))
        case 1 | 2 | 3:
            part += chance.choice(GOLDEN) * chance.choice((1, 1, 1, 2, 40))
        case 4:
            part = b""
        case 5:
            part *= chance.choice((2, 3, 20))
        case 6:
            part = other[place : place + chance.randrange(200)]
        case 7:
            codes = (0x3000, 0x11000, 0x20000, 0x110000)
            part += chr(chance.randrange(chance.choice(codes))).encode("utf-8", "surrogatepass")
        case 8:
            part = b"\n\n" + part + b"\n\n"
        case _:
            if chance.random() < 0.1:
                encoding = chance.choice(("utf-16", "utf-16-le", "utf-32", "utf-8-sig", "cp1252"))
                return content.decode("utf-8", "ignore").encode(encoding, "ignore")
            part = part.swapcase() if chance.random() < 0.5 else part[::-1]
    return content[:start] + part + content[end:]


def corpus() -> list[bytes]:
    """Seeds, hostile pieces, and what was found before."""
    return [path.read_bytes() for path in (*sorted(SEEDS.iterdir()), *finds())] + [b"\n".join(GOLDEN)]


def finds() -> list[Path]:
    """What was found and mended."""
    return sorted(FINDS.glob("*.bin"))


def shorten(content: bytes, fails: Callable[[bytes], bool]) -> bytes:
    """A shorter input that fails, too, as far as it is found soon."""
    end = time.monotonic() + SHORTENING_SECONDS
    size = len(content) // 2
    while size:
        start = 0
        while start < len(content) and time.monotonic() < end:
            shorter = content[:start] + content[start + size :]
            if fails(shorter):
                content = shorter
            else:
                start += size
        size //= 2
    return content


def _place(error: BaseException) -> tuple[type[BaseException], list[tuple[str, int | None]]]:
    """What failed, where: the same for inputs with the same fault."""
    frames = traceback.extract_tb(error.__traceback__)
    return type(error), [(frame.filename, frame.lineno) for frame in frames if frame.name != "_failure"][-2:]


def _failure(content: bytes) -> object:
    try:
        check(content)
    except Exception as error:
        return _place(error)
    return None


def _keep(content: bytes, error: Exception) -> None:
    path = FINDS / f"find-{zlib.crc32(content):08x}.bin"
    path.write_bytes(content)
    print(f"{path.name}: {type(error).__name__} {_place(error)[1]}: {str(error)[:300]}", flush=True)
    fault = _failure(content)
    kept = shorten(content, lambda shorter: _failure(shorter) == fault) if fault else content
    path.write_bytes(kept)
    print(f"  {kept[:200]!r}", flush=True)


async def fuzz(seconds: float, seed: int) -> int:
    """Try mutated inputs for so long; how many failed."""
    chance = random.Random(seed)
    known = corpus()
    end = time.monotonic() + seconds
    count = failed = 0
    app = PageApp()
    async with app.run_test(size=(chance.randrange(1, 100), chance.randrange(1, 30))) as pilot:
        while time.monotonic() < end and failed < 20:
            content = mutate(chance, known)
            count += 1
            try:
                check(content)
                if not count % 10:
                    await check_screen(app, pilot.pause, read(content))
                if not count % 50:
                    check_growth(chance.choice((content[:200], *GOLDEN)) or b"x")
                if not count % 300:
                    await pilot.resize_terminal(chance.randrange(1, 140), chance.randrange(1, 40))
            except Exception as error:
                failed += 1
                _keep(content, error)
    print(f"seed {seed}: {count} inputs, {failed} failed")
    return failed


def main() -> int:
    """Run as the docstring of this module says."""
    seconds, *rest = sys.argv[1:]
    seed = int(rest[0]) if rest else int(time.time())
    return 1 if asyncio.run(fuzz(float(seconds), seed)) else 0


if __name__ == "__main__":
    sys.exit(main())
