import copy
import dataclasses
import pickle
from typing import Any

import pytest

from newsreader.config import Config
from newsreader.models import Release
from newsreader.record import Record


class Place(Record):
    name: str
    size: int = 3


class Island(Place):
    sea: str = "north"


class Town(Record):
    name: str
    size: int = 3


def test_fields_are_given_by_place_or_name_and_have_defaults() -> None:
    assert Place("a") == Place(name="a", size=3) == Place("a", 3)
    assert (Island("a", 4, "south").sea, Island("a").sea, Island("a").size) == ("south", "north", 3)


def test_records_are_equal_by_class_and_values() -> None:
    assert Place("a") != Place("b")
    assert Place("a") != Town("a")
    assert len({Place("a"), Place("a", 3), Town("a")}) == 2


@pytest.mark.parametrize(
    ("values", "named"),
    [((), {}), (("a", 1, 2), {}), (("a",), {"name": "b"}), (("a",), {"colour": "red"}), ((), {"size": 1})],
)
def test_other_values_than_the_fields_are_refused(values: tuple[Any, ...], named: dict[str, Any]) -> None:
    with pytest.raises(TypeError, match=r"Place is made from name, size"):
        Place(*values, **named)


def test_a_record_cannot_be_changed() -> None:
    place = Place("a")
    with pytest.raises(AttributeError):
        place.size = 4  # type: ignore[misc]
    with pytest.raises(AttributeError):
        del place.name
    assert place == Place("a")


def test_a_record_can_be_matched_copied_and_sent() -> None:
    match Island("a"):
        case Island(name, size, sea):
            assert (name, size, sea) == ("a", 3, "north")
    assert copy.copy(Island("a")) == pickle.loads(pickle.dumps(Island("a"))) == Island("a")


def test_a_record_shows_its_values() -> None:
    assert repr(Island("a")) == "Island(name='a', size=3, sea='north')"


def test_a_record_is_a_dataclass_to_whoever_asks() -> None:
    assert dataclasses.is_dataclass(Release)
    assert [field.name for field in dataclasses.fields(Island)] == ["name", "size", "sea"]
    assert dataclasses.asdict(Island("a", 4)) == {"name": "a", "size": 4, "sea": "north"}
    assert dataclasses.replace(Island("a", 4), sea="south") == Island("a", 4, "south")
    assert {field.name for field in dataclasses.fields(Config)} == {*Config.__match_args__}
