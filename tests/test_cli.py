"""The command line: what each command prints, where, and how it ends."""

from __future__ import annotations

import contextlib
import json
import os
import shlex
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsreader import __version__
from newsreader.cli import COMMANDS, main
from newsreader.cli_arguments import find_command, parse_arguments
from newsreader.cli_usages import READER, READER_USAGE, USAGES
from newsreader.config import config_path
from newsreader.digest import Draft, parse_digest
from newsreader.errors import UsageError
from tests.conftest import PROJECT

Run = Callable[..., "Result"]
HOSTILE = "Evil\x1b]0;owned\x07 \x1b[31mtitle\n\nSource: \x9b2J[bold]Body\n\nText \x1b[2J\u202eback\n"


@dataclass
class Result:
    status: int
    out: str
    err: str


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, seeds: Path) -> Run:
    """Run a command on the seeds in this process, with standard input closed."""
    monkeypatch.setattr(sys, "stdin", None)
    monkeypatch.setenv("NEWSREADER_LIBRARY", str(seeds))

    def call(*words: str) -> Result:
        status = main(words)
        captured = capsys.readouterr()
        return Result(status, captured.out, captured.err)

    return call


def spawn(*words: str, input: bytes | None = None, **environment: str) -> subprocess.CompletedProcess[bytes]:
    """Run the program for real; without input, standard input is no pipe."""
    with subprocess.Popen(
        [sys.executable, "-m", "newsreader", *words],
        cwd=PROJECT,
        env={**os.environ, **environment},
        stdin=subprocess.DEVNULL if input is None else subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        out, err = process.communicate(input, timeout=60)
    return subprocess.CompletedProcess(process.args, process.returncode, out, err)


def shell(command: str) -> subprocess.CompletedProcess[bytes]:
    """Run a line of bash in which `newsreader` is the program."""
    program = f'newsreader() {{ "{sys.executable}" -m newsreader "$@"; }}; '
    return subprocess.run(
        ["bash", "-c", program + command],
        capture_output=True,
        cwd=PROJECT,
        stdin=subprocess.DEVNULL,
        timeout=60,
        check=False,
    )


def test_list_prints_a_line_per_release_newest_first(run: Run) -> None:
    result = run("list")
    lines = [line.split("\t") for line in result.out.splitlines()]
    assert (result.status, result.err) == (0, "")
    assert len(lines) == 49
    assert {len(line) for line in lines} == {5}
    assert lines[0][1:3] == ["2024-10-08", "u-"]
    days = [line[1].strip("≈~") for line in lines if line[1] != "?"]
    assert [day[:4] for day in days] == sorted((day[:4] for day in days), reverse=True)


def test_list_takes_a_query_in_one_word_or_several(run: Run) -> None:
    one = run("list", "source:nato (cyber OR space) -exercise").out
    assert one == run("list", "source:nato", "(cyber", "OR", "space)", "-exercise").out
    assert one


def test_options_may_stand_before_the_command_and_after_the_query(run: Run) -> None:
    expected = run("list", "-n", "2", "nato").out
    assert expected.count("\n") == 2
    assert run("-n", "2", "list", "nato").out == expected
    assert run("-qn2", "list", "nato").out == expected
    assert run("list", "nato", "--limit=2").out == expected
    assert run("list", "-qn", "2", "nato").out == expected


@pytest.mark.parametrize(
    ("words", "name"),
    [
        (["list"], "list"),
        (["./list"], READER),
        (["--", "list"], READER),
        (["seeds", "list"], READER),
        (["-f", "list", "count"], "count"),
        (["-qf", "list", "count"], "count"),
        (["-flist", "count"], "count"),
        (["-qflist", "count"], "count"),
        (["--from=list", "count"], "count"),
        (["-"], READER),
        ([], READER),
    ],
)
def test_a_command_is_the_first_word_that_is_no_option(words: list[str], name: str) -> None:
    assert find_command(words)[0].name == name


def test_a_word_to_leave_out_is_no_option_though_it_begins_with_a_letter_of_one(run: Run, tmp_path: Path) -> None:
    (tmp_path / "x.txt").write_text("One\n\nSource: Us\n\nFinance.\n\n\nTwo\n\nSource: Us\n\nFrance.\n")
    path = str(tmp_path / "x.txt")
    assert "Two" in run("list", "-finance", "-f", path).out
    assert "One" in run("list", "-France", f"-f{path}").out
    assert run("list", "-finance", "-f", path).out.count("\n") == 1
    for words in (["count", f"-qf{path}"], [f"-f{path}", "count"], [f"-f{os.path.relpath(path)}", "count"]):
        assert run(*words).out == "2\n"
    assert run(f"-f{os.path.relpath(path)}").out == run("show", "-f", path).out


WORDS = st.sampled_from([*"-fFnq", "", "--", "-", "-f", "-n", "-F", "-qn", "--limit", "--from", *COMMANDS]) | st.text(
    max_size=5
)


@given(st.lists(WORDS | WORDS.map("-{}".format), max_size=6))
def test_any_words_are_understood_or_an_error_of_usage(words: list[str]) -> None:
    usage, rest = find_command(words)
    with contextlib.suppress(UsageError):
        options = parse_arguments(usage, rest)
        assert "" not in options.paths
        assert options.help or len(options.arguments) >= usage.least


def test_every_command_has_its_help_and_runs() -> None:
    assert set(COMMANDS) == {usage.name for usage in (READER_USAGE, *USAGES)}


@pytest.mark.parametrize("name", [READER, *(usage.name for usage in USAGES)])
def test_help_names_its_command_with_examples_in_80_columns(name: str, run: Run) -> None:
    result = run(*([] if name == READER else [name]), "--help")
    assert result.status == 0
    assert result.out.startswith("Usage: newsreader")
    assert max(map(len, result.out.splitlines())) <= 90
    assert not result.err


def test_help_shows_every_command(run: Run) -> None:
    text = run("--help").out
    for usage in USAGES:
        assert f"\n  {usage.name}" in text


def test_examples_of_the_help_are_understood(run: Run) -> None:
    import shlex

    for usage in USAGES:
        for line, _ in usage.examples:
            words = shlex.split(line.split("|")[0].split(">")[0])[1:]
            assert find_command(words)[0] is usage, line


def test_version_is_the_same_both_ways(run: Run) -> None:
    assert run("--version", "-q").out == f"newsreader {__version__}\n"
    assert spawn("--version").stdout.decode() == f"newsreader {__version__}\n"


def test_limit_sort_and_reverse(run: Run) -> None:
    dates = [line.split("\t")[1] for line in run("list", "--reverse").out.splitlines()]
    assert dates[-1] == "2024-10-08"
    sources = [line.split("\t")[3] for line in run("list", "--sort", "source").out.splitlines()]
    assert sources == sorted(sources, key=str.casefold)
    assert run("list", "-n", "0").status == 1


def test_jsonl_has_what_a_date_rests_on(run: Run) -> None:
    shapes = [json.loads(line) for line in run("list", "--format", "jsonl").out.splitlines()]
    assert len(shapes) == 49
    assert all("body" not in shape for shape in shapes)
    assert {"stated", "text", "inferred", "neighbours"} <= {shape["date_basis"] for shape in shapes}
    assert all(shape["origins"][0]["line"] >= 1 for shape in shapes)


def test_json_of_nothing_is_valid_and_status_1(run: Run) -> None:
    result = run("list", "zzzzz", "--format", "json")
    assert (result.status, json.loads(result.out)) == (1, {"version": 1, "releases": []})
    assert result.err == "newsreader: Nothing matches.\n"
    assert run("list", "-q", "zzzzz").err == ""


def test_show_takes_ids_in_their_order(run: Run) -> None:
    ids = [line.split("\t")[0] for line in run("list", "-n", "3").out.splitlines()]
    shapes = [json.loads(line) for line in run("show", ids[2][:8], ids[0], "--format", "jsonl").out.splitlines()]
    assert [shape["id"][:12] for shape in shapes] == [ids[2], ids[0]]
    assert all(shape["body"] for shape in shapes)


def test_a_word_that_looks_like_an_id_and_is_none_is_a_query(run: Run) -> None:
    assert run("show", "2023").out == run("show", '"2023"').out
    assert run("show", "ffffffffff").err.startswith("newsreader: No id begins with ffffffffff; it is taken as a word.")


def test_ids_that_are_there_are_shown_and_those_that_are_gone_are_named(run: Run) -> None:
    id = run("list", "-n", "1").out.split("\t")[0]
    result = run("show", id, "ffffffffff", "--format", "jsonl")
    assert result.status == 3
    assert json.loads(result.out)["id"].startswith(id)
    assert result.err == "newsreader: No id begins with ffffffffff; it is left out.\n"
    result = run("mark", "star", "ffffffffff", id)
    assert (result.status, result.err.splitlines()[1:]) == (3, ["newsreader: 1 release is now starred."])


def test_show_as_a_digest_is_the_digest_again(run: Run, seeds: Path) -> None:
    ids = [
        item.id
        for path in seeds.iterdir()
        for item in parse_digest([path.read_bytes()], "x")
        if isinstance(item, Draft)
    ]
    text = run("show", "--format", "digest").out
    assert {item.id for item in parse_digest([text.encode()], "x") if isinstance(item, Draft)} == set(ids)


def test_count_and_sources_agree(run: Run) -> None:
    assert run("count", "source:nato").out == "20\n"
    assert run("count", "zzzzz").status == 1
    rows = [line.split("\t") for line in run("sources").out.splitlines()]
    assert sum(int(row[0]) for row in rows) == 49
    assert ["20", "20", "0", "NATO"] in rows
    assert json.loads(run("sources", "--format", "json").out)["sources"][0]["source"] == "Eurojust"


def test_marks_are_set_counted_and_taken_away(run: Run) -> None:
    result = run("mark", "read", "source:nato")
    assert (result.status, result.out) == (0, "")
    assert result.err == "newsreader: 20 releases are now read.\n"
    assert run("mark", "read", "source:nato").err == "newsreader: 0 releases are now read; 20 already were.\n"
    assert run("count", "is:unread").out == "29\n"
    id = run("list", "-n", "1").out.split("\t")[0]
    assert run("mark", "star", id).err == "newsreader: 1 release is now starred.\n"
    assert run("list", "is:starred").out.split("\t")[2] == "-s"
    assert run("mark", "unstar", "is:starred").status == 0
    assert run("count", "is:starred").out == "0\n"
    assert run("mark", "unread", "is:read").status == 0
    assert run("count", "is:unread").out == "49\n"


def test_marking_nothing_is_status_1(run: Run) -> None:
    assert run("mark", "read", "zzzzz").status == 1


@pytest.mark.parametrize("query", [[], [""], ["", "  "]])
def test_an_empty_query_marks_nothing_but_a_star_marks_all(query: list[str], run: Run) -> None:
    assert run("mark", "read", *query).status == 2
    assert run("count", "is:read").out == "0\n"
    assert run("mark", "read", "*").err == "newsreader: 49 releases are now read.\n"


def test_an_empty_query_lists_all(run: Run) -> None:
    assert run("list", "").out == run("list").out


def test_mark_takes_piped_input_for_the_library_as_other_commands_do() -> None:
    digest = b"One\n\nSource: Us\n\nText.\n"
    assert spawn("mark", "star", "one", input=digest).stderr == b"newsreader: 1 release is now starred.\n"
    assert spawn("mark", "read", "*", "-", input=digest).stderr == b"newsreader: 1 release is now read.\n"


def test_marks_that_cannot_be_used_are_never_confirmed_or_counted_as_none(run: Run, own_homes: Path) -> None:
    (own_homes / "xdg_data_home").write_text("no folder")
    result = run("mark", "star", "nato")
    assert result.status == 3
    assert "the marks cannot be used" in result.err
    assert "now starred" not in result.err
    for words in (["count", "is:starred"], ["count"], ["list"], ["sources"], ["show", "is:starred"]):
        result = run(*words)
        assert result.status == 3, words
        assert "the marks cannot be used" in result.err


def test_exported_marks_go_to_the_end_of_a_link_and_into_what_is_no_file(run: Run, tmp_path: Path) -> None:
    run("mark", "star", "source:europol")
    expected = run("marks", "export").out
    file, link, pipe = tmp_path / "file", tmp_path / "link", tmp_path / "pipe"
    link.symlink_to(file)
    former = os.umask(0)
    try:
        assert run("marks", "export", str(link)).status == 0
    finally:
        os.umask(former)
    assert link.is_symlink()
    assert file.read_text() == expected
    assert file.stat().st_mode & 0o777 == 0o600
    file.chmod(0o640)
    assert run("marks", "export", str(file)).status == 0
    assert file.stat().st_mode & 0o777 == 0o640
    os.mkfifo(pipe)
    reading = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    assert run("marks", "export", str(pipe)).status == 0
    assert os.read(reading, 65536).decode() == expected
    os.close(reading)
    assert pipe.is_fifo()


def test_an_export_that_fails_leaves_the_former_file_and_nothing_else(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "marks.jsonl"
    file.write_text("former\n")

    def fail(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    result = run("marks", "export", str(file))
    assert result.status == 3
    assert result.err == f"newsreader: {file}: this cannot be written: No space left on device.\n"
    assert list(tmp_path.iterdir()) == [file]
    assert file.read_text() == "former\n"


def test_backups_are_listed_and_restored(run: Run, own_homes: Path) -> None:
    result = run("marks", "backups")
    assert (result.status, result.out) == (1, "")
    assert "There are no backups yet" in result.err
    run("mark", "star", "source:europol")
    run("mark", "read", "source:europol")
    result = run("marks", "backups")
    day, count, path = result.out.rstrip("\n").split("\t")
    assert (result.status, count) == (0, "9")
    assert path.endswith(f"/backups/marks-{day}.db")
    assert dict(line.split("\t") for line in run("paths").out.splitlines())["backups"] == os.path.dirname(path)
    assert "18 marks are sound" in run("marks", "restore").err
    assert run("marks", "restore", "1999-01-01").status == 3
    file = own_homes / "xdg_data_home/newsreader/marks.db"
    file.write_text("nonsense")
    result = run("mark", "star", "source:nato")
    assert result.status == 3
    assert "newsreader marks restore" in result.err
    result = run("marks", "restore")
    assert result.status == 0
    assert (
        f"the marks of {day} are back, but nothing could be read of the file that was there; that file is kept as "
        in result.err
    )
    assert run("count", "is:starred").out == "9\n"
    assert run("count", "is:read").out == "0\n"


def test_rows_that_are_no_marks_are_left_out_of_an_export_and_counted(run: Run, own_homes: Path) -> None:
    run("mark", "star", "source:europol")
    with sqlite3.connect(own_homes / "xdg_data_home/newsreader/marks.db") as connection:
        connection.execute("UPDATE mark SET kind = 'tagged' WHERE id IN (SELECT id FROM mark LIMIT 2)")
    result = run("marks", "export")
    assert result.status == 3
    assert result.out.count("\n") == 7
    assert "2 rows that were no marks were left out" in result.err


@pytest.mark.parametrize(
    "content",
    [b"\0" * 3_000_000, b"{" * 3_000_000, b"[" * 200_000, b"\xff\xfe", b'{"id": "\x1b[2Jab"}\n', b"null\n", b'"ab"\n'],
    ids=["zeros", "braces", "brackets", "bytes", "escapes", "null", "text"],
)
def test_hostile_marks_are_refused_in_a_line(run: Run, tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "marks.jsonl"
    file.write_bytes(content)
    result = run("marks", "import", str(file))
    assert result.status == 3
    assert len(result.err) < 400
    assert "\x1b" not in result.err
    assert run("marks", "export").out == ""


def test_marks_go_through_a_file_and_back(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "marks.jsonl"
    run("mark", "star", "source:europol")
    assert run("marks", "export", str(file)).status == 0
    assert file.read_text() == run("marks", "export").out
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "other"))
    assert run("count", "is:starred").out == "0\n"
    assert run("marks", "import", str(file)).err == "newsreader: 9 marks were taken over.\n"
    assert run("count", "is:starred").out == "9\n"


def test_importing_what_is_no_export_is_one_sentence(run: Run, tmp_path: Path) -> None:
    (tmp_path / "x").write_text("nonsense\n")
    for file in (tmp_path / "x", tmp_path / "missing", tmp_path, "/dev/zero"):
        result = run("marks", "import", str(file))
        assert result.status == 3
        assert result.err.startswith("newsreader: ")


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("list", "--zzz"), "There is no option --zzz. See newsreader list --help."),
        (("list", "--bodi"), "There is no option --bodi; did you mean --body? See"),
        (("count", "--body"), "There is no option --body"),
        (("keys", "-n3"), "There is no option -n"),
        (("list", "--quiet=1"), "takes no value"),
        (("list", "-n", "x"), "no number"),
        (("list", "--width", "0"), "“0” is no number from 1 up"),
        (("list", "-n"), "The option -n needs a value behind it: NUMBER."),
        (("list", "--format", "xml"), "cannot be “xml”; choose from text, markdown"),
        (("list", "--encoding", "klingon"), "There is no encoding “klingon”"),
        (("list", "--encoding", "idna"), "There is no encoding “idna”"),
        (("list", "-f", ""), "path is empty"),
        (("",), "path is empty"),
        (("check", ""), "path is empty"),
        (("marks", "export", ""), "path is empty"),
        (("paths", "x"), "Nothing can follow paths"),
        (("keys", "x"), "Nothing can follow keys"),
        (("config", "x"), "Nothing can follow config"),
        (("mark", "read"), "read|unread|star|unstar"),
        (("mark", "bogus", "nato"), "say read, unread, star or unstar"),
        (("marks", "bogus"), "marks export"),
    ],
)
def test_wrong_usage_is_one_sentence_and_status_2(words: tuple[str, ...], expected: str, run: Run) -> None:
    result = run(*words)
    assert (result.status, result.out) == (2, "")
    assert result.err.startswith("newsreader: ")
    assert expected in result.err
    assert result.err.count("\n") == 1


