"""How a library was left, to be found so again at the next start. Pure."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import asdict, dataclass


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
