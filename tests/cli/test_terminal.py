"""What stands on a terminal, and what is piped while one is watching: each stream of a run is what a test makes it."""

from __future__ import annotations

import contextlib
import os
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


def piped(*arguments: str | Path, columns: int, watching: str = "stderr", env: Mapping[str, str] | None = None) -> str:
    """What a run writes into a pipe while its standard error, or input, is a terminal."""
    read, write = os.pipe()
    null = os.open(os.devnull, os.O_RDWR)
    with terminal(columns) as (screen, seen), open(read, "rb") as pipe:
        streams = (null, write, screen) if watching == "stderr" else (screen, write, null)
        with running_cli(*arguments, streams=streams, env=env) as (_, end):
            os.close(write)
            out = pipe.read()
            assert end() == 0
    os.close(null)
    assert seen == []
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
