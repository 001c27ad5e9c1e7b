"""Options as they were written, made into a spec in which nothing is left open."""

import difflib
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from msgspec import Struct

from funnelcli.answers.phrases import MONTH_ALONE
from funnelcli.answers.relative import relative_notes
from funnelcli.answers.report_model import ReportSpec
from funnelcli.config import Config
from funnelcli.facts.model import Extent, Facts, happened, latest_day
from funnelcli.metrics import CATALOGUE
from funnelcli.metrics.model import DASHBOARD
from funnelcli.problems import InputError, UsageError
from funnelcli.text import Message, did_you_mean, joined
from funnelcli.values.as_of import day_or_moment
from funnelcli.values.period_words import Reckoning, parse_bound
from funnelcli.values.periods import TODAY, Grain, Period, bounded, month_of, shift
from funnelcli.values.windows import Window

DEFAULT_PERIODS = 6
PACK_PERIODS = 12
MAX_PERIODS = 240


class RangeOptions(Struct, frozen=True, kw_only=True):
    """The range as the user wrote it; nothing is decided yet.  A ``pack`` shows more periods where none are asked."""

    first: str | None = None
    last: str | None = None
    month: str | None = None
    latest: int | None = None
    grain: Grain = Grain.MONTH
    as_of: str | None = None
    pack: bool = False


def resolve_as_of(text: str | None, extents: Mapping[str, Extent], timezone: str, now: datetime) -> date:
    """The last day that counts: as asked for, else the latest on which something happened by the files' own word.

    ``now`` is only looked at for ``today`` and ``now``.  Raises UsageError for what is no date, InputError where no
    file has a row.
    """
    if text is None:
        latest = latest_day(extents)
        if latest is None:
            raise InputError(
                Message("No file has a row to count."),
                hint=Message("Check that the exports are not empty; `funnelcli check` shows what was read."),
            )
        return latest
    if text.strip().casefold() == TODAY:
        return now.astimezone(ZoneInfo(timezone)).date()
    try:
        return day_or_moment(text.strip(), timezone, now)
    except ValueError:
        raise UsageError(
            Message("--as-of {text!r} is not a date.").filled(text=text),
            hint=Message("Write it like 2026-10-31, or today; with a time, or now, where minutes matter."),
        ) from None


def resolve_periods(
    options: RangeOptions, extents: Mapping[str, Extent], as_of: date, year_starts: int | None = None
) -> tuple[Period, ...]:
    """The periods to show.  Raises UsageError for options that contradict, InputError if there is nothing to show.

    ``year_starts`` is the month with which years start, where the settings say one.
    """
    _check_range(options)
    by = Reckoning(day=as_of, year_starts=year_starts)
    if options.month:
        only, ending = (_bound(options.month, options, "--month", by, last=end) for end in (False, True))
        return bounded(only, ending, options.grain, most=MAX_PERIODS)
    extents = happened(extents)
    months = sorted(m for extent in extents.values() for m in extent.months if m <= as_of)
    if not months and not (options.first and options.last):
        raise InputError(
            Message("No row lies at or before {day}.").filled(day=as_of),
            hint=Message("Check --as-of, or run `funnelcli check` to see the dates."),
        )
    # A day that was asked for is shown, and so is one on which something ended.
    wanted = options.as_of is not None or any(as_of in extent.ended for extent in extents.values())
    until = as_of if wanted or not months else min(month_of(months[-1]).last_day, as_of)
    begun = [max(extent.first, months[0]) for extent in extents.values() if months and extent.first <= as_of]
    return _range_of(options, min(begun, default=as_of), until, by)


def _bound(text: str, options: RangeOptions, option: str, by: Reckoning, *, last: bool) -> Period:
    return parse_bound(text, options.grain, last=last, option=option, by=by)


