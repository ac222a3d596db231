"""The Textual app: opens the reader's main screen, and says how it was left."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from textual import events
from textual._compositor import CompositorUpdate
from textual.actions import ActionParseResult
from textual.app import App
from textual.dom import DOMNode
from textual.theme import Theme

from newsreader.archive import Archive
from newsreader.config import Config
from newsreader.errors import MarksError
from newsreader.loader import Library
from newsreader.marks import Marks
from newsreader.ui.date_style import use_locale
from newsreader.ui.desk import Desk
from newsreader.ui.driver import TerminalApp
from newsreader.ui.keyboard import GroundTold
from newsreader.ui.main_screen import MainScreen
from newsreader.ui.palette import CommandProvider, open_palette, open_themes
from newsreader.ui.plain_stream import is_unicode
from newsreader.ui.terminal import Terminal
from newsreader.ui.themes import OWN_THEMES, has_many_colours, suited_theme
from newsreader.ui.tree_rows import ASCII_SIGNS, Signs

NO_KEY = "f24"
"""Stands for no key where the configuration takes a command's keys away; Textual takes an empty text for no change."""
LOOKING = 0.01
"""Seconds between two looks at whether the reader is where it was left."""
LONGEST_START = 1.0
"""After so many seconds it is shown as it is, and takes keys."""
SWITCHING = 0.0005
"""Seconds that a search waits for its turn while the screen is drawn; Python's own 5 ms, ten times over, are felt."""
ACTS = (events.Key, events.Paste, events.MouseDown, events.MouseScrollDown, events.MouseScrollUp)
"""What tells that somebody is there."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How the reader was left."""

    return_code: int
    """0, or 128 and the signal's number after a signal."""
    printed: list[str]
    """Ids of the releases to print now."""
    frame: str | None = ""
    """The last screen, if the next start shows the same; None when it is still the one that was painted at first."""


