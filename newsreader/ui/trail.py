"""The way that the reader has come: back over what was read, and forward again. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field

LONGEST = 1000
"""So many releases are kept."""


@dataclass(slots=True)
class Trail:
    """Ids of releases in the order in which they were read, and where in it the reader is."""

    _ids: list[str] = field(default_factory=list)
    _at: int = -1

    def visit(self, id: str) -> None:
        """Go on to a release; what was ahead is forgotten, unless it was the next."""
        if self._at >= 0 and self._ids[self._at] == id:
            return
        if self._ids[self._at + 1 : self._at + 2] != [id]:
            self._ids[self._at + 1 :] = [id]
        self._at += 1
        surplus = len(self._ids) - LONGEST
        if surplus > 0:
            del self._ids[:surplus]
            self._at -= surplus

    def step(self, step: int) -> str | None:
        """Go one release back (-1) or forward (1); None when there is none."""
        if not 0 <= self._at + step < len(self._ids):
            return None
        self._at += step
        return self._ids[self._at]
