"""Our own themes, and which theme suits a terminal of which nothing was chosen yet."""

from __future__ import annotations

from collections.abc import Mapping

from textual.theme import Theme

DARK_THEME = Theme(
    "newsreader-dark",
    primary="#5b93d6",
    secondary="#8fb3dd",
    accent="#6cb6c9",
    warning="#d9b36c",
    error="#ef8d84",
    success="#8fbf7f",
    foreground="#e2e5ea",
    background="#14171c",
    surface="#1e232b",
    panel="#272d37",
    variables={
        "text-primary": "#9cc2ee",
        "text-secondary": "#a5c4ea",
        "text-accent": "#7cc7da",
        "text-warning": "#e6c07b",
        "text-error": "#f5a199",
        "text-success": "#a3d093",
        "text-muted": "#a3a9b3",
        "text-disabled": "#8b919b",
    },
)
LIGHT_THEME = Theme(
    "newsreader-light",
    primary="#2f6db3",
    secondary="#2b5a8f",
    accent="#0f6a7d",
    warning="#a66a00",
    error="#b3261e",
    success="#2f6f2a",
    foreground="#1c1e22",
    background="#fcfbf8",
    surface="#f0eee8",
    panel="#e5e2da",
    dark=False,
    variables={
        "text-primary": "#1f5597",
        "text-secondary": "#234f82",
        "text-accent": "#0b5a6b",
        "text-warning": "#724700",
        "text-error": "#a01d16",
        "text-success": "#235b1f",
        "text-muted": "#575b63",
        "text-disabled": "#666a71",
    },
)
CONTRAST_THEME = Theme(
    "newsreader-contrast",
    primary="#1f6fff",
    secondary="#ffffff",
    accent="#00e5ff",
    warning="#ffd700",
    error="#ff9d9d",
    success="#7dff7d",
    foreground="#ffffff",
    background="#000000",
    surface="#101010",
    panel="#202020",
    variables={
        "text-primary": "#9ecbff",
        "text-secondary": "#ffffff",
        "text-accent": "#5ff0ff",
        "text-warning": "#ffe24d",
        "text-error": "#ffb3b3",
        "text-success": "#a6ffa6",
        "text-muted": "#d6d6d6",
        "text-disabled": "#c4c4c4",
    },
)
OWN_THEMES = (DARK_THEME, LIGHT_THEME, CONTRAST_THEME)
PLAIN_THEMES = {True: "ansi-dark", False: "ansi-light"}
"""For terminals of 16 colours or none: the terminal's own, on a dark ground or not."""
LIGHT_COLOURS = {"7", "15"}
"""The numbers of white in COLORFGBG."""


def has_many_colours(environment: Mapping[str, str]) -> bool:
    """Whether the terminal can show a theme of its own, and is wanted to."""
    is_capable = environment.get("COLORTERM", "") in {"truecolor", "24bit"} or "256color" in environment.get("TERM", "")
    return is_capable and "NO_COLOR" not in environment


def suited_theme(environment: Mapping[str, str], *, is_dark: bool | None = None) -> str:
    """The theme for a terminal whose ground is dark or not; where it did not tell, COLORFGBG may, else it is dark."""
    if is_dark is None:
        is_dark = environment.get("COLORFGBG", "").rpartition(";")[2] not in LIGHT_COLOURS
    if not has_many_colours(environment):
        return PLAIN_THEMES[is_dark]
    return (DARK_THEME if is_dark else LIGHT_THEME).name
