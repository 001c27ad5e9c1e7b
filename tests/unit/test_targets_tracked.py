"""What ``track`` writes as Markdown is read back as the targets that stand in it, never as its actual figures."""

from __future__ import annotations

import shutil
from fractions import Fraction as Frac
from pathlib import Path

import pytest

import funnelcli as fc
from funnelcli.answers.targets_file import read_targets
from funnelcli.answers.targets_names import Names
from funnelcli.answers.targets_tables import Targets
from funnelcli.planning.model import RowKey
from funnelcli.problems import UsageError
from funnelcli.values.channels import Channel, ChannelMap

PLAIN = Path(__file__).parents[2] / "examples" / "plain"
OWN = (
    "metric,channel,team,2026-07,2026-08,2026-09\n"
    "new_signups,,,1060,66,70\n"
    "new_signups,paid,,20,24,25\n"
    "new_paid_users,,,9,10,11\n"
    'new_signups,,"Sales, North",30,31,32\n'
    'new_signups,paid,"Sales, North",10,11,12\n'
    'new_signups,organic,"Sales, North",20,20,20\n'
    "arpa_amount,,,80,90,1200\n"
    "visitor_to_signup_rate,,,4.5%,5%,6%\n"
)
TEAMS = Names(ChannelMap({}), frozenset(("Sales, North",)))
Rows = dict[RowKey, dict[str, Frac]]


def three(first: object, second: object, third: object) -> dict[str, Frac]:
    return dict(zip(("2026-07", "2026-08", "2026-09"), (Frac(str(n)) for n in (first, second, third)), strict=True))


WANTED: Rows = {
    ("required_new_signups", None, None): three(1060, 66, 70),
    ("required_new_signups", Channel.PAID, None): three(20, 24, 25),
    ("required_new_paid_users", None, None): three(9, 10, 11),
    ("required_new_signups", None, "Sales, North"): three(30, 31, 32),
    ("required_new_signups", Channel.PAID, "Sales, North"): three(10, 11, 12),
    ("required_new_signups", Channel.ORGANIC, "Sales, North"): three(20, 20, 20),
    ("arpa_amount", None, None): three(80, 90, 1200),
    ("visitor_to_signup_rate", None, None): three("0.045", "0.05", "0.06"),
}


def page(tmp_path: Path, lang: str, **options: object) -> str:
    (tmp_path / "own.csv").write_text(OWN, encoding="utf-8")
    folder = tmp_path / "exports"
    if not folder.is_dir():
        shutil.copytree(PLAIN, folder)
        settings = (folder / "funnel.toml").read_text("utf-8") if (folder / "funnel.toml").is_file() else ""
        team = '\n[teams."Sales, North"]\nsignups = ["paid", "organic"]\n'
        (folder / "funnel.toml").write_text(settings + team, encoding="utf-8")
    tracked = fc.open_folder(folder).track(tmp_path / "own.csv", start="2026-07", as_of="2026-08-12", **options)  # type: ignore[arg-type]
    return str(tracked.render("md", lang=lang))


def read(text: str) -> Targets:
    return read_targets(text, "tracked.md", TEAMS)


@pytest.mark.parametrize("lang", ["en", "vi"])
def test_the_targets_of_a_page_are_those_that_it_was_made_with(lang: str, tmp_path: Path) -> None:
    """Actual figures stand beside them (52 signups of 1,060 in July), and for what has no target alone."""
    rows = read(page(tmp_path, lang, by="team")).rows
    assert rows == {key: row for key, row in WANTED.items() if key[2] is not None}
    rows = read(page(tmp_path, lang, by="channel")).rows
    assert rows == {key: row for key, row in WANTED.items() if key[2] is None}


@pytest.mark.parametrize("lang", ["en", "vi"])
def test_what_is_left_stands_in_the_place_of_the_first_quota(lang: str, tmp_path: Path) -> None:
    """July 52 and August 18 of 1,060 + 66 + 70: what is missing falls to September, 1,196 - 52 - 18 = 1,126 at most."""
    plain, replanned = read(page(tmp_path, lang)).rows, read(page(tmp_path, lang, replan=True)).rows
    key = ("required_new_signups", None, None)
    assert plain[key] == three(1060, 66, 70)
    anew = fc.open_folder(tmp_path / "exports").track(
        tmp_path / "own.csv", start="2026-07", as_of="2026-08-12", replan=True
    )
    assert replanned == {
        each: {**row, **read_targets(anew.to_bytes("json"), "r.json", TEAMS).rows.get(each, {})}
        for each, row in plain.items()
    }
    assert replanned[key] != plain[key]


@pytest.mark.parametrize("lang", ["en", "vi"])
@pytest.mark.parametrize("form", ["md", "json", "csv", "tsv"])
def test_sums_over_months_are_no_targets_of_months(lang: str, form: str, tmp_path: Path) -> None:
    page(tmp_path, lang)
    summed = fc.open_folder(tmp_path / "exports").track(tmp_path / "own.csv", as_of="2026-08-12", cumulative=True)
    with pytest.raises(UsageError, match="sums from the first month on") as refused:
        read_targets(summed.render(form, lang=lang), f"t.{form}", TEAMS)
    assert "without --cumulative" in str(refused.value.hint)


@pytest.mark.parametrize("form", ["json", "csv"])
def test_replanned_targets_beside_sums_are_those_of_months(form: str, tmp_path: Path) -> None:
    """As of the same file without sums: what is planned anew, and the targets of the months before as they were."""
    page(tmp_path, "en")
    exports, own = fc.open_folder(tmp_path / "exports"), tmp_path / "own.csv"
    plain, summed = (
        exports.track(own, start="2026-07", as_of="2026-08-12", replan=True, cumulative=cumulative)
        for cumulative in (False, True)
    )
    rows, of_sums = (read_targets(each.to_bytes(form), f"t.{form}", TEAMS).rows for each in (plain, summed))
    assert of_sums == {key: row for key, row in rows.items() if key in of_sums}
    assert of_sums["required_new_signups", None, None].keys() == {"2026-07", "2026-08", "2026-09"}


def test_a_page_without_targets_holds_none(tmp_path: Path) -> None:
    text = page(tmp_path, "en")
    bare = "\n".join(line.split(" \\[")[0] + " |" if "\\[" in line else line for line in text.splitlines())
    with pytest.raises(UsageError, match="holds no target"):
        read(bare)


@pytest.mark.parametrize("lang", ["en", "vi"])
def test_revenue_of_deals_stays_that(lang: str, tmp_path: Path) -> None:
    targets = fc.open_folder(PLAIN).targets(revenue=12_000, deal_size=1_000, start="2026-09", end="2026-10")
    tracked = fc.open_folder(PLAIN).track(targets, start="2026-09", as_of="2026-09-30")
    assert read(str(tracked.render("md", lang=lang))).one_off
    assert not read(page(tmp_path, lang)).one_off
