"""The Python API: the same answers as the commands give, as values; nothing printed, nothing global touched."""

from __future__ import annotations

import gc
import json
import subprocess
import sys
import weakref
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

import funnelcli as fc
from support import EXAMPLES, NOW, run_cli

PLAIN = EXAMPLES / "plain"
# a pays from 10 January to the end of February, b from 3 February on; c signed up and never paid.
SIGNUPS = "user_id,signed_up_at,source\na,2026-01-02,facebook / cpc\nb,2026-01-31,google / organic\nc,2026-02-01,\n"
PAID = "user_id,started_at,ended_at,plan\na,2026-01-10,2026-02-28,Basic\nb,2026-02-03,,Pro\n"


@pytest.fixture
def place(tmp_path: Path) -> Path:
    (tmp_path / "signups.csv").write_text(SIGNUPS, encoding="utf-8")
    (tmp_path / "paid_users.csv").write_text(PAID, encoding="utf-8")
    return tmp_path


def test_figures_by_metric_period_and_part(place: Path) -> None:
    report = fc.open_folder(place).report(start="2026-01", end="2026-02", by="channel", as_of=date(2026, 2, 28))
    assert report["new_signups"].to_dict() == {"2026-01": 2, "2026-02": 1}
    assert report["new_signups", "paid"].to_dict() == {"2026-01": 1, "2026-02": 0}
    assert report["new_paid_users"].to_dict() == {"2026-01": 1, "2026-02": 1}
    assert {key: value.value for key, value in report.values("closing_paid_users").items()} == {
        "2026-01": 1,
        "2026-02": 1,
        "total": 1,
    }
    assert report.parts == ["organic", "paid", "sales_sme", "affiliate", "partner", "referral", "unknown"]
    visits = report.values("organic_visits")["2026-01"]
    assert (visits.value, visits.missing and visits.missing.reason.of("en")) == (None, "no visitors export")


def test_a_report_is_a_table_of_a_row_a_metric_and_part(place: Path) -> None:
    frame = fc.open_folder(place).report(month="2026-02", by="plan", as_of="2026-02-28").to_frame().reset_index()
    assert list(frame.columns) == ["metric", "plan", "2026-02", "total"]
    # a (Basic) was there when February began and left on its last day; b (Pro) is new, and c signed up only.
    shown = frame[(frame["2026-02"] != 0) & frame["2026-02"].notna()].drop(columns="total")
    assert [tuple(row) for row in shown.itertuples(index=False) if "paid_users" in row[0]] == [
        ("opening_paid_users", "", 1),
        ("opening_paid_users", "Basic", 1),
        ("new_paid_users", "", 1),
        ("new_paid_users", "Pro", 1),
        ("churned_paid_users", "", 1),
        ("churned_paid_users", "Basic", 1),
        ("net_new_paid_users", "Basic", -1),
        ("net_new_paid_users", "Pro", 1),
        ("closing_paid_users", "", 1),
        ("closing_paid_users", "Pro", 1),
    ]


def test_a_figure_is_opened_down_to_its_rows(place: Path) -> None:
    report = fc.open_folder(place).report(last=2, as_of="2026-02-28")
    lost = report.explain("churned_paid_users", month="2026-02")
    assert lost.value.value == 1
    assert [(row.file, row.line, row.user_id, row.day, row.amount) for row in lost.rows] == [
        ("paid_users.csv", 2, "a", date(2026, 2, 28), 1)
    ]
    assert list(lost.to_frame()["user_id"]) == ["a"]
    rate = report.explain("paid_user_churn_rate")  # of the last period
    assert {key: value.value for key, value in rate.inputs.items()} == {
        "churn_counted_paid_users": 1,
        "opening_paid_users": 1,
    }
    split = fc.open_folder(place).explain("new_signups", month="2026-01", by="channel")
    assert {key: value.value for key, value in split.parts.items() if value.value} == {"organic": 1, "paid": 1}


@pytest.mark.parametrize("form", ["csv", "tsv", "json", "md", "table", "html"])
@pytest.mark.parametrize(
    ("command", "answer"),
    [
        (("report", "--last", "2", "--by", "channel"), lambda f: f.report(last=2, by="channel", digests=True)),
        (("targets", "--new-paid-users", "40", "--from", "2026-11", "--to", "2026-12"),
         lambda f: f.targets(new_paid_users=40, start="2026-11", end="2026-12")),
        (("check",), lambda f: f.check()),
    ],
)  # fmt: skip
def test_it_gives_the_very_bytes_of_the_command(
    command: tuple[str, ...], answer: Callable[[fc.Folder], fc.Result], form: str
) -> None:
    with fc.open_folder(PLAIN, now=NOW) as folder:
        text = answer(folder).render(form)
    name, *options = command
    done = run_cli(name, PLAIN, *options, "-f", form)
    assert (done.returncode, done.stdout) == (0, text)


