"""How text stands in JSON, HTML, Markdown and CSV without meaning anything there. Pure; imported only for those."""

from __future__ import annotations

import json
import re

from newsreader.text import clean, unfit

_SHAPELESS_ELSEWHERE = re.compile("[\u180e\u200b-\u200d\U000e0000-\U0010ffff]")  # which `clean` keeps in some scripts
_MARKDOWN_SIGN = re.compile(r"([\\`*_{}\[\]<>&|~$])")
_MARKDOWN_START = re.compile(r"^(\s*)([#+=-]|\d+(?=[.)]))")
_ITEM = re.compile(r"^\s*(?:[•‣◦*–-])\s+")


def json_text(value: object) -> str:
    """The value as one line of JSON: legible in every script, with all that could act on a terminal escaped."""
    text = json.dumps(value, ensure_ascii=False)
    return text if text.isascii() else _SHAPELESS_ELSEWHERE.sub(_json_escape, unfit().sub(_json_escape, text))


def _json_escape(match: re.Match[str]) -> str:
    return json.dumps(match[0])[1:-1]


def html_text(text: str) -> str:
    """The text as it stands between tags or in quotes."""
    for sign, entity in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&quot;"), ("'", "&#39;")):
        text = text.replace(sign, entity)
    return text


def markdown_line(text: str, may_be_item: bool = False) -> str:
    """The line with every sign of Markdown escaped; a list item of the text stays one where it may."""
    item = _ITEM.match(text) if may_be_item else None
    lead, rest = ("- ", text[item.end() :]) if item else ("", text.strip())
    escaped = _MARKDOWN_SIGN.sub(r"\\\1", rest)
    return lead + _MARKDOWN_START.sub(_escape_start, escaped)


def _escape_start(match: re.Match[str]) -> str:
    sign = match[2]
    return f"{match[1]}{sign}\\" if sign.isdecimal() else f"{match[1]}\\{sign}"


def csv_cell(text: str) -> str:
    """The cell, quoted where it has to be; newlines stay."""
    text = clean(text)
    return '"' + text.replace('"', '""') + '"' if any(sign in text for sign in ',"\r\n') else text
