"""Bands of forecasts hold as often as they say, over firms of known rates: a part of what `make calibrate` runs."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

TOOL = Path(__file__).parents[2] / "tools" / "calibrate_forecast.py"
FIRMS = 90


@pytest.fixture(scope="module")
def tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("calibrate_forecast", TOOL)
    assert spec is not None
    assert spec.loader is not None
    made = sys.modules["calibrate_forecast"] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    return made


@pytest.fixture(scope="module")
def held(tool: ModuleType) -> list[Any]:
    return list(tool.calibrated(tool.KINDS, firms=FIRMS, runs=500, seed=3))


def test_bands_of_forecasts_hold_as_often_as_they_say(tool: ModuleType, held: list[Any]) -> None:
    """90 firms tell the mean over 18 figures of each to about 2 points: they go together within a firm."""
    assert tool.share(held, most=True) == pytest.approx(0.9, abs=0.05)
    assert tool.share(held, most=False) == pytest.approx(0.53, abs=0.08)


def test_every_figure_of_every_firm_is_judged(tool: ModuleType, held: list[Any]) -> None:
    assert len(held) == FIRMS * len(tool.FIGURES) * len(tool.OVER)
    assert {each.figure for each in held if each.over == "total of 6"} == set(tool.FIGURES)
