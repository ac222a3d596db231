"""The commands of the reader in Textual's palette."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.content import Content
from textual.fuzzy import FuzzySearch

from newsreader.commands import Command, nameable_commands
from newsreader.ui.command_words import say_now
from newsreader.ui.help_entries import command_labels
from newsreader.ui.main_screen import MainScreen


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


def _say(command: Command, screen: MainScreen) -> str:
    return say_now(command, screen) if screen.may(command) else f"Not possible just now: {command.help}"
