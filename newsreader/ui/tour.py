"""The tour of the first run: a line or two above the last, with steps that the reader does rather than reads."""

from __future__ import annotations

from collections.abc import Callable

from textual.content import Content
from textual.events import Resize
from textual.widgets import Static

from newsreader.record import Record
from newsreader.text import clean_line, wrap

MOST_ROWS = 3
"""How many rows a step may take."""
SETTING = "tour"
"""Under which name it is remembered that the tour was seen."""
ENDED = "That was the tour; :tour brings it back, ? tells everything."
SKIPPED = "The tour is over; :tour brings it back."


class Step(Record):
    """Something to try."""

    text: str
    """What to do, with the ids of commands in braces where their keys are to stand."""
    actions: frozenset[str]
    """The actions of which one is what was to be done."""


STEPS = (
    Step(
        "{move-down} and {move-up} move in the tree; the page follows.",
        frozenset({"move_down", "move_up", "page_down", "page_up", "next_release", "next_group", "go_bottom"}),
    ),
    Step(
        "{read-on} reads on, screen by screen, and at the end of a release opens the next unread one.",
        frozenset({"read_on"}),
    ),
    Step("{edit-filter} filters while you type: try cyber, then Enter.", frozenset({"accept_filter"})),
    Step("{toggle-star} stars the release under the cursor.", frozenset({"toggle_star"})),
    Step(
        "{undo-mark} takes back what you did to marks, change by change; {redo-mark} does it again.",
        frozenset({"undo_mark"}),
    ),
    Step("{show-help} shows every key and the query language; / searches there.", frozenset({"show_help"})),
)
"""In the order in which they are tried; each builds on those before."""


class Tour(Static):
    """The step to try now; nothing at all while the tour is not on."""

    def __init__(self, key_of: Callable[[str], str], *, id: str) -> None:
        """`key_of` gives the key of a command of an id, as it is written for people."""
        super().__init__(id=id)
        self._key_of = key_of
        self._step: int | None = None
        self._shown = ""

    def on_mount(self) -> None:
        """Stay away until the tour begins."""
        self.display = self.is_on

    @property
    def is_on(self) -> bool:
        """Whether there is a step to try."""
        return self._step is not None

    def begin(self) -> None:
        """Show the first step."""
        self._step = 0
        self.display = True

    def end(self) -> None:
        """Go away."""
        self._step = None
        self.display = False

    def did(self, action: str) -> bool:
        """Go on when this is what was to be done, now or in the next step; whether it was the last."""
        if self._step is None:
            return False
        done = [number for number in (self._step, self._step + 1) if action in _actions(number)]
        if not done:
            return False
        self._step = done[0] + 1
        if self._step < len(STEPS):
            return False
        self.end()
        return True

    def show(self, *, escape_ends: bool) -> None:
        """Show the step to try now, and how to leave the tour when the key does that now."""
        if self._step is None:
            return
        step = STEPS[self._step]
        text = step.text
        for id in (part.partition("}")[0] for part in step.text.split("{")[1:]):
            text = text.replace(f"{{{id}}}", self._key_of(id))
        leave = f"  {self._key_of('go-back')} ends the tour." if escape_ends else ""
        shown = f"{self._step + 1} of {len(STEPS)}  {text}{leave}"
        if shown != self._shown:
            self._shown = shown
            self._set_rows()

    def on_resize(self, event: Resize) -> None:
        """Break the text anew."""
        self._set_rows()

    def _set_rows(self) -> None:
        rows = wrap(clean_line(self._shown), max(1, self.app.size.width - 2))[:MOST_ROWS]
        self.update(Content("\n".join(rows)))
        self.styles.height = max(1, len(rows))


def _actions(number: int) -> frozenset[str]:
    return STEPS[number].actions if number < len(STEPS) else frozenset()
