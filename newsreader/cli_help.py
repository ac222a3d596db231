"""The help of a command, as text."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable

from newsreader.cli_usages import READER_USAGE, USAGES, Usage
from newsreader.cli_words import options_of

WIDTH = 80
"""The longest line, but for what cannot be broken."""
_INDENT = " " * 26


def help_text(usage: Usage) -> str:
    """Usage, summary, commands, examples, options, details, and the query language where it applies."""
    parts = [f"Usage: {f'{usage.program} [OPTION …] {usage.arguments}'.rstrip()}\n\n{_fill(usage.summary)}"]
    if usage is READER_USAGE:
        rows = [(f"{each.name} {each.arguments}".rstrip(), each.summary) for each in USAGES]
        parts.append("Commands:\n" + _table(rows) + "\n(newsreader COMMAND --help says more.)\n")
    if usage.examples:
        parts.append("Examples:\n" + "".join(f"  {line}\n      {what}\n" for line, what in usage.examples))
    parts.append("Options:\n" + "\n".join(_row(each.synopsis, each.help) for each in options_of(usage.options)))
    if usage.details:
        parts.append("\n\n".join(_fill(paragraph) for paragraph in usage.details.split("\n\n")))
    if "QUERY" in usage.arguments or usage is READER_USAGE:
        parts.append(_query_help())
    return "\n".join(part.rstrip("\n") + "\n" for part in parts)


def _row(name: str, text: str) -> str:
    """What is explained, and beside it the explanation; below it where there is no room."""
    lines = textwrap.fill(text, WIDTH, initial_indent=_INDENT, subsequent_indent=_INDENT)
    name = f"  {name}"
    return name.ljust(len(_INDENT)) + lines.lstrip() if len(name) + 1 < len(_INDENT) else f"{name}\n{lines}"


def _fill(text: str) -> str:
    return textwrap.fill(text, WIDTH, break_on_hyphens=False)


def _table(rows: Iterable[tuple[str, str]]) -> str:
    lines = []
    for name, text in rows:
        lines.append(f"  {name}\n" + textwrap.fill(text, WIDTH, initial_indent=" " * 6, subsequent_indent=" " * 6))
    return "\n".join(lines)


def _query_help() -> str:
    from newsreader.query import EXAMPLES, FIELDS

    fields = [(f"{each.name}:   {each.example}", each.help) for each in FIELDS]
    examples = "".join(f"  {each.query}\n      {each.help}\n" for each in EXAMPLES)
    return "The query language:\n" + _table(fields) + "\n\n" + examples
