"""README.md and docs/ say what the code does: their generated parts and every command shown in them are current."""

from __future__ import annotations

import importlib.util
import re
import shlex
import subprocess
import tomllib
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType

import pytest

from funnelcli.cli.commands import command_names
from support import run_cli

ROOT = Path(__file__).parents[2]


QUOTED = re.compile(r"'[^']*'")
BETWEEN = re.compile(r" \| (?=(?:[^']*'[^']*')*[^']*$)")  # outside quotation marks


def in_a_pipe(commands: Sequence[Sequence[str]], cwd: Path) -> tuple[str, str, int]:
    """Standard output and error of commands of which each reads what the one before it prints, and the exit status."""
    data, errors, status = b"", "", 0
    for name, *arguments in commands:
        if name == "funnelcli":
            done = run_cli(*arguments, cwd=cwd, env={"COLUMNS": "100"}, stdin=data)
            data, errors, status = done.stdout.encode(), errors + done.stderr, done.returncode
        else:
            other = subprocess.run([name, *arguments], cwd=cwd, input=data, capture_output=True, check=False)
            data, errors, status = other.stdout, errors + other.stderr.decode(), other.returncode
    return data.decode(), errors, status


@pytest.fixture(scope="module")
def make_docs() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_docs", ROOT / "tools" / "make_docs.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    started = module.run

    def run(command: list[str] | str, cwd: Path = ROOT) -> str:
        """What a command prints: our program in a fork, what stands beside it in a pipe as `make docs` runs it."""
        line = shlex.join(command) if isinstance(command, list) else command
        piped, asks, _ = line.partition('; echo "exit $?"')
        if "funnelcli" not in piped or set(QUOTED.sub("", piped)) & set("&;<>$*?~`"):
            return str(started(command, cwd))
        out, errors, status = in_a_pipe([shlex.split(part) for part in BETWEEN.split(piped)], cwd)
        said = out + (f"exit {status}\n" if asks else "") + errors
        return said.replace("Usage: python -m funnelcli", "Usage: funnelcli")

    module.run = run  # type: ignore[attr-defined]
    return module


def test_every_generated_part_and_every_session_is_current(make_docs: ModuleType) -> None:
    documents = make_docs.current()
    assert sorted(path.name for path in documents) == [
        "README.md",
        "README.vi.md",
        "architecture.md",
        "commands.md",
        "config.md",
        "cron.md",
        "definitions.md",
        "errors.md",
        "exports.md",
        "funnelcli.1",
        "performance.md",
        "planning.md",
        "scale.md",
        "translating.md",
        "workbook.md",
    ]
    stale = [path.name for path, (old, new) in documents.items() if old != new]
    assert stale == [], "run `make docs`"


def test_every_part_is_placed_once(make_docs: ModuleType) -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in sorted((ROOT / "docs").glob("*.md")))
    assert sorted(re.findall(r"<!-- begin (\w+) -->", text)) == sorted(make_docs.PARTS)


def test_every_command_is_documented() -> None:
    text = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    assert re.findall(r"^### `funnelcli (\w+)`$", text, re.MULTILINE) == command_names()


def test_the_rooms_are_those_of_the_tree_and_in_the_order_of_the_layers(make_docs: ModuleType) -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    layers = settings["tool"]["importlinter"]["contracts"][0]["layers"]
    assert [f"funnelcli.{room}" for room in make_docs.ROOMS] == layers
    source = ROOT / "src" / "funnelcli"
    in_tree = {path.stem for path in source.iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()}
    assert set(make_docs.ROOMS) == in_tree - {"__init__", "__main__"}


def test_what_changes_where_names_places_and_proofs_that_are_there() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    table = text.partition("## What changes where")[2].partition("\n## ")[0]
    rows = [line.strip("| ").split(" | ") for line in table.splitlines() if line.startswith("| ")][2:]
    assert len(rows) >= 9
    for change, places, proof in rows:
        named = re.findall(r"`([\w/]+(?:\.py|/))`", places)
        assert named, change
        assert [name for name in named if not (ROOT / "src" / "funnelcli" / name).exists()] == [], change
        tests = re.findall(r"`([\w/.]+)`", proof)
        assert tests, change
        assert [name for name in tests if not (ROOT / "tests" / name).exists()] == [], change


