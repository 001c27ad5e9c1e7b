"""Scores of leads as figures: how well those of a period fit, what they did, and whether the score tells who pays."""

from collections.abc import Iterator

from funnelcli.counting.measures import Doubt, Measure
from funnelcli.inputs.lead_stages import NO_FIT, NO_SCORES, OLD_ENOUGH, PAID_IN_TIME, RANKED, SCORES, THOUSANDTHS
from funnelcli.metrics.agreement import unsaid
from funnelcli.metrics.model import LEADS, Flow, Kind, Metric, Ranking, Ratio
from funnelcli.text import Message, Text
from funnelcli.values.figures import Missing, Unit

SOURCE = "definitions: leads"
FEWEST = 30
_NO_FIT = unsaid(
    NO_FIT, Missing("no-fit", Message("nothing says who fits: [leads.fit] gives points to attributes, or [icp] does"))
)
_NO_SCORES = unsaid(
    NO_SCORES, Missing("no-scores", Message("nothing gives leads a score: [leads.fit] or [icp] does, and activities"))
)
_DOUBTS: dict[str, tuple[Doubt, ...]] = {"fit": (_NO_FIT,), "interest": (), "any": (), "lead": (_NO_SCORES,)}
_SCORED = Message("leads of the period that have this score on the day that counts")


def _metric(
    key: str, label: Text, kind: Kind, definition: Text, *, unit: Unit = Unit.NUMBER, shown: bool = True
) -> Metric:
    return Metric(
        key=key, label=label, unit=unit, section=LEADS, kind=kind, definition=definition, owner="marketing", good="up",
        source=SOURCE, shown=shown,
    )  # fmt: skip


def _measure(event: str, name: str) -> Measure:
    """What is known by the day on which leads are scored, or their horizon is over."""
    needs = ("activity",) if name == "interest" else ()
    return Measure(name=event, plus=(event,), when="within", now="known", doubts=_DOUBTS[name], needs=needs)


def _mean(name: str, label: Text, definition: Text) -> Iterator[Metric]:
    """The mean score of the leads of a period, and what it is made of."""
    known, points = SCORES[name]
    yield _metric(
        f"{name}_score", label,
        Ratio(numerator=f"{name}_score_points", denominator=f"{name}_scored_leads",
              nothing=Message("no lead of the period has this score")),
        definition,
    )  # fmt: skip
    yield _metric(
        f"{name}_score_points", Message("{score}: sum").filled(score=label),
        Flow(measure=_measure(points, name), what=Message("the scores of these leads"), per=THOUSANDTHS),
        Message("The sum of these scores of the leads of the period."), shown=False,
    )  # fmt: skip
    yield _metric(
        f"{name}_scored_leads", Message("{score}: leads").filled(score=label),
        Flow(measure=_measure(known, name), what=_SCORED),
        Message("Leads that came in the period and have this score on the day that counts."), unit=Unit.PEOPLE,
        shown=False,
    )  # fmt: skip


_DAY = Message(
    "{what} Mean of the leads that came in the period, each at the close of the day on which it came, or [leads] "
    "test_after days later: what was known then, whatever is known now."
)
METRICS: tuple[Metric, ...] = (
    *_mean("fit", Message("Fit score, mean"), _DAY.filled(what=Message("How well leads fit, 0 to 100."))),
    *_mean("interest", Message("Interest score, mean"), _DAY.filled(what=Message("How much leads did, 0 to 100."))),
    *_mean("lead", Message("Lead score, mean"), _DAY.filled(what=Message("Both scores together, 0 to 200."))),
    _metric(
        "score_auc_rate", Message("The score tells who pays (AUC)"),
        Ranking(of="ranked_score_points", reached="old_enough_paid_leads", fewest=FEWEST),
        Message(
            "Of all pairs of a lead of the period that paid within the horizon and one that did not, the share in "
            "which the one that paid had the higher score on the day on which it came; ties count half. At 0.5 the "
            "score says nothing; where the interval (DeLong) begins at or below 0.5, it does not rank. Leads whose "
            "horizon is over."
        ),
        unit=Unit.RATE,
    ),
    _metric(
        "ranked_score_points", Message("Scores of leads whose horizon is over"),
        Flow(measure=_measure(RANKED, "lead"), what=Message("the lead scores of leads whose horizon is over"),
             per=THOUSANDTHS),
        Message("The sum of the lead scores of the leads of the period whose horizon is over by as_of."), shown=False,
    ),
    _metric(
        "lift_ratio", Message("Lift: pays, against all leads"),
        Ratio(numerator="old_enough_paid_rate", denominator="old_enough_paid_rate", of_whole=True,
              least=("old_enough_leads", FEWEST), nothing=Message("no lead of the period paid in time")),
        Message(
            "The share of the leads of a part that paid within the horizon, over that of all leads of the period: 2 is "
            "twice as often. By grade it says what a grade is worth. Of leads whose horizon is over; parts with fewer "
            "than 30 of them are too few to tell."
        ),
    ),
    _metric(
        "old_enough_paid_rate", Message("Paid, of leads whose horizon is over"),
        Ratio(numerator="old_enough_paid_leads", denominator="old_enough_leads", among=_measure(PAID_IN_TIME, "any"),
              nothing=Message("the horizon of no lead of the period is over")),
        Message("Of the leads of the period whose horizon is over by as_of, the share that paid within it."),
        unit=Unit.RATE, shown=False,
    ),
    _metric(
        "old_enough_leads", Message("Leads whose horizon is over"),
        Flow(measure=_measure(OLD_ENOUGH, "any"), what=Message("leads of the period whose horizon is over")),
        Message("Leads that came in the period, had not paid when they were scored, and whose horizon is over by "
                "as_of."),
        unit=Unit.PEOPLE, shown=False,
    ),
    _metric(
        "old_enough_paid_leads", Message("Of these, paid within the horizon"),
        Flow(measure=_measure(PAID_IN_TIME, "any"), what=Message("of these leads, those that paid within the horizon")),
        Message("Leads of the period whose horizon is over by as_of, and that paid within it."), unit=Unit.PEOPLE,
        shown=False,
    ),
)  # fmt: skip
