"""One run of ``track``: the targets' file, the months, the rows, and the threshold."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from fractions import Fraction

from msgspec import Struct, field

from funnelcli.answers.actual_figures import actuals, with_differences
from funnelcli.answers.measured_money import cash_of
from funnelcli.answers.notes import source_notes
from funnelcli.answers.phrases import BY_UNKNOWN, MONTH_ALONE
from funnelcli.answers.plan_options import MAX_MONTHS
from funnelcli.answers.reach_notes import stale_notes
from funnelcli.answers.relative import relative_notes
from funnelcli.answers.report import sources_of
from funnelcli.answers.report_model import Source
from funnelcli.answers.spec import resolve_as_of
from funnelcli.answers.targets_file import months_of
from funnelcli.answers.targets_loaded import NamedTargets
from funnelcli.answers.targets_names import metric_named
from funnelcli.answers.targets_tables import Targets
from funnelcli.answers.track_ahead import chance_notes
from funnelcli.answers.track_deals import passed_by
from funnelcli.config import WEEKDAYS, Business
from funnelcli.counting.counts import count
from funnelcli.facts.model import Facts
from funnelcli.inputs import input_of_event
from funnelcli.metrics import CATALOGUE
from funnelcli.metrics.made_of import measures_behind
from funnelcli.planning.declare import Kind
from funnelcli.planning.labels import month_words
from funnelcli.planning.metrics import COST, COST_DIFFERENCE, PLANNED, REVENUE
from funnelcli.planning.model import RowKey
from funnelcli.planning.notes import revenue_words
from funnelcli.planning.track import Actual, Replanned, TrackRow, replan, track
from funnelcli.planning.tracked import of_dashboard_alone, tracked_metric
from funnelcli.problems import UsageError
from funnelcli.text import COMMA, Message, Text, joined
from funnelcli.values.calendars import Calendar, business_days, every_day
from funnelcli.values.channels import CHANNELS
from funnelcli.values.currencies import DONG, IN_DONG, NAME_THE_CURRENCY
from funnelcli.values.figures import Note, Unit
from funnelcli.values.period_words import Reckoning, parse_bound
from funnelcli.values.periods import Grain, Period, bounded, span

_TITLE = Message("Targets and actual figures")
# What is owed by the policies that a budget is made of.
COMMISSIONS = ("commission_earned_amount", "commission_payable_amount")


class Tracked(Struct, frozen=True, kw_only=True):
    """What ``track`` has to say: rows over the periods, the rest spread anew where asked for, and notes.

    With the rest spread anew, ``kept`` are the targets that stay as they are and that no row shows month by month.
    ``past`` are months that were past when the targets were made: what happened stood there, and none is judged by it.
    ``stale`` says which exports are too old for what they are asked, and is read before the figures.
    """

    title: Text
    targets_name: str
    as_of: date
    periods: tuple[Period, ...]
    rows: tuple[TrackRow, ...]
    replanned: tuple[Replanned, ...]
    cumulative: bool
    currency: str
    one_off: bool
    notes: tuple[Note, ...]
    kept: Mapping[tuple[RowKey, str], Fraction] = field(default_factory=dict)
    stale: tuple[Note, ...] = ()
    past: frozenset[str] = frozenset()
    sources: tuple[Source, ...] = ()


class TrackRequest(Struct, frozen=True, kw_only=True):
    """The options of ``track`` as they were written."""

    month: str | None
    first: str | None
    last: str | None
    by: str | None
    metrics: tuple[str, ...]
    cumulative: bool
    replan: bool
    as_of: str | None
    skip_bad_rows: bool
    with_chance: bool = False


def tracked(facts: Facts, named: NamedTargets, request: TrackRequest, now: datetime) -> Tracked:
    """Actual figures beside the targets."""
    config, targets = facts.config, named.targets
    _check_currency(named, facts.currency)
    as_of = resolve_as_of(request.as_of, facts.extents, config.business.timezone, now)
    months = months_of(targets)
    by = Reckoning(day=as_of, year_starts=config.business.year_starts)
    periods = _periods(request, targets, as_of, by)
    only = _only(request)
    keys = _keys(request, targets, only)
    every = span(min(periods[0], months[0]), max(periods[-1], months[-1]), Grain.MONTH)
    counts = calendar(config.business)
    figures = actuals(facts, [key for key, _ in keys], every, as_of, one_off=targets.one_off)
    figures = with_differences(figures, targets.rows)
    shown = [key for key, wanted in keys if wanted or _has_figure(figures[key], periods)]
    since = tuple(period for period in every if period >= months[0]) if request.cumulative else ()
    rows = track(shown, targets.rows, figures, periods, as_of, counts, since=since)
    replanned, notes = _replanned(request, targets, shown, figures, as_of, counts)
    stale = tuple(stale_notes(facts, as_of, periods)) if any(_of_customers(row) for row in rows) else ()
    notes = [
        *relative_notes((request.month, request.first, request.last), by, asked=request.as_of is not None),
        *(note for note in source_notes(facts, as_of, skip_bad_rows=request.skip_bad_rows) if not _said(note, stale)),
        *notes,
        *_past_notes(periods, targets),
        *_range_notes(periods, targets),
        *_revenue_notes(facts, targets, periods, as_of),
        *passed_by(facts, (key[0] for key in shown), periods, as_of),
        *(chance_notes(facts, named, as_of, only) if request.with_chance else ()),
    ]
    name = config.business.name
    return Tracked(
        title=joined(" — ", [name, _TITLE]) if name else _TITLE,
        targets_name=named.name,
        as_of=as_of,
        periods=periods,
        rows=tuple(rows),
        replanned=tuple(replanned),
        kept=_kept(request, targets, periods, rows, replanned, only) if request.replan else {},
        cumulative=request.cumulative,
        currency=facts.currency,
        one_off=targets.one_off,
        stale=stale,
        past=past_months(targets),
        notes=tuple(notes),
        sources=sources_of(facts),
    )


def _revenue_notes(facts: Facts, targets: Targets, periods: Sequence[Period], as_of: date) -> list[Note]:
    """What the revenue of targets is, beside what was paid in the months shown."""
    begun = [period for period in periods if period.start <= as_of]
    if targets.one_off or not begun or not any(key[0] == REVENUE.key for key in targets.rows):
        return []
    return [revenue_words(cash_of(count(facts, begun, as_of), begun))]


def _said(note: Note, stale: Sequence[Note]) -> bool:
    """Whether a note is said already, of the same file, by one of those that stand first."""
    file = note.text.of("en").partition(" ")[0]
    return any(note.code == other.code and other.text.of("en").startswith(f"{file} ") for other in stale)


def _of_customers(row: TrackRow) -> bool:
    """Whether a figure is made of the rows of who pays."""
    actual = row.metric.actual
    if actual is None or actual not in CATALOGUE:
        return False
    of = {event for measure in measures_behind(CATALOGUE[actual], CATALOGUE, None) for event in measure.events}
    wanted = [input_of_event(event) for event in of]
    return any(declared is not None and declared.stays is not None for declared in wanted)


def _kept(
    request: TrackRequest,
    targets: Targets,
    periods: Sequence[Period],
    rows: Sequence[TrackRow],
    replanned: Sequence[Replanned],
    only: frozenset[str],
) -> dict[tuple[RowKey, str], Fraction]:
    """The targets that are not spread anew, of the months that no row shows by themselves.

    Of what is shown, and of the dashboard's own figures, which nothing spreads, also of what is not shown.
    """
    anew = {spread.key for spread in replanned}
    shown = {(row.metric.key, row.channel, row.team): row for row in rows}
    kept: dict[tuple[RowKey, str], Fraction] = {}
    for key, wanted in targets.rows.items():
        metric, row = tracked_metric(key[0]), shown.get(key)
        alone = metric.kind is Kind.MEASURED and (not only or key[0] in only)
        if key in anew or (row is None and not alone):
            continue
        summed = request.cumulative and metric.adds_up
        by_itself = {period.key for period in periods} if row is not None and not summed else set()
        kept |= {(key, month): target for month, target in wanted.items() if month not in by_itself}
    return kept


def _check_currency(named: NamedTargets, currency: str) -> None:
    """UsageError where the targets have amounts of another currency than the exports."""
    targets = named.targets
    amounts = any(tracked_metric(metric).unit is Unit.AMOUNT for metric, _, _ in targets.rows)
    if targets.in_dong is not None and currency != DONG:
        raise UsageError(
            IN_DONG.filled(place=targets.in_dong.place, text=str(targets.in_dong.text)[:40], currency=currency),
            hint=NAME_THE_CURRENCY.filled(currency=currency),
        )
    if amounts and targets.currency and targets.currency != currency:
        raise UsageError(
            Message("{name} is in {currency}, the exports are in {other}.").filled(
                name=named.name, currency=targets.currency, other=currency
            ),
            hint=Message("Convert one of them; [business] currency says what the exports are in."),
        )


def calendar(business: Business) -> Calendar:
    """The days that count for the pace: all, or the business days of the config."""
    if business.workdays is None:
        return every_day
    return business_days([WEEKDAYS.index(day) for day in business.workdays], business.holidays)


def _has_figure(figures: dict[str, Actual], periods: tuple[Period, ...]) -> bool:
    return any(figures[period.key].value for period in periods if period.key in figures)


def _periods(request: TrackRequest, targets: Targets, as_of: date, by: Reckoning) -> tuple[Period, ...]:
    """The months asked for; else the latest month with targets that has begun."""
    if request.month and (request.first or request.last):
        raise UsageError(
            MONTH_ALONE,
            hint=Message("Use either --month, or --from and --to."),
        )
    months = months_of(targets)
    if request.month:
        first, last = (
            parse_bound(request.month, Grain.MONTH, last=end, option="--month", by=by) for end in (False, True)
        )
    elif request.first or request.last:
        first, last = months[0], months[-1]
        if request.first:
            first = parse_bound(request.first, Grain.MONTH, last=False, option="--from", by=by)
        if request.last:
            last = parse_bound(request.last, Grain.MONTH, last=True, option="--to", by=by)
    else:
        begun = [month for month in months if month.start <= as_of]
        if not begun and targets.past:
            last = parse_bound(max(past_months(targets)), Grain.MONTH, last=True, option="targets")
            return (last,)
        if not begun:
            raise UsageError(
                Message("The targets begin with {month}, after the last day of the exports ({day}).").filled(
                    month=months[0].key, day=as_of
                ),
                hint=Message("Export again when the month has begun, or give --as-of today, or a --month."),
            )
        last = begun[-1]
        first = months[0] if request.cumulative else last
    return bounded(first, last, Grain.MONTH, most=MAX_MONTHS)


def _only(request: TrackRequest) -> frozenset[str]:
    """The figures asked for; a name of the dashboard's is also that of a plan's figure that is compared with it."""
    only = {metric_named(text, "--metric") for text in request.metrics}
    return frozenset((*only, *(metric.key for metric in PLANNED.values() if metric.actual in only)))


def _keys(request: TrackRequest, targets: Targets, only: frozenset[str]) -> list[tuple[RowKey, bool]]:
    """The rows to show, and of each whether it has a target."""
    by = (request.by or "").strip().casefold()
    if by not in ("", "channel", "team"):
        raise UsageError(
            BY_UNKNOWN.filled(by=request.by),
            hint=Message("Rows are split --by channel or --by team."),
        )
    wanted: list[RowKey] = []
    alone = [metric for metric in of_dashboard_alone() if any(key[0] == metric.key for key in targets.rows)]
    for metric in (*PLANNED.values(), *alone):
        rows = [key for key in targets.rows if key[0] == metric.key]
        if by == "team":
            wanted += [key for key in rows if key[2] is not None]
            continue
        whole = [key for key in rows if key[1] is None and key[2] is None]
        # Where the dashboard's own figure has the target, nothing stands beside the plan's figure that is it.
        always = metric.always and metric.actual not in {other.key for other in alone}
        wanted += whole or ([(metric.key, None, None)] if always else [])
        if by == "channel" and (metric.by_channel or any(key[1] and not key[2] for key in rows)):
            wanted += [(metric.key, channel, None) for channel in CHANNELS]
        elif not whole:
            # What has targets only by channel, or as none of a plan's figures by team, is not left out.
            wanted += [key for key in rows if key[2] is None or metric.kind is Kind.MEASURED]
    if by == "team":
        teams = dict.fromkeys(key[2] for key in targets.rows if key[2])
        wanted.sort(key=lambda key: list(teams).index(key[2] or ""))
        if not wanted:
            raise UsageError(
                Message("These targets name no team."),
                hint=Message("Write them with funnelcli targets … --by team."),
            )
    return [(key, key in targets.rows) for key in _beside_budgets(wanted) if not only or key[0] in only]


def _beside_budgets(keys: Sequence[RowKey]) -> Iterator[RowKey]:
    """The rows, and below each budget what differs from it and what commission is owed."""
    given = {key for key in keys if key[0] in COMMISSIONS}
    for key in keys:
        yield key
        if key[0] == COST.key:
            yield (COST_DIFFERENCE.key, key[1], key[2])
            yield from ((name, key[1], key[2]) for name in COMMISSIONS if (name, key[1], key[2]) not in given)


def _replanned(
    request: TrackRequest,
    targets: Targets,
    keys: list[RowKey],
    figures: dict[RowKey, dict[str, Actual]],
    as_of: date,
    counts: Calendar,
) -> tuple[list[Replanned], list[Note]]:
    """What is left of each target, spread anew where that is asked for and some month is left for it."""
    if not request.replan:
        return [], []
    anew, notes = _spread(targets, keys, figures, as_of, counts)
    if any(spread.key[1] is not None for spread in anew):
        text = Message(
            "Each channel's rest is spread for itself, and so is that of the whole: ahead in one makes up for none."
        )
        notes.append(Note("replanned-apart", text))
    if targets.timed and anew:
        text = Message(
            "These targets know how long selling takes, and --replan does not: whoever signs up late is no customer in "
            "time. Plan what is left anew with funnelcli targets --lag."
        )
        notes.append(Note("replanned-without-lag", text))
    if months_of(targets) and months_of(targets)[-1].last_day <= as_of:
        text = Message("No month of the targets is left to spread a rest over.")
        return [], [*notes, Note("no-month-left", text)]
    return anew, notes


def _spread(
    targets: Targets,
    keys: list[RowKey],
    figures: dict[RowKey, dict[str, Actual]],
    as_of: date,
    counts: Calendar,
) -> tuple[list[Replanned], list[Note]]:
    """The rest of each target over the months that are left; a note for each figure of which that is not known."""
    anew: list[Replanned] = []
    notes: list[Note] = []
    for key in keys:
        if not tracked_metric(key[0]).replanned:
            continue
        spread = replan(key, targets.rows.get(key, {}), figures[key], months_of(targets), as_of, counts)
        if spread is None:
            text = Message("{metric} cannot be replanned: a month has no actual figure.")
            notes.append(Note("not-replanned", text.filled(metric=key[0])))
        elif key in targets.rows:
            anew.append(spread)
    return anew, notes


def past_months(targets: Targets) -> frozenset[str]:
    """The keys of the months that were past when the targets were made."""
    return frozenset(month for row in targets.past.values() for month in row)


def _past_notes(periods: tuple[Period, ...], targets: Targets) -> list[Note]:
    """Months that are shown and were past when the targets were made."""
    past = past_months(targets)
    shown = [period for period in periods if period.key in past]
    if not shown:
        return []
    text = Message("Past when the targets were made: {months}; what happened stood there, so nothing is judged by it.")
    return [Note("past-months", text.filled(months=joined(COMMA, map(month_words, shown))))]


def _range_notes(periods: tuple[Period, ...], targets: Targets) -> list[Note]:
    """Months that are shown and have no target at all."""
    months = {month.key for month in months_of(targets)} | past_months(targets)
    without = [period.key for period in periods if period.key not in months]
    if not without:
        return []
    text = Message("No targets for {months}; sums and totals are over the months that have some.").filled(
        months=", ".join(without)
    )
    return [Note("no-targets-for-month", text)]
