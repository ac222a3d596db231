"""The configuration file, and where everything lives."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType

from newsreader.errors import ConfigError
from newsreader.record import Record

TYPE_CHECKING = False  # importing typing would take 3 ms, and most runs need no commands
if TYPE_CHECKING:
    from newsreader.commands import Command, Scope

APP_NAME = "newsreader"
MOST_BYTES = 1_000_000
"""A larger configuration file is refused."""
LONGEST_SECONDS = 1e6
"""Above this, a number of seconds is a slip."""


class Config(Record):
    """The settings in force."""

    library: tuple[str, ...] = ()
    """Files and folders that are the library when no path is named; absolute."""
    read_after: float = 1.5
    """Seconds that a release must stay open to become read; 0 means at once, a negative number never."""
    theme: str = ""
    """The name of the reader's theme; empty for the one chosen last in the reader."""
    dates: str = "iso"
    """How the reader writes dates: `iso` or `locale`."""
    opener: tuple[str, ...] = ()
    """The command that opens a link, with its arguments; the link comes last. Empty for the system's own."""
    keys: Mapping[str, str] = MappingProxyType({})
    """Keys by command id, comma-separated in Textual's names, in place of the command's own; empty for none."""
    path: str | None = None
    """The file that was read; None when there is none."""
    given: frozenset[str] = frozenset()
    """The names of the settings that the file gives; the others have their defaults."""


SETTINGS = tuple(name for name in Config.__match_args__ if name not in {"path", "given"})
"""What a configuration file may set, in the order in which `newsreader config` shows it."""


def config_dir() -> str:
    """Where `config.toml` lives."""
    return _directory("config", "XDG_CONFIG_HOME", ".config")


def data_dir() -> str:
    """Where the marks live: precious."""
    return _directory("data", "XDG_DATA_HOME", ".local/share")


def cache_dir() -> str:
    """Where the archives live: they may be deleted at any time."""
    return _directory("cache", "XDG_CACHE_HOME", ".cache")


def state_dir() -> str:
    """Where reports on faults of the program live."""
    return _directory("state", "XDG_STATE_HOME", ".local/state")


def config_path() -> str:
    """The configuration file that is read when it exists."""
    return os.path.join(config_dir(), "config.toml")


def sample_library() -> str:
    """The bundled sample digests: inside the installed package, or beside it in a checkout."""
    package = os.path.dirname(os.path.realpath(__file__))
    installed = os.path.join(package, "seeds")
    return installed if os.path.isdir(installed) else os.path.join(os.path.dirname(package), "seeds")


def load_config(path: str | None = None) -> Config:
    """The settings of the file at `path`, by default of `config_path()`; all defaults when there is none.

    Raises `ConfigError` when the file cannot be read or understood.
    """
    path = path or config_path()
    try:
        with open(path, "rb", opener=_open_at_once) as stream:
            is_pipe = stat.S_ISFIFO(os.fstat(stream.fileno()).st_mode)
            content = b"" if is_pipe else stream.read(MOST_BYTES + 1)
            if is_pipe or len(content) > MOST_BYTES:
                raise ConfigError(f"{path}: the configuration must be a file of at most {MOST_BYTES:,} bytes.")
        text = content.decode("utf-8-sig")
    except FileNotFoundError:
        return Config()
    except OSError as error:
        raise ConfigError(
            f"{path}: the configuration cannot be read: {error.strerror}. Make it readable, or move it away."
        ) from error
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise ConfigError(f"{path}:{line}: this is not UTF-8. Save the file in UTF-8.") from error
    import tomllib

    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path}: this is not valid TOML: {str(error).rstrip('.')}. Correct the file.") from error
    except (ValueError, RecursionError) as error:  # thousands of digits, or of brackets within brackets
        raise ConfigError(f"{path}: a number is too long, or brackets go too deep. Correct the file.") from error
    return _config_from_table(table, path)


def _open_at_once(path: str, flags: int) -> int:
    """Open a file without waiting for another program, as a pipe would."""
    return os.open(path, flags | os.O_NONBLOCK)


def _config_from_table(table: Mapping[str, object], path: str) -> Config:
    """Check every setting of the file's table and make the configuration of it."""
    for name in table:
        if name not in SETTINGS:
            raise ConfigError(f'{path}: there is no setting "{name}". {_hint(name, SETTINGS)}')
    default = Config()
    return Config(
        library=_library(table.get("library", []), path),
        read_after=_read_after(table.get("read_after", default.read_after), path),
        theme=_theme(table.get("theme", default.theme), path),
        dates=_dates(table.get("dates", default.dates), path),
        opener=_opener(table.get("opener", []), path),
        keys=_keys(table.get("keys", {}), path),
        path=path,
        given=frozenset(table),
    )


def _library(value: object, path: str) -> tuple[str, ...]:
    """The library's paths; `~` is the home, and relative ones count from the configuration's folder."""
    entries = [value] if isinstance(value, str) else value
    if not isinstance(entries, list) or not all(
        isinstance(entry, str) and entry and "\0" not in entry for entry in entries
    ):
        raise ConfigError(f'{path}: library must be a list of paths, such as library = ["~/digests"].')
    return tuple(os.path.abspath(os.path.join(os.path.dirname(path), _expand_home(entry))) for entry in entries)


