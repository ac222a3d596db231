"""Every command of the reader, declared once.

Bindings, footer, palette, help, `newsreader keys` and the README's table come from here.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum

from newsreader.record import Record


class Scope(StrEnum):
    """Where a command works."""

    APP = "everywhere"
    TREE = "in the tree"
    PAGE = "on the page"
    FILTER = "in the filter bar"
    LINE = "on the command line"


class Command(Record):
    """Something the reader can be told to do."""

    id: str
    """Verb-object in kebab case, unique; `[keys]` in the configuration rebinds by it."""
    keys: str
    """Its keys, comma-separated in Textual's names, the one to show first."""
    title: str
    """One to three words: footer and palette."""
    help: str
    """One sentence: what it does for the reader."""
    scope: Scope = Scope.APP
    """Where it works; within one scope and APP no two commands share a key."""
    footer_need: int = 0
    """How much it is needed in the footer, where those needed least give way first; 0 for commands not shown there."""

    argument: str = ""
    """What may follow its name on the command line, such as `QUERY`; empty when nothing does."""

    @property
    def is_in_footer(self) -> bool:
        """Whether the footer shows it when it can be used."""
        return self.footer_need > 0

    @property
    def action(self) -> str:
        """The name of its method, without `action_`."""
        return self.id.replace("-", "_")

    @property
    def name(self) -> str:
        """Its title as it is typed on the command line; the id does as well."""
        return self.title.lower().replace(" ", "-")


TYPING = frozenset({Scope.FILTER, Scope.LINE})
"""Where most keys are text."""

_KEY_LABELS = {
    "asterisk": "*",
    "question_mark": "?",
    "slash": "/",
    "vertical_line": "|",
    "left_square_bracket": "[",
    "right_square_bracket": "]",
    "less_than_sign": "<",
    "greater_than_sign": ">",
    "colon": ":",
    "comma": ",",
    "full_stop": ".",
    "semicolon": ";",
    "plus": "+",
    "minus": "-",
    "equals_sign": "=",
    "number_sign": "#",
    "exclamation_mark": "!",
    "apostrophe": "'",
    "up": "↑",
    "down": "↓",
    "left": "←",
    "right": "→",
    "pageup": "PgUp",
    "pagedown": "PgDn",
    "escape": "Esc",
    "backspace": "Backspace",
    "backslash": "\\",
    "underscore": "_",
    "at": "@",
    "percent_sign": "%",
    "dollar_sign": "$",
    "ampersand": "&",
    "left_parenthesis": "(",
    "right_parenthesis": ")",
    "left_curly_bracket": "{",
    "right_curly_bracket": "}",
    "circumflex_accent": "^",
    "grave_accent": "`",
    "tilde": "~",
    "quotation_mark": '"',
}
"""What is written on the keys that Textual gives longer names."""
_MODIFIERS = frozenset({"ctrl", "shift", "alt", "super", "hyper", "meta"})
_FARTHEST_SIGN = 0x250  # the end of the Latin letters; farther characters have names like common words
_NAMED_KEYS = ("enter", "space", "tab", "home", "end", "insert", "delete", *(f"f{number}" for number in range(1, 25)))
"""Keys with names that need no other label."""


def key_labels(keys: str) -> list[str]:
    """Comma-separated keys in Textual's names as they are written for people: `slash,ctrl+f` is `/`, `Ctrl+F`."""
    return [_key_label(key.strip()) for key in keys.split(",") if key.strip()]


def key_name(written: str) -> str:
    """A key in Textual's name, however it is written: `/`, `Ctrl+S`, `Esc` and `PgDn` as help has them, too.

    Raises `ValueError`, with the nearest key if there is one, when no keyboard has it.
    """
    before, _, name = written.rpartition("+")
    if written.endswith("+"):  # the key itself
        before, name = written[:-1].rpartition("+")[0], "+"
    modifiers = [each.strip().lower() for each in before.split("+") if each.strip()]
    names = {label.lower(): name for name, label in _KEY_LABELS.items()}
    name = name.strip() or written.strip()
    name = names.get(name.lower(), name if len(name) == 1 else name.lower())
    if "ctrl" in modifiers:
        name = name.lower()
    if modifiers == ["shift"] and len(name) == 1:
        modifiers, name = [], name.upper()
    if not set(modifiers) <= _MODIFIERS or not _is_key(name):
        raise ValueError(_nearest_key("+".join([*modifiers, name])))
    return "+".join([*modifiers, name])


def _is_key(name: str) -> bool:
    """Whether a keyboard may have this key; Textual calls signs by their Unicode names."""
    if len(name) == 1 or name in _KEY_LABELS or name in _NAMED_KEYS:
        return name.isprintable()
    import unicodedata

    try:
        return ord(unicodedata.lookup(name.replace("_", " "))) < _FARTHEST_SIGN
    except KeyError:
        return False


