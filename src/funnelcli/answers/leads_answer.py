"""Leads as an answer: who to call now, one lead opened, and how well the score does."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from funnelcli.answers.answer import (
    Answer,
    Block,
    Column,
    Fact,
    Facts,
    Heading,
    Listing,
    Notes,
    Page,
    Raw,
    Sheet,
    Tab,
    Table,
)
from funnelcli.answers.cells import Cell, Day, Number, Precision, Words
from funnelcli.answers.lead_model_answer import model_blocks, model_data, model_sheet
from funnelcli.answers.lead_points import FIT, INTEREST
from funnelcli.answers.lead_test import Group, ScoreTest
from funnelcli.answers.leads import Lead, LeadList, Opened
from funnelcli.answers.plain import titles
from funnelcli.answers.report_answer import notes_data, sources_data
from funnelcli.answers.uncertain import bounds_text, ends_of, interval_data
from funnelcli.text import Message, Text, as_text, in_context
from funnelcli.values.figures import Unit
from funnelcli.values.placeholders import AS_OF
from funnelcli.values.windows import parse_window

TITLE = Message("Leads")
_NOW, _ALL = Message("Leads: {n} to call now"), Message("Leads: {n}, the highest score first")
_OPENED = Message("Lead {lead}: {grade}")
_BASIS = Message("On {day}, {zone}; of {leads} [lead|leads] not yet customers {hot} hot, {warm} warm, {cold} cold")
_ORDER = Message("Hot, untouched since the hand-over, else the signup; longest waiting first")
_MQL = {
    "scores": Message("MQL: both scores at their least"),
    "handover": Message("MQL: the hand-over"),
    "signup": Message("MQL: the signup"),
}
_SQL = {"accepted": Message("SQL: accepted"), "demo": Message("SQL: a demo booked")}
_RULES = Message("{mql}; {sql}")
_ONLY = Message("Listed: {by} {part} alone; the numbers above and the test below are of all leads")
_OUT = Message("{n} more [is|are] no [lead|leads] by [leads] exclude")
_TITLES: dict[str, Text] = {
    **titles(
        Message("account"), Message("owner"), Message("grade"), Message("channel"), Message("reasons"),
        Message("rank"), Message("temperature"), Message("touches"), Message("kind"), Message("rule"), Message("value"),
        Message("points"), Message("tier"), Message("counts"),
    ),
    "user_id": Message("lead"), "lead_score": Message("score"), "fit_score": Message("fit"),
    "interest_score": Message("interest"), "lead_at": Message("signed up"), "mql_at": Message("MQL since"),
    "handed_over_at": Message("handed over"), "sql_at": Message("SQL since"), "paid_at": Message("paid since"),
    "waiting_minutes": Message("waiting (minutes)"), "due_at": in_context("by when", "due"),
    "last_interest_at": Message("last interest"), "last_touch_at": Message("last touch"),
    "at": Message("when"), "age_days": Message("days old"), "left": Message("points left"),
    "score": Message("score"), "name": Message("of what"), "file": Message("file"), "line": Message("line"),
}  # fmt: skip
_NUMBERS = frozenset(
    ("rank", "lead_score", "fit_score", "interest_score", "waiting_minutes", "touches", "points", "age_days", "left",
     "counts")
)  # fmt: skip
_TEMPERATURES = {"hot": Message("hot"), "warm": Message("warm"), "cold": Message("cold")}
_SCORES = {FIT: Message("fit"), INTEREST: Message("interest")}
_OWN = ("owner", "tier", "channel")
# What people need not see where nothing fills it, and what only programs want.
_SPARE = ("account", "owner", "tier", "handed_over_at", "sql_at", "paid_at", "waiting_minutes", "due_at",
          "last_touch_at", "touches", "temperature", "last_interest_at", "mql_at")  # fmt: skip

# What whoever calls need not see: the scores apart stand in the grade, and nobody has called yet.
_NOT_FOR_CALLS = {
    "temperature", "touches", "last_touch_at", "last_interest_at", "paid_at", "fit_score", "interest_score", "sql_at",
}  # fmt: skip


def leads_answer(asked: LeadList) -> Answer:
    """The list, or one lead; the test of the score stands below the list, and in the data."""
    opened = asked.opened
    blocks = tuple(_list_blocks(asked) if opened is None else _opened_blocks(asked, opened))
    sheet = Sheet(header=_header(asked), rows=[tuple(row.values()) for row in _records(asked)])
    return Answer(
        title=TITLE,
        pages=(Page(blocks=blocks),),
        sheets=(_sheet(asked, sheet),),
        data=_data(asked),
        names={AS_OF: asked.as_of.isoformat()},
        tabs=lambda: (Tab(name=TITLE, blocks=blocks),),
    )


def _sheet(asked: LeadList, listed: Sheet) -> Sheet:
    """The rows of what was asked for: the leads, the points of one, or those that are proposed."""
    if asked.opened is not None:
        return _parts_sheet(asked.opened)
    return listed if asked.model is None else model_sheet(asked.model)


# --- the list ----------------------------------------------------------------------------------------------------


def _cells(asked: LeadList, row: Lead, rank: int) -> dict[str, Raw]:
    by = {} if asked.by in (None, *_OWN) else {str(asked.by): row.part}
    return {
        "rank": rank, "user_id": row.user_id, "account": row.account, "owner": row.owner, "grade": row.grade,
        "lead_score": row.lead_score, "fit_score": row.fit_score, "interest_score": row.interest_score,
        "reasons": row.reasons, "tier": row.tier, "channel": row.channel, **by, "temperature": row.temperature,
        "lead_at": row.lead_at, "mql_at": row.mql_at, "handed_over_at": row.handed_over_at, "sql_at": row.sql_at,
        "paid_at": row.paid_at, "waiting_minutes": row.waiting_minutes, "due_at": row.due_at,
        "last_interest_at": row.last_interest_at, "last_touch_at": row.last_touch_at, "touches": row.touches,
        "file": row.file, "line": row.line,
    }  # fmt: skip


def _records(asked: LeadList) -> list[dict[str, Raw]]:
    return [_cells(asked, row, rank) for rank, row in enumerate(asked.rows, 1)]


def _header(asked: LeadList) -> tuple[str, ...]:
    by = () if asked.by in (None, *_OWN) else (str(asked.by),)
    return (
        "rank", "user_id", "account", "owner", "grade", "lead_score", "fit_score", "interest_score", "reasons", "tier",
        "channel", *by, "temperature", "lead_at", "mql_at", "handed_over_at", "sql_at", "paid_at", "waiting_minutes",
        "due_at", "last_interest_at", "last_touch_at", "touches", "file", "line",
    )  # fmt: skip


def _list_blocks(asked: LeadList) -> Iterator[Block]:
    numbers: dict[str, Cell] = {name: Number(value=number) for name, number in asked.numbers}
    facts: dict[str, Cell] = {
        "day": Day(asked.as_of), "zone": Words(asked.timezone), **numbers,
        "leads": Number(value=sum(number for _, number in asked.numbers)),
    }  # fmt: skip
    rules = Words(_RULES, facts={"mql": Words(_MQL[asked.rules[0]]), "sql": Words(_SQL[asked.rules[1]])}, tone="dim")
    title = Words(_ALL if asked.everyone else _NOW, facts={"n": Number(value=len(asked.rows))})
    order = () if asked.everyone else (Words(_ORDER, tone="dim"),)
    if asked.part is not None:
        only: dict[str, Cell] = {"by": Words(as_text(asked.by or "")), "part": Words(as_text(asked.part))}
        order = (*order, Words(_ONLY, facts=only, tone="dim"))
    if asked.excluded:
        order = (*order, Words(_OUT, facts={"n": Number(value=asked.excluded)}, tone="dim"))
    yield Heading(text=title, basis=(Words(_BASIS, facts=facts, tone="dim"), *order, rules))
    if asked.rows:
        yield _listing(asked)
    yield from test_blocks(asked.test)
    if asked.model is not None:
        yield from model_blocks(asked.model)
    yield Notes(tuple(Words(note.text) for note in asked.notes))


def _listing(asked: LeadList) -> Listing:
    """The rows for people: columns that nothing fills, places in files, and their own are left out."""
    rows = _records(asked)
    absent = {"rank", "file", "line"} | {name for name in _SPARE if not any(row[name] for row in rows)}
    absent |= set() if asked.everyone else _NOT_FOR_CALLS
    header = tuple(name for name in _header(asked) if name not in absent)
    shown = [{**row, **_short(row), "temperature": _TEMPERATURES[str(row["temperature"])]} for row in rows]
    return Listing(
        header=header, rows=[tuple(row[name] for name in header) for row in shown], numbers=_NUMBERS, titles=_TITLES
    )


def _short(row: Mapping[str, Raw]) -> dict[str, Raw]:
    """Scores as people read them: to a tenth."""
    names = ("lead_score", "fit_score", "interest_score", "waiting_minutes")
    return {name: round(cell, 1) if isinstance(cell, float) else cell for name in names for cell in [row[name]]}


# --- one lead ----------------------------------------------------------------------------------------------------

_FACTS: tuple[tuple[str, Text], ...] = tuple(
    (name, _TITLES[name])
    for name in ("account", "owner", "tier", "channel", "lead_at", "mql_at", "handed_over_at", "sql_at", "paid_at",
                 "last_interest_at", "last_touch_at")
)  # fmt: skip
_EXCLUDED = Message("No lead by [leads] exclude: it is in no figure of leads but those of the excluded.")
_FADES = Message("Points halve every {days} [day|days]; all of a kind count up to its cap, the sums from 0 to 100.")
_STAYS = Message("Points do not fade; all of a kind count up to its cap, the sums from 0 to 100.")
_POINTS, _DEEDS = Message("What the scores are made of"), Message("What the lead did that gives points")


def _opened_blocks(asked: LeadList, opened: Opened) -> Iterator[Block]:
    lead = opened.lead
    day: dict[str, Cell] = {"day": Day(asked.as_of), "zone": Words(asked.timezone)}
    title = Words(_OPENED, facts={"lead": Words(lead.user_id), "grade": Words(lead.grade)})
    yield Heading(text=title, basis=(Words(Message("On {day}, {zone}"), facts=day, tone="dim"),))
    scores = (("lead_score", lead.lead_score), ("fit_score", lead.fit_score), ("interest_score", lead.interest_score))
    known = [
        Fact(name=_TITLES[name], cell=Number(value=score, precision=Precision.TENTHS)) for name, score in scores
    ] + [Fact(name=Message("temperature"), cell=Words(_TEMPERATURES[lead.temperature]))]
    said = [Fact(name=title, cell=Words(str(getattr(lead, name)))) for name, title in _FACTS if getattr(lead, name)]
    yield Facts(facts=(*known, *said))
    header = ("score", "name", "value", "rule", "points")
    rows: list[Sequence[Raw]] = [
        (_SCORES[part.score], part.name, part.value, part.rule, round(part.points, 3)) for part in opened.parts
    ]
    yield Listing(header=header, rows=rows, numbers=_NUMBERS, titles=_TITLES, title=Words(_POINTS))
    if opened.deeds:
        deeds = [(deed.at, deed.kind, deed.points, deed.age_days, round(deed.left, 3), deed.file, deed.line)
                 for deed in opened.deeds]  # fmt: skip
        columns = ("at", "kind", "points", "age_days", "left", "file", "line")
        yield Listing(header=columns, rows=deeds, numbers=_NUMBERS, titles=_TITLES, title=Words(_DEEDS))
    fades = _STAYS if opened.half_life is None else _FADES.filled(days=opened.half_life)
    excluded = (Words(_EXCLUDED),) if opened.excluded else ()
    yield Notes((*excluded, Words(fades), *(Words(note.text) for note in asked.notes)))


def _parts_sheet(opened: Opened) -> Sheet:
    header = ("score", "name", "value", "rule", "points", "at", "age_days", "left", "file", "line")
    parts = [(part.score, part.name, part.value, part.rule, round(part.points, 6), "", None, None, "", None)
             for part in opened.parts]  # fmt: skip
    deeds = [("", deed.kind, "", "", deed.points, deed.at, deed.age_days, round(deed.left, 6), deed.file, deed.line)
             for deed in opened.deeds]  # fmt: skip
    return Sheet(header=header, rows=[*parts, *deeds])


# --- does it work? -----------------------------------------------------------------------------------------------

_TEST = Message("Does the score work? {verdict}")
_AREA = Message(
    "Of pairs of one who paid and one who did not, the one who paid had scored higher in {area} ({low} to {high})"
)
_OLD = Message("Leads whose {horizon} are over: {n}, of whom {paid} paid; {young} are too young to judge")
_GRADE, _BAND, _LEADS, _PAID = Message("Grade"), Message("Score"), Message("Leads"), Message("Paid")
_SHARE, _INTERVAL, _LIFT = Message("Share"), Message("95 %"), Message("Lift")
_LATER = Message("{names}: known more often of leads that paid, so likely filled in later; earlier scores knew it not.")
_LEAKS = Message(
    "{names}: known more often of leads that paid, so likely filled in later. No row says since when (valid_from), so "
    "that the scores above knew it already, and the test flatters them."
)


def test_blocks(test: ScoreTest) -> Iterator[Block]:
    """How well the score does: the shares of grades and of bands, and the verdict."""
    if test.code == "unknown" and not test.leads:
        return
    basis = [
        Words(_OLD, tone="dim", facts={
            "horizon": Words(parse_window(test.horizon).words), "n": Number(value=test.leads),
            "paid": Number(value=test.paid), "young": Number(value=test.too_young),
        })
    ]  # fmt: skip
    if test.area is not None and test.interval is not None:
        bounds = (("area", test.area), ("low", test.interval.lower), ("high", test.interval.upper))
        shares: Mapping[str, Cell] = {name: Number(value=value, unit=Unit.RATE) for name, value in bounds}
        basis.append(Words(_AREA, facts=shares, tone="dim"))
    yield Heading(text=Words(_TEST, facts={"verdict": Words(test.verdict)}), basis=tuple(basis))
    if test.leads:
        yield _groups(_GRADE, test.grades)
        yield _groups(_BAND, test.bands)
    later = [name for name in test.later if name not in test.leaks]
    notes = [(_LATER, later), (_LEAKS, list(test.leaks))]
    if test.later:
        yield Notes(tuple(Words(text.filled(names=", ".join(names))) for text, names in notes if names))


def _groups(title: Text, groups: Sequence[Group]) -> Table:
    headers = (title, _LEADS, _PAID, _SHARE, _INTERVAL, _LIFT)
    rows: list[tuple[Cell, ...]] = [
        (
            Words(group.name), Number(value=group.leads), Number(value=group.paid),
            Number(value=group.rate, unit=Unit.RATE, bounds=ends_of(group.interval)),
            Words(bounds_text(group.interval)),
            Number(value=group.lift, unit=Unit.NUMBER),
        )
        for group in groups
    ]  # fmt: skip
    columns = (Column(header=Words(header), drawn="bars" if header is _SHARE else "") for header in headers)
    return Table(columns=tuple(columns), rows=tuple(rows))


# --- data --------------------------------------------------------------------------------------------------------


def _data(asked: LeadList) -> dict[str, Any]:
    opened = asked.opened
    return {
        "format": "funnelcli.leads",
        "format_version": 1,
        "title": TITLE.of("en"),
        "as_of": asked.as_of.isoformat(),
        "timezone": asked.timezone,
        "mql": asked.rules[0],
        "sql": asked.rules[1],
        "leads": asked.all_leads,
        "excluded": asked.excluded,
        **dict(asked.numbers),
        "rows": _records(asked),
        **({} if opened is None else _opened_data(opened)),
        "test": _test_data(asked.test),
        **({} if asked.model is None else {"model": model_data(asked.model)}),
        "notes": notes_data(asked.notes),
        "sources": sources_data(asked.sources),
    }  # fmt: skip


def _opened_data(opened: Opened) -> dict[str, Any]:
    return {
        "is_excluded": opened.excluded,
        "half_life_days": opened.half_life,
        "parts": [
            {"score": part.score, "name": part.name, "value": part.value or None, "rule": part.rule or None,
             "points": part.points}
            for part in opened.parts
        ],
        "activities": [
            {"kind": deed.kind, "at": deed.at, "points": deed.points, "age_days": deed.age_days, "left": deed.left,
             "file": deed.file, "line": deed.line}
            for deed in opened.deeds
        ],
    }  # fmt: skip


def _test_data(test: ScoreTest) -> dict[str, Any]:
    return {
        "verdict": test.code,
        "horizon": test.horizon,
        "after_days": test.after_days,
        "leads": test.leads,
        "paid": test.paid,
        "too_young": test.too_young,
        "score_auc_rate": test.area,
        "interval": interval_data(test.interval),
        "grades": [_group_data("grade", group) for group in test.grades],
        "bands": [_group_data("band", group) for group in test.bands],
        "likely_filled_in_later": list(test.later),
        "known_too_early": list(test.leaks),
    }


def _group_data(name: str, group: Group) -> dict[str, Any]:
    return {
        name: group.name, "leads": group.leads, "paid": group.paid, "lead_to_paid_rate": group.rate,
        "interval": interval_data(group.interval), "lift_ratio": group.lift,
    }  # fmt: skip
