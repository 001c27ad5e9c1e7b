"""Quotas of stages and channels in cells: what each stage needs of the one before, shared out in whole numbers.

The channels of a stage get what they lack of their share of its running total: all of it in whole numbers, and one more
each by the largest rest, so that they sum to the quota in every month.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

from funnelcli.renderers.workbook.book import quoted
from funnelcli.renderers.workbook.draft import Place, seen
from funnelcli.renderers.workbook.formulas import Term, biggest, down, number, rounded, span, total, up
from funnelcli.renderers.workbook.looks import HEADER, Look
from funnelcli.renderers.workbook.solving import Desk
from funnelcli.text import Message

# Rests that differ by less than this are the same: the channel that is named first goes first.
_REST_DECIMALS = 9
_SHARE: Look = {"num_format": "0.0000"}
_COUNT: Look = {"num_format": "#,##0.0000"}

_SHARED_OUT = Message("Shared out: {stage}")
_EACH_NEEDS = Message("{channel}: for one of the stage after")
_ALL_NEED = Message("All channels")
_PART = Message("{channel}: share")
_LACKS = Message("{channel} lacks")
_WHOLE = Message("{channel}, whole")
_REST = Message("{channel}, rest")
_LEFT = Message("Left to give")


def stage_before(after: Sequence[Term], need: Term, *, divided: bool, by_month: bool) -> list[tuple[Term, Term | None]]:
    """What the stage before must bring, by month: its running total, and that of the months before to be taken off.

    ``need`` is the rate at which people go on (``divided``), or how many each of the stage after needs.
    """

    def needed(quota: Term) -> Term:
        return up(quota / need if divided else quota * need)

    if by_month:
        return [(needed(quota), None) for quota in after]
    totals = [needed(total(after[: place + 1]) if place else after[0]) for place in range(len(after))]
    return [(totals[0], None), *((later, before) for before, later in pairwise(totals))]


def put_stage(desk: Desk, row: int, after: Sequence[Place], need: Term, look: Look, *, divided: bool) -> list[Place]:
    """The quotas of a stage, in a row of the sheet of targets: running totals less what the months before have."""
    places: list[Place] = []
    quotas = stage_before(desk.there(after), need, divided=divided, by_month=desk.plan.by_month)
    for column, (running, before) in zip(desk.columns, quotas, strict=True):
        done = desk.there(places)
        term = running if before is None else running - (total(done) if len(done) > 1 else done[0])
        places.append(desk.target.put(row, column, term, look))
    return places


# --- channels --------------------------------------------------------------------------------------------------------


def weights_of_new(desk: Desk, shares: Mapping[str, Place]) -> dict[str, Place]:
    """Each channel's part of the new customers, all of them together being 1."""
    places = seen(list(shares.values()), desk.work.name)
    return {
        key: desk.work.alone(_PART.of(desk.lang).format(channel=_name(desk, key)), share / total(places), _SHARE)
        for key, share in zip(shares, places, strict=True)
    }


def needs_of_stage(
    desk: Desk, weights: Mapping[str, Place], rates: Mapping[str, Place]
) -> tuple[Place, dict[str, Place]]:
    """How many of a stage each of the stage after needs, in all; and each channel's part of them."""
    work, lang = desk.work, desk.lang
    needs: dict[str, Place] = {}
    for key, weight in weights.items():
        term = desk.here([weight])[0] / desk.here([rates[key]])[0]
        needs[key] = work.alone(_EACH_NEEDS.of(lang).format(channel=_name(desk, key)), term, _SHARE)
    every = work.alone(_ALL_NEED.of(lang), total(desk.here(list(needs.values()))), _SHARE)
    all_of_them = desk.here([every])[0]
    parts = {
        key: work.alone(_PART.of(lang).format(channel=_name(desk, key)), desk.here([need])[0] / all_of_them, _SHARE)
        for key, need in needs.items()
    }
    return every, parts


