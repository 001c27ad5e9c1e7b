"""What people see, kept as files; FUNNELCLI_UPDATE_GOLDEN=1 writes them anew, and the diff is to be read."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from funnelcli.periods import Grain
from funnelcli.renderers import Format, Layout, Style, renderer
from funnelcli.units import Lang
from support import report_of

ROOT = Path(__file__).parents[2]
HERE = Path(__file__).parent

CASES: dict[str, tuple[str, Format, Style, dict[str, object]]] = {
    "saas_vn-80.txt": ("saas_vn", Format.TABLE, Style(width=80), {}),
    "saas_vn-160.txt": ("saas_vn", Format.TABLE, Style(width=160), {"latest": 12}),
    "saas_vn-vi-80.txt": ("saas_vn", Format.TABLE, Style(width=80, lang="vi"), {}),
    "saas_vn-channels.txt": ("saas_vn", Format.TABLE, Style(), {"latest": 2, "by_channel": True}),
    "saas_vn-quarters.md": ("saas_vn", Format.MD, Style(lang="vi"), {"grain": Grain.QUARTER}),
    "saas_vn.csv": ("saas_vn", Format.CSV, Style(), {}),
    "plain-colour.txt": ("plain", Format.TABLE, Style(width=100, colour=True), {"latest": 3}),
    "plain-partial.md": ("plain", Format.MD, Style(), {"as_of": "2026-08-10", "latest": 3}),
    "plain-tidy.csv": ("plain", Format.CSV, Style(layout=Layout.TIDY), {"month": "2026-03"}),
    "plain.json": ("plain", Format.JSON, Style(), {"latest": 1}),
}


@pytest.mark.parametrize("name", CASES)
def test_what_people_see(name: str) -> None:
    example, form, style, options = CASES[name]
    text = renderer(form)(report_of(ROOT / "examples" / example, **options), style)  # type: ignore[arg-type]
    path = HERE / name
    if os.environ.get("FUNNELCLI_UPDATE_GOLDEN"):
        path.write_text(text, encoding="utf-8", newline="\n")
    assert text == path.read_text(encoding="utf-8")


def test_no_golden_file_is_left_over() -> None:
    kept = {path.name for path in HERE.iterdir() if path.suffix not in (".py", "") and path.is_file()}
    assert kept == set(CASES)


def test_both_languages_are_shown() -> None:
    shown: set[Lang] = {style.lang for _, _, style, _ in CASES.values()}
    assert shown == {"en", "vi"}
