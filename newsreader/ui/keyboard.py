"""What a terminal sends, as events: keys, mouse and pastes; whatever else comes is passed over."""

from __future__ import annotations

import codecs
import re
from collections.abc import Generator, Iterator, Sequence

from textual import events, messages
from textual._parser import ParseError
from textual._xterm_parser import BRACKETED_PASTE_END, BRACKETED_PASTE_START, XTermParser
from textual.message import Message

from newsreader.text import clean

LONGEST_PASTE = 10_000
"""Characters of a paste that are taken: it is for a line."""
LEAST_FLOOD = 1500
"""Characters that come in one piece when no hand has typed them: a paste by a terminal that does not say so."""
PASTE_PAUSE = 1.0
"""Seconds of silence after which a paste without an end has ended."""
FLOOD_PAUSE = 0.1
"""The same for a flood."""
TAIL = len(BRACKETED_PASTE_START) - 1
SEQUENCE = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b")
PIECES = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b[^\x1b]?|[^\x1b]+", re.DOTALL)
"""What one fault of the parser may cost."""
STRING = re.compile(r"\x1b[\]PX^_](?=[^\x07\x1b]{2})")
"""The beginning of an answer to a question that we did not ask, which may hold any text; no hand types so fast."""
STRING_END = re.compile(r"[\x07\x18\x1a]|\x1b\\?")
GROUND = re.compile(r"11;rgba?:([0-9a-fA-F]{1,4})/([0-9a-fA-F]{1,4})/([0-9a-fA-F]{1,4})(?:/[0-9a-fA-F]{1,4})?")
"""The answer that tells the colour of the terminal's background."""
LONGEST_ANSWER = 64
"""Characters that are kept of an answer."""
WEIGHTS = (0.299, 0.587, 0.114)
"""How bright red, green and blue are."""
UNASKED = (events.Resize, messages.InBandWindowResize, events.CursorPosition)
"""Reports that we do not ask for, so that they come from no terminal."""


class GroundTold(Message):
    """The terminal told the colour of its background."""

    def __init__(self, is_dark: bool) -> None:
        """`is_dark` says whether white stands out from it better than black."""
        super().__init__()
        self.is_dark = is_dark


class Keyboard:
    """Makes events of bytes, in whatever pieces they come."""

    def __init__(self, encoding: str = "utf-8") -> None:
        """`encoding` is the terminal's; bytes that it does not have are passed over."""
        self._is_first = True
        self._decoder = codecs.getincrementaldecoder(encoding)("ignore")
        self._parser = XTermParser()
        self._tail = ""
        self._paste: list[str] | None = None
        self._pasted = 0
        self._is_flood = False
        self._is_string = False
        self._answer = ""

    @property
    def pause(self) -> float | None:
        """Seconds of silence after which `rest` has something to tell; None when it has not."""
        if self._paste is not None:
            return FLOOD_PAUSE if self._is_flood else PASTE_PAUSE
        return None if self._parser._timeout_time is None and not self._is_string else FLOOD_PAUSE

    def feed(self, data: bytes) -> Iterator[Message]:
        """The events of these bytes."""
        text = self._decoder.decode(data)
        if self._is_first:  # typed before the terminal was taken over, which made line ends of Enter until then
            before, *paste = text.partition(BRACKETED_PASTE_START)
            text, self._is_first = before.replace("\n", "\r") + "".join(paste), False
        if self._paste is None and len(text) >= LEAST_FLOOD and BRACKETED_PASTE_START not in self._tail + text:
            self._is_flood = len(SEQUENCE.sub("", text)) >= LEAST_FLOOD
            self._paste = [] if self._is_flood else None
        while text:
            if self._is_flood:
                self._keep(SEQUENCE.sub("", text))
                return
            if self._is_string:
                end = STRING_END.search(text)
                self._is_string = end is None
                self._answer += text[: end.start() if end else LONGEST_ANSWER]
                if end and (colour := GROUND.fullmatch(self._answer[:LONGEST_ANSWER])):
                    yield GroundTold(_is_dark(colour.groups()))
                text = text[end.end() :] if end else ""
            elif self._paste is not None:
                text = yield from self._feed_paste(text)
            else:
                text = yield from self._feed_keys(text)

    def rest(self) -> Iterator[Message]:
        """The events of what came last, now that nothing has come for `pause`: an escape by itself, an open paste."""
        self._is_string = False
        if self._paste is not None:
            yield from self._end_paste()
        else:
            yield from self._parse(None)

    def _feed_keys(self, text: str) -> Generator[Message, None, str]:
        """Take all until a paste or a string begins; what is left."""
        known = self._tail + text
        start = known.find(BRACKETED_PASTE_START)
        string = STRING.search(text, 0, max(0, start - len(self._tail)) if start >= 0 else len(text))
        if string is not None:
            yield from self._parse(text[: string.start()])
            self._tail, self._is_string, self._answer = "", True, ""
            return text[string.end() :]
        if start < 0:
            self._tail = known[-TAIL:]
            yield from self._parse(text)
            return ""
        if start < len(self._tail):
            self._parser = XTermParser()  # which has taken the first of it for a key's
        else:
            yield from self._parse(known[len(self._tail) : start])
        self._tail, self._paste, self._pasted = "", [], 0
        return known[start + len(BRACKETED_PASTE_START) :]

    def _feed_paste(self, text: str) -> Generator[Message, None, str]:
        """Take all until the paste ends; what is left."""
        known = self._tail + text
        end = known.find(BRACKETED_PASTE_END)
        if end < 0:
            self._keep(known[:-TAIL])
            self._tail = known[-TAIL:]
            return ""
        self._keep(known[:end])
        self._tail = ""
        yield from self._end_paste()
        return known[end + len(BRACKETED_PASTE_END) :]

    def _keep(self, text: str) -> None:
        assert self._paste is not None
        text = text[: LONGEST_PASTE - self._pasted]
        self._pasted += len(text)
        self._paste.append(text)

    def _end_paste(self) -> Iterator[Message]:
        pasted = "".join(self._paste or ())
        self._paste, self._pasted, self._is_flood, self._tail = None, 0, False, ""
        yield events.Paste(clean(pasted.replace("\0", "")))

    def _parse(self, text: str | None) -> Iterator[Message]:
        """What Textual makes of it; None for silence. Numbers that are none it cannot take: then it begins anew."""
        for piece in [None] if text is None else PIECES.findall(text):
            try:
                for event in self._parser.tick() if piece is None else self._parser.feed(piece):
                    if not isinstance(event, UNASKED) and not _is_no_character(event):
                        yield event
            except (ValueError, OverflowError, ZeroDivisionError, RuntimeError, ParseError):
                self._parser = XTermParser()


def _is_no_character(event: Message) -> bool:
    """Whether this is the key of half a character."""
    return isinstance(event, events.Key) and "\ud800" <= (event.character or "") < "\ue000"


def _is_dark(parts: Sequence[str]) -> bool:
    """Whether a colour, given as hexadecimal parts of any length, is a dark one."""
    shares = [int(part, 16) / int("f" * len(part), 16) for part in parts]
    brightness: float = sum(weight * share for weight, share in zip(WEIGHTS, shares, strict=True))
    return brightness < 0.5  # noqa: PLR2004 half
