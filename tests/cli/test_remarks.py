"""What a solver remarks by itself is no part of an answer."""

from __future__ import annotations

import os

import pytest

from funnelcli.cli.remarks import remarks_left_out


def test_what_c_code_says_gets_nowhere(capfd: pytest.CaptureFixture[str]) -> None:
    with remarks_left_out():
        os.write(1, b"tmpSolver.run();\n")
    print("figures", flush=True)
    assert capfd.readouterr().out == "figures\n"
