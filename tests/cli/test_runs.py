"""The command as a shell sees it: exit status, streams, files, signals, terminals."""

from __future__ import annotations

import fcntl
import json
import os
import pty
import re
import select
import shutil
import signal
import subprocess
import sys
import termios
import time
from array import array
from pathlib import Path

import pytest

from funnelcli.problems import UsageError
from funnelcli.writing import write_file
from support import imported_by, linked, run_cli, running_cli

ROOT = Path(__file__).parents[2]
PLAIN = ROOT / "examples" / "plain"
SAAS_VN = ROOT / "examples" / "saas_vn"
COMMANDS = ("report", "targets", "track", "check", "init", "explain", "metrics")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the plain example that may be spoiled."""
    copy = tmp_path / "exports"
    shutil.copytree(PLAIN, copy)
    return copy


# --- light and plain ---------------------------------------------------------------------------------------------


WITHOUT_DATA = [["--help"], ["--version"], *([command, "--help"] for command in COMMANDS), ["metrics"],
                ["explain", "new_signups"]]  # fmt: skip
SMALL = [
    ["report", str(PLAIN)],
    ["report", str(SAAS_VN), "--quiet"],
    ["check", str(PLAIN)],
    ["explain", "churned_paid_users", str(PLAIN), "--rows"],
    ["targets", str(PLAIN), "--new-paid-users", "20", "--from", "2026-09", "--to", "2026-10"],
]
HEAVY = frozenset({"pandas", "numpy", "duckdb", "_duckdb", "dask", "fsspec", "pydantic"})


def test_what_needs_no_data_imports_nothing_heavy() -> None:
    heavy = HEAVY | {"rich.console", "tomllib"}
    assert [modules & heavy for modules in imported_by(WITHOUT_DATA)] == [frozenset()] * len(WITHOUT_DATA)


def test_small_exports_are_read_and_counted_without_pandas_duckdb_and_pydantic() -> None:
    assert [modules & (HEAVY - {"numpy"}) for modules in imported_by(SMALL)] == [frozenset()] * len(SMALL)


def test_the_version() -> None:
    done = run_cli("-V")
    assert (done.returncode, done.stdout) == (0, "funnelcli 0.1.0\n")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["reprot"], "report"),
        (["report", "--form", "csv"], "--form"),
        (["report", "-f", "docx"], "docx"),
        (["report", "no/such/folder"], "no such folder"),
        (["report", str(PLAIN), "--month", "October"], "--month"),
        (["report", str(PLAIN), "--by", "tier"], "--by"),
        (["report", str(PLAIN), "--lang", "fr"], "--lang"),
        (["report", str(PLAIN), "--as-of", "soon"], "--as-of"),
        (["report", str(PLAIN), "-o", "x.docx"], ".docx"),
        (["report", "--signups", "nothing*.csv"], "--signups"),
        (["report", "--signups", "-", "--demos", "-"], "standard input"),
        (["explain", "churn"], "churned_paid_users"),
        (["explain", "new_signups", str(PLAIN), "--channel", "tv"], "--channel"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_wrong_option_is_a_usage_error(arguments: list[str], says: str) -> None:
    done = run_cli(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert says in done.stderr
    assert "Traceback" not in done.stderr


def test_a_wrong_config_is_a_configuration_error(folder: Path) -> None:
    (folder / "funnel.toml").write_text("[paid_users]\ngrace = 3\n", encoding="utf-8")
    done = run_cli("report", folder)
    assert (done.returncode, done.stdout) == (4, "")
    assert "grace_days" in done.stderr


def test_an_opening_below_what_the_exports_show_is_refused(folder: Path) -> None:
    # Before 2026-03-01 the example shows 34 + 33 = 67 signups.
    (folder / "funnel.toml").write_text('[opening]\nmonth = "2026-03"\nregistered_users = 66\n', encoding="utf-8")
    done = run_cli("report", folder)
    assert (done.returncode, done.stdout) == (4, "")
    assert "67" in done.stderr


def test_an_unforeseen_error_is_a_short_apology(tmp_path: Path) -> None:
    code = (
        "import sys, funnelcli.answers.report\n"
        "def broken(*args, **kwargs):\n    raise ZeroDivisionError('by design')\n"
        "funnelcli.answers.report.build = broken\n"
        "from funnelcli.cli.app import main\n"
        f"sys.argv = ['funnelcli', 'report', {str(PLAIN)!r}, '-o', {str(tmp_path / 'a.csv')!r}]\nmain()\n"
    )
    done = run_cli(code=code)
    assert (done.returncode, done.stdout) == (1, "")
    assert "bug" in done.stderr
    assert "by design" in done.stderr
    assert "Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == []


# --- the same bytes ----------------------------------------------------------------------------------------------


EVERY_FORMAT = """
import sys
from read_once import read_once
from funnelcli.cli.app import main
with read_once():
    for form in ("table", "csv", "tsv", "md", "json"):
        sys.argv[1:] = ["report", "-f", form, "--by", "channel", sys.argv[-1]]
        try:
            main()
        except SystemExit as left:
            assert not left.code, form
        sys.stdout.flush()
        print("--- that was", form, flush=True)
