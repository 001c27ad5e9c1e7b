"""Write the generated parts of README.md and docs/, and the man page, anew; with --check say whether they are current.

A generated part stands between ``<!-- begin NAME -->`` and ``<!-- end NAME -->``.  Every ``console`` block
is a session: the lines that begin with ``$`` are run, and what they print stands below them.
"""

import ast
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import typer
from msgspec import NODEFAULT

from funnelcli import __version__
from funnelcli.cli.app import app
from funnelcli.cli.commands import command_examples, command_names
from funnelcli.config import Config
from funnelcli.config.table import Key, Table, keys_of
from funnelcli.inputs import INPUTS
from funnelcli.inputs.known import KnownExport
from funnelcli.inputs.monthly import MONTHLY_COLUMNS
from funnelcli.inputs.systems import KNOWN_EXPORTS
from funnelcli.metrics import shown
from funnelcli.planning.metrics import PLANNED
from funnelcli.problems import ExitCode
from funnelcli.problems.kinds import KINDS
from funnelcli.reading.discover import SUFFIXES
from funnelcli.renderers.md import escape, table
from funnelcli.text import Text, as_text, in_number, languages
from funnelcli.values.channels import BUILT_IN
from funnelcli.values.periods import Grain

ROOT = Path(__file__).parents[1]
ROOMS = (
    "cli", "api", "writing", "renderers", "answers", "planning", "metrics", "counting", "facts", "reading", "inputs",
    "config", "stats", "values", "problems", "text",
)  # fmt: skip


SPACED = "\n\n"


def _in_all(text: Text, between: str) -> str:
    return between.join(escape(text.of(lang)) for lang in languages())


def metrics_part() -> str:
    """Every metric: key, labels, unit, formula, definition."""
    blocks = []
    for metric in shown():
        label = metric.label_for(Grain.MONTH)
        blocks.append(
            f"#### `{metric.key}`\n\n"
            f"{_in_all(label, ' · ')} · {metric.unit.value} · owner: {metric.owner}\n\n"
            f"{_in_all(metric.definition, SPACED)}\n\n"
            f"Formula: `{metric.kind.formula}`"
        )
    return "\n\n".join(blocks)


def planned_part() -> str:
    """Every figure of a plan."""
    blocks = []
    for metric in PLANNED.values():
        blocks.append(
            f"#### `{metric.key}`\n\n"
            f"{_in_all(metric.label, ' · ')} · {metric.unit.value}\n\n"
            f"{_in_all(metric.definition, SPACED)}\n\n"
            f"Formula: `{as_text(metric.formula).of('en')}`"
        )
    return "\n\n".join(blocks)


def config_part() -> str:
    """Every table and key of funnel.toml."""
    return "\n\n".join(_tables(Config, []))


def _tables(declared: type[Table], path: list[str]) -> list[str]:
    keys = [(name, key) for name, key in keys_of(declared).items() if key.table is None]
    blocks = []
    if keys and path:
        name = ".".join(path)
        rows = [[f"`{key}`", escape(_default(known)), escape(known.about)] for key, known in keys]
        about = f"{(declared.__doc__ or '').splitlines()[0]}\n\n" if declared.__doc__ else ""
        blocks.append(f"### `[{name}]`\n\n{about}{table(('key', 'default', 'meaning'), rows, numbers=False)}")
    elif keys:
        for name, known in keys:
            blocks.append(f"### `[{name}]`\n\n{escape(known.about)}")
    seen: set[type[Table]] = set()
    for name, key in keys_of(declared).items():
        if key.table is not None and key.table not in seen:
            several = [n for n, other in keys_of(declared).items() if other.table is key.table]
            seen.add(key.table)
            names = "|".join(INPUTS) if name == "inputs" else "NAME"
            blocks += _tables(
                key.table, [*path, "|".join(several) if len(several) > 1 else name, *([names] if key.open else [])]
            )
    return blocks


def _default(key: Key) -> str:
    if key.default is NODEFAULT:
        return "(needed)"
    return "" if key.default in (None, (), {}, "") else str(key.default)


def errors_part() -> str:
    """Every kind of problem."""
    rows = [
        [f"`{kind.code}`", kind.severity.value, "file" if kind.whole_file else "row or note",
         escape(in_number(kind.message.of("en"), {})), escape(kind.hint.of("en"))]
        for kind in KINDS.values()
    ]  # fmt: skip
    return table(("code", "severity", "concerns", "message", "what to do"), rows, numbers=False)


