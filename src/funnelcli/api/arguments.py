"""What a caller gives, checked: words, months, days, whole numbers and paths."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from pathlib import Path

from funnelcli.answers.layout import Layout
from funnelcli.counting.pairs import USUAL_WINDOW
from funnelcli.problems import UsageError
from funnelcli.text import Lang, Message, Text, TextError, known_languages, languages
from funnelcli.values.periods import TODAY, Grain
from funnelcli.values.windows import Window, parse_window

BASES = ("period", "cohort")


def grain(given: str) -> Grain:
    """How long a period is."""
    try:
        return Grain(given)
    except ValueError:
        raise UsageError(
            Message("{text!r} is no grain.").filled(text=given),
            hint=Message("The grains are {known}.").filled(known=", ".join(Grain)),
        ) from None


def lang(given: str) -> Lang:
    """A language that there is."""
    if given in languages():
        return given
    raise UsageError(Message("{text!r} is no language.").filled(text=given), hint=known_languages())


def layout(given: str) -> Layout:
    """A layout that there is."""
    try:
        return Layout(given)
    except ValueError:
        raise UsageError(
            Message("{text!r} is no layout.").filled(text=given),
            hint=Message("The layouts are {known}.").filled(known=", ".join(Layout)),
        ) from None


def day(given: str | date | None) -> str | None:
    """The last day that counts, as text; a moment that is not midnight with its time."""
    if isinstance(given, datetime) and given.timetz().replace(tzinfo=None) != time():
        return given.isoformat()
    return given.isoformat()[:10] if isinstance(given, date) else word(given, "as_of")


def is_today(given: str | date | None) -> bool:
    """Whether it is the clock that says up to which day is counted.

    >>> is_today("today"), is_today("2026-10-31")
    (True, False)
    """
    return isinstance(given, str) and given.strip().casefold() == TODAY


def month(given: str | date | None, name: str) -> str | None:
    """A month (quarter, year) as text; a date stands for its month."""
    return given.isoformat()[:7] if isinstance(given, date) else word(given, name)


def word(given: str | None, name: str) -> str | None:
    """A text that is given; UsageError where it is empty, or something else."""
    if given is None or (isinstance(given, str) and given.strip()):
        return given
    raise wrong(name, given, Message("a text"))


def needed(given: str | None, name: str) -> str:
    """A text that has to be given."""
    known = word(given, name)
    if known is None:
        raise wrong(name, given, Message("a text"))
    return known


def words(given: str | Sequence[str], name: str = "words") -> tuple[str, ...]:
    """Several texts; one alone may stand by itself."""
    if not isinstance(given, Sequence):
        raise wrong(name, given, Message("a text"))
    return tuple(needed(each, name) for each in ([given] if isinstance(given, str) else given))


def whole(given: int | None, name: str) -> int | None:
    """A whole number."""
    if given is None or (isinstance(given, int) and not isinstance(given, bool)):
        return given
    raise wrong(name, given, Message("a whole number"))


def path(given: str | Path, name: str) -> Path:
    """A path that is not empty."""
    if isinstance(given, str | Path) and str(given):
        return Path(given)
    raise wrong(name, given, Message("a path"))


def files(given: Mapping[str, str | Path | Sequence[str | Path]] | None) -> dict[str, list[str]]:
    """The files named for each input; UsageError, with those there are, for what is no input."""
    from funnelcli.inputs import exports

    named = {
        name: [str(paths)] if isinstance(paths, str | Path) else [str(each) for each in paths]
        for name, paths in (given or {}).items()
    }
    known = [declared.name for declared in exports()]
    for name in named:
        if name not in known:
            raise UsageError(
                Message("{name!r} is no input.").filled(name=name),
                hint=Message("The inputs are {known}.").filled(known=", ".join(known)),
            )
    return named


def wrong(name: Text | str, given: object, wanted: Text) -> UsageError:
    """The error of an argument that is of no use, with what is wanted in its place."""
    return UsageError(
        Message("{name} = {given!r} is of no use.").filled(name=name, given=given),
        hint=Message("Give {wanted}.").filled(wanted=wanted),
    )


def window(basis: str, given: str | None) -> Window | None:
    """How long each has to get on, where the same people are followed; None where ``basis`` is the period.

    UsageError for what is neither, for a window that is none, or where nobody is followed.
    """
    if basis not in BASES:
        raise UsageError(
            Message("There is no basis {basis!r}.").filled(basis=basis),
            hint=Message("It is one of {known}.").filled(known=", ".join(BASES)),
        )
    if basis == "period":
        if given is not None:
            raise UsageError(
                Message("A window is of rates of the same people, and none is asked for."),
                hint=Message("Give --basis cohort, or explain a ..._cohort_rate."),
            )
        return None
    try:
        return parse_window(USUAL_WINDOW if given is None else given)
    except TextError as error:
        raise UsageError(Message("--window: {why}.").filled(why=error.text)) from None
