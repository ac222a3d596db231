"""The README: its generated parts are fresh, its links lead somewhere, and its commands do what it says."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pexpect
import pytest

from tests.conftest import PROJECT, SEEDS
from tests.readme import README, regenerate

TEXT = README.read_text("utf-8")
LINES = [line for block in re.findall(r"```sh\n(.*?)```", TEXT, re.DOTALL) for line in block.splitlines()]
READER_LINES = [line for line in LINES if "  #" in line]
COMMAND_LINES = [line for line in LINES if line not in READER_LINES]


@pytest.fixture
def desk(tmp_path: Path, own_homes: Path) -> dict[str, str]:
    """A folder with the seeds and the README's digests, and an environment in which `newsreader` is this one."""
    shutil.copytree(SEEDS, tmp_path / "seeds")
    shutil.copytree(SEEDS, own_homes / "digests")
    for name, seed in zip(("monday.txt", "tuesday.txt"), sorted(SEEDS.iterdir()), strict=False):
        shutil.copy(seed, tmp_path / name)
    tools = tmp_path / "bin"
    tools.mkdir()
    (tools / "newsreader").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m newsreader "$@"\n')
    (tools / "newsreader").chmod(0o755)
    return {
        **os.environ,
        "PATH": f"{tools}:{Path(sys.executable).parent}:{os.environ['PATH']}",
        "PYTHONPATH": str(PROJECT),
    }


def test_the_generated_parts_are_fresh() -> None:
    assert regenerate(TEXT) == TEXT, "run: python -m tests.readme"


def test_every_picture_is_there() -> None:
    pictures = re.findall(r"\]\((screenshots/[^)]*)\)", TEXT)
    assert len(pictures) >= 7
    assert [picture for picture in pictures if not (PROJECT / picture).is_file()] == []


def test_every_command_line_prints_something(desk: dict[str, str], tmp_path: Path) -> None:
    assert len(COMMAND_LINES) >= 15
    for line in COMMAND_LINES:
        result = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", line],
            cwd=tmp_path,
            env=desk,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        is_cut = "head" in line and result.returncode == 141  # a reader that has seen enough closes the pipe
        assert result.returncode == 0 or is_cut, f"{line}\n{result.stderr}"
        assert result.stdout or ">" in line or "import" in line or "mark star" in line or "restore" in line, line


@pytest.mark.parametrize("line", READER_LINES)
def test_every_command_that_opens_the_reader_opens_it(line: str, desk: dict[str, str], tmp_path: Path) -> None:
    command = line.partition("#")[0].replace("~", desk["HOME"])
    reader = pexpect.spawn(
        "bash", ["-c", command], cwd=str(tmp_path), env={**desk, "TERM": "xterm-256color"}, timeout=30
    )
    reader.setwinsize(24, 80)
    reader.expect("Next unread")
    reader.send("q")
    reader.expect(pexpect.EOF)
    reader.close()
    assert reader.exitstatus == 0


def test_the_configuration_that_it_shows_is_valid(desk: dict[str, str], tmp_path: Path) -> None:
    example = re.findall(r"```toml\n(.*?)```", TEXT, re.DOTALL)[0]
    where = subprocess.run(["newsreader", "paths"], env=desk, cwd=tmp_path, capture_output=True, text=True, check=True)
    path = Path(dict(line.split("\t") for line in where.stdout.splitlines())["configuration"])
    path.parent.mkdir(parents=True)
    path.write_text(example)
    result = subprocess.run(
        ["newsreader", "config"], env=desk, cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert "nord" in result.stdout


def test_trying_it_takes_one_command_each() -> None:
    commands = [shlex.split(line) for line in re.findall(r"^ {4}(python3 .*)$", TEXT, re.MULTILINE)]
    assert [command[-2:] for command in commands] == [[".venv/bin/newsreader", "seeds"], ["-m", "pytest"]]