_EXIT_MEANINGS = {
    ExitCode.OK: "all is well",
    ExitCode.BUG: "a bug in funnelcli; nothing was written",
    ExitCode.USAGE: "the options, or the place to write to, cannot be used",
    ExitCode.INPUT: "the exports have errors; nothing was written",
    ExitCode.CONFIG: "funnel.toml is wrong, or contradicts the exports",
    ExitCode.GOAL: "a goal cannot be met, or not be planned for; "
    "the message says what would make it reachable (`targets`)",
    ExitCode.THRESHOLD: "a figure is below the share asked for (`track --fail-under`), "
    "or a closed one differs (`report --fail-on-change`)",
    ExitCode.INTERRUPTED: "interrupted (Ctrl-C)",
    ExitCode.CLOSED_PIPE: "whoever read the output closed it (`| head`)",
}


def exits_part() -> str:
    """Every exit status."""
    rows = [[str(int(code)), meaning] for code, meaning in _EXIT_MEANINGS.items()]
    return table(("status", "meaning"), rows, numbers=False)


def inputs_part() -> str:
    """Which files are read, and the columns of each with the headers they are known under."""
    blocks = [f"Endings: {', '.join(f'`{suffix}`' for suffix in SUFFIXES)}."]
    for declared in INPUTS.values():
        names = ", ".join(f"`{pattern}`" for pattern in declared.files)
        rows = [
            [
                f"`{c.name}`" + (" (needed)" if c.required else ""),
                escape(as_text(c.meaning).of("en")),
                escape(", ".join(c.aliases)),
            ]
            for c in declared.columns
        ]
        blocks.append(f"### {declared.name}\n\nFiles: {names}")
        blocks.append(table(("column", "meaning", "also known as"), rows, numbers=False))
    keys = [f"`{key}`" for group in MONTHLY_COLUMNS.values() for key in group]
    blocks.append(f"Further columns of the monthly table: {', '.join(keys)}.")
    return "\n\n".join(blocks)


def exports_part() -> str:
    """Every export that is known by name: how to come by it, what it says, and where its headers are from."""
    blocks = []
    for name, declared in [*INPUTS.items(), (None, None)]:
        known = [export for export in KNOWN_EXPORTS.values() if export.input == name]
        if known:
            title = as_text(declared.title).of("en") if declared else "none of these"
            blocks.append(f"## Read as {title}" if declared else "## Not read")
            blocks += [_export(export) for export in sorted(known, key=lambda export: export.name.casefold())]
    return SPACED.join(blocks)


def _export(export: KnownExport) -> str:
    lines = [] if export.input is None else [f"How to export it: {escape(export.how)}"]
    groups = (" or ".join(f"`{header}`" for header in group) for group in export.groups)
    lines.append(f"Recognised by: {', '.join(groups)}.")
    columns = (
        f"`{column}` = {' or '.join(f'`{header}`' for header in export.headers_for(column)) or 'none'}"
        for column in export.columns
    )
    lines += [f"Columns: {', '.join(columns)}."] if export.columns else []
    said: dict[str, tuple[str, ...]] = {**export.statuses, **{str(k): v for k, v in export.channels.items()}}
    means = (f"{' '.join(f'`{word}`' for word in words)} {group.replace('_', ' ')}" for group, words in said.items())
    lines += [f"In this system: {'; '.join(means)}."] if said else []
    rows = {f"{header}": globs for header, globs in export.keep.items()}
    kept = (f"`{header}` is {' or '.join(f'`{glob}`' for glob in globs)}" for header, globs in rows.items())
    lines += [f"Read are the rows whose {' or '.join(kept)}."] if rows else []
    lines += [f"It does not say everything: {as_text(export.lacks).of('en')}."] if export.input and export.lacks else []
    if export.input is None and export.lacks is not None and export.instead is not None:
        lines.append(f"It is a table {export.lacks.of('en')}. {export.instead.of('en')}")
    lines.append(f"Headers found in: {escape(export.seen_in)}.")
    return f"### {export.name}\n\n" + "\n".join(f"- {line}" for line in lines)


def channels_part() -> str:
    """The built-in patterns."""
    rows = [[channel.value, escape(", ".join(patterns))] for channel, patterns in BUILT_IN]
    return table(("channel", "patterns"), rows, numbers=False)


def commands_part() -> str:
    """The help of every command."""
    blocks = []
    for command in command_names():
        text = run(["funnelcli", command, "--help"])
        blocks.append(f"### `funnelcli {command}`\n\n```text\n{text.rstrip()}\n```")
    return "\n\n".join(blocks)


