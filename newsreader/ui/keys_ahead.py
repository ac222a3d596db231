"""Keys typed ahead: held while what they are meant for is not on the screen yet, then let act one by one, in order.

What they are meant for may be what a search finds, or a line that the key before opens.
"""

from __future__ import annotations

from asyncio import get_running_loop
from collections import deque
from collections.abc import Callable
from time import monotonic

from textual.events import Event, Key, Paste
from textual.screen import Screen

PATIENCE = 1.0
"""Seconds after which a key that leads back or away is no longer held, and what was held before it is dropped."""
BACK_OR_AWAY = frozenset(["escape", "ctrl+c", "ctrl+q"])
OPENING_COMMANDS = ("edit-filter", "enter-command")
"""What opens a line for the keys behind it; it acts behind the keys before it, which are not for that line."""
NEXT_SECONDS = 0.1
"""When a held key acts though it is not known that the one before has: that may have closed what it went to."""


class KeysAhead:
    """What was typed behind a key that leads out of a line, in the order in which it was typed."""

    def __init__(
        self, screen: Screen[None], leads_out: Callable[[Key], bool], opens_line: Callable[[Key], bool]
    ) -> None:
        """`leads_out` tells whether what follows a key is for what `screen` shows after it, `opens_line` for a line."""
        self._screen = screen
        self._leads_out = leads_out
        self._opens_line = opens_line
        self._held: deque[Key | Paste] | None = None
        self._since = 0.0
        self._acting: Event | None = None
        self._is_letting_act = False
        self._is_opening = False

    @property
    def are_held(self) -> bool:
        """Whether keys are held that may come, or have come."""
        return self._held is not None

    def takes(self, event: Event) -> bool:
        """Whether an event that reached the app is held; to be asked of each before it goes where keys go."""
        if not isinstance(event, Key | Paste) or event.is_forwarded or event is self._acting:
            return False
        if self._held is not None:
            is_late = monotonic() - self._since > PATIENCE
            if not (is_late and isinstance(event, Key) and event.key in BACK_OR_AWAY):
                self._held.append(event)
                return True
            self._held.clear()
            if self._is_opening:
                self._held, self._is_letting_act = None, False
        self._is_opening = not self._hold_behind(event) and self._opens(event)
        if self._is_opening:
            self._held, self._since = deque(), monotonic()
            self._acting, self._is_letting_act = event, True
        return False

    def let_act(self) -> None:
        """What they are meant for is on the screen now."""
        if self._held is not None and not self._is_letting_act:
            self._is_letting_act = True
            self._screen.app.call_later(self._let_next_act)

    def _hold_behind(self, event: Event) -> bool:
        leads_out = isinstance(event, Key) and self._leads_out(event)
        if leads_out:
            self._held = self._held or deque()
            self._since = monotonic()
        return leads_out

    def _opens(self, event: Event) -> bool:
        return isinstance(event, Key) and self._opens_line(event)

    async def _let_next_act(self) -> None:
        """Let the oldest key act, and the next one when it has."""
        if not self._held:
            self._held, self._acting, self._is_letting_act = None, None, False
            return
        self._acting = event = self._held.popleft()
        app = self._screen.app
        target = app.focused or app.screen
        self._is_letting_act = not self._hold_behind(event)
        self._is_opening = self._opens(event)
        await app.on_event(event)
        if not event.is_forwarded:
            self.has_acted(event)
        target.call_later(self._has_reached, event)
        if not self._is_opening:  # what does cannot have closed what it went to
            get_running_loop().call_later(NEXT_SECONDS, self.has_acted, event)

    def _has_reached(self, event: Event) -> None:
        """A key that the widget took for itself has acted; any other one does so when it comes back to the app."""
        if event._stop_propagation:
            self.has_acted(event)

    def has_acted(self, event: Event) -> None:
        """Let the next key act if this was the one that was let act; to be told of each that comes back to the app."""
        if self._is_letting_act and event is self._acting:
            self._acting = None
            self._screen.app.call_later(self._let_next_act)
