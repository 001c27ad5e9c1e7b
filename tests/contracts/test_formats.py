"""Every format shows every answer, whole and harmless; a new format is one file."""

from __future__ import annotations

import ast
import csv
import io
import json
import re
import subprocess
import sys
import time
import warnings
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from html.parser import HTMLParser
from pathlib import Path

import openpyxl
import pytest
from msgspec.structs import replace
from openpyxl.worksheet.worksheet import Worksheet

from answers import HOSTILE, hostile_answers
from funnelcli import renderers
from funnelcli.answers.answer import Answer, Facts, Heading, Listing, Notes, Raw, Table
from funnelcli.answers.catalogue import every
from funnelcli.answers.cells import Words, reason_of
from funnelcli.answers.layout import Layout
from funnelcli.answers.plain import plain_blocks
from funnelcli.answers.report_answer import report_answer
from funnelcli.answers.report_figures import shown_rows
from funnelcli.cli.outputs import delivery
from funnelcli.problems import UsageError
from funnelcli.renderers import Style, View, formats, screen_format
from funnelcli.renderers.csv import plain_text
from funnelcli.renderers.wording.cells import cell_text, row_texts
from funnelcli.renderers.wording.tame import tame
from funnelcli.text import Lang, Message, languages
from source import files, nodes_of
from support import command, imported_by, report_of, run_cli

ROOT = Path(__file__).parents[2]
PLAIN = ROOT / "examples" / "plain"
ANSWERS = ("report", "split report", "targets", "track", "explain rows", "explain", "check", "metrics", "metric")
each_answer = pytest.mark.parametrize("name", ANSWERS)
each_lang = pytest.mark.parametrize("lang", languages())


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Answer]:
    made = hostile_answers(tmp_path_factory.mktemp("answers"))
    assert tuple(made) == ANSWERS
    return made


def test_the_formats_are_these() -> None:
    """A format that is added is added here, and that is all the tests need."""
    assert {form.name: form.extensions for form in formats().values()} == {
        "csv": (".csv",),
        "eml": (".eml",),
        "html": (".html", ".htm"),
        "json": (".json",),
        "md": (".md", ".markdown"),
        "table": (".txt",),
        "tsv": (".tsv",),
        "xlsx": (".xlsx",),
    }


