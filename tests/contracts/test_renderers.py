"""Every renderer keeps the same contract: all figures, nothing hostile, the same bytes."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path

import pytest

from answers import hostile_folder
from funnelcli.answers.layout import Layout
from funnelcli.answers.report_answer import report_answer
from funnelcli.answers.report_model import Report
from funnelcli.renderers import Style, formats
from funnelcli.text import Lang, languages
from support import figures, rendered, report_of

ROOT = Path(__file__).parents[2]
TEXT_FORMATS = [form.name for form in formats().values() if form.is_text]


@pytest.fixture(scope="module")
def plain() -> Report:
    return report_of(ROOT / "examples" / "plain", latest=8, by_channel=True, digests=True)


@pytest.fixture(scope="module")
def whole() -> Report:
    """The same, not split."""
    return report_of(ROOT / "examples" / "plain", latest=8)


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Report:
    """A report of a folder in which the business, sources, ids and file names are hostile."""
    return report_of(hostile_folder(tmp_path_factory.mktemp("hostile")), by_channel=True, digests=True)


def text_of(report: Report, form: str, lang: Lang = "en", **style: object) -> str:
    return rendered(report, form, Style(lang=lang, **style))  # type: ignore[arg-type]  # by name


def number(text: str) -> float | None:
    return float(text) if text else None


def test_wide_csv_holds_every_value(plain: Report) -> None:
    rows = list(csv.DictReader(io.StringIO(text_of(plain, "csv"))))
    cells = {
        (row["metric"], row["channel"] or None, key): number(row[key])
        for row in rows
        for key in row
        if key not in ("metric", "label", "unit", "channel")
    }
    assert cells == {key: value for key, (value, _, _) in figures(plain).items()}


def test_tidy_csv_and_tsv_hold_every_figure(plain: Report) -> None:
    for form, delimiter in (("csv", ","), ("tsv", "\t")):
        text = text_of(plain, form, layout=Layout.TIDY)
        rows = list(csv.DictReader(io.StringIO(text), delimiter=delimiter))
        cells = {
            (row["metric"], row["channel"] or None, row["period"]): (
                number(row["value"]),
                number(row["numerator"]),
                number(row["denominator"]),
            )
            for row in rows
        }
        assert cells == figures(plain)
        assert [row for row in rows if bool(row["value"]) == bool(row["missing"])] == []


def test_json_holds_every_figure_and_where_it_comes_from(plain: Report) -> None:
    data = json.loads(text_of(plain, "json"))
    assert (data["format"], data["format_version"], data["grain"]) == ("funnelcli.report", 1, "month")
    keys = [*(period["key"] for period in data["periods"]), "total"]
    shown = {
        (row["metric"], row["channel"], key): (cell["value"], cell["numerator"], cell["denominator"])
        for row in data["rows"]
        for key, cell in zip(keys, [*row["cells"], row["total"]], strict=True)
    }
    assert shown == figures(plain)
    cells = [cell for row in data["rows"] for cell in [*row["cells"], row["total"]]]
    assert [cell for cell in cells if (cell["value"] is None) != isinstance(cell["missing"], str)] == []
    assert {s["file"]: s["rows_read"] for s in data["sources"]} == {
        "visitors.csv": 6249,
        "signups.csv": 350,
        "demos.csv": 102,
        "paid_users.csv": 37,
    }
    assert [s for s in data["sources"] if not re.fullmatch("[0-9a-f]{64}", s["sha256"])] == []


@pytest.mark.parametrize("form", ["table", "md"])
@pytest.mark.parametrize("lang", languages())
def test_formats_for_people_show_each_shown_figure(whole: Report, form: str, lang: Lang) -> None:
    """Every whole-business figure can be read back from the text, in the language's own number format."""
    text = text_of(whole, form, lang)
    lines: dict[str, list[str]] = {}
    for line in text.splitlines():
        cells = [c.strip() for c in (line.strip("|").split("|") if form == "md" else re.split(r"\s{2,}", line))]
        lines.setdefault(cells[0].replace("\\", ""), cells[1:])
    point = "," if lang == "vi" else "."
    group = "." if lang == "vi" else ","
    compared = 0
    for row in whole.rows:
        label = ("- " if row.metric.part else "") + row.label.of(lang)
        if label not in lines:
            continue
        for cell, shown in zip((*row.cells, row.total), lines[label], strict=False):
            expected = cell.value
            read = None if shown == "–" else float(shown.replace(group, "").replace(point, ".").rstrip("%\xa0"))
            if expected is not None and row.metric.key.endswith("_rate"):
                expected = round(expected * 100, 1)
            elif expected is not None and row.metric.key.endswith(("_amount", "_ratio")):
                expected = round(expected, 2)  # dollars, none of them a thousand or more with cents
            assert read == expected, (label, shown)
            compared += 1
    # 28 of the dashboard less partner_signups, zero throughout and so hidden; 15 of the revenue, 8 of renewals.
    assert compared == 50 * 9  # 8 months and the total