def test_a_result_is_written_as_the_options_of_the_command_say() -> None:
    mail = (
        "--mail-to",
        "An <an@shop.vn>",
        "--mail-cc",
        "c@shop.vn",
        "--mail-from",
        "b@shop.vn",
        "--subject",
        "{as_of}",
    )
    with fc.open_folder(PLAIN, now=NOW) as folder:
        report = folder.report(month="2026-08", digests=True)
        for form, options, text in (
            ("csv", ("--delimiter", ";", "--decimal", ","), report.render("csv", delimiter=";", decimal=",")),
            ("md", ("--brief", "--lang", "vi"), report.render("md", brief=True, lang="vi")),
            ("eml", mail, report.render(
                "eml", to=["An <an@shop.vn>"], cc="c@shop.vn", sender="b@shop.vn", subject="{as_of}"
            )),
            ("eml", ("--brief", "--quiet"), report.render("eml", brief=True)),
        ):  # fmt: skip
            done = run_cli("report", PLAIN, "--month", "2026-08", "-f", form, *options)
            assert (done.returncode, done.stderr, done.stdout) == (0, "", text)
        with pytest.raises(TypeError, match="unexpected keyword argument 'colour'"):
            report.render("md", colour=True)  # type: ignore[call-arg]


@pytest.mark.parametrize("name", ["a.md", "a.eml", "a.xlsx"])
def test_a_file_that_says_the_same_is_left_alone(name: str, tmp_path: Path) -> None:
    """August, counted up to today, on the first two days of September; and one that was counted up to a day given."""

    def saved(day: int, as_of: str, lang: str = "en") -> bool:
        path, old = tmp_path / name, (tmp_path / name).stat().st_ino if (tmp_path / name).exists() else None
        now = datetime(2026, 9, day, 5, tzinfo=UTC)
        with fc.open_folder(PLAIN, now=now) as folder:
            assert folder.report(month="2026-08", as_of=as_of).save(path, if_changed=True, lang=lang) == path
        return path.stat().st_ino != old

    assert [saved(1, "today"), saved(1, "today"), saved(2, "today"), saved(2, "today", "vi")] == [
        True,
        False,
        False,
        True,
    ]
    assert [saved(2, "2026-09-01"), saved(2, "2026-09-01"), saved(2, "2026-09-02")] == [True, False, True]


def test_targets_are_tracked_without_a_file_between(tmp_path: Path) -> None:
    folder = fc.open_folder(PLAIN, now=NOW)
    targets = folder.targets(new_paid_users=12, start="2026-07", end="2026-08", as_of="2026-06-30")
    tracked = folder.track(targets, as_of="2026-08-31")
    path = targets.save(tmp_path / "targets.json")
    assert json.loads(path.read_text(encoding="utf-8"))["format"] == "funnelcli.targets"
    again = folder.track(path, as_of="2026-08-31")
    assert tracked.to_frame().equals(again.to_frame())
    with pytest.raises(fc.ThresholdError):
        tracked.check("10000%")


def test_it_is_shown_as_a_table_in_a_notebook(place: Path) -> None:
    page = fc.open_folder(place).report(month="2026-02")._repr_html_()
    assert "<table" in page
    assert "New PU" in page