def test_a_query_error_points_at_its_place(run: Run) -> None:
    result = run("list", "nato sorce:x")
    assert result.status == 2
    assert result.err.splitlines()[1:] == ["  nato sorce:x", "       ^"]


def test_a_query_error_holds_no_control_sequence(run: Run) -> None:
    result = run("list", "\x1b[31mevil\x07 sorce:x")
    assert result.status == 2
    assert "\x1b" not in result.err
    assert "\x07" not in result.err


def test_a_configuration_error_names_the_file(run: Run) -> None:
    path = Path(config_path())
    path.parent.mkdir(parents=True)
    path.write_text("read_afer = 3\n")
    result = run("config")
    assert result.status == 2
    assert result.err == f'newsreader: {path}: there is no setting "read_afer". Did you mean "read_after"?\n'


@pytest.mark.parametrize("query", ["/\udcff/", "caf\udce9", 'title:"\udcff"', "source:\udcff"])
def test_bytes_that_are_no_text_are_a_query_error(query: str, run: Run) -> None:
    result = run("list", query)
    assert result.status == 2
    assert "not text in UTF-8" in result.err


def test_a_query_may_name_a_digest_with_bytes_that_are_no_text(run: Run, tmp_path: Path) -> None:
    (tmp_path / "x\udcff.txt").write_text("One\n\nSource: Us\n\nText.\n")
    (tmp_path / "y.txt").write_text("Two\n\nSource: Us\n\nText.\n")
    assert run("count", "in:\udcff", "-f", str(tmp_path)).out == "1\n"


