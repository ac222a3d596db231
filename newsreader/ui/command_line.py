"""The command line: a command is typed by its name, completed, and found again in what was typed before."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import ClassVar

from textual.events import Key
from textual.message import Message

from newsreader.commands import Scope, complete_name, find_command
from newsreader.text import clean_line
from newsreader.ui.bindings import bindings_of
from newsreader.ui.line_bar import LineBar, LineInput

MOST_REMEMBERED = 50
"""How many commands are remembered."""


class CommandInput(LineInput):
    """The line itself."""

    BINDINGS: ClassVar = bindings_of(Scope.LINE)

    class Turned(Message):
        """The reader asked for another text: an older (-1) or newer (1) one, or a completion (0)."""

        def __init__(self, step: int) -> None:
            """`step` is which way."""
            super().__init__()
            self.step = step

    def on_key(self, event: Key) -> None:
        """Deleting in the empty line leads out."""
        if event.key == "backspace" and not self.value:
            event.stop()
            event.prevent_default()
            self.post_message(CommandLine.GivenUp())

    def action_run_command(self) -> None:
        """Run what the line says."""
        self.post_message(CommandLine.Given(self.value))

    def action_complete_command(self) -> None:
        """Complete the name."""
        self.post_message(self.Turned(0))

    def action_older_command(self) -> None:
        """What was given before."""
        self.post_message(self.Turned(-1))

    def action_newer_command(self) -> None:
        """What was given after."""
        self.post_message(self.Turned(1))


class CommandLine(LineBar):
    """The line with its sign, and a word at its right end on what the command does."""

    class Given(Message):
        """A command was given."""

        def __init__(self, text: str) -> None:
            """`text` is what was typed."""
            super().__init__()
            self.text = text

    class GivenUp(Message):
        """The reader does not want to give a command."""

    def __init__(self, *, id: str) -> None:
        """The line is away until it is opened."""
        super().__init__(":", CommandInput(), id=id)
        self.display = False
        self.find_arguments: Callable[[str], Sequence[str]] = lambda _: ()
        self.history: list[str] = []
        self.scope = Scope.TREE
        self._place = 0
        self._draft = ""
        self._choices: list[str] = []
        self._chosen = ""

    @property
    def is_open(self) -> bool:
        """Whether keys go to the line."""
        return self.display

    def open(self, scope: Scope) -> None:
        """Let keys go to an empty line; of two commands of one name, that of `scope` is meant."""
        self.scope = scope
        self._place, self._draft = len(self.history), ""
        self.set_text("")
        self.edit()

    def close(self) -> None:
        """Take the line away."""
        self.display = False

    def note(self, text: str) -> None:
        """Remember what was given as the newest."""
        self.history = [*(each for each in self.history if each != text), text][-MOST_REMEMBERED:]

    def dump_history(self) -> str:
        """What is remembered, as text."""
        return json.dumps(self.history)

    def load_history(self, text: str) -> None:
        """Take what was remembered; what nobody wrote like that is passed over."""
        try:
            lines = json.loads(text)
        except (ValueError, RecursionError):
            return
        if isinstance(lines, list):
            self.history = [str(clean_line(line)) for line in lines if isinstance(line, str)][-MOST_REMEMBERED:]

    def on_command_input_turned(self, message: CommandInput.Turned) -> None:
        """Put an older or newer command into the line, or complete what is there."""
        if message.step == 0:
            self._complete()
            return
        place = min(max(0, self._place + message.step), len(self.history))
        if self._place == len(self.history):
            self._draft = self.text
        self._place = place
        self.set_text(self.history[place] if place < len(self.history) else self._draft)

    def text_typed(self) -> None:
        """Say what the command does."""
        self._choices = []
        self._say_hint()

    @property
    def is_empty(self) -> bool:
        """Whether nothing is typed."""
        return not self.text

    def set_text(self, text: str) -> None:
        """Put a command into the line, and say what it does."""
        super().set_text(text)
        self._say_hint()

    def _complete(self) -> None:
        """Complete the name or the argument; when that was done just now, go on to the next that fits."""
        if not self._choices:
            name, blank, argument = self.text.lstrip().partition(" ")
            if not blank:
                self._choices = complete_name(name)
            else:
                command = find_command(name, self.scope)
                known = () if command is None else self.find_arguments(command.id)
                self._choices = [f"{name} {each}" for each in known if each.startswith(argument)]
            self._chosen = ""
        if self._choices:
            before = self._choices.index(self._chosen) if self._chosen in self._choices else -1
            self._chosen = self._choices[(before + 1) % len(self._choices)]
            self.set_text(self._chosen)

    def _say_hint(self) -> None:
        name, blank, _ = self.text.lstrip().partition(" ")
        command = find_command(name, self.scope)
        fitting = complete_name(name)
        if command is not None and (blank or command.name == name or len(fitting) == 1):
            hint = f"{command.argument}  {command.help}" if command.argument else command.help
        else:
            hint = "  ".join(fitting) or "There is no such command."
        self.show_result(hint)
