"""The commands of the reader in Textual's palette."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from textual.command import DiscoveryHit, Hit, Hits, Provider

from newsreader.commands import COMMANDS, Command, Scope
from newsreader.ui.help_screen import command_labels
from newsreader.ui.main_screen import MainScreen


class CommandProvider(Provider):
    """Every command that can be used now, with its key."""

    async def discover(self) -> Hits:
        """All of them, before anything is typed."""
        for title, command, run in self._commands():
            yield DiscoveryHit(title, run, text=title, help=command.help)

    async def search(self, query: str) -> Hits:
        """Those that what is typed fits."""
        matcher = self.matcher(query)
        for title, command, run in self._commands():
            score = matcher.match(f"{title} {command.help}")
            if score > 0:
                yield Hit(score, matcher.highlight(title), run, text=title, help=command.help)

    def _commands(self) -> Iterator[tuple[str, Command, Callable[[], object]]]:
        screen = self.screen
        if not isinstance(screen, MainScreen):
            return
        for command in COMMANDS:
            if command.scope is Scope.APP and command.id != "show-palette" and screen.may(command):
                labels = " ".join(command_labels(command, screen.keys))
                yield f"{command.title}  ({labels})" if labels else command.title, command, partial(screen.run, command)
