"""What holds of the movements of MRR, whatever the rows: the bridge closes, and changes that must change nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from draws import any_of
from oracle.mrr_days import ONE_DAY, Paid
from oracle.mrr_recount import METRICS, MOVEMENTS
from oracle.random_paid import ASKED, Case, Cells, cases, toml_of, write_paid
from support import Figure, FigureKey, figures, folder_of

# Rows lie in some months more.
MONTHS = ASKED[:8]
MONTH_KEYS = tuple(key for key, _, _ in MONTHS)
KEYS = (*MONTH_KEYS, "total")
AMOUNTS = ("opening_mrr_amount", *MOVEMENTS, "transferred_mrr_amount", "closing_mrr_amount")
NRR, GRR = "net_revenue_retention_rate", "gross_revenue_retention_rate"
Known = dict[FigureKey, Figure]


def revenue_of(case: Case, by: str | None = None, *, order: Sequence[int] | None = None, more: str = "") -> Known:
    """The revenue section of a case; ``more`` are lines of [inputs.paid_users]."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        write_paid(folder, case, order)
        text = toml_of(case).replace('decimal = "."\n', f'decimal = "."\n{more}')
        (folder / "funnel.toml").write_text(text, encoding="utf-8")
        result = folder_of(folder).report(
            section="revenue", start=MONTH_KEYS[0], end=MONTH_KEYS[-1], by=by, as_of=case.rules.as_of
        )
        return {key: figure for key, figure in figures(result.report).items() if key[0] in METRICS}


def hundredths(known: Known, metric: str, part: str | None, key: str) -> int | None:
    """An amount in whole hundredths: where it is none, it is no amount that was added up."""
    value = known.get((metric, part, key), (None, None, None))[0]
    if value is None:
        return None
    assert abs(value * 100 - round(value * 100)) < 1e-4, (metric, part, key, value)
    return round(value * 100)


def parts_of(known: Known) -> list[str]:
    return sorted({part for _, part, _ in known if part is not None})


def summed(amounts: Iterable[int | None]) -> int | None:
    total = 0
    for amount in amounts:
        if amount is None:
            return None
        total += amount
    return total


@settings(max_examples=8)
@given(case=cases(), by=any_of("channel", "plan"))
def test_the_bridge_closes_in_every_part_and_parts_sum_to_the_whole(case: Case, by: str) -> None:
    known = revenue_of(case, by)
    assert _closed(known, by) or any(row.hundredths is None for row in case.paying())
    _parts_sum_to_the_whole(known, by)
    _each_closing_is_the_next_opening(known, case)
    _the_range_is_the_sum_of_its_months(known, case)
    _what_is_retained_is_at_most_all(known)


def _closed(known: Known, by: str) -> int:
    """In how many periods and parts all of the bridge is known: what is there, comes and goes is what is left."""
    closed = 0
    for key in KEYS:
        for part in (None, *parts_of(known)):
            amounts = {metric: hundredths(known, metric, part, key) for metric in AMOUNTS}
            if by == "channel" or part is None:
                amounts["transferred_mrr_amount"] = 0
            if None not in amounts.values():
                opening, new, back, up, down, lost, over, closing = (amount or 0 for amount in amounts.values())
                assert opening + new + back + up - down - lost + over == closing, (part, key, amounts)
                closed += 1
    return closed


def _parts_sum_to_the_whole(known: Known, by: str) -> None:
    for metric in AMOUNTS if by == "plan" else [name for name in AMOUNTS if name != "transferred_mrr_amount"]:
        for key in KEYS:
            shares = summed(hundredths(known, metric, part, key) for part in parts_of(known))
            whole = 0 if metric == "transferred_mrr_amount" else hundredths(known, metric, None, key)
            assert shares is None or shares == whole, (metric, key)


def _each_closing_is_the_next_opening(known: Known, case: Case) -> None:
    begun = [key for key, first, _ in MONTHS if first <= case.rules.as_of]
    for part in (None, *parts_of(known)):
        closings = [known["closing_mrr_amount", part, key] for key in begun]
        openings = [known["opening_mrr_amount", part, key] for key in begun]
        assert closings[:-1] == openings[1:], part
        assert known["opening_mrr_amount", part, "total"] == openings[0], part
        assert known["closing_mrr_amount", part, "total"] == closings[-1], part


