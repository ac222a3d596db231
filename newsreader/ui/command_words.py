"""What each command would do just now, in words. Nothing here comes from a digest: the palette parses markup."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from newsreader.commands import Command
from newsreader.models import Mark
from newsreader.ui.marking import Step, count_releases
from newsreader.ui.marking_screen import MarkingScreen


def say_now(command: Command, screen: MarkingScreen) -> str:
    """What the command does now, as a sentence."""
    say = _SAYINGS.get(command.id)
    return command.help if say is None else say(screen)


def _meant(screen: MarkingScreen) -> str:
    """What a command about releases is for."""
    count = len(screen.meant_places())
    if screen.means_selection:
        return f"the {count_releases(count)} that {'is' if count == 1 else 'are'} selected"
    return "the release" if count == 1 else f"the {count_releases(count)} of the group"


def _meant_text(screen: MarkingScreen) -> str:
    return _meant(screen) if screen.means_selection else "the release on the page"


def _say_star(screen: MarkingScreen) -> str:
    are_starred = screen.marking.are_set(screen.meant_places(), Mark.STARRED)
    return f"Take the star from {_meant(screen)}." if are_starred else f"Star {_meant(screen)}."


def _say_step(step: Step | None, word: str, nothing: str) -> str:
    if step is None:
        return nothing
    return f"{word}: {step.describe(is_named=False)}."


_SAYINGS: Mapping[str, Callable[[MarkingScreen], str]] = {
    "toggle-star": _say_star,
    "mark-read": lambda screen: f"Mark {_meant(screen)} as read.",
    "mark-unread": lambda screen: f"Mark {_meant(screen)} as unread.",
    "undo-mark": lambda screen: _say_step(screen.marking.last_done, "Take back", "Nothing to take back now."),
    "redo-mark": lambda screen: _say_step(screen.marking.last_undone, "Do again", "Nothing was taken back before."),
    "switch-pane": lambda screen: f"Go to the {'tree' if screen.panes.is_on_page else 'page'}.",
    "pipe-release": lambda screen: f"Send {_meant_text(screen)} to a command and show what it prints.",
    "copy-text": lambda screen: f"Copy the text of {_meant_text(screen)} to the clipboard.",
    "print-release": lambda screen: f"Leave, and print {_meant_text(screen)} to standard output.",
}
"""By command id, where what it does depends on what is shown."""
