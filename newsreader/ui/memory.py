"""What the next start finds again: settings, and how a library was left."""

from __future__ import annotations

import asyncio
import json
from contextlib import suppress
from dataclasses import asdict, dataclass, field

from newsreader.errors import MarksError
from newsreader.marks import Marks


@dataclass(slots=True)
class Memory:
    """The reader's settings: known at once, written beside the screen, which no disk may keep waiting."""

    marks: Marks
    """Where they are kept."""
    _waiting: dict[str, str] = field(default_factory=dict)
    _lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    def recall(self, key: str) -> str:
        """The setting that was last remembered, or nothing."""
        with suppress(MarksError):
            return self._waiting.get(key) or self.marks.recall(key) or ""
        return ""

    def remember(self, key: str, value: str) -> None:
        """Keep a setting, once `write` is called."""
        self._waiting[key] = value

    async def write(self) -> None:
        """Write what is remembered. Raises `MarksError` when that fails; then it is remembered no more."""
        async with self._lock:
            while self._waiting:
                key, value = next(iter(self._waiting.items()))
                try:
                    await asyncio.to_thread(self.marks.remember, key, value)
                except MarksError:
                    self._waiting.clear()
                    raise
                if self._waiting.get(key) == value:
                    del self._waiting[key]


@dataclass(frozen=True, slots=True)
class Left:
    """How a library was left."""

    release: str = ""
    """The id of the release that was open; empty when none was."""
    filter: str = ""
    """The text of the filter."""
    grouping: str = ""
    """The id of the order."""

    def dump(self) -> str:
        """As it is remembered."""
        return json.dumps(asdict(self))


def parse_left(text: str) -> Left:
    """What is remembered; what is not understood of it is left empty."""
    with suppress(ValueError, RecursionError):
        left = json.loads(text)
        if isinstance(left, dict):
            return Left(**{name: left[name] for name in asdict(Left()) if isinstance(left.get(name), str)})
    return Left()
