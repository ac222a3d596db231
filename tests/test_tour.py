from __future__ import annotations

import pytest

from newsreader.commands import COMMANDS
from newsreader.marks import Marks
from newsreader.ui.tour import ENDED, SETTING, SKIPPED, STEPS
from tests.conftest import NOW
from tests.ui_kit import Reader, open_reader


def strip(reader: Reader) -> str:
    """The tour's line, if it is shown."""
    return " ".join(str(reader.screen.tour.render()).split("\n")) if reader.screen.tour.display else ""


def test_every_action_that_a_step_waits_for_is_a_commands() -> None:
    actions = {command.action for command in COMMANDS}
    ids = {command.id for command in COMMANDS}
    for step in STEPS:
        assert step.actions <= actions
        assert {part.partition("}")[0] for part in step.text.split("{")[1:]} <= ids


async def test_each_step_goes_on_when_it_is_done_and_the_last_ends_the_tour_for_ever() -> None:
    marks = Marks(None, clock=lambda: NOW)
    async with open_reader(is_sample=True, marks=marks) as reader:
        assert strip(reader).startswith("1 of 6  j and k move in the tree")
        assert strip(reader).endswith("Esc ends the tour.")
        await reader.press("s")
        assert strip(reader).startswith("1 of 6")
        await reader.press("j", "space", "slash")
        assert strip(reader) == "3 of 6  / filters while you type: try cyber, then Enter."
        await reader.type("cyber")
        await reader.press("enter")
        assert strip(reader).startswith("4 of 6")
        await reader.press("s", "U", "question_mark")
        assert not reader.screen.tour.is_on
        assert reader.screen.status.message == ENDED
        assert marks.recall(SETTING) == "seen"
    async with open_reader(is_sample=True, marks=marks) as again:
        assert strip(again) == ""


async def test_who_does_the_next_step_first_is_not_held_back_by_the_one_before() -> None:
    async with open_reader(is_sample=True) as reader:
        await reader.press("enter", "j", "space")
        assert strip(reader).startswith("3 of 6")


async def test_escape_ends_the_tour_when_there_is_nothing_else_to_step_back_from() -> None:
    async with open_reader(is_sample=True) as reader:
        await reader.press("enter", "slash")
        assert "ends the tour" not in strip(reader)
        await reader.press("escape")
        assert "ends the tour" not in strip(reader)
        await reader.press("escape")
        assert "ends the tour" in strip(reader)
        await reader.press("escape")
        assert strip(reader) == ""
        assert reader.screen.status.message == SKIPPED


async def test_the_tour_comes_back_when_it_is_asked_for() -> None:
    async with open_reader() as reader:
        assert strip(reader) == ""
        await reader.press("colon", *"tour", "enter")
        assert strip(reader).startswith("1 of 6")


@pytest.mark.parametrize("options", [{"is_sample": False}, {"is_sample": True, "is_picking": True}])
async def test_who_has_a_library_or_is_picking_sees_no_tour(options: dict[str, bool]) -> None:
    async with open_reader(**options) as reader:  # type: ignore[arg-type]
        assert strip(reader) == ""


@pytest.mark.parametrize("size", [(80, 24), (120, 36), (40, 12), (20, 6)])
async def test_the_tour_is_never_in_the_way(size: tuple[int, int]) -> None:
    async with open_reader(size=size, is_sample=True) as reader:
        assert reader.screen.tour.size.height <= (2 if size[0] >= 80 else 3)
        assert reader.screen.release_tree.size.height >= 1
        shown = " ".join(" ".join(reader.lines()).split())
        assert "Esc ends the tour." in shown or size[0] == 20
