from __future__ import annotations

import pytest
from textual.color import Color
from textual.events import Key

from newsreader.ui.keyboard import GroundTold, Keyboard
from newsreader.ui.themes import OWN_THEMES, suited_theme
from tests.test_ui_app import contrast
from tests.test_ui_golden import mark_some
from tests.ui_kit import Reader, open_reader

LEAST = 4.5
DECORATION = set("─│╭╮╰╯▏▎▌▊▕▔▁▂▃▄▅▆▇█┃━┏┓┗┛▐ ")
SCENES: dict[str, tuple[tuple[str, ...], str, tuple[str, ...]]] = {
    "tree": (("n", "n", "j"), "", ()),
    "page": (("n", "l", "G"), "", ()),
    "selection": (("x", "x", "v", "j", "w"), "", ()),
    "matches": (("slash",), "cyber", ("enter", "w", "n", "n")),
    "kept": (("slash",), "is:unread", ("enter", "r")),
    "by day": (("t", "t", "L", "L"), "", ()),
    "nothing": (("slash",), "zzzz", ()),
    "wrong": (("slash",), "date:soon", ()),
    "palette": (("ctrl+p",), "the", ()),
    "command": (("colon",), "the", ()),
    "help": (("question_mark", "j", "j"), "", ()),
    "pipe": (("vertical_line",), "wc -w", ("enter",)),
}


def faint(reader: Reader) -> set[tuple[str, str, str, float]]:
    """What of the screen does not stand out enough: its text, colours and contrast."""
    found = set()
    screen = reader.app.screen
    region = screen.region if reader.is_on_main_screen else screen.children[0].region  # what lies under it stands back
    for strip in screen._compositor.render_strips()[region.y : region.bottom]:
        for segment in strip.crop(region.x, region.right):
            text = segment.text.strip()
            if not text or set(text) <= DECORATION:
                continue
            style = segment.style
            assert style is not None
            assert style.color is not None
            assert style.bgcolor is not None
            pair = [Color.from_rich_color(style.color), Color.from_rich_color(style.bgcolor)]
            if style.reverse:
                pair.reverse()
            ratio = contrast(*pair)
            if ratio < LEAST or style.dim:
                found.add((text[:30], pair[0].hex, pair[1].hex, round(ratio, 2)))
    return found


@pytest.mark.parametrize("scene", SCENES)
async def test_every_text_stands_out_from_its_ground_in_our_themes(scene: str) -> None:
    before, text, after = SCENES[scene]
    async with open_reader(size=(120, 36), prepare=mark_some, is_sample=True) as reader:
        await reader.press(*before)
        if text:
            await reader.type(text)
        await reader.press(*after)
        for theme in OWN_THEMES:
            reader.app.theme = theme.name
            await reader.settle()
            assert faint(reader) == set(), theme.name


@pytest.mark.parametrize(
    ("environment", "is_dark", "expected"),
    [
        ({"TERM": "xterm-256color"}, None, "newsreader-dark"),
        ({"TERM": "xterm-256color"}, False, "newsreader-light"),
        ({"TERM": "xterm-256color", "COLORFGBG": "0;15"}, None, "newsreader-light"),
        ({"TERM": "xterm-256color", "COLORFGBG": "0;default;15"}, True, "newsreader-dark"),
        ({"TERM": "xterm-256color", "COLORFGBG": "15;0"}, None, "newsreader-dark"),
        ({"TERM": "xterm", "COLORTERM": "truecolor"}, None, "newsreader-dark"),
        ({"TERM": "xterm"}, None, "ansi-dark"),
        ({"TERM": "linux", "COLORFGBG": "0;7"}, None, "ansi-light"),
        ({"TERM": "xterm-256color", "NO_COLOR": "1"}, None, "ansi-dark"),
    ],
)
def test_a_theme_suits_the_terminal(environment: dict[str, str], is_dark: bool | None, expected: str) -> None:
    assert suited_theme(environment, is_dark=is_dark) == expected


@pytest.mark.parametrize(
    ("answer", "is_dark"),
    [
        ("\x1b]11;rgb:0000/0000/0000\x1b\\", True),
        ("\x1b]11;rgb:ffff/ffff/ffff\x07", False),
        ("\x1b]11;rgb:f/f/e\x07", False),
        ("\x1b]11;rgba:1414/1717/1c1c/ffff\x07", True),
        ("\x1b]11;rgb:1414/1717/1c1c\x07", True),
        ("\x1b]11;rgb:zz/1717/1c1c\x07", None),
        ("\x1b]10;rgb:ffff/ffff/ffff\x07", None),
        ("\x1b]11;" + "x" * 1000 + "\x07", None),
    ],
)
def test_the_terminal_tells_its_ground_and_no_key_is_made_of_it(answer: str, is_dark: bool | None) -> None:
    for size in (len(answer), 5):
        keyboard = Keyboard()
        pieces = [answer[start : start + size].encode() for start in range(0, len(answer), size)]
        told = [event for piece in [*pieces, b"j"] for event in keyboard.feed(piece)]
        assert [event.is_dark for event in told if isinstance(event, GroundTold)] == [is_dark] * (is_dark is not None)
        assert [event.key for event in told if isinstance(event, Key)] == ["j"]


async def test_the_theme_follows_the_terminals_ground_until_one_is_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    async with open_reader() as reader:
        assert reader.app.theme == "newsreader-dark"
        reader.app.post_message(GroundTold(is_dark=False))
        await reader.settle()
        assert reader.app.theme == "newsreader-light"
        assert reader.marks.recall("theme") is None
        reader.app.theme = "nord"
        await reader.settle()
        reader.app.post_message(GroundTold(is_dark=True))
        await reader.settle()
        assert reader.app.theme == reader.marks.recall("theme") == "nord"
