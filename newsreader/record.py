"""Frozen dataclasses that cost nothing to declare.

To import `dataclasses`, and to make our classes with it, would take 20 ms: a third of a short command. A record is a
dataclass to whoever asks (`fields`, `asdict`, `replace`, type checkers: PEP 681); only then is `dataclasses` imported.
"""

from __future__ import annotations

from functools import partial

TYPE_CHECKING = False  # importing typing would take 3 ms
if TYPE_CHECKING:
    from typing import NoReturn, dataclass_transform
else:

    def dataclass_transform(**_):  # noqa: D103
        return lambda cls: cls


class _Fields:
    """The `__dataclass_fields__` of a record's class, made when they are asked for."""

    def __get__(self, record: object, kind: type[Record]) -> dict[str, object]:
        from dataclasses import field, fields, make_dataclass

        annotations = {
            name: text for base in reversed(kind.__mro__[:-2]) for name, text in base.__annotations__.items()
        }
        members = [
            (name, text)
            if name in kind._required
            else (name, text, field(default_factory=partial(getattr, kind, name)))
            for name, text in annotations.items()
        ]
        twin = make_dataclass(kind.__name__, members, kw_only=True)
        return {member.name: member for member in fields(twin)}


@dataclass_transform(frozen_default=True)
class Record:
    """Something that is made from the values of its annotated fields, is equal by them, and never changes."""

    __dataclass_fields__ = _Fields()
    __match_args__: tuple[str, ...] = ()
    _required: frozenset[str] = frozenset()

    def __init_subclass__(cls) -> None:
        cls.__match_args__ = (*cls.__match_args__, *cls.__annotations__)  # type: ignore[misc]
        cls._required = frozenset(name for name in cls.__match_args__ if not hasattr(cls, name))

    def __init__(self, *values: object, **named: object) -> None:
        names = self.__match_args__
        self.__dict__.update(zip(names, values, strict=False), **named)
        if len(values) != len(names) or named:
            self._check(values, named)

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError(f"{type(self).__name__}.{name} cannot be changed.")

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError(f"{type(self).__name__}.{name} cannot be deleted.")

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and self._values() == other._values()

    def __hash__(self) -> int:
        return hash((type(self), self._values()))

    def __repr__(self) -> str:
        values = zip(self.__match_args__, self._values(), strict=True)
        return f"{type(self).__name__}({', '.join(f'{name}={value!r}' for name, value in values)})"

    def _check(self, values: tuple[object, ...], named: dict[str, object]) -> None:
        names, given = self.__match_args__, self.__dict__.keys()
        if not self._required <= given <= {*names} or len(given) < len(values) + len(named):
            raise TypeError(f"{type(self).__name__} is made from {', '.join(names)}, not from {values} and {named}.")

    def _values(self) -> tuple[object, ...]:
        return tuple(getattr(self, name) for name in self.__match_args__)
