"""What stands on a terminal, and what is piped while one is watching: each stream of a run is what a test makes it."""

from __future__ import annotations

import contextlib
import os
import re
import struct
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from rich.cells import cell_len

from support import EXAMPLES, run_cli, running_cli

pty, termios, fcntl = (pytest.importorskip(name) for name in ("pty", "termios", "fcntl"))
SAAS_VN = EXAMPLES / "saas_vn"


@contextlib.contextmanager
def terminal(columns: int) -> Iterator[tuple[int, list[bytes]]]:
    """A terminal of so many columns: what a run is given as its stream, and what has come there by the end."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
    seen: list[bytes] = []

    def watch() -> None:
        with contextlib.suppress(OSError):  # its other end has gone
            while chunk := os.read(ours, 65536):
                seen.append(chunk)

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield theirs, seen
    finally:
        os.close(theirs)
        watcher.join()
        os.close(ours)


def piped(
    *arguments: str | Path,
    columns: int,
    watching: str = "stderr",
    env: Mapping[str, str] | None = None,
    code: str | None = None,
) -> str:
    """What a run writes into a pipe while its standard error, or input, is a terminal."""
    read, write = os.pipe()
    null = os.open(os.devnull, os.O_RDWR)
    with terminal(columns) as (screen, seen), open(read, "rb") as pipe:
        streams = (null, write, screen) if watching == "stderr" else (screen, write, null)
        with running_cli(*arguments, streams=streams, env=env, code=code) as (_, end):
            os.close(write)
            out = pipe.read()
            assert end() == 0
    os.close(null)
    assert [line for line in b"".join(seen).splitlines() if not line.startswith(b"funnelcli: ")] == []  # warnings
    return out.decode()


@pytest.mark.parametrize("columns", [80, 160])
@pytest.mark.parametrize("watching", ["stderr", "stdin"])
def test_what_is_piped_is_as_wide_as_the_terminal_that_is_watched(columns: int, watching: str) -> None:
    text = piped("report", SAAS_VN, "--last", "12", columns=columns, watching=watching)
    assert columns - 20 < max(map(cell_len, text.splitlines())) <= columns
    assert "Nov 2025" in text
    assert "119,000,000" in text
    assert "Showing the latest" not in text


def test_columns_of_the_environment_come_first_and_also_hold_without_a_terminal() -> None:
    narrow = piped("report", SAAS_VN, "--last", "12", columns=160, env={"COLUMNS": "80"})
    assert max(map(cell_len, narrow.splitlines())) <= 80
    assert narrow == run_cli("report", SAAS_VN, "--last", "12", env={"COLUMNS": "80"}).stdout


def test_without_a_terminal_and_in_files_tables_are_as_wide_as_they_need(tmp_path: Path) -> None:
    free = run_cli("report", SAAS_VN, "--last", "12").stdout
    assert max(map(cell_len, free.splitlines())) > 200
    for nonsense in ("", "0", "-5", "wide", "²"):
        assert run_cli("report", SAAS_VN, "--last", "12", env={"COLUMNS": nonsense}).stdout == free
    out = tmp_path / "report.txt"
    assert run_cli("report", SAAS_VN, "--last", "12", "-o", out, env={"COLUMNS": "80"}).returncode == 0
    assert out.read_text(encoding="utf-8") == free


def test_a_terminal_shows_the_latest_months_and_says_so() -> None:
    null = os.open(os.devnull, os.O_RDWR)
    with (
        terminal(80) as (screen, seen),
        running_cli("report", SAAS_VN, "--last", "12", "--no-color", streams=(null, screen, null)) as (_, end),
    ):
        assert end() == 0
    os.close(null)
    lines = b"".join(seen).decode().replace("\r\n", "\n").splitlines()
    assert max(map(cell_len, lines)) <= 80
    assert any(line.startswith("Showing the latest") for line in lines)


# --- progress --------------------------------------------------------------------------------------------------------

AT_ONCE = """
import time
from funnelcli.cli import watching
from funnelcli.cli.app import main
from funnelcli.reading import meter
watching.LONG_SECONDS, watching.TICK_SECONDS = 0.0, 0.01
read = meter._Metered.readinto
def slowly(self, buffer):
    time.sleep(0.03)
    return read(self, buffer)