def test_what_is_wrong_is_raised_with_every_problem_attached(place: Path, tmp_path: Path) -> None:
    bad = SIGNUPS + "d,2026-02-30,\ne,yesterday,\n"
    (place / "signups.csv").write_text(bad, encoding="utf-8")
    folder = fc.open_folder(place)
    with pytest.raises(fc.InputError) as refused:
        folder.report(month="2026-02")
    assert [(p.file, p.line, p.column) for p in refused.value.problems] == [
        ("signups.csv", 5, "signed_up_at"),
        ("signups.csv", 6, "signed_up_at"),
    ]
    assert folder.report(month="2026-02", skip_bad_rows=True)["new_signups"].to_dict() == {"2026-02": 1}
    checked = folder.check()
    assert not checked.ok
    assert [problem.line for problem in checked.problems if problem.file == "signups.csv"] == [5, 6]
    (place / "signups.csv").write_text(SIGNUPS, encoding="utf-8")
    with pytest.raises(fc.GoalError):
        fc.open_folder(place).targets(new_paid_users=10, start="2026-03", end="2026-03")
    (place / "funnel.toml").write_text("[busines]\n", encoding="utf-8")
    with pytest.raises(fc.ConfigError, match="busines"):
        fc.open_folder(place).report()


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (lambda f: f.report(by="region"), "'region' is not known"),
        (lambda f: f.report(by="owner"), "no file has a column"),
        (lambda f: f.report(month="2026-02", last=3), "stands alone"),
        (lambda f: f.report(grain="fortnight"), "'fortnight' is no grain"),
        (lambda f: f.report(month="2026-02").render("pdf"), "'pdf' is no format"),
        (
            lambda f: f.report(month="2026-02").render("json", brief=True),
            "brief does not fit json. It fits eml, md, table",
        ),
        (lambda f: f.check().render("md", brief=True), "brief is for reports"),
        (lambda f: f.report(month="2026-02").render("tsv", delimiter=";"), "delimiter does not fit tsv. It fits csv."),
        (lambda f: f.report(month="2026-02").render("csv", delimiter=";;"), "delimiter = ';;' is of no use"),
        (lambda f: f.report(month="2026-02").render("md", decimal=","), "decimal does not fit md. It fits csv, tsv."),
        (lambda f: f.report(month="2026-02").render("csv", decimal=","), "Give another delimiter as well, like ';'"),
        (lambda f: f.report(month="2026-02").render("csv", decimal="'"), "Give one of '.', ','"),
        (lambda f: f.report(month="2026-02").render("md", to="an@shop.vn"), "to does not fit md. It fits eml."),
        (lambda f: f.report(month="2026-02").render("eml", to=["an"]), "to: 'an' is no mail address"),
        (lambda f: f.report(month="2026-02").render("csv", delimiter=[";"]), "delimiter = [';'] is of no use"),
        (lambda f: f.report(month="2026-02").render("eml", to=5), "to = 5 is of no use"),
        (lambda f: f.report(month="2026-02").render("eml", to=[5]), "to = 5 is of no use"),
        (lambda f: f.report(month="2026-02").render("eml", cc="a@x.vn\nBcc: b@x.vn"), "holds a line break"),
        (lambda f: f.report(month="2026-02").render("eml", sender="a@x.vn, b@x.vn"), "more than a single address"),
        (lambda f: f.report(month="2026-02").render("eml", subject="{x}"), "subject: {x} is not known"),
        (lambda f: f.report(month="2026-02").render("xlsx"), "is not text"),
        (lambda f: f.report(month="2026-02").render("md", lang="de"), "'de' is no language"),
        (lambda f: f.report(month="2026-02").render("csv", layout="long"), "'long' is no layout"),
        (lambda f: f.report(month="2026-02")["new_signup"], "is no metric"),
        (lambda f: f.report(month="2026-02")["new_signups", "paid"], "no new_signups of the part 'paid'"),
        (lambda f: f.explain("new_signups", month="2026-02", part="paidd"), "'paidd' is no channel"),
        (lambda f: f.report(month="2026-02").save("report.pdf"), "the ending tells no format"),
        (lambda f: f.targets(new_paid_user=10), "new_paid_user"),
        (lambda f: f.report(last="3"), "last = '3'"),
        (lambda f: f.report(last=2.5), "last = 2.5"),
        (lambda f: f.report(month=202608), "month = 202608"),
        (lambda f: f.report(month=""), "month = ''"),
        (lambda f: f.report(by=["channel"]), "by = ['channel']"),
        (lambda f: f.report(month="2026-02", as_of=20260228), "as_of = 20260228"),
        (lambda f: f.report(month="2026-02")[5], "the key = 5"),
        (lambda f: f.report(month="2026-02").save(None), "path = None"),
        (lambda f: f.explain(None), "metric = None"),
        (lambda f: f.explain("new_signups", part=5), "part = 5"),
        (lambda f: f.targets(mrr=10, revenue_by_month={"2027-01": 5}), "revenue_by_month = {"),
        (lambda f: fc.open_folder(""), "path = ''"),
        (
            lambda f: fc.explain(["a"]),  # type: ignore[arg-type]
            "metric = ['a']",
        ),
        (lambda f: fc.open_folder("x", files={"signup": "y.csv"}), "'signup' is no input"),
    ],
)
def test_a_wrong_question_is_a_usage_error(wrong: Callable[[fc.Folder], object], message: str, place: Path) -> None:
    with pytest.raises(fc.UsageError) as refused:
        wrong(fc.open_folder(place))
    assert message in f"{refused.value.message} {refused.value.hint}"
    assert refused.value.hint


def test_a_date_stands_for_its_month_and_one_word_for_a_list_of_it(place: Path) -> None:
    folder = fc.open_folder(place)
    assert folder.report(month=date(2026, 2, 14))["new_signups"].to_dict() == {"2026-02": 1}
    report = folder.report(start=date(2026, 1, 31), end="2026-02")
    assert report.explain("new_signups", month=date(2026, 1, 1)).value.value == 2
    assert "new_signups" in report
    assert list(report) == report.metrics
    plan = fc.open_folder(PLAIN).targets(new_paid_users=9, start="2026-09", end="2026-09", what_if="demo-to-paid=40%")
    assert plan.to_frame()["variant"].nunique() == 2


