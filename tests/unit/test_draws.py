"""What is drawn in CI follows from the law alone: from no module that is there, and from no hash seed."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

from hypothesis import given, settings

from oracle.random_exports import Case, cases


def cases_drawn() -> str:
    examples: list[Case] = []

    @settings(derandomize=True, max_examples=60)
    @given(cases())
    def law(case: Case) -> None:
        examples.append(case)

    law()
    return hashlib.sha256(str(examples).encode()).hexdigest()


def test_neither_a_hash_seed_nor_what_is_imported_changes_what_is_drawn() -> None:
    """This process has imported the package, and run other tests; the others have only what the cases are made of."""
    tests = Path(__file__).parents[1]
    others = [
        subprocess.run(
            [sys.executable, "-c", "from unit.test_draws import cases_drawn; print(cases_drawn())"],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(tests)},
            capture_output=True, text=True, check=True,
        ).stdout.strip()
        for seed in ("1", "2")
    ]  # fmt: skip
    assert others == [cases_drawn()] * 2
