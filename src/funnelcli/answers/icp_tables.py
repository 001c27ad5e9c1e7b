"""The eight parts of the review of the ideal customer profile, as people see them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence

from msgspec import Struct

from funnelcli.answers.answer import Block, Column, Fact, Facts, Notes, Table
from funnelcli.answers.cells import Cell, Day, Number, Quotient, Words
from funnelcli.answers.icp_mistakes import LATER, OLD, Mistake
from funnelcli.answers.icp_outcomes import Outcome
from funnelcli.answers.icp_review import EFFORT, INTERVIEW, MONEY, REQUESTS, Review
from funnelcli.answers.icp_tests import FEWEST, MOST_Q, Compared, Figure
from funnelcli.answers.icp_words import (
    ADDED_UP,
    BECAUSE,
    COSTED,
    FOUND,
    MISTAKES,
    MOVED,
    STEPS,
    UNCOSTED,
    attribute_words,
    tier_words,
    value_words,
    verdict_words,
)
from funnelcli.answers.uncertain import ends_of
from funnelcli.facts.tiers import TIERS
from funnelcli.metrics import CATALOGUE
from funnelcli.stats.intervals import wilson
from funnelcli.text import NOTHING, Marked, Message, Text, as_text, joined
from funnelcli.values.figures import Unit

_PROFILE, _RANK, _DIFFER = Message("1. The profile"), Message("2. Do the tiers rank?"), Message("3. Values that differ")
_MOVED, _PROPOSED = Message("4. Since the last review"), Message("5. What the profile should be")
_MISTAKES, _REQUESTS = Message("6. Three mistakes"), Message("7. Requests by tier")
_THIN = Message("8. Too thin to say")
_TIER, _ACCOUNTS, _DAYS = Message("Tier"), Message("Accounts"), Message("Days to pay (half)")
_ATTRIBUTE, _VALUE, _OUTCOME = Message("Attribute"), Message("Value"), Message("Outcome")
_FIGURE, _REST, _DIFFERENCE = Message("Figure"), Message("The rest"), Message("Difference")
_VERDICT, _WHY, _STEP, _MISTAKE = Message("Verdict"), Message("Why"), Message("Step"), Message("Mistake")
_BEFORE, _NOW, _KNOWN, _SINCE = Message("Then"), Message("Now"), Message("Known"), Message("Declared on")
_CUSTOMERS, _ALLOWS, _EFFORTS = Message("Paying accounts"), Message("What they allow"), Message("Effort beside return")
_NO_DATE = Message("not said: [icp] since")
_AGE, _OLD = Message("Age"), Message("{n} [day|days]")
_TALK = Message("fewer than {n} [customer|customers]: no figure can tell much; interview them")
_NO_MONEY = Message("fewer than {n} [customer|customers]: shares are tested, money is shown and not tested")
_ALL = Message("shares and money are tested")
_UNDATED = Message(
    "No row of the accounts says from when on it is so (valid_from): today's attributes are taken for all of history."
)
_TESTS = Message(
    "{n} [test was|tests were] made at once; a difference stands where q is at most {q}, so that of those that stand "
    "about one in ten may be chance. Fewer than {least} on a side are shown and not tested."
)
_NOTHING_DIFFERS = Message("No value of any attribute differs from the rest by more than chance.")
_NOTHING_SAYS = Message("No outcome of the accounts is known: nothing speaks for the profile, or against it.")
_FIRST = Message("There is no earlier review to compare with.")
_KEPT = Message("This review is kept in icp_review.json, to be compared with the next.")
_NOT_KEPT = Message("This review is not kept: the next is not compared with it.")
_SAME = Message("Nothing stands that did not at the review of {day}, and nothing has changed of what does.")
_AGAINST = Message("Against the review of {day}.")
_CHANGE = Message("Change")
_MISSING = Message("{outcome}: missing ({reason})")
_EVERYTHING, _TOO_FEW = Message("every value"), Message("Too few accounts")
_FEWER = Message("Fewer than {n} [account|accounts] with the value, or without it: shown in the rows, not tested.")
_ALL_ENOUGH = Message("Every value has enough accounts to be tested.")
_INTERVAL = as_text("{value} ({lower} – {upper})")
_KINDS, _REQUEST = Message("What the tickets are about"), Message("Request")
_NO_KINDS = Message("No file says what tickets are about (kind).")
_NO_SIZES = Message("the number of employees is not known")


class Part(Struct, frozen=True, kw_only=True):
    """A part of the review: its name, and the blocks that it is."""

    name: Text
    blocks: Callable[[Review], Iterator[Block]]


# --- cells -----------------------------------------------------------------------------------------------------------


def figure_cell(asked: Review, outcome: Outcome, figure: Figure) -> Cell:
    """An outcome of some accounts: a share with what was divided, or an amount."""
    ends = None if figure.count is None or not figure.n else ends_of(wilson(int(figure.count), int(figure.n)))
    number = Number(value=figure.value, unit=outcome.unit, currency=asked.currency, bounds=ends)
    if figure.count is None:
        return number
    return Quotient(rate=number, numerator=Number(value=figure.count), denominator=Number(value=figure.n))


def _difference(asked: Review, each: Compared) -> Cell:
    if each.difference is None:
        return Words(NOTHING)
    ends = each.difference.interval
    values = {"value": each.difference.value, "lower": ends.lower, "upper": ends.upper}
    facts: dict[str, Cell] = {
        name: Number(value=value, unit=each.outcome.unit, currency=asked.currency) for name, value in values.items()
    }
    tone = ("good" if each.is_good else "bad") if each.verdict == "stands" else ""
    return Words(_INTERVAL, facts=facts, tone=tone)  # type: ignore[arg-type]


def _columns(*names: Text, words: frozenset[int] = frozenset(), drawn: Collection[int] = ()) -> tuple[Column, ...]:
    return tuple(
        Column(header=Words(name), words=place in words, drawn="bars" if place in drawn else "")
        for place, name in enumerate(names)
    )


def _said(title: Text, *lines: Words) -> Table:
    """A part that is words alone."""
    columns = (Column(header=Words(NOTHING), words=True),)
    return Table(title=Words(title), columns=columns, rows=tuple((line,) for line in lines))


def _table(title: Text, columns: tuple[Column, ...], rows: Sequence[tuple[Cell, ...]]) -> Table:
    return Table(title=Words(title), columns=columns, rows=tuple(rows))


# --- the parts -------------------------------------------------------------------------------------------------------


def _profile(asked: Review) -> Iterator[Block]:
    number, missing = asked.customers.value, asked.customers.missing
    allows = _ALL if number is None or number >= MONEY else _NO_MONEY.filled(n=MONEY)
    if number is not None and number < INTERVIEW:
        allows = _TALK.filled(n=INTERVIEW)
    since: Cell = Words(_NO_DATE)
    if asked.since is not None:
        since = Day(asked.since)
    yield _table(_PROFILE, _columns(_ATTRIBUTE, _KNOWN), [
        (Words(name), Quotient(
            rate=Number(value=value.value, unit=Unit.RATE), numerator=Number(value=value.numerator),
            denominator=Number(value=value.denominator),
        ))
        for name, value in asked.known
    ])  # fmt: skip
    yield Facts(
        facts=(
            Fact(name=_SINCE, cell=since),
            *(() if asked.age is None else (Fact(name=_AGE, cell=Words(_OLD.filled(n=asked.age))),)),
            *((Fact(name=_AGE, cell=Words(LATER.reason)),) if asked.later else ()),
            Fact(name=_ACCOUNTS, cell=Number(value=asked.accounts)),
            Fact(name=_CUSTOMERS, cell=Number(value=number, missing=missing)),
            Fact(name=_ALLOWS, cell=Words(allows if missing is None else missing.reason)),
        )
    )
    undated = () if asked.is_dated else (Words(_UNDATED),)
    if notes := (*undated, *(Words(note.text) for note in asked.notes)):
        yield Notes(notes)


def _rank(asked: Review) -> Iterator[Block]:
    shown = [each for each in asked.outcomes if each.missing is None]
    columns = _columns(
        _TIER, _ACCOUNTS, *(each.title for each in shown), _DAYS,
        drawn=[1, *(place for place, each in enumerate(shown, start=2) if each.is_share)],
    )  # fmt: skip
    yield _table(_RANK, columns, [
        (
            Words(tier_words(row.tier)), Number(value=row.accounts),
            *(figure_cell(asked, each, row.figures[each.key]) for each in shown),
            Number(value=row.days, unit=Unit.DAYS),
        )
        for row in asked.tiers
    ])  # fmt: skip
    if asked.ranks:
        yield _compared(Message("Tiers A and B against C and D"), asked, asked.ranks, named=False)
    shares = [key for key in EFFORT if any(_has(asked, key, row.tier) for row in asked.tiers)]
    every = range(1, len(shares) + 1)
    yield _table(_EFFORTS, _columns(_TIER, *(CATALOGUE[key].label for key in shares), drawn=every), [
        (Words(tier_words(row.tier)), *(_share(asked, key, row.tier) for key in shares)) for row in asked.tiers
    ])  # fmt: skip


def _has(asked: Review, key: str, tier: str) -> bool:
    value = asked.share(key, tier)
    return value is not None and value.value is not None


def _share(asked: Review, key: str, tier: str) -> Number:
    value = asked.share(key, tier)
    missing = None if value is None else value.missing
    return Number(value=None if value is None else value.value, unit=CATALOGUE[key].unit, missing=missing)


def _compared(title: Text, asked: Review, rows: Sequence[Compared], *, named: bool = True) -> Table:
    names = (_ATTRIBUTE, _VALUE) if named else ()
    columns = _columns(*names, _OUTCOME, _FIGURE, _REST, _DIFFERENCE, _VERDICT)
    return _table(title, columns, [
        (
            *((Words(attribute_words(each.attribute)), Words(value_words(each.value))) if named else ()),
            Words(each.outcome.title), figure_cell(asked, each.outcome, each.figure),
            figure_cell(asked, each.outcome, each.rest), _difference(asked, each), Words(verdict_words(each)),
        )
        for each in rows
    ])  # fmt: skip


def _differ(asked: Review) -> Iterator[Block]:
    stand = sorted(
        (each for each in asked.compared if each.verdict == "stands"),
        key=lambda each: (each.q or 0, each.attribute, each.value, each.outcome.key),
    )
    if stand:
        yield _compared(_DIFFER, asked, stand)
    else:
        yield _said(_DIFFER, Words(_NOTHING_DIFFERS))
    yield Notes((Words(_TESTS.filled(n=asked.tests, q=Marked(f"{MOST_Q:.2f}"), least=FEWEST)),))
    others = [each for each in asked.compared if each.verdict in ("may-be-chance", "not-tested")]
    if others:
        yield _compared(Message("All other values"), asked, others)


def _moved(asked: Review) -> Iterator[Block]:
    kept = Words(_KEPT if asked.keeps else _NOT_KEPT)
    if asked.kept is None:
        yield _said(_MOVED, Words(_FIRST), kept)
        return
    day: dict[str, Cell] = {"day": Day(asked.kept.as_of)}
    outcomes = {each.key: each for each in asked.outcomes}
    rows: list[tuple[Cell, ...]] = [
        (
            Words(MOVED[each.moved]), Words(attribute_words(each.attribute)), Words(value_words(each.value)),
            Words(outcomes[each.outcome].title),
            *(Number(value=value, unit=outcomes[each.outcome].unit, currency=asked.currency)
              for value in (each.before, each.now)),
        )
        for each in asked.changes
        if each.outcome in outcomes
    ]  # fmt: skip
    if not rows:
        yield _said(_MOVED, Words(_SAME, facts=day), kept)
        return
    yield _table(_MOVED, _columns(_CHANGE, _ATTRIBUTE, _VALUE, _OUTCOME, _BEFORE, _NOW), rows)
    yield Notes((Words(_AGAINST, facts=day), kept))


def _proposed(asked: Review) -> Iterator[Block]:
    titles = {each.key: each.title for each in asked.outcomes}
    rows: list[tuple[Cell, ...]] = [
        (
            Words(STEPS[each.step]), Words(attribute_words(each.attribute)), Words(each.value),
            Words(BECAUSE[each.because].filled(
                outcomes=joined(", ", [titles[test.outcome.key] for test in each.evidence])
            )),
        )
        for each in asked.proposals
    ]  # fmt: skip
    if not rows:
        yield _said(_PROPOSED, Words(_NOTHING_SAYS))
        return
    yield _table(_PROPOSED, _columns(_STEP, _ATTRIBUTE, _VALUE, _WHY, words=frozenset({3})), rows)


def _mistakes(asked: Review) -> Iterator[Block]:
    rows: list[tuple[Cell, ...]] = []
    for each in asked.mistakes:
        pairs = {
            "churn": each.churn, "tickets": each.tickets, "arpa": each.arpa, "cost": each.cost, "net": each.net,
        }  # fmt: skip
        facts: dict[str, Cell] = {
            "band": Words(each.band), "n": Number(value=each.number), "of": Number(value=each.of),
            "why": Words(each.why.reason if each.why else _NO_SIZES),
        }  # fmt: skip
        units = {"churn": Unit.RATE, "tickets": None}
        for name, pair in pairs.items():
            mine, rest = pair or (None, None)
            unit = units.get(name, Unit.AMOUNT)
            facts[name] = Number(value=mine, unit=unit, currency=asked.currency)
            facts[f"{name}_rest"] = Number(value=rest, unit=unit, currency=asked.currency)
        facts["how"] = _costed(each, facts)
        text = MISTAKES[each.kind, each.verdict]
        if each.kind == "age" and each.number is not None:
            text = text.filled(n=int(each.number), most=OLD)
        rows.append((Words(FOUND["few" if each.few else each.verdict]), Words(text, facts=facts)))
    yield _table(_MISTAKES, _columns(_VERDICT, _MISTAKE, words=frozenset({1})), rows)


def _costed(each: Mistake, facts: dict[str, Cell]) -> Words:
    """How the costs of service are in what is left of the MRR of an account."""
    if each.uncosted is not None:
        return Words(UNCOSTED, facts={"why": Words(each.uncosted.reason)})
    how = Words(NOTHING if each.shared is None else COSTED[each.shared])
    return how if each.cost is None else Words(ADDED_UP, facts={**facts, "how": how})


def _requests(asked: Review) -> Iterator[Block]:
    if any(_has(asked, key, row.tier) for key in REQUESTS for row in asked.tiers):
        yield _table(_REQUESTS, _columns(_TIER, *(CATALOGUE[key].label for key in REQUESTS)), [
            (Words(tier_words(row.tier)), *(_share(asked, key, row.tier) for key in REQUESTS)) for row in asked.tiers
        ])  # fmt: skip
        yield from _kinds(asked)
        return
    known = asked.share(REQUESTS[0], asked.tiers[0].tier)
    reason = known.missing.reason if known is not None and known.missing is not None else NOTHING
    yield _said(_REQUESTS, _missing(CATALOGUE[REQUESTS[0]].label, reason))


def _kinds(asked: Review) -> Iterator[Block]:
    """What the tickets of each tier are about."""
    if not asked.requests:
        yield Notes((Words(_NO_KINDS),))
        return
    yield _table(_KINDS, _columns(_REQUEST, *(tier_words(tier) for tier in TIERS)), [
        (Words(value_words(each.kind)), *(Number(value=each.tickets[tier]) for tier in TIERS))
        for each in asked.requests
    ])  # fmt: skip


def _missing(title: Text, reason: Text) -> Words:
    return Words(_MISSING, facts={"outcome": Words(title), "reason": Words(reason)})


def _thin(asked: Review) -> Iterator[Block]:
    """Of each outcome the values of which too few accounts are on a side; or that it is so of every value."""
    rows: list[tuple[Cell, ...]] = []
    for outcome in (each for each in asked.outcomes if each.missing is None):
        mine = [each for each in asked.compared if each.outcome is outcome]
        thin = [each for each in mine if each.verdict == "too-thin"]
        if thin:
            values: list[Text] = [_EVERYTHING]
            if len(thin) < len(mine):
                values = [joined(" ", [as_text(each.attribute), value_words(each.value)]) for each in thin]
            rows.append((Words(outcome.title), Number(value=len(outcome.account)), Words(joined(", ", values))))
    lines = [_missing(each.title, each.missing.reason) for each in asked.outcomes if each.missing is not None]
    if rows:
        yield _table(_THIN, _columns(_OUTCOME, _ACCOUNTS, _TOO_FEW, words=frozenset({2})), rows)
        yield Notes((Words(_FEWER.filled(n=FEWEST)), *lines))
    else:
        yield _said(_THIN, *(lines or [Words(_ALL_ENOUGH)]))


PARTS: tuple[Part, ...] = (
    Part(name=_PROFILE, blocks=_profile),
    Part(name=_RANK, blocks=_rank),
    Part(name=_DIFFER, blocks=_differ),
    Part(name=_MOVED, blocks=_moved),
    Part(name=_PROPOSED, blocks=_proposed),
    Part(name=_MISTAKES, blocks=_mistakes),
    Part(name=_REQUESTS, blocks=_requests),
    Part(name=_THIN, blocks=_thin),
)
