"""Files elsewhere, by URL: read as if they were here, kept by what they are, and nothing secret in what is said."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb
import pytest

import funnelcli as fc
from funnelcli.problems import UsageError
from funnelcli.reading import remote
from funnelcli.reading.engines import choose
from funnelcli.reading.engines.model import VisitRequest, VisitTable
from funnelcli.reading.opening import Opened
from support import run_cli

fsspec = pytest.importorskip("fsspec")

FILES = {
    "visits/2026-01.csv": "date,source,user_id\n2026-01-05,google,a\n2026-01-31,zalo,\n",
    "visits/2026-02.csv": "date,source,user_id\n2026-02-01,google / cpc,a\n2026-02-28,zalo,b\n",
    "signups.csv": "user_id,signed_up_at\na,2026-01-20\nb,2026-03-01\n",
}
NAMED = {"visitors": "memory://x/visits/*.csv", "signups": "memory://x/signups.csv"}


@pytest.fixture(autouse=True)
def there() -> Iterator[Any]:
    """The files, in a file system that is in memory."""
    system = fsspec.filesystem("memory")
    for name, text in FILES.items():
        system.pipe(f"/x/{name}", text.encode())
    yield system
    system.rm("/x", recursive=True)


def here(folder: Path) -> Path:
    for name, text in FILES.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def figures(folder: Path, files: Any = None, **how: Any) -> str:
    with fc.open_folder(folder, files=files, **how) as opened:
        return opened.report(last=2).to_frame().to_csv()


def test_what_is_elsewhere_is_read_as_if_it_were_here(tmp_path: Path) -> None:
    local = here(tmp_path)
    names = {"visitors": str(local / "visits/*.csv"), "signups": str(local / "signups.csv")}
    assert figures(tmp_path, NAMED) == figures(tmp_path, names)


def test_the_settings_may_name_urls(tmp_path: Path) -> None:
    text = "".join(f'[inputs.{name}]\nfiles = ["{url}"]\n' for name, url in NAMED.items())
    (tmp_path / "funnel.toml").write_text(text, encoding="utf-8")
    assert figures(tmp_path) == figures(tmp_path, NAMED)


def test_faults_name_the_url_and_the_line(there: Any, tmp_path: Path) -> None:
    there.pipe("/x/visits/2026-02.csv", b"date,source\nsoon,zalo\n")
    with fc.open_folder(tmp_path, files=NAMED) as opened, pytest.raises(fc.InputError) as raised:
        opened.report()
    assert [each.place for each in raised.value.problems] == ["memory:///x/visits/2026-02.csv:2: date"]


def test_an_excel_file_and_a_packed_one(there: Any, tmp_path: Path) -> None:
    import gzip
    import io

    import openpyxl

    book = openpyxl.Workbook()
    page: Any = book.active
    for line in FILES["signups.csv"].splitlines():
        page.append(line.split(","))
    stream = io.BytesIO()
    book.save(stream)
    there.pipe("/x/signups.xlsx", stream.getvalue())
    there.pipe("/x/visits.csv.gz", gzip.compress(FILES["visits/2026-01.csv"].encode()))
    with fc.open_folder(
        tmp_path, files={"visitors": "memory://x/visits.csv.gz", "signups": "memory://x/signups.xlsx"}
    ) as opened:
        counted = {tally.input: tally.counted for tally in opened.facts().tallies}
    assert counted == {"visitors": 2, "signups": 2}


def test_no_copy_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    figures(tmp_path, NAMED)
    assert list(tmp_path.iterdir()) == []


# --- what is kept --------------------------------------------------------------------------------------------------


@pytest.fixture
def scanned(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the files whose visits were read."""
    names: list[str] = []
    original = choose._scan_all

    def scan(opened: list[Opened], request: VisitRequest) -> VisitTable:
        names.extend(source.name for source in opened)
        return original(opened, request)

    monkeypatch.setattr(choose, "SMALL_BYTES", -1)
    monkeypatch.setattr(choose, "_scan_all", scan)
    return names


