from __future__ import annotations

import pytest

from newsreader.commands import (
    COMMANDS,
    HEADINGS,
    TYPING,
    Command,
    Scope,
    complete_name,
    describe_unknown,
    find_command,
    headed_commands,
    key_labels,
    nameable_commands,
)


def keys_of(command: Command) -> list[str]:
    return command.keys.split(",")


def test_command_ids_are_unique_and_in_kebab_case() -> None:
    ids = [command.id for command in COMMANDS]
    assert len(set(ids)) == len(ids)
    assert all(id.replace("-", "").isalpha() and id.islower() and "-" in id for id in ids)


@pytest.mark.parametrize("scope", [Scope.TREE, Scope.PAGE])
def test_no_two_commands_within_reach_of_each_other_share_a_key(scope: Scope) -> None:
    keys = [key for command in COMMANDS if command.scope in {scope, Scope.APP} for key in keys_of(command)]
    assert len(set(keys)) == len(keys)


def test_commands_below_one_heading_work_in_the_same_place() -> None:
    headed = list(headed_commands())
    assert [command for _, command in headed] == list(COMMANDS)
    assert set(HEADINGS) <= {command.id for command in COMMANDS}
    for name in HEADINGS.values():
        below = [command for heading, command in headed if heading == name]
        assert below, name
        assert len({command.scope for command in below}) == 1, name
        assert len(below) <= 12, name  # more are no longer seen at a glance


def test_every_command_is_explained_by_one_sentence() -> None:
    for command in COMMANDS:
        assert command.help.endswith("."), command.id
        assert command.help[0].isupper(), command.id
        assert 1 <= len(command.title.split()) <= 3, command.id


@pytest.mark.parametrize(
    ("keys", "labels"),
    [
        ("question_mark,f1", ["?", "F1"]),
        ("slash", ["/"]),
        ("ctrl+q", ["Ctrl+Q"]),
        ("G,end", ["G", "End"]),
        ("j,down", ["j", "↓"]),
        ("space", ["Space"]),
        ("", []),
    ],
)
def test_keys_are_written_as_they_stand_on_the_keyboard(keys: str, labels: list[str]) -> None:
    assert key_labels(keys) == labels


def test_no_key_is_shown_under_textuals_long_name() -> None:
    shown = [label for command in COMMANDS for label in key_labels(command.keys)]
    assert not [label for label in shown if "_" in label]


@pytest.mark.parametrize("scope", [Scope.TREE, Scope.PAGE])
def test_no_two_commands_within_reach_of_each_other_share_a_name(scope: Scope) -> None:
    names = [command.name for command in COMMANDS if command.scope in {scope, Scope.APP}]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("scope", [Scope.TREE, Scope.PAGE])
def test_every_command_is_found_by_its_name_and_by_its_id(scope: Scope) -> None:
    for command in nameable_commands():
        if command.scope in {scope, Scope.APP}:
            assert find_command(command.id, scope) is command
            assert find_command(command.name, scope) is command
            assert command.name in complete_name(command.name[:2])


@pytest.mark.parametrize(
    ("name", "id"),
    [("star", "toggle-star"), ("und", "undo-mark"), ("q", "quit-reader"), ("mark", None), ("", None), ("zzz", None)],
)
def test_a_beginning_that_only_one_name_has_is_enough(name: str, id: str | None) -> None:
    command = find_command(name, Scope.TREE)
    assert (command and command.id) == id


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("strar", "There is no command “strar”. Did you mean “star”?"),
        ("qqqqqq", "There is no command “qqqqqq”. Tab shows them all."),
        ("mark", "“mark” could be mark-read or mark-unread."),
    ],
)
def test_a_name_that_is_none_tells_the_nearest(name: str, told: str) -> None:
    assert describe_unknown(name) == told


def test_what_is_only_for_typing_has_no_name() -> None:
    assert not [command for command in nameable_commands() if command.scope in TYPING]
