"""Runs that nobody watches: what must be there, what was lost, and closed figures that differ from those before."""

from __future__ import annotations

import json
import re
import shutil
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import funnelcli as fc
from funnelcli.answers.frozen import part_key
from funnelcli.facts.keyed import Keyed, difference
from funnelcli.problems import ThresholdError, UsageError
from funnelcli.renderers import Style
from funnelcli.renderers.wording.reread import counts_in_markdown
from support import EXAMPLES, rendered, report_of, run_cli

SIGNUPS = "user_id,signed_up_at\nu1,2026-09-01\nu2,2026-09-30\nu3,2026-10-01\nu4,2026-10-31\n"
DEMOS = "user_id,booked_at,held_at\nu1,2026-09-02,2026-09-05\nu2,2026-10-02,2026-10-06\n"
PAID = "user_id,started_at,ended_at,mrr\nu1,2026-09-10,,100\nu2,2026-10-10,2026-10-20,50\n"


def made(folder: Path, **files: str) -> Path:
    folder.mkdir(exist_ok=True)
    for name, text in {"signups": SIGNUPS, "demos": DEMOS, "paid_users": PAID, **files}.items():
        path = folder / ("funnel.toml" if name == "settings" else f"{name}.csv")
        path.write_text(text, "utf-8") if text else path.unlink(missing_ok=True)
    return folder


# --- what must be there ----------------------------------------------------------------------------------------------

MUST = '[inputs.signups]\nrequired = true\nmin_rows = 4\nmax_age = "3d"\n'


@pytest.mark.parametrize(
    ("signups", "as_of", "codes"),
    [
        (SIGNUPS, "2026-11-03", []),  # 3 days after 31 October, and 4 rows
        (SIGNUPS, "2026-11-04", ["too-old"]),
        (SIGNUPS.removesuffix("u4,2026-10-31\n"), "2026-10-03", ["too-few-rows"]),
        ("user_id,signed_up_at\n", "2026-10-03", ["too-few-rows"]),
        (SIGNUPS.removesuffix("1\n"), "2026-10-06", ["required-cut-short"]),  # of 2026-10-31 the last digit
        ("", "2026-10-31", ["input-missing"]),
    ],
    ids=["as it must be", "stale", "fewer rows", "no rows", "truncated", "missing"],
)
def test_what_must_be_there_stops_the_run_where_it_is_not(
    signups: str, as_of: str, codes: list[str], tmp_path: Path
) -> None:
    folder = made(tmp_path / "exports", signups=signups, settings=MUST)
    out = tmp_path / "report.csv"
    out.write_text("yesterday's", "utf-8")
    done = run_cli("report", folder, "--as-of", as_of, "-o", out)
    assert (done.returncode, out.read_text("utf-8") == "yesterday's") == ((3, True) if codes else (0, False))
    problems = fc.open_folder(folder).check(as_of=as_of).problems
    assert [each.code for each in problems if each.kind.severity == "error"] == codes
    # Without the settings the same folder is counted, as long as it has anything to count.
    (folder / "funnel.toml").unlink()
    assert run_cli("report", folder, "--as-of", as_of, "-o", out).returncode == 0


def test_what_must_be_there_holds_for_every_question(tmp_path: Path) -> None:
    folder = made(tmp_path / "exports", settings="[inputs.visitors]\nrequired = true\n")
    commands: list[tuple[Any, ...]] = [
        ("report", folder), ("explain", "new_signups", folder), ("check", folder),
        ("targets", folder, "--new-paid-users", "5", "--from", "2026-12", "--to", "2026-12"),
    ]  # fmt: skip
    assert [run_cli(*command).returncode for command in commands] == [3] * 4
    done = run_cli("report", folder)
    assert done.stdout == ""
    assert done.stderr == (
        "funnelcli: 1 error in 1 file; nothing was written.\n\n"
        "funnel.toml: [inputs.visitors] says what must be there, and no file of visitors is\n"
        "  Export it, or see why it did not come: files named visitors*, visits*, sessions*, traffic*, or as "
        "[inputs.visitors] files says.\n"
    )
    # Files named one by one stand for the whole.
    assert run_cli("report", folder, "--signups", folder / "signups.csv").returncode == 0


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ('[inputs.signups]\nmax_age = "3"\n', 'write it as days or weeks, like "3d" or "2w"'),
        ('[inputs.signups]\nmax_age = "0d"\n', 'write it as days or weeks, like "3d" or "2w"'),
        ("[inputs.signups]\nmax_age = 3\n", 'write it as days or weeks, like "3d" or "2w"'),
        ("[inputs.signups]\nmin_rows = -1\n", "min_rows"),
        ('[strict]\naccept = ["orphan-users"]\n', "'orphan-users' is no kind of warning. Did you mean orphan-user?"),
        ('[strict]\naccept = ["not-a-date"]\n', "'not-a-date' is no kind of warning."),
    ],
)
def test_settings_that_cannot_be_meant_are_refused(settings: str, says: str, tmp_path: Path) -> None:
    done = run_cli("report", made(tmp_path / "exports", settings=settings))
    assert (done.returncode, says in done.stderr) == (4, True), done.stderr