def aged(there: Any, *names: str, days: int = 2) -> None:
    for name in names:
        there.store[f"/x/visits/{name}"].created = datetime.now(UTC) - timedelta(days=days)


def test_the_same_file_elsewhere_is_not_counted_again(there: Any, scanned: list[str], tmp_path: Path) -> None:
    """One is written a moment ago, and might be written again within the same moment: it is not kept."""
    aged(there, "2026-01.csv")
    plain = figures(tmp_path, NAMED)
    kept = tmp_path / "kept"
    assert figures(tmp_path, NAMED, cache=kept) == plain
    scanned.clear()
    assert figures(tmp_path, NAMED, cache=kept) == plain
    assert scanned == ["memory:///x/visits/2026-02.csv"]
    there.pipe("/x/visits/2026-01.csv", FILES["visits/2026-01.csv"].replace("zalo", "bing").encode())
    aged(there, "2026-01.csv", days=1)
    scanned.clear()
    assert figures(tmp_path, NAMED, cache=kept) == figures(tmp_path, NAMED)
    assert "memory:///x/visits/2026-01.csv" in scanned


@pytest.mark.parametrize(
    ("known", "is_told"),
    [
        ({"ETag": '"5d41"'}, True),
        ({"ETag": '"5d41"', "LastModified": datetime.now(UTC)}, True),
        ({"mtime": 1_700_000_000}, True),
        ({"mtime": datetime.now(UTC).timestamp() + 86_400}, False),
        ({"created": datetime.now(UTC) + timedelta(days=1)}, False),
        ({"LastModified": "Tue, 01 Jan 2026"}, False),
        ({}, False),
    ],
)
def test_what_tells_one_content_from_another(known: dict[str, Any], is_told: bool) -> None:
    assert bool(remote._identity("s3://b/x", 1, known)) is is_told


# --- what goes wrong -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("memory://x/none.csv", "--visitors memory://x/none.csv: there is no such file."),
        ("memory://x/none*.csv", "--visitors memory://x/none*.csv: there is no such file."),
        ("memory://x/visits", "memory://x/visits: cannot be read: it is a folder; name its files, like memory://x/visits/*.csv."),
        ("zzz://an:secret@x/a.csv", "zzz://x/a.csv: cannot be read: Protocol not known: zzz."),
        ("gs://x/a.csv", "gs://x/a.csv: cannot be read: Please install gcsfs to access Google Storage."),
    ],
)  # fmt: skip
def test_urls_that_lead_nowhere(url: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError) as raised:
        figures(tmp_path, {"visitors": url})
    assert raised.value.message == message
    assert raised.value.hint != ""


def test_the_settings_name_what_is_not_there(tmp_path: Path) -> None:
    (tmp_path / "funnel.toml").write_text('[inputs.visitors]\nfiles = ["memory://x/none*.csv"]\n', encoding="utf-8")
    with pytest.raises(fc.ConfigError, match=r"nothing matches 'memory://x/none\*\.csv'\."):
        figures(tmp_path)


def test_a_folder_elsewhere_is_no_path(tmp_path: Path) -> None:
    done = run_cli("report", "s3://an:secret@bucket/exports", cwd=tmp_path)
    assert (done.returncode, done.stderr.splitlines()[0]) == (
        2, "funnelcli: s3://bucket/exports: PATH is a folder of this machine.",
    )  # fmt: skip


def test_fsspec_is_not_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "fsspec.core", None)
    with pytest.raises(UsageError) as raised:
        figures(tmp_path, NAMED)
    assert (raised.value.message, raised.value.hint) == (
        "memory://x/visits/*.csv: reading from URLs needs fsspec, which is not installed.",
        "Install it: pip install 'funnelcli[remote]'.",
    )


def test_a_file_that_is_larger_than_there_is_room_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("funnelcli.reading.remote.shutil.disk_usage", lambda _: _Usage())
    with pytest.raises(fc.InputError, match="is too large") as raised:
        figures(tmp_path, NAMED)
    assert [each.code for each in raised.value.problems] == ["too-large"]


class _Usage:
    free = 100


