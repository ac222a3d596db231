"""The commands of the reader in Textual's palette."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from functools import partial
from typing import Any

from textual.app import App
from textual.command import CommandPalette, DiscoveryHit, Hit, Hits, Provider, SearchIcon
from textual.content import Content
from textual.fuzzy import FuzzySearch

from newsreader.commands import Command, nameable_commands
from newsreader.ui.command_words import say_now
from newsreader.ui.help_entries import command_labels
from newsreader.ui.main_screen import MainScreen
from newsreader.ui.themes import OWN_THEMES


class CommandProvider(Provider):
    """Every command, with its key and what it does now."""

    async def discover(self) -> Hits:
        """All of them, before anything is typed."""
        for title, help, run in self._commands():
            yield DiscoveryHit(Content(title), run, text=title, help=help)

    async def search(self, query: str) -> Hits:
        """Those that what is typed fits."""
        fuzzy = FuzzySearch()
        for title, help, run in self._commands():
            score, offsets = fuzzy.match(query, title)
            whole, _ = fuzzy.match(query, f"{title} {help}")
            if whole > 0:
                shown = Content(title)
                for offset in offsets if score > 0 else ():
                    shown = shown.stylize(self.match_style or "bold", offset, offset + 1)
                yield Hit(max(score, whole / 2), shown, run, text=title, help=help)

    def _commands(self) -> Iterator[tuple[str, str, Callable[[], object]]]:
        screen = self.screen
        if not isinstance(screen, MainScreen):
            return
        for command in sorted(nameable_commands(), key=lambda each: not screen.may(each)):
            if command.id != "show-palette":
                labels = " ".join(command_labels(command, screen.keys))
                title = f"{command.title}  ({labels})" if labels else command.title
                yield title, _say(command, screen), partial(screen.run, command)


class ThemeProvider(Provider):
    """Every theme, our own first, and which of them is in force."""

    async def discover(self) -> Hits:
        """All of them, before anything is typed."""
        for name, help in self._themes():
            yield DiscoveryHit(name, partial(self._take, name), help=help)

    async def search(self, query: str) -> Hits:
        """Those that what is typed fits."""
        matcher = self.matcher(query)
        for name, help in self._themes():
            if (score := matcher.match(name)) > 0:
                yield Hit(score, matcher.highlight(name), partial(self._take, name), help=help)

    def _themes(self) -> Iterator[tuple[str, str | None]]:
        own = [theme.name for theme in OWN_THEMES]
        others = sorted(set(self.app.available_themes) - set(own))
        for name in own + others:
            yield name, "This is the theme now." if name == self.app.theme else None

    def _take(self, name: str) -> None:
        self.app.theme = name


class Palette(CommandPalette):
    """Textual's palette, which looks like our other screens."""

    def __init__(self, title: str, providers: Sequence[type[Provider]] | None = None) -> None:
        """`title` says what is searched; without `providers`, it is what the app has."""
        super().__init__(providers, placeholder=f"search the {title.lower()}", id="--command-palette")
        self._title = title

    def _action_command_list(self, action: str) -> None:
        """Move in the list; Textual fails at that as long as it has not laid out what the list was given last."""
        with suppress(KeyError):
            super()._action_command_list(action)

    def on_mount(self) -> None:
        """Show the title and the sign."""
        self.query_one("#--input").border_title = self._title
        self.query_one(SearchIcon).icon = "/"


def open_palette(app: App[Any]) -> None:
    """Let the reader search all commands."""
    if not CommandPalette.is_open(app):
        app.push_screen(Palette("Commands"))


def open_themes(app: App[Any]) -> None:
    """Let the reader search all themes."""
    if not CommandPalette.is_open(app):
        app.push_screen(Palette("Themes", [ThemeProvider]))


def _say(command: Command, screen: MainScreen) -> str:
    return say_now(command, screen) if screen.may(command) else f"Not possible just now: {command.help}"