def test_two_weeks_are_fourteen_days(tmp_path: Path) -> None:
    folder = made(tmp_path / "exports", settings='[inputs.signups]\nmax_age = "2w"\n')
    assert [run_cli("report", folder, "--as-of", day).returncode for day in ("2026-11-14", "2026-11-15")] == [0, 3]


# --- strictly --------------------------------------------------------------------------------------------------------


def test_strictly_a_warning_stops_the_run_unless_it_is_accepted(tmp_path: Path) -> None:
    folder = made(tmp_path / "exports", demos=DEMOS + "u9,2026-10-07,\n")
    out = tmp_path / "report.json"
    loose = run_cli("report", folder, "-o", out)
    assert (loose.returncode, loose.stderr) == (
        0,
        f"wrote {out}\nfunnelcli: 1 warning: orphan-user (1); `funnelcli check {folder}` lists them.\n",
    )
    assert "orphan-user" in json.dumps(json.loads(out.read_bytes())["notes"]) or json.loads(out.read_bytes())["notes"]
    before = out.read_bytes()
    strict = run_cli("report", folder, "-o", out, "--strict")
    assert (strict.returncode, strict.stdout, out.read_bytes()) == (3, "", before)
    assert strict.stderr == (
        "funnelcli: 1 warning in 1 file, and --strict; nothing was written.\n\n"
        "demos.csv:4: user_id: u9 has no signup\n"
        "  It counts; check that the signups export reaches back far enough.\n"
        '  To accept what is known: [strict] accept = ["orphan-user"] in funnel.toml.\n'
    )
    assert run_cli("check", folder, "--strict").returncode == 3
    (folder / "funnel.toml").write_text('[strict]\naccept = ["orphan-user"]\n', "utf-8")
    accepted = run_cli("report", folder, "-o", out, "--strict")
    assert (accepted.returncode, accepted.stderr) == (0, f"wrote {out}\n")
    assert run_cli("check", folder, "--strict").returncode == 0


def test_quietly_nothing_is_said_of_warnings(tmp_path: Path) -> None:
    folder = made(tmp_path / "exports", demos=DEMOS + "u9,2026-10-07,\n")
    assert run_cli("report", folder, "-f", "csv", "-q").stderr == ""


def test_the_api_is_strict_too(tmp_path: Path) -> None:
    folder = made(tmp_path / "exports", demos=DEMOS + "u9,2026-10-07,\n")
    assert fc.open_folder(folder).report()["new_signups"].sum() == 4
    with pytest.raises(fc.InputError, match="1 warning in 1 file, and --strict"):
        fc.open_folder(folder, strict=True).report()


def test_what_was_decided_is_said(tmp_path: Path) -> None:
    folder = tmp_path / "exports"
    folder.mkdir()
    (folder / "signups.csv").write_bytes(
        "Danh sách;;\n\nMã KH;Ngày đăng ký;Nguồn\nu1;13/09/2026;zalo\n".encode("utf-16")
    )
    (folder / "demos.csv").write_text("user_id,booked_at\nu1,2026-09-14\n", "utf-8")
    done = run_cli("report", folder, "-f", "csv", "-v", "-q")
    assert done.stderr.splitlines() == [
        "funnelcli: signups.csv: signups; utf-16, ';' between cells, header in line 3",
        "funnelcli: signups.csv: columns user_id = Mã KH, signed_up_at = Ngày đăng ký, source = Nguồn",
        "funnelcli: signups.csv: dates are written day, month, year",
        "funnelcli: demos.csv: demos; utf-8, ',' between cells, header in line 1",
        "funnelcli: demos.csv: columns user_id = user_id, booked_at = booked_at",
        "funnelcli: demos joined to signups by user_id = Mã KH: 1 of 1",
        "funnelcli: counted up to 14 Sep 2026, in the time zone Asia/Ho_Chi_Minh; amounts in VND",
    ]


# --- files that end within a row -------------------------------------------------------------------------------------