def _nearest_key(written: str) -> str:
    import difflib

    modifiers, _, name = written.rpartition("+")
    known = [*_NAMED_KEYS, *_KEY_LABELS]
    nearest = [name] if _is_key(name) else difflib.get_close_matches(name, known, 1)
    changed = [next(iter(difflib.get_close_matches(each, _MODIFIERS, 1)), "") for each in modifiers.split("+") if each]
    return "+".join([*changed, nearest[0]]) if nearest and all(changed) else ""


def _key_label(key: str) -> str:
    *modifiers, name = key.split("+")
    label = _KEY_LABELS.get(name) or (name if len(name) == 1 and not modifiers else name.title())
    return "+".join([*(modifier.title() for modifier in modifiers), label])


COMMANDS = (
    Command(
        "read-on",
        "space",
        "Read on",
        "Scroll; at the end, mark as read and open the next unread release.",
        footer_need=9,
    ),
    Command(
        "next-release", "n", "Next", "Open the next release; on the page, go from match to match first.", footer_need=6
    ),
    Command("previous-release", "p", "Previous", "Open the previous release that the filter shows."),
    Command("next-unread", "tab", "Next unread", "Open the next unread release.", footer_need=8),
    Command("previous-match", "N", "Match before", "Back from match to match, and into the release before."),
    Command("go-earlier", "alt+left", "Read before", "Back to the release that was read before this one."),
    Command("go-later", "alt+right", "Read after", "Forward again to the release that was read after this one."),
    Command("go-back", "escape", "Back", "One step back: out of the bar, the page, the selection, the filter."),
    Command("switch-pane", "w", "Other pane", "Go from the tree to the page and back."),
    Command(
        "toggle-star",
        "s",
        "Star",
        "Star the release, the group or the selection, or take the stars away.",
        footer_need=7,
    ),
    Command("mark-read", "r", "Mark read", "Mark the release, the group or the selection as read."),
    Command("mark-unread", "u", "Mark unread", "Mark the release, the group or the selection as unread."),
    Command("undo-mark", "U", "Undo", "Take back the last change of marks; again, the one before."),
    Command("redo-mark", "ctrl+r", "Redo", "Do again what was taken back last; again, what was before."),
    Command(
        "edit-filter",
        "slash",
        "Filter",
        "Type a query, the tree follows; on the page, find words in the release.",
        footer_need=10,
        argument="QUERY",
    ),
    Command("show-outline", "O", "Outline", "Show the sub-headings of the release, and go to one.", footer_need=5),
    Command("open-link", "o", "Open link", "Show where the links of the release lead, and open one.", footer_need=4),
    Command("turn-grouping", "t", "Grouping", "Group by source, by month or by day, or list by date or by relevance."),
    Command("turn-layout", "L", "Layout", "Tree left, tree above, one at a time, or by the size of the terminal."),
    Command("narrow-tree", "left_curly_bracket", "Smaller tree", "Give the tree less of the screen, the page more."),
    Command("widen-tree", "right_curly_bracket", "Larger tree", "Give the tree more of the screen, the page less."),
    Command("narrow-text", "less_than_sign", "Narrower", "Set the text in shorter lines; the width is remembered."),
    Command("widen-text", "greater_than_sign", "Wider", "Set the text in longer lines, up to 100 columns."),
    Command("toggle-page-only", "z", "Page only", "Show nothing but the page, or all again."),
    Command("toggle-folds", "e", "Fold", "Fold picture captions and contacts away, or show them again."),
    Command("choose-theme", "T", "Theme", "Choose the colours; the choice is remembered.", argument="NAME"),
    Command("copy-text", "y,ctrl+c", "Copy", "Copy the selected words, else the whole text, to the clipboard."),
    Command(
        "pipe-release",
        "vertical_line",
        "Pipe",
        "Send the text to a command and show what it prints.",
        argument="SHELL COMMAND",
    ),
    Command("print-release", "P", "Print", "Leave, and print the text to standard output."),
    Command("refresh-library", "f5", "Refresh", "Read the digests that are new or changed."),
    Command("show-palette", "ctrl+p", "Palette", "Search all commands, with their keys and what they do now."),
    Command(
        "enter-command", "colon", "Command", "Type a command by its name, such as star or theme nord.", footer_need=3
    ),
    Command("start-tour", "", "Tour", "Try the first steps, one by one, beside what is read."),
    Command("suspend-reader", "ctrl+z", "Suspend", "Back to the shell for a while; its fg comes back here."),
    Command("show-help", "question_mark,f1", "Help", "Show every key and the query language.", footer_need=12),
    Command("quit-reader", "q,ctrl+q", "Quit", "Leave; marks, theme and place are remembered.", footer_need=11),
    Command("move-down", "j,down", "Down", "One row down.", Scope.TREE),
    Command("move-up", "k,up", "Up", "One row up.", Scope.TREE),
    Command("page-down", "pagedown,ctrl+f,ctrl+d", "Page down", "A screen down.", Scope.TREE),
    Command("page-up", "pageup,ctrl+b,ctrl+u", "Page up", "A screen up.", Scope.TREE),
    Command("go-top", "g,home", "Top", "To the first row.", Scope.TREE),
    Command("go-bottom", "G,end", "Bottom", "To the last row.", Scope.TREE),
    Command("open-node", "enter", "Open", "Go to the release’s page; open or close a group.", Scope.TREE),
    Command("expand-node", "l,right", "Expand", "Open the group; on a release, go to its page.", Scope.TREE),
    Command("collapse-node", "h,left", "Collapse", "Close the group, or go up to it.", Scope.TREE),
    Command("next-group", "J,right_square_bracket", "Next group", "To the next group.", Scope.TREE),
    Command("previous-group", "K,left_square_bracket", "Group before", "To the group before.", Scope.TREE),
    Command("toggle-all", "asterisk", "All groups", "Open all groups; when all are open, close them.", Scope.TREE),
    Command(
        "select-range",
        "v",
        "Select range",
        "Select from here to where the cursor goes, as to the first or last row; again, end there.",
        Scope.TREE,
    ),
    Command("toggle-selected", "x", "Select", "Select the release or the group, or let it go.", Scope.TREE),
    Command("select-all", "A", "Select all", "Select all that the filter shows, or let it go.", Scope.TREE),
    Command("scroll-down", "j,down", "Line down", "One line down.", Scope.PAGE),
    Command("scroll-up", "k,up", "Line up", "One line up.", Scope.PAGE),
    Command("scroll-page-down", "pagedown,ctrl+f,ctrl+d", "Page down", "A screen down.", Scope.PAGE),
    Command("scroll-page-up", "pageup,ctrl+b,ctrl+u,b", "Page up", "A screen up.", Scope.PAGE),
    Command("scroll-top", "g,home", "Beginning", "To the beginning.", Scope.PAGE),
    Command("scroll-bottom", "G,end", "End", "To the end.", Scope.PAGE),
    Command("leave-page", "h,left", "To the tree", "Back to the tree.", Scope.PAGE),
    Command("accept-filter", "enter,down,tab", "Results", "Go to the results.", Scope.FILTER),
    Command("run-command", "enter", "Run", "Run the command.", Scope.LINE),
    Command("complete-command", "tab", "Complete", "Complete the name; again, the next that fits.", Scope.LINE),
    Command("older-command", "up", "Older", "The command before.", Scope.LINE),
    Command("newer-command", "down", "Newer", "The command after.", Scope.LINE),
)
"""In the order in which help shows them."""
HEADINGS = {
    "read-on": "Reading",
    "toggle-star": "Marks",
    "edit-filter": "Finding",
    "turn-grouping": "Layout and colours",
    "copy-text": "Handing on",
    "refresh-library": "The reader itself",
    "move-down": "In the tree",
    "select-range": "Selecting, in the tree",
    "scroll-down": "On the page",
    "accept-filter": "In the filter bar",
    "run-command": "On the command line",
}
"""What help says above a command, for it and for those that follow."""


