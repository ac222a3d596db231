"""The tree as rows: groups within groups, and their releases. Pure, and as cheap at a million releases as at fifty."""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from newsreader.ui.order import BY_SOURCE, VALUES, Level, Order, Value
from newsreader.ui.place_set import PlaceSet
from newsreader.ui.tally import Tally

Key = TypeVar("Key")
Group = tuple[tuple[Level, Value], ...]
"""What can be opened and closed: by level and value the outermost group, the one in it, and so on down to itself."""

ALL_OPEN_LIMIT = 1000
"""With more releases than this, only the first group and the first in it are open until the reader opens more."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the tree."""

    group: Group
    """The group that it is, or that holds it; empty in a flat list."""
    start: int
    """Index of its first release among the places shown."""
    end: int
    """Index after its last release."""
    place: int | None = None
    """The release's place; None for a group."""
    is_open: bool = False
    """Whether the rows of the group are shown."""
    only: tuple[Level, Value] | None = None
    """Of a group that would hold one group only: that one, which has no row of its own."""

    @property
    def level(self) -> Level:
        """What it stands for."""
        return self.group[-1][0] if self.place is None else Level.RELEASE


@dataclass(slots=True)
class Folds:
    """Which groups the reader opened and closed; the rest follows the rule."""

    everything: bool | None = None
    """Set when the reader opened or closed all groups at once."""
    groups: dict[Group, bool] = field(default_factory=dict)
    """What the reader did since, one by one."""


@dataclass(slots=True)
class _Node:
    """A run of places that belong together."""

    group: Group
    start: int
    end: int
    children: list[_Node] | None = None
    """The groups in it, found when first needed."""
    only: tuple[Level, Value] | None = None
    """The single group in it, which is not among the children."""
    tops: list[int] = field(default_factory=list)
    """While it is open, the row of each child, counted from its own; empty when it holds releases."""


def find_runs(places: array[int], start: int, end: int, key: Callable[[int], Key]) -> Iterator[tuple[Key, int, int]]:
    """Each value of `key` with the start and end of its run, found by doubling steps, not by looking at every place."""
    while start < end:
        value = key(places[start])
        low, step = start, 1
        while low + step < end and key(places[low + step]) == value:
            low, step = low + step, step * 2
        stop = bisect_left(places, True, low + 1, min(low + step, end), key=lambda place: key(place) != value)
        yield value, start, stop
        start = stop


