"""Drawing on a terminal whose encoding lacks characters: a plain one for each cell, so that columns stay columns."""

from __future__ import annotations

import codecs
from collections.abc import Callable

TYPE_CHECKING = False  # the first paint is not to wait for typing
if TYPE_CHECKING:
    from typing import TextIO

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


def encoder(stream: TextIO | None) -> Callable[[str], bytes]:
    """What makes bytes of any text for a stream, with plain characters for those that its encoding lacks."""
    if stream is None or is_unicode(stream):
        return lambda text: text.encode("utf-8", "replace")
    codecs.register_error(ERRORS, _replace)
    encoding = stream.encoding
    return lambda text: text.encode(encoding, ERRORS)


def _replace(error: UnicodeError) -> tuple[str, int]:
    """What to write for characters that cannot be encoded: as many cells as they take."""
    from newsreader.text import cell_width

    if not isinstance(error, UnicodeEncodeError):
        raise error
    text = error.object[error.start : error.end]
    plain = text.translate(PLAIN)
    if plain.isascii():
        return plain, error.end
    if cell_width(text) != sum(map(cell_width, text)):  # emoji of several characters
        return "?" * cell_width(text), error.end
    return "".join(char if char.isascii() else "?" * cell_width(char) for char in plain), error.end
