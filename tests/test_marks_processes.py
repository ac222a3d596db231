"""Marks of several processes that are killed at any moment: what was confirmed is there, what was taken away is not."""

from __future__ import annotations

import json
import os
import random
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from newsreader.marks import Marks
from newsreader.marks_backup import backups_of
from newsreader.models import Mark
from tests.conftest import NOW, PROJECT

NURSERY = """
import json, os, sys
from datetime import UTC, datetime, timedelta
from newsreader import marks_backup, marks_held
from newsreader.marks import Marks
from newsreader.models import Mark

def work(path, orders, answers):
    marks = Marks(path, clock=lambda: datetime.now(UTC))
    marks.hold_failures()
    answers.write(json.dumps(marks.problem) + "\\n")
    answers.flush()
    done = []
    for line in orders:
        word, *ids = json.loads(line)
        if word == "undo":
            if done:
                marks.undo(done.pop())
        elif word == "tend":
            marks.tend()
        elif word == "restore":
            marks_backup.restore(path, ids[0], datetime.now(UTC))
        else:
            kind, _, is_set = word.partition(" ")
            done.append(marks.change(ids, Mark(kind), is_set == "on"))
        answers.write("done\\n")
        answers.flush()

while line := sys.stdin.readline():  # a child is born in a millisecond, an interpreter in thirty
    orders, answers, path = json.loads(line)
    pid = os.fork()
    if not pid:
        with open(orders) as their_orders, open(answers, "w") as their_answers:
            work(path, their_orders, their_answers)
        os._exit(0)
    print(pid, flush=True)
    os.waitpid(pid, 0)
"""


