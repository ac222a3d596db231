"""The project itself: linters, types, import rules, start-up imports, the wheel, and what .ci/run runs."""

from __future__ import annotations

import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.conftest import PROJECT, SEEDS


def run(*command: str) -> None:
    """Run a tool in the project; what it prints is the failure's message."""
    result = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr


def test_the_linter_finds_nothing() -> None:
    run(sys.executable, "-m", "ruff", "check")


def test_the_code_is_formatted() -> None:
    run(sys.executable, "-m", "ruff", "format", "--check")


def test_the_types_are_strictly_right() -> None:
    run(sys.executable, "-m", "mypy")


def test_modules_import_only_from_those_above_them() -> None:
    run(str(Path(sys.executable).with_name("lint-imports")), "--no-cache")


@pytest.mark.parametrize(
    ("arguments", "unwanted"),
    [
        (["list", "cyber"], {"textual", "rich", "dateutil", "asyncio"}),
        (["show", "cyber"], {"textual", "rich", "dateutil", "asyncio"}),
        (["count"], {"textual", "rich", "dateutil", "asyncio"}),
        (["sources"], {"textual", "rich", "dateutil", "asyncio"}),
        (["mark", "star", "cyber"], {"textual", "rich", "dateutil", "asyncio"}),
        (["check"], {"textual", "rich"}),
        (["paths"], {"textual", "rich", "dateutil", "asyncio"}),
        (["keys"], {"textual", "rich", "dateutil", "asyncio"}),
        (["--version"], {"textual", "rich", "dateutil", "asyncio", "sqlite3"}),
        (["--help"], {"textual", "rich", "dateutil", "asyncio", "sqlite3"}),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_command_on_a_warm_archive_imports_no_more_than_it_needs(arguments: list[str], unwanted: set[str]) -> None:
    program = (
        "import contextlib, os, sys\n"
        "os._exit = sys.exit\n"
        "from newsreader.__main__ import main\n"
        "with contextlib.suppress(SystemExit): main()\n"
        "print(' '.join(name.partition('.')[0] for name in sys.modules), file=sys.stderr)\n"
    )
    for _ in range(2):  # the first run fills the archive
        command = [sys.executable, "-c", program, *arguments]
        result = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)
    assert unwanted & set(result.stderr.splitlines()[-1].split()) == set()


def test_the_wheel_carries_the_seeds_byte_for_byte(tmp_path: Path) -> None:
    run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path))
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        for path in SEEDS.iterdir():
            assert archive.read(f"newsreader/seeds/{path.name}") == path.read_bytes()
        assert "newsreader/py.typed" in archive.namelist()
        assert "newsreader/ui/app.tcss" in archive.namelist()


def test_ci_runs_exactly_the_test_command_of_the_readme() -> None:
    commands = re.findall(r"^ {4}(python3 .*pytest)$", (PROJECT / "README.md").read_text("utf-8"), re.MULTILINE)
    assert len(commands) == 1
    assert (PROJECT / ".ci" / "run").read_text("utf-8").splitlines()[-1] == commands[0]


def test_no_module_is_longer_than_it_may_be() -> None:
    long = {
        path.name: lines
        for path in (PROJECT / "newsreader").rglob("*.py")
        if (lines := path.read_text("utf-8").count("\n")) > 400
    }
    assert long == {}
