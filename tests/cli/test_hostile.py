"""Places and files that are none, do not end, are changed or must not be replaced: exit 2, 3 or 4, and never a bug."""

from __future__ import annotations

import os
import re
import shlex
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from support import run_cli, running_cli

SIGNUPS = "user_id,signed_up_at\nu1,2026-01-05\nu2,2026-02-05\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with two signups and settings."""
    exports = tmp_path / "exports"
    exports.mkdir()
    (exports / "signups.csv").write_text(SIGNUPS, "utf-8")
    (exports / "funnel.toml").write_text("[business]\nname = 'Shop'\n", "utf-8")
    return exports


def assert_said(done: subprocess.CompletedProcess[str], status: int, *says: str) -> None:
    assert (done.returncode, done.stdout) == (status, ""), done.stderr
    assert [part for part in says if part not in done.stderr] == []
    assert "Traceback" not in done.stderr
    assert "this is a bug" not in done.stderr


# --- funnel.toml -----------------------------------------------------------------------------------------------------

TOML: dict[str, tuple[bytes, str]] = {
    **{
        f"encoding-{name}": (f'[inputs.signups]\nencoding = "{name}"'.encode(), name)
        for name in ("rot13", "base64", "hex", "idna", "punycode", "unicode_escape", "utf-7", "zlib", "undefined")
    },
    "month-0": (b'[opening]\nmonth = "0000-01"', "month"),
    "month-of-rates": (b'[plan]\nrates_from = "0001-01"', "rates_from"),
    "month-in-other-digits": ('[opening]\nmonth = "٢٠٢٦-01"'.encode(), "month"),
    "brackets": (b"x = " + b"[" * 100_000 + b"]" * 100_000, "deep"),
    "tables-in-tables": (b"x = " + b"{a=" * 50_000, "deep"),
    "dotted": (b".".join([b"a"] * 100_000) + b" = 1", "deep"),
    "5001-digits": (b"[opening]\nmonth = '2026-01'\npaid_users = " + b"9" * 5_001, "digits"),
    "hexadecimal-digits": (b"[paid_users]\ngrace_days = 0x" + b"f" * 5_001, "grace_days"),
    "4000-digits": (b"[plan]\narpa = " + b"9" * 4_000, "arpa"),
    "4000-digits-in-words": (b'[plan]\narpa = "' + b"9" * 4_000 + b'"', "arpa"),
    "too-much": (b"[plan]\narpa = 1e300", "1e300"),
    "nul": (b'[business]\nname = "a\0b"', "TOML"),
    "not-utf-8": (b'[business]\nname = "\xff"', "UTF-8"),
    "utf-16": ("[business]".encode("utf-16"), "UTF-8"),
    "endless": (b"#" * 300_000, "larger"),
    "glob-everywhere": (b'[inputs.signups]\nfiles = ["/**"]', "/**"),
    "glob-of-devices": (b'[inputs.signups]\nfiles = ["/dev/*"]', "not a file"),
    "glob-with-nul": (b'[inputs.signups]\nfiles = "a\\u0000b"', "nothing matches"),
}


@pytest.mark.parametrize(("text", "says"), TOML.values(), ids=TOML)
def test_settings_beyond_what_can_be_meant_are_a_configuration_error(text: bytes, says: str, folder: Path) -> None:
    (folder / "funnel.toml").write_bytes(text)
    done = run_cli("report", folder)
    assert_said(done, 4, "funnel.toml", says)
    assert len(done.stderr) < 2_000


@pytest.mark.parametrize("kind", ["folder", "pipe", "device"])
def test_settings_that_are_no_file(kind: str, folder: Path) -> None:
    path = folder / "funnel.toml"
    path.unlink()
    if kind == "folder":
        path.mkdir()
    elif kind == "pipe":
        os.mkfifo(path)
    else:
        path.symlink_to("/dev/zero")
    assert_said(run_cli("report", folder), 4, "funnel.toml")
    if kind != "folder":
        assert_said(run_cli("report", path), 4, "funnel.toml", f"a {kind}, not a file")


# --- outputs ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("output", ["funnel.toml", "../exports/./funnel.toml", "link.csv", "hard.csv", "FUNNEL.toml"])
def test_settings_are_never_replaced(output: str, folder: Path) -> None:
    (folder / "link.csv").symlink_to("funnel.toml")
    os.link(folder / "funnel.toml", folder / "hard.csv")
    done = run_cli("report", folder, "-f", "csv", "-o", folder / output)
    assert_said(done, 2, f"-o {folder / output}")
    assert (folder / "funnel.toml").read_text("utf-8") == "[business]\nname = 'Shop'\n"