ROWS = "".join(f"u{n:03},google,2026-10-{n + 1:02}\n" for n in range(24))
UNPADDED = "".join(f"u{n},zalo,{n + 1}/10/2026\n" for n in range(8, 13)) + "u1,zalo,1/1/2027"
AMOUNTS = "".join(f"u{n},2026-10-02,100000\n" for n in range(24)) + "u9,2026-10-02,90000"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("user_id,source,signed_up_at\n" + ROWS[:-2], "its last cell, '2026-10-2', is shorter"),
        ("user_id,source,signed_up_at\n" + ROWS[:-11], "its last cell is empty"),
        ("user_id,source,signed_up_at\n" + ROWS[:-12], "the last line has 2 of 3 cells"),
        ("user_id,source,signed_up_at\r\n" + ROWS.replace("\n", "\r\n")[:-3], "its last cell, '2026-10-2'"),
        ("source,signed_up_at,user_id\n" + "".join(f"zalo,2026-10-02,KH{n:06}\n" for n in range(24))[:-3], "'KH0000'"),
        ("user_id,source,signed_up_at\n" + ROWS[:-1], None),  # only the end of the line is missing
        ("user_id,source,signed_up_at\n" + ROWS, None),
        ("user_id,source,signed_up_at\n" + ROWS + "24 records", None),  # a line below the table
        ("user_id,source,signed_up_at\n" + UNPADDED, None),  # of days without zeros none says how long the last one is
        ("user_id,signed_up_at,amount\n" + AMOUNTS, None),  # amounts are of any length
        ("user_id,source,signed_up_at\nu1,a,2026-10-02\nu2,a,2026-10-02\nu3,\"b, c\",2026-10-0", "its last cell"),
    ],
)  # fmt: skip
def test_a_file_that_ends_within_a_row_is_named(text: str, why: str | None, tmp_path: Path) -> None:
    folder = tmp_path / "exports"
    folder.mkdir()
    (folder / "signups.csv").write_bytes(text.encode())
    problems = [each for each in fc.open_folder(folder).check().problems if each.code == "cut-short"]
    assert [why is not None and why in each.message for each in problems] == ([] if why is None else [True])
    done = run_cli("report", folder, "-f", "csv", "--skip-bad-rows")
    assert ("ends within a row" in done.stderr) == (why is not None)


def test_a_file_in_another_encoding_is_looked_at_in_that(tmp_path: Path) -> None:
    folder = tmp_path / "exports"
    folder.mkdir()
    text = "user_id,source,signed_up_at\n" + ROWS * 200
    (folder / "signups.csv").write_bytes(text.encode("utf-16"))
    assert [each.code for each in fc.open_folder(folder).check().problems if each.code == "cut-short"] == []
    (folder / "signups.csv").write_bytes(text[:-2].encode("utf-16"))
    assert [each.code for each in fc.open_folder(folder).check().problems if each.code == "cut-short"] == ["cut-short"]


# --- outputs that are replaced ---------------------------------------------------------------------------------------


def of_signups(n: int) -> str:
    return "user_id,signed_up_at\n" + "".join(f"u{i},2026-10-{i % 28 + 1:02}\n" for i in range(n))


FURTHER = {"t.csv": ("--layout", "tidy"), "s.md": ("--by", "channel")}


@pytest.mark.parametrize(
    ("name", "counted"),
    [
        ("a.json", "rows of signups"), ("a.html", "rows of signups"), ("a.csv", "new_signups"),
        ("a.tsv", "new_signups"), ("a.xlsx", "new_signups"), ("t.csv", "new_signups"), ("a.md", "new_signups"),
        ("s.md", "new_signups"), ("a.eml", "rows of signups"),
    ],
)  # fmt: skip
def test_an_output_that_has_lost_most_rows_is_warned_of(name: str, counted: str, tmp_path: Path) -> None:
    """20 rows, then 10 (half of them, which may be), then 4 (less than half of 10)."""
    folder, out = tmp_path / "exports", tmp_path / name
    options = ("--month", "2026-10", "-o", out, *FURTHER.get(name, ()))
    said = []
    for n in (20, 10, 4):
        made(folder, signups=of_signups(n), demos="", paid_users="")
        done = run_cli("report", folder, *options)
        assert done.returncode == 0
        said.append([line for line in done.stderr.splitlines() if "has " in line])
    warning = (
        f"funnelcli: warning: {out}: has 10 {counted}, and what is to replace it 4. See whether the exports are whole; "
        "where they are, write to another file, or remove this one."
    )
    assert said == [[], [], [warning]]


def test_markdown_says_its_counts_in_every_language() -> None:
    """49, 52 and 57 signups from June to August, under other words for the metric and the months."""
    report = report_of(EXAMPLES / "plain", first="2026-06", last="2026-08")
    told = [counts_in_markdown(rendered(report, "md", Style(lang=lang)).encode()) for lang in ("en", "vi")]
    of_signups = [[n for (metric, _), n in counts.items() if metric == "new_signups"] for counts in told]
    assert of_signups == [[49, 52, 57], [49, 52, 57]]
    assert sorted((key[0], n) for key, n in told[0].items()) == sorted((key[0], n) for key, n in told[1].items())