def test_a_file_that_changes_meanwhile(there: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is written again between the two looks at it: what has been fetched may be half of each."""
    looks: list[int] = []
    usual = remote._what

    def look(known: Any) -> dict[str, str]:
        looks.append(1)
        return {**usual(known), "look": str(len(looks))}

    monkeypatch.setattr(remote, "_what", look)
    with pytest.raises(fc.InputError, match="changed while it was read"):
        figures(tmp_path, NAMED)


def test_what_a_library_says_shows_no_secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(url: str) -> Any:
        raise PermissionError(f"403 for {url}, see https://h/x?sig=secret")

    monkeypatch.setattr("fsspec.core.url_to_fs", refuse)
    with pytest.raises(UsageError) as raised:
        figures(tmp_path, {"visitors": "https://an:secret@h/visits.csv?sig=secret"})
    assert (
        raised.value.message == "https://h/visits.csv: cannot be read: 403 for https://h/visits.csv, see https://h/x."
    )


def test_two_links_that_look_alike_have_names_of_their_own(monkeypatch: pytest.MonkeyPatch) -> None:
    from funnelcli.reading.discover import _named_files

    monkeypatch.setattr(
        "funnelcli.reading.discover.remote_files", lambda url: [(remote.shown(url), remote.Remote(url, url))]
    )
    sources = _named_files("visitors", ["https://h/x.csv?id=1", "https://h/x.csv?id=2"])
    assert sorted(source.name for source in sources) == ["https://h/x.csv", "https://h/x.csv (2)"]


# --- S3 ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A bucket on a server of this machine, with the files in it, the visits as Parquet; nobody else may look at it."""
    server_of = pytest.importorskip("moto.server").ThreadedMotoServer
    s3fs = pytest.importorskip("s3fs")
    server = server_of(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    for name, value in {
        "AWS_ENDPOINT_URL": f"http://{host}:{port}", "AWS_ACCESS_KEY_ID": "an", "AWS_SECRET_ACCESS_KEY": "secret",
        "AWS_DEFAULT_REGION": "us-east-1",
    }.items():  # fmt: skip
        monkeypatch.setenv(name, value)
    system = s3fs.S3FileSystem(skip_instance_cache=True)
    system.mkdir("exports")
    for name in ("2026-01", "2026-02"):
        system.pipe(f"exports/visits/{name}.parquet", parquet_of(FILES[f"visits/{name}.csv"]))
    system.pipe("exports/signups.csv", FILES["signups.csv"].encode())
    yield system
    s3fs.S3FileSystem.clear_instance_cache()
    server.stop()


def parquet_of(text: str) -> bytes:
    """A table of text as Parquet."""
    with TemporaryDirectory() as name:
        source, target = Path(name) / "a.csv", Path(name) / "a.parquet"
        source.write_text(text, encoding="utf-8")
        duckdb.execute(f"COPY (FROM read_csv('{source}', all_varchar=true)) TO '{target}' (FORMAT parquet)")
        return target.read_bytes()


@pytest.mark.filterwarnings("ignore")
def test_a_bucket(bucket: Any, scanned: list[str], tmp_path: Path) -> None:
    """What is kept of a file is believed by its ETag, however young it is."""
    files = {"visitors": "s3://exports/visits/*.parquet", "signups": "s3://exports/signups.csv"}
    plain = figures(tmp_path, NAMED)
    assert figures(tmp_path, files, cache=tmp_path / "kept") == plain
    assert scanned[-2:] == ["s3://exports/visits/2026-01.parquet", "s3://exports/visits/2026-02.parquet"]
    scanned.clear()
    assert figures(tmp_path, files, cache=tmp_path / "kept") == plain
    assert scanned == []
    with pytest.raises(UsageError, match=r"s3://exports/none\.csv: there is no such file"):
        figures(tmp_path, {"visitors": "s3://exports/none.csv"})
    with pytest.raises(UsageError, match=r"s3://nobodys/x\*\.csv: cannot be read: The specified bucket does not exist"):
        figures(tmp_path, {"visitors": "s3://nobodys/x*.csv"})