class Worker:
    """A process that marks as it is told."""

    def __init__(self, path: Path, name: str) -> None:
        pipes = [path.parent.parent / f"{name}.{kind}" for kind in ("orders", "answers")]
        for pipe in pipes:
            os.mkfifo(pipe)
        self._nursery = subprocess.Popen(
            [sys.executable, "-c", NURSERY], cwd=PROJECT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self._pipes, self._path = pipes, path
        self.is_alive = False

    def start(self) -> None:
        assert self._nursery.stdin is not None
        assert self._nursery.stdout is not None
        print(json.dumps([*map(str, self._pipes), str(self._path)]), file=self._nursery.stdin, flush=True)
        self._pid = int(self._nursery.stdout.readline())
        self._orders = open(self._pipes[0], "w")  # noqa: SIM115
        self._answers = open(self._pipes[1])  # noqa: SIM115
        self.is_alive = True
        assert json.loads(self._answers.readline()) == ""

    def send(self, *order: str) -> None:
        self._orders.write(json.dumps(order) + "\n")
        self._orders.flush()

    def wait(self) -> None:
        assert self._answers.readline() == "done\n"

    def kill(self) -> list[str]:
        """End the process at once; what it had confirmed and nobody has heard yet."""
        os.kill(self._pid, signal.SIGKILL)
        heard = self._answers.readlines()
        self._orders.close()
        self._answers.close()
        self.is_alive = False
        return [line for line in heard if line == "done\n"]

    def close(self) -> None:
        if self.is_alive:
            self.kill()
        with self._nursery:
            assert self._nursery.stdin is not None
            self._nursery.stdin.close()


@contextmanager
def workers(path: Path, count: int) -> Iterator[list[Worker]]:
    path.parent.mkdir(exist_ok=True)
    made = [Worker(path, f"worker-{number}") for number in range(count)]
    try:
        yield made
    finally:
        for worker in made:
            worker.close()


@dataclass
class Step:
    """Something that a process is told to do, or that is done to it."""

    worker: int
    word: str
    kind: str
    letters: list[str]
    is_set: bool
    pause: float


steps = st.builds(
    Step,
    worker=st.integers(0, 2),
    word=st.sampled_from(["mark", "mark", "mark", "undo", "tend", "kill", "interrupt"]),
    kind=st.sampled_from([mark.value for mark in Mark]),
    letters=st.lists(st.sampled_from("abcdef"), min_size=1, max_size=4, unique=True),
    is_set=st.booleans(),
    pause=st.floats(0, 0.004),
)


class Run:
    """What several processes did, and in which states each mark may be after it."""

    def __init__(self, crew: list[Worker]) -> None:
        self._crew = crew
        self._prefix = os.urandom(8).hex()  # each run has releases of its own
        self._done: dict[int, list[tuple[str, bool, list[str]]]] = {number: [] for number in range(len(crew))}
        self.states: dict[tuple[str, str], set[bool]] = {}

    def do(self, step: Step) -> None:
        worker = self._crew[step.worker]
        if not worker.is_alive:
            worker.start()
        ids = [self._prefix + letter for letter in step.letters]
        match step.word:
            case "mark":
                self._mark(worker, step, ids)
            case "undo" if self._done[step.worker]:
                worker.send("undo")
                worker.wait()
                kind, was_set, changed = self._done[step.worker].pop()
                self._know(kind, changed, not was_set)
            case "tend":
                worker.send("tend")
                worker.wait()
            case "kill":
                self._kill(step.worker)
            case "interrupt":
                self._send(worker, step, ids)
                time.sleep(step.pause)
                if self._kill(step.worker):
                    self._know(step.kind, ids, step.is_set)
                for id in ids:
                    self._states_of(id, step.kind).add(step.is_set)

    def _mark(self, worker: Worker, step: Step, ids: list[str]) -> None:
        is_foreseen = all(len(self._states_of(id, step.kind)) == 1 for id in ids)
        changed = [id for id in ids if self._states_of(id, step.kind) != {step.is_set}]
        self._send(worker, step, ids)
        worker.wait()
        self._know(step.kind, ids, step.is_set)
        self._done[step.worker].append((step.kind, step.is_set, changed))
        if not is_foreseen:  # nor is what an undo of it would do
            self._kill(step.worker)

    @staticmethod
    def _send(worker: Worker, step: Step, ids: list[str]) -> None:
        worker.send(f"{step.kind} {'on' if step.is_set else 'off'}", *ids)

    def _kill(self, number: int) -> list[str]:
        self._done[number].clear()
        return self._crew[number].kill()

    def _know(self, kind: str, ids: list[str], is_set: bool) -> None:
        self.states.update({(id, kind): {is_set} for id in ids})

    def _states_of(self, id: str, kind: str) -> set[bool]:
        return self.states.setdefault((id, kind), {False})


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(steps, min_size=5, max_size=25))
def test_any_interleaving_of_marking_undoing_and_killing_keeps_what_was_confirmed(
    steps: list[Step], crew: list[Worker], path: Path
) -> None:
    run = Run(crew)
    for step in steps:
        run.do(step)
    with closing(Marks(path, clock=lambda: datetime.now(UTC))) as marks:
        assert (marks.problem, marks.notes) == ("", [])
        for (id, kind), states in run.states.items():
            assert (kind in marks.of([id])[id]) in states, (id, kind, states)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "marks.db"


@pytest.fixture
def crew(path: Path) -> Iterator[list[Worker]]:
    with workers(path, 3) as made:
        yield made


def test_kills_while_marking_lose_nothing(path: Path) -> None:
    generator = random.Random(5)
    with workers(path, 1) as (worker,):
        for attempt in range(40):
            worker.start()
            ids = [f"{attempt:04x}{number:04x}" for number in range(generator.randint(1, 300))]
            half = len(ids) // 2 or 1
            worker.send("read on", *ids[:half])
            worker.wait()
            worker.send("read on", *ids[half:] or ids)
            worker.send("starred on", *ids)
            time.sleep(generator.random() * 0.012)
            confirmed = worker.kill()
            with closing(Marks(path, clock=lambda: NOW)) as marks:
                assert marks.problem == ""
                found = marks.of(ids).values()
                assert sum(Mark.READ in each for each in found) in {half, len(ids)}, "a change is whole or not at all"
                assert all(Mark.READ in each for each in [*found][: len(ids) if confirmed else half])
                assert sum(Mark.STARRED in each for each in found) in {0, len(ids)}