def share_out(
    desk: Desk, label: str, whole: Sequence[Place], weights: Mapping[str, Place], rows: Mapping[str, int], look: Look
) -> dict[str, list[Place]]:
    """The quota of a stage shared out among channels, each in its row of the sheet of targets."""
    work, lang, keys = desk.work, desk.lang, list(weights)
    work.row += 1
    work.say(work.row, 0, _SHARED_OUT.of(lang).format(stage=label), HEADER)
    first = work.row + 1
    count = len(keys)
    for place, key in enumerate(keys):
        for block, text in enumerate((_LACKS, _WHOLE, _REST)):
            work.say(first + block * count + place, 0, text.of(lang).format(channel=_name(desk, key)))
    work.say(first + 3 * count, 0, _LEFT.of(lang))
    given: dict[str, list[Place]] = {key: [] for key in keys}
    for month, column in enumerate(desk.columns):
        running = desk.here(whole[: month + 1])
        so_far = total(running) if month else running[0]
        wholes: list[Term] = []
        rests: list[Term] = []
        for place, key in enumerate(keys):
            lacking = _lacking(desk, weights[key], so_far, given[key])
            lack = work.put(first + place, column, lacking, _COUNT).seen(work.name)
            wholes.append(work.put(first + count + place, column, down(lack), _COUNT).seen(work.name))
            rest = Term(f"ROUND({(lack - wholes[-1]).text},{_REST_DECIMALS})",
                        rounded(lack.value - wholes[-1].value, _REST_DECIMALS))  # fmt: skip
            rests.append(work.put(first + 2 * count + place, column, rest, _COUNT).seen(work.name))
        left = work.put(first + 3 * count, column, running[-1] - total(wholes), _COUNT)
        for place, key in enumerate(keys):
            term = _given(desk, place, wholes, rests, desk.there([left])[0])
            given[key].append(desk.target.put(rows[key], column, term, look))
    work.row = first + 3 * count + 2
    return given


def _lacking(desk: Desk, weight: Place, running: Term, given: Sequence[Place]) -> Term:
    wanted = desk.here([weight])[0] * running
    done = desk.here(given)
    return biggest(wanted - (total(done) if len(done) > 1 else done[0]) if done else wanted, number(0))


def _given(desk: Desk, place: int, wholes: Sequence[Term], rests: Sequence[Term], left: Term) -> Term:
    """What a channel gets: its whole part, and one more or less by its rest.

    One more goes to the largest rests, of equals to the first; one is taken back where most was given, of equals last.
    """

    def there(terms: Sequence[Term]) -> str:
        return f"{quoted(desk.work.name)}!{span(terms)}"

    own_rest, own_whole = there([rests[place]]), there([wholes[place]])
    before, after = rests[:place], rests[place + 1 :]
    ahead = f"SUMPRODUCT(--({there(rests)}>{own_rest}))"
    ahead += f"+SUMPRODUCT(--({there(before)}={own_rest}))" if before else ""
    able = f"SUMPRODUCT(({there(wholes)}>0)*({there(rests)}<{own_rest}))"
    if after:
        able += f"+SUMPRODUCT(({there(wholes[place + 1 :])}>0)*({there(after)}={own_rest}))"
    text = (
        f"{own_whole}+IF({left.text}>0,IF({ahead}<{left.text},1,0),"
        f"IF(AND({left.text}<0,{own_whole}>0,{able}<-{left.text}),-1,0))"
    )
    return Term(text, wholes[place].value + _extra(place, wholes, rests, left.value))


def _extra(place: int, wholes: Sequence[Term], rests: Sequence[Term], left: float) -> int:
    own = rests[place].value
    if left > 0:
        ahead = sum(rest.value > own for rest in rests) + sum(rest.value == own for rest in rests[:place])
        return 1 if ahead < left else 0
    if left < 0 and wholes[place].value > 0:
        able = [(rest.value, i) for i, rest in enumerate(rests) if wholes[i].value > 0]
        first = sum(rest < own or (rest == own and i > place) for rest, i in able)
        return -1 if first < -left else 0
    return 0


def _name(desk: Desk, key: str) -> str:
    label = desk.plan.channel_labels.get(key)
    return label.of(desk.lang) if label else key
