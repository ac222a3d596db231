"""Textual's bindings, made from the table of commands, and the rule that tells which of them can be used now."""

from __future__ import annotations

from textual.binding import Binding, BindingType

from newsreader.commands import COMMANDS, Scope


def bindings_of(*scopes: Scope) -> list[BindingType]:
    """The bindings of all commands with keys that work in one of `scopes`, rebindable by command id."""
    return [
        Binding(
            command.keys,
            command.action,
            command.title,
            show=False,
            id=command.id,
            tooltip=command.help,
        )
        for command in COMMANDS
        if command.scope in scopes and command.keys
    ]


class MayActions:
    """Lets a method `may_x` beside `action_x` say whether the action can be used now."""

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Textual asks this before it runs or shows an action."""
        may = getattr(self, f"may_{action}", None)
        return True if may is None else bool(may())