def test_strictly_an_output_that_would_lose_most_rows_stays(tmp_path: Path) -> None:
    folder, out = tmp_path / "exports", tmp_path / "a.html"
    made(folder, signups=of_signups(20), demos="", paid_users="")
    assert run_cli("report", folder, "-o", out, "--strict").returncode == 0
    before = out.read_bytes()
    made(folder, signups=of_signups(9), demos="", paid_users="")
    done = run_cli("report", folder, "-o", out, "--strict")
    assert (done.returncode, out.read_bytes() == before, "has 20 rows of signups" in done.stderr) == (3, True, True)
    (folder / "funnel.toml").write_text('[strict]\naccept = ["rows-lost"]\n', "utf-8")
    assert run_cli("report", folder, "-o", out, "--strict").returncode == 0


@pytest.mark.parametrize("name", ["a.csv", "a.json", "a.html", "a.xlsx", "a.md", "a.eml"])
def test_what_is_replaced_may_be_anything(name: str, tmp_path: Path) -> None:
    folder, out = made(tmp_path / "exports"), tmp_path / name
    for data in (
        b"",
        b"\xff\xfe\x00",
        b"metric,label,unit\nnew_signups",
        b'{"sources": [1, {"rows_counted": "x"}]}',
        b"[]",
    ):
        out.write_bytes(data)
        done = run_cli("report", folder, "-o", out)
        assert (done.returncode, done.stderr) == (0, f"wrote {out}\n")


# --- closed figures --------------------------------------------------------------------------------------------------


def changes(folder: Path, frozen: Path, **options: Any) -> fc.ReportResult:
    return fc.open_folder(folder).report(start="2026-09", end="2026-10", against=frozen, **options)


def freeze(folder: Path, path: Path, **options: Any) -> Path:
    path.write_bytes(fc.open_folder(folder).report(start="2026-09", end="2026-10", **options).frozen())
    return path


def test_of_a_row_that_came_late_the_figures_are_named_and_the_row(tmp_path: Path) -> None:
    """A signup of 30 September is exported in October only: September has 3 where it had 2, and so on after it."""
    folder = made(tmp_path / "exports")
    frozen = freeze(folder, tmp_path / "kept.json", as_of="2026-10-31")
    made(folder, signups=SIGNUPS + "u5,2026-09-30\nu6,2026-11-01\n")  # the one of November is no change
    result = changes(folder, frozen, as_of="2026-10-31")
    assert result.changes is not None
    differing = {
        (each.metric, each.period.key): (each.then[0], each.now[0]) for each in result.changes.figures if not each.part
    }
    assert differing == {
        ("total_leads", "2026-09"): (2, 3),
        ("total_leads", "2026-10"): (4, 5),
        ("opening_registered_users", "2026-10"): (2, 3),
        ("new_signups", "2026-09"): (2, 3),
        ("organic_signups", "2026-09"): (2, 3),
        ("closing_registered_users", "2026-09"): (2, 3),
        ("closing_registered_users", "2026-10"): (4, 5),
        # 1 booked of 2 signed up, and now of 3.
        ("signup_to_demo_rate", "2026-09"): (0.5, 1 / 3),
    }
    rows = [(each.event, each.kind, each.person, str(each.now), each.file, each.line) for each in result.changes.rows]
    assert rows == [("signup", "came", "u5", "2026-09-30", "signups.csv", 6)]
    files = [(each.file, each.then, each.now) for each in result.changes.files]
    assert files == [("signups.csv", 4, 6)]


def test_rows_that_went_and_rows_that_changed(tmp_path: Path) -> None:
    """u3 is gone, and u2 left on the 19th and not the 20th: a loss of October all the same, so that only u3 shows."""
    folder = made(tmp_path / "exports")
    frozen = freeze(folder, tmp_path / "kept.json")
    made(folder, signups=SIGNUPS.replace("u3,2026-10-01\n", ""), paid_users=PAID.replace("2026-10-20", "2026-10-19"))
    result = changes(folder, frozen)
    assert result.changes is not None
    assert {each.metric for each in result.changes.figures} >= {"new_signups", "signup_to_demo_rate"}
    assert "churned_paid_users" not in {each.metric for each in result.changes.figures}
    rows = [(each.event, each.kind, each.person, str(each.then), str(each.now)) for each in result.changes.rows]
    assert rows == [("signup", "went", "", "2026-10-01", "None")]
    made(folder, signups=SIGNUPS, paid_users=PAID.replace("2026-09-10", "2026-08-31"))
    result = changes(folder, frozen)
    assert result.changes is not None
    assert ("changed", "u1", "2026-09-10", "2026-08-31") in {
        (each.kind, each.person, str(each.then), str(each.now)) for each in result.changes.rows
    }