def _check_range(options: RangeOptions) -> None:
    """UsageError for options of a range that contradict each other, or ask for too few or too many periods."""
    if options.month and (options.first or options.last or options.latest):
        raise UsageError(
            MONTH_ALONE,
            hint=Message("Use either --month, or --from and --to, or --last."),
        )
    if options.first and options.latest:
        raise UsageError(
            Message("--from and --last contradict each other."),
            hint=Message("Use one of them, with --to if you like."),
        )
    if options.latest is not None and options.latest < 1:
        raise UsageError(Message("--last must be at least 1."))
    if options.latest is not None and options.latest > MAX_PERIODS:
        raise UsageError(
            Message("--last {n} is more than {most} [period|periods].").filled(n=options.latest, most=MAX_PERIODS),
            hint=Message("Ask for fewer."),
        )


def _range_of(options: RangeOptions, begins: date, until: date, by: Reckoning) -> tuple[Period, ...]:
    """From the first period asked for to the last; where these are open, from ``begins``, with data, to ``until``."""
    grain = options.grain
    end = _bound(options.last, options, "--to", by, last=True) if options.last else by.of(until, grain)
    if options.first:
        return bounded(_bound(options.first, options, "--from", by, last=False), end, grain, most=MAX_PERIODS)
    start = shift(end, 1 - (options.latest or (PACK_PERIODS if options.pack else DEFAULT_PERIODS)), grain)
    first_data = by.of(begins, grain)
    if options.latest is None and start < first_data <= end:
        start = first_data
    return bounded(start, end, grain, most=MAX_PERIODS)


_TITLE = Message("Funnel dashboard")
WHOLE_DASHBOARD, ALL = "dashboard", "all"


def sections_named(names: Sequence[str]) -> frozenset[str]:
    """The keys of sections by name; ``dashboard`` is its two, ``all`` names none.  UsageError for what is no section.

    >>> sorted(sections_named(["dashboard", "opportunity"])), sections_named(["all"])
    (['acquisition', 'opportunity', 'sales'], frozenset())
    """
    known = dict.fromkeys(metric.section.key for metric in CATALOGUE.values())
    chosen: set[str] = set()
    for name in names:
        if name not in (*known, WHOLE_DASHBOARD, ALL):
            close = did_you_mean(difflib.get_close_matches(name, [*known, WHOLE_DASHBOARD, ALL], n=1))
            raise UsageError(
                Message("--section {name}: there is no such one.{guess}").filled(name=name, guess=close),
                hint=Message("The sections are {names}.").filled(names=", ".join([WHOLE_DASHBOARD, *known, ALL])),
            )
        chosen |= {section.key for section in DASHBOARD} if name == WHOLE_DASHBOARD else {name}
    return frozenset() if ALL in chosen else frozenset(chosen)


def resolve(
    options: RangeOptions,
    facts: Facts,
    *,
    now: datetime,
    by: str | None,
    skip_bad_rows: bool,
    window: Window | None = None,
    sections: Sequence[str] = (),
) -> ReportSpec:
    """Options, settings and what the files reach over, made into one spec with every default filled in."""
    config: Config = facts.config
    as_of = resolve_as_of(options.as_of, facts.extents, config.business.timezone, now)
    year_starts = config.business.year_starts
    periods = resolve_periods(options, facts.extents, as_of, year_starts)
    words, by_day = (options.first, options.last, options.month), Reckoning(day=as_of, year_starts=year_starts)
    before = shift(periods[0], -1, options.grain)
    begins = min((extent.first for extent in facts.extents.values()), default=None)
    name = config.business.name
    return ReportSpec(
        title=joined(" — ", [name, _TITLE]) if name else _TITLE,
        periods=periods,
        before=before if begins is not None and before.end > begins else None,
        grain=options.grain,
        as_of=as_of,
        by=by,
        timezone=config.business.timezone,
        currency=facts.currency,
        skip_bad_rows=skip_bad_rows,
        window=window,
        sections=sections_named(sections),
        said=tuple(relative_notes(words, by_day, asked=options.as_of is not None)),
    )
