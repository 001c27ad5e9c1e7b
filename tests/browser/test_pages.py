"""Every page opened in a browser, offline: no message, no request, nothing that overflows or is inaccessible."""

from __future__ import annotations

import json
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator
from email import message_from_bytes
from email.policy import default
from importlib import resources
from pathlib import Path
from typing import Any

import pytest

from answers import hostile_folder
from funnelcli import open_folder
from funnelcli.text import Lang, languages
from support import EXAMPLES, NOW, run_cli

playwright = pytest.importorskip("playwright.sync_api", reason="pip install playwright, for the pages in a browser")

NAMES = ("chromium", "chromium-browser", "google-chrome")
BROWSER = next((path for name in NAMES if (path := shutil.which(name))), None)
if BROWSER is None and os.environ.get("CI") == "true":
    pytest.fail("CI opens every page in Chromium, and there is none", pytrace=False)
pytestmark = pytest.mark.skipif(BROWSER is None, reason="no Chromium here: the pages were not opened in a browser")

WIDTHS = (390, 768, 1280)
A4, A4_ON_ITS_SIDE = 703, 1032  # px between the margins of A4
VN, PLAIN = EXAMPLES / "saas_vn", EXAMPLES / "plain"
PAST = ("--mrr", "120tr", "--from", "2026-07", "--to", "2027-03", "--as-of", "2026-06-30", "--by", "team")


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with playwright.sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=BROWSER, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def pages() -> Iterator[dict[str, Path]]:
    """A page of every question, most of them of the example with targets and a month that runs."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        targets = root / "targets.csv"
        assert run_cli("targets", VN, *PAST, "-o", targets).returncode == 0
        beside = ("--targets", targets)
        commands: dict[str, tuple[str | Path, ...]] = {
            "pack": ("report", VN, "--pack", *beside, "--as-of", "2026-10-12"),
            "pack-vi": ("report", VN, "--pack", *beside, "--lang", "vi"),
            "two-years": ("report", VN, "--pack", "--from", "2024-10", "--to", "2026-09", *beside),
            "plain": ("report", PLAIN, "--by", "plan"),
            "month": ("report", PLAIN, "--month", "2026-08", "--rows"),
            "quarters": ("report", VN, "--grain", "quarter", "--lang", "vi"),
            "targets": ("targets", VN, "--mrr", "150tr", "--from", "2026-11", "--to", "2027-04", "--by", "team"),
            "track": ("track", VN, *beside, "--by", "team", "--as-of", "2026-10-12", "--lang", "vi"),
            "explain": ("explain", "new_paid_users", VN, "--month", "2026-10", "--rows"),
            "check": ("check", VN),
            "metrics": ("metrics",),
        }
        made = {name: root / f"{name}.html" for name in commands}
        for name, command in commands.items():
            done = run_cli(*command, "-f", "html", "-o", made[name])
            assert (done.returncode, made[name].is_file()) == (0, True), done.stderr
        hostile = root / "hostile"
        hostile.mkdir()
        made["hostile"] = root / "hostile.html"
        with open_folder(hostile_folder(hostile), now=NOW) as opened:
            opened.report(by="source", pack=True, rows=True, digests=True).save(made["hostile"])
        yield made


NAMES_OF_PAGES = (
    "pack", "pack-vi", "two-years", "plain", "month", "quarters", "targets", "track", "explain", "check", "metrics",
    "hostile",
)  # fmt: skip
Opened = Callable[..., Any]


@pytest.fixture
def opened(browser: Any, pages: dict[str, Path]) -> Iterator[Opened]:
    """Opens a page in a window of its own; what the browser says and asks for is kept in ``said`` and ``asked``."""
    contexts = []

    def open_page(name: str, width: int, **options: Any) -> Any:
        context = browser.new_context(viewport={"width": width, "height": 900}, offline=True, **options)
        contexts.append(context)
        page = context.new_page()
        page.said, page.asked = [], []
        page.on("console", lambda message: page.said.append(message.text))
        page.on("pageerror", lambda error: page.said.append(str(error)))
        page.on("request", lambda request: page.asked.append(request.url))
        page.goto(pages[name].as_uri())
        return page

    yield open_page
    for context in contexts:
        context.close()


OVERFLOWING = """() => {
  const wide = document.documentElement.scrollWidth > document.documentElement.clientWidth;
  const out = [];
  for (const element of document.querySelectorAll("main *, header *")) {
    const right = element.getBoundingClientRect().right;
    const inside = element.closest(".scroll, nav, svg, .vh, thead");
    if (right > document.documentElement.clientWidth + 1 && !inside) out.push(element.outerHTML.slice(0, 120));
  }
  return [wide, out];
}"""


@pytest.mark.parametrize("name", NAMES_OF_PAGES)
def test_a_page_opens_in_silence_and_fits(opened: Opened, name: str) -> None:
    page = opened(name, WIDTHS[0])
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate(OVERFLOWING) == [False, []], width
    assert (page.said, [url for url in page.asked if not url.startswith("file:")], len(page.asked)) == ([], [], 1)
    page.emulate_media(media="print")
    page.set_viewport_size({"width": A4_ON_ITS_SIDE, "height": 700})
    assert page.evaluate(OVERFLOWING) == [False, []], "print"
    page.evaluate("() => document.querySelector('#figures:has(table.full)')?.remove()")  # printed on its side
    page.set_viewport_size({"width": A4, "height": 1000})
    assert page.evaluate(OVERFLOWING) == [False, []], "print"


MAILS = {
    "pack": ("report", VN, "--pack", "--by", "channel", "--as-of", "2026-10-12"),
    "targets": ("targets", VN, "--mrr", "150tr", "--from", "2026-11", "--to", "2027-04", "--by", "team"),
    "track": ("track", VN, "--by", "team", "--as-of", "2026-10-12"),
    "explain": ("explain", "new_paid_users", VN, "--month", "2026-10", "--rows"),
    "check": ("check", VN),
    "metrics": ("metrics",),
}


@pytest.fixture(scope="module")
def mails() -> Iterator[dict[str, Path]]:
    """The HTML of a message about every question, in both languages, and of one about hostile exports."""
    with tempfile.TemporaryDirectory() as folder:
        root, made = Path(folder), {}
        targets = root / "targets.csv"
        assert run_cli("targets", VN, *PAST, "-o", targets).returncode == 0
        for name, command in MAILS.items():
            beside = ("--targets", targets) if name in ("pack", "track") else ()
            for lang in languages():
                done = run_cli(*command, *beside, "-f", "eml", "--lang", lang)
                assert done.returncode == 0, done.stderr
                made[f"{name}-{lang}"] = _body(done.stdout.encode(), root / f"{name}-{lang}.html")
        hostile = root / "hostile"
        hostile.mkdir()
        with open_folder(hostile_folder(hostile), now=NOW) as opened:
            message = opened.report(by="source", pack=True).to_bytes("eml")
        made["hostile"] = _body(message, root / "hostile.html")
        yield made


def _body(message: bytes, path: Path) -> Path:
    body = message_from_bytes(message, policy=default).get_body(("html",))
    assert body is not None
    path.write_text(body.get_content(), encoding="utf-8")
    return path


@pytest.mark.parametrize("name", [*(f"{name}-{lang}" for name in MAILS for lang in languages()), "hostile"])
def test_the_body_of_a_message_opens_in_silence_fits_and_is_accessible(
    browser: Any, mails: dict[str, Path], name: str
) -> None:
    """On a phone and in a window of mail; the landmarks of a page are those of the program that shows the message."""
    context = browser.new_context(viewport={"width": 390, "height": 900}, offline=True, color_scheme="dark")
    page = context.new_page()
    said: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(mails[name].as_uri())
    for width in (390, 640):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate(OVERFLOWING.replace("main *, header *", "body *")) == [False, []], width
    assert (said, len(asked)) == ([], 1)
    page.add_script_tag(content=_axe())
    broken = page.evaluate("async () => (await axe.run()).violations.map(v => [v.id, v.impact, v.nodes[0].html])")
    of_pages = ("landmark-one-main", "region")
    serious = [rule for rule in broken if rule[1] in ("serious", "critical", "moderate") and rule[0] not in of_pages]
    assert serious == []
    context.close()


def _axe() -> str:
    return resources.files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")


@pytest.mark.parametrize("name", NAMES_OF_PAGES)
@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 390)])
def test_nothing_of_a_page_is_inaccessible(opened: Opened, name: str, scheme: str, width: int) -> None:
    """By the rules of axe-core, whatever their weight; the policy of the page is put aside for its script."""
    page = opened(name, width, color_scheme=scheme, reduced_motion="reduce", bypass_csp=True)
    page.add_script_tag(content=_axe())
    broken = page.evaluate("async () => (await axe.run()).violations.map(v => [v.id, v.impact, v.nodes[0].html])")
    assert [rule for rule in broken if rule[1] in ("serious", "critical", "moderate")] == []


def test_the_policy_of_a_page_lets_no_script_run(opened: Opened) -> None:
    page = opened("hostile", 1280)
    page.evaluate("""() => { const script = document.createElement("script"); script.textContent = "window.ran = 1";
      document.body.append(script); document.body.style.cssText = ""; }""")
    assert page.evaluate("() => window.ran") is None
    assert "Content Security Policy" in " ".join(page.said)


TABLE = """() => [...document.querySelectorAll("table.full tbody tr:not(.group)")].map(row => [
  (row.querySelector("th a") || {getAttribute: () => ""}).getAttribute("href"),
  [...row.querySelectorAll("td")].map(cell => [cell.textContent, cell.title])])"""


def _read(text: str, title: str, lang: Lang) -> float | None:
    """A figure as a reader takes it from the page: in full from its title, where it is written short."""
    shown = title if title.lstrip("−")[:1].isdigit() else text
    if shown == "–":
        return None
    group, mark = (".", ",") if lang == "vi" else (",", ".")
    number = re.sub(r"[^\d.,−]", "", shown).replace(group, "").replace(mark, ".").replace("−", "-")
    return float(number) / (100 if shown.endswith("%") else 1)


NEAREST = {
    "_rate": 0.0005001, "_amount": 0.5, "_ratio": 0.005001, "_months": 0.05001, "_hours": 0.05001, "_days": 0.05001,
    "_score": 0.5,
}  # fmt: skip


@pytest.mark.parametrize("lang", ["en", "vi"])
def test_the_figures_of_a_page_are_those_of_the_json(opened: Opened, lang: Lang) -> None:
    name, options = ("pack", ("--as-of", "2026-10-12")) if lang == "en" else ("pack-vi", ())
    data = json.loads(run_cli("report", VN, "--from", "2025-11", "--to", "2026-10", *options, "-f", "json").stdout)
    wanted = {row["metric"]: [*(cell["value"] for cell in row["cells"]), row["total"]["value"]] for row in data["rows"]}
    rows = opened(name, 1280).evaluate(TABLE)
    shown = {
        key.removeprefix("#d-"): [_read(text, title, lang) for text, title in cells[:13]] for key, cells in rows if key
    }
    assert len(shown) > 25
    assert shown.keys() <= wanted.keys()
    for key, values in shown.items():
        # A rate is shown to a tenth or, below a hundredth, to a hundredth of a percent; dongs have no decimals.
        # Ratios have two digits, months and hours one, and scores none.
        nearest = next((size for end, size in NEAREST.items() if key.endswith(end)), 0)
        assert len(values) == 13
        for value, exact in zip(values, wanted[key], strict=True):
            assert (value is None) == (exact is None)
            assert value is None or abs(value - exact) <= nearest, key


def test_every_figure_leads_to_its_definition(opened: Opened) -> None:
    page = opened("pack", 1280)
    links = page.evaluate("""() => [...document.querySelectorAll("a[href^='#']")].map(a => a.getAttribute("href"))""")
    ids = page.evaluate("() => [...document.querySelectorAll('[id]')].map(element => '#' + element.id)")
    assert len(set(ids)) == len(ids)
    assert set(links) <= set(ids)
    page.click("a.m >> nth=0")
    assert page.evaluate("() => document.querySelector(':target').textContent").startswith("MRR at end of month")


def test_a_page_prints_on_a4(opened: Opened) -> None:
    """Pages of A4, the table of all figures on its side: 595 x 842 points, and 842 x 595."""
    data = opened("pack", 1280).pdf(prefer_css_page_size=True, print_background=True)
    boxes = re.findall(rb"/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)", data)
    sizes = {(round(float(width)), round(float(height))) for width, height in boxes}
    assert sizes == {(595, 842), (842, 595)}
    assert 5 <= len(boxes) <= 24


def test_words_of_the_data_are_text(opened: Opened) -> None:
    """`<b>` in a source is shown as it stands, in the parts and in the rows behind the figures."""
    page = opened("hostile", 1280)
    text = page.evaluate("() => document.body.textContent")
    assert "<b>" in text
    assert (
        page.evaluate("() => document.querySelectorAll('script, iframe, img, form, link, [style], [onclick]').length")
        == 0
    )