def test_the_same_share_of_other_numbers_is_a_change(tmp_path: Path) -> None:
    """1 of 2 and 2 of 4 are 50 %, and not the same."""
    folder = made(tmp_path / "exports")
    frozen = freeze(folder, tmp_path / "kept.json")
    made(folder, signups=SIGNUPS + "u5,2026-09-03\nu6,2026-09-04\n", demos=DEMOS + "u5,2026-09-05,\n")
    result = changes(folder, frozen)
    assert result.changes is not None
    rates = [each for each in result.changes.figures if each.metric == "signup_to_demo_rate"]
    figures = [(each.period.key, each.then, each.now) for each in rates]
    assert figures == [("2026-09", (0.5, 1, 2), (0.5, 2, 4))]


def test_a_month_that_was_not_over_is_not_closed(tmp_path: Path) -> None:
    """Counted up to 30 October the month still runs; up to the 31st it is over."""
    folder = made(tmp_path / "exports")
    running = freeze(folder, tmp_path / "running.json", as_of="2026-10-30")
    whole = freeze(folder, tmp_path / "whole.json", as_of="2026-10-31")
    made(folder, signups=SIGNUPS + "u5,2026-10-15\n")
    of_running, of_whole = (changes(folder, kept, as_of="2026-10-31").changes for kept in (running, whole))
    assert of_running is not None
    assert of_whole is not None
    assert [each.period.key for each in of_running.figures] == []
    assert {each.period.key for each in of_whole.figures} == {"2026-10"}


def test_nothing_differs_however_the_same_rows_lie_in_files(tmp_path: Path) -> None:
    folder = tmp_path / "exports"
    shutil.copytree(EXAMPLES / "plain", folder)
    frozen = freeze_of_example(folder, tmp_path / "kept.json")
    visits = (folder / "visitors.csv").read_text("utf-8").splitlines(keepends=True)
    (folder / "visitors.csv").unlink()
    half = len(visits) // 2
    (folder / "visitors-1.csv").write_text("".join(visits[:half]), "utf-8")
    (folder / "visitors-2.csv").write_text("".join([visits[0], *visits[half:]]), "utf-8")
    signups = (folder / "signups.csv").read_text("utf-8").splitlines(keepends=True)
    (folder / "signups.csv").write_text("".join([signups[0], *reversed(signups[1:])]), "utf-8")
    result = fc.open_folder(folder).report(by="channel", against=frozen)
    assert result.changes is not None
    assert (result.changes.figures, result.changes.compared > 500) == ((), True)
    assert result.notes[0].code == "no-change"


def freeze_of_example(folder: Path, path: Path) -> Path:
    path.write_bytes(fc.open_folder(folder).report(by="channel").frozen())
    return path


def test_json_and_notes_say_the_same(tmp_path: Path) -> None:
    folder = made(tmp_path / "exports")
    frozen = freeze(folder, tmp_path / "kept.json")
    made(folder, signups=SIGNUPS + "u5,2026-09-30\n")
    result = changes(folder, frozen)
    data = json.loads(result.to_bytes("json"))
    assert data["changes"]["against"] == "kept.json"
    assert {part_key(each) for each in data["changes"]["figures"]} == {""}
    assert data["changes"]["rows"] == [
        {
            "change": "came", "event": "signup", "user_id": "u5", "date_then": None, "date_now": "2026-09-30",
            "counts_then": None, "counts_now": 1, "file": "signups.csv", "line": 6,
        }
    ]  # fmt: skip
    assert [note["code"] for note in data["notes"]][:3] == ["changed-figures", "changed-files", "changed-rows"]
    table = result.render("table")
    assert "Closed figures that differ from kept.json, counted up to 31 Oct 2026" in table
    assert re.search(r"came +signup +30 Sep 2026", table)
    for form in ("md", "html"):
        text = result.render(form)
        assert "Closed figures that differ from kept" in text
        assert "u5" not in text  # a page goes into mails: whom a row is about stands in the file
    assert result.to_bytes("xlsx")


def test_where_only_the_figures_were_kept_the_rows_are_not_known(tmp_path: Path) -> None:
    folder = made(tmp_path / "exports")
    kept = tmp_path / "report.json"
    assert run_cli("report", folder, "--last", "2", "-o", kept).returncode == 0
    made(folder, signups=SIGNUPS + "u5,2026-09-30\n")
    result = changes(folder, kept)
    assert result.changes is not None
    assert (len(result.changes.figures) > 0, result.changes.rows, result.changes.rows_in_all) == (True, (), None)
    assert "rows-not-kept" in [note.code for note in result.notes]


