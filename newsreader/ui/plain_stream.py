"""Drawing on a terminal whose encoding lacks characters: a plain one for each cell, so that columns stay columns."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

from newsreader.text import cell_width

ERRORS = "newsreader-cells"
PLAIN = str.maketrans(
    dict.fromkeys("▏▎▍▌▕│┃┆┊║╎▐", "|")
    | dict.fromkeys("─━═▁▔▂╌", "-")
    | dict.fromkeys("╭╮╰╯┌┐└┘├┤┬┴┼", "+")
    | dict.fromkeys("▃▄▅▆▇█▀▉▊▋", "#")
    | dict.fromkeys("‐‑‒–—−", "-")
    | dict.fromkeys("‘’‚‹›", "'")
    | dict.fromkeys("“”„", '"')
    | {"…": ".", "•": "*", "·": "-", "●": "*", "★": "+", "▾": "-", "▸": "+", "≈": "=", "\xa0": " "}
    | {"↑": "^", "↓": "v", "←": "<", "→": ">"}
)
"""What stands for a character of one cell that the program or a text often has."""


def is_unicode(stream: TextIO | None) -> bool:
    """Whether a stream carries every character."""
    encoding = getattr(stream, "encoding", None) or "utf-8"
    return encoding.lower().replace("-", "").startswith("utf")


@contextmanager
def carrying_all(stream: TextIO | None) -> Iterator[None]:
    """Let a stream take every text for now, with plain characters for those that its encoding lacks."""
    reconfigure = getattr(stream, "reconfigure", None)
    if reconfigure is None or is_unicode(stream):
        yield
        return
    codecs.register_error(ERRORS, _replace)
    before = getattr(stream, "errors", None) or "strict"
    reconfigure(errors=ERRORS)
    try:
        yield
    finally:
        reconfigure(errors=before)


def _replace(error: UnicodeError) -> tuple[str, int]:
    """What to write for characters that cannot be encoded: as many cells as they take."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    text = error.object[error.start : error.end]
    plain = text.translate(PLAIN)
    if plain.isascii():
        return plain, error.end
    if cell_width(text) != sum(map(cell_width, text)):  # emoji of several characters
        return "?" * cell_width(text), error.end
    return "".join(char if char.isascii() else "?" * cell_width(char) for char in plain), error.end
