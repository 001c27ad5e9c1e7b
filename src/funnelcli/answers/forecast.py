"""Where a firm lands if nothing changes: its figures months ahead, beside its targets, and how good forecasts were."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import date, datetime

from msgspec import Struct

from funnelcli.answers.cells import Words
from funnelcli.answers.forecast_known import RECENT, KnownMonths
from funnelcli.answers.forecast_people import YEAR
from funnelcli.answers.notes import source_notes
from funnelcli.answers.report import sources_of
from funnelcli.answers.report_model import Source
from funnelcli.answers.spec import resolve_as_of
from funnelcli.answers.targets_loaded import NamedTargets, if_readable
from funnelcli.counting.lags import FEWEST as FEWEST_FOLLOWED
from funnelcli.facts.model import Facts
from funnelcli.planning.backtest import Scored, backtest
from funnelcli.planning.forecast import (
    FIGURES,
    SEASON_FROM,
    SEASON_LEAST,
    SEASON_PEOPLE,
    SEED,
    Forecast,
    Shape,
    Targets,
    foretell,
    months_ahead,
    streams_ahead,
)
from funnelcli.planning.known_past import DEMOS, LOST, MRR, NEW, Past, Unfollowed
from funnelcli.planning.labels import span_words
from funnelcli.planning.landing import GOALS, Landing, landing
from funnelcli.planning.tracked import tracked_metric
from funnelcli.problems import InputError, UsageError
from funnelcli.stats.simulation import dispersion
from funnelcli.stats.smoothing import FEWEST
from funnelcli.text import COMMA, Message, Text, grouped, joined, percent
from funnelcli.values.figures import Note
from funnelcli.values.periods import Grain, Period, span

TITLE = Message("Forecast")
SHOWN_BEFORE, MOST_AHEAD = 12, 24
MOST_SEED = 2**63 - 1  # what files of all formats hold as a number
_SHAPES: tuple[Shape, ...] = ("level", "seasonal")


class ForecastRequest(Struct, frozen=True, kw_only=True):
    """What is asked: how many months ahead, of which shape, by which seed, from which day on."""

    months: int = 6
    shape: str | None = None
    seed: int | None = None
    as_of: str | None = None
    skip_bad_rows: bool = False


class Foretold(Struct, frozen=True, kw_only=True):
    """A forecast and what it stands on.

    ``history`` are the figures of the months that are ``over``, ``targets`` those of the forecast's months, by figure.
    ``until`` is the last day that the exports tell of; ``recent`` is how many months rates by lag are of.
    """

    as_of: date
    until: date
    timezone: str
    currency: str
    past: Past
    recent: int
    forecast: Forecast
    over: tuple[Period, ...]
    history: Mapping[str, tuple[float | None, ...]]
    targets: Mapping[str, tuple[float | None, ...]]
    targets_name: str | None
    landings: tuple[Landing, ...]
    scores: tuple[Scored, ...]
    unread_targets: Words | None
    of_forecast: tuple[Note, ...]
    of_files: tuple[Note, ...]
    sources: tuple[Source, ...]

    @property
    def notes(self) -> tuple[Note, ...]:
        """What the reader should know of the forecast, and of the files."""
        return (*self.of_forecast, *self.of_files)


def forecast(
    facts: Facts,
    request: ForecastRequest,
    now: datetime,
    targets: Callable[[], NamedTargets | None],
    *,
    asked: bool = False,
) -> Foretold:
    """What lies ahead of the months known, beside the ``targets`` where there are any.

    Raises UsageError for what cannot be asked, or for targets that were ``asked`` for and cannot be read; InputError
    where no month is over.
    """
    months, shape, seed = _months(request.months), _shape(request.shape), _seed(request.seed)
    as_of = resolve_as_of(request.as_of, facts.extents, facts.config.business.timezone, now)
    known = KnownMonths(facts, as_of)
    if not known.months or not any(known.value(key, -1 + len(known.months)) is not None for key in FIGURES):
        raise InputError(
            Message("The exports hold no complete month of signups, demos or paid users up to {day}.").filled(
                day=known.until.isoformat()
            ),
            hint=Message("Export whole months, or set --as-of to a day they reach."),
        )
    past = known.past()
    periods = months_ahead(past, months)
    named, unread = if_readable(targets, asked=asked)
    wanted = {} if named is None else dict(targets_by_figure(named, periods))
    ahead = foretell(past, months, shape=shape, seed=seed, targets=wanted)
    wanted = {key: of_month for key, of_month in wanted.items() if ahead.row(key) is not None}
    actual = {key: [known.value(key, place) for place in range(len(known.months))] for key in FIGURES}
    scores = backtest(known.past, actual, shape=shape, seed=seed)
    streams = streams_ahead(past, periods, shape) if wanted else {}
    landings = (landing(past, streams, key, wanted[key]) for key in GOALS if key in wanted)
    return Foretold(
        as_of=as_of, until=known.until, timezone=facts.config.business.timezone, currency=facts.currency,
        past=past, recent=YEAR, forecast=ahead, over=known.months,
        history={row.key: tuple(actual[row.key]) for row in ahead.rows}, targets=wanted,
        targets_name=None if named is None else named.name,
        landings=tuple(each for each in landings if each is not None), scores=scores, unread_targets=unread,
        of_forecast=(
            *partly_notes(ahead, wanted), *_ends(known.ending(periods[-1].last_day), past),
            *_notes(known.until, past, ahead, scores),
        ),
        of_files=tuple(source_notes(facts, as_of, skip_bad_rows=request.skip_bad_rows)),
        sources=sources_of(facts),
    )  # fmt: skip


def _months(months: int) -> int:
    if not 1 <= months <= MOST_AHEAD:
        raise UsageError(
            Message("--months {n} is not from 1 to {most}.").filled(n=months, most=MOST_AHEAD),
            hint=Message("Nothing stays as it is for longer; a plan says what is to change: funnelcli targets."),
        )
    return months


def _shape(given: str | None) -> Shape | None:
    if given is None:
        return None
    for shape in _SHAPES:
        if given.strip().casefold() == shape:
            return shape
    raise UsageError(
        Message("--shape {text!r} is no shape of a forecast.").filled(text=given),
        hint=Message("Give level or seasonal."),
    )


def _seed(given: int | None) -> int:
    seed = SEED if given is None else given
    if not 0 <= seed <= MOST_SEED:
        raise UsageError(Message("--seed {text} is not from 0 to {most}.").filled(text=str(seed), most=str(MOST_SEED)))
    return seed


# --- targets ---------------------------------------------------------------------------------------------------------


def targets_by_figure(
    named: NamedTargets, periods: Sequence[Period], only: Collection[str] = ()
) -> Iterator[tuple[str, tuple[float | None, ...]]]:
    """The targets of the whole business by figure, in some months; the figure's own before those of a plan.

    Those of ``only`` some metrics, where any are given.
    """
    rows = {key: by_month for (key, channel, team), by_month in named.targets.rows.items() if not (channel or team)}
    rows = {key: by_month for key, by_month in rows.items() if not only or key in only}
    for figure in FIGURES:
        fitting = [key for key in rows if tracked_metric(key).actual == figure]
        for key in sorted(fitting, key=lambda key: key != figure):
            if key != figure and named.targets.one_off and figure == MRR:
                continue  # deals of a month are no MRR
            of_month = tuple(None if (n := rows[key].get(period.key)) is None else float(n) for period in periods)
            if any(target is not None for target in of_month):
                yield figure, of_month
                break


def target_of_range(key: str, targets: Sequence[float | None]) -> float | None:
    """The target of all months, or of their end; None where a month of them has none.

    >>> target_of_range(NEW, (12, 13)), target_of_range(NEW, (12, None)), target_of_range(MRR, (None, 900))
    (25, None, 900)
    """
    if FIGURES[key] == "end":
        return targets[-1] if targets else None
    known = [target for target in targets if target is not None]
    return sum(known) if len(known) == len(targets) and known else None


def partly_notes(ahead: Forecast, targets: Targets) -> Iterator[Note]:
    """The chance of targets that only some of the months have: it is none of all of them."""
    for key, of_month in targets.items():
        months = [month for month, target in zip(ahead.periods, of_month, strict=True) if target is not None]
        if key not in ahead.chances or not months or target_of_range(key, of_month) is not None:
            continue
        months = months if FIGURES[key] == "sum" else months[-1:]
        text = _PARTLY if FIGURES[key] == "sum" else _PARTLY_AT_END
        yield Note("targets-of-some-months", text.filled(
            figure=words_of(key), months=_in_words(months), chance=percent(ahead.chances[key]),
        ))  # fmt: skip


def _in_words(months: Sequence[Period]) -> Text:
    """Some months, those that follow each other as a span."""
    if span(months[0], months[-1], Grain.MONTH) == tuple(months):
        return span_words(months[0].key, months[-1].key)
    return joined(COMMA, [span_words(month.key, month.key) for month in months])


# --- what to know ----------------------------------------------------------------------------------------------------


def _notes(until: date, past: Past, ahead: Forecast, scores: tuple[Scored, ...]) -> Iterator[Note]:
    yield Note("nothing-changes", _NOTHING_CHANGES)
    if past.elapsed:
        yield Note(
            "running-month",
            _RUNNING.filled(month=span_words(past.begins.key, past.begins.key), day=until.isoformat()),
        )
    fewest = min((each.months for each in ahead.shapes.values()), default=0)
    if fewest < FEWEST:
        yield Note("too-few-months", _FEW.filled(n=fewest, least=FEWEST))
    yield from _season_notes(past, ahead)
    yield from _followed_notes(past, ahead)
    yield from _uneven_notes(past)
    seldom = [each for each in scores if each.too_seldom]
    if seldom:
        held = (_HELD.filled(figure=words_of(each.key), n=each.held[90], of=each.origins) for each in seldom)
        yield Note("bands-too-narrow", _TOO_SELDOM.filled(held=joined(COMMA, list(held))))


def _ends(known: int, past: Past) -> Iterator[Note]:
    """That ends which are known already are not looked at."""
    if known and past.churn:
        yield Note("known-ends", _KNOWN_ENDS.filled(n=known, churn=percent(past.churn_rate)))


def _season_notes(past: Past, ahead: Forecast) -> Iterator[Note]:
    """Who is foretold without a season, and why, or with one that few months tell."""
    shapes = ahead.shapes
    few_months = [key for key, each in shapes.items() if each.no_season == "few_months"]
    few_people = [key for key, each in shapes.items() if each.no_season == "few_people"]
    rough = [key for key, each in shapes.items() if each.has_season and each.months < SEASON_FROM]
    if few_months:
        figures = _with_months(past, ahead, few_months)
        yield Note("season-with-growth", _NOT_APART.filled(figures=figures, enough=SEASON_FROM, least=SEASON_LEAST))
    if few_people:
        figures = _with_months(past, ahead, few_people)
        yield Note("season-of-few-people", _FEW_PEOPLE.filled(figures=figures, least=SEASON_PEOPLE))
    if rough:
        yield Note("season-of-few-months", _ROUGH.filled(figures=_with_months(past, ahead, rough)))


def _with_months(past: Past, ahead: Forecast, keys: Sequence[str]) -> Text:
    """Who comes, with of how many months that is known."""
    return joined(COMMA, [_MONTHS_OF.filled(figure=_coming(past, key), n=ahead.shapes[key].months) for key in keys])


def _coming(past: Past, key: str) -> Text:
    """Those of a figure who are foretold by themselves: of stages that people are followed to, without a signup."""
    return _WITHOUT_SIGNUP.filled(figure=words_of(key)) if key in past.stages[1:] else words_of(key)


def _followed_notes(past: Past, ahead: Forecast) -> Iterator[Note]:
    """Who is foretold without their signup, and why."""
    loose = [key for key in (DEMOS, NEW) if key in ahead.shapes and ahead.row(key) is not None]
    if loose and len(past.stages) == 1:
        yield Note("not-followed", _NOT_FOLLOWED)
        return
    for key in loose:
        if key not in past.stages:
            why = _WHY_ALONE[past.unfollowed].filled(before=words_of(past.stages[-1]), least=FEWEST_FOLLOWED)
            yield Note(
                "not-followed-on", _ALONE.filled(figure=words_of(key), before=words_of(past.stages[-1]), why=why)
            )
    shares = [
        _ANOTHER_WAY.filled(figure=words_of(key), n=grouped(ahead.shapes[key].level, 1))
        for key in loose
        if key in past.stages
    ]
    if shares:
        yield Note("another-way", _OTHERS.filled(shares=joined(COMMA, shares)))


def _uneven_notes(past: Past) -> Iterator[Note]:
    """Months that are unlike the others."""
    above = [
        _SPIKE.filled(
            figure=words_of(key), month=span_words(stream.months[at].key, stream.months[at].key),
            n=grouped(stream.numbers[at]), usual=grouped(usual, 1),
        )
        for key, stream in (*past.streams.items(), (LOST, past.lost))
        for at, usual in stream.spikes.items()
        if key != LOST or at >= len(stream.months) - RECENT
    ]  # fmt: skip
    if above:
        yield Note("spikes", _SPIKES.filled(months=joined(COMMA, above)))
    lost = [number for number, _ in past.churn]
    if dispersion(lost, [paying for _, paying in past.churn]) > 1:
        yield Note("uneven-losses", _UNEVEN.filled(n=len(lost), low=grouped(min(lost)), high=grouped(max(lost))))


def words_of(key: str) -> Text:
    """What people call a figure."""
    return tracked_metric(key).label


_NOTHING_CHANGES = Message(
    "A forecast says where things land if nothing changes: signups as they go on by themselves, today's rates, lags, "
    "churn and amounts. It is no plan: funnelcli targets says what a goal takes."
)
_KNOWN_ENDS = Message(
    "Contracts of {n} [customer|customers] end within these months, and nothing in the exports renews them yet: the "
    "forecast looks at none of these ends, and takes {churn} a month as lost, as lately. Where these customers have "
    "cancelled, it is too high."
)
_PARTLY = Message(
    "Targets of {figure} are of these months only: {months}. The chance of meeting what they come to is {chance}; of "
    "all months there is none."
)
_PARTLY_AT_END = Message(
    "The last target of {figure} is that of {months}. The chance of meeting it then is {chance}; at the end of all "
    "months there is none."
)
_RUNNING = Message("Of {month} what came up to {day} is in; the rest of it is foretold.")
_FEW = Message(
    "Only {n} [month is|months are] known: the forecast is their mean, and below {least} there are no bands."
)
_NOT_APART = Message(
    "Season and growth are not told apart in so few months, and no season is assumed of {figures}: it takes {enough} "
    "months, or {least} with --shape seasonal."
)
_FEW_PEOPLE = Message(
    "No season is assumed of {figures}: of some calendar month fewer than {least} are known, too few to tell it from "
    "chance."
)
_ROUGH = Message("A season by so few months tells it from growth only roughly: {figures}.")
_MONTHS_OF = Message("{figure} ({n} [month|months])")
_WITHOUT_SIGNUP = Message("{figure} without a signup")
_ALONE = Message("{figure} is foretold by itself, and not from {before}: {why}.")
_WHY_ALONE: Mapping[Unfollowed, Message] = {
    "few": Message("fewer than {least} of these are known of people who signed up, too few for a rate"),
    "none": Message("of the people who signed up and came so far none is known to have got on"),
    "uneven": Message("the rates of the people who signed up come to more than all of them"),
}
_NOT_FOLLOWED = Message(
    "Nobody is followed from the signup on, since too few who got on are known: each figure is foretold by itself."
)
_OTHERS = Message("Some come without a signup in the exports, and are foretold by themselves: {shares}.")
_ANOTHER_WAY = Message("{figure} about {n} a month")
_SPIKES = Message(
    "Far above the months around, and so taken for one of these ({months}): whoever signed up then is in no rate, as "
    "many as usual are on the way, and who was lost then is in no churn. A launch, an import or the end of many "
    "contracts at once is no level; if it is one, the months to come will tell."
)
_SPIKE = Message("{figure} of {month} {n}, usual {usual}")
_UNEVEN = Message(
    "In {n} [month|months] from {low} to {high} customers were lost, which is farther apart than chance: the forecast "
    "takes their mean, so a month that does not come again makes it too low."
)
_TOO_SELDOM = Message(
    "The bands of 90 % have held too seldom for that to be chance ({held}): things change more than they did in the "
    "months known, so take the bands as too narrow."
)
_HELD = Message("{figure} {n} of {of}")