def test_a_change_ends_the_run_where_that_is_wanted(tmp_path: Path) -> None:
    folder, kept, out = made(tmp_path / "exports"), tmp_path / "kept.json", tmp_path / "report.html"
    assert run_cli("report", folder, "--last", "2", "-o", out, "--freeze", kept).returncode == 0
    before = out.read_bytes()
    same = run_cli("report", folder, "--last", "2", "-o", out, "--against", kept, "--fail-on-change")
    assert same.returncode == 0
    made(folder, signups=SIGNUPS + "u5,2026-09-30\n")
    before = out.read_bytes()
    done = run_cli("report", folder, "--last", "2", "-o", out, "--against", kept, "--fail-on-change", "-q")
    assert (done.returncode, out.read_bytes() == before, done.stdout) == (6, True, "")
    assert done.stderr == (
        "funnelcli: 8 of 114 closed figures differ from kept.json, counted up to 31 Oct 2026: "
        "Total leads (to date), Sep 2026: 2 → 3; Total leads (to date), Oct 2026: 4 → 5; "
        "RU at start of month, Oct 2026: 2 → 3; New signups (RU), Sep 2026: 2 → 3; "
        "New signups (RU): Organic (brand), Sep 2026: 2 → 3; and 3 more.\n"
        "  Files that differ: signups.csv, 4 → 5 rows counted. "
        "Rows behind them: signup 2026-09-30 came (signups.csv:6).\n"
    )
    with pytest.raises(ThresholdError):
        changes(folder, kept).check_unchanged()
    assert run_cli("report", folder, "--fail-on-change").returncode == 2


def test_the_frozen_file_names_nobody(tmp_path: Path) -> None:
    folder = tmp_path / "exports"
    made(folder, signups=SIGNUPS.replace("u1", "lan@example.com"))
    frozen = freeze(folder, tmp_path / "kept.json")
    assert b"lan@" not in frozen.read_bytes()
    assert freeze(folder, tmp_path / "again.json").read_bytes() == frozen.read_bytes()


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "is no report that can be compared with"),
        (b"[]", "is no report that can be compared with"),
        (b'{"format": "funnelcli.targets", "format_version": 1}', "is no report that can be compared with"),
        (b"[" * 100_000, "is no report that can be compared with"),
        (None, "cannot be read"),
    ],
)
def test_what_is_no_earlier_report_is_refused(data: bytes | None, says: str, tmp_path: Path) -> None:
    folder, path = made(tmp_path / "exports"), tmp_path / "kept.json"
    if data is not None:
        path.write_bytes(data)
    done = run_cli("report", folder, "--against", path)
    assert (done.returncode, says in done.stderr) == (2, True), done.stderr


@pytest.mark.parametrize("change", ["grain", "currency", "periods", "frozen"])
def test_reports_that_cannot_be_compared_are_refused(change: str, tmp_path: Path) -> None:
    folder = made(tmp_path / "exports")
    frozen = freeze(folder, tmp_path / "kept.json")
    data = json.loads(frozen.read_bytes())
    match change:
        case "grain":
            data["grain"] = "quarter"
        case "currency":
            data["currency"] = "USD"
        case "periods":
            for period in data["periods"]:
                period["partial"] = True
        case "frozen":
            data["frozen"]["events"]["signup"]["day"] = data["frozen"]["events"]["signup"]["day"][:8]
    frozen.write_text(json.dumps(data), "utf-8")
    with pytest.raises(UsageError):
        changes(folder, frozen)


# --- the difference of two tables of events --------------------------------------------------------------------------

EVENTS = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3), st.integers(1, 2)), max_size=12)


def table(events: list[tuple[int, int, int]]) -> Keyed:
    key, day, weight = (np.array([event[place] for event in events], dtype=np.int64) for place in range(3))
    return Keyed(key=key.astype("<u8"), day=day, weight=weight, traits=day.astype("<u8"), file=key, line=key, files=[])


@given(EVENTS, EVENTS)
@settings(max_examples=200)
def test_what_went_and_came_is_the_difference_of_two_bags(then: list[Any], now: list[Any]) -> None:
    gone = difference(table(then), table(now))
    assert Counter(then[place] for place in gone.went.tolist()) == Counter(then) - Counter(now)
    assert Counter(now[place] for place in gone.came.tolist()) == Counter(now) - Counter(then)


# --- what a night of bad luck must not hide --------------------------------------------------------------------------

PLANS = "user_id,started_at,plan,mrr\nu1,2026-09-10,team,100\nu2,2026-10-10,basic,50\n"


