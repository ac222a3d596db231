"""Finding releases: the filter, the search that it asks for, and the release that the cursor sticks to."""

from __future__ import annotations

from functools import partial

from textual.command import CommandPalette
from textual.events import DescendantFocus, Key

from newsreader.errors import QueryError
from newsreader.highlights import span_finder
from newsreader.query import All, Part, Query, parse
from newsreader.query_tree import Text, depends_on_marks, query_terms
from newsreader.ui.desk import Anchor, Desk
from newsreader.ui.filter_bar import FilterBar
from newsreader.ui.hints import READING, hint_no_match, hint_no_more, hint_no_release
from newsreader.ui.keys_ahead import OPENING_COMMANDS, KeysAhead
from newsreader.ui.layout_screen import LayoutScreen
from newsreader.ui.memory import Left, parse_left
from newsreader.ui.order import BY_DATE, BY_SOURCE, Order, find_order, next_order
from newsreader.ui.outline import Folds, Outline
from newsreader.ui.release_tree import ReleaseTree
from newsreader.ui.searching import Found, Question, Searcher, SearchFinished, rank_sources
from newsreader.ui.tree_rows import Signs

EDITING_COMMANDS = ("accept-filter", "go-back")
"""What the status line shows while keys go to the filter bar."""


class FindingScreen(LayoutScreen):
    """The fifth of seven: the filter, and the place where the reader is; `CommandingScreen` adds commands by name."""

    def __init__(self, desk: Desk, signs: Signs) -> None:
        """Nothing is searched for before the screen is mounted."""
        super().__init__(desk, signs)
        self.filter_bar = FilterBar(id="filter")
        self.keys_ahead = KeysAhead(self, lambda key: self.app.screen is self and self.leads_out(key), self.opens_line)
        self._searcher = Searcher(desk.archive, lambda found: self.post_message(SearchFinished(found)))
        self._query: Query = All()
        self._shown_query: Query | None = None
        self._folds = self._all_folds = Folds()
        self._order = BY_SOURCE
        self._anchor: Anchor | None = None
        self._left_release = ""
        self._total = 0
        self._count: int | None = None
        self._is_counting = False
        self._version: object = None
        self._asked_version: object = None
        self._written = 0
        self._is_wrong = False
        self._is_searching = self._is_accepted = False
        self._filter_before: str | None = None
        self._was_on_page = self._has_refreshed = False

    def begin(self) -> None:
        """Show what the archive holds, as the reader left it."""
        self.marking.load()
        self._total = self._count_all()
        left = Left() if self.desk.is_picking else parse_left(self.recall(self.left_key))
        self._order = find_order(left.grouping)
        self._left_release = left.release
        self._return_to_left()
        self.filter_bar.set_text(self.desk.filter or left.filter)
        self.set_focus(self.release_tree)
        self._search(is_first=True)
        if self._is_wrong:  # this version does not know what another had found right
            self._set_filter("")
        elif left.filter and not self.desk.filter:
            self.say("The filter that you left on is on again; Esc takes it off.")

    def _return_to_left(self) -> None:
        """Go to the release on which the reader left, once the archive has it, unless somebody is there by then."""
        place = self.place_of(self._left_release) if self._left_release and not self._has_acted else None
        if place is not None:
            self._anchor = Anchor(place, id=self._left_release)
            self._left_release = ""
            if not self.desk.filter:
                self.open(place)

    @property
    def left_key(self) -> str:
        """Under which name it is remembered how this library was left."""
        return f"left {self.desk.key}"

    @property
    def left(self) -> Left:
        """How the library is left now."""
        text = (self._filter_before or "") if self.filter_bar.is_editing else self.filter_bar.text
        awaited = "" if self._has_acted else self._left_release
        return Left(awaited or ("" if self.shown is None else self.shown.headline.id), text, self._order.id)

    def _count_all(self) -> int:
        return self.ask_archive(lambda archive: archive.count(All()), 0)

    def _archive_version(self) -> object:
        return self.ask_archive(lambda archive: archive.version(), None)

    def is_up_to_date(self) -> bool:
        """Whether the tree shows the archive as it is now, so that its places are still those of its releases."""
        return self._archive_version() == self._version

    def on_filter_bar_changed(self) -> None:
        """Follow what is typed."""
        self._search(is_typed=True)

    def on_filter_bar_accepted(self) -> None:
        """Go to the results and open the one under the cursor; what was matched as a beginning says so from now on."""
        text = self.filter_bar.text
        query = self._parse(text, is_typed=True)
        if query not in (None, self._query):  # the word that the text changed is still on its way
            self._search(is_typed=True)
        if query != self._parse(text, is_typed=False):
            self.filter_bar.set_text(f"{text}*")
        self.panes.focus_tree()
        self._is_accepted = True
        if not self._is_searching:
            self._search_answered()

    def leads_out(self, key: Key) -> bool:
        """Whether a key leads out of the line in which something is typed."""
        return self.filter_bar.is_editing and any(key.key in self.keys_of(id) for id in EDITING_COMMANDS)

    def opens_line(self, key: Key) -> bool:
        """Whether a key opens a line in which something is typed."""
        return self.may_edit_filter() and any(key.key in self.keys_of(id) for id in OPENING_COMMANDS)

    def _hand_on_keys(self) -> None:
        """Let keys that were typed ahead act once the tree shows what they are meant for."""
        if not self._is_searching and not self.filter_bar.is_editing:
            self.keys_ahead.let_act()

    def action_edit_filter(self, query: str | None = None) -> None:
        """Go to the filter bar, or find in the release on the page. With a query, go to its results."""
        if query is not None:
            self.filter_bar.set_text(query)
            self._search()
            self.panes.focus_tree()
            self._is_accepted = self._is_searching
        elif self.panes.is_on_page:
            self.begin_finding()
        else:
            self._edit_filter()

    def _edit_filter(self) -> None:
        self._was_on_page = self.panes.is_on_page
        self._filter_before = self.filter_bar.text
        self.release_tree.selection.keep_range()
        self.panes.show_tree()
        self.filter_bar.edit()

    def try_filter(self, query: str) -> None:
        """Put a query into the bar as if it was typed; going back brings the filter that was there before."""
        self._edit_filter()
        self.filter_bar.set_text(query)
        self._search(is_typed=True)

    def may_edit_filter(self) -> bool:
        """Whether keys go neither to the bar nor to a screen above this one; the palette goes before a command runs."""
        is_on_top = self.app.screen is self or CommandPalette.is_open(self.app)
        return is_on_top and not self.filter_bar.is_editing and not self.find_bar.is_editing

    def action_go_back(self) -> None:
        """One step back: out of the bar, with the filter as it was, to the tree, out of the selection, the filter."""
        if self.filter_bar.is_editing:
            self._set_filter(self._filter_before or "")
            if self._was_on_page:
                self.panes.focus_page()
            else:
                self.panes.focus_tree()
            self._hand_on_keys()
        elif self.end_finding():
            pass
        elif self.panes.is_on_page:
            self.panes.focus_tree()
        elif self.release_tree.selection:
            self.release_tree.let_go()
        elif self.filter_bar.text:
            self._set_filter("")
        else:
            self.say("")

    # The grouping

    @property
    def order(self) -> Order:
        """How releases stand: as the reader chose, but by date where the filter has no words to rank by."""
        return BY_DATE if self._order.is_ranked and not self._can_rank else self._order

    @property
    def _can_rank(self) -> bool:
        return any(isinstance(term, Text) for term in query_terms(self._query))

    def action_turn_grouping(self) -> None:
        """Group in the next way; the cursor stays on its release."""
        self._order = next_order(self.order, can_rank=self._can_rank)
        if self._anchor is not None and self._anchor.group is not None and self.shown is not None:
            self._anchor = Anchor(self.shown.headline.place, id=self.shown.headline.id)
        self._search()

    # What is found

    def _go_to(self, anchor: Anchor) -> None:
        """Open a release wherever it stands; where the filter does not show it, it is shown until the cursor leaves."""
        self.open(anchor.place)
        self._anchor = anchor
        if not self.release_tree.move_to_place(anchor.place):
            self._search()

    def _set_filter(self, text: str) -> None:
        if text != self.filter_bar.text:
            self.filter_bar.set_text(text)
            self._search()

    def _parse(self, text: str, *, is_typed: bool) -> Query | None:
        """The query that a text says; None, and a word in the bar, when it says none."""
        try:
            return parse(text, today=self.desk.today, prefix_last=is_typed)
        except QueryError as error:
            self._show_error(str(error), error.position)
            return None

    def _show_error(self, message: str, position: int | None) -> None:
        """Explain in the bar what is wrong, and in the last line as well if the bar is too short for it."""
        self._is_wrong = True
        if not self.filter_bar.show_error(message, position):
            self.say(message, is_warning=True)

    def _search(self, *, is_typed: bool = False, is_first: bool = False) -> None:
        """Search for what the bar says; an error changes nothing on the screen but the bar.

        The open release is shown with what is found, as long as the cursor is on it.
        """
        self._asked_version = self._archive_version()
        query = self._parse(self.filter_bar.text, is_typed=is_typed)
        number = self._searcher.renew()
        if query is None:
            self._is_searching = False
            return
        if self._is_wrong:
            self._is_wrong = False
            self.say("")
        is_shown = query == self._shown_query and bool(self.release_tree.row_count)
        if query != self._query:
            self._folds = self._all_folds if query == All() else Folds()
        self._query = query
        question = Question(number, query, self.order, self.marking.read.snapshot(), self._open_place)
        self._written = self.marking.written
        shows_first = is_first and query == All() and not is_shown  # which takes a moment; a filter may take long
        if shows_first:
            first = self.ask_archive(lambda _: self._searcher.find_first(question), None)
            if first is not None:
                self._show_found(first)
        self._is_searching = True
        # without the first alone, the cursor need not wait in the first row for its release
        search = partial(self._searcher.search, question, skips_first=shows_first or is_shown)
        self.run_worker(search, thread=True, group="search", exclusive=True)

    def _search_again(self) -> None:
        """Bring what is shown up to date."""
        self._search(is_typed=self.filter_bar.is_editing)

    def on_search_finished(self, message: SearchFinished) -> None:
        """Show what was found, if it is still wanted."""
        if self._searcher.is_wanted(message.found):
            self._show_found(message.found)

    def _show_found(self, found: Found) -> None:
        if found.problem:
            self._show_error(found.problem, None)
            self._search_answered()
            return
        self._count, self._is_counting = found.count, found.is_counting
        if found.is_partial and found.count is not None:
            self._show_count()
            return
        self._version = self._asked_version
        self._shown_query = found.question.query
        ranks = rank_sources(found.sources)
        order, is_filtered = found.question.order, self._query != All()
        outline = Outline(
            *(found.places, ranks, self._folds),
            order=order,
            tally=found.tally,
            kept=found.kept,
            is_partial=found.is_partial,
        )
        if self._anchor is None and found.places:
            self._anchor = Anchor(found.places[0])
        cursor = self._anchor.row_in(outline) if self._anchor is not None else 0
        self.release_tree.empty_text = self._empty_words()
        find_spans = span_finder(self._query, Part.TITLE)
        self.release_tree.show(outline, cursor, found.sources, find_spans, is_filtered=is_filtered)
        self.page.set_find_spans(span_finder(self._query, Part.BODY))
        if self.shown is None and not (found.is_partial and self._is_awaited(outline)):
            self._open_first()
        self.marks_changed()
        self._search_answered()
        if found.kept not in (None, self._open_place):  # the cursor has left it meanwhile
            self._search_again()

    @property
    def _open_place(self) -> int | None:
        """Where the release on the page stands, if the cursor sticks to it; it is shown even when it does not match."""
        place = None if self.shown is None else self.shown.headline.place
        is_on_it = self._anchor is not None and self._anchor.group is None and self._anchor.place == place
        return place if is_on_it else None

    def _is_awaited(self, outline: Outline) -> bool:
        """Whether the release where the reader was may still come."""
        return self._anchor is not None and outline.index_of(self._anchor.place) is None

    def _search_answered(self) -> None:
        """Go on with what waited for the first results."""
        self._is_searching = False
        if self._is_accepted:
            self._is_accepted = False
            self._go_to_results()
        self._hand_on_keys()

    def _go_to_results(self) -> None:
        """Open the release under the cursor; where that one is not found, or not yet, the nearest that is."""
        tree = self.release_tree
        tree.move_to(tree.cursor, is_said=True)
        row, outline = tree.cursor_row, tree.outline
        is_kept = row is not None and outline is not None and row.place is not None and row.place == outline.kept
        is_group = row is not None and row.place is None and (self._anchor is None or self._anchor.group is None)
        if is_group or (is_kept and not tree.move_by_release(1)):
            tree.move_by_release(-1 if is_kept else 1)
        self._open_under_cursor()

    def _empty_words(self) -> str:
        """What stands in the tree when it is empty."""
        if self._total:
            return hint_no_match(self._query, self.key_of)
        return hint_no_more(self._where_library()) if self.shown else ""

    def _where_library(self) -> str:
        """The paths of the library; `MainScreen` knows them."""
        return ""

    def _open_first(self) -> None:
        """Open the release under the cursor; if there is none at all, tell the next step."""
        row = self.release_tree.cursor_row
        if row is not None and row.place is not None:
            self.open(row.place)
        elif not self._total:
            no_release = hint_no_release(self._where_library(), self.key_of)
            self.page.show_message(no_release if self._has_refreshed else READING)

    def on_release_tree_moved(self, message: ReleaseTree.Moved) -> None:
        """Show the release under the cursor, and stick to it; the cursor may have gone on since the message."""
        row, outline = self.release_tree.cursor_row, self.release_tree.outline
        if row is None or outline is None:
            return
        if row.place is None:
            self._anchor = Anchor(message.place, row.group) if row == message.row else self._anchor
            return
        self._open_under_cursor()
        if outline.kept not in (None, row.place):
            outline.kept = None
            self._search_again()

    def _open_under_cursor(self) -> None:
        """Open the release that the cursor has gone to, and stick to it from now on, whatever is found meanwhile."""
        super()._open_under_cursor()
        row = self.release_tree.cursor_row
        if row is not None and row.place is not None:
            self._anchor = Anchor(row.place, id=self.shown.headline.id if self.shown is not None else "")

    def marks_changed(self) -> None:
        """Show the marks as they are now, and the counts that hang on them."""
        super().marks_changed()
        self._show_count()
        if self.marking.written != self._written and depends_on_marks(self._query):
            self._search_again()

    def _show_count(self) -> None:
        outline = self.release_tree.outline
        if self._is_wrong or outline is None:
            return  # the bar explains the error until it is mended
        if self._query == All():
            self.filter_bar.show_result(f"{outline.unread_total(self.marking.read):,} unread of {self._total:,}")
        else:
            self.filter_bar.show_count(self._count, self._total, is_counting=self._is_counting)

    def on_descendant_focus(self, event: DescendantFocus) -> None:
        """Keep what the filter was before it is edited, and show the tree, also when a click leads to the bar."""
        if not self.filter_bar.is_editing:
            self._filter_before = None
        elif self._filter_before is None:
            self._filter_before = self.filter_bar.text
            self.panes.show_tree()

    async def leave(self) -> None:
        """Stop searching, and wait for the marks."""
        self._searcher.close()
        await super().leave()