meter._Metered.readinto = slowly
main()
"""
CLEARED = "\x1b[1A\x1b[2K"  # up a line, which is emptied


@pytest.fixture(scope="module")
def long_signups(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Signups that are too many to be read at once."""
    folder = tmp_path_factory.mktemp("long")
    rows = "".join(f"person-{n:07},2026-{n % 9 + 1:02}-{n % 28 + 1:02},google / organic\n" for n in range(80_000))
    (folder / "signups.csv").write_text(f"user_id,signed_up_at,source\n{rows}")
    return folder


def watched(*arguments: str | Path, out: Path, env: Mapping[str, str] | None = None, code: str | None = AT_ONCE) -> str:
    """What a run writes on a terminal that is its standard error, while its standard output goes into a file."""
    null, file = os.open(os.devnull, os.O_RDWR), os.open(out, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    with (
        terminal(100) as (screen, seen),
        running_cli(*arguments, streams=(null, file, screen), env={"TERM": "xterm", **(env or {})}, code=code) as (
            _,
            end,
        ),
    ):
        assert end() == 0
    for descriptor in (null, file):
        os.close(descriptor)
    return re.sub(r"\x1b\[[0-9;]*m", "", b"".join(seen).decode())


_LEFT = r"(\d+:\d\d)"
LINES = {
    "en": r"(reading|reading signups|counting) [━╸╺]+ ([\d.]+)/([\d.]+) MB(?: ([\d.]+ [kM]?B/s)  " + _LEFT + " left)?",
    "vi": r"(đang đọc|đang đọc đăng ký|đang tính) [━╸╺]+ ([\d,]+)/([\d,]+) MB(?: ([\d,]+ [kM]?B/giây)  còn "
    + _LEFT
    + ")?",
}


@pytest.mark.parametrize("lang", list(LINES))
def test_a_long_reading_shows_how_far_it_is_and_leaves_nothing(long_signups: Path, tmp_path: Path, lang: str) -> None:
    seen = watched("report", long_signups, "--lang", lang, out=tmp_path / "seen.txt")
    assert seen.endswith(CLEARED), "the line is taken away, and nothing comes after it"
    assert "\x1b[?25l" not in seen, "the cursor is left alone"
    frames = [frame.strip() for frame in seen.removesuffix(CLEARED).split("\r\x1b[2K") if frame.strip()]
    known = [re.fullmatch(LINES[lang], frame) for frame in frames]
    assert [frame for frame, line in zip(frames, known, strict=True) if line is None] == []
    lines = [line.groups() for line in known if line]
    read = [float(given.replace(",", ".")) for _, given, *_ in lines]
    assert read == sorted(read)
    assert len(set(read)) > 4, "it moves"
    size = (long_signups / "signups.csv").stat().st_size / 1e6
    assert {float(total.replace(",", ".")) for _, _, total, *_ in lines} == {round(size, 1)}
    assert sum(speed is not None and left is not None for *_, speed, left in lines) > 4
    plain = run_cli("report", long_signups, "--lang", lang)
    assert (tmp_path / "seen.txt").read_text(encoding="utf-8") == plain.stdout


@pytest.mark.parametrize(
    ("arguments", "env"),
    [(("--quiet",), {}), ((), {"CI": "true"}), ((), {"TERM": "dumb"})],
    ids=["quiet", "in CI", "on a terminal that can do nothing"],
)
def test_nothing_is_shown_where_nobody_wants_it(
    long_signups: Path, tmp_path: Path, arguments: tuple[str, ...], env: Mapping[str, str]
) -> None:
    assert watched("report", long_signups, *arguments, out=tmp_path / "out.txt", env=env) == ""


def test_nothing_is_shown_of_what_takes_no_time(tmp_path: Path) -> None:
    assert watched("report", SAAS_VN, "-q", out=tmp_path / "out.txt", code=None) == ""


def test_nothing_is_shown_while_a_pager_has_the_terminal(long_signups: Path) -> None:
    assert piped("report", long_signups, columns=80, code=AT_ONCE).startswith("Funnel dashboard")


def test_an_error_stands_alone_where_the_line_was(long_signups: Path, tmp_path: Path) -> None:
    (tmp_path / "signups.csv").write_bytes((long_signups / "signups.csv").read_bytes() + b"x,2026-02-31,a\n")
    null = os.open(os.devnull, os.O_RDWR)
    with (
        terminal(100) as (screen, seen),
        running_cli("report", tmp_path, streams=(null, null, screen), env={"TERM": "xterm"}, code=AT_ONCE) as (_, end),
    ):
        assert end() == 3
    os.close(null)
    said = b"".join(seen).decode().rpartition(CLEARED)[2]
    assert said.startswith("funnelcli: 1 error in 1 file; nothing was written.")