def of_parts(result: fc.ReportResult) -> set[tuple[str, str, float | None, float | None]]:
    assert result.changes is not None
    return {
        (each.part, each.period.key, each.then[0], each.now[0])
        for each in result.changes.figures
        if each.metric == "closing_mrr_amount"
    }


def test_a_part_that_goes_or_comes_is_a_change(tmp_path: Path) -> None:
    """A plan is renamed: nothing of the whole differs, 100 went from the one and came to the other."""
    folder = made(tmp_path / "exports", paid_users=PLANS)
    frozen = freeze(folder, tmp_path / "kept.json", by="plan")
    made(folder, paid_users=PLANS.replace("team", "Team Pro"))
    assert of_parts(changes(folder, frozen, by="plan")) == {
        ("plan=team", "2026-09", 100, None), ("plan=team", "2026-10", 100, None),
        ("plan=Team Pro", "2026-09", None, 100), ("plan=Team Pro", "2026-10", None, 100),
    }  # fmt: skip


def test_where_the_earlier_report_has_no_parts_that_is_said(tmp_path: Path) -> None:
    folder = made(tmp_path / "exports", paid_users=PLANS)
    frozen = freeze(folder, tmp_path / "kept.json")
    assert [note.code for note in changes(folder, frozen, by="plan").notes][:2] == ["no-change", "whole-compared"]


def test_another_channel_of_a_person_is_a_changed_row(tmp_path: Path) -> None:
    signups = "user_id,signed_up_at,source\nu1,2026-09-01,google / cpc\nu2,2026-10-02,zalo\n"
    folder = made(tmp_path / "exports", signups=signups)
    frozen = freeze(folder, tmp_path / "kept.json")
    made(folder, signups=signups.replace("google / cpc", "affiliate / x"))
    result = changes(folder, frozen)
    assert result.changes is not None
    rows = {(each.event, each.kind, each.person, each.line) for each in result.changes.rows}
    assert ("signup", "changed", "u1", 2) in rows


def test_other_settings_are_said(tmp_path: Path) -> None:
    signups = "user_id,signed_up_at,source\nu1,2026-09-01,radio\nu2,2026-10-02,zalo\n"
    folder = made(tmp_path / "exports", signups=signups)
    frozen = freeze(folder, tmp_path / "kept.json")
    made(folder, signups=signups, settings='[channels]\npaid = ["radio"]\n')
    notes = [note.code for note in changes(folder, frozen).notes]
    assert {"changed-figures", "changed-settings"} <= set(notes)


def test_rows_of_other_months_are_not_behind_a_month(tmp_path: Path) -> None:
    """One more booking in each month; of October only that of October is behind its bookings."""
    folder = made(tmp_path / "exports")
    frozen = tmp_path / "kept.json"
    frozen.write_bytes(fc.open_folder(folder).report(month="2026-10", as_of="2026-10-31").frozen())
    made(folder, demos=DEMOS + "u3,2026-09-15,\nu4,2026-10-15,\n")
    result = fc.open_folder(folder).report(month="2026-10", as_of="2026-10-31", against=frozen)
    assert result.changes is not None
    assert [(each.event, str(each.now)) for each in result.changes.rows] == [("demo_booked", "2026-10-15")]


def test_more_visits_of_a_day_are_a_pair_and_of_another_day_are_not(tmp_path: Path) -> None:
    visits = "date,visits\n2026-09-01,10\n2026-09-02,20\n2026-10-31,5\n"
    folder = made(tmp_path / "exports", visitors=visits)
    frozen = freeze(folder, tmp_path / "kept.json")
    made(folder, visitors=visits.replace("2026-09-01,10", "2026-09-01,12").replace("2026-09-02", "2026-09-03"))
    result = changes(folder, frozen)
    assert result.changes is not None
    rows = {
        (each.kind, str(each.then), str(each.now), each.weight_then, each.weight_now)
        for each in result.changes.rows
        if each.event == "visit"
    }
    assert rows == {
        ("changed", "2026-09-01", "2026-09-01", 10, 12),
        ("went", "2026-09-02", "None", 20, None),
        ("came", "None", "2026-09-03", None, 20),
    }


