"""The flywheel: what brings new customers by those there are, what these say, and what slows the wheel down."""

from funnelcli.counting.measures import Measure
from funnelcli.metrics.model import FLYWHEEL, Flow, Formula, Good, Metric, Ratio
from funnelcli.text import Message
from funnelcli.values.figures import Unit

SOURCE = "definitions: the flywheel"
NO_NPS = Message("nobody answered the NPS question in the period")
NO_CSAT = Message("nobody answered the CSAT question in the period")


def _latest(name: str) -> Measure:
    """Of each customer the latest answer of the period alone; whoever is not named counts by each of theirs."""
    return Measure(name=name, plus=(name,), when="within", now="latest")


NPS_SENT = Measure(name="nps_sent", plus=("nps_sent",), when="within")

_GROUPS: tuple[tuple[str, Message, str, Good], ...] = (
    ("promoter", Message("Promoters"), "9–10", "up"),
    ("passive", Message("Passives"), "7–8", "neither"),
    ("detractor", Message("Detractors"), "0–6", "down"),
)

_NPS: tuple[Metric, ...] = (
    Metric(
        key="nps_answers",
        label=Message("NPS answers"),
        unit=Unit.ANSWERS,
        section=FLYWHEEL,
        kind=Flow(measure=_latest("nps_answer"), what=Message("latest NPS answers of each customer in the period")),
        definition=Message(
            "Answers to the question how likely one is to recommend us, 0 to 10: of each customer the latest of the "
            "period, and each answer of nobody named."
        ),
        owner="customer_success",
        good="up",
        source=SOURCE,
    ),
    *(
        Metric(
            key=f"nps_{who}s",
            label=label,
            unit=Unit.ANSWERS,
            section=FLYWHEEL,
            kind=Flow(measure=_latest(f"nps_{who}"), what=Message("latest answers of {scores}").filled(scores=scores)),
            definition=Message("Of the NPS answers of the period those of {scores}.").filled(scores=scores),
            owner="customer_success",
            good=good,
            source=SOURCE,
        )
        for who, label, scores, good in _GROUPS
    ),
    Metric(
        key="nps_promoters_less_detractors",
        label=Message("Promoters less detractors"),
        unit=Unit.ANSWERS,
        section=FLYWHEEL,
        kind=Formula(plus=("nps_promoters",), minus=("nps_detractors",)),
        definition=Message("Answers of 9–10 less those of 0–6."),
        owner="customer_success",
        good="up",
        source=SOURCE,
        shown=False,
    ),
    Metric(
        key="nps_score",
        label=Message("NPS"),
        unit=Unit.POINTS,
        section=FLYWHEEL,
        kind=Ratio(numerator="nps_promoters_less_detractors", denominator="nps_answers", nothing=NO_NPS, times=100),
        definition=Message(
            "100 × (promoters - detractors) / answers, passives among them, from -100 to 100; rounded once, where it "
            "is shown."
        ),
        owner="customer_success",
        good="up",
        source=SOURCE,
    ),
    Metric(
        key="nps_sent_surveys",
        label=Message("NPS surveys sent"),
        unit=Unit.ANSWERS,
        section=FLYWHEEL,
        kind=Flow(measure=NPS_SENT, what=Message("NPS surveys sent within the period")),
        definition=Message("NPS surveys sent within the period; one that two exports have counts once."),
        owner="customer_success",
        good="neither",
        source=SOURCE,
        shown=False,
    ),
    Metric(
        key="nps_answered_surveys",
        label=Message("Of the NPS surveys sent, answered"),
        unit=Unit.ANSWERS,
        section=FLYWHEEL,
        kind=Flow(
            measure=Measure(name="nps_answered", plus=("nps_sent",), when="within", now="known"),
            what=Message("NPS surveys sent within the period that are answered by as_of"),
        ),
        definition=Message("NPS surveys sent within the period that are answered by as_of, whenever that was."),
        owner="customer_success",
        good="up",
        source=SOURCE,
        shown=False,
    ),
    Metric(
        key="nps_response_rate",
        label=Message("NPS response rate"),
        unit=Unit.RATE,
        section=FLYWHEEL,
        kind=Ratio(
            numerator="nps_answered_surveys",
            denominator="nps_sent_surveys",
            nothing=Message("no NPS survey was sent in the period"),
            among=Measure(name="nps_answered", plus=("nps_sent",), when="within", now="known"),
        ),
        definition=Message("Of the NPS surveys sent in the period the share that is answered by as_of."),
        owner="customer_success",
        good="up",
        source=SOURCE,
    ),
)


