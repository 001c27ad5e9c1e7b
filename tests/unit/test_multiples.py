"""What amounts are multiplied or divided by: minor units, quantities, intervals; and headers that say a term."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from support import in_month, said_of, write_folder

START = "user_id,started_at,ended_at"


def paid(folder: Path, header: str, rows: Sequence[str], config: str = "") -> float | None:
    """The MRR at the end of January of customers of whom each has one of ``rows`` behind the start and no end."""
    lines = [f"{START},{header}", *(f"u{n},2026-01-0{n},,{row}" for n, row in enumerate(rows, 1))]
    write_folder(folder, {"paid_users.csv": "\n".join(lines) + "\n"}, config)
    return in_month(folder, "2026-01", "closing_mrr_amount", as_of="2026-01-31")[0]


def setting(text: str) -> str:
    return f"[inputs.paid_users]\n{text}\n"


# --- the minor unit ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("header", ["amount_cents", "Amount (¢)", "MRR (cents)", "amountMinor"])
def test_cents_of_no_named_currency_are_asked_about(header: str, tmp_path: Path) -> None:
    """3 x 3,000 cents are 90: by the setting that is named, or by the currency; 9,000 where they are whole amounts."""
    rows = ["month,3000"] * 3
    assert paid(tmp_path, f"interval,{header}", rows) is None
    column = "mrr" if "MRR" in header else "amount"
    said = said_of(tmp_path)
    assert list(said) == [("amount-unit-undecided", column)]
    assert 'amount_unit = "minor"' in said["amount-unit-undecided", column][1]
    assert paid(tmp_path, f"interval,{header}", rows, setting('amount_unit = "minor"')) == 90
    assert said_of(tmp_path) == {}
    assert paid(tmp_path, f"interval,{header}", rows, '[business]\ncurrency = "USD"\n') == 90
    assert paid(tmp_path, f"interval,{header}", rows, setting('amount_unit = "major"')) == 9000


@pytest.mark.parametrize(("currency", "mrr"), [("usd", 90), ("kwd", 9), ("jpy", 9000), ("idr", 90)])
def test_the_minor_unit_is_that_of_the_currency(currency: str, mrr: int, tmp_path: Path) -> None:
    """3 x 3,000: cents, the thousandths of a dinar, yen that have no other unit."""
    assert paid(tmp_path, "interval,amount_cents,currency", [f"month,3000,{currency}"] * 3) == mrr
    assert said_of(tmp_path) == {}


@pytest.mark.parametrize(
    ("header", "cell", "unit"),
    [("unit_amount", "3000", "minor"), ("price_minor_units", "3000", "minor"), ("price_micros", "30000000", "micro")],
)
def test_the_step_for_amounts_of_an_interface_names_their_unit(
    header: str, cell: str, unit: str, tmp_path: Path
) -> None:
    """3 x 30 dollars; with the column alone, without the unit, nothing is counted, and it is said why."""
    rows = [f"month,{cell},usd"] * 3
    assert paid(tmp_path, f"interval,{header},currency", rows) is None
    _, step = said_of(tmp_path)["unread-column", header]
    assert f"amount = '{header}'; [inputs.paid_users] amount_unit = \"{unit}\"" in step
    columns = f'[inputs.paid_users.columns]\namount = "{header}"\n'
    assert paid(tmp_path, f"interval,{header},currency", rows, setting(f'amount_unit = "{unit}"') + columns) == 90
    if header != "price_minor_units":
        assert paid(tmp_path, f"interval,{header},currency", rows, columns) is None
        assert list(said_of(tmp_path)) == [("amount-unit-undecided", "amount")]


# --- quantities and numbers of intervals ---------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["{}", "{} seats", "x{}", "{} người", "{},0", "{} user(s)"])
def test_a_quantity_may_stand_among_words(form: str, tmp_path: Path) -> None:
    """20 x (5 + 1 + 3) = 180."""
    rows = [f'month,20,"{form.format(number)}"' for number in (5, 1, 3)]
    assert paid(tmp_path, "interval,amount,Qty", rows, setting('amount_is = "each"')) == 180
    assert said_of(tmp_path) == {}


@pytest.mark.parametrize("cell", ["five", "unlimited", "-1", "5.5", "5k", "5-10"])
def test_a_quantity_that_is_no_number_leaves_the_mrr_out(cell: str, tmp_path: Path) -> None:
    assert paid(tmp_path, "interval,amount,Qty", [f"month,20,{cell}", "month,20,1"]) is None
    assert list(said_of(tmp_path)) == [("not-a-quantity", "quantity")]
    config = "[inputs.paid_users.columns]\nquantity = false\n[inputs.paid_users]\nignore = ['Qty']\n"
    assert paid(tmp_path, "interval,amount,Qty", [f"month,20,{cell}", "month,20,1"], config) == 40


def test_an_empty_quantity_beside_others_is_said_to_count_as_1(tmp_path: Path) -> None:
    """20 x (3 + 1) = 80."""
    rows, each = ["month,20,3", "month,20,"], 'amount_is = "each"\n'
    assert paid(tmp_path, "interval,amount,Qty", rows, setting(each)) == 80
    assert list(said_of(tmp_path)) == [("quantity-empty", "quantity")]
    assert paid(tmp_path, "interval,amount,Qty", rows, setting(f"{each}ignore = ['Qty']")) == 80
    assert said_of(tmp_path) == {}
    paid(tmp_path, "interval,amount,Qty", ["month,20,1", "month,20,"], setting(each))
    assert said_of(tmp_path) == {}


@pytest.mark.parametrize(
    ("cell", "mrr"),
    [("3", 60), ("x3", 60), ("3 months", 60), ("three", None), ("0", None), ("-1", None), ("3 years", None)],
)
def test_a_number_of_intervals(cell: str, mrr: int | None, tmp_path: Path) -> None:
    """90 for three months and 30 for one: 30 + 30."""
    rows = [f"month,90,{cell}", "month,30,1"]
    assert paid(tmp_path, "interval,amount,interval_count", rows) == mrr
    assert list(said_of(tmp_path)) == ([("not-a-quantity", "interval_count")] if mrr is None else [])


@pytest.mark.parametrize("header", ["Số chi nhánh", "Số cửa hàng", "Số điểm bán", "Branches"])
def test_small_whole_numbers_beside_amounts_are_named_as_what_may_multiply(header: str, tmp_path: Path) -> None:
    """20 x (5 + 1 + 3) = 180 by the setting that is named."""
    rows = ["month,20,5", "month,20,1", "month,20,3"]
    assert paid(tmp_path, f"interval,amount,{header}", rows) == 60
    _, step = said_of(tmp_path)["unread-column", header]
    assert f"quantity = '{header}'" in step
    config = f"[inputs.paid_users]\namount_is = 'each'\n[inputs.paid_users.columns]\nquantity = '{header}'\n"
    assert paid(tmp_path, f"interval,amount,{header}", rows, config) == 180


@pytest.mark.parametrize("form", ["{} seats", "x{}", "{} người dùng"])
def test_numbers_of_units_in_words_are_a_quantity_and_no_status(form: str, tmp_path: Path) -> None:
    rows = [f"month,20,{form.format(number)}" for number in (5, 2, 3)]
    paid(tmp_path, "interval,amount,Licences", rows)
    assert "quantity = 'Licences'" in said_of(tmp_path)["unread-column", "Licences"][1]
    for words in ("{} employees", "{} GB", "{} sao"):  # what somebody has, and nobody pays for each
        paid(tmp_path, "interval,amount,Info", [f"month,20,{words.format(number)}" for number in (5, 2, 3)])
        assert "quantity" not in str(said_of(tmp_path))


# --- terms in headers, and in words --------------------------------------------------------------------------------


def test_an_amount_a_year_is_not_spread_over_the_interval_of_its_bills(tmp_path: Path) -> None:
    """3 x 1,200 a year are 300 a month; spread over the months in which it is billed they would be 3,600."""
    rows = ["month,1200"] * 3
    assert paid(tmp_path, "interval,amount per year", rows) is None
    _, step = said_of(tmp_path)["unread-column", "amount per year"]
    assert "amount = 'amount per year'; [inputs.paid_users] amount_for = \"year\"" in step
    columns = '[inputs.paid_users.columns]\namount = "amount per year"\n'
    config = f'[inputs.paid_users]\ninterval = "year"\n{columns}interval = false\n'
    assert paid(tmp_path, "interval,amount per year", rows, config) == 300
    assert said_of(tmp_path) == {}
    assert (
        paid(tmp_path, "interval,amount per year", rows, f'[inputs.paid_users]\namount_for = "year"\n{columns}') == 300
    )
    assert said_of(tmp_path) == {}
    assert paid(tmp_path, "interval,amount per year", rows, columns) == 300
    assert list(said_of(tmp_path)) == [("term-in-header", "amount")]
    spread = f'[inputs.paid_users]\namount_for = "interval"\n{columns}'
    assert paid(tmp_path, "interval,amount per year", rows, spread) == 3600
    assert said_of(tmp_path) == {}
    assert paid(tmp_path, "interval,amount per year", ["year,1200"] * 3, columns) == 300
    assert said_of(tmp_path) == {}


def test_the_settings_say_what_words_of_intervals_mean(tmp_path: Path) -> None:
    """30 + 240 / 12 + 90 / 3 = 80."""
    rows = ["Mensual,30", "Anual,240", "Trimestral,90"]
    assert paid(tmp_path, "interval,amount", rows) is None
    assert (
        "[inputs.paid_users.intervals] 'Mensual' = \"month\""
        in said_of(tmp_path)["interval-not-understood", "interval"][1]
    )
    config = '[inputs.paid_users.intervals]\nMensual = "month"\nanual = "year"\nTrimestral = "3 months"\n'
    assert paid(tmp_path, "interval,amount", rows, config) == 80
    assert said_of(tmp_path) == {}


@pytest.mark.parametrize("header", ["Amount incl. VAT", "Số tiền chưa gồm thuế", "Total before tax"])
def test_an_amount_with_or_without_tax_is_an_amount(header: str, tmp_path: Path) -> None:
    assert paid(tmp_path, f"interval,{header},VAT", ["month,33,3"] * 3) is None
    assert list(said_of(tmp_path)) == [("unread-column", header)]
    assert (
        paid(
            tmp_path,
            f"interval,{header},VAT",
            ["month,33,3"] * 3,
            f"[inputs.paid_users.columns]\namount = '{header}'\n",
        )
        == 99
    )