def test_files_are_named_one_by_one(place: Path) -> None:
    (place / "leads.txt").write_text(SIGNUPS, encoding="utf-8")
    folder = fc.open_folder(place, files={"signups": place / "leads.txt"})
    assert folder.inputs == [place / "leads.txt"]
    assert folder.report(month="2026-02")["new_signups"].to_dict() == {"2026-02": 1}


def test_a_workbook_is_bytes_and_saves_whole(place: Path, tmp_path: Path) -> None:
    result = fc.open_folder(place).report(month="2026-02")
    path = result.save(tmp_path / "february.xlsx")
    assert path.read_bytes() == result.to_bytes("xlsx")
    with pytest.raises(fc.UsageError, match="there is no folder"):
        result.save(tmp_path / "no" / "february.xlsx")


def test_a_first_config_reads_the_folder_as_it_is_read_without_one(place: Path) -> None:
    before = fc.open_folder(place).report(month="2026-02").to_frame()
    (place / "funnel.toml").write_text(fc.open_folder(place).first_config(name="Ví dụ"), encoding="utf-8")
    folder = fc.open_folder(place)
    assert folder.config.business.name == "Ví dụ"
    assert folder.report(month="2026-02").to_frame().equals(before)


def test_nothing_global_is_touched(place: Path) -> None:
    """Signals, the switch interval, the collector, the working folder, the environment and the streams stay."""
    code = (
        "import gc, os, signal, sys\n"
        "import pandas, numpy, duckdb\n"
        "def state():\n"
        "    return (sys.getswitchinterval(), gc.isenabled(), os.getcwd(), dict(os.environ), "
        "signal.getsignal(signal.SIGTERM),\n"
        "            signal.getsignal(signal.SIGINT), id(sys.stdout), os.umask(0o22))\n"
        "os.umask(0o22); before = state()\n"
        "import funnelcli as fc\n"
        "folder = fc.open_folder(sys.argv[1])\n"
        "r = folder.report(last=2, by='channel'); r.to_frame(); r._repr_html_(); r.to_bytes('xlsx')\n"
        "r.explain('new_paid_users').rows; folder.check(); "
        "folder.targets(new_paid_users=5, start='2026-11', end='2026-12')\n"
        "after = state()\n"
        "print([n for n, (a, b) in enumerate(zip(before, after)) if a != b])\n"
    )
    done = subprocess.run([sys.executable, "-c", code, PLAIN], capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("[]\n", "")


def test_facts_are_let_go_with_the_folder(place: Path) -> None:
    folder = fc.open_folder(place)
    facts = weakref.ref(folder.facts())
    folder.report(month="2026-02").to_frame()
    del folder
    gc.collect()
    assert facts() is None


def test_importing_it_costs_nothing() -> None:
    code = (
        "import sys, funnelcli; "
        "print([m for m in ('pandas', 'numpy', 'duckdb', '_duckdb', 'typer', 'pydantic') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
    assert all(hasattr(fc, name) for name in fc.__all__)


def test_nothing_is_written_over_what_it_was_made_from(place: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    """An export, a name that would be read as one, the settings, what is held against, targets that are tracked."""
    apart = tmp_path_factory.mktemp("apart")
    folder = fc.open_folder(place)
    report = folder.report(month="2026-01", as_of="2026-02-28")
    frozen = report.save(apart / "january.json")
    targets = folder.targets(
        new_paid_users=2, start="2026-03", end="2026-03", visitor_to_signup="none", signup_to_demo="50%",
        demo_to_paid="50%", churn="0%",
    )  # fmt: skip
    plan = targets.save(apart / "plan.csv")
    (apart / "link.csv").symlink_to(place / "signups.csv")
    against = folder.report(month="2026-01", as_of="2026-02-28", against=frozen)
    tracked = folder.track(targets=plan, as_of="2026-03-01")
    before = {path: path.read_bytes() for path in (*place.iterdir(), *apart.iterdir())}
    for result, path, why in (
        (report, place / "signups.csv", "is one of the exports"),
        (report, apart / "link.csv", "is one of the exports"),
        (report, place / "leads.csv", "would be read as an export the next time"),
        (against, frozen, "would be written over by what is made from it"),
        (tracked, plan, "would be written over by what is made from it"),
    ):
        with pytest.raises(fc.UsageError, match=why):
            result.save(path)
    assert {path: path.read_bytes() for path in (*place.iterdir(), *apart.iterdir())} == before
