"""What people see, kept as files; FUNNELCLI_UPDATE_GOLDEN=1 writes them anew, and the diff is to be read."""

from __future__ import annotations

import os
import re
from email import message_from_string
from email.policy import default
from pathlib import Path

import pytest

from funnelcli.answers.layout import Layout
from funnelcli.renderers import Style
from funnelcli.text import Lang
from funnelcli.values.periods import Grain
from support import rendered, report_of, run_cli

ROOT = Path(__file__).parents[2]
HERE = Path(__file__).parent

CASES: dict[str, tuple[str, str, Style, dict[str, object]]] = {
    "saas_vn-80.txt": ("saas_vn", "table", Style(width=80), {}),
    "saas_vn-160.txt": ("saas_vn", "table", Style(width=160), {"latest": 12}),
    "saas_vn-vi-80.txt": ("saas_vn", "table", Style(width=80, lang="vi"), {}),
    "saas_vn-channels.txt": ("saas_vn", "table", Style(), {"latest": 2, "by_channel": True}),
    "saas_vn-parts.txt": ("saas_vn", "table", Style(width=80, layout=Layout.PART), {"latest": 2, "by_channel": True}),
    "saas_vn-channels.md": ("saas_vn", "md", Style(lang="vi"), {"month": "2026-10", "by_channel": True}),
    "plain.html": ("plain", "html", Style(), {"as_of": "2026-08-10", "latest": 3}),
    "saas_vn-quarters.md": ("saas_vn", "md", Style(lang="vi"), {"grain": Grain.QUARTER}),
    "saas_vn.csv": ("saas_vn", "csv", Style(), {}),
    "plain-colour.txt": ("plain", "table", Style(width=100, colour=True), {"latest": 3}),
    "plain-partial.md": ("plain", "md", Style(), {"as_of": "2026-08-10", "latest": 3}),
    "plain-tidy.csv": ("plain", "csv", Style(layout=Layout.TIDY), {"month": "2026-03"}),
    "plain.json": ("plain", "json", Style(), {"latest": 1}),
}


@pytest.mark.parametrize("name", CASES)
def test_what_people_see(name: str) -> None:
    example, form, style, options = CASES[name]
    text = rendered(report_of(ROOT / "examples" / example, **options), form, style)  # type: ignore[arg-type]
    path = HERE / name
    text = _normalised(text, name)
    if os.environ.get("FUNNELCLI_UPDATE_GOLDEN"):
        path.write_text(text, encoding="utf-8", newline="\n")
    assert text == path.read_text(encoding="utf-8")


GOAL = ("--mrr", "150tr", "--from", "2026-11", "--to", "2027-04")
PAST = ("--mrr", "120tr", "--from", "2026-07", "--to", "2026-12", "--as-of", "2026-06-30")
NOW = ("--as-of", "2026-10-12")
PLANS: dict[str, tuple[str, ...]] = {
    "targets.txt": ("targets", *GOAL, "--what-if", "demo_to_paid_rate=40%"),
    "targets-teams.md": ("targets", *GOAL, "--by", "team", "-f", "md", "--lang", "vi"),
    "targets-channels.txt": ("targets", *GOAL, "--by", "channel"),
    "targets-tidy.csv": ("targets", *GOAL, "-f", "csv", "--layout", "tidy"),
    "targets.json": ("targets", *PAST, "-f", "json"),
    "track.html": ("track", *NOW, "-f", "html", "--lang", "vi"),
    "track.txt": ("track", *NOW),
    "track-months.md": ("track", *NOW, "--from", "2026-07", "--to", "2026-11", "-f", "md", "--lang", "vi"),
    "track-cumulative.txt": ("track", *NOW, "--cumulative", "--replan"),
    "pack.html": ("report", "--pack", *NOW, "-f", "html", "--lang", "vi"),
    "report.eml": ("report", *NOW, "-f", "eml", "--mail-to", "An Nguyễn <an@example.com>"),
}


def _normalised(text: str, name: str) -> str:
    """A page without its style sheet, which has no figure: a line a tag that begins a row, a chart or a section."""
    if name.endswith(".eml"):
        return _parts_of(text)
    if not name.endswith(".html"):
        return text
    text = re.sub(r"<style>.*?</style>", "<style></style>", text, flags=re.DOTALL)
    text = re.sub(r"'sha256-[^']*'", "'sha256-…'", text)
    return re.sub(r"(?<!\n)(<(?:td|text|rect|circle|path|a |b|small)\b)", r"\n\1", text)


def _parts_of(text: str) -> str:
    """A message to be read: its headers, and its parts without their encoding; of the attached page the name."""
    message = message_from_string(text, policy=default)
    lines = [f"{name}: {value}" for name, value in message.items() if name != "Content-Type"]
    for part in message.walk():
        if not part.is_multipart():
            name = part.get_filename()
            lines += ["", f"=== {part.get_content_type()} {name or ''}".rstrip(), "" if name else part.get_content()]
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("name", PLANS)
def test_what_people_see_of_plans(name: str, tmp_path: Path) -> None:
    command, *options = PLANS[name]
    if command in ("track", "report"):
        assert run_cli("targets", ROOT / "examples" / "saas_vn", *PAST, "-o", tmp_path / "targets.csv").returncode == 0
        options += ["--targets", str(tmp_path / "targets.csv")]
    done = run_cli(command, ROOT / "examples" / "saas_vn", *options, "--quiet")
    assert (done.returncode, done.stderr) == (0, "")
    path, text = HERE / name, _normalised(done.stdout, name)
    if os.environ.get("FUNNELCLI_UPDATE_GOLDEN"):
        path.write_text(text, encoding="utf-8", newline="\n")
    assert text == path.read_text(encoding="utf-8")


def test_no_golden_file_is_left_over() -> None:
    kept = {path.name for path in HERE.iterdir() if path.suffix not in (".py", "") and path.is_file()}
    assert kept == {*CASES, *PLANS}


def test_both_languages_are_shown() -> None:
    shown: set[Lang] = {style.lang for _, _, style, _ in CASES.values()}
    assert shown == {"en", "vi"}
