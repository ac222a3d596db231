"""Where tree and page stand on a screen of some size. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

ONE_PANE_WIDTH = 60
"""Narrower screens show the tree or the page, not both."""
WIDE = 100
"""From this width on there is always room for both side by side."""
LEAST_HEIGHT_ABOVE = 14
"""Lower screens have no room for one pane above the other."""
WHOLE = 1000
"""Splits are in thousandths, so that every column can be meant."""
SPLITS = range(200, 801, 50)
"""What part of the screen the keys give to the tree."""
LEAST_STEP = 20
"""A key moves the split by more than this."""


class Arrangement(StrEnum):
    """How tree and page stand to each other."""

    BESIDE = "beside"
    ABOVE = "above"
    SINGLE = "single"


TITLES = {
    "": "Tree and page stand as the terminal's size suggests.",
    Arrangement.BESIDE: "The tree stands left of the page.",
    Arrangement.ABOVE: "The tree stands above the page.",
    Arrangement.SINGLE: "Tree and page have the screen in turn; w goes from one to the other.",
}
"""What each choice means; the empty one is to go by the size."""


def next_choice(choice: str) -> str:
    """What the key turns to."""
    choices = list(TITLES)
    return choices[(choices.index(choice) + 1) % len(choices)]


def describe_layout(choice: str, arrangement: Arrangement) -> str:
    """What a choice means, also where the terminal has no room for it now."""
    if choice in ("", arrangement):
        return TITLES[choice]
    return f"{TITLES[choice][:-1]}, as soon as the terminal has room for that."


def arrange(choice: str, width: int, height: int) -> Arrangement:
    """How tree and page stand in so many columns and rows; what has no room gives way."""
    if choice == Arrangement.SINGLE or width < ONE_PANE_WIDTH:
        return Arrangement.SINGLE
    if choice == Arrangement.BESIDE or height < LEAST_HEIGHT_ABOVE:
        return Arrangement.BESIDE
    is_tall = width < WIDE and 2 * height >= width
    return Arrangement.ABOVE if choice == Arrangement.ABOVE or is_tall else Arrangement.BESIDE


@dataclass(frozen=True, slots=True)
class Limits:
    """How many cells the tree may take in one direction."""

    least: int
    """The tree has at least so many."""
    most: int
    """By itself, it takes at most so many."""
    least_page: int
    """The page has at least so many."""

    def cells(self, room: int, split: int | None) -> int:
        """The cells of the tree, of `room` for all, `split` of them or as many as suit it."""
        suited = max(self.least, min(self.most, room * 2 // 5))
        wanted = suited if split is None else room * split // WHOLE
        least = min(self.least, room // 2)
        return max(least, min(wanted, room - 1 - min(self.least_page, room - 1 - least)))


LIMITS = {Arrangement.BESIDE: Limits(24, 60, 30), Arrangement.ABOVE: Limits(5, 20, 6)}
"""The limits of columns and of rows."""


def next_split(split: int, step: int) -> int:
    """The next wider (1) or narrower (-1) split, from one that need not be among those of the keys."""
    wider = [each for each in SPLITS if each > split + LEAST_STEP]
    narrower = [each for each in SPLITS if each < split - LEAST_STEP]
    return (wider or [SPLITS[-1]])[0] if step > 0 else (narrower or [SPLITS[0]])[-1]
