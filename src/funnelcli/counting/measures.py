"""The names of what is counted: a measure selects events and adds them up."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Literal

from msgspec import Struct
from msgspec.structs import replace

from funnelcli.counting.reasons import (
    between_lists_reason,
    beyond_lists_reason,
    came_between_lists_reason,
    no_costs_reason,
    prices_alone_reason,
    rows_in_force_reason,
    undated_ends_reason,
    unpriced_ends_reason,
    unread_cash_reason,
    unseen_by_lists_reason,
)
from funnelcli.inputs.paid_users import NO_AMOUNTS, NO_REFUNDS
from funnelcli.inputs.standing import BY_MRR, NO_MRR, RENEWALS, RENEWED, UNDECIDED_MRR, UNPRICED_MRR
from funnelcli.inputs.visitors import NO_EXISTING
from funnelcli.values.channels import matches
from funnelcli.values.figures import Missing

if TYPE_CHECKING:
    from funnelcli.config import Config
    from funnelcli.values.channels import Channel

When = Literal["within", "before_start", "before_end"]
Since = Literal["within", "before_start"]
Now = Literal["back", "gone", "latest", "known"]
Held = Literal["paying", "mrr"]
ChoiceOf = Literal["held", "kept", "capped", "largest"]
FOLLOWED: tuple[ChoiceOf, ...] = ("held", "kept", "capped")


class Choice(Struct, frozen=True, kw_only=True):
    """Of which entities alone a level counts, and what of it.

    ``held`` is the level at the start of a period of those that had any then, ``kept`` that of the same at its end, and
    ``capped`` that too, of each at most what it was at the start.  They count in the part of the business in which they
    had most at the start.  ``largest`` is the level of the ``most`` entities that have most at the end, of a part of
    what they have there.
    """

    of: ChoiceOf
    most: int = 0

    @property
    def since_start(self) -> bool:
        """Whether it depends on what there was when the period began."""
        return self.of in FOLLOWED


class Doubt(Struct, frozen=True, kw_only=True):
    """Events that make a figure missing where they are among what it would count.

    ``of_whole`` says that one anywhere in the business is enough, else it must lie in the part that is asked for.
    ``when`` says where the events lie to the period, if not where those of the figure lie.  Where they are to be there,
    it is ``without`` any of them that the figure is missing.
    """

    events: tuple[str, ...]
    minus: tuple[str, ...] = ()
    reason: Callable[[int], Missing]
    of_whole: bool = False
    when: When | None = None
    without: bool = False


class Where(Struct, frozen=True, kw_only=True):
    """Of which rows alone something is counted: those whose value of a dimension is like one of the ``globs``.

    Where these are ``left_out``, it is those of all other rows, and of rows that have no value.

    >>> Where(dimension="plan", globs=("Pro*", "business")).fits("PRO yearly")
    True
    """

    dimension: str
    globs: tuple[str, ...]
    left_out: bool = False

    def fits(self, value: str) -> bool:
        """Whether a value of the dimension is like one of the globs."""
        return matches(value, self.globs) is not self.left_out


class Measure(Struct, frozen=True, kw_only=True):
    """What is counted: the events ``plus``, less the events ``minus`` that undo them.

    ``when`` says where the events lie to the period, and ``since`` when what they end must have begun.  ``now`` says
    whether whom they are about must be there again when the period ends, or gone; whether each must be the ``latest``
    of whom it is about within the period; or whether what follows it must be ``known`` by as_of.  ``level`` is the
    balance of the ready-made table that stands in for the measure, ``opening`` the balance of the settings that adds
    to it.  ``moved`` are the events that carry it from one part of a dimension to another.  ``doubts`` make it missing.
    A ``rule`` chooses another measure by the settings.  Only rows that fit all of ``where`` count.  Of what is
    ``held`` only what those do counts who were paying, or had MRR, when the period began.  A ``choice`` counts the
    level of some entities.
    ``needs`` are further events without which it is not known, also of other inputs, and ``absent`` says why the
    settings leave nothing to count.  Where it is ``of_known`` it is of what exports tell of, also after they end.
    """

    name: str
    plus: tuple[str, ...]
    when: When
    minus: tuple[str, ...] = ()
    since: Since | None = None
    now: Now | None = None
    level: str | None = None
    moved: tuple[str, ...] = ()
    opening: str | None = None
    doubts: tuple[Doubt, ...] = ()
    rule: Callable[[Config], Measure] | None = None
    where: tuple[Where, ...] = ()
    held: Held | None = None
    choice: Choice | None = None
    needs: tuple[str, ...] = ()
    absent: Missing | None = None
    of_known: bool = False

    def under(self, config: Config) -> Measure:
        """The measure as the settings want it."""
        if self.rule is None:
            return self
        chosen = self.rule(config)
        return replace(chosen, where=(*chosen.where, *self.where))

    @property
    def selecting(self) -> tuple[object, ...]:
        """All that says which of its events count in a period; measures alike in it select alike."""
        return (self.when, self.since, self.now, self.held, self.choice, self.where)

    @property
    def events(self) -> tuple[str, ...]:
        """Every event that it looks at."""
        return (*self.plus, *self.minus)


class Asked(Struct, frozen=True, kw_only=True):
    """What is asked: how long what is ``begun`` takes ``until`` it ends; of ``only`` some channels, or None: of all.

    What ends otherwise has done so ``instead``, and ``among`` is what ends in time.  Of what is ``timed`` only that
    tells which has a time of day, at its beginning and its end.  How long hand-overs took a ``timing`` says.
    """

    begun: Measure
    until: Measure
    instead: Measure | None = None
    among: Measure | None = None
    only: frozenset[Channel] | None = None
    timed: bool = False
    timing: str = ""


VISITS = Measure(name="visits", plus=("visit",), when="within")
EXISTING_VISITS = Measure(
    name="existing_visits",
    plus=("existing_visit",),
    when="within",
    doubts=(Doubt(events=("visit_of_unknown_user",), reason=lambda _: NO_EXISTING, of_whole=True),),
)
SIGNUPS = Measure(name="signups", plus=("signup",), when="within")
REGISTERED_AT_START = Measure(
    name="registered_at_start", plus=("signup",), when="before_start", level="registered", opening="registered_users"
)
REGISTERED_AT_END = Measure(
    name="registered_at_end", plus=("signup",), when="before_end", level="registered", opening="registered_users"
)
DEMOS_BOOKED = Measure(name="demos_booked", plus=("demo_booked",), when="within")
DEMOS_HELD_AT_END = Measure(
    name="demos_held_at_end", plus=("demo_held",), when="before_end", level="demos_held", opening="demos_held"
)
# Who has ended on a day that nothing says may have been lost in any period from the first on that the row reaches.
LOST_SOMETIME = Doubt(events=("paid_end_undated",), reason=undated_ends_reason, when="before_end")
# At as_of such a row is known to have ended; before that day it may still have been paid for.
PAYING_PERHAPS = Doubt(events=("paid_end_undated",), minus=("paid_end_undated_ceased",), reason=undated_ends_reason)
# Who is gone from a list may have left on any day since the one before it was made: losses are known of periods that
# hold all of these days.
_GONE = Doubt(events=("paid_gone",), minus=("paid_gone_ceased",), reason=between_lists_reason)
_UNLISTED = Doubt(events=("paid_unlisted",), minus=("paid_unlisted_ceased",), reason=beyond_lists_reason, of_whole=True)
GONE_SOMETIME = tuple(
    replace(doubt, when=when) for doubt in (_GONE, _UNLISTED) for when in ("before_start", "before_end")
)
# The same of who is new, where lists alone tell it: nobody knows who paid before the oldest, nor after the newest.
_CAME = Doubt(events=("paid_came",), minus=("paid_came_ceased",), reason=came_between_lists_reason)
_UNSEEN = Doubt(events=("paid_unseen",), minus=("paid_unseen_ceased",), reason=unseen_by_lists_reason, of_whole=True)
BEGUN_SOMETIME = tuple(
    replace(doubt, when=when) for doubt in (_CAME, _UNSEEN) for when in ("before_start", "before_end")
)
LOSSES = (LOST_SOMETIME, *GONE_SOMETIME)
MOVED = ("paid_moved_in", "paid_moved_out")
PAYING_AT_START = Measure(
    name="paying_at_start",
    plus=("paid_first", "paid_again"),
    minus=("paid_lost",),
    when="before_start",
    level="paying",
    moved=MOVED,
    opening="paid_users",
    doubts=(PAYING_PERHAPS, _GONE, _CAME, _UNSEEN),
)
PAYING_AT_END = replace(PAYING_AT_START, name="paying_at_end", when="before_end")
TRANSFERRED = Measure(name="transferred", plus=MOVED, when="within")
NEW_PAID = Measure(name="new_paid", plus=("paid_first",), when="within", doubts=BEGUN_SOMETIME)
REACTIVATED = Measure(name="reactivated", plus=("paid_again",), when="within", doubts=BEGUN_SOMETIME)
CHURNED = Measure(name="churned", plus=("paid_lost",), when="within", doubts=LOSSES)
# Of those who were there at the start, who is not at the end: a customer lost twice in a period counts once.
CHURNED_OF_OPENING = Measure(
    name="churned_of_opening",
    plus=("paid_lost",),
    when="within",
    since="before_start",
    now="gone",
    doubts=LOSSES,
)
# Of those who were there at the start, who was lost within the period, whatever came after.
_LOST_OF_OPENING = Measure(
    name="lost_of_opening", plus=("paid_lost",), when="within", since="before_start", doubts=LOSSES
)
LOST_OF_OPENING = replace(
    _LOST_OF_OPENING,
    rule=lambda config: CHURNED_OF_OPENING if config.churn.method == "opening" else _LOST_OF_OPENING,
)
LEFT_AND_RETURNED = replace(CHURNED_OF_OPENING, name="left_and_returned", now="back")
CHURN_COUNTED = Measure(
    name="churn_counted",
    plus=("paid_lost",),
    when="within",
    doubts=LOSSES,
    rule=lambda config: CHURNED_OF_OPENING if config.churn.method == "opening" else CHURNED,
)
JOINED_AND_LEFT = Measure(name="joined_and_left", plus=("paid_lost",), when="within", since="within", doubts=LOSSES)
# A row that states the price of an interval, or no amount, leaves open what was paid in each period that it reaches.
_PRICES_ALONE = tuple(
    Doubt(
        events=("collected_unknown",), minus=("collected_unknown_ceased",) if when != "within" else (),
        reason=prices_alone_reason, when=when,
    )
    for when in ("before_start", "before_end", "within")
)  # fmt: skip
COLLECTED = Measure(
    name="collected", plus=("collected", "collected_back"), when="within",
    doubts=(*_PRICES_ALONE, Doubt(events=("collected_back_unknown",), reason=unread_cash_reason)),
)  # fmt: skip
REFUNDED = Measure(
    name="refunded", plus=("refunded", "refunded_back"), when="within",
    doubts=(
        Doubt(events=("refunded_unsaid",), reason=lambda _: NO_REFUNDS, of_whole=True, when="before_end"),
        Doubt(events=("refunded_unknown", "refunded_back_unknown"), reason=unread_cash_reason),
    ),
)  # fmt: skip
MRR_PERHAPS = (
    PAYING_PERHAPS,
    _GONE,
    _CAME,
    _UNSEEN,
    Doubt(
        events=("mrr_undecided",),
        minus=("mrr_undecided_ceased",),
        reason=lambda rows: rows_in_force_reason(undecided=rows),
    ),
    Doubt(
        events=("mrr_unpriced",),
        minus=("mrr_unpriced_ceased",),
        reason=lambda rows: rows_in_force_reason(unpriced=rows),
    ),
)
MRR_AT_START = Measure(
    name="mrr_at_start", plus=("mrr",), minus=("mrr_ceased",), when="before_start", level="mrr", opening="mrr",
    doubts=MRR_PERHAPS,
)  # fmt: skip
MRR_AT_END = replace(MRR_AT_START, name="mrr_at_end", when="before_end")
COSTS = Measure(name="costs", plus=("cost",), when="within")
BUDGETED_COSTS = Measure(name="budgeted_costs", plus=("planned_cost",), when="within")
COST_CLICKS = Measure(name="cost_clicks", plus=("cost_click",), when="within")
COST_IMPRESSIONS = Measure(name="cost_impressions", plus=("cost_impression",), when="within")


def _renewals(outcomes: Sequence[str]) -> Measure:
    """Rows that end within the period, by what became of them."""
    return Measure(name="_".join(outcomes), plus=tuple(outcomes), when="within", doubts=LOSSES)


def _renewals_mrr(outcomes: Sequence[str]) -> Measure:
    """The same by what they brought a month; whatever row is due, one of which that is not known leaves it open."""

    def events(suffix: str) -> tuple[str, ...]:
        return tuple(f"{outcome}{suffix}" for outcome in outcomes)

    return Measure(
        name="_".join(events(BY_MRR)), plus=events(BY_MRR), when="within",
        doubts=(
            *LOSSES,
            Doubt(events=events(NO_MRR), reason=lambda _: NO_AMOUNTS, of_whole=True, when="before_end"),
            Doubt(events=events(UNDECIDED_MRR), reason=lambda rows: rows_in_force_reason(undecided=rows)),
            Doubt(events=events(UNPRICED_MRR), reason=unpriced_ends_reason),
        ),
    )  # fmt: skip


# Each outcome of a row that ends, then those that renew it, then what is decided of it: by number, and by MRR.
RENEWALS_BY = {outcome: _renewals([outcome]) for outcome in RENEWALS}
RENEWALS_MRR_BY = {outcome: _renewals_mrr([outcome]) for outcome in RENEWALS}
RENEWALS_MADE = _renewals(RENEWED)


# A part of which no row of costs tells may have been paid for all the same, in another file or by another name.
_ACQUISITION_COSTS = Measure(
    name="acquisition_costs",
    plus=("cost",),
    when="within",
    doubts=(Doubt(events=("cost_row",), reason=no_costs_reason, without=True),),
)


def _costs_of_acquisition(config: Config) -> Measure:
    """Costs but for those of the teams that serve customers who are there."""
    serving = Where(dimension="team", globs=config.costs.names_of_service_teams, left_out=True)
    return replace(_ACQUISITION_COSTS, where=(serving,))


ACQUISITION_COSTS = replace(_ACQUISITION_COSTS, rule=_costs_of_acquisition)


def _costs_of_service(config: Config) -> Measure:
    """Costs of the teams that serve customers who are there."""
    serving = Where(dimension="team", globs=config.costs.names_of_service_teams)
    return replace(COSTS, name="service_costs", where=(serving,))


SERVICE_COSTS = replace(COSTS, name="service_costs", rule=_costs_of_service)
# What moves MRR.  It is not known in the periods in which a row is in force whose amount nobody knows, nor in a part
# that such a row of another part may have taken the place of.
_UNPRICED = MRR_PERHAPS[-2:]
_MOVED_PERHAPS = (
    Doubt(events=("mrr:unpriced_beside",), reason=lambda rows: rows_in_force_reason(unpriced=rows), when="within"),
    *(replace(doubt, minus=(), when="within") for doubt in _UNPRICED),
    *(replace(doubt, when="before_start") for doubt in _UNPRICED),
)
NEW_MRR = Measure(name="new_mrr", plus=("mrr:new",), when="within", doubts=(*BEGUN_SOMETIME, *_MOVED_PERHAPS))
REACTIVATION_MRR = replace(NEW_MRR, name="reactivation_mrr", plus=("mrr:reactivated",))
EXPANSION_MRR = Measure(
    name="expansion_mrr", plus=("mrr:expanded",), when="within", doubts=(*LOSSES, *BEGUN_SOMETIME, *_MOVED_PERHAPS)
)
CONTRACTION_MRR = replace(EXPANSION_MRR, name="contraction_mrr", plus=("mrr:contracted",))
CHURNED_MRR = Measure(name="churned_mrr", plus=("mrr:churned",), when="within", doubts=(*LOSSES, *_MOVED_PERHAPS))
TRANSFERRED_MRR = replace(EXPANSION_MRR, name="transferred_mrr", plus=("mrr:transferred",))
# The MRR of those who are in the exports alone: what the settings give as an opening balance is of nobody known.
MRR_OF_KNOWN_AT_START = replace(
    MRR_AT_START, name="mrr_of_known_at_start", opening=None, choice=Choice(of="held")
)  # fmt: skip
KEPT_MRR = replace(
    MRR_AT_END, name="kept_mrr", opening=None, choice=Choice(of="kept"),
    doubts=(*MRR_PERHAPS, *(replace(doubt, when="before_start") for doubt in MRR_PERHAPS if doubt.of_whole)),
)  # fmt: skip
KEPT_MRR_CAPPED = replace(KEPT_MRR, name="kept_mrr_capped", choice=Choice(of="capped"))
LARGEST_MRR = replace(MRR_AT_END, name="largest_mrr", opening=None, choice=Choice(of="largest", most=10))
