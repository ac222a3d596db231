"""Makes big libraries for measuring: the seeds' sentences shuffled into new releases, the same for the same size.

python -m tests.big_library FOLDER 100000
"""

from __future__ import annotations

import random
import re
import sys
from datetime import date, timedelta
from pathlib import Path

from newsreader.digest import Draft, parse_digest

SEEDS = Path(__file__).resolve().parent.parent / "seeds"
RELEASES_PER_DIGEST = 10
FIRST_DAY = date(2015, 1, 1)
DAYS = 3650
BODY_LENGTH = 2200
SOURCES = (
    "NATO", "Europol", "Eurojust", "Interpol (news and events)", "US Defense Joint Chiefs of Staff", "Frontex", "OSCE",
    "UN News", "UNODC", "UNHCR", "WHO", "IAEA", "OPCW", "WTO", "IMF", "World Bank", "OECD", "European Commission",
    "European Parliament", "Council of the EU", "European Central Bank", "EEAS", "Council of Europe", "ENISA",
    "CERT-EU", "Bundesministerium des Innern", "Bundeskriminalamt", "Ministère des Armées", "Ministero dell’Interno",
    "Guardia Civil", "Home Office", "National Crime Agency", "NCSC", "CISA", "FBI", "Department of Justice",
    "Department of State", "Treasury", "African Union", "ASEAN",
)  # fmt: skip


def make_library(folder: Path, count: int) -> None:
    """Write `count` releases in digests of ten, a thousand to a folder; what is there already is left as it is."""
    if folder.exists():
        return
    generator = random.Random(count)
    titles, sentences = _material()
    partial = folder.with_name(folder.name + ".partial")
    for number in range(0, count, RELEASES_PER_DIGEST):
        day = FIRST_DAY + timedelta(days=number * DAYS // count)
        releases = [
            _release(generator, day, titles, sentences) for _ in range(min(RELEASES_PER_DIGEST, count - number))
        ]
        path = partial / f"{number // 10_000:04}" / f"{number:07}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n\n".join(releases), "utf-8")
    partial.rename(folder)


def _material() -> tuple[list[str], list[str]]:
    drafts = [
        draft
        for path in sorted(SEEDS.iterdir())
        for draft in parse_digest([path.read_bytes()], path.name)
        if isinstance(draft, Draft)
    ]
    titles = [draft.title for draft in drafts]
    sentences = [
        sentence
        for draft in drafts
        for sentence in re.split(r"(?<=[.!?]) +|\n+", draft.body)
        if 30 < len(sentence) < 400
    ]
    return titles, sentences


def _release(generator: random.Random, day: date, titles: list[str], sentences: list[str]) -> str:
    head, tail = generator.choice(titles).split(), generator.choice(titles).split()
    title = " ".join(
        [*head[: generator.randint(3, 8)], *tail[-generator.randint(3, 6) :], str(generator.randint(1, 999))]
    )
    source = SOURCES[min(int(generator.expovariate(0.08)), len(SOURCES) - 1)]
    lines = []
    if generator.random() < 0.5:
        lines.append(f"{day.day} {day:%B %Y}|")
    length = 0
    while length < BODY_LENGTH:
        lines.append(" ".join(generator.choices(sentences, k=3)))
        length += len(lines[-1])
    return f"{title}\n\nSource: {source}\n\n" + "\n\n".join(lines)


if __name__ == "__main__":
    make_library(Path(sys.argv[1]), int(sys.argv[2]))