def rooms_part() -> str:
    """Every room of the house from the ground up, with what each of its modules holds."""
    source = ROOT / "src" / "funnelcli"
    blocks = []
    for room in reversed(ROOMS):
        path = source / room
        if path.is_dir():
            blocks.append(f"### `{room}/`\n\n{_about(path / '__init__.py')}\n\n" + "\n".join(_modules(path, room)))
        else:
            blocks.append(f"### `{room}.py`\n\n{_about(path.with_suffix('.py'))}")
    return "\n\n".join(blocks)


def _modules(folder: Path, room: str) -> list[str]:
    lines = []
    for path in sorted(folder.rglob("*.py")):
        inside = path.relative_to(folder)
        if inside.name != "__init__.py":
            lines.append(f"- `{inside.as_posix()}`: {_about(path)}")
        elif inside.parent != Path():
            lines.append(f"- `{inside.parent.as_posix()}/`: {_about(path)}")
    return lines


def _about(path: Path) -> str:
    """The first sentence that a module says of itself."""
    text = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    return escape(text.split("\n\n")[0].replace("\n", " ")).replace("\\`\\`", "`")


# --- the man page ---------------------------------------------------------------------------------------------------

MAN_ABOUT = "funnel metrics from a company's own exports"
MAN_DESCRIPTION = (
    "Reads a folder of exports (visits, signups, demos, paid users) and gives the month's funnel dashboard, every "
    "figure of which can be opened down to its rows; turns a revenue goal into quotas, and compares them with what "
    "happened.",
    "PATH is a folder of exports or a funnel.toml; without it, the current folder is read.  Data goes to standard "
    "output, everything else to standard error.",
)
MAN_ENVIRONMENT = {
    "FUNNELCLI_LANG": "Language for people where neither --lang nor funnel.toml says one.",
    "LC_ALL, LANG": "The same, where FUNNELCLI_LANG is not set.",
    "NO_COLOR": "No colours.",
    "FUNNELCLI_CACHE": "Where what large files add is kept for the next run; off keeps nothing.",
    "FUNNELCLI_DEBUG": "Show where a bug lies.",
}
MAN_FILES = {
    "funnel.toml": "The settings of a folder of exports; funnelcli init writes a first one.",
    "targets.csv": "Targets that track and report compare with, also targets.json, .xlsx, .md or .tsv.",
}


def man_page() -> str:
    """The man page as roff, made of what the help is made of: the declarations of the commands' options."""
    return "\n".join(_man_lines()) + "\n"


def _man_lines() -> Iterator[str]:
    yield f'.TH FUNNELCLI 1 "" "funnelcli {__version__}" "User Commands"'
    yield from (".SH NAME", f"funnelcli \\- {_roff(MAN_ABOUT)}")
    yield from (".SH SYNOPSIS", ".B funnelcli", "\\fICOMMAND\\fR [\\fIOPTION\\fR]... [\\fIPATH\\fR]")
    yield ".SH DESCRIPTION"
    for paragraph in MAN_DESCRIPTION:
        yield from (".PP", _roff(paragraph))
    yield ".SH COMMANDS"
    root: Any = typer.main.get_command(app)
    context = root.context_class(root, info_name="funnelcli")
    for name in command_names():
        yield from _man_command(name, root.get_command(context, name), context)
    yield from _man_terms("EXIT STATUS", {str(int(code)): meaning for code, meaning in _EXIT_MEANINGS.items()})
    yield from _man_terms("ENVIRONMENT", MAN_ENVIRONMENT)
    yield from _man_terms("FILES", MAN_FILES)


def _man_command(name: str, command: Any, root: Any) -> Iterator[str]:
    context = command.context_class(command, info_name=name, parent=root)
    yield f".SS funnelcli {name}"
    yield _roff(" ".join((command.help or "").split()))
    for parameter in command.get_params(context):
        record = parameter.get_help_record(context)
        if record is not None:
            yield from (".TP", f"\\fB{_roff(record[0])}\\fR", _roff(record[1]))
    yield from (".PP", "Examples:")
    for line, about in command_examples(name):
        yield from (".PP", _roff(f"{about[:1].upper()}{about[1:]}:"), ".nf", ".RS", *map(_roff, line.splitlines()))
        yield from (".RE", ".fi")


