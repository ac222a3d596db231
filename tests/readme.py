"""The parts of the README that come from the program: `python -m tests.readme` writes them anew."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from newsreader.commands import headed_commands, key_labels
from newsreader.query import EXAMPLES, FIELDS

README = Path(__file__).resolve().parent.parent / "README.md"


def keys_table() -> str:
    rows, above = ["| key | what it does |", "| --- | --- |"], ""
    for heading, command in headed_commands():
        if heading != above:
            rows.append(f"| **{heading}** | |")
        keys = " ".join(f"`{label}`" for label in key_labels(command.keys) or [f":{command.name}"])
        rows.append(f"| {keys} | {command.help} |".replace("`|`", r"`\|`"))
        above = heading
    return "\n".join(rows)


def examples_table() -> str:
    rows = ["| query | finds |", "| --- | --- |"]
    rows += [f"| `{example.query}` | {example.help} |".replace("(20|30)", r"(20\|30)") for example in EXAMPLES]
    return "\n".join(rows)


def fields_table() -> str:
    rows = ["| field | for example | finds |", "| --- | --- | --- |"]
    rows += [f"| `{field.name}:` | `{field.example}` | {field.help} |" for field in FIELDS]
    return "\n".join(rows)


BLOCKS: dict[str, Callable[[], str]] = {"keys": keys_table, "examples": examples_table, "fields": fields_table}


def regenerate(text: str) -> str:
    """The README with each generated block as the program has it now."""
    for name, make in BLOCKS.items():
        begin, end = f"<!-- begin: {name} -->", f"<!-- end: {name} -->"
        pattern = re.compile(re.escape(begin) + ".*?" + re.escape(end), re.DOTALL)
        assert len(pattern.findall(text)) == 1, name
        text = "".join((text[: text.index(begin)], begin, "\n", make(), "\n", text[text.index(end) :]))
    return text


if __name__ == "__main__":
    README.write_text(regenerate(README.read_text("utf-8")), "utf-8")