def test_eight_writers_at_once_all_succeed(path: Path) -> None:
    with workers(path, 8) as made:
        for worker in made:
            worker.start()
        for number in range(8):
            for index, worker in enumerate(made):
                worker.send("read on", f"{index:02x}{number:02x}")
        for worker in made:
            for _ in range(8):
                worker.wait()
    with closing(Marks(path, clock=lambda: NOW)) as marks:
        found = marks.of(f"{index:02x}{number:02x}" for index in range(8) for number in range(8))
        assert set(found.values()) == {frozenset({Mark.READ})}
    assert sorted(os.listdir(path.parent)) == ["marks.db"]


def test_kills_while_restoring_and_marking_lose_nothing(path: Path) -> None:
    generator = random.Random(7)
    old = [f"{number:08x}ab" for number in range(2000)]
    with closing(Marks(path, clock=lambda: NOW - timedelta(days=1))) as marks:
        marks.change(old, Mark.READ, True)
        marks.tend()
    day = backups_of(str(path))[0].day
    confirmed: list[str] = []
    with workers(path, 2) as (restorer, marker):
        for attempt in range(10):
            restorer.start()
            if not marker.is_alive:
                marker.start()
            restorer.send("restore", day)
            for number in range(4):
                marker.send("starred on", f"{attempt:02x}{number:02x}")
            time.sleep(generator.random() * 0.08)
            restorer.kill()
            for number in range(4):
                marker.wait()
                confirmed.append(f"{attempt:02x}{number:02x}")
            if generator.random() < 0.3:
                marker.kill()
            with closing(Marks(path, clock=lambda: NOW)) as marks:
                assert marks.problem == ""
                assert set(marks.of(old).values()) == {frozenset({Mark.READ})}
                assert set(marks.of(confirmed).values()) == {frozenset({Mark.STARRED})}


def test_what_is_held_survives_a_kill(path: Path) -> None:
    with workers(path, 1) as (worker,):
        worker.start()
        path.rename(path.with_name("away.db"))
        path.write_text("This is no database.\n" * 99)
        worker.send("read on", "cafe", "beef")
        worker.wait()
        worker.kill()
        path.with_name("away.db").replace(path)
    with closing(Marks(path, clock=lambda: NOW)) as marks:
        assert set(marks.of(["cafe", "beef"]).values()) == {frozenset({Mark.READ})}
        assert "2 changes of marks that could not be written before" in marks.notes[0]


@pytest.mark.parametrize("umask", [0, 0o277, 0o777])
def test_every_file_is_its_owners_alone_under_any_umask(path: Path, umask: int) -> None:
    seen: dict[str, int] = {}

    def look() -> datetime:
        for file in path.parent.rglob("*"):
            seen[file.name.partition("-")[0]] = stat.S_IMODE(file.lstat().st_mode)
        return NOW

    before = os.umask(umask)
    try:
        marks = Marks(path, clock=look)
        marks.hold_failures()
        marks.change(["cafe"], Mark.READ, True)
        marks.tend()
        with marks._writing():
            marks._connection.execute("DELETE FROM setting")
            marks._connection.execute("INSERT INTO setting VALUES ('a', 'b')")
            look()
            assert seen["marks.db"] == 0o600
            assert Path(f"{path}-journal").stat().st_mode & 0o777 == 0o600
        path.write_bytes(b"nonsense" * 999)
        marks.hold(OSError("spoiled"))
        marks.change(["beef"], Mark.READ, True)
        look()
    finally:
        os.umask(before)
    assert {name for name, mode in seen.items() if mode == 0o700} == {"backups"}
    assert {mode for name, mode in seen.items() if name != "backups"} == {0o600}
    assert {"marks.db", "marks.db.unwritten"} <= set(seen)
    assert path.parent.stat().st_mode & 0o777 == 0o700
    marks.close()
