"""The Textual app: the only part of newsreader that draws.

Attributes go down, messages go up. A pane (`SelectingTree`, `PagePane`) draws what it is given, knows neither the
archive nor the marks nor its siblings, and posts what the reader did. The screen answers: it is one class, in a chain
of modules of which each holds one concern and calls only what stands below it:

- `marking_screen`: what is meant by a command, its marks, undo; asks the archive for everybody
- `reading_screen`: which release is open, next and previous, back and forward
- `page_screen`: how the page is set, find, outline, links
- `layout_screen`: how tree and page share the screen
- `finding_screen`: the filter, the search that it asks for, the order, where the cursor stays
- `commanding_screen`: command line, palette, help, tour, the last line
- `main_screen`: puts the widgets on the screen, keeps the library fresh

To add a pane: give it a `Scope` and its commands in `newsreader.commands`, which brings keys, footer, palette, help and
the README's table; write the widget with `BINDINGS = bindings_of(Scope.…)` and an `action_…` for each command (a
`may_…` beside it says when); make it in the screen class whose concern it is, yield it in `Panes.compose` or
`MainScreen.compose`, and name it in `CommandingScreen.holder_of`. Slow work goes into workers of the screen.
"""
