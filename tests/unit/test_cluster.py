"""Shares counted by the workers of a Dask cluster: one that dies costs its share, and nothing is waited for long."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

import funnelcli as fc
from funnelcli.config.engine import Engine
from funnelcli.facts.effort import Effort
from funnelcli.problems import UsageError
from funnelcli.reading.engines import choose, dask_engine, shares
from funnelcli.reading.engines.dask_engine import DaskCrew

pytest.importorskip("distributed")
Task = Callable[[bytes, bytes | None], object]

DAYS = [f"2026-{month:02}-{day:02}" for month in (1, 2) for day in range(1, 29)]
SIGNUPS = "user_id,signed_up_at\na,2026-01-20\nb,2026-02-11\n"


def visits_in(folder: Path, *further: str) -> Path:
    """112 visits, two on each of 56 days; the users a and b come every day.  And further lines at the end."""
    folder.mkdir()
    rows = [f"{day},{source},{user}" for day in DAYS for source, user in (("google", "a"), ("zalo", "b"))]
    (folder / "visitors.csv").write_text("\n".join(["date,source,user_id", *rows, *further, ""]), encoding="utf-8")
    (folder / "signups.csv").write_text(SIGNUPS, encoding="utf-8")
    return folder


class Kept(DaskCrew):
    """A crew that stays for the next test."""

    def close(self) -> None:
        """It is closed at the end."""


@pytest.fixture(scope="module")
def crew(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DaskCrew]:
    """Two processes of one thread each; a share that has ended two of them is given up."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(dask_engine, "KILLED_MOST", 1)
        made = Kept(workers=2)
        made.start(tmp_path_factory.mktemp("workers"))
        yield made
        DaskCrew.close(made)
        assert made.client is None


@pytest.fixture
def counted(crew: DaskCrew, monkeypatch: pytest.MonkeyPatch) -> DaskCrew:
    """Every file is large, is cut into shares of 600 bytes, and is counted by the two."""
    monkeypatch.setattr(choose, "SMALL_BYTES", -1)
    monkeypatch.setattr(shares, "SHARE_BYTES", 600)
    monkeypatch.setattr(Effort, "crew", lambda self, settings: crew if self.engine == "dask" else None)
    return crew


def killing(folder: Path, times: int) -> Callable[[], tuple[Task, Any]]:
    """What is sent to workers instead: at the share that begins in the middle, they end, so many times."""
    usual, same = dask_engine._tasks()

    def task(order: bytes, registered: bytes | None) -> object:
        import os
        import pickle
        import signal

        share = pickle.loads(order).share
        names = [str(folder / f"{share.start}-{number}") for number in range(9)]
        number = next(number for number, name in enumerate(names) if not os.path.exists(name))
        with open(names[number], "x"):
            pass
        if 900 < share.start < 1300 and number < times:
            os.kill(os.getpid(), signal.SIGKILL)
        return usual(order, registered)

    return lambda: (task, same)


def tried(folder: Path) -> dict[int, int]:
    """How often each share was begun, by its place among them."""
    starts = [int(path.name.partition("-")[0]) for path in folder.iterdir()]
    return {place: starts.count(start) for place, start in enumerate(sorted(set(starts)))}


def report(folder: Path, **how: Any) -> str:
    with fc.open_folder(folder, **how) as opened:
        return opened.report(last=2).to_bytes("json").decode()