@pytest.mark.parametrize("form", TEXT_FORMATS)
@pytest.mark.parametrize("lang", languages())
def test_hostile_cells_do_no_harm(hostile: Report, form: str, lang: Lang) -> None:
    text = text_of(hostile, form, lang, layout=Layout.TIDY, width=80 if form == "table" else None)
    allowed = "" if form == "json" else "\u202e"  # JSON keeps the text; its readers are programs
    assert not re.search(f"[\x00-\x08\x0b-\x1f\x7f{allowed}]", text)
    if form == "json":
        assert json.loads(text)["sources"][0]["file"] == "signups [red] | =1+1.csv"
    if form == "md":
        tables = [line for line in text.splitlines() if line.startswith("|")]
        assert len({len(re.findall(r"(?<!\\)\|", line)) for line in tables}) == 1
        assert "<b>" not in text
    if form in ("csv", "tsv"):
        cells = [c for row in csv.reader(io.StringIO(text), delimiter="\t" if form == "tsv" else ",") for c in row]
        assert cells
        assert [c for c in cells if c[:1] in "=+@" and c] == []
    if form in ("table", "md"):
        assert "[red]x" in text.replace("\\", ""), "what looks like markup is shown as it is"


@pytest.mark.parametrize("form", list(formats()))
def test_the_same_report_gives_the_same_bytes(plain: Report, form: str) -> None:
    declared = formats()[form]
    style = Style(layout=Layout.TIDY, bom=declared.takes_bom)
    first, second = (declared.render(report_answer(plain), style) for _ in range(2))
    assert first == second
    assert first.startswith("\ufeff".encode()) == (form in ("csv", "tsv"))
    assert first.endswith(b"\n") == declared.is_text


@pytest.mark.parametrize("width", [40, 60, 80, 100, 160, 300])
@pytest.mark.parametrize("lang", languages())
@pytest.mark.parametrize("example", ["plain", "saas_vn"])
def test_the_terminal_table_fits_its_width_and_says_what_it_left_out(width: int, lang: Lang, example: str) -> None:
    report = report_of(ROOT / "examples" / example, latest=8)
    lines = text_of(report, "table", lang, width=width).splitlines()
    assert max(map(len, lines)) <= width
    assert "…" not in "".join(lines)
    header = next(line for line in lines[2:] if "2026" in line)
    shown = len(re.findall(r"2026", header))
    says_so = any(("Showing the latest" if lang == "en" else "Chỉ hiện") in line for line in lines)
    assert says_so == (shown < 8)


def test_off_a_terminal_nothing_is_cut(whole: Report) -> None:
    text = text_of(whole, "table")
    header = next(line for line in text.splitlines() if "Total" in line)
    assert re.findall(r"\w{3} 2026", header) == [
        f"{m} 2026" for m in ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug"]
    ]
    assert "…" not in text