def test_a_plan_of_given_rates_replaces_no_settings_either(folder: Path) -> None:
    """It reads no exports; those of the folder are kept all the same."""
    rates = ["--visitor-to-signup", "none", "--signup-to-demo", "50%", "--demo-to-paid", "50%", "--churn", "2%",
             "--from", "2026-03", "--to", "2026-05"]  # fmt: skip
    (folder / "link.csv").symlink_to("signups.csv")
    for output in ("funnel.toml", "link.csv"):
        done = run_cli("targets", folder, "--new-paid-users", "5", *rates, "-f", "csv", "-o", folder / output)
        assert_said(done, 2, f"-o {folder / output}")
    assert (folder / "signups.csv").read_text("utf-8") == SIGNUPS


@pytest.mark.parametrize("output", ["hard.csv", "link.csv", "../exports/signups.csv"])
def test_an_export_is_never_replaced(output: str, folder: Path) -> None:
    (folder / "link.csv").symlink_to(folder / "signups.csv")
    os.link(folder / "signups.csv", folder / "hard.csv")
    assert_said(run_cli("report", folder, "-o", folder / output), 2, f"-o {folder / output}")
    assert (folder / "signups.csv").read_text("utf-8") == SIGNUPS


@pytest.mark.parametrize(
    ("command", "closed"),
    [("report", ">&-"), ("--help", ">&-"), ("report -o x.csv", ">&- 2>&-"), ("check", "<&- >&- 2>&-")],
)
def test_a_closed_standard_output(command: str, closed: str, folder: Path) -> None:
    line = f"exec {shlex.quote(sys.executable)} -m funnelcli {command} {closed}"
    done = subprocess.run(["sh", "-c", line], cwd=folder, capture_output=True, text=True, check=False)
    assert_said(done, 2, *([] if "2>" in closed else ["standard output is closed"]))


def test_a_closed_standard_input() -> None:
    line = f"exec {shlex.quote(sys.executable)} -m funnelcli report --signups - <&-"
    done = subprocess.run(["sh", "-c", line], capture_output=True, text=True, check=False)
    assert_said(done, 2, "standard input is closed")


def test_what_a_killed_run_left_is_removed_by_the_next_and_nothing_else(folder: Path, tmp_path: Path) -> None:
    """A file that another run is still writing is held; one of another output is another's."""
    left, others, held = (
        tmp_path / name for name in (".r.csv.abcdefgh.tmp", ".s.csv.abcdefgh.tmp", ".r.csv.12345678.tmp")
    )
    mine = tmp_path / ".r.csv.notes.tmp"
    for path in (left, others, held, mine):
        path.write_text("half of a")
        os.utime(path, (time.time() - 60,) * 2)
    with held.open("rb") as stream:
        import fcntl

        fcntl.flock(stream, fcntl.LOCK_EX)
        done = run_cli("report", folder, "-o", tmp_path / "r.csv")
    assert (done.returncode, done.stdout) == (0, "")
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(
        [held.name, mine.name, others.name, "exports", "r.csv"]
    )


KILLED = """
import os, signal, sys
from pathlib import Path
from funnelcli.writing import write_file
write_file(Path(sys.argv[1]), b"figures", sync=lambda _: os.kill(os.getpid(), signal.{signal}))
"""


def test_a_kill_leaves_at_most_a_hidden_file_and_the_old_output(tmp_path: Path) -> None:
    target = tmp_path / "r.csv"
    target.write_text("old")
    code = KILLED.format(signal="SIGKILL")
    done = run_cli(target, code=code)
    assert done.returncode == -signal.SIGKILL
    names = sorted(path.name for path in tmp_path.iterdir())
    assert [re.sub(r"[a-z0-9_]{8}", "…", name) for name in names] == [".r.csv.….tmp", "r.csv"]
    assert target.read_text() == "old"


# --- what does not end, and what is no file --------------------------------------------------------------------------


@pytest.mark.parametrize("device", ["/dev/zero", "/dev/urandom", "/dev/full"])
def test_a_device_is_no_export(device: str) -> None:
    assert_said(run_cli("report", "--signups", device), 2, device, "a device")


@pytest.mark.parametrize("pattern", ["/**", "/dev/*"])
def test_a_pattern_that_fits_everything(pattern: str) -> None:
    assert_said(run_cli("report", "--signups", pattern), 2, "--signups")


