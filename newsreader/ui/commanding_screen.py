"""What the reader can be told to do: by key, by name, from palette and help, and step by step in the tour."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from difflib import get_close_matches

from textual.events import DescendantFocus, Key
from textual.screen import Screen

from newsreader.commands import COMMANDS, Command, Scope, describe_unknown, find_command
from newsreader.text import clean_line
from newsreader.ui.command_line import CommandLine
from newsreader.ui.desk import Desk
from newsreader.ui.finding_screen import EDITING_COMMANDS, FindingScreen
from newsreader.ui.help_entries import command_labels
from newsreader.ui.help_screen import HelpScreen
from newsreader.ui.page_pane import PagePane
from newsreader.ui.selecting_tree import SelectingTree
from newsreader.ui.tour import ENDED, SETTING, SKIPPED, Tour
from newsreader.ui.tree_rows import Signs

SELECTING_COMMANDS = ("toggle-star", "mark-read", "mark-unread", "copy-text", "pipe-release", "go-back")
"""What the status line shows while something is selected."""
LEAVING_LINE = ("run-command", "go-back")
"""Commands that lead out of the command line."""
HISTORY = "commands"
"""Under which name the commands that were typed are remembered."""


class CommandingScreen(FindingScreen):
    """The sixth of seven: commands, and the line in which they are typed; `MainScreen` adds the library."""

    def __init__(self, desk: Desk, signs: Signs) -> None:
        """Nothing is read before the screen is mounted."""
        super().__init__(desk, signs)
        self.command_line = CommandLine(id="command")
        self.command_line.find_arguments = self._find_arguments
        self.tour = Tour(self.key_of, id="tour")

    def begin(self) -> None:
        """Show what the archive holds, with the commands that were typed before, and the tour to whoever is new."""
        super().begin()
        self.command_line.load_history(self.recall(HISTORY))
        if self.desk.is_sample and not self.desk.is_picking and not self.recall(SETTING):
            self.tour.begin()

    def on_descendant_focus(self, event: DescendantFocus) -> None:
        """Show the keys that matter where the reader is now; Textual calls the handler that this one hides as well."""
        self._show_commands()

    def marks_changed(self) -> None:
        """Show the marks as they are now, and the commands that they allow."""
        super().marks_changed()
        self._show_commands()

    def on_selecting_tree_selected(self) -> None:
        """Say how much is selected, and be able to find it again in a library that has changed."""
        if self.is_up_to_date():
            self.release_tree.selection.learn_ids(
                lambda places: self.ask_archive(lambda archive: archive.ids(places), [])
            )
        self._show_commands()

    def holder_of(self, command: Command) -> Screen[None] | SelectingTree | PagePane:
        """What a command works on."""
        match command.scope:
            case Scope.TREE:
                return self.release_tree
            case Scope.PAGE:
                return self.page
        return self

    def may(self, command: Command) -> bool:
        """Whether a command can be used now."""
        return self.holder_of(command).check_action(command.action, ()) is True

    def run(self, command: Command, *arguments: str) -> None:
        """Do what a command says, in the pane that it is for."""
        self.call_later(self._run, command, arguments)

    async def _run(self, command: Command, arguments: tuple[str, ...]) -> None:
        if command.scope is Scope.TREE:
            self.panes.focus_tree()
        elif command.scope is Scope.PAGE:
            self.panes.focus_page()
        holder = self.holder_of(command)
        if not await self.app.run_action(("", command.action, arguments), default_namespace=holder):
            self.say(f"{command.title} is not possible just now.")

    def action_enter_command(self) -> None:
        """Let the reader type a command in the last line."""
        self._was_on_page = self.panes.is_on_page
        self.command_line.open(Scope.PAGE if self._was_on_page else Scope.TREE)
        self.status.display = False

    def may_enter_command(self) -> bool:
        """Whether keys are not typed into a line already, or into a screen above this one."""
        return self.may_edit_filter()

    def may_edit_filter(self) -> bool:
        """Whether keys go neither to a line nor to a screen above this one."""
        return super().may_edit_filter() and not self.command_line.is_open

    def action_go_back(self) -> None:
        """Out of the command line, else one step back."""
        if self.command_line.is_open:
            self._leave_command_line()
            self._hand_on_keys()
        elif self._is_at_rest and self.tour.is_on:
            self._end_tour(SKIPPED)
        else:
            super().action_go_back()

    def leads_out(self, key: Key) -> bool:
        """Whether a key leads out of the line in which something is typed; deleting in an empty one does."""
        if self.command_line.is_open:
            is_given_up = key.key == "backspace" and self.command_line.is_empty
            return is_given_up or any(key.key in self.keys_of(id) for id in LEAVING_LINE)
        return super().leads_out(key)

    def on_command_line_given_up(self) -> None:
        """Out of the command line."""
        self._leave_command_line()
        self._hand_on_keys()

    def _leave_command_line(self) -> None:
        self.command_line.close()
        self.status.display = True
        if self._was_on_page:
            self.panes.focus_page()
        else:
            self.panes.focus_tree()

    async def on_command_line_given(self, message: CommandLine.Given) -> None:
        """Do what was typed; what nobody can do is said, and the line goes."""
        text = message.text.strip()
        name, _, argument = text.partition(" ")
        command = find_command(name, self.command_line.scope)
        self._leave_command_line()
        if name:
            self.command_line.note(text)
            self.remember(HISTORY, self.command_line.dump_history())
        if command is not None:
            if argument and not command.argument:
                self.say(f"Nothing can follow the command {command.name}.", is_warning=True)
            else:
                await self._run(command, (argument.strip(),) if argument else ())
        elif name:
            self.say(describe_unknown(clean_line(name)), is_warning=True)
        if self.filter_bar.is_editing:  # as the command was to edit it
            self.keys_ahead.let_act()
        self._hand_on_keys()

    def _hand_on_keys(self) -> None:
        if not self.command_line.is_open:
            super()._hand_on_keys()

    def _find_arguments(self, id: str) -> Sequence[str]:
        return sorted(self.app.available_themes) if id == "choose-theme" else ()

    def _show_commands(self) -> None:
        """Show the few keys that matter now."""
        is_editing = self.filter_bar.is_editing or self.find_bar.is_editing
        ids = EDITING_COMMANDS if is_editing else SELECTING_COMMANDS if self.means_selection else ()
        if ids:
            shown = [command for id in ids for command in COMMANDS if command.id == id]
        else:
            shown = [command for command in COMMANDS if command.is_in_footer and self.may(command)]
            if self.panes.is_on_page:
                shown = [replace(each, title="Find") if each.id == "edit-filter" else each for each in shown]
        labelled = [(command, labels[0]) for command in shown if (labels := command_labels(command, self.keys))]
        self.tour.show(escape_ends=self._is_at_rest)
        self.status.show_note(self.release_tree.selection.describe() if self.means_selection else "")
        self.status.show_commands(labelled)
        self.status.show_state(self.order.title, "" if ids else self.key_of("turn-grouping"))

    def action_choose_theme(self, name: str = "") -> None:
        """Take the theme of a name; without one, let the reader choose among them all."""
        if not name:
            self.app.search_themes()
        elif name in self.app.available_themes:
            self.app.theme = name
        else:
            nearest = get_close_matches(name, self.app.available_themes, 1)
            hint = f"Did you mean “{nearest[0]}”?" if nearest else "T shows them all."
            self.say(f"There is no theme “{clean_line(name)}”. {hint}", is_warning=True)

    def action_show_palette(self) -> None:
        """Open the palette."""
        self.app.action_command_palette()

    def action_show_help(self) -> None:
        """Open the help."""
        self.app.push_screen(HelpScreen(self.keys), self._do_chosen)

    def _do_chosen(self, choice: Command | str | None) -> None:
        """Run the command, or put the query into the filter bar."""
        if isinstance(choice, Command):
            self.run(choice)
        elif choice is not None:
            self.try_filter(choice)

    # The tour

    def action_start_tour(self) -> None:
        """Begin the tour of the first run."""
        self.panes.focus_tree()
        self.tour.begin()
        self._show_commands()

    def did(self, action: str) -> None:
        """Know what the reader did, which may be what the tour asked for."""
        if self.tour.did(action):
            self._end_tour(ENDED)
        if self.tour.is_on:
            self._show_commands()

    def _end_tour(self, word: str) -> None:
        self.tour.end()
        self.remember(SETTING, "seen")
        self.say(word)

    @property
    def _is_at_rest(self) -> bool:
        """Whether there is nothing to step back from."""
        is_elsewhere = self.filter_bar.is_editing or self.find_bar.is_editing or self.panes.is_on_page
        return not (is_elsewhere or self.command_line.is_open or self.release_tree.selection or self.filter_bar.text)
