"""A check as an answer: the verdict, how the rows of each file were used, and every problem with its place."""

from __future__ import annotations

from typing import Any

from funnelcli.answers.answer import Answer, FindingGroup, Findings, Heading, Listing, Page, Raw, Sheet, Tab
from funnelcli.answers.cells import Words
from funnelcli.answers.check import Checked, FileLine
from funnelcli.answers.plain import titles
from funnelcli.problems import Problem
from funnelcli.problems.kinds import Severity
from funnelcli.text import NOTHING, Message, Text, in_context
from funnelcli.values.placeholders import AS_OF

FILE_HEADER = ("file", "stage", "read", "counted", "duplicate", "rejected", "filtered", "header found")
PROBLEM_HEADER = ("severity", "code", "file", "line", "column", "message", "hint")
_FILE_TITLES = titles(
    Message("file"), Message("stage"), Message("read"), Message("counted"), Message("duplicate"), Message("rejected"),
    Message("filtered"), Message("header found"),
)  # fmt: skip
_PROBLEM_TITLES = titles(
    Message("severity"), Message("code"), Message("file"), Message("line"), Message("column"), Message("message"),
    Message("hint"),
)  # fmt: skip
_TITLE = Message("Check")
_FILES, _PROBLEMS = in_context("sheet", "Files"), Message("Problems")


def check_answer(checked: Checked) -> Answer:
    """Everything that a check has to say; its rows are the problems alone."""
    problems = [_problem_cells(problem) for problem in checked.problems]
    listed = [_words_of(problem) for problem in checked.problems]
    findings = Findings(
        title=_TITLE,
        verdict=_verdict(checked),
        files=Listing(
            header=FILE_HEADER,
            rows=[_file_cells(line) for line in checked.files],
            numbers=frozenset(FILE_HEADER[2:7]),
            titles=_FILE_TITLES,
        ),
        listed=Listing(header=PROBLEM_HEADER, rows=listed, titles=_PROBLEM_TITLES),
        groups=tuple(group for severity in Severity for group in _groups(checked, severity)),
    )
    return Answer(
        title=_TITLE,
        pages=(Page(blocks=(findings,)),),
        sheets=(Sheet(header=PROBLEM_HEADER, rows=problems),),
        data=check_data(checked),
        names={} if checked.as_of is None else {AS_OF: checked.as_of.isoformat()},
        tabs=lambda: _tabs(findings),
    )


def _tabs(findings: Findings) -> tuple[Tab, ...]:
    """The files, and the problems where there are some."""
    heading = Heading(text=Words(findings.title), basis=(Words(findings.verdict),))
    problems = [Tab(name=_PROBLEMS, blocks=(heading, findings.listed))] if findings.listed.rows else []
    return (Tab(name=_FILES, blocks=(heading, findings.files)), *problems)


def _problem_cells(problem: Problem) -> tuple[Raw, ...]:
    severity = problem.kind.severity.value
    place = (problem.file, problem.line, problem.column or "")
    return (severity, problem.code, *place, problem.message, problem.hint)


def _words_of(problem: Problem) -> tuple[Raw, ...]:
    """The same for people."""
    place = (problem.file, problem.line, problem.of_column or "")
    return (problem.kind.severity.word, problem.code, *place, problem.text, problem.advice)


def _file_cells(line: FileLine) -> tuple[Raw, ...]:
    tally = line.tally
    columns = ", ".join(f"{ours} = {theirs}" if ours != theirs else ours for ours, theirs in line.columns)
    columns = f"{line.export}: {columns}" if line.export is not None else columns
    numbers = (tally.read, tally.counted, tally.duplicate, tally.rejected, tally.filtered)
    return (tally.file, tally.input, *numbers, columns)


def _verdict(checked: Checked) -> Text:
    errors, warnings, notes = map(checked.count, Severity)

    none = Message("No report can be made until the errors are gone.")
    return Message("{errors}, {warnings}{notes}. {tail}").filled(
        errors=Message("{n} [error|errors]").filled(n=errors) if errors else Message("No errors"),
        warnings=Message("{n} [warning|warnings]").filled(n=warnings) if warnings else Message("no warnings"),
        notes=Message(", {n} [note|notes]").filled(n=notes) if notes else NOTHING,
        tail=none if errors else Message("A report can be made."),
    )


def _groups(checked: Checked, severity: Severity) -> list[FindingGroup]:
    """The problems of a severity by kind, in the order in which kinds first came up."""
    groups: dict[str, list[Problem]] = {}
    for problem in checked.problems.of(severity):
        groups.setdefault(problem.code, []).append(problem)
    return [
        FindingGroup(severity=severity, code=code, count=checked.problems.count(code), problems=tuple(problems))
        for code, problems in groups.items()
    ]


def check_data(checked: Checked) -> dict[str, Any]:
    """The check as plain data, format_version 1."""
    return {
        "format": "funnelcli.check",
        "format_version": 1,
        "errors": checked.count(Severity.ERROR),
        "warnings": checked.count(Severity.WARNING),
        "files": [
            {
                "file": line.tally.file,
                "stage": line.tally.input,
                "rows_read": line.tally.read,
                "rows_counted": line.tally.counted,
                "rows_duplicate": line.tally.duplicate,
                "rows_rejected": line.tally.rejected,
                "rows_filtered": line.tally.filtered,
                "columns": dict(line.columns),
                **({"export": line.export} if line.export is not None else {}),
            }
            for line in checked.files
        ],
        "problems": [
            {
                "severity": problem.kind.severity.value,
                "code": problem.code,
                "file": problem.file,
                "line": problem.line,
                "column": problem.column,
                "message": problem.message,
                "hint": problem.hint,
            }
            for problem in checked.problems
        ],
    }