"""


def test_the_same_files_give_the_same_bytes_wherever_they_are_read() -> None:
    """In each of the surroundings an interpreter is started, which reads the files and writes every format."""
    surroundings: list[dict[str, str]] = [
        {},
        {"PYTHONHASHSEED": "1", "TZ": "America/New_York"},
        {"PYTHONHASHSEED": "2", "TZ": "Pacific/Kiritimati", "LC_ALL": "C"},
        {"LC_ALL": "de_DE.UTF-8", "PYTHONUTF8": "0"},
    ]
    own = {name: value for name, value in os.environ.items() if name not in ("FUNNELCLI_LANG", "LANG", "NO_COLOR")}
    own |= {"LC_ALL": "C.UTF-8", "PYTHONPATH": os.pathsep.join([str(ROOT / "tests"), own.get("PYTHONPATH", "")])}
    outputs = {
        subprocess.run(
            [sys.executable, "-c", EVERY_FORMAT, str(SAAS_VN)], env=own | env, capture_output=True, check=True
        ).stdout
        for env in surroundings
    }
    assert len(outputs) == 1
    assert [len(text) > 1000 for text in re.split(rb"--- that was \w+\n", outputs.pop())] == [True] * 5 + [False]


def test_the_language_follows_option_config_environment_and_locale(folder: Path) -> None:
    def is_vietnamese(*arguments: str, **env: str) -> bool:
        return "Bảng theo dõi phễu" in run_cli("report", folder, *arguments, env=env).stdout

    assert not is_vietnamese()
    assert is_vietnamese(LC_ALL="vi_VN.UTF-8")
    assert is_vietnamese(LC_ALL="en_US.UTF-8", FUNNELCLI_LANG="vi")
    (folder / "funnel.toml").write_text('[business]\nlang = "en"\n', encoding="utf-8")
    assert not is_vietnamese(FUNNELCLI_LANG="vi")
    assert is_vietnamese("--lang", "vi")


def test_machine_formats_are_english_in_every_language() -> None:
    for form in ("csv", "tsv", "json"):
        assert (
            run_cli("report", PLAIN, "-f", form, "--lang", "vi").stdout == run_cli("report", PLAIN, "-f", form).stdout
        )


# --- files -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "begins"),
    [
        *(("a.csv", "metric,"), ("a.tsv", "metric\t"), ("a.md", "## "), ("a.json", "{")),
        *(("a.html", "<!doctype html>"), ("a.htm", "<!doctype html>"), ("a.XLSX", "PK")),
    ],
)
def test_the_format_follows_the_ending(name: str, begins: str, tmp_path: Path) -> None:
    done = run_cli("report", PLAIN, "-o", tmp_path / name)
    assert (done.returncode, done.stdout) == (0, "")
    assert (tmp_path / name).read_bytes().startswith(begins.encode())
    assert [p.name for p in tmp_path.iterdir()] == [name]


def test_quiet_says_nothing(tmp_path: Path) -> None:
    done = run_cli("report", PLAIN, "-q", "-o", tmp_path / "a.md")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_a_dash_is_standard_output() -> None:
    assert run_cli("report", PLAIN, "-f", "csv", "-o", "-").stdout == run_cli("report", PLAIN, "-f", "csv").stdout


def test_with_errors_the_old_file_stays(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "report.csv"
    out.write_text("old", encoding="utf-8")
    signups = folder / "signups.csv"
    signups.write_text(signups.read_text(encoding="utf-8") + "u999,2026-13-01,x,\n", encoding="utf-8")
    done = run_cli("report", folder, "-o", out)
    assert (done.returncode, done.stdout, out.read_text(encoding="utf-8")) == (3, "", "old")
    assert "signups.csv:352: signed_up_at: '2026-13-01' is not a date" in done.stderr
    again = run_cli("report", folder, "-o", out, "--skip-bad-rows")
    assert again.returncode == 0
    assert out.read_text(encoding="utf-8").startswith("metric,")


def test_an_export_is_never_overwritten(folder: Path) -> None:
    before = (folder / "signups.csv").read_bytes()
    done = run_cli("report", folder, "-o", folder / "signups.csv")
    assert done.returncode == 2
    assert (folder / "signups.csv").read_bytes() == before


def test_a_failing_disk_leaves_the_old_file_and_nothing_beside_it(tmp_path: Path) -> None:
    target = tmp_path / "report.csv"
    target.write_bytes(b"old")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    with pytest.raises(UsageError, match="No space left"):
        write_file(target, b"new", sync=full)
    assert [p.name for p in tmp_path.iterdir()] == ["report.csv"]
    assert target.read_bytes() == b"old"


def test_a_killed_run_leaves_the_old_file_and_nothing_beside_it(tmp_path: Path) -> None:
    target = tmp_path / "report.csv"
    target.write_bytes(b"old")
    code = (
        "import sys, time\nfrom pathlib import Path\nfrom funnelcli.writing import write_file\n"
        "from funnelcli.cli.writing import terminated_as_exit\n"
        "def slow(_):\n    print('writing', flush=True)\n    time.sleep(30)\n"
        "write_file(Path(sys.argv[1]), b'new', sync=slow, guard=terminated_as_exit)\n"
    )
    ours, theirs = os.pipe()
    with os.fdopen(ours, "rb") as shown, open(os.devnull, "r+b") as nothing:
        streams = (nothing.fileno(), theirs, nothing.fileno())
        with running_cli(target, code=code, streams=streams) as (process, end):
            os.close(theirs)
            assert shown.readline() == b"writing\n"
            os.kill(process, signal.SIGTERM)
            assert end() == 128 + signal.SIGTERM
    assert [p.name for p in tmp_path.iterdir()] == ["report.csv"]
    assert target.read_bytes() == b"old"


def test_a_new_file_keeps_to_the_umask_and_an_old_one_keeps_its_mode_and_its_link(tmp_path: Path) -> None:
    write_file(tmp_path / "new.csv", b"x")
    umask = os.umask(0)
    os.umask(umask)
    assert (tmp_path / "new.csv").stat().st_mode & 0o777 == 0o666 & ~umask
    real = tmp_path / "real.csv"
    real.write_bytes(b"old")
    real.chmod(0o600)
    (tmp_path / "link.csv").symlink_to(real)
    write_file(tmp_path / "link.csv", b"new")
    assert (real.read_bytes(), real.stat().st_mode & 0o777) == (b"new", 0o600)
    assert (tmp_path / "link.csv").is_symlink()


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="there is no full device here")
def test_a_full_device_is_a_clear_error() -> None:
    done = run_cli("report", PLAIN, "-f", "csv", "-o", "/dev/full")
    assert done.returncode == 2
    assert "No space left" in done.stderr


def test_one_input_comes_from_standard_input() -> None:
    text = (PLAIN / "signups.csv").read_bytes()
    named = run_cli("report", "--signups", PLAIN / "signups.csv", "-f", "csv")
    piped = run_cli("report", "--signups", "-", "-f", "csv", stdin=text)
    assert (piped.returncode, piped.stdout) == (0, named.stdout)


# --- pipes, signals, terminals -----------------------------------------------------------------------------------


def test_a_closed_pipe_ends_quietly(tmp_path: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "wb") as stream, (tmp_path / "errors").open("w+b") as errors:
        streams = (errors.fileno(), stream.fileno(), errors.fileno())
        with running_cli("report", PLAIN, "-f", "json", streams=streams) as (_, end):
            assert end() == 141
    assert (tmp_path / "errors").read_bytes() == b""


@pytest.mark.parametrize("module", ["typer", "pydantic_core", "msgspec", "numpy"])
def test_an_interrupt_during_the_start_is_130_without_a_traceback(module: str, tmp_path: Path) -> None:
    """A module that is imported at the start, or with settings or data, interrupts the run as Ctrl-C does there."""
    (tmp_path / "sitecustomize.py").write_text(
        "import os, signal, sys\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"  # a suite in the background ignores it
        "class Interrupting:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        f"        if name == {module!r}:\n"
        "            os.kill(os.getpid(), signal.SIGINT)\n"
        "sys.meta_path.insert(0, Interrupting())\n",
        encoding="utf-8",
    )
    done = run_cli("report", SAAS_VN, env={"PYTHONPATH": os.pathsep.join([str(tmp_path), *sys.path])})
    assert (done.returncode, done.stdout) == (130, "")
    assert "Traceback" not in done.stderr


def test_an_interrupt_that_a_library_makes_an_error_of_is_130() -> None:
    """pydantic says that a schema is wrong where Ctrl-C comes while it builds one."""
    code = (
        "import os, signal, sys, time\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "from funnelcli.cli import app\n"
        "from funnelcli.config import read\n"
        "def parse_config(*given, **named):\n"
        "    try:\n"
        "        os.kill(os.getpid(), signal.SIGINT)\n"
        "        time.sleep(5)\n"
        "    except KeyboardInterrupt:\n"
        "        raise ValueError('no schema') from None\n"
        "read.parse_config = parse_config\n"
        f"sys.argv = ['funnelcli', 'report', {str(SAAS_VN)!r}]\n"
        "app.run()\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "")


def test_an_interrupt_is_130() -> None:
    run = subprocess.Popen(
        [sys.executable, "-m", "funnelcli", "report", "--signups", "-"], stdin=subprocess.PIPE,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        # A suite that runs in the background of a shell ignores the signal, and so would its children.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )  # fmt: skip
    assert run.stdin is not None
    run.stdin.write(b"user_id,signed_up_at\n")
    run.stdin.flush()
    waiting = array("i", [1])
    while waiting[0]:  # once nothing of this is left in the pipe, it waits for the rest
        time.sleep(0.02)
        fcntl.ioctl(run.stdin, termios.FIONREAD, waiting)
    run.send_signal(signal.SIGINT)
    out, err = run.communicate(timeout=20)
    assert (run.returncode, out) == (130, b"")
    assert b"Traceback" not in err


def on_terminal(*arguments: str, columns: int, env: dict[str, str] | None = None) -> str:
    """What a command shows on a pseudo-terminal."""
    master, slave = pty.openpty()
    surroundings = {"COLUMNS": str(columns), "LINES": "50", "TERM": "xterm", **(env or {})}
    shown = b""
    with open(os.devnull, "wb") as nothing:
        streams = (slave, slave, nothing.fileno())
        with running_cli(*arguments, env=surroundings, streams=streams) as (_, end):
            os.close(slave)
            while True:
                ready, _, _ = select.select([master], [], [], 30)
                try:
                    part = os.read(master, 65536) if ready else b""
                except OSError:
                    part = b""
                if not part:
                    break
                shown += part
            os.close(master)
            assert end() == 0
    return shown.decode().replace("\r\n", "\n")


def test_a_terminal_gets_colours_and_no_color_takes_them_away() -> None:
    coloured = on_terminal("report", str(PLAIN), columns=100)
    assert "\x1b[32m" in coloured  # good news is green
    assert "\x1b[31m" in coloured  # bad news is red
    for plain in (
        on_terminal("report", str(PLAIN), "--no-color", columns=100),
        on_terminal("report", str(PLAIN), columns=100, env={"NO_COLOR": "1"}),
    ):
        assert "\x1b" not in plain
        assert "Funnel dashboard" in plain


@pytest.mark.parametrize("columns", [80, 160])
def test_a_terminal_is_filled_and_not_overrun(columns: int) -> None:
    shown = on_terminal("report", str(SAAS_VN), "--last", "12", "--no-color", columns=columns)
    widest = max(map(len, shown.splitlines()))
    assert columns - 15 <= widest <= columns
    assert "Showing the latest" in shown


# --- init and check ----------------------------------------------------------------------------------------------


def test_init_writes_a_config_that_changes_no_figure(tmp_path: Path) -> None:
    copy = linked(SAAS_VN, tmp_path / "exports")
    (copy / "funnel.toml").unlink()
    before = run_cli("report", copy, "-f", "csv").stdout
    done = run_cli("init", copy)
    assert done.returncode == 0
    assert run_cli("report", copy, "-f", "csv").stdout == before
    text = (copy / "funnel.toml").read_text(encoding="utf-8")
    assert 'signed_up_at = "Ngày đăng ký"' in text
    assert 'date_order = "dmy"' in text
    assert "Hội thảo offline (33)" in text
    schema = json.loads((copy / "funnel.schema.json").read_text(encoding="utf-8"))
    assert "paid_users" in schema["properties"]


def test_init_overwrites_nothing_without_force(folder: Path) -> None:
    (folder / "funnel.toml").write_text("# mine\n", encoding="utf-8")
    done = run_cli("init", folder)
    assert (done.returncode, (folder / "funnel.toml").read_text(encoding="utf-8")) == (2, "# mine\n")
    assert not (folder / "funnel.schema.json").exists()
    assert run_cli("init", folder, "--force").returncode == 0
    assert "[business]" in (folder / "funnel.toml").read_text(encoding="utf-8")


def test_check_exits_3_only_for_errors(folder: Path) -> None:
    assert run_cli("check", folder).returncode == 0
    demos = folder / "demos.csv"
    demos.write_text(demos.read_text(encoding="utf-8") + "D1,,2026-08-01,,,\n", encoding="utf-8")
    done = run_cli("check", folder, "-f", "json")
    data = json.loads(done.stdout)
    assert (done.returncode, data["errors"]) == (3, 1)
    assert [(p["code"], p["file"], p["line"], p["column"]) for p in data["problems"] if p["severity"] == "error"] == [
        ("empty-cell", "demos.csv", 104, "user_id")
    ]
    counted = {f["file"]: (f["rows_read"], f["rows_counted"], f["rows_rejected"]) for f in data["files"]}
    assert counted["demos.csv"] == (103, 102, 1)


def test_check_shows_every_problem_in_every_format(folder: Path) -> None:
    signups = folder / "signups.csv"
    broken = "".join(f"u9{i:02},2026-02-3{i},x,\n" for i in range(5))
    signups.write_text(signups.read_text(encoding="utf-8") + broken, encoding="utf-8")
    for form in ("table", "csv", "tsv", "md", "json"):
        shown = run_cli("check", folder, "-f", form).stdout
        assert [i for i in range(5) if f"2026-02-3{i}" not in shown] == []


# --- explain -----------------------------------------------------------------------------------------------------


def test_explain_shows_the_numbers_put_in() -> None:
    # The example of 2026-10: 4 of the 206 who were paying on the first of October were lost.
    shown = run_cli("explain", "paid_user_churn_rate", SAAS_VN, "--month", "2026-10").stdout
    assert "4 / 206 = 1.9%" in shown
    data = json.loads(run_cli("explain", "paid_user_churn_rate", SAAS_VN, "--month", "2026-10", "-f", "json").stdout)
    assert (data["numerator"], data["denominator"], data["value"]) == (4, 206, 4 / 206)
    assert [i["metric"] for i in data["inputs"]] == ["churn_counted_paid_users", "opening_paid_users"]


def test_explain_points_at_the_rows_themselves() -> None:
    rows = run_cli("explain", "churned_paid_users", SAAS_VN, "--month", "2026-10", "-f", "csv").stdout.splitlines()
    assert rows[0] == "part,file,line,user_id,date,source,channel,counts"
    lines = (SAAS_VN / "paid_users_billing.csv").read_text(encoding="utf-8-sig").splitlines()
    ended = []
    for row in rows[1:]:
        _, file, line, user, day, *_ = row.split(",")
        order, customer, _, end, *_ = lines[int(line) - 1].split(",")
        assert (file, customer) == ("paid_users_billing.csv", user)
        assert "-".join(reversed(end.split("/"))) == day
        ended.append(order)
    assert len(ended) == len(set(ended)) == 4


def test_explain_without_a_folder_is_the_definition() -> None:
    done = run_cli("explain", "demo-to-paid-rate")
    assert done.returncode == 0
    assert "new_paid_users / new_demo_bookings" in done.stdout
