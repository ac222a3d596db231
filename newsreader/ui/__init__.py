"""The Textual app: the only part of newsreader that draws.

How it fits together. Attributes go down, messages go up. A pane (`SelectingTree`, `PagePane`, the bars made of a
`LineBar`) draws what it is given, knows neither the archive nor the marks nor its siblings, and posts what the reader
did. What can be thought of alone is a small object that the screen or a pane owns: `Marking` (marks and undo),
`Searcher` (the newest query), `Trail` (back and forward), `Memory` (what the next start finds again), `KeysAhead` (keys
before their time), `Outline` with `Order`, `Folds` and `Selection` (what the tree shows), `Matches` (what is lit).

The screen binds them together. It is one class in seven modules, each with one concern; each stands on the one before
and calls only what stands below it:

1. `marking_screen`: makes tree and page; what a command means, its marks, undo; asks the archive for everybody
2. `reading_screen`: which release is open, next and previous, back and forward, its text for others
3. `page_screen`: how the page is set, find, outline, links; what is remembered
4. `layout_screen`: how tree and page share the screen
5. `finding_screen`: the filter, the search that it asks for, the order, what the cursor sticks to
6. `commanding_screen`: command line, palette, help, tour, the last line
7. `main_screen`: puts the widgets on the screen, keeps the library fresh, leaves

Where a lower one needs what only a higher one knows, it has a method that does nothing or little, and says in its
docstring who knows better: `place_to_read`, `_go_to`, `action_refresh_library`, `is_up_to_date`, `_where_library`.

To add a pane: give it a `Scope` and its commands in `newsreader.commands`, which brings keys, footer, palette, help and
the README's table; write the widget with `BINDINGS = bindings_of(Scope.…)` and an `action_…` for each command (a
`may_…` beside it says when); make it in the module of the list above whose concern it is, and handle there what it
posts; yield it in `Panes.compose` or `MainScreen.compose`, and name it in `CommandingScreen.holder_of`. Slow work goes
into workers of the screen, and what takes more than a few milliseconds of a widget into slices (`PageText._do_more`).
"""