class ReaderApp(TerminalApp):
    """The reader."""

    TITLE = "newsreader"
    CSS_PATH = "app.tcss"
    COMMANDS: ClassVar = {CommandProvider}

    def __init__(self, desk: Desk, theme: str, terminal: Terminal | None = None) -> None:
        """`theme` is the name of the theme to begin with; an unknown one is passed over."""
        super().__init__(ansi_color=True if "NO_COLOR" in os.environ else None, terminal=terminal)
        self.animation_level = "none"
        self.main_screen = MainScreen(desk, _choose_signs())
        for own in OWN_THEMES:
            self.register_theme(own)
        self._is_chosen = theme in self.available_themes
        self._ahead: list[events.Event] | None = None
        self._followed = suited_theme(os.environ)
        self._first_theme = self.theme = theme if self._is_chosen else self._followed
        self.terminal.asks_for_ground = not self._is_chosen and has_many_colours(os.environ)
        self.set_keymap({id: keys or NO_KEY for id, keys in desk.config.keys.items()})

    def get_default_screen(self) -> MainScreen:
        """The main screen."""
        return self.main_screen

    def on_mount(self) -> None:
        """Remember every theme that is chosen, and draw everything anew after a pause."""
        self.theme_changed_signal.subscribe(self, self._remember_theme)
        self.app_resume_signal.subscribe(self, self._draw_anew)
        if self.is_on_terminal:
            self._ahead = []
            self._looks = self.set_interval(LOOKING, self._look_around)
            self.set_timer(LONGEST_START, self._come_forward)

    def action_command_palette(self) -> None:
        """Open the palette of commands."""
        open_palette(self)

    def search_themes(self) -> None:
        """Open the palette of themes."""
        open_themes(self)

    async def action_quit(self) -> None:
        """Leave from wherever the reader is."""
        await self.main_screen.action_quit_reader()

    async def run_action(
        self,
        action: str | ActionParseResult,
        default_namespace: DOMNode | None = None,
        namespaces: Mapping[str, DOMNode] | None = None,
    ) -> bool:
        """Do what a key or a command asks for, and let the main screen know what was done."""
        is_done = await super().run_action(action, default_namespace, namespaces)
        if is_done:
            self.main_screen.did(action.rpartition(".")[2] if isinstance(action, str) else action[1])
        return is_done

    async def on_event(self, event: events.Event) -> None:
        """Let the main screen know when somebody is there; what was typed ahead waits for what it is meant for."""
        if self._waits(event) or self.main_screen.keys_ahead.takes(event):
            return
        comes_back = event.is_forwarded
        await super().on_event(event)
        if comes_back:
            self.main_screen.keys_ahead.has_acted(event)
        if isinstance(event, ACTS):
            self.main_screen.acted()

    def _waits(self, event: events.Event) -> bool:
        """Whether an event waits until the reader comes forward: any but a key that leaves, with nothing before it."""
        if self._ahead is None or not isinstance(event, ACTS):
            return False
        if not self._ahead and isinstance(event, events.Key) and event.key in self.main_screen.keys_of("quit-reader"):
            return False
        self._ahead.append(event)
        return True

    def _look_around(self) -> None:
        """Come forward as soon as the reader is where it was left; it can be left before."""
        if self.main_screen.shown is not None:
            self.begin_to_listen()
        if self.main_screen.has_settled:
            self._looks.stop()
            self.call_after_refresh(self._come_forward)

    def _come_forward(self) -> None:
        """Take keys, and draw over what was painted before."""
        self._looks.stop()
        self.begin_to_listen()
        waiting, self._ahead = self._ahead or [], None
        for event in waiting:
            self.post_message(event)
        if self.is_behind_paint:
            self.is_behind_paint = False
            self.app_resume_signal.publish(self)

    def frame_of_next_start(self) -> str | None:
        """The whole screen, if it is the one that the next start shows; None when it was never drawn."""
        if self.is_behind_paint:
            return None
        is_kept = self.theme in (self._first_theme, _remembered_theme(self.main_screen.desk.marks))
        if self.screen is not self.main_screen or not self.main_screen.is_as_next_start or not is_kept:
            return ""
        update = self.screen._compositor.render_update(full=True)
        return update.render_segments(self.console) if isinstance(update, CompositorUpdate) else ""

    def _draw_anew(self, app: App[object]) -> None:
        """Fill a terminal that another program has written to since."""
        for screen in self.screen_stack:
            screen.refresh(layout=True)
        self.refresh(layout=True)

    def on_ground_told(self, message: GroundTold) -> None:
        """Take the theme that suits the terminal's ground, unless one was chosen."""
        if not self._is_chosen:
            self._followed = self.theme = suited_theme(os.environ, is_dark=message.is_dark)

    def _remember_theme(self, theme: Theme) -> None:
        """Remember what was chosen, not what merely suited."""
        if self._is_chosen or theme.name != self._followed:
            self._is_chosen = True
            self.main_screen.remember("theme", theme.name)

    async def leave(self) -> None:
        """Stop what runs beside the screen, and wait for the marks."""
        await self.main_screen.leave()

    async def settle(self) -> None:
        """Wait for the marks."""
        await self.main_screen.marking.settle()


def open_reader(  # noqa: PLR0913 - all that a session has opened
    library: Library,
    archive: Archive,
    marks: Marks,
    config: Config,
    *,
    filter: str = "",
    clock: Callable[[], datetime],
    is_sample: bool = False,
    picking: bool = False,
    terminal: Terminal | None = None,
) -> Outcome:
    """Open the reader and come back when it is left, the terminal as it was found; a crash is raised."""
    sys.setswitchinterval(SWITCHING)
    if config.dates == "locale":
        use_locale()
    desk = Desk(library, archive, marks, config, clock, filter, is_sample, picking, library.key)
    app = ReaderApp(desk, config.theme or _remembered_theme(marks), terminal)
    return Outcome(app.run_on_terminal(), app.main_screen.printed, app.last_frame)


def _remembered_theme(marks: Marks) -> str:
    """The theme that was chosen last, unless this terminal cannot show it."""
    if not has_many_colours(os.environ):
        return ""
    with suppress(MarksError):
        return marks.recall("theme") or ""
    return ""


def _choose_signs() -> Signs:
    """Plain signs where the terminal's encoding has no others."""
    return Signs() if is_unicode(sys.__stderr__) else ASCII_SIGNS
