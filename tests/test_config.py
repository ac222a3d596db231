"""What a configuration file may say, and where things live."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from newsreader.commands import COMMANDS, TYPING, key_labels, key_name
from newsreader.config import (
    Config,
    cache_dir,
    config_dir,
    config_path,
    data_dir,
    load_config,
    sample_library,
    state_dir,
)
from newsreader.errors import ConfigError

DIRECTORIES = [
    (config_dir, "XDG_CONFIG_HOME", ".config", "user_config_dir"),
    (data_dir, "XDG_DATA_HOME", ".local/share", "user_data_dir"),
    (cache_dir, "XDG_CACHE_HOME", ".cache", "user_cache_dir"),
    (state_dir, "XDG_STATE_HOME", ".local/state", "user_state_dir"),
]
on_linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the XDG specification is for Linux")


def write(text: str | bytes) -> str:
    path = Path(config_path())
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return str(path)


def error_of(text: str | bytes) -> str:
    with pytest.raises(ConfigError) as caught:
        load_config(write(text))
    return str(caught.value)


def test_no_file_gives_the_defaults_without_reading_toml() -> None:
    assert load_config() == Config()
    assert load_config().path is None


def test_a_file_gives_its_settings_and_says_which() -> None:
    path = write('library = ["~/news", "digests"]\nread_after = 0\n[keys]\ntoggle-star = "f2, S"\n')
    config = load_config()
    assert config.library == (str(Path.home() / "news"), str(Path(path).parent / "digests"))
    assert config.read_after == 0
    assert dict(config.keys) == {"toggle-star": "f2,S"}
    assert config.theme == ""
    assert config.path == path
    assert config.given == {"library", "read_after", "keys"}


def test_a_byte_order_mark_is_no_part_of_the_first_setting() -> None:
    assert load_config(write(b'\xef\xbb\xbftheme = "nord"')).theme == "nord"


def test_one_path_needs_no_list() -> None:
    assert load_config(write('library = "/srv/news"')).library == ("/srv/news",)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('libary = ["x"]', 'Did you mean "library"?'),
        ("xyzzy = 1", "Known are: library, read_after, theme, dates, opener, keys."),
        ("opener = 3", "opener must be a program and its arguments"),
        ("opener = ['a', 3]", "opener must be a program and its arguments"),
        ("dates = 'german'", "dates must be"),
        ("dates = []", 'dates must be "iso"'),
        ("read_after = '2'", "must be a number of seconds"),
        ("read_after = true", "must be a number of seconds"),
        ("read_after = nan", "must be a number of seconds"),
        ("library = 3", "must be a list of paths"),
        ("library = ['']", "must be a list of paths"),
        ("theme = 3", "must be the name of a theme"),
        ("keys = 's'", "must be a table"),
        ("[keys]\ntogle-star = 's'", 'Did you mean "toggle-star"?'),
        ("[keys]\ntoggle-star = ['s']", "must be text in quotes"),
        ("[keys]\ntoggle-star = 'slash'", 'the key "/" would mean both toggle-star and edit-filter.'),
        ("[keys]\ntoggle-star = '/'", 'the key "/" would mean both toggle-star and edit-filter.'),
        ("[keys]\ntoggle-star = 'f2'\nmark-read = 'F2'", 'the key "F2" would mean both toggle-star and mark-read.'),
        ("[keys]\nmove-down = 'Ctrl+F'", 'the key "Ctrl+F" would mean both move-down and page-down.'),
        ("[keys]\ntoggle-star = 'ctlr+s'", 'there is no key "ctlr+s" for toggle-star. Did you mean "ctrl+s"?'),
        ("[keys]\ntoggle-star = 'entr'", 'Did you mean "enter"?'),
        ("[keys]\ntoggle-star = 'wheel'", "Keys are written as in help"),
        ("a = = b", "is not valid TOML"),
        (b"# fine\ntheme = '\xff'", "config.toml:2: this is not UTF-8"),
        (r'library = ["/tmp/\u0000x"]', "must be a list of paths"),
        ("theme = " + "[" * 50_000, "brackets go too deep"),
        ("read_after = " + "9" * 5_000, "a number is too long"),
        ("#" * 1_000_001, "at most 1,000,000 bytes"),
    ],
)
def test_a_setting_that_cannot_be_meant_is_an_error_that_names_the_file(text: str | bytes, expected: str) -> None:
    message = error_of(text)
    assert expected in message
    assert config_path() in message
    assert message.endswith((".", "?"))


def test_an_unreadable_configuration_is_an_error_that_names_it() -> None:
    Path(config_path()).mkdir(parents=True)
    with pytest.raises(ConfigError, match="cannot be read"):
        load_config()


@pytest.mark.parametrize("has_writer", [False, True])
def test_a_pipe_in_the_place_of_the_configuration_is_not_waited_for(has_writer: bool) -> None:
    path = write("")
    os.unlink(path)
    os.mkfifo(path)
    writing = os.open(path, os.O_RDWR) if has_writer else None
    with pytest.raises(ConfigError, match="must be a file"):
        load_config()
    if writing is not None:
        os.close(writing)


def test_a_key_can_be_taken_away_and_given_to_another_command() -> None:
    slash = next(command for command in COMMANDS if "slash" in command.keys.split(","))
    config = load_config(write(f"[keys]\n{slash.id} = ''\ntoggle-star = 'slash'"))
    assert dict(config.keys) == {slash.id: "", "toggle-star": "slash"}


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("/", "slash"),
        ("?", "question_mark"),
        ("|", "vertical_line"),
        ("+", "plus"),
        ("ctrl++", "ctrl+plus"),
        ("Esc", "escape"),
        ("PgDn", "pagedown"),
        ("↓", "down"),
        ("Ctrl+S", "ctrl+s"),
        ("shift+a", "A"),
        ("F9", "f9"),
        ("Space", "space"),
        ("section_sign", "section_sign"),
        ("ä", "ä"),
        ("alt+Left", "alt+left"),
    ],
)
def test_keys_may_be_written_as_help_writes_them(written: str, name: str) -> None:
    assert load_config(write(f'[keys]\ntoggle-star = "{written}"\n{FREED}')).keys["toggle-star"] == name


FREED = "\n".join(
    f'{command.id} = ""' for command in COMMANDS if command.id != "toggle-star" and command.scope not in TYPING
)
"""No other command has a key."""


def test_every_key_of_every_command_is_one_that_can_be_written_so() -> None:
    for command in COMMANDS:
        for key, label in zip(command.keys.split(","), key_labels(command.keys), strict=False):
            assert key_name(key) == key_name(label) == key


@on_linux
@pytest.mark.parametrize(("directory", "variable", "below_home", "platform_name"), DIRECTORIES)
def test_directories_are_those_of_platformdirs(
    directory: object, variable: str, below_home: str, platform_name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    import platformdirs

    assert callable(directory)
    for value in ("/some/where", None):
        if value is None:
            monkeypatch.delenv(variable)
        else:
            monkeypatch.setenv(variable, value)
        assert directory() == getattr(platformdirs, platform_name)("newsreader", appauthor=False)


@on_linux
@pytest.mark.parametrize("value", ["relative/path", "", ".", "~/data"])
@pytest.mark.parametrize(("directory", "variable", "below_home", "platform_name"), DIRECTORIES)
def test_a_relative_directory_variable_is_ignored(
    value: str,
    directory: object,
    variable: str,
    below_home: str,
    platform_name: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(variable, value)
    assert callable(directory)
    assert directory() == str(Path.home() / below_home / "newsreader")


@on_linux
@pytest.mark.parametrize("value", [None, "", "somewhere"])
def test_without_a_usable_home_the_user_database_names_it(value: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    import os
    import pwd

    monkeypatch.delenv("XDG_DATA_HOME")
    if value is None:
        monkeypatch.delenv("HOME")
    else:
        monkeypatch.setenv("HOME", value)
    assert data_dir() == os.path.join(pwd.getpwuid(os.getuid()).pw_dir, ".local/share/newsreader")


def test_the_sample_library_is_the_seeds(seeds: Path) -> None:
    assert sample_library() == str(seeds)