def _man_terms(title: str, terms: Mapping[str, str]) -> Iterator[str]:
    yield f".SH {title}"
    for term, meaning in terms.items():
        yield from (".TP", f"\\fB{_roff(term)}\\fR", _roff(meaning.replace("`", "")))


def _roff(text: str) -> str:
    """Text that roff shows as it is: its own signs escaped, and no line that begins like a request."""
    escaped = text.replace("\\", "\\e").replace("-", "\\-").replace("'", "\\(aq").replace('"', "\\(dq")
    escaped = "".join(sign if sign.isascii() else f"\\[u{ord(sign):04X}]" for sign in escaped)
    return f"\\&{escaped}" if escaped.startswith((".", "\\(aq")) else escaped


PARTS: dict[str, Callable[[], str]] = {
    "metrics": metrics_part,
    "planned": planned_part,
    "config": config_part,
    "errors": errors_part,
    "exits": exits_part,
    "inputs": inputs_part,
    "channels": channels_part,
    "exports": exports_part,
    "commands": commands_part,
    "rooms": rooms_part,
}


def environment() -> dict[str, str]:
    """An environment in which output depends on nothing but the input."""
    here = str(Path(sys.executable).parent)
    kept = {key: value for key, value in os.environ.items() if key in ("HOME", "PYTHONPATH", "SYSTEMROOT", "TMPDIR")}
    return {**kept, "PATH": here + os.pathsep + os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8", "COLUMNS": "100"}


def run(command: list[str] | str, cwd: Path = ROOT) -> str:
    """What a command prints, standard error too."""
    done = subprocess.run(
        command, shell=isinstance(command, str), cwd=cwd, env=environment(), capture_output=True, encoding="utf-8",
        stdin=subprocess.DEVNULL, check=False,
    )  # fmt: skip
    return done.stdout + done.stderr


def at_a_terminal(command: str, said: str) -> str:
    """What who types a command sees: the line that names the warnings is for pipes and files, and not shown there."""
    return said if " | " in command else _WARNED.sub("", said)


_WARNED = re.compile(r"^funnelcli: \d+ (?:warnings?|cảnh báo): .*`funnelcli check .*\n?", re.MULTILINE)
_PART = re.compile(r"(<!-- begin (?P<name>\w+) -->\n)(?P<body>.*?)(<!-- end (?P=name) -->)", re.DOTALL)
_SESSION = re.compile(r"(?P<open>```console\n)(?P<body>.*?)(?P<close>\n```)", re.DOTALL)


def with_parts(text: str) -> str:
    """The text with its generated parts made anew."""
    return _PART.sub(lambda m: f"{m[1]}\n{PARTS[m['name']]()}\n\n{m[4]}", text)


def with_sessions(text: str, cwd: Path) -> str:
    """The text with its console blocks run anew, in a folder of their own beside the examples."""

    def session(block: re.Match[str]) -> str:
        commands = [line for line in block["body"].splitlines() if line.startswith("$ ")]
        shown = "\n".join(
            f"{command}\n{at_a_terminal(command, run(command[2:], cwd))}".rstrip() for command in commands
        )
        return f"{block['open']}{shown}{block['close']}"

    return _SESSION.sub(session, text)


def current() -> dict[Path, tuple[str, str]]:
    """Each document: its text as it is, and as it should be."""
    documents = {}
    with tempfile.TemporaryDirectory() as scratch:
        (Path(scratch) / "examples").symlink_to(ROOT / "examples", target_is_directory=True)
        for path in [*sorted(ROOT.glob("README*.md")), *sorted((ROOT / "docs").glob("*.md"))]:
            text = path.read_text(encoding="utf-8")
            documents[path] = (text, with_sessions(with_parts(text), Path(scratch)))
    manual = ROOT / "docs" / "funnelcli.1"
    documents[manual] = (manual.read_text(encoding="utf-8") if manual.exists() else "", man_page())
    return documents


def main() -> int:
    """Write, or check."""
    stale = [(path, new) for path, (old, new) in current().items() if old != new]
    if "--check" in sys.argv[1:]:
        for path, _ in stale:
            print(f"{path.relative_to(ROOT)} is not current: run `make docs`", file=sys.stderr)
        return 1 if stale else 0
    for path, new in stale:
        path.write_text(new, encoding="utf-8")
        print(f"wrote {path.relative_to(ROOT)}")
    subprocess.run([sys.executable, ROOT / "tools" / "messages.py"], check=False)  # says what is not translated yet
    return 0


if __name__ == "__main__":
    sys.exit(main())