def _both(key: str) -> tuple[str, str]:
    """What surveys and tickets have of a figure."""
    return f"survey_{key}", f"ticket_{key}"


def _within(event: str) -> Measure:
    return Measure(name=event, plus=(event,), when="within")


def _csat(prefix: str, kind: Formula | Flow, label: Message, definition: Message) -> Metric:
    return Metric(
        key=prefix, label=label, unit=Unit.ANSWERS, section=FLYWHEEL, kind=kind, definition=definition,
        owner="customer_success", good="up", source=SOURCE, shown=prefix == "csat_answers", hide_zero=True,
    )  # fmt: skip


_CSAT: tuple[Metric, ...] = (
    *(
        _csat(
            f"{of}_{key}",
            Flow(measure=_within(event), what=what),
            label,
            definition,
        )
        for of, key, event, what, label, definition in (
            (
                "survey", "csat_answers", "csat_answer", Message("CSAT answers to surveys within the period"),
                Message("CSAT answers to surveys"), Message("CSAT answers, 1 to 5, to surveys."),
            ),
            (
                "ticket", "csat_answers", "ticket_csat", Message("scores of tickets within the period"),
                Message("CSAT answers to tickets"),
                Message("Scores of tickets, 1 to 5, on the day the ticket was solved, else opened."),
            ),
            (
                "survey", "csat_answers_content", "csat_content",
                Message("CSAT answers of 4 or 5 to surveys within the period"),
                Message("CSAT answers of 4–5 to surveys"), Message("CSAT answers to surveys of 4 or 5."),
            ),
            (
                "ticket", "csat_answers_content", "ticket_content",
                Message("scores of tickets of 4 or 5 within the period"),
                Message("CSAT answers of 4–5 to tickets"), Message("Scores of tickets of 4 or 5."),
            ),
        )
    ),
    _csat(
        "csat_answers",
        Formula(plus=_both("csat_answers"), optional=frozenset(_both("csat_answers"))),
        Message("CSAT answers"),
        Message("Answers to the question how content one is, 1 to 5, in surveys and beside tickets; each counts."),
    ),
    _csat(
        "csat_answers_content",
        Formula(plus=_both("csat_answers_content"), optional=frozenset(_both("csat_answers_content"))),
        Message("CSAT answers of 4–5"),
        Message("Of the CSAT answers of the period those of 4 or 5."),
    ),
    Metric(
        key="csat_rate",
        label=Message("CSAT"),
        unit=Unit.RATE,
        section=FLYWHEEL,
        kind=Ratio(
            numerator="csat_answers_content", denominator="csat_answers", nothing=NO_CSAT,
            beside=Message("one customer may have given several answers"),
        ),
        definition=Message("Answers of 4 or 5 per answer of 1 to 5."),
        owner="customer_success",
        good="up",
        source=SOURCE,
    ),
)  # fmt: skip

_GROWTH: tuple[Metric, ...] = (
    Metric(
        key="expansion_share_rate",
        label=Message("Expansion, of the MRR gained"),
        unit=Unit.RATE,
        section=FLYWHEEL,
        kind=Ratio(
            numerator="expansion_mrr_amount", denominator="gained_mrr_amount",
            nothing=Message("no MRR was gained in the period"), beside=Message("of amounts, and no share of people"),
        ),
        definition=Message("Expansion MRR per new, expansion and reactivation MRR of the period."),
        owner="customer_success",
        good="up",
        source=SOURCE,
    ),
)  # fmt: skip

METRICS: tuple[Metric, ...] = (*_NPS, *_CSAT, *_GROWTH)
