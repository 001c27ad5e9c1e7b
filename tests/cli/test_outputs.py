"""Several outputs of one run: their formats, their names, all or nothing, and files that stay as they are."""

from __future__ import annotations

import csv
import shutil
from datetime import date, datetime, tzinfo
from pathlib import Path

import pytest

from funnelcli.answers.layout import Layout
from funnelcli.api.unchanged import says_the_same
from funnelcli.cli.outputs import delivery
from funnelcli.problems import UsageError
from funnelcli.renderers import Style
from funnelcli.text import languages
from funnelcli.writing import Output, write_files
from support import command, run_cli, write_folder

PLAIN = Path(__file__).parents[2] / "examples" / "plain"
AUGUST = ("--month", "2026-08")
OUTPUTS = ("a.md", "a.html", "a.eml", "a.xlsx", "a.json", "a.csv", "a.txt")


def forms(form: str | None, *outputs: str) -> list[tuple[str, str | None]]:
    return [(copy.form.name, copy.output) for copy in delivery(form, outputs).copies]


def tree(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))


# --- formats and places ----------------------------------------------------------------------------------------------


def test_of_several_outputs_each_has_the_format_of_its_ending() -> None:
    assert forms(None, "a.md", "b.HTML", "-") == [("md", "a.md"), ("html", "b.HTML"), ("table", None)]
    assert forms("md", "-", "b.html") == [("md", None), ("html", "b.html")]
    assert forms("json", "x", "b.csv") == [("json", "x"), ("csv", "b.csv")]


def test_of_a_single_output_the_format_is_the_one_asked_for() -> None:
    assert forms("csv", "a.md") == [("csv", "a.md")]
    assert forms(None) == [("table", None)]


@pytest.mark.parametrize(
    ("form", "outputs", "says"),
    [
        ("csv", ("a.md", "b.html"), "-f csv is the format of no output."),
        (None, ("-", "-"), "-o - is given twice."),
        (None, ("a.md", "b"), "-o b: the ending (none) tells no format."),
        (None, ("{periode}.md",), "-o {periode}.md: {periode} is not known. Known is {period} or {as_of}; "),
        (None, ("{period!r}.md",), "{period!r} is not known."),
        (None, ("{period.x:3}.md",), "{period.x:3} is not known."),
        (None, ("{}.md",), "{} is not known."),
        (None, ("{0}.md",), "{0} is not known."),
        (None, ("out/{period.md",), "has a brace without its other half."),
        (None, ("out/period}.md",), "has a brace without its other half."),
    ],
)
def test_outputs_that_cannot_be_are_refused_before_anything_is_read(
    form: str | None, outputs: tuple[str, ...], says: str
) -> None:
    with pytest.raises(UsageError) as refused:
        delivery(form, outputs)
    assert says in refused.value.text.of("en")


def test_one_run_writes_them_all_into_folders_that_are_made(tmp_path: Path) -> None:
    done = run_cli(
        "report", PLAIN, "--to", "2026-08", "-o", "out/{as_of}/{period}.md", "-o", "out/{period}.csv", "-f", "json",
        "-o", "-", "-o", "{{x}}.xlsx", cwd=tmp_path,
    )  # fmt: skip
    assert done.returncode == 0
    written = ["out/2026-08-31/2026-08.md", "out/2026-08.csv", "{x}.xlsx"]
    assert done.stderr == "".join(f"wrote {name}\n" for name in written)
    assert tree(tmp_path) == ["out", "out/2026-08-31", *sorted([*written[:2]]), "{x}.xlsx"]
    for form, text in (
        ("json", done.stdout),
        ("csv", (tmp_path / written[1]).read_text(encoding="utf-8")),
        ("md", (tmp_path / written[0]).read_text(encoding="utf-8")),
    ):
        assert text == run_cli("report", PLAIN, "--to", "2026-08", "-f", form).stdout


@pytest.mark.parametrize(
    ("command", "written"),
    [
        (("check", str(PLAIN), "-o", "{as_of}.md"), "2026-08-31.md"),
        (("explain", "new_signups", str(PLAIN), "--month", "2026Q1", "-o", "{period}-{as_of}.md"),
         "2026Q1-2026-08-31.md"),
        (("targets", str(PLAIN), "--new-paid-users", "9", "--from", "2026-09", "--to", "2026-10", "-o", "{period}.md"),
         "2026-10.md"),
    ],
    ids=lambda value: value[0] if isinstance(value, tuple) else "",
)  # fmt: skip
def test_each_command_says_what_it_is_about(command: tuple[str, ...], written: str, tmp_path: Path) -> None:
    assert run_cli(*command, cwd=tmp_path).returncode == 0
    assert tree(tmp_path) == [written]