def test_what_is_compared_with_is_never_written_over(tmp_path: Path) -> None:
    folder, kept = made(tmp_path / "exports"), tmp_path / "kept.json"
    frozen = ("report", folder, "--last", "2", "--as-of", "2026-10-31", "-q", "-f", "json")
    assert run_cli(*frozen, "--freeze", kept).returncode == 0
    before = kept.read_bytes()
    for options in (("--against", kept, "-o", kept), ("--against", kept, "--freeze", kept)):
        done = run_cli("report", folder, *options)
        assert (done.returncode, kept.read_bytes() == before) == (2, True)
    stamp = kept.stat().st_ino
    assert run_cli(*frozen, "--freeze", kept).returncode == 0
    assert kept.stat().st_ino == stamp  # the same figures: left alone
    made(folder, signups=SIGNUPS + "u5,2026-09-30\n")
    done = run_cli(*frozen, "--freeze", kept)
    assert (done.returncode, kept.read_bytes() == before, "holds other figures" in done.stderr) == (2, True, True)


@pytest.mark.parametrize(
    "options", [("--freeze", "-"), ("--against", "-"), ("--freeze", "kept.json", "--as-of", "2026-10-05")]
)
def test_what_cannot_be_kept_is_refused(options: tuple[str, ...], tmp_path: Path) -> None:
    folder = made(tmp_path / "exports")
    done = run_cli("report", folder, "--month", "2026-10", *options, cwd=tmp_path)
    assert (done.returncode, [path.name for path in tmp_path.iterdir()]) == (2, ["exports"])


def test_changes_reach_standard_error_whatever_the_format(tmp_path: Path) -> None:
    folder = made(tmp_path / "exports")
    frozen = freeze(folder, tmp_path / "kept.json")
    made(folder, signups=SIGNUPS + "u5,2026-09-30\n")
    done = run_cli("report", folder, "--last", "2", "--against", frozen, "-f", "csv")
    assert (done.returncode, "closed figures differ from kept.json" in done.stderr) == (0, True)
    quiet = run_cli("report", folder, "--last", "2", "--against", frozen, "-f", "csv", "-q")
    assert (quiet.stdout, quiet.stderr) == (done.stdout, "")


@pytest.mark.parametrize("number", ["NaN", "1e400", "-Infinity", '"2"', "true"])
def test_a_kept_number_that_is_none_is_refused(number: str, tmp_path: Path) -> None:
    folder = made(tmp_path / "exports")
    frozen = freeze(folder, tmp_path / "kept.json")
    frozen.write_text(frozen.read_text("utf-8").replace('"value": 2,', f'"value": {number},', 1), "utf-8")
    done = run_cli("report", folder, "--last", "2", "--against", frozen)
    assert (done.returncode, "is no report that can be compared with" in done.stderr) == (2, True)


def test_a_report_without_figures_is_nothing_to_compare_with(tmp_path: Path) -> None:
    folder = made(tmp_path / "exports")
    frozen = freeze(folder, tmp_path / "kept.json")
    data = json.loads(frozen.read_bytes())
    frozen.write_text(json.dumps({**data, "rows": []}), "utf-8")
    with pytest.raises(UsageError, match="no figure to compare with"):
        changes(folder, frozen)


@pytest.mark.parametrize(
    "last",
    [
        "u9,zalo,9/10/2026", "u9,zalo,1/1/2027",  # days without zeros under days of two digits
        "u9,zalo,10/10/2026",
    ],
)  # fmt: skip
def test_short_days_are_no_cut_ones(last: str, tmp_path: Path) -> None:
    rows = "".join(f"u{n},zalo,{n}/10/2026\n" for n in range(13, 20))
    folder = folder_with(tmp_path, "user_id,source,signed_up_at\n" + rows + last)
    assert [each.code for each in folder.check().problems if each.code == "cut-short"] == []


def test_words_of_any_length_are_no_cut_ones(tmp_path: Path) -> None:
    """A plan, a source, an address, an hour of one digit under others of two."""
    for column, many, last in (
        ("plan", "enterprise", "pro"), ("source", "google / cpc", "direct"), ("email", "lan@firm.vn", "a@b.vn"),
    ):  # fmt: skip
        rows = "".join(f"u{n},2026-10-{n + 1:02},{many}\n" for n in range(24))
        folder = folder_with(tmp_path / column, f"user_id,signed_up_at,{column}\n" + rows + f"u99,2026-10-25,{last}")
        assert [each.code for each in folder.check().problems if each.code == "cut-short"] == [], column


def test_an_empty_last_cell_under_full_ones_is_a_cut_one(tmp_path: Path) -> None:
    rows = "".join(f"u{n},2026-10-{n + 1:02},google / cpc\n" for n in range(8))
    folder = folder_with(tmp_path, "user_id,signed_up_at,source\n" + rows + "u9,2026-10-20,")
    assert [each.code for each in folder.check().problems if each.code == "cut-short"] == ["cut-short"]


def folder_with(folder: Path, signups: str) -> fc.Folder:
    folder.mkdir(exist_ok=True)
    (folder / "signups.csv").write_text(signups, "utf-8")
    return fc.open_folder(folder)