def test_links_between_the_documents_lead_somewhere() -> None:
    links = []
    for path in [*sorted(ROOT.glob("README*.md")), *sorted((ROOT / "docs").glob("*.md"))]:
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", path.read_text(encoding="utf-8")):
            links.append((path.name, target, (path.parent / target).exists()))
    assert len(links) >= 5
    assert [link for link in links if not link[2]] == []


# --- README.vi.md ------------------------------------------------------------------------------------------------

_BLOCK = re.compile(r"```(\w+)\n(.*?)\n```", re.DOTALL)


def readme(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def _commands(text: str) -> list[str]:
    """The commands that a text shows, whatever their language, up to a pipe."""
    shown = [line[2:] for _, body in _BLOCK.findall(text) for line in body.splitlines() if line.startswith("$ ")]
    return [re.sub(r" --lang (en|vi)", "", command).partition(" | sed")[0] for command in shown]


def _code(text: str) -> list[tuple[str, str]]:
    """The other blocks of code, without what they say to readers."""
    blocks = [(kind, re.sub(r"[ ]*#.*", "", body)) for kind, body in _BLOCK.findall(text)]
    return [block for block in blocks if block[0] != "console"]


def _named(text: str) -> set[str]:
    """What a text names: options, keys, files and commands, and where its links lead."""
    prose = _BLOCK.sub("", text)
    return {*re.findall(r"`([^`\n]+)`", prose), *re.findall(r"\]\(([^)]+)\)", prose)}


def _measured(text: str) -> set[str]:
    """The times and sizes that were measured."""
    return {number.replace(",", ".") for number in re.findall(r"\d+(?:[.,]\d+)? (?:s|MB|GB)\b", _BLOCK.sub("", text))}


def test_both_readmes_show_the_same_commands_and_code() -> None:
    english, vietnamese = readme("README.md"), readme("README.vi.md")
    assert _commands(vietnamese) == _commands(english)
    assert len(_commands(english)) >= 15
    assert _code(vietnamese) == _code(english)
    shown = [line for _, body in _BLOCK.findall(vietnamese) for line in body.splitlines() if line.startswith("$ ")]
    assert [line for line in shown if "--lang vi" not in line and "-f csv" not in line] == []


def test_both_readmes_say_the_same() -> None:
    """Each has the sections of the other, and names what the other names; what was measured is the same."""
    english, vietnamese = readme("README.md"), readme("README.vi.md")
    assert len(re.findall(r"^#+ ", vietnamese, re.MULTILINE)) == len(re.findall(r"^#+ ", english, re.MULTILINE))
    assert sorted(_named(english) - _named(vietnamese)) == ["README.vi.md"], "README.vi.md lacks what README.md names"
    assert sorted(_named(vietnamese) - _named(english)) == ["FUNNELCLI_LANG=vi", "README.md", 'lang = "vi"']
    assert _measured(vietnamese) == _measured(english)


# --- the man page ----------------------------------------------------------------------------------------------------


def test_the_man_page_names_every_command_and_option_and_is_plain_roff() -> None:
    page = (ROOT / "docs" / "funnelcli.1").read_text(encoding="utf-8")
    assert page.isascii()
    assert re.findall(r"^\.SS funnelcli (\w+)$", page, re.MULTILINE) == command_names()
    for name, body in re.findall(r"^\.SS funnelcli (\w+)\n(.*?)(?=^\.S[SH] )", page, re.MULTILINE | re.DOTALL):
        plain = body.replace("\\-", "-")
        options = re.findall(r"^  (?:-\w, )?(--[\w-]+)", run_cli(name, "--help").stdout, re.MULTILINE)
        assert options
        assert [option for option in options if not re.search(rf"{option}\b", plain)] == [], name
    requests = {line.split()[0] for line in page.splitlines() if line.startswith((".", "'"))}
    assert requests == {".TH", ".SH", ".SS", ".PP", ".TP", ".B", ".nf", ".fi", ".RS", ".RE"}
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    shared = settings["tool"]["hatch"]["build"]["targets"]["wheel"]["shared-data"]
    assert shared == {"docs/funnelcli.1": "share/man/man1/funnelcli.1"}
