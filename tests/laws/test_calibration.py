"""Plans at 80 % are met by 80 % of firms, whose rates a plan does not know: a part of what `make calibrate` runs."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import pytest

TOOL = Path(__file__).parents[2] / "tools" / "calibrate.py"


@pytest.mark.parametrize("history", [200, 1000])
def test_quotas_are_as_sure_as_they_say(history: int) -> None:
    """Of 300 firms the mean of the true chance is known to 1.7 points; the plain plan is met by half of them."""
    spec = importlib.util.spec_from_file_location("calibrate", TOOL)
    assert spec is not None
    assert spec.loader is not None
    calibrate = sys.modules["calibrate"] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(calibrate)
    known = calibrate.calibrated(history, firms=300, runs=1000, seed=1)
    assert known.stated == pytest.approx(0.805, abs=0.01)
    assert known.true == pytest.approx(known.stated, abs=0.035)
    assert known.plain == pytest.approx(0.52, abs=0.06)