def test_a_worker_that_dies_midway_costs_its_share_and_no_figure(
    counted: DaskCrew, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """56 days of two rows are 2,100 bytes or so: four shares, of which the third ends the worker that is at it.

    What that worker has counted and not yet handed over is counted once more, too.
    """
    folder, begun = visits_in(tmp_path / "x"), tmp_path / "begun"
    begun.mkdir()
    monkeypatch.setattr(dask_engine, "_tasks", killing(begun, 1))
    assert report(folder, engine="dask") == report(folder)
    times = tried(begun)
    assert (len(times), times[2]) == (4, 2)


def test_a_share_that_ends_every_worker_names_its_file(
    counted: DaskCrew, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, begun = visits_in(tmp_path / "x"), tmp_path / "begun"
    begun.mkdir()
    monkeypatch.setattr(dask_engine, "_tasks", killing(begun, 9))
    with pytest.raises(fc.InputError) as raised:
        report(folder, engine="dask")
    (fault,) = raised.value.problems
    assert (fault.place, fault.code) == ("visitors.csv", "not-counted-by-workers")
    assert fault.message == "was counted by no worker: every worker that was at it has ended"
    assert tried(begun)[2] >= 2


def test_faults_have_their_lines(counted: DaskCrew, tmp_path: Path) -> None:
    """The header and 112 rows stand above: the first odd row is on line 114."""
    folder = visits_in(tmp_path / "x", "soon,zalo,", "2026-02-01,zalo,a,more,yet", "2026-02-30,zalo,")
    places = []
    for how in ("dask", None):
        with fc.open_folder(folder, engine=how) as opened, pytest.raises(fc.InputError) as raised:
            opened.report()
        places.append([(each.place, each.message) for each in raised.value.problems])
    assert places[0] == places[1]
    assert [place for place, _ in places[0]] == [
        "visitors.csv:114: date", "visitors.csv:115", "visitors.csv:116: date",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("change", "code"),
    [({"path": "/nowhere/visitors.csv"}, "unseen-by-workers"), ({"written": 1}, "changed-by-workers")],
)
def test_a_file_that_the_workers_do_not_have(
    change: dict[str, Any], code: str, counted: DaskCrew, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cut = shares.shares_of
    monkeypatch.setattr(shares, "shares_of", lambda opened, most: [replace(s, **change) for s in cut(opened, most)])
    folder = visits_in(tmp_path / "x")
    with pytest.raises(fc.InputError) as raised:
        report(folder, engine="dask")
    (fault,) = raised.value.problems
    assert (fault.code, "tcp://127.0.0.1:" in fault.message) == (code, True)


def test_a_worker_of_another_version(counted: DaskCrew, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("funnelcli.reading.engines.share_work.program", lambda: ("funnelcli 0.0",))
    folder = visits_in(tmp_path / "x")
    with pytest.raises(fc.UsageError, match=r"tcp://127.* runs funnelcli 0\.1\.0 .*; here it is funnelcli 0\.0\."):
        report(folder, engine="dask")


def test_a_worker_without_funnelcli_is_not_ended_by_it(
    counted: DaskCrew, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def task(order: bytes, registered: bytes | None) -> object:
        return "No module named 'funnelcli'"

    monkeypatch.setattr(dask_engine, "_tasks", lambda: (task, lambda registered: registered))
    with pytest.raises(fc.UsageError, match=r"cannot run this funnelcli: No module named 'funnelcli'\."):
        report(visits_in(tmp_path / "x"), engine="dask")


def test_what_a_worker_cannot_import_is_said() -> None:
    """The pickle of a class that is nowhere: nothing is raised on the worker, which would end it."""
    assert dask_engine._tasks()[0](b"cno.such.module\nOrder\n.", None) == "No module named 'no'"


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (MemoryError(), "there is not enough memory"),
        (PermissionError(13, "Permission denied"), "Permission denied"),
        (RuntimeError("first line\nsecond"), "first line"),
        (RuntimeError(), "RuntimeError"),
    ],
)
def test_why_a_share_was_not_counted(error: Exception, reason: str) -> None:
    assert dask_engine._why(error).of("en") == reason


# --- no cluster ----------------------------------------------------------------------------------------------------


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(choose, "SMALL_BYTES", -1)
    monkeypatch.setattr(dask_engine, "CONNECT_SECONDS", 0.5)
    monkeypatch.setattr(dask_engine, "NOBODY_SECONDS", 0.2)


def test_no_scheduler(large: None, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(UsageError) as raised:
        report(visits_in(tmp_path / "x"), scheduler=f"tcp://127.0.0.1:{port}")
    assert raised.value.message.startswith(f"tcp://127.0.0.1:{port}: no scheduler of Dask can be reached: ")
    assert raised.value.hint.endswith("or count here: --workers N.")


def test_something_else_answers(large: None, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer() -> None:
            connection, _ = server.accept()
            with connection:
                connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n" * 9)

        thread = threading.Thread(target=answer)
        thread.start()
        with pytest.raises(UsageError, match="no scheduler of Dask can be reached"):
            report(visits_in(tmp_path / "x"), scheduler=f"tcp://127.0.0.1:{server.getsockname()[1]}")
        thread.join()


def test_a_scheduler_without_workers(crew: DaskCrew, large: None, tmp_path: Path) -> None:
    from distributed import LocalCluster

    with LocalCluster(n_workers=0, processes=False, dashboard_address="127.0.0.1:0") as cluster:  # type: ignore[no-untyped-call]
        made = DaskCrew(scheduler=cluster.scheduler_address)
        with pytest.raises(UsageError, match="no worker is there"):
            made.start(tmp_path)


def test_a_scheduler_that_goes_away_is_not_waited_for(
    large: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A share is begun, and then the whole cluster ends."""
    from distributed import LocalCluster

    begun = tmp_path / "begun"

    def task(order: bytes, registered: bytes | None) -> object:
        import time

        begun.touch()
        time.sleep(0.5)
        return None

    monkeypatch.setattr(dask_engine, "_tasks", lambda: (task, lambda registered: registered))
    monkeypatch.setattr(dask_engine, "LOST_SECONDS", 0.2)
    monkeypatch.setattr(dask_engine, "NOBODY_SECONDS", 5)
    cluster: Any = LocalCluster(  # type: ignore[no-untyped-call]
        n_workers=1, threads_per_worker=1, processes=False, dashboard_address="127.0.0.1:0"
    )

    def end() -> None:
        while not begun.exists():
            time.sleep(0.01)
        cluster.close()

    thread = threading.Thread(target=end)
    thread.start()
    with pytest.raises(UsageError, match=r"the connection is lost|no worker is there"):
        report(visits_in(tmp_path / "x"), scheduler=cluster.scheduler_address)
    thread.join()


def test_workers_that_end_at_once(large: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("funnelcli.reading.engines.dask_processes.sys.executable", "/bin/false")
    monkeypatch.setattr(dask_engine, "NOBODY_SECONDS", 60)
    with pytest.raises(UsageError, match="None of the workers started here is left"):
        DaskCrew(workers=1).start(tmp_path)


def test_dask_is_not_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dask_engine, "find_spec", lambda name: None)
    with pytest.raises(UsageError) as raised:
        report(visits_in(tmp_path / "x"), engine="dask")
    assert (raised.value.message, raised.value.hint) == (
        "--engine dask needs Dask, which is not installed.", "Install it: pip install 'funnelcli[cluster]'.",
    )  # fmt: skip


# --- which engine --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "settings", "expected"),
    [
        ({}, {}, None),
        ({"workers": 3}, {}, (None, 3)),
        ({"scheduler": "tcp://a:1"}, {}, ("tcp://a:1", 2)),
        ({"engine": "dask"}, {}, (None, 2)),  # as many as there are processors
        ({}, {"engine": "dask"}, (None, 2)),
        ({}, {"workers": 5}, (None, 5)),
        ({}, {"scheduler": "tcp://b:1"}, ("tcp://b:1", 2)),
        ({"engine": "duckdb"}, {"engine": "dask", "workers": 5}, None),
        ({"workers": 3}, {"engine": "duckdb"}, (None, 3)),
        ({"workers": 3}, {"scheduler": "tcp://b:1"}, (None, 3)),
        ({"scheduler": "tcp://a:1"}, {"workers": 5}, ("tcp://a:1", 2)),
        ({"engine": "dask"}, {"scheduler": "tcp://b:1"}, ("tcp://b:1", 2)),
    ],
)
def test_what_is_given_outweighs_what_is_set(
    given: dict[str, Any], settings: dict[str, Any], expected: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("funnelcli.reading.engines.machine.threads", lambda: 2)
    crew = Effort(**given).crew(Engine(**settings))
    assert (crew and (crew.scheduler, crew.workers)) == expected  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"engine": "spark"}, "--engine is duckdb or dask."),
        ({"scheduler": "tcp://a:1", "workers": 2}, "--scheduler and --workers exclude each other."),
        ({"engine": "duckdb", "workers": 2}, "--scheduler and --workers are for --engine dask."),
    ],
)
def test_options_that_contradict_each_other(given: dict[str, Any], message: str) -> None:
    with pytest.raises(UsageError) as raised:
        Effort(**given).crew(Engine())
    assert raised.value.message == message


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('scheduler = "tcp://a:1"\nworkers = 2', "give scheduler or workers, not both"),
        ('engine = "duckdb"\nworkers = 2', "scheduler and workers are for engine dask"),
        ('engine = "spark"', "engine"),
        ("workers = 0", "workers"),
    ],
)
def test_settings_that_are_wrong(text: str, message: str, tmp_path: Path) -> None:
    folder = visits_in(tmp_path / "x")
    (folder / "funnel.toml").write_text(f"[engine]\n{text}\n", encoding="utf-8")
    with pytest.raises(fc.ConfigError, match=message):
        report(folder)