def headed_commands() -> Iterator[tuple[str, Command]]:
    """Every command in order, with the heading that it stands below."""
    heading = ""
    for command in COMMANDS:
        heading = HEADINGS.get(command.id, heading)
        yield heading, command


def nameable_commands() -> list[Command]:
    """The commands that the command line and the palette know: all but those for typing."""
    return [command for command in COMMANDS if command.scope not in TYPING]


def find_command(name: str, scope: Scope) -> Command | None:
    """The command of a name or id, or the only one whose name begins so; of two, the one that works in `scope`."""
    known = nameable_commands()
    begun = [command for command in known if name and command.name.startswith(name)]
    found = [command for command in known if name in {command.id, command.name}]
    found = found or (begun if len({command.name for command in begun}) == 1 else [])
    near = [command for command in found if command.scope in {Scope.APP, scope}]
    return next(iter(near or found), None)


def complete_name(text: str) -> list[str]:
    """The names that begin with a text, and the ids when no name does; each once."""
    names = [command.name for command in nameable_commands() if command.name.startswith(text)]
    names = names or [command.id for command in nameable_commands() if command.id.startswith(text)]
    return sorted(set(names))


def describe_unknown(name: str) -> str:
    """Why a name is no command, as a sentence that tells the nearest."""
    fitting = complete_name(name) if name else []
    if fitting:
        return f"“{name}” could be {' or '.join(fitting[:4])}{' …' if len(fitting) > 4 else ''}."  # noqa: PLR2004
    import difflib

    names = [each for command in nameable_commands() for each in (command.name, command.id)]
    nearest = difflib.get_close_matches(name, names, 1)
    hint = f"Did you mean “{nearest[0]}”?" if nearest else "Tab shows them all."
    return f"There is no command “{name}”. {hint}"
