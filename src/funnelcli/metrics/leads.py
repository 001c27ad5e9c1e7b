"""Leads: how many came, how many were ready for sales, how warm they are, and what share of the same people got on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from msgspec.structs import replace

from funnelcli.config.leads import ReadyScores
from funnelcli.counting.measures import Measure
from funnelcli.inputs.lead_stages import (
    EXCLUDED,
    LEAD,
    LEAD_PAIRS,
    MQL,
    NO_MQL,
    NO_SQL,
    NO_TOUCHES,
    NURTURE_OVER,
    NURTURED,
    PAID,
    RECYCLED,
    RECYCLED_PAIRS,
    SQL,
    WARMED,
    LeadPair,
)
from funnelcli.metrics.agreement import unsaid
from funnelcli.metrics.model import LEADS, Balance, Flow, Good, Kind, Metric, Percentile, Ratio
from funnelcli.metrics.times import percentiles
from funnelcli.text import Message, Text
from funnelcli.values.figures import Missing, Unit

if TYPE_CHECKING:
    from funnelcli.config import Config

SOURCE = "definitions: leads"
_ACTIVITIES = ("activity",)


def _metric(
    key: str, label: Text, kind: Kind, definition: Text, *, good: Good = "up", owner: str = "marketing",
    unit: Unit = Unit.PEOPLE, shown: bool = True, hide_zero: bool = False,
) -> Metric:  # fmt: skip
    return Metric(
        key=key, label=label, unit=unit, section=LEADS, kind=kind, definition=definition, owner=owner, good=good,
        source=SOURCE, shown=shown, hide_zero=hide_zero,
    )  # fmt: skip


_NOT_READY = unsaid(
    NO_MQL,
    Missing(
        "no-mql",
        Message("nothing says who is ready for sales: [leads] mql takes points of fit and activities, or hand-overs"),
    ),
)
_NOT_TAKEN = unsaid(
    NO_SQL, Missing("no-sql", Message("no file says whom sales took on: demos, or the acceptance of hand-overs, do"))
)
_NOT_TOUCHED = unsaid(NO_TOUCHES, Missing("no-touches", Message("no file says whom somebody called: activities do")))
_MQLS = Measure(name="mqls", plus=(MQL,), when="within", doubts=(_NOT_READY,))


def _mqls(config: Config) -> Measure:
    """Those with both scores are not known without activities."""
    return replace(_MQLS, needs=_ACTIVITIES) if isinstance(config.leads.mql, ReadyScores) else _MQLS


_CAME = (
    _metric(
        "new_leads", Message("New leads"),
        Flow(measure=Measure(name="leads", plus=(LEAD,), when="within"), what=Message("leads of the period")),
        Message("People who signed up within the period, but for those who are no leads by [leads] exclude."),
    ),
    _metric(
        "excluded_leads", Message("Excluded (no leads)"),
        Flow(measure=Measure(name="excluded_leads", plus=(EXCLUDED,), when="within"),
             what=Message("people who signed up in the period and are no leads")),
        Message("People who signed up within the period and are no leads by [leads] exclude: they are in no other "
                "figure of leads."),
        good="neither", hide_zero=True,
    ),
    _metric(
        "mqls", Message("Ready for sales (MQL)"),
        Flow(measure=replace(_MQLS, rule=_mqls), what=Message("leads that were first ready for sales in the period")),
        Message("Leads that were first ready for sales within the period, however long they had been leads: when both "
                "scores were first at their least, handed over, or signed up, as [leads] mql says."),
    ),
    _metric(
        "sqls", Message("Taken on by sales (SQL)"),
        Flow(measure=Measure(name="sqls", plus=(SQL,), when="within", doubts=(_NOT_TAKEN,)),
             what=Message("leads that sales first took on in the period")),
        Message("Leads that sales first took on within the period: accepted, or with a demo booked, as [leads] sql "
                "says."),
        owner="sales_enterprise",
    ),
)  # fmt: skip


def _warmth(name: str, label: Text, words: Text, good: Good) -> Metric:
    measure = Measure(name=f"{name}_leads", plus=(f"{name}_into",), minus=(f"{name}_out",), when="before_end")

    def known(config: Config) -> Measure:
        return measure if config.leads.fit or config.icp.is_declared else replace(measure, needs=_ACTIVITIES)

    definition = Message("Leads who have not paid and are {words} at the close of the period.").filled(words=words)
    what = Message("leads who are {words} and have not paid").filled(words=words)
    return _metric(f"{name}_leads", label, Balance(measure=replace(measure, rule=known), what=what), definition,
                   good=good)  # fmt: skip


_WARMTH = (
    _warmth("hot", Message("Hot leads at the end"), Message("hot (A1, A2 or B1)"), "up"),
    _warmth("warm", Message("Warm leads at the end"), Message("warm (A3, B2 or C1)"), "up"),
    _warmth("cold", Message("Cold leads at the end"), Message("cold (any other grade)"), "neither"),
)

_STAGES: dict[str, tuple[Text, Text]] = {
    LEAD: (Message("Lead"), Message("came as leads")),
    MQL: (Message("MQL"), Message("were ready for sales")),
    SQL: (Message("SQL"), Message("were taken on by sales")),
    PAID: (Message("PU"), Message("paid")),
    RECYCLED: (Message("Recycled"), Message("came back to marketing")),
}
_RATE = Message("{start} → {goal}, same people")
_SHARE = Message(
    "Of those who first {start} in the period, the share that {goal} within the horizon (90 days, or [leads] horizon), "
    "once that is over for all of them."
)
_ENTERED, _MATURED = Message("Those who first {start} within the period."), Message(
    "Those who first {start} within the period and whose horizon is over by as_of."
)  # fmt: skip
_CONVERTED = Message("Of those who first {start} in the period and whose horizon is over, who {goal} within it.")


def _rates(pair: LeadPair) -> Iterator[Metric]:
    """The share of the same leads that got from one stage to another, and the people that it is made of."""
    entered, converted = pair.names
    (start, came), (goal, got_on) = _STAGES[pair.start], _STAGES[pair.goal]
    label, words = _RATE.filled(start=start, goal=goal), {"start": came, "goal": got_on}
    owner = "marketing" if pair.goal == MQL else "sales_enterprise"
    of_stage = {MQL: _NOT_READY, SQL: _NOT_TAKEN, RECYCLED: _NOT_TOUCHED}
    doubts = tuple(of_stage[stage] for stage in (pair.start, pair.goal) if stage in of_stage)
    measure = Measure(name=f"{pair.key}_entered", plus=(entered,), when="within", doubts=doubts)
    matured = replace(measure, name=f"{pair.key}_matured", now="known")
    reached = replace(matured, name=f"{pair.key}_converted", plus=(converted,))
    keys = {name: f"lead_{pair.key}_{name}" for name in ("entered", "matured", "converted")}
    yield _metric(
        f"{pair.key}_rate", label,
        Ratio(numerator=keys["converted"], denominator=keys["matured"], everybody=keys["entered"],
              nothing=Message("nobody came to the stage in the period")),
        _SHARE.filled(**words), owner=owner, unit=Unit.RATE,
    )  # fmt: skip
    for name, text, each, definition in (
        ("entered", Message("{rate}: entered"), measure, _ENTERED),
        ("matured", Message("{rate}: whose window is over"), matured, _MATURED),
        ("converted", Message("{rate}: got on"), reached, _CONVERTED),
    ):
        yield _metric(
            keys[name], text.filled(rate=label),
            Flow(measure=each, what=Message("leads who {start} in the period").filled(start=came)),
            definition.filled(**words), owner=owner, shown=False,
        )  # fmt: skip


_RECYCLED = Measure(name="recycled_leads", plus=(RECYCLED,), when="within", doubts=(_NOT_TOUCHED,))
_NURTURE = (
    _metric(
        "recycled_leads", Message("Back with marketing (recycled)"),
        Flow(measure=_RECYCLED, what=Message("leads that came back to marketing in the period")),
        Message("Leads that came back to marketing within the period: given back by sales, or cold and untouched for "
                "60 days ([leads] cold_after) before sales took them on; until they are handed over next."),
        good="down",
    ),
    *(
        replace(each, shown=each.key == "nurture_days", apart=each.part, part=False)
        for each in percentiles(
            "nurture",
            _metric(
                "nurture_days", Message("With marketing again: days"),
                Percentile(of="recycled_leads", until=Measure(name=NURTURE_OVER, plus=(NURTURE_OVER,), when="within"),
                           quantile=0.5, nothing=Message("no lead came back to marketing in the period")),
                Message("Days by which {share} % of the leads that came back to marketing in the period were handed "
                        "over again; those that were not are still there (Kaplan-Meier)."),
                good="down", unit=Unit.DAYS,
            ),
        )
    ),
)  # fmt: skip


def _began_with_marketing(key: str, label: Text, names: tuple[str, str], what: Text, definition: Text) -> Metric:
    into, out = names
    measure = Measure(
        name=key, plus=(into,), minus=(out,), when="before_end", since="before_start", doubts=(_NOT_TOUCHED,)
    )
    return _metric(key, label, Balance(measure=measure, what=what), definition, shown=False)


_WARMED = (
    _metric(
        "warmed_rate", Message("Warmed up: hot at the end"),
        Ratio(numerator="warmed_leads", denominator="nurtured_leads",
              nothing=Message("no lead was with marketing when the period began")),
        Message("Of the leads that were with marketing (nurture) when the period began, and have not paid by its end, "
                "the share that is hot then."),
        unit=Unit.RATE,
    ),
    _began_with_marketing(
        "nurtured_leads", Message("With marketing when the period began"), NURTURED,
        Message("leads with marketing at the start that have not paid by the end"),
        Message("Leads that were with marketing (nurture) when the period began, and have not paid by its end."),
    ),
    _began_with_marketing(
        "warmed_leads", Message("Of these, hot at the end"), WARMED,
        Message("leads with marketing at the start that are hot at the end"),
        Message("Of the leads that were with marketing (nurture) when the period began those that are hot at its end."),
    ),
)  # fmt: skip

METRICS: tuple[Metric, ...] = (
    *_CAME,
    *_WARMTH,
    *(metric for pair in LEAD_PAIRS for metric in _rates(pair)),
    *_NURTURE,
    *_WARMED,
    *(metric for pair in RECYCLED_PAIRS for metric in _rates(pair)),
)
