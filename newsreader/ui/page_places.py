"""Where the page of each release was left, so that reading goes on there."""

from __future__ import annotations

import json
import threading

MOST_PLACES = 1000
"""Of so many releases the place is kept, the one left last among them."""
_ID_DIGITS = 16
"""Digits of an id that tell a release from all others for this purpose."""


class PagePlaces:
    """Characters of cleaned bodies by release id; the beginning is not kept. One object serves all threads."""

    def __init__(self) -> None:
        """Nothing is known at first."""
        self._places: dict[str, int] = {}
        self._changed: dict[str, int] = {}
        self._lock = threading.Lock()

    def of(self, id: str) -> int | None:
        """Where a release was left; None when at its beginning, or never read."""
        return self._places.get(id[:_ID_DIGITS])

    def keep(self, id: str, place: int) -> bool:
        """Keep where a release is left; False when that is known already."""
        id, place = id[:_ID_DIGITS], max(place, 0)
        with self._lock:
            if self._places.get(id, 0) == place:
                return False
            self._put(id, place)
            self._changed[id] = place
            return True

    def merge(self, dumped: str) -> None:
        """Take over what was dumped, here or by another instance, but for what was kept here since the last dump."""
        read = _read(dumped)
        with self._lock:
            self._places = read
            for id, place in self._changed.items():
                self._put(id, place)

    def dump(self) -> str:
        """All places, the one kept last at the end; from now on they are no news."""
        with self._lock:
            self._changed.clear()
            return json.dumps(self._places, separators=(",", ":"))

    def _put(self, id: str, place: int) -> None:
        self._places.pop(id, None)
        if place:
            self._places[id] = place
        while len(self._places) > MOST_PLACES:
            del self._places[next(iter(self._places))]


def _read(dumped: str) -> dict[str, int]:
    """The places of a dump; none of one that nobody wrote."""
    try:
        places = json.loads(dumped or "{}")
    except (ValueError, RecursionError):
        return {}
    if not isinstance(places, dict):
        return {}
    sound = [(id, place) for id, place in places.items() if type(place) is int and place > 0]
    return dict(sound[-MOST_PLACES:])
