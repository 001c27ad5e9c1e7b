"""Rules of [icp] and [leads]: those that nothing can meet are refused, and those that fit nobody are said."""

from pathlib import Path

import pytest

import funnelcli as fc
from funnelcli.config import parse_config
from support import write_folder

FILES = {
    "signups.csv": "user_id,signed_up_at,company,job title\nan,2026-08-03,mai,CEO\nbinh,2026-08-04,sen,IT lead\n",
    "accounts.csv": "account_id,Country/Region,employees,industry\nmai,VN,120,education\nsen,SG,30,retail\n",
    "activities.csv": "user_id,at,kind,direction\nan,2026-08-05,Webinar,in\nbinh,2026-08-06,Price list,in\n",
}


@pytest.mark.parametrize(
    ("toml", "said"),
    [
        ("[icp]\nhard = { country = [] }", "without one nothing fits"),
        ('[icp]\nhard = { country = [" "] }', "without one nothing fits"),
        ("[icp]\nhard = { country = 84 }", "write it in quotation marks"),
        ('[icp]\nhard = { employees = ["2000-10"] }', "'2000-10' ends before it begins"),
        ('[icp]\nsoft = [{ employees = ["500-50"] }]', "'500-50' ends before it begins"),
        ('[icp]\nsoft = [{ industry = [] }]', "without one nothing fits"),
        ('[icp.needs]\n"49-1" = ["decider"]', "'49-1' ends before it begins"),
        ('[icp.needs]\n"1-" = ["decider"]\n"50-" = ["budget"]', "'50-' never counts, since '1-' stands before it"),
        ('[icp.needs]\n"1-" = ["decidr"]', r"the role 'decidr', which nothing defines. Did you mean decider\?"),
        ('[icp]\nhard = { size = ["-49"] }\nsoft = [{ size = ["50-"] }]', "soft size = 50- can be met by nobody"),
        ('[icp]\nhard = { country = ["VN"] }\nsoft = [{ country = ["sg", "th"] }]', "can be met by nobody"),
        ("[leads]\nexclude = { email = [] }", "without one nothing fits"),
        ('[leads.fit]\nemployees = { "500-50" = 5 }', "'500-50' ends before it begins"),
        ('[leads.fit]\nemployees = { "10-500" = 5, "50-100" = 9 }', "'50-100' never counts, since '10-500'"),
        ('[leads.fit]\nrole = { "*" = 5, "CEO*" = 9 }', r"'CEO\*' never counts, since '\*' stands before it"),
        ("[leads.fit]\nRole = { a = 5 }\nrole = { b = 9 }", "fit: 'Role' and 'role' are the same"),
        ("[leads.interest]\nform = [10, 0]", "a most of 0 leaves none of the points"),
        ('[leads.interest]\n"demo-request" = [1, 2]\ndemo_request = [3, 4]', "are the same: write it once"),
    ],
)  # fmt: skip
def test_what_nothing_can_meet_is_refused_with_its_place(toml: str, said: str) -> None:
    with pytest.raises(fc.ConfigError, match=said) as error:
        parse_config(toml)
    assert str(error.value).startswith("funnel.toml: [")


def test_what_may_be_met_is_taken() -> None:
    """Rules that overlap, the same words by two patterns, and a role of one's own."""
    toml = """
[icp]
hard = { employees = ["10-2000"], country = ["V*"] }
soft = [{ employees = ["2000-"], weight = 2 }, { country = ["VN"] }]
needs = { "-49" = ["decider"], "40-" = ["money"] }
roles = { money = ["cfo"] }
[leads.fit]
employees = { "50-100" = 9, "10-500" = 5 }
role = { "CEO*" = 9, "*" = 5 }
[leads.interest]
form = [0, 0]
"""
    config = parse_config(toml)
    assert config.icp.needs == (("-49", ("decider",)), ("40-", ("money",)))
    assert config.leads.points["form"] == (0, 0)


def said_by(folder: Path, toml: str) -> list[tuple[str, str, str]]:
    """What the check warns of rules, with what to do."""
    problems = fc.open_folder(write_folder(folder, FILES, toml)).check().problems
    rules = ("attribute-not-known", "rule-fits-nothing")
    return [(each.code, each.message, each.hint) for each in problems if each.code in rules]


