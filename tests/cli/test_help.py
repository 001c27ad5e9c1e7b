"""The help: whole sentences, and examples that run as they stand."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest

from funnelcli.cli.commands import command_examples, command_names
from support import EXAMPLES, linked, run_cli


@pytest.mark.parametrize("width", ["60", "80", "120"])
def test_no_description_is_cut(width: str) -> None:
    text = run_cli("--help", env={"COLUMNS": width}).stdout
    listed = " ".join(text.partition("Commands:")[2].split())
    assert "..." not in listed
    assert "…" not in listed
    for name in command_names():
        about = run_cli(name, "--help", env={"COLUMNS": "200"}).stdout.splitlines()[2].strip()
        assert f"{name} {about}" in listed


@pytest.mark.parametrize("name", command_names())
def test_every_help_has_examples_that_can_be_copied(name: str) -> None:
    examples = command_examples(name)
    assert examples
    text = run_cli(name, "--help", env={"COLUMNS": "60"}).stdout.partition("\nExamples:\n")[2]
    assert text == "".join(f"  {line}\n      {about}\n" for line, about in examples)
    assert all(len(part) <= 78 for line, _ in examples for part in line.splitlines())


@pytest.mark.parametrize("name", command_names())
def test_the_examples_run(name: str, tmp_path: Path) -> None:
    """In their order, beside the example folders."""
    (tmp_path / "examples").mkdir()
    for folder in ("erp_vn", "leads_vn", "own_metrics", "plain", "plan_sellers", "saas_vn"):
        linked(EXAMPLES / folder, tmp_path / "examples" / folder)
    for line, _ in command_examples(name):
        words = shlex.split(line.replace("\\\n", " "))
        assert words[0] == "funnelcli"
        done = run_cli(*words[1:], cwd=tmp_path)
        assert done.returncode == 0, (line, done.stderr)
        assert done.stdout or done.stderr