def test_a_pipe_that_does_not_end(tmp_path: Path) -> None:
    """The bound is made small here; what was kept of the pipe is gone."""
    code = (
        "import sys\nfrom funnelcli.reading import streams\nstreams.PIPE_BYTES = 5_000_000\n"
        "from funnelcli.cli.app import main\nsys.argv = ['funnelcli', 'report', '--signups', '-']\nmain()\n"
    )
    kept = tmp_path / "kept"
    kept.mkdir()
    with (
        subprocess.Popen(["yes", "u1,2026-01-05"], stdout=subprocess.PIPE) as endless,
        (tmp_path / "out").open("w+b") as out,
        (tmp_path / "err").open("w+b") as err,
    ):
        assert endless.stdout is not None
        streams = (endless.stdout.fileno(), out.fileno(), err.fileno())
        with running_cli(code=code, env={"TMPDIR": str(kept)}, streams=streams) as (_, end):
            endless.stdout.close()  # ours: it ends when the run no longer reads
            status = end()
    shown, said = ((tmp_path / name).read_text("utf-8") for name in ("out", "err"))
    done = subprocess.CompletedProcess([], status, shown, said)
    assert_said(done, 3, "stdin: holds more than 5,000,000 bytes from a pipe")
    assert list(kept.iterdir()) == []


def test_a_pipe_into_which_nobody_writes(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    code = (
        "import sys\nfrom funnelcli.reading import streams\nstreams.WAIT_SECONDS = 0.2\n"
        "from funnelcli.cli.app import main\nsys.argv = ['funnelcli', 'report', '--signups', 'pipe']\nmain()\n"
    )
    done = run_cli(code=code, cwd=tmp_path)
    assert_said(done, 2, "nobody writes into this pipe")


def test_a_named_pipe_is_read_when_somebody_writes_into_it_late(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")

    def write() -> None:
        time.sleep(1)
        with (tmp_path / "pipe").open("w") as stream:
            stream.write(SIGNUPS[:30])
            stream.flush()
            time.sleep(0.3)
            stream.write(SIGNUPS[30:])

    writing = threading.Thread(target=write)
    writing.start()
    done = run_cli("report", "--signups", tmp_path / "pipe", "-f", "csv")
    writing.join()
    assert (done.returncode, done.stderr) == (0, "")
    assert "\nnew_signups,New signups (RU),people,1,1,2" in done.stdout.replace(",,", ",")


def test_what_is_named_like_an_export_and_is_none_is_said(folder: Path) -> None:
    """A folder, a pipe and a link to a device: not read, and named by check, report and init."""
    (folder / "demos.csv").mkdir()
    os.mkfifo(folder / "paid_users.csv")
    (folder / "visitors.csv").symlink_to("/dev/zero")
    checked = run_cli("check", folder)
    assert (checked.returncode, checked.stderr) == (0, "")
    said = re.findall(r"(\S+): is named like an export of \w+ and is (a \w+); it was not read", checked.stdout)
    assert sorted(said) == [("demos.csv", "a folder"), ("paid_users.csv", "a pipe"), ("visitors.csv", "a device")]
    report = run_cli("report", folder, "-f", "md")
    assert report.returncode == 0
    assert report.stderr.startswith("funnelcli: 3 warnings: not-a-file (3)")
    said = re.findall(
        r"- (\S+) is named like an export of \w+ and is (a \w+); it was not read", report.stdout.replace("\\", "")
    )
    assert sorted(said) == [("demos.csv", "a folder"), ("paid_users.csv", "a pipe"), ("visitors.csv", "a device")]


def test_a_folder_that_holds_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "signups.parquet").mkdir()
    assert_said(run_cli("report", tmp_path), 3, "signups.parquet", "a folder")


# --- Markdown --------------------------------------------------------------------------------------------------------


def test_addresses_from_data_do_not_become_links(folder: Path) -> None:
    """Neither as GitHub makes them, of http:// and www. and mail addresses, nor otherwise; as text they stay."""
    sources = ["https://evil.example/a?b=c", "HTTP://x.example", "www.evil.example", "x@y.example", "ftp://z.example"]
    rows = "".join(f"u{n},2026-01-0{n + 1},{source}\n" for n, source in enumerate(sources))
    (folder / "signups.csv").write_text("user_id,signed_up_at,source\n" + rows, "utf-8")
    for command in (["report"], ["report", "--by", "source"], ["check"]):
        done = run_cli(command[0], folder, *command[1:], "-f", "md")
        assert done.returncode == 0
        assert re.findall(r"(?i)\w://|www\.|\w@\w", done.stdout) == []
        shown = done.stdout.replace("\\", "").replace("`@`", "@")
        assert [source for source in sources if source not in shown] == []
