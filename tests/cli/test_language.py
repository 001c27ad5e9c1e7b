"""``--lang vi`` leaves no English sentence for people: in no error, no remark and no page of any command."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from html import unescape
from pathlib import Path

import pytest
import typer

from contracts.problem_cases import CASES, Case, Written
from english import english_in
from funnelcli.problems.kinds import KINDS, Kind
from support import EXAMPLES, command

PLAIN, SAAS = EXAMPLES / "plain", EXAMPLES / "saas_vn"
# Words of the programs and the data that stand in texts as they are.
NAMES = frozenset({"check", "column", "files", "keep", "month", "name", "none", "until"})
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """A command in this process: its exit status, standard output and standard error."""
    for name in ("FUNNELCLI_LANG", "LC_ALL", "LANG"):
        monkeypatch.delenv(name, raising=False)

    def run_here(*arguments: str) -> tuple[int, str, str]:
        capfd.readouterr()
        with pytest.raises(SystemExit) as left:
            command()(list(arguments))
        out, err = capfd.readouterr()
        return (int(left.value.code or 0), out, err)

    return run_here


def assert_vietnamese(text: str, *, names: frozenset[str] = NAMES) -> None:
    assert english_in(text, names=names) == []


def assert_said(run: Run, arguments: Sequence[str], status: int, *, names: frozenset[str] = NAMES) -> None:
    """What a wrong command says differs between the languages, in every line that is a sentence, and is Vietnamese."""
    english = run(*arguments, "--lang", "en")
    vietnamese = run(*arguments, "--lang", "vi")
    assert (english[0], vietnamese[0]) == (status, status), english[2] + vietnamese[2]
    assert vietnamese[2] != english[2]
    same = set(english[2].splitlines()) & set(vietnamese[2].splitlines())
    assert [line for line in same if re.search(r"[a-z]+ [a-z]+ [a-z]+", line)] == []
    assert_vietnamese(vietnamese[2], names=names)


_ISO_DAY = re.compile(r"(?<![\w/=-])\d{4}-\d\d-\d\d(?![\w.-])")


# --- problems in the data --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_every_problem_is_said_in_vietnamese(case: Case, written: Written, run: Run) -> None:
    status, _, err = run("report", str(written(case)), "--lang", "vi")
    assert_vietnamese(err)
    for form in ("table", "md", "html"):
        status, out, err = run("check", str(written(case)), "-f", form, "--lang", "vi")
        assert status in (0, 2, 3)
        assert_vietnamese(_page(out) + err)
        if form == "table":
            said = [line for line in out.splitlines() if re.match(r"  [^ →]", line)]  # hints say what is to be typed
            assert [line for line in said if _ISO_DAY.search(re.sub(r"'[^']*'|“[^”]*”", "", line))] == []


def _page(out: str) -> str:
    """A page without what is markup and style, in which headers and cells stand apart."""
    return unescape(re.sub(r"<style>.*?</style>|<[^>]*>|!doctype html", " ", out, flags=re.DOTALL))


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_a_kind_has_the_same_facts_in_both_languages(kind: Kind) -> None:
    for text in (kind.message, kind.hint):
        assert sorted(re.findall(r"\{[^}]*\}", text.of("en"))) == sorted(re.findall(r"\{[^}]*\}", text.of("vi")))
        assert text.of("en") != text.of("vi")
        assert english_in(re.sub(r"\{[^}]*\}", "x", text.of("vi")), names=NAMES) == []


def test_formats_for_programs_stay_english(written: Written, run: Run) -> None:
    for case in CASES[::7]:
        for form in ("json", "csv", "tsv"):
            spoken = [run("check", str(written(case)), "-f", form, "--lang", lang)[1] for lang in ("en", "vi")]
            assert spoken[0] == spoken[1]


# --- options ---------------------------------------------------------------------------------------------------------

GOAL = ("targets", "--from", "2027-01", "--to", "2027-03")
RATES = ("--signup-to-demo", "50%", "--demo-to-paid", "40%", "--visitor-to-signup", "4%")
SURE = (*RATES, "--churn", "2%", "--arpa", "500k", "--opening-paid-users", "100")
WRONG: list[tuple[Sequence[str], int]] = [
    (["report", "nowhere"], 2),
    (["report", f"{PLAIN}/signups.csv"], 2),
    (["report", str(PLAIN), "--from", "2026-13"], 2),
    (["report", str(PLAIN), "--from", "2026-05", "--to", "2026-01"], 2),
    (["report", str(PLAIN), "--from", "1990-01", "--to", "2099-01"], 2),
    (["report", str(PLAIN), "--month", "2026-01", "--last", "2"], 2),
    (["report", str(PLAIN), "--from", "2026-01", "--last", "2"], 2),
    (["report", str(PLAIN), "--last", "0"], 2),
    (["report", str(PLAIN), "--last", "9999"], 2),
    (["report", str(PLAIN), "--by", "colour"], 2),
    (["report", str(PLAIN), "--as-of", "soon"], 2),
    (["report", str(PLAIN), "--as-of", "1990-01-01"], 3),
    (["report", str(PLAIN), "-f", "docx"], 2),
    (["report", str(PLAIN), "-o", "x.docx"], 2),
    (["report", str(PLAIN), "-o", "x"], 2),
    (["report", str(PLAIN), "-o", f"{PLAIN}/signups.csv/x.csv"], 2),
    (["report", str(PLAIN), "-o", f"{PLAIN}/signups.csv"], 2),
    (["report", str(PLAIN), "-o", f"{PLAIN}/signups-2.csv"], 2),
    (["report", str(PLAIN), "--layout", "metric", "-f", "csv"], 2),
    (["report", "--signups", "nothing*.csv"], 2),
    (["report", "--signups", "-", "--demos", "-"], 2),
    (["explain", "churn"], 2),
    (["explain", "required_new_paid_user"], 2),
    (["explain", "required_new_paid_users", str(PLAIN)], 2),
    (["explain", "new_signups", str(PLAIN), "--channel", "tv"], 2),
    (["explain", "new_signups", str(PLAIN), "--channel", "paid", "--by", "source"], 2),
    (["explain", "new_signups", str(SAAS), "--by", "plan", "--part", "tv"], 2),
    (["init", "nowhere"], 2),
    (["targets", "--mrr", "1m"], 2),
    (["targets", "--mrr", "1m", "--from", "2027-05", "--to", "2027-01"], 2),
    ([*GOAL], 2),
    ([*GOAL, "--mrr", "1m", "--revenue", "1m"], 2),
    ([*GOAL, "--mrr", "0"], 2),
    ([*GOAL, "--mrr", "much"], 2),
    ([*GOAL, "--mrr", "1.234tr"], 2),
    ([*GOAL, "--mrr", "1,23,456"], 2),
    ([*GOAL, "--new-paid-users", "1.5"], 2),
    ([*GOAL, "--new-paid-users", "$200"], 2),
    ([*GOAL, "--mrr", "1m", "--churn", "4"], 2),
    ([*GOAL, "--mrr", "1m", "--churn", "much"], 2),
    ([*GOAL, "--mrr", "1m", "--churn", "1/0"], 2),
    ([*GOAL, "--mrr", "1m", "--churn", "-4%"], 2),
    ([*GOAL, "--mrr", "1m", "--churn", "1.000%"], 2),
    ([*GOAL, "--mrr", "1m", "--by", "month"], 2),
    ([*GOAL, "--mrr", "1m", "--shape", "round"], 2),
    ([*GOAL, "--mrr", "1m", "--shape", "growth"], 2),
    ([*GOAL, "--mrr", "1m", "--shape", "growth -100%"], 2),
    ([*GOAL, "--mrr", "1m", "--shape", "steady 5%"], 2),
    ([*GOAL, "--shape", "revenue"], 2),
    ([*GOAL, "--mrr", "1m", "--revenue-by-month", "nowhere.csv"], 2),
    ([*GOAL, "--mrr", "1m", "--arpa", "1m", "--deal-size", "2m"], 2),
    ([*GOAL, "--mrr", "1m", "--deal-size", "2m"], 2),
    ([*GOAL, "--mrr", "$1m", *RATES, "--churn", "2%", "--arpa", "500k đ"], 2),
    ([*GOAL, "--paid-users", "nowhere.csv"], 2),
    ([*GOAL, "--paid-users", "5", "--paid-users", "6"], 2),
    ([*GOAL, "--mrr", "100m"], 5),
    ([*GOAL, "--mrr", "100m", *SURE, "--max-new-paid-users", "1"], 5),
    ([*GOAL, "--mrr", "100m", *RATES, "--churn", "2%", "--arpa", "500k"], 5),
    ([*GOAL, "--mrr", "100m", *RATES, "--churn", "150%", "--arpa", "500k", "--opening-paid-users", "1"], 5),
    ([*GOAL, "--mrr", "100m", *RATES, "--churn", "2%", "--arpa", "0", "--opening-paid-users", "1"], 5),
    ([*GOAL, "--mrr", "100m", *SURE[2:], "--signup-to-demo", "0"], 5),
    ([*GOAL, "--mrr", "100m", *SURE, "--shape", "seasonal"], 5),
    ([*GOAL, "--mrr", "100m", *SURE, "--by", "channel"], 5),
    ([*GOAL, "--mrr", "100m", *SURE, "--what-if", "wish=1"], 2),
    ([*GOAL, "--mrr", "100m", *SURE, "--what-if", "churn=1%;churn=2%"], 2),
    ([*GOAL, "--mrr", "100m", *SURE, "--what-if", "visitor_to_signup=none"], 2),
    ([*GOAL, "--mrr", "100m", *SURE, "--rates-from", "2026-05", "--rates-to", "2026-01"], 0),
    ([*GOAL, "--mrr", "100m", *SURE[:-2], "--rates-from", "2026-05", "--rates-to", "2026-01", str(PLAIN)], 2),
    (["track", str(PLAIN)], 2),
    (["track", str(PLAIN), "--targets", "nowhere.csv"], 2),
    (["track", str(PLAIN), "--fail-under", "much"], 2),
]


@pytest.mark.parametrize(
    ("arguments", "status"), WRONG, ids=lambda value: " ".join(value) if isinstance(value, list) else ""
)
def test_every_wrong_option_is_said_in_vietnamese(
    arguments: list[str], status: int, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    if status == 0:
        assert_vietnamese(run(*arguments, "--lang", "vi")[2])
    else:
        assert_said(run, arguments, status)


# --- funnel.toml -----------------------------------------------------------------------------------------------------

SETTINGS = [
    "[business",
    "[busines]\nname = 1",
    "[business]\nnam = 'x'",
    "[business]\nname = 1",
    "[business]\ncurrency = 'dong'",
    "[business]\ntimezone = 'Mars'",
    "[business]\nlang = 'fr'",
    "[business]\nworkdays = []",
    "[business]\nholidays = ['x']",
    "[inputs.signup]\nfiles = 'x'",
    "[inputs.signups]\nencoding = 'martian'",
    "[inputs.signups]\ndecimal = ';'",
    "[inputs.signups]\nfiles = 'nothing*.csv'",
    "[inputs.signups.columns]\nuser = 'x'",
    "[dimensions.industry]\ninput = 'leads'\ncolumn = 'x'",
    "[dimensions.industry]\ninput = 'signups'",
    "[channels]\npayd = 'x'",
    "[paid_users]\ngrace_days = 400",
    "[paid_users]\ngrace_days = 1.5",
    "[churn]\nmethod = 'some'",
    "[opening]\nmonth = 'January'",
    "[opening]\nmonth = '2026-09'\nregistered_users = 1",
    "[plan]\nchurn = 'much'",
    "[plan]\nchurn = true",
    "[plan]\narpa = '$5'",
    "[plan]\nrates_from = 'x'",
    "[plan.mix]\npaid = '10%'",
    "[plan.revenue]\nJanuary = 5",
    "[teams.x]\nsignups = []",
    "[teams.x]\nsignups = ['payd']",
]


@pytest.mark.parametrize("text", SETTINGS)
def test_every_wrong_setting_is_said_in_vietnamese(text: str, tmp_path: Path, run: Run) -> None:
    (tmp_path / "signups.csv").write_text("user_id,signed_up_at\na,2026-01-05\nb,2026-02-05\n")
    (tmp_path / "funnel.toml").write_text(text)
    assert_said(run, ["report", str(tmp_path)], 4)


@pytest.mark.parametrize(
    "text",
    [
        "[teams.x]\nsignups = 'all'\n[teams.y]\nsignups = ['paid']",
        "[teams.x]\nretention = true\n[teams.y]\nretention = true",
        "[teams.unassigned]\nsignups = 'all'",
        "[policies.nobody_known]\nper_signup = 5",
    ],
)
def test_every_wrong_team_is_said_in_vietnamese(
    text: str, tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "funnel.toml").write_text(text + "\n[plan.mix]\npaid = '100%'\n")
    monkeypatch.chdir(tmp_path)
    assert_said(run, [*GOAL, "--mrr", "100m", *SURE, "--by", "team"], 4)


# --- targets read back -----------------------------------------------------------------------------------------------

TARGETS = {
    "empty": "",
    "no-metric": "topic,2026-10\nx,1\n",
    "no-month": "metric,total\nnew_signups,1\n",
    "twice": "metric,2026-10,2026-10\nnew_signups,1,2\n",
    "rows-twice": "metric,2026-10\nnew_signups,1\nnew_signups,2\n",
    "spoilt": "metric,2026-99\nnew_signups,1\n",
    "period": "metric,period,value\nnew_signups,never,1\n",
    "unknown": "metric,2026-10\nnew_signup,1\n",
    "channel": "metric,channel,2026-10\nnew_signups,moon,1\n",
    "team": "metric,team,2026-10\nnew_signups,moon,1\n",
    "share": "metric,2026-10\nnew_signups,5%\n",
    "words": "metric,2026-10\nnew_signups,many\n",
    "below": "metric,2026-10\nnew_signups,-5\n",
    "undecided": "metric,2026-10\nexpected_churned_paid_users,1.500\n",
    "currencies": "metric,currency,2026-10\nplanned_revenue_amount,VND,$5\n",
    "none": "metric,2026-10\nnew_signups,\n",
    "json": "{",
    "other": '{"format": "x"}',
    "version": '{"format": "funnelcli.targets", "format_version": 99}',
    "lacks": '{"format": "funnelcli.targets", "format_version": 1}',
    "later": "metric,2099-10\nnew_signups,1\n",
    "bytes": "PK",
}


@pytest.mark.parametrize("text", TARGETS.values(), ids=TARGETS)
def test_every_fault_of_targets_is_said_in_vietnamese(text: str, tmp_path: Path, run: Run) -> None:
    target = tmp_path / "t.csv"
    target.write_text(text)
    assert_said(run, ["track", str(PLAIN), "--targets", str(target)], 2)


def test_a_missed_target_is_said_in_vietnamese(tmp_path: Path, run: Run) -> None:
    target = tmp_path / "t.csv"
    target.write_text("metric,2026-07,2026-08\nnew_signups,99999,99999\n")
    more = ("--targets", str(target), "--fail-under", "90%")
    assert_said(run, ["track", str(PLAIN), "--from", "2026-07", *more], 6)
    assert_said(run, ["track", str(PLAIN), "--from", "2026-06", "--as-of", "2026-08-15", *more], 6)


# --- what is right ---------------------------------------------------------------------------------------------------

PAGES: list[Sequence[str]] = [
    ["metrics"],
    ["report", str(PLAIN)],
    ["report", str(SAAS), "--by", "channel"],
    ["report", str(SAAS), "--grain", "quarter", "--by", "plan"],
    ["check", str(PLAIN)],
    ["check", str(SAAS)],
    ["explain", "new_signups"],
    ["explain", "required_new_paid_users"],
    ["explain", "closing_mrr_amount", str(SAAS)],
    ["explain", "demo_to_paid_rate", str(SAAS), "--by", "channel"],
    ["explain", "new_paid_users", str(PLAIN), "--rows"],
    [*GOAL, "--mrr", "100m", *SURE, "--max-new-paid-users", "900", "--what-if", "churn=200%", "--what-if", "arpa=600k"],
    [*GOAL, "--paid-users", "900", str(SAAS), "--by", "channel"],
    [*GOAL, "--paid-users", "900", str(SAAS), "--by", "team", "--shape", "growth 5%"],
]
_OWN = frozenset({"scope", "x", "up", "down"})


@pytest.mark.parametrize("form", ["table", "md", "html"])
@pytest.mark.parametrize("arguments", PAGES, ids=" ".join)
def test_every_page_is_vietnamese(
    arguments: Sequence[str], form: str, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    status, out, err = run(*arguments, "-f", form, "--lang", "vi")
    assert status == 0, err
    assert_vietnamese(_page(out) + err, names=NAMES | _OWN)


def test_targets_beside_actual_figures_are_vietnamese(tmp_path: Path, run: Run) -> None:
    target = tmp_path / "targets.csv"
    assert run(*GOAL[:1], "--from", "2026-08", "--to", "2026-12", "--paid-users", "90", *RATES, "--churn", "2%",
               "--arpa", "$5", "--opening-paid-users", "10", "-o", str(target))[0] == 0  # fmt: skip
    for form in ("table", "md", "html"):
        status, out, err = run(
            "track", str(PLAIN), "--targets", str(target), "--replan", "--from", "2026-08", "-f", form, "--lang", "vi"
        )
        assert status == 0, err
        assert_vietnamese(_page(out) + err)


# --- what a run says beside its answer -------------------------------------------------------------------------------


def _copied(folder: Path) -> Path:
    for name in ("signups.csv", "demos.csv", "paid_users.csv", "visitors.csv"):
        if (PLAIN / name).exists():
            (folder / name).write_bytes((PLAIN / name).read_bytes())
    (folder / "contacts.csv").write_text("a,b\n1,2\n")
    return folder


def test_init_writes_and_says_vietnamese(tmp_path: Path, run: Run) -> None:
    folder = _copied(tmp_path)
    status, _, err = run("init", str(folder), "--lang", "vi")
    assert (status, "đã ghi" in err, "Tiếp theo" in err, "không dùng" in err) == (0, True, True, True)
    assert_vietnamese(err)
    comments = re.findall(r"# (?!\w+ = )(.*)", (folder / "funnel.toml").read_text())
    assert_vietnamese("\n".join(comments))
    assert_said(run, ["init", str(folder)], 2)


def test_what_init_writes_is_spoken_from_then_on(tmp_path: Path, run: Run) -> None:
    """The language of funnel.toml is that of errors too, and an option outweighs it."""
    folder = _copied(tmp_path)
    assert run("init", str(folder), "--lang", "vi", "-q")[0] == 0
    assert "không phải ngày" in run("report", str(folder), "--as-of", "soon")[2]
    assert "is not a date" in run("report", str(folder), "--as-of", "soon", "--lang", "en")[2]
    assert "đã ghi" in run("report", str(folder), "-o", str(tmp_path / "x.md"))[2]


def test_init_asks_in_vietnamese(tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "signups.csv").write_text("user_id,signed_up_at\na,03/04/2026\nb,05/06/2026\n")
    asked: list[str] = []
    answers = iter(["", "dong", "VND", "Asia/Ho_Chi_Minh", "dmy"])

    def answer(question: str, **_: object) -> str:
        asked.append(question)
        return next(answers)

    monkeypatch.setattr(typer, "prompt", answer)
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    status, _, err = run("init", str(tmp_path), "--lang", "vi")
    assert (status, len(asked)) == (0, 5)
    assert_vietnamese("\n".join(asked) + err)


@pytest.mark.parametrize(
    ("environment", "says"),
    [
        ({"FUNNELCLI_LANG": "vi"}, "không có thư mục"),
        ({"LANG": "vi_VN.UTF-8"}, "không có thư mục"),
        ({}, "no such folder"),
    ],
)
def test_an_error_from_before_anything_is_read_is_in_the_language_of_the_surroundings(
    environment: dict[str, str], says: str, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert says in run("report", "nowhere")[2]
    assert "không phải ngôn ngữ" in run("report", "nowhere", "--lang=fr")[2] or "FUNNELCLI_LANG" not in environment


def test_a_wrong_language_is_said_in_that_of_the_surroundings(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "is no language" in run("report", "nowhere", "--lang", "fr")[2]
    monkeypatch.setenv("LANG", "vi_VN")
    assert "không phải ngôn ngữ" in run("report", "nowhere", "--lang", "fr")[2]


def test_data_for_programs_has_the_same_bytes_in_both_languages(run: Run) -> None:
    for arguments in (["report", str(PLAIN)], ["explain", "new_signups", str(PLAIN), "--rows"], ["metrics"]):
        for form in ("json", "csv", "tsv"):
            spoken = [run(*arguments, "-f", form, "--lang", lang)[1] for lang in ("en", "vi")]
            assert spoken[0] == spoken[1]
            assert form != "json" or json.loads(spoken[0])