def test_what_an_answer_has_not_is_said_with_what_it_has(tmp_path: Path) -> None:
    done = run_cli("metrics", "-o", "{period}.md", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "funnelcli: -o {period}.md: {period} is not known. Nothing can be filled in here.\n"
    done = run_cli("check", PLAIN, "-o", "{period}.md", "--lang", "vi", cwd=tmp_path)
    assert done.stderr == (
        "funnelcli: -o {period}.md: Không có {period}. Có thể dùng {as_of}; muốn viết ngoặc nhọn thì viết đôi.\n"
    )
    assert tree(tmp_path) == []


def test_two_outputs_of_one_name_are_refused(tmp_path: Path) -> None:
    done = run_cli("report", PLAIN, "-o", "a/{period}.md", "-o", "a/../a/2026-08.md", cwd=tmp_path)
    assert (done.returncode, tree(tmp_path)) == (2, [])
    assert "-o a/../a/2026-08.md is given twice." in done.stderr


def test_a_layout_has_to_fit_one_of_the_formats() -> None:
    assert delivery(None, ("a.csv", "a.md"), style=Style(layout=Layout.PART)).style.layout is Layout.PART
    with pytest.raises(UsageError, match="--layout part does not fit -f csv"):
        delivery(None, ("a.csv", "a.json"), style=Style(layout=Layout.PART))


# --- all or nothing --------------------------------------------------------------------------------------------------


def test_where_one_cannot_be_written_all_stay_as_they_were(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("old", encoding="utf-8")
    (tmp_path / "b.csv").mkdir()
    done = run_cli("report", PLAIN, "-o", "a.md", "-o", "new/c.md", "-o", "b.csv", "-o", "-", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "funnelcli: -o b.csv is a folder.\n  Give a file name in it.\n"
    assert tree(tmp_path) == ["a.md", "b.csv"]
    assert (tmp_path / "a.md").read_text(encoding="utf-8") == "old"


def test_a_disk_that_fills_up_leaves_all_old_files_and_no_folder(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"old")
    synced: list[int] = []

    def full(handle: int) -> None:
        synced.append(handle)
        if len(synced) == 2:
            raise OSError(28, "No space left on device")

    outputs = [Output(path=tmp_path / name, data=b"new") for name in ("a", "x/y/b", "c")]
    with pytest.raises(UsageError, match="No space left"):
        write_files(outputs, folders=True, sync=full)
    assert (tree(tmp_path), (tmp_path / "a").read_bytes()) == (["a"], b"old")
    write_files(outputs, folders=True)
    assert tree(tmp_path) == ["a", "c", "x", "x/y", "x/y/b"]
    assert (tmp_path / "x/y/b").read_bytes() == b"new"


def test_a_file_where_a_folder_should_be_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("", encoding="utf-8")
    done = run_cli("report", PLAIN, "-o", "out/deep/a.md", cwd=tmp_path)
    assert (done.returncode, tree(tmp_path)) == (2, ["out"])
    assert done.stderr.startswith("funnelcli: out/deep/a.md: cannot be written: ")


# --- if changed ------------------------------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    copy = tmp_path / "exports"
    shutil.copytree(PLAIN, copy)
    return copy


def written(tmp_path: Path, *options: str) -> dict[str, bool]:
    """Which outputs of a report were written, by what the command says and by what the disk says."""
    old = {name: (tmp_path / name).stat().st_ino if (tmp_path / name).exists() else None for name in OUTPUTS}
    given = [part for name in OUTPUTS for part in ("-o", name)]
    done = run_cli("report", "exports", *options, "--if-changed", *given, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    new = {name: (tmp_path / name).stat().st_ino != old[name] for name in OUTPUTS}
    said = [f"wrote {name}" if new[name] else f"{name} is as it was" for name in OUTPUTS]
    assert [line for line in done.stderr.splitlines() if not line.startswith("funnelcli: ")] == said
    return new


def test_the_same_bytes_leave_the_files_alone(folder: Path, tmp_path: Path) -> None:
    assert set(written(tmp_path).values()) == {True}
    assert set(written(tmp_path).values()) == {False}
    visits = folder / "visitors.csv"
    visits.write_text(visits.read_text(encoding="utf-8") + "2026-08-31,google,,\n", encoding="utf-8")
    assert set(written(tmp_path).values()) == {True}


def test_a_day_that_is_given_is_no_clock(folder: Path, tmp_path: Path) -> None:
    """2026-09-01 to 03 show September empty of all; asked for by name, what is counted up to is what was asked."""
    assert set(written(tmp_path, "--as-of", "2026-09-01", *AUGUST).values()) == {True}
    again = written(tmp_path, "--as-of", "2026-09-02", *AUGUST)
    assert again == {
        "a.md": True,
        "a.html": True,
        "a.eml": True,
        "a.xlsx": True,
        "a.json": True,
        "a.csv": False,
        "a.txt": True,
    }


def at(day: date, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], *arguments: str) -> list[str]:
    """What a run in this process says on a day."""

    class Clock(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Clock:
            return cls(day.year, day.month, day.day, 5, tzinfo=tz)

    with monkeypatch.context() as patched:
        patched.setattr("funnelcli.cli.session.datetime", Clock)
        with pytest.raises(SystemExit) as left:
            command()(list(arguments))
    said = capfd.readouterr().err
    assert left.value.code in (0, None), said
    return said.splitlines()


def test_of_the_clock_only_another_day_is_no_change(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """August is over: on each of the next days the report says the same, but for the day up to which is counted."""
    monkeypatch.chdir(tmp_path)
    for lang in languages():
        outputs = tuple(part for name in OUTPUTS for part in ("-o", f"{lang}-{name}"))
        options = ("report", "exports", "--as-of", "today", *AUGUST, "--lang", lang, "--if-changed", *outputs)
        said = at(date(2026, 9, 1), monkeypatch, capfd, *options)
        assert [line.split()[-1] for line in said] == [f"{lang}-{name}" for name in OUTPUTS]
        before = {name: (tmp_path / f"{lang}-{name}").read_bytes() for name in OUTPUTS}
        as_it_was = {"en": "{} is as it was", "vi": "{} vẫn như cũ"}[lang]
        said = at(date(2026, 9, 2), monkeypatch, capfd, *options)
        said = [line for line in said if not line.startswith("funnelcli: ")]  # warnings
        assert said == [as_it_was.format(f"{lang}-{name}") for name in OUTPUTS]
        assert before == {name: (tmp_path / f"{lang}-{name}").read_bytes() for name in OUTPUTS}
    changed = at(date(2026, 10, 12), monkeypatch, capfd, *options)  # the exports end early now, which is said
    changed = [line for line in changed if "ends-early" not in line]
    wrote = [f"đã ghi vi-{name}" for name in OUTPUTS if name != "a.csv"]
    assert sorted(changed) == sorted([*wrote, "vi-a.csv vẫn như cũ"])


def test_what_is_no_file_of_the_format_is_written_anew(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.xlsx").write_bytes(b"no workbook")
    options = ("report", "exports", "--as-of", "today", *AUGUST, "--if-changed", "-o", "a.xlsx")
    assert at(date(2026, 9, 1), monkeypatch, capfd, *options) == ["wrote a.xlsx"]
    assert at(date(2026, 9, 2), monkeypatch, capfd, *options) == ["a.xlsx is as it was"]
    (tmp_path / "a.xlsx").write_bytes((tmp_path / "a.xlsx").read_bytes()[:900])
    assert at(date(2026, 9, 2), monkeypatch, capfd, *options) == ["wrote a.xlsx"]


@pytest.mark.parametrize(
    ("old", "new", "same"),
    [
        ("up to 2 Nov 2026: 5", "up to 3 Nov 2026: 5", True),
        ("up to 30 Oct 2026: 5", "up to 3 Nov 2026: 5", True),
        ("đến 02/11/2026: 5", "đến 03/11/2026: 5", True),
        ("2026-11-02 02/11/2026 2 Nov 2026", "2026-11-03 03/11/2026 3 Nov 2026", True),
        ("up to 2 Nov 2026: 4", "up to 3 Nov 2026: 5", False),
        ("up to 2 Nov 2026, 1 Nov 2026", "up to 3 Nov 2026, 3 Nov 2026", False),  # two days became one
        ("2026-11-02 2 Nov 2026", "2026-11-03 3 Nov 2026 3 Nov 2026", False),
        ("up to 99 Nov 2026", "up to 3 Nov 2026", False),
        ("up to soon", "up to 3 Nov 2026", False),
        ("no day", "other", False),
        ("lost on 2026-11-01", "lost on 2026-11-02", False),  # not the clock's day
    ],
)
def test_what_the_clock_says(old: str, new: str, same: bool) -> None:
    assert says_the_same([old.encode()], [new.encode()], date(2026, 11, 3)) is same


def test_if_changed_needs_a_file() -> None:
    done = run_cli("report", PLAIN, "--if-changed")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "funnelcli: --if-changed is for files.\n  Name the file with -o.\n"


# --- CSV for Excel in other languages --------------------------------------------------------------------------------


def test_numbers_have_the_decimal_mark_and_text_is_as_it_was(tmp_path: Path) -> None:
    """A label with a comma, a semicolon and a number stays itself; so does a day."""
    files = {"signups.csv": 'user_id,signed_up_at,source\n"1,5;2.5",2026-01-03,"a;b 1.5"\nb,2026-01-04,"a;b 1.5"\n'}
    folder = write_folder(tmp_path, files)
    rows = run_cli("explain", "new_signups", folder, "--rows", "-f", "csv", "--delimiter", ";", "--decimal", ",")
    assert rows.stdout.splitlines() == [
        "part;file;line;user_id;date;source;channel;counts",
        'new_signups;signups.csv;2;"1,5;2.5";2026-01-03;"a;b 1.5";organic;1',
        'new_signups;signups.csv;3;b;2026-01-04;"a;b 1.5";organic;1',
    ]
    done = run_cli("report", PLAIN, *AUGUST, "-f", "csv", "--bom", "--delimiter", ";", "--decimal", ",")
    plain = run_cli("report", PLAIN, *AUGUST, "-f", "csv", "--bom").stdout
    assert plain.startswith("\ufeffmetric,label,")
    cells = [*csv.reader(plain.splitlines())]
    assert any("." in cell for row in cells for cell in row[4:])  # rates
    assert [line.split(";") for line in done.stdout.splitlines()] == [
        [*row[:4], *(cell.replace(".", ",") for cell in row[4:])] for row in cells
    ]


@pytest.mark.parametrize(
    ("options", "begins"),
    [
        (("-f", "csv", "--delimiter", "|"), "metric|label|"),
        (("-f", "csv", "--delimiter", "tab", "--decimal", ","), "metric\tlabel\t"),
        (("-f", "tsv", "--decimal", ","), "metric\tlabel\t"),
        (("-f", "csv", "--delimiter", ",", "--decimal", "."), "metric,label,"),
    ],
)
def test_delimiters(options: tuple[str, ...], begins: str) -> None:
    assert run_cli("report", PLAIN, *AUGUST, *options).stdout.startswith(begins)


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("-f", "csv", "--decimal", ","), "--decimal , is also what stands between the cells.\n  Add --delimiter ';'."),
        (("-f", "csv", "--decimal", ",", "--delimiter", ","), "--decimal , is also what stands between the cells."),
        (("-o", "a.csv", "-o", "b.tsv", "--decimal", ","), "--decimal , is also what stands between the cells."),
        (("-f", "tsv", "--delimiter", ";"), "--delimiter does not fit -f tsv.\n  It fits csv."),
        (("-f", "md", "--decimal", ","), "--decimal does not fit -f md.\n  It fits csv, tsv."),
        (("-f", "csv", "--delimiter", ";;"), "--delimiter ';;' is no delimiter.\n  It is one of ',' ';' '|' tab."),
        (("-f", "csv", "--decimal", "'"), "--decimal \"'\" is no decimal mark.\n  It is one of '.' ','."),
    ],
)
def test_marks_that_cannot_be_are_refused(options: tuple[str, ...], says: str) -> None:
    done = run_cli("report", "nowhere", *options)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"funnelcli: {says}")


def test_targets_written_so_are_read_back(tmp_path: Path) -> None:
    plan = ("targets", PLAIN, "--new-paid-users", "20", "--from", "2026-07", "--to", "2026-08", "--as-of", "2026-06-30")
    for name, options in (("a.csv", ()), ("b.csv", ("--delimiter", ";", "--decimal", ",", "--bom"))):
        assert run_cli(*plan, *options, "-q", "-o", tmp_path / name).returncode == 0
    tracked = [run_cli("track", PLAIN, "--targets", tmp_path / name, "-f", "csv").stdout for name in ("a.csv", "b.csv")]
    assert tracked[0] == tracked[1]
    assert "new_signups" in tracked[0]


@pytest.mark.parametrize("has_links", [True, False])
def test_where_the_last_output_cannot_be_put_in_place_none_is(
    has_links: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """a.csv was there, b.csv was not, and in the place of c.csv a folder appears once all three have been written."""
    if not has_links:
        monkeypatch.setattr(Path, "hardlink_to", _refused)
    (tmp_path / "a.csv").write_bytes(b"old")
    (tmp_path / "a.csv").chmod(0o640)
    synced: list[int] = []

    def sync(handle: int) -> None:
        synced.append(handle)
        if len(synced) == 3:
            (tmp_path / "c.csv").mkdir()

    outputs = [Output(path=tmp_path / f"{name}.csv", data=b"new") for name in "abc"]
    with pytest.raises(UsageError, match=r"c\.csv: cannot be written"):
        write_files(outputs, sync=sync)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.csv", "c.csv"]
    assert ((tmp_path / "a.csv").read_bytes(), (tmp_path / "a.csv").stat().st_mode & 0o777) == (b"old", 0o640)
    (tmp_path / "c.csv").rmdir()
    write_files(outputs)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == dict.fromkeys(
        ("a.csv", "b.csv", "c.csv"), b"new"
    )


def _refused(*_: object) -> None:
    raise OSError("no links here")
