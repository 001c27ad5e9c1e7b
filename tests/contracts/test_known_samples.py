"""Every export that is known by name: a few rows as its system writes them, and what comes of them, counted by hand.

The samples stand in ``known/INPUT.toml``: the name of the export, its rows as they are written, what ``check`` finds
(``codes``, and ``says`` of each what it says), and the figures of January and February 2026 (``metric@channel``: of
a channel).
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

import funnelcli as fc
from funnelcli.answers.check import file_lines
from funnelcli.inputs.systems import KNOWN_EXPORTS
from funnelcli.reading.headers import header_key
from funnelcli.reading.known import recognised
from support import NOW, figures, report_of

KNOWN = Path(__file__).parent / "known"
MONTHS = ("2026-01", "2026-02")
SAMPLES: list[dict[str, Any]] = [
    sample for path in sorted(KNOWN.glob("*.toml")) for sample in tomllib.loads(path.read_text("utf-8"))["sample"]
]
each = pytest.mark.parametrize("sample", SAMPLES, ids=[sample["export"] for sample in SAMPLES])


def folder_of(sample: dict[str, Any], folder: Path) -> Path:
    (folder / sample.get("file", "export.csv")).write_text(sample["rows"], encoding=sample.get("encoding", "utf-8"))
    if "beside" in sample:
        for name, rows in sample["beside"].items():
            (folder / name).write_text(rows, encoding="utf-8")
    return folder


def test_every_export_has_a_sample() -> None:
    assert {sample["export"] for sample in SAMPLES} == set(KNOWN_EXPORTS)


@each
def test_it_is_recognised_by_its_headers_and_says_what_it_is(sample: dict[str, Any], tmp_path: Path) -> None:
    export = KNOWN_EXPORTS[sample["export"]]
    folder = fc.open_folder(folder_of(sample, tmp_path), now=NOW)
    if export.input is None:
        with pytest.raises(fc.InputError) as refused:
            folder.check(as_of="2026-02-28")
        (told,) = (each for each in refused.value.problems if each.code in ("not-of-use", "not-such-a-list"))
        assert export.name in told.message
        assert export.instead is not None
        assert export.instead.of("en") in told.hint
        assert (export.instead.of("en") in str(refused.value.hint)) is (told.code == "not-of-use")
        return
    checked = folder.check(as_of="2026-02-28")
    lines = file_lines(folder.facts())
    assert export.name in [line.export for line in lines]
    assert {problem.code for problem in checked.problems} == set(sample["codes"])
    for code, words in sample.get("says", {}).items():
        assert any(words in problem.message for problem in checked.problems if problem.code == code)


@each
def test_its_figures_are_those_counted_by_hand(sample: dict[str, Any], tmp_path: Path) -> None:
    if KNOWN_EXPORTS[sample["export"]].input is None:
        return
    folder = folder_of(sample, tmp_path)
    options = {"first": MONTHS[0], "last": MONTHS[1], "as_of": "2026-02-28"}
    by_channel = any("@" in key for key in sample["figures"])
    found = figures(report_of(folder, by_channel=by_channel, **options))  # type: ignore[arg-type]
    expected = {
        (key.partition("@")[0], key.partition("@")[2] or None, month): value
        for key, values in sample["figures"].items()
        for month, value in zip(MONTHS, values, strict=True)
    }
    counted = {key: found[key][0] for key in expected}
    assert counted == {key: None if value == "missing" else pytest.approx(value) for key, value in expected.items()}


@each
def test_no_other_export_fits_as_well(sample: dict[str, Any]) -> None:
    export = KNOWN_EXPORTS[sample["export"]]
    asked = [*(group[0] for group in export.groups), *(globs[0] for globs in export.questions)]
    headers = [tuple(asked)]
    headers += [(*asked, *(h for c in export.columns for h in export.headers_for(c)[:1]))]
    for header in headers:
        best, *others = [each for each in recognised(header) if not each.by_name_only or each is export]
        assert best is export or export.by_name_only
        alike = [each for each in others if each.input == best.input or not export.by_name_only]
        assert not [each for each in alike if each.weight == best.weight]
    assert len({header_key(group[0]) for group in export.groups}) == len(export.groups)