@pytest.mark.parametrize(
    "encoding", ["utf-16", "utf-16-le", "utf-32", "utf-8-sig", "utf-7", "shift_jis", "hz", "cp037"]
)
def test_a_known_encoding_reads_any_bytes(encoding: str, run: Run, tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(bytes(range(255, 0, -1)) * 2)
    assert run("count", "--encoding", encoding, "-f", str(tmp_path / "x")).status in {0, 1}


def test_a_limit_beyond_all_numbers_is_none(run: Run) -> None:
    assert run("list", "-n", "9" * 5000).out == run("list").out


def test_explain_says_how_a_query_is_understood(run: Run) -> None:
    result = run("list", "--explain", "cyber -exercise")
    assert result.status == 0
    assert "cyber" in result.out
    assert result.out.count("\n") == 1
    assert "\u1160" not in run("list", "--explain", "in:\u1160x").out


def test_unreadable_input_is_named_and_the_rest_is_read(run: Run, seeds: Path, tmp_path: Path) -> None:
    result = run("list", "-f", str(tmp_path / "missing"), "-f", str(seeds))
    assert result.status == 3
    assert result.out.count("\n") == 49
    assert result.err.count("\n") == 1
    assert f"{tmp_path}/missing: " in result.err
    assert run("list", "-q", "-f", str(tmp_path / "missing")).err == ""


def test_an_empty_library_says_what_to_do(run: Run, tmp_path: Path) -> None:
    result = run("list", "-f", str(tmp_path))
    assert result.status == 1
    assert "there are no digests here" in result.err


def test_a_path_that_cannot_be_reached_is_not_said_to_be_missing(run: Run, tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to("loop")
    result = run(str(tmp_path / "loop"))
    assert result.status == 3
    assert "there is no such file" not in result.err
    assert f"{tmp_path}/loop: this cannot be reached: " in result.err


def test_a_cache_folder_that_cannot_be_used_is_one_sentence(run: Run, own_homes: Path) -> None:
    (own_homes / "xdg_cache_home").write_text("no folder")
    result = run("count")
    assert (result.status, result.out) == (0, "49\n")
    assert result.err.count("\n") == 1
    assert result.err.endswith("the archive cannot be used (Not a directory); it is held in memory instead.\n")
    assert run("count", "-q").err == ""


def test_an_archive_that_cannot_be_written_is_held_in_memory(tmp_path: Path) -> None:
    result = shell(f"ulimit -f 40; XDG_CACHE_HOME={tmp_path} newsreader count -f seeds")
    assert result.stdout == b"49\n"
    assert result.stderr.count(b"\n") == 1
    assert b"; it is held in memory instead.\n" in result.stderr


@pytest.mark.parametrize("words", [["show", "-n", "1"], ["list", "--sort", "relevance", "nato"]])
def test_an_archive_that_turns_out_to_be_damaged_is_made_anew(words: list[str], run: Run, own_homes: Path) -> None:
    expected = run(*words).out
    (file,) = own_homes.rglob("archive*.db")
    with sqlite3.connect(file) as connection:
        connection.execute("UPDATE body SET packed = x'00'")
    connection.close()
    result = run(*words)
    assert (result.status, result.out, result.err) == (0, expected, "")


def test_damage_found_while_printing_is_told(run: Run, own_homes: Path) -> None:
    run("count")
    (file,) = own_homes.rglob("archive*.db")
    with sqlite3.connect(file) as connection:
        connection.execute("UPDATE body SET packed = x'00'")
    connection.close()
    result = run("show", "--format", "json")
    assert result.status == 3
    assert "the archive was damaged" in result.err
    assert result.err.endswith("newsreader: The output is not complete.\n")
    assert len(json.loads(run("show", "--format", "json").out)["releases"]) == 49


def test_a_mistyped_command_is_named(run: Run) -> None:
    result = run("lst")
    assert result.status == 3
    assert "it is newsreader list" in result.err


def test_the_reader_prints_where_standard_output_is_no_terminal(run: Run, seeds: Path) -> None:
    assert run(str(seeds), "--filter", "source:europol").out == run("show", "source:europol").out


def test_hostile_text_is_shown_and_does_nothing(run: Run, tmp_path: Path) -> None:
    (tmp_path / "evil\x1b[31m.txt").write_text(HOSTILE)
    for words in (["list"], ["show"], ["sources"], ["list", "--format", "jsonl"], ["list", "-v"], ["check"]):
        result = run(*words, *(["-f"] if words != ["check"] else []), str(tmp_path))
        for character in "\x1b\x07\x9b\u202e":
            assert character not in result.out + result.err, words


def test_check_tells_digests_and_remarks(run: Run, seeds: Path, tmp_path: Path) -> None:
    (tmp_path / "odd.txt").write_text("Text before any head.\n")
    (tmp_path / "binary").write_bytes(b"%PDF-" + bytes(range(256)))
    result = run("check", str(seeds), str(tmp_path))
    assert result.status == 0
    assert f"{tmp_path}/odd.txt:1: " in result.out
    assert f"{tmp_path}/binary: " in result.out
    assert f"{next(iter(sorted(seeds.iterdir())))}: 10 releases\n" in result.out
    assert " 50 releases; " in result.out
    assert run("check", str(tmp_path / "missing")).status == 3


def test_paths_keys_and_config_tell_where_and_what(run: Run, own_homes: Path) -> None:
    places = dict(line.split("\t", 1) for line in run("paths").out.splitlines())
    assert places["configuration"] == config_path()
    assert places["marks"].startswith(str(own_homes))
    assert "\n/\tedit-filter\t" in run("keys").out
    assert {row["command"]: row["keys"] for row in json.loads(run("keys", "--format", "json").out)["keys"]}[
        "edit-filter"
    ] == "slash"


def test_config_prints_a_configuration_that_sets_the_same(run: Run) -> None:
    path = Path(config_path())
    path.parent.mkdir(parents=True)
    path.write_text('library = ["~/x"]\nread_after = 3\n[keys]\ntoggle-star = "f9"\n')
    text = run("config").out
    path.write_text(text)
    assert [line.partition("  #")[0] for line in run("config").out.splitlines()] == [
        line.partition("  #")[0] for line in text.splitlines()
    ]
    assert "read_after = 3.0\n" in text


def test_the_library_is_chosen_in_order(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seeds: Path) -> None:
    digests = {name: tmp_path / name for name in ("option", "variable", "configured")}
    for name, file in digests.items():
        file.write_text(f"From {name}\n\nSource: Us\n\nText.\n")
    Path(config_path()).parent.mkdir(parents=True)
    monkeypatch.delenv("NEWSREADER_LIBRARY")
    sample = run("list")
    assert sample.out.count("\n") == 49
    assert "bundled sample" in sample.err
    Path(config_path()).write_text(f"library = ['{digests['configured']}']\n")
    assert "From configured" in run("list").out
    monkeypatch.setenv("NEWSREADER_LIBRARY", f"{digests['variable']}{os.pathsep}{seeds}")
    assert run("count").out == "50\n"
    assert "From option" in run("list", "-f", str(digests["option"])).out


def test_no_cache_keeps_no_archive(run: Run, own_homes: Path) -> None:
    assert run("count", "--no-cache").out == "49\n"
    assert not list(own_homes.rglob("archive*"))
    run("count")
    assert list(own_homes.rglob("archive*"))


def test_piped_input_is_the_library(seeds: Path) -> None:
    digest = min(seeds.iterdir()).read_bytes()
    for words in (["count"], ["count", "-"], ["count", "-f", "-"]):
        assert spawn(*words, input=digest).stdout == b"10\n", words
    assert spawn("count", input=b"", NEWSREADER_LIBRARY=str(seeds)).stdout == b"49\n"
    assert b"bundled sample" not in spawn("list", input=digest).stderr


def test_a_loop_over_ids_is_not_robbed_of_its_input() -> None:
    result = shell('newsreader list -q -n 3 | while read -r id rest; do newsreader show -q "$id" | head -n 1; done')
    assert result.stdout.count(b"\n") == 3


def test_a_closed_pipe_is_silent() -> None:
    result = shell("newsreader show -q | head -n 1; echo ${PIPESTATUS[0]}; newsreader --help | head -n 1")
    assert result.stderr == b""
    assert b"\n0\n" in result.stdout


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full")
@pytest.mark.parametrize("words", ["list -q", "count -q", "--version", "--help", "check", "list -q --format json"])
def test_output_that_cannot_be_written_is_one_sentence_and_status_3(words: str) -> None:
    for target in ("/dev/full", "&-"):
        result = shell(f"newsreader {words} >{target}; echo $?")
        assert result.stdout == b"3\n", target
        assert result.stderr.count(b"\n") == 1, target
        assert b"Traceback" not in result.stderr


def test_a_closed_standard_error_harms_nothing() -> None:
    for target in ("&-", "/dev/full"):
        assert shell(f"newsreader count 2>{target}").stdout == b"49\n"


@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_ends_the_program_with_its_status_and_no_traceback(number: int, status: int) -> None:
    program = [sys.executable, "-m", "newsreader", "list"]
    with subprocess.Popen(
        program, cwd=PROJECT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stderr is not None
        assert b"Waiting for a digest" in process.stderr.readline()
        process.send_signal(number)
        assert process.wait(60) == status
        assert process.stderr.read() == b""


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252"])
def test_characters_that_the_locale_lacks_never_stop_output(encoding: str) -> None:
    result = spawn("show", "-q", PYTHONIOENCODING=encoding)
    assert (result.returncode, result.stderr) == (0, b"")
    assert "Chișinău" in spawn("show", "--format", "jsonl", PYTHONIOENCODING=encoding).stdout.decode()


LOADED = """
import sys
from newsreader.cli import main
status = main(sys.argv[1:])
heavy = {"textual", "rich", "dateutil", "platformdirs", "pathlib", "dataclasses", "typing", "tomllib", "asyncio"}
heavy &= set(sys.modules)
print(*sorted(heavy), file=sys.stderr)
"""


@pytest.mark.parametrize(
    "words",
    [
        "list",
        "show -n 1",
        "count",
        "sources",
        "mark read nato",
        "marks export",
        "paths",
        "keys",
        "config",
        "--help",
        "seeds",
    ],
)
def test_no_command_but_pick_imports_what_draws_or_what_is_slow(words: str, seeds: Path) -> None:
    spawn("count")  # reading digests for the first time may import what it likes
    result = subprocess.run(
        [sys.executable, "-c", LOADED, *words.split()],
        capture_output=True,
        text=True,
        cwd=PROJECT,
        stdin=subprocess.DEVNULL,
        check=False,
    )
    loaded = set(result.stderr.splitlines()[-1].split())
    assert not loaded & {"textual", "rich", "platformdirs", "asyncio", "tomllib", "argparse", "dataclasses"}


def test_pick_and_the_reader_need_a_terminal() -> None:
    result = spawn("pick", TERM="dumb")
    assert result.returncode == 2
    assert b"needs a terminal" in result.stderr
    assert result.stderr.count(b"Traceback") == 0


@pytest.mark.parametrize(
    "command",
    ["list", "show", "count", "sources", "check", "paths", "mark star nato", "keys", "config", "--filter x"],
)
def test_an_error_anywhere_in_the_configuration_stops_whatever_needs_the_file_and_nothing_else(
    command: str, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path(config_path()).parent.mkdir(parents=True)
    Path(config_path()).write_text('[keys]\nnonsense = "x"\n')
    is_stopped = command in {"keys", "config"}
    assert (run(*command.split()).status == 2) == is_stopped, "NEWSREADER_LIBRARY names the library"
    assert run("marks", "export").status == 0
    monkeypatch.delenv("NEWSREADER_LIBRARY")
    stopped = run(*command.split())
    assert stopped.status == 2
    assert 'there is no command "nonsense"' in stopped.err


@pytest.mark.parametrize("words", [("list", "-f", "."), ("check", "some.txt"), ("--plain", "digests")])
def test_a_path_that_counts_from_a_folder_which_is_gone_is_told(words: tuple[str, ...], tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    command = shlex.join([sys.executable, "-m", "newsreader", *words])
    environment = {**os.environ, "PYTHONPATH": str(PROJECT)}
    result = subprocess.run(
        ["sh", "-c", f"cd {gone} && rmdir {gone} && exec {command}"], env=environment, capture_output=True, timeout=60
    )
    assert result.returncode == 3
    assert b"the current folder cannot be reached" in result.stderr


@pytest.mark.parametrize("encoding", ["utf-16", "utf-7", "cp037", "iso2022_jp", "shift_jis", "cp437", "ascii"])
def test_no_encoding_of_standard_output_makes_control_characters_of_text(encoding: str) -> None:
    result = spawn("show", "-f", "seeds", PYTHONIOENCODING=encoding)
    assert result.returncode == 0
    assert set(result.stdout) & {*range(32), 127} == {ord("\n")}
    assert b"NATO Secretary General" in result.stdout


@pytest.mark.parametrize(
    "name", [b"q?a=b&mode=ro#part%41%00", b"new\nline\xff", b"\x1b]0;x\x07;'\"$(id)`", b":memory:"]
)
def test_marks_and_archive_live_in_folders_of_any_name(name: bytes, tmp_path: Path) -> None:
    folder = os.fsencode(tmp_path) + b"/" + name
    environment = {
        **os.environb,
        **{b"XDG_%s_HOME" % kind: folder for kind in (b"DATA", b"CACHE", b"STATE", b"CONFIG")},
    }
    for words, out in (("mark", "star", "nato"), b""), (("count", "is:starred"), b"23\n"), (("paths",), None):
        run = subprocess.run(
            [sys.executable, "-m", "newsreader", *words, "-f", "seeds"],
            cwd=PROJECT, env=environment, stdin=subprocess.DEVNULL, capture_output=True, timeout=60,
        )  # fmt: skip
        assert run.returncode == 0, run.stderr
        assert out is None or run.stdout == out
        assert not set(run.stdout + run.stderr) & {0x1B, 0x07}
    assert os.path.isfile(folder + b"/newsreader/marks.db")
    assert len([each for each in os.listdir(folder + b"/newsreader") if each.endswith(b".db")]) == 2
