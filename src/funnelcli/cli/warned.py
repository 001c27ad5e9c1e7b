"""What is odd about what was counted, in a few lines on standard error."""

import shlex
from collections.abc import Iterable, Iterator
from pathlib import Path

from funnelcli.problems import Problem, Problems
from funnelcli.problems.kinds import KINDS, Severity
from funnelcli.renderers.wording.tame import tame
from funnelcli.text import Lang, Message, Text

_ALARM = Message("warning: {place}: {what}. {step}")
_OTHERS = Message("{n} [warning|warnings]: {kinds}; `funnelcli check {path}` lists them.")


def warning_lines(problems: Problems, path: Path, lang: Lang, *, alarms_only: bool) -> Iterator[str]:
    """A line for each alarm, and unless these are all that is wanted one for the warnings of other kinds."""
    warnings = problems.of(Severity.WARNING)
    for each in warnings:
        if each.kind.alarm:
            yield warning_line(each, lang)
    codes = {each.code for each in warnings if not each.kind.alarm}
    if codes and not alarms_only:
        kinds = ", ".join(f"{code} ({problems.count(code)})" for code in KINDS if code in codes)
        total = sum(map(problems.count, codes))
        yield _line(_OTHERS.filled(n=total, kinds=kinds, path=shlex.quote(str(path))), lang)


def decision_lines(decided: Iterable[Text], lang: Lang) -> Iterator[str]:
    """What was decided, a line each."""
    for text in decided:
        yield _line(text, lang)


def warning_line(warning: Problem, lang: Lang) -> str:
    """A warning in one line: where, what, and what to do."""
    return _line(_ALARM.filled(place=warning.where, what=warning.text, step=warning.advice), lang)


def _line(text: Text, lang: Lang) -> str:
    return f"funnelcli: {tame(text.of(lang))}"
