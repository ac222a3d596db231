"""Asks for a command, gives it the release's text, and shows what it prints."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Static
from textual.worker import Worker, WorkerState

from newsreader.models import Release
from newsreader.text import clean
from newsreader.ui.piping import LONGEST_OUTPUT, Outcome, facts_of, run_command
from newsreader.ui.text_view import TextView


class PipeScreen(ModalScreen[str]):
    """A command line and its output; gives back the last command."""

    BINDINGS: ClassVar = [
        Binding("escape", "close", "Close", show=False),
        Binding("q", "close", "Close", show=False),
        Binding("vertical_line", "edit", "Another command", show=False),
    ]

    def __init__(
        self, releases: Sequence[Release], text: str, command: str, what: str, *, runs_at_once: bool = False
    ) -> None:
        """`text` is what the command gets of the releases, `command` the one to begin with, `what` names them."""
        super().__init__()
        self._facts = facts_of(releases)
        self._text = text
        self._command = command
        self._what = what
        self._runs_at_once = runs_at_once
        self._worker: Worker[Outcome] | None = None

    def compose(self) -> ComposeResult:
        """The command line, the output, and a word on both."""
        with Vertical(id="pipe-box") as box:
            box.border_title = f"Pipe {self._what} to a command"
            with Horizontal(id="pipe-top"):
                yield Static("|", id="pipe-sign")
                yield Input(self._command, placeholder="a shell command, such as wc -w", id="pipe-line", compact=True)
            yield TextView(id="pipe-output")
            yield Static("Enter runs it, Esc closes", id="pipe-hint")

    def on_mount(self) -> None:
        """Keys go to the command line, unless the command is known already."""
        self.query_one(Input).focus()
        if self._runs_at_once:
            self._run(self._command)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Run the command."""
        if event.value.strip():
            self._run(event.value)

    def _run(self, command: str) -> None:
        self._command = command
        self._say("Running; Esc stops it")
        self._worker = self.run_worker(
            run_command(command, self._text, self._facts), exclusive=True, exit_on_error=False
        )

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """Show what it printed."""
        if event.worker is not self._worker:
            return
        if event.state is WorkerState.ERROR:
            self._say(f"It could not be run: {event.worker.error}.")
        elif event.state is WorkerState.CANCELLED:
            self._say("Stopped. Enter runs it again, Esc closes")
        elif event.state is WorkerState.SUCCESS and event.worker.result is not None:
            self._show(event.worker.result)

    def action_close(self) -> None:
        """Stop the command if it runs, else close."""
        if self._worker is not None and self._worker.is_running:
            self._worker.cancel()
        else:
            self.dismiss(self._command)

    def action_edit(self) -> None:
        """Back to the command line."""
        self.query_one(Input).focus()

    def _show(self, outcome: Outcome) -> None:
        view = self.query_one(TextView)
        lines = clean(outcome.output).split("\n")
        if lines and not lines[-1]:
            lines.pop()
        view.show([[(line, "plain")] for line in lines])
        ending = f"ended by signal {-outcome.status}" if outcome.status < 0 else f"exit status {outcome.status}"
        if outcome.is_cut:
            ending = f"stopped after {LONGEST_OUTPUT // 1024} KB"
        self._say(f"{len(lines):,} line{'s' * (len(lines) != 1)}, {ending}. | edits the command, Esc closes")
        if lines:
            view.focus()

    def _say(self, text: str) -> None:
        self.query_one("#pipe-hint", Static).update(Content(text))