# --- every format, every answer --------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", list(formats()))
@each_answer
@each_lang
def test_a_format_gives_the_same_bytes_at_any_time(
    answers: Mapping[str, Answer], name: str, form: str, lang: Lang, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also a day later: a workbook and its parts carry dates."""
    style = Style(lang=lang)
    first = formats()[form].render(answers[name], style)
    now = time.time
    monkeypatch.setattr(time, "time", lambda: now() + 86_400)
    assert formats()[form].render(answers[name], style) == first
    assert len(first) > 40


@pytest.mark.parametrize("form", [form.name for form in formats().values() if form.is_text])
@each_answer
@each_lang
def test_text_formats_hold_no_control_and_no_direction_characters(
    answers: Mapping[str, Answer], name: str, form: str, lang: Lang
) -> None:
    text = formats()[form].render(answers[name], Style(lang=lang)).decode()
    if form == "json":  # programs get the text as it is, in JSON's own escapes
        assert json.loads(text) == json.loads(json.dumps(answers[name].data))
    else:
        assert re.findall("[\x00-\x08\x0b-\x1f\x7f\u202e]", text) == []
    assert text.endswith("\n")


@pytest.mark.parametrize(("form", "delimiter"), [("csv", ","), ("tsv", "\t")])
@each_answer
def test_rows_hold_every_cell(answers: Mapping[str, Answer], name: str, form: str, delimiter: str) -> None:
    """Numbers read back are the numbers of the answer; text that a spreadsheet would run has an apostrophe."""
    sheet = answers[name].sheet(Layout.TIDY)
    text = formats()[form].render(answers[name], Style(layout=Layout.TIDY)).decode()
    header, *rows = csv.reader(io.StringIO(text), delimiter=delimiter)
    assert header == list(sheet.header)
    assert len(rows) == len(sheet.rows)
    assert (len(rows) > 0) == (name != "explain")  # whose rows were not asked for
    shown = [
        [_as_raw(cell, raw) for cell, raw in zip(*both, strict=True)] for both in zip(rows, sheet.rows, strict=True)
    ]
    assert shown == [[_expected(raw) for raw in row] for row in sheet.rows]
    assert [cell for row in rows for cell in row if cell.startswith(("=", "+", "@"))] == []


def _as_raw(cell: str, raw: Raw) -> float | str | None:
    if isinstance(raw, int | float | Fraction):
        return float(cell)
    return re.sub("^'(?=[=+@-])", "", cell) if isinstance(raw, str) else cell or None


def _expected(raw: Raw) -> float | str | None:
    if isinstance(raw, int | float | Fraction):
        return float(raw)
    return None if raw is None else plain_text(raw, "en")


# --- HTML ------------------------------------------------------------------------------------------------------------


@dataclass
class Parsed(HTMLParser):
    """The tags of a page with their attributes, and its tables, headings and lines as text."""

    tags: list[tuple[str, dict[str, str | None]]] = field(default_factory=list)
    tables: list[list[list[str]]] = field(default_factory=list)
    texts: dict[str, list[str]] = field(default_factory=dict)
    titles: list[tuple[str, str]] = field(default_factory=list)
    open_tag: str = ""
    title: str | None = None

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag == "table":
            self.tables.append([])
        elif tag == "tr":
            self.tables[-1].append([])
        elif tag in ("td", "th"):
            self.tables[-1][-1].append("")
        if tag != "code":
            self.open_tag, self.title = tag, dict(attrs).get("title")
            if tag not in ("td", "th"):
                self.texts.setdefault(tag, []).append("")

    def handle_data(self, data: str) -> None:
        if self.open_tag in ("td", "th") and self.tables and self.tables[-1]:
            self.tables[-1][-1][-1] += data
            if self.title is not None:
                self.titles.append((data, self.title))
        elif self.open_tag:
            self.texts[self.open_tag][-1] += data

    def handle_endtag(self, tag: str) -> None:
        if tag != "code":
            self.open_tag = ""


def undrawn(answer: Answer) -> Answer:
    """The answer as a page of plain tables; those with pictures are opened in a browser."""
    return replace(answer, drawn=None)


def parsed(data: bytes) -> Parsed:
    page = Parsed()
    page.feed(data.decode())
    page.close()
    return page


@each_answer
@each_lang
def test_html_shows_every_cell_heading_and_note(answers: Mapping[str, Answer], name: str, lang: Lang) -> None:
    page = parsed(formats()["html"].render(undrawn(answers[name]), Style(lang=lang)))
    blocks = plain_blocks(answers[name].page())
    tables: list[list[list[str]]] = []
    for block in blocks:
        if isinstance(block, Table):
            header = [cell_text(column.header, lang) for column in block.columns]
            tables.append([header, *([cell_text(cell, lang) for cell in row] for row in block.rows)])
        elif isinstance(block, Listing):
            tables.append(
                [
                    [title.of(lang) for title in block.headings],
                    *(row_texts(block, row, lang) for row in block.rows),
                ]
            )
    assert page.tables == tables
    notes = [cell_text(line, lang) for block in blocks if isinstance(block, Notes) for line in block.lines]
    assert page.texts.get("li", []) == notes
    facts = [cell_text(fact.cell, lang) for block in blocks if isinstance(block, Facts) for fact in block.facts]
    assert page.texts.get("dd", []) == facts
    headings = [
        " ".join(filter(None, (block.key, cell_text(block.text, lang))))
        for block in blocks
        if isinstance(block, Heading)
    ]
    assert page.texts["h1"] == (headings or [answers[name].title.of(lang)])
    assert len(tables) + len(facts) > 0


@each_answer
@each_lang
def test_html_is_one_page_of_harmless_tags(answers: Mapping[str, Answer], name: str, lang: Lang) -> None:
    page = parsed(formats()["html"].render(undrawn(answers[name]), Style(lang=lang)))
    assert {tag for tag, _ in page.tags} <= {
        *(
            "html",
            "head",
            "meta",
            "title",
            "style",
            "body",
            "h1",
            "h2",
            "p",
            "section",
            "div",
            "table",
            "thead",
            "tbody",
        ),
        *("tr", "th", "td", "dl", "dt", "dd", "ul", "li", "code", "main", "a"),
    }
    assert {key for _, attributes in page.tags for key in attributes} <= {
        *("lang", "charset", "name", "content", "class", "title", "scope", "http-equiv", "href", "id", "role"),
        *("tabindex", "aria-label", "aria-labelledby"),
    }
    assert [attributes["href"] for tag, attributes in page.tags if tag == "a"] == ["#main"]
    assert page.tags[0] == ("html", {"lang": lang})
    assert ("meta", {"charset": "utf-8"}) in page.tags
    assert page.texts["title"] == [tame(answers[name].title.of(lang))]


def test_html_says_why_a_dash_stands_there(answers: Mapping[str, Answer]) -> None:
    answer = answers["split report"]
    page = parsed(formats()["html"].render(answer, Style()))
    reasons = [
        (cell_text(cell, "en"), cell_text(Words(reason), "en"))
        for block in plain_blocks(answer.page())
        if isinstance(block, Table)
        for row in block.rows
        for cell in row
        if (reason := reason_of(cell)) is not None
    ]
    assert page.titles == reasons
    assert ("–", "no visitors export") in reasons


# --- XLSX ------------------------------------------------------------------------------------------------------------


def workbook(
    answer: Answer, lang: Lang = "en", layout: Layout | None = None, *, worked_out: bool = True
) -> openpyxl.Workbook:
    """The workbook read back, with what its formulas come to, or with the formulas."""
    data = io.BytesIO(formats()["xlsx"].render(answer, Style(lang=lang, layout=layout)))
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Sparkline Group extension is not supported")  # of openpyxl, which loses them
        return openpyxl.load_workbook(data, data_only=worked_out)


# Our own formulas: numbers, cells, names of ours and a few functions, and no text of the data.
_FUNCTION = r"\b(?:SUM|SUMPRODUCT|IF|AND|ABS|MAX|ROUND|ROUNDUP|ROUNDDOWN)\("
_CELL = r"(?:'[\w ]+'!)?\$?[A-Z]{1,3}\$?[0-9]+"
_OWN_WORDS = r'"[✓✗]?"|"(?:Change the yellow|Changed: no longer|Sửa các ô|Đã sửa: không)[^"]*"'
FORMULA = re.compile(rf"=(?:{_FUNCTION}|{_CELL}|\basm_\w+|[0-9.]+(?:[eE]-?[0-9]+)?|[-+*/(),:=<>]|{_OWN_WORDS})+")


def values(sheet: Worksheet) -> list[list[object]]:
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


@each_answer
@each_lang
def test_the_data_sheet_holds_the_rows_with_their_types(answers: Mapping[str, Answer], name: str, lang: Lang) -> None:
    book = workbook(answers[name], lang)
    sheet = answers[name].sheet(Layout.TIDY)
    rows = values(book["Data" if lang == "en" else "Dữ liệu"])
    assert rows == [list(sheet.header), *([_stored(raw) for raw in row] for row in sheet.rows)]


def _stored(raw: Raw) -> float | str | None:
    """A raw cell as a workbook holds it: no cell for nothing."""
    expected = _expected(raw)
    return expected if isinstance(expected, float) else expected or None


@each_answer
@each_lang
def test_no_cell_of_a_workbook_runs_or_links(answers: Mapping[str, Answer], name: str, lang: Lang) -> None:
    book = workbook(answers[name], lang, worked_out=False)
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} <= {"s", "n", "f", "d"}
    formulas = {str(cell.value) for cell in cells if cell.data_type == "f"}
    assert [formula for formula in formulas if not FORMULA.fullmatch(formula)] == []
    assert [cell.coordinate for cell in cells if cell.hyperlink] == []
    assert len(cells) > 10
    names = [sheet.title for sheet in book]
    assert len({title.casefold() for title in names}) == len(names)
    assert [title for title in names if re.search(r"[\[\]:*?/\\]", title) or not 0 < len(title) <= 31] == []
    with zipfile.ZipFile(io.BytesIO(formats()["xlsx"].render(answers[name], Style(lang=lang)))) as parts:
        assert [part for part in parts.namelist() if "vba" in part.casefold() or "external" in part.casefold()] == []
        assert b"2000-01-01T00:00:00Z" in parts.read("docProps/core.xml")


def test_hostile_text_stands_in_a_workbook_as_text(answers: Mapping[str, Answer]) -> None:
    rows = values(workbook(answers["explain rows"])["Data"])
    assert rows[1][1] == "signups [red] | =1+1.csv"
    assert (rows[1][3], rows[1][5]) == (tame(HOSTILE), tame(HOSTILE))
    assert '=HYPERLINK("http://x")<b>' in str(rows[1][3])
    odd = Answer(title=Message("a\ufffe\x1b"), pages=answers["metric"].pages, sheets=answers["metric"].sheets, data={})
    assert workbook(odd).properties.title == "a"


def test_numbers_for_people_are_numbers_shown_by_their_unit() -> None:
    """The plain example in dollars, August: 350 leads; 12 / 57 = 21.1 % of signups book a demo; MRR, ARPA in cents."""
    report = report_of(PLAIN, last="2026-08", latest=2)
    sheet = workbook(report_answer(report))["Dashboard"]
    by_label: dict[object, int] = {}
    for place, cells_of_row in enumerate(values(sheet), start=1):
        by_label.setdefault(cells_of_row[0], place)  # the steps of a waterfall, below, have the same labels
    for row in shown_rows(report):
        label = ("- " if row.metric.part else "") + row.label.of("en")
        cells = [sheet.cell(row=by_label[label], column=column) for column in (2, 3, 4)]
        assert [cell.value for cell in cells] == pytest.approx([value.value for value in (*row.cells, row.total)])
        suffix = row.metric.key.rsplit("_", 1)[1]
        wanted = {"rate": "0.0%", "amount": '"$"#,##0.00', "ratio": "#,##0.00"}.get(suffix, "#,##0")
        assert {cell.number_format for cell in cells} == {wanted}, label
    assert sheet.cell(row=by_label["Total leads (to date)"], column=3).value == 350


def test_a_figure_stands_beside_its_target(answers: Mapping[str, Answer]) -> None:
    """Half of each target is there: a whole month is missed, and on the 14th of 28 days the pace is kept."""
    rows = values(workbook(answers["track"])["Targets and actuals"])
    header = next(place for place, row in enumerate(rows) if row[0] == "Metric")
    assert rows[header][1:12] == [
        *("Actual", "Target", "Share", "To go", "Kept"),
        *("Actual", "Target", "By now", "Share", "To go", "Kept"),
    ]
    signups = next(row for row in rows if row[0] == "Signups")
    target, running = signups[2], signups[7]
    assert isinstance(target, int)
    assert isinstance(running, int)
    assert signups[1:6] == [target / 2, target, 0.5, target / 2, "✗"]
    assert signups[6:12] == [running / 2, running, running / 2, 0.5, running / 2, "✓"]
    formulas = values(workbook(answers["track"], worked_out=False)["Targets and actuals"])
    place = next(n for n, row in enumerate(formulas, start=1) if row[0] == "Signups")
    assert formulas[place - 1][3:6] == [
        f'=IF(C{place}=0,"",B{place}/C{place})', f"=C{place}-B{place}", f'=IF(B{place}>=C{place},"✓","✗")',
    ]  # fmt: skip


def test_more_rows_than_a_worksheet_holds_are_refused(answers: Mapping[str, Answer]) -> None:
    sheet = answers["metric"].sheet()
    many = Answer(
        title=Message("a"),
        pages=answers["metric"].pages,
        sheets=(type(sheet)(header=("a",), rows=[("x",)] * 1_048_576),),
        data={},
    )
    with pytest.raises(UsageError, match="1,048,577 rows are more than a worksheet holds"):
        formats()["xlsx"].render(many, Style())


# --- layouts ---------------------------------------------------------------------------------------------------------


def test_a_split_report_shows_the_same_rows_in_both_layouts() -> None:
    """Each shown row once: by metric the whole comes first and then its parts, by part the metrics in their order."""
    report = report_of(ROOT / "examples" / "saas_vn", latest=2, by_channel=True)
    rows = shown_rows(report)
    titles = {row.metric.key: row.label.of("en") for row in rows}
    split = {row.metric.key for row in rows if row.part}
    answer = report_answer(report)
    expected = {
        Layout.METRIC: {
            (titles[row.metric.key], row.part.label.of("en") if row.part else "Whole business")
            if row.metric.key in split
            else ("Of the whole business only", row.label.of("en"))
            for row in rows
        },
        Layout.PART: {
            (
                row.part.label.of("en") if row.part else "Whole business",
                ("- " if row.metric.part else "") + row.label.of("en"),
            )
            for row in rows
        },
    }
    for layout, wanted in expected.items():
        tables = [block for block in plain_blocks(answer.page(layout)) if isinstance(block, Table) and block.title]
        shown = [
            (cell_text(table.title, "en"), cell_text(row[0], "en"))
            for table in tables
            if table.title
            for row in table.rows
        ]
        assert len(shown) == len(set(shown)) == len(rows)
        assert set(shown) == wanted
    by_metric = plain_blocks(answer.page(Layout.METRIC))
    firsts = [cell_text(block.rows[0][0], "en") for block in by_metric if isinstance(block, Table)]
    assert firsts == ["Whole business"] * len(split) + ["Organic (brand)"]


@pytest.mark.parametrize("width", [60, 80, 160])
@pytest.mark.parametrize("layout", [Layout.METRIC, Layout.PART])
@each_lang
def test_a_split_report_fits_its_width(width: int, layout: Layout, lang: Lang) -> None:
    answer = report_answer(report_of(ROOT / "examples" / "saas_vn", latest=8, by_channel=True))
    text = formats()["table"].render(answer, Style(width=width, layout=layout, lang=lang)).decode()
    assert max(map(len, text.splitlines())) <= width
    assert "…" not in text


@pytest.mark.parametrize("layout", ["wide", "tidy"])
@pytest.mark.parametrize("form", ["table", "md", "json", "html"])
def test_a_layout_of_rows_does_no_harm_to_other_formats(form: str, layout: str) -> None:
    done = run_cli("report", PLAIN, "--last", "2", "-f", form, "--layout", layout)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == run_cli("report", PLAIN, "--last", "2", "-f", form).stdout


def test_a_layout_that_does_not_fit_is_refused_with_those_that_do() -> None:
    done = run_cli("report", PLAIN, "--by", "channel", "-f", "csv", "--layout", "part")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        "funnelcli: --layout part does not fit -f csv.\n  It fits eml, html, md, table, xlsx; csv is wide or tidy.\n"
    )
    done = run_cli("targets", PLAIN, "--layout", "metric")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "funnelcli: --layout metric is for a split report.\n  Here it is wide or tidy.\n"


# --- where it goes ---------------------------------------------------------------------------------------------------


def test_a_workbook_is_refused_at_a_terminal_only(monkeypatch: pytest.MonkeyPatch) -> None:
    assert delivery("xlsx", None).copies[0].form.name == "xlsx"
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    with pytest.raises(UsageError, match="xlsx is not for a terminal") as refused:
        delivery("xlsx", None)
    assert refused.value.hint == "Write it to a file: -o report.xlsx."
    assert delivery("xlsx", "report.xlsx").copies[0].output == "report.xlsx"
    assert delivery("html", None).copies[0].form.name == "html"


def test_a_workbook_goes_through_a_pipe() -> None:
    command = [sys.executable, "-m", "funnelcli", "metrics", "-f", "xlsx"]
    done = subprocess.run(command, capture_output=True, check=True, timeout=60)
    assert openpyxl.load_workbook(io.BytesIO(done.stdout)).sheetnames == ["Metrics", "Data"]


def test_a_workbook_is_not_written_where_it_would_be_read_as_an_export(tmp_path: Path) -> None:
    (tmp_path / "signups.csv").write_text("user_id,signed_up_at\na,2026-01-02\n", encoding="utf-8")
    done = run_cli("report", tmp_path, "-o", tmp_path / "demos.xlsx")
    assert (done.returncode, done.stdout) == (2, "")
    assert "would be read as an export the next time" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["signups.csv"]
    assert run_cli("report", tmp_path, "-o", tmp_path / "report.xlsx").returncode == 0


COMMANDS: Mapping[str, tuple[str, ...]] = {
    "report": ("report", str(PLAIN), "--last", "2"),
    "targets": (
        *("targets", "--mrr", "300tr", "--from", "2027-01", "--to", "2027-03", "--visitor-to-signup", "4%"),
        *("--signup-to-demo", "30%", "--demo-to-paid", "25%", "--churn", "5%", "--arpa", "2tr"),
        *("--opening-paid-users", "100"),
    ),
    "check": ("check", str(PLAIN)),
    "explain": ("explain", "new_signups", str(PLAIN)),
    "definition": ("explain", "new_signups"),
    "metrics": ("metrics",),
}

TOY = '''
"""A toy format."""

from funnelcli.renderers import Format, View


def render(answer, style):
    sheet = answer.sheet(style.layout)
    title = answer.title.of("en")
    return f"toy|{title}|{len(answer.page().blocks)}|{len(sheet.rows)}|{answer.data['format']}\\n".encode()


FORMAT = Format(name="toy", extensions=(".toy",), views=frozenset({View.PAGE, View.ROWS, View.DATA}), render=render)
'''
TOLD = {
    "report": "toy|Funnel dashboard|3|57|funnelcli.report\n",
    "targets": "toy|Targets|5|16|funnelcli.targets\n",
    "check": "toy|Check|1|0|funnelcli.check\n",
    "explain": "toy|New signups (RU)|3|57|funnelcli.explanation\n",
    "definition": "toy|New signups (RU)|1|1|funnelcli.metrics\n",
    "metrics": f"toy|Metrics|1|{len(every())}|funnelcli.metrics\n",
    "track": "toy|Targets and actual figures|2|16|funnelcli.track\n",
}


def test_a_format_is_one_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """A module beside the others is found, chosen by name and by ending, and shows what every command has to say."""
    (folder := tmp_path / "more").mkdir()
    (folder / "toy.py").write_text(TOY, encoding="utf-8")
    try:
        with monkeypatch.context() as patched:
            patched.setattr(renderers, "__path__", [*renderers.__path__, str(folder)])
            formats.cache_clear()
            assert formats()["toy"].layouts == (Layout.METRIC, Layout.PART, Layout.WIDE, Layout.TIDY)
            texts = {}
            for name, command in _commands(tmp_path, capfd).items():
                texts[name] = _run(capfd, *command, "-f", "toy")
                out = tmp_path / f"{name}.toy"
                _run(capfd, *command, "-o", str(out))
                assert out.read_text(encoding="utf-8") == texts[name]
            assert texts == TOLD
    finally:
        formats.cache_clear()
        sys.modules.pop("funnelcli.renderers.toy", None)
    assert "toy" not in formats()


def _commands(folder: Path, capfd: pytest.CaptureFixture[str]) -> Mapping[str, tuple[str, ...]]:
    targets = str(folder / "targets.csv")
    own = (*("targets", str(PLAIN), "--new-paid-users", "9", "--from", "2026-08", "--to", "2026-08"), "-o", targets)
    _run(capfd, *own, "--as-of", "2026-07-31")
    return {**COMMANDS, "track": ("track", str(PLAIN), "--targets", targets)}


def _run(capfd: pytest.CaptureFixture[str], *args: str) -> str:
    with pytest.raises(SystemExit) as left:
        command()(list(args))
    out, err = capfd.readouterr()
    assert left.value.code in (0, None), err
    return out


def test_no_module_asks_which_format_it_is() -> None:
    """A format's name stands in its own module alone; elsewhere nothing is compared with it."""
    names = set(formats())
    asked = []
    for path in files():
        for node in nodes_of(path):
            compared: list[ast.expr] = []
            if isinstance(node, ast.Compare):
                compared = [node.left, *node.comparators]
            elif isinstance(node, ast.MatchValue):
                compared = [node.value]
            elif isinstance(node, ast.Dict):
                compared = [key for key in node.keys if key is not None]
            elif isinstance(node, ast.Subscript):
                compared = [node.slice]
            inner = [leaf for expression in compared for leaf in ast.walk(expression)]
            asked += [path.name for leaf in inner if isinstance(leaf, ast.Constant) and leaf.value in names]
    assert asked == []
    assert screen_format() is formats()["table"]
    assert all(form.views <= set(View) for form in formats().values())


def test_starting_imports_nothing_that_is_slow() -> None:
    slow = {"pandas", "numpy", "duckdb", "babel", "rich", "jinja2", "xlsxwriter"}
    runs = [("--help",), ("--version",), ("report", "--help"), ("metrics", "-f", "json"), ("metrics", "-f", "csv")]
    assert [modules & slow for modules in imported_by(runs)] == [frozenset()] * len(runs)
