"""From the last day that the exports tell of to the first of a plan: what is there is run forward."""

from fractions import Fraction

from msgspec.structs import replace

from funnelcli.planning.assume import Assumptions
from funnelcli.planning.model import Assumption, Gap, Key, Origin
from funnelcli.text import Message, day_words, grouped, percent
from funnelcli.values.figures import Note


def bridged(assumptions: Assumptions, gap: Gap | None, *, wanted: bool = True) -> tuple[Assumptions, list[Note]]:
    """The assumptions with what was measured at the last known day run forward to the plan, and what to say of it.

    Each month loses the churn rate of what is there and gains the new PU of a usual month at the ARPA of new ones; a
    part of a month loses and gains that part.  Where one of these is not known, or nothing is ``wanted``, what is there
    is taken as unchanged.
    """
    opening = assumptions[Key.OPENING]
    if gap is None or opening.origin is not Origin.MEASURED or opening.value is None:
        return assumptions, []
    churn = assumptions[Key.CHURN].value
    if not wanted or churn is None or gap.new is None:
        return assumptions, [_frozen(gap)]
    result = {**assumptions, Key.OPENING: _run(opening, gap, churn, Fraction(1))}
    mrr, price = assumptions.get(Key.OPENING_MRR), assumptions.get(Key.NEW_ARPA)
    if mrr is not None and mrr.value is not None and mrr.origin is not Origin.GIVEN:
        if price is None or price.value is None:
            return assumptions, [_frozen(gap)]
        result[Key.OPENING_MRR] = _run(mrr, gap, churn, price.value)
    return result, [_note(gap, opening.value, churn, result[Key.OPENING])]


def _run(assumption: Assumption, gap: Gap, churn: Fraction, each: Fraction) -> Assumption:
    assert assumption.value is not None
    source = Message("on {day}, run forward to {until}")
    return replace(
        assumption,
        value=gap.forward(assumption.value, churn, each),
        source=source.filled(day=day_words(gap.since), until=day_words(gap.until)),
        plain=source.filled(day=gap.since.isoformat(), until=gap.until.isoformat()).of("en"),
        numerator=None,
        denominator=None,
    )


def _note(gap: Gap, before: Fraction, churn: Fraction, after: Assumption) -> Note:
    assert after.value is not None
    text = Message(
        "{before} PU on {day} are run forward to {until}, {churn} lost and {new} new a month: {after}. "
        "--bridge none takes them as unchanged."
    )
    return Note(
        "opening-run-forward",
        text.filled(
            before=grouped(float(before)),
            day=day_words(gap.since),
            until=day_words(gap.until),
            churn=percent(float(churn), 2),
            new=grouped(float(gap.new or 0), 1),
            after=grouped(float(after.value), 1),
        ),
    )


def _frozen(gap: Gap) -> Note:
    text = Message("Opening PU are those paying on {day}; until {until} they are taken as unchanged.")
    return Note("opening-taken-over", text.filled(day=day_words(gap.since), until=day_words(gap.until)))
