"""A further language is one file and no code: a made-up one, in which no English sentence is left on any page."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po

from contracts.problem_cases import CASES, Case
from english import english_in
from funnelcli.text import catalogue, languages
from funnelcli.text.catalogue import catalogue_of
from support import EXAMPLES, command

PLAIN, SAAS = EXAMPLES / "plain", EXAMPLES / "saas_vn"
LANG = "pl"  # in whose numbers 1 row is, 2 rows are and 5 rows are others
_OTHER_LETTERS = str.maketrans("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
                               "αβψδεφγηιξκλμνοπρσστθωςχυζΑΒΨΔΕΦΓΗΙΞΚΛΜΝΟΠΡΣΣΤΘΩςΧΥΖ")  # fmt: skip
_KEPT = re.compile(r"\{[^{}]*\}|\[(?:\w+!)?[^\[\]|{}]*(?:\|[^\[\]|{}]*)+\]|`[^`]*`")
# How a language writes numbers and dates, which is in its catalogue too.
_FORMATS = {
    ("quoted", "{words}"): "“{words}”",
    ("mark", ","): "\N{NO-BREAK SPACE}",
    ("mark", "."): ",",
    ("number", "{number}%"): "{number}\N{NO-BREAK SPACE}%",
    ("date", "{day} {month} {year}"): "{dd}.{mm}.{year}",
    ("date", "{month} {year}"): "{month} {year}",
    ("spreadsheet", "mmm yyyy"): "mm.yyyy",
    ("spreadsheet", "mmm yy"): "mm.yy",
}


def made_up(english: str) -> str:
    """A translation in other letters: facts and commands stay, and each word with forms has three."""

    def kept(part: re.Match[str]) -> str:
        text = part[0]
        if not text.startswith("["):
            return text
        number, _, forms = text[1:-1].rpartition("!")
        one, *_, many = (form.translate(_OTHER_LETTERS) for form in forms.split("|"))
        return f"[{number + '!' if number else ''}{one}|{many}΄|{many}΄΄]"

    plain = _KEPT.split(english)
    parts = [kept(part) for part in _KEPT.finditer(english)]
    return "".join(text.translate(_OTHER_LETTERS) + part for text, part in zip(plain, [*parts, ""], strict=True))


def in_one_file(folder: Path) -> None:
    """The catalogue of the made-up language."""
    made = Catalog(locale=LANG, header_comment="# A made-up language.")
    for context, english in catalogue_of("vi").messages:
        made.add(english, _FORMATS.get((context, english)) or made_up(english), context=context or None)
    with (folder / f"{LANG}.po").open("wb") as stream:
        write_po(stream, made)


@pytest.fixture(scope="module", autouse=True)
def _third_language(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    folder = tmp_path_factory.mktemp("locales")
    shutil.copy(catalogue.FOLDER / "vi.po", folder)
    in_one_file(folder)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(catalogue, "FOLDER", folder)
        for name in ("FUNNELCLI_LANG", "LC_ALL", "LANG"):
            patched.delenv(name, raising=False)
        yield


Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str]) -> Run:
    """A command in this process: its exit status, standard output and standard error."""

    def run_here(*arguments: str) -> tuple[int, str, str]:
        capfd.readouterr()
        with pytest.raises(SystemExit) as left:
            command()(list(arguments))
        out, err = capfd.readouterr()
        return int(left.value.code or 0), out, err

    return run_here


# Words of the programs and of the data, which stand in texts as they are.
NAMES = frozenset({"check", "column", "files", "keep", "month", "name", "none", "scope", "x", "up", "down", "until"})
GOAL = ("targets", "--from", "2027-01", "--to", "2027-03")
RATES = ("--signup-to-demo", "50%", "--demo-to-paid", "40%", "--visitor-to-signup", "4%", "--churn", "2%")
SURE = (*RATES, "--arpa", "500k", "--opening-paid-users", "100")


def assert_no_english(text: str) -> None:
    """Something is said, and no sentence of it is English or Vietnamese."""
    plain = re.sub(r"<style>.*?</style>|<[^>]*>|!doctype html|^funnelcli:", " ", text, flags=re.DOTALL | re.MULTILINE)
    assert english_in(plain, names=NAMES) == []
    assert re.search("[α-ω]{3,}", plain), text


def test_it_is_a_language_like_the_others(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    assert languages() == ("en", LANG, "vi")
    assert "no such folder" in run("report", "nowhere")[2]
    monkeypatch.setenv("LC_ALL", "pl_PL.UTF-8")
    status, _, err = run("report", "nowhere")
    assert status == 2
    assert_no_english(err)
    assert "'de'" in (wrong := run("report", "nowhere", "--lang", "de")[2])
    assert "en, pl, vi" in wrong.replace(made_up(" and "), ", ")


PAGES: list[Sequence[str]] = [
    ["metrics"],
    ["report", str(PLAIN)],
    ["report", str(SAAS), "--by", "channel", "--grain", "quarter"],
    ["check", str(SAAS)],
    ["explain", "closing_mrr_amount", str(SAAS)],
    ["explain", "new_paid_users", str(PLAIN), "--rows"],
    [*GOAL, "--mrr", "100m", *SURE, "--max-new-paid-users", "900", "--what-if", "churn=200%", "--what-if", "arpa=600k"],
    [*GOAL, "--paid-users", "900", str(SAAS), "--by", "team", "--shape", "growth 5%"],
]


@pytest.mark.parametrize("form", ["table", "md", "html"])
@pytest.mark.parametrize("arguments", PAGES, ids=lambda arguments: " ".join(arguments[:2]))
def test_every_page_speaks_it(arguments: Sequence[str], form: str, run: Run) -> None:
    status, out, err = run(*arguments, "-f", form, "--lang", LANG)
    assert status == 0, err
    assert_no_english(out + err)


def test_numbers_and_dates_are_written_as_it_says(run: Run) -> None:
    out = run("report", str(SAAS), "--month", "2026-10", "-f", "md", "--lang", LANG)[1].replace("\\", "")
    assert "31.10.2026" in out
    assert made_up("Oct") + " 2026" in out
    assert re.search(r"\d\N{NO-BREAK SPACE}\d{3}\b", out)
    assert re.search(r"\d,\d\N{NO-BREAK SPACE}%", out)


@pytest.mark.parametrize("case", CASES[::5], ids=lambda case: case.name)
def test_problems_are_said_in_it(case: Case, tmp_path: Path, run: Run) -> None:
    case.write(tmp_path)
    _, out, err = run("check", str(tmp_path), "--lang", LANG)
    assert_no_english(out + err)


WRONG: list[tuple[Sequence[str], str]] = [
    (["report", str(PLAIN), "--from", "2026-13"], ""),
    (["report", str(PLAIN), "--last", "9999"], ""),
    (["report", str(PLAIN), "-f", "docx"], ""),
    (["explain", "churn"], ""),
    ([*GOAL, "--mrr", "much"], ""),
    ([*GOAL, *RATES, "--mrr", "1m"], ""),
    (["report", "."], "[business]\ncurrency = 'vnd'\n"),
    (["report", "."], "[churn]\nmethod = 5\n"),
    (["report", "."], "[plan]\nchurn = 'much'\n"),
]


@pytest.mark.parametrize(("arguments", "settings"), WRONG)
def test_errors_are_said_in_it(
    arguments: Sequence[str], settings: str, tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "funnel.toml").write_text(settings)
    monkeypatch.chdir(tmp_path)
    status, _, err = run(*arguments, "--lang", LANG)
    assert status in (2, 4, 5)
    assert_no_english(err)


def test_a_number_has_the_form_that_the_language_wants(run: Run, tmp_path: Path) -> None:
    one, few, many = made_up("{n} [error|errors]").partition("[")[2].removesuffix("]").split("|")
    for number, form in ((1, one), (2, few), (5, many), (22, few)):
        folder = tmp_path / str(number)
        folder.mkdir()
        (folder / "signups.csv").write_text("user_id,signed_up_at\na,2026-01-01\n" + "b,x\n" * number)
        assert f"{number} {form}," in run("check", str(folder), "--lang", LANG)[1]


@pytest.mark.parametrize("by", ["channel", "team"])
def test_pages_of_targets_are_read_back(by: str, tmp_path: Path, run: Run) -> None:
    """A plan in Markdown, and the page of `track` that is made of it, hold the same targets as those in English."""
    goal = (
        "targets",
        "--from",
        "2026-08",
        "--to",
        "2026-10",
        "--paid-users",
        "400",
        "--as-of",
        "2026-07-31",
        "--by",
        by,
        str(SAAS),
    )
    shown = []
    for lang in ("en", LANG):
        plan, page = tmp_path / f"plan-{lang}.md", tmp_path / f"page-{lang}.md"
        assert run(*goal, "-o", str(plan), "--lang", lang)[0] == 0
        assert (
            run("track", str(SAAS), "--from", "2026-08", "--targets", str(plan), "-o", str(page), "--lang", lang)[0]
            == 0
        )
        for targets in (plan, page):
            status, out, err = run("track", str(SAAS), "--from", "2026-08", "--targets", str(targets), "-f", "csv")
            assert status == 0, err
            shown.append(out)
    assert shown[0].count("\n") > 20
    assert shown[2:] == shown[:2]


def test_init_writes_it(tmp_path: Path, run: Run) -> None:
    (tmp_path / "signups.csv").write_text("user_id,signed_up_at\na,2026-01-01\n")
    status, _, err = run("init", str(tmp_path), "--lang", LANG)
    assert status == 0
    assert_no_english(err)
    text = (tmp_path / "funnel.toml").read_text(encoding="utf-8")
    assert f'lang = "{LANG}"' in text
    assert english_in("\n".join(re.findall(r"# (?!\w+ = )(.*)", text)), names=NAMES) == []