def test_an_attribute_that_no_file_has(tmp_path: Path) -> None:
    """The column Country/Region is the attribute country; what the signups have may be named as well."""
    unknown = "no file has such an attribute, so that this says nothing of anybody"
    seen = "Files have country, employees, industry, company, job title."
    assert said_by(tmp_path, '[icp]\nhard = { contry = ["VN"] }\n[leads.fit]\nindustri = { "*" = 1 }') == [
        ("attribute-not-known", f"[icp.hard] contry: {unknown}",
         f"{seen} Did you mean country? Correct the name, or add the column."),
        ("attribute-not-known", f"[leads.fit] industri: {unknown}",
         f"{seen} Did you mean industry? Correct the name, or add the column."),
    ]  # fmt: skip


TOML = """
[icp]
hard = { country = ["VM"] }
soft = [{ industry = ["edukation", "giáo dục*"] }, { employees = ["50-", "5000-"] }]
needs = { "1-" = ["decider", "tech", "budget"] }
roles = { decider = ["ceo"], tech = ["cto*"] }
[leads]
exclude = { country = ["SG", "KH"] }
[leads.fit]
industry = { "education*" = 5, "retial" = 9 }
[leads.interest]
webinar = [1, 2]
"Price lst" = [3, 9]
"""


def test_a_rule_that_fits_nobody(tmp_path: Path) -> None:
    """Of a criterion that one pattern of fits nothing is said; each of what scores points, or excludes, is a rule."""
    step = "Correct it, or accept this if such rows are still to come."
    fits = "nothing in the files fits"
    expected = [
        (f"[icp.hard] country: {fits} 'VM'", f"Files have VN, SG. {step}"),
        (f"[icp.soft] industry: {fits} 'edukation', 'giáo dục*'",
         f"Files have education, retail. Did you mean education? {step}"),
        (f"[icp.roles.tech] role: {fits} 'cto*'", f"Files have CEO, IT lead. {step}"),
        (f"[icp.roles.budget] role: {fits} 'budget holder*', 'người duyệt ngân sách*'",
         f"Files have CEO, IT lead. {step}"),
        (f"[leads.exclude] country: {fits} 'KH'", f"Files have VN, SG. {step}"),
        (f"[leads.fit] industry: {fits} 'retial'", f"Files have education, retail. Did you mean retail? {step}"),
        (f"[leads.interest] kind: {fits} 'Price lst'",
         f"Files have Webinar, Price list. Did you mean Price list? {step}"),
    ]  # fmt: skip
    said = said_by(tmp_path, TOML)
    assert sorted((message, hint) for _, message, hint in said) == sorted(expected)


def test_it_is_said_beside_the_figures_that_it_makes(tmp_path: Path) -> None:
    folder = fc.open_folder(write_folder(tmp_path, FILES, '[icp]\nhard = { contry = ["VN"] }'))
    of_report = {
        by: [note.code for note in folder.report(month="2026-08", by=by, section=section).report.notes]
        for by, section in (("tier", "acquisition"), ("channel", "icp"), ("channel", "acquisition"))
    }  # fmt: skip
    assert "attribute-not-known" in of_report["tier"]
    assert "attribute-not-known" not in of_report["channel"]
    of_icp = folder.report(month="2026-08", section="icp").report.notes
    assert "attribute-not-known" in [note.code for note in of_icp]
    assert "attribute-not-known" in [note.code for note in folder.leads(as_of="2026-08-31").leads.notes]
    review = folder.icp_review(as_of="2026-08-31")
    assert "[icp.hard] contry: no file has such an attribute" in review.render("table")


@pytest.mark.parametrize(("to_keep", "words"), [(True, "is kept in icp_review.json"), (False, "is not kept")])
def test_a_review_says_whether_it_is_kept(tmp_path: Path, *, to_keep: bool, words: str) -> None:
    folder = fc.open_folder(write_folder(tmp_path, FILES, '[icp]\nhard = { country = ["VN"] }'))
    result = folder.icp_review(as_of="2026-08-31", to_keep=to_keep)
    assert words in " ".join(result.render("table").split())
    assert result.answer.data["kept"] is to_keep