class Outline:
    """Rows over an array of places; nothing is made for a row until it is asked for."""

    def __init__(
        self,
        places: array[int],
        ranks: Mapping[int, int],
        folds: Folds,
        *,
        order: Order = BY_SOURCE,
        tally: Tally | None = None,
        kept: int | None = None,
        is_partial: bool = False,
    ) -> None:
        """`places` in that order, `ranks` how all sources stand, `tally` how many of the places are read.

        `kept` is the place among them that does not belong there any more but is still open; `is_partial` says that
        more are still to come.
        """
        self.places = places
        self.order = order
        self.kept = kept
        self.is_partial = is_partial
        self.folds = folds
        self._ranks = ranks
        self._tally = tally
        self._opens_all = len(places) <= ALL_OPEN_LIMIT and not is_partial
        self._root = _Node((), 0, len(places))
        self._lay_out()

    @property
    def row_count(self) -> int:
        """How many rows there are."""
        return self._height - 1

    def row_at(self, row: int) -> Row:
        """What stands in a row from 0 to `row_count` - 1."""
        node, offset = self._locate(row)
        if offset == 0:
            self._children(node)
            return Row(node.group, node.start, node.end, None, self._is_open(node), node.only)
        index = node.start + offset - 1
        return Row(node.group, index, index + 1, self.places[index])

    def row_of(self, index: int) -> int:
        """The row of the release at an index of `places`, or of the closed group that hides it."""
        row = -1
        for node, offset in self._path(index):
            row += offset
            if not self._is_open(node):
                return row
        return row + 1 + index - node.start

    def row_of_group(self, group: Group) -> int | None:
        """The row of a group, or of the outermost one around it that is closed; None when it is not there."""
        row, node = -1, self._root
        for depth in range(1, len(group) + 1):
            children = self._children(node)
            found = next((at for at, child in enumerate(children) if child.group == group[:depth]), None)
            if found is None or not node.tops:
                return row if depth > 1 else None
            row, node = row + node.tops[found], children[found]
        return row if group else None

    def index_of(self, place: int) -> int | None:
        """The index of a place among those shown; None when it is not."""
        index = self.nearest(place)
        return index if index is not None and self.places[index] == place else None

    def nearest(self, place: int) -> int | None:
        """The index of a place, else of the next one, else of the last; None when nothing is shown."""
        if not self.places:
            return None
        return min(self.order.find(self.places, place, self._ranks), len(self.places) - 1)

    def reveal(self, index: int) -> None:
        """Open the groups that hide the release at an index of `places`."""
        closed = [node.group for node, _ in self._path(index) if not self._is_open(node)]
        if closed:
            self.folds.groups.update(dict.fromkeys(closed, True))
            self._lay_out()

    def set_open(self, group: Group, is_open: bool) -> None:
        """Open or close one group."""
        self.folds.groups[group] = is_open
        self._lay_out()

    def set_all(self, is_open: bool) -> None:
        """Open or close all groups."""
        self.folds.groups.clear()
        self.folds.everything = is_open
        self._lay_out()

    def next_group(self, row: int) -> int | None:
        """The first row of a group below `row`."""
        node, top, found = self._root, -1, None
        while node.tops:
            position = bisect_right(node.tops, row - top)
            if position < len(node.tops):
                found = top + node.tops[position]
            if not position:
                break
            node, top = self._children(node)[position - 1], top + node.tops[position - 1]
        return found

    def previous_group(self, row: int) -> int | None:
        """The last row of a group above `row`."""
        if row <= 0:
            return None
        node, offset = self._locate(row - 1)
        return row - 1 - offset if node.group else None

    def row_around(self, row: int) -> int | None:
        """The row of the group that holds a row."""
        here = self.row_at(row)
        group = here.group if here.place is not None else here.group[:-1]
        return self.row_of_group(group)

    def match_count(self, row: Row) -> int:
        """How many of the releases that a row holds belong there."""
        return row.end - row.start - self._has_kept(row)

    def _has_kept(self, row: Row) -> bool:
        index = self.index_of(self.kept) if self.kept is not None else None
        return index is not None and row.start <= index < row.end

    @property
    def match_total(self) -> int:
        """How many of all releases shown belong there."""
        return len(self.places) - (self.kept is not None)

    def unread_count(self, row: Row, read: PlaceSet) -> int:
        """How many of the releases that a row holds, and that belong there, are unread."""
        is_kept_unread = self.kept is not None and self.kept not in read and self._has_kept(row)
        return row.end - row.start - self._tally_of(read).count(row.start, row.end) - is_kept_unread

    def unread_total(self, read: PlaceSet) -> int:
        """How many of all releases shown are unread."""
        return len(self.places) - self._tally_of(read).count(0, len(self.places))

    def next_unread(self, index: int, read: PlaceSet) -> int | None:
        """The index of the first unread release at or after `index`."""
        return self._tally_of(read).next_without(index)

    def _tally_of(self, read: PlaceSet) -> Tally:
        """The numbers of read releases as they are now."""
        if self._tally is None:
            self._tally = Tally(self.places, read.snapshot())
        self._tally.follow(read, self.index_of)
        return self._tally

    def _children(self, node: _Node) -> list[_Node]:
        """The groups in a group, found once; none where it holds only one, or releases."""
        if node.children is None:
            node.children = []
            depth = len(node.group)
            if depth < len(self.order.levels):
                level = self.order.levels[depth]
                runs = list(find_runs(self.places, node.start, node.end, VALUES[level]))
                if depth and len(runs) == 1:
                    node.only = (level, runs[0][0])
                else:
                    node.children = [_Node((*node.group, (level, value)), start, end) for value, start, end in runs]
        return node.children

    def _locate(self, row: int) -> tuple[_Node, int]:
        """The innermost group that a row is or is in, and how far below the group's own row it stands."""
        node, offset = self._root, row + 1
        while offset and node.tops:
            position = bisect_right(node.tops, offset) - 1
            offset -= node.tops[position]
            node = self._children(node)[position]
        return node, offset

    def _path(self, index: int) -> Iterator[tuple[_Node, int]]:
        """The groups that hold an index of `places`, outermost first, each with its row counted from the one before.

        A group's row is only right while all those before it are open.
        """
        node, offset = self._root, 0
        while True:
            yield node, offset
            children = self._children(node)
            if not children:
                return
            position = bisect_right(children, index, key=lambda child: child.start) - 1
            offset = node.tops[position] if node.tops else 0
            node = children[position]

    def _is_open(self, node: _Node) -> bool:
        """Whether the rows of a group are shown."""
        if not node.group:
            return True
        if node.group in self.folds.groups:
            return self.folds.groups[node.group]
        if self.folds.everything is not None:
            return self.folds.everything
        return self._opens_all or node.start == 0

    def _lay_out(self) -> None:
        """Work out the row of every group whose row is shown."""
        self._height = self._lay_out_node(self._root)

    def _lay_out_node(self, node: _Node) -> int:
        """How many rows a group takes with its own; notes the rows of the groups in it."""
        node.tops = []
        if not self._is_open(node):
            return 1
        children = self._children(node)
        if not children:
            return 1 + node.end - node.start
        height = 1
        for child in children:
            node.tops.append(height)
            height += self._lay_out_node(child)
        return height