def _read_after(value: object, path: str) -> float:
    """The seconds after which an open release is read."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < LONGEST_SECONDS:
        raise ConfigError(f"{path}: read_after must be a number of seconds, such as read_after = 1.5.")
    return float(value)


def _theme(value: object, path: str) -> str:
    """The theme's name; whether there is such a theme, only the reader knows."""
    if not isinstance(value, str):
        raise ConfigError(f'{path}: theme must be the name of a theme in quotes, such as theme = "nord".')
    return value


def _dates(value: object, path: str) -> str:
    """The way to write dates."""
    if not isinstance(value, str) or value not in {"iso", "locale"}:
        raise ConfigError(f'{path}: dates must be "iso" (2024-09-26) or "locale" (as your system writes them).')
    return value


def _opener(value: object, path: str) -> tuple[str, ...]:
    """The command that opens links, as its arguments; no shell splits it."""
    parts = [value] if isinstance(value, str) else value
    if not isinstance(parts, list) or not all(isinstance(part, str) and "\0" not in part for part in parts):
        raise ConfigError(f'{path}: opener must be a program and its arguments, such as opener = ["firefox"].')
    return tuple(part for part in parts if part)


def _keys(value: object, path: str) -> Mapping[str, str]:
    """The keys by command id, checked to name commands that exist and to leave no key with two meanings."""
    if not isinstance(value, dict):
        raise ConfigError(f'{path}: keys must be a table, such as [keys] with a line toggle-star = "s" below it.')
    from newsreader.commands import COMMANDS

    ids = [command.id for command in COMMANDS]
    for command_id, keys in value.items():
        if command_id not in ids:
            raise ConfigError(f'{path}: there is no command "{command_id}" to give a key. {_hint(command_id, ids)}')
        if not isinstance(keys, str):
            raise ConfigError(
                f'{path}: the keys of {command_id} must be text in quotes, such as {command_id} = "s,f2".'
            )
    keys_by_id = {command_id: _known_keys(command_id, keys, path) for command_id, keys in value.items()}
    for key, first, second in _clashes(keys_by_id):
        raise ConfigError(
            f'{path}: the key "{_label(key)}" would mean both {first} and {second}. '
            "Give one of them another key below [keys]."
        )
    return MappingProxyType(keys_by_id)


def _known_keys(command_id: str, keys: str, path: str) -> str:
    """The keys of a comma-separated list in Textual's names."""
    from newsreader.commands import key_name

    names = []
    for written in _split_keys(keys):
        try:
            names.append(key_name(written))
        except ValueError as error:
            nearest = f'Did you mean "{error}"?' if str(error) else "Keys are written as in help: s, F2, Ctrl+R, slash."
            raise ConfigError(f'{path}: there is no key "{written}" for {command_id}. {nearest}') from None
    return ",".join(names)


def _label(key: str) -> str:
    from newsreader.commands import key_labels

    return key_labels(key)[0]


def _clashes(keys_by_id: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    """Each key that two commands within reach of each other would share, with their ids."""
    from newsreader.commands import COMMANDS

    commands_by_key: dict[str, list[Command]] = {}
    for command in COMMANDS:
        for key in _split_keys(keys_by_id.get(command.id, command.keys)):
            for other in commands_by_key.get(key, []):
                is_changed = command.id in keys_by_id or other.id in keys_by_id
                if is_changed and other.id != command.id and _share_reach(command.scope, other.scope):
                    yield key, other.id, command.id
            commands_by_key.setdefault(key, []).append(command)


def _share_reach(one: Scope, other: Scope) -> bool:
    """Whether a key can be meant for both scopes at once; where one types, most keys are text."""
    from newsreader.commands import TYPING, Scope

    return one == other or (Scope.APP in {one, other} and not TYPING & {one, other})


def _split_keys(keys: str) -> list[str]:
    """The single keys of a comma-separated list."""
    return [key.strip() for key in keys.split(",") if key.strip()]


def _hint(name: str, known: Iterable[str]) -> str:
    """A sentence that names the nearest known name, or all of them."""
    import difflib

    choices = list(known)
    nearest = difflib.get_close_matches(name, choices, 1)
    return f'Did you mean "{nearest[0]}"?' if nearest else f"Known are: {', '.join(choices)}."


def _directory(kind: str, variable: str, below_home: str) -> str:
    """The user's directory of a kind, for this program.

    On Linux the XDG specification is followed here: two lines, and the import of platformdirs would take longer
    than all the rest of a short command. A relative value is ignored, as the specification demands.
    """
    if sys.platform.startswith("linux") and "ANDROID_ROOT" not in os.environ:
        value = os.environ.get(variable, "")
        return os.path.join(value if os.path.isabs(value) else os.path.join(_home(), below_home), APP_NAME)
    import platformdirs

    return str(getattr(platformdirs, f"user_{kind}_dir")(APP_NAME, appauthor=False))


def _home() -> str:
    """The user's home; the one of the user database when HOME is unset, empty or relative."""
    home = os.environ.get("HOME", "")
    if os.path.isabs(home):
        return home
    import pwd

    try:
        return pwd.getpwuid(os.getuid()).pw_dir
    except KeyError as error:
        raise ConfigError("The environment variable HOME is not set, and this user has no home. Set HOME.") from error


def _expand_home(path: str) -> str:
    """The path with a leading `~` replaced by the home."""
    if path == "~" or path.startswith("~/"):
        return _home() + path[1:]
    return os.path.expanduser(path)