def _the_range_is_the_sum_of_its_months(known: Known, case: Case) -> None:
    begun = [key for key, first, _ in MONTHS if first <= case.rules.as_of]
    for metric in MOVEMENTS:
        of_months = summed(hundredths(known, metric, None, key) for key in begun)
        assert of_months == hundredths(known, metric, None, "total"), metric


def _what_is_retained_is_at_most_all(known: Known) -> None:
    """And with expansion no less."""
    pairs = [(known[NRR, part, key], known[GRR, part, key]) for metric, part, key in known if metric == NRR]
    assert len(pairs) == len(KEYS) * (1 + len(parts_of(known)))
    for net, gross in pairs:
        assert (net[0] is None) == (gross[0] is None)
        assert net[2] == gross[2]
        assert net[0] is None or gross[0] is None or 0 <= gross[0] <= min(1, net[0])


# --- changes that must change nothing -----------------------------------------------------------------------------


@settings(max_examples=4)
@given(case=cases(), by=any_of("channel", "plan"), data=st.data())
def test_the_order_of_rows_changes_nothing(case: Case, by: str, data: st.DataObject) -> None:
    order = data.draw(st.permutations(range(len(case.rows))))
    assert revenue_of(case, by, order=order) == revenue_of(case, by)


@settings(max_examples=4)
@given(case=cases())
def test_the_currency_and_its_minor_unit_change_no_number(case: Case) -> None:
    """Dong have no decimals and dollars two; an amount in cents is the same amount."""
    dollars = revenue_of(replace(case, currency="USD"))
    assert revenue_of(replace(case, currency="VND")) == dollars
    cents = tuple((row, _in_cents(cells)) for row, cells in case.rows)
    minor = revenue_of(replace(case, currency="USD", rows=cents), more='amount_unit = "minor"\n')
    assert minor == dollars


def _in_cents(cells: Cells) -> Cells:
    mrr, amount, interval = cells
    times = [text and f"{Decimal(text) * 100:f}" for text in (mrr, amount)]
    return times[0], times[1], interval


@settings(max_examples=4)
@given(case=cases())
def test_plans_of_other_names_change_nothing_of_the_whole(case: Case) -> None:
    """But where a renewal before the end is one of the same plan."""
    alike = tuple(dict.fromkeys((replace(row, plan="Basic"), cells) for row, cells in case.rows))
    if len({row for row, _ in alike}) == len(case.rows):  # two rows that have become one are one
        case = replace(case, rules=replace(case.rules, early_days=0))
        assert revenue_of(replace(case, rows=alike)) == revenue_of(case)


@settings(max_examples=4)
@given(case=cases(), at=any_of(*range(1, 40, 3)))
def test_a_row_cut_in_two_is_the_row(case: Case, at: int) -> None:
    """The second part begins the day after the first ends, so that nothing moves.

    But where another row of the customer ends as the first part does: the second one would follow that too.
    """
    case = replace(case, rules=replace(case.rules, early_days=0))
    ends = {(row.user, row.end) for row, _ in case.rows}
    rows: list[tuple[Paid, Cells]] = []
    for row, cells in case.rows:
        first_end = row.start + timedelta(days=at)
        if cells[0] and (row.end is None or row.end > first_end) and (row.user, first_end) not in ends:
            rows += [(replace(row, end=first_end), cells), (replace(row, start=first_end + ONE_DAY), cells)]
        else:
            rows.append((row, cells))
    assert revenue_of(replace(case, rows=tuple(rows)), "plan") == revenue_of(case, "plan")


@settings(max_examples=4)
@given(case=cases())
def test_a_row_shared_out_over_two_that_overlap_is_the_row(case: Case) -> None:
    case = replace(case, rules=replace(case.rules, early_days=0))
    rows: list[tuple[Paid, Cells]] = []
    for row, cells in case.rows:
        if row.hundredths == (57 + 43) * 100:
            rows += [(replace(row, hundredths=share * 100), (str(share), "", "")) for share in (57, 43)]
        else:
            rows.append((row, cells))
    assert revenue_of(replace(case, rows=tuple(rows)), "plan") == revenue_of(case, "plan")
