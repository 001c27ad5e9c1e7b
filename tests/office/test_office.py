"""Workbooks worked out by a spreadsheet: every formula comes to the report's figure, and quotas follow assumptions.

LibreOffice is started once for all of them.  What it works out it has no result for beforehand: openpyxl, which changes
the assumptions, writes formulas without them.
"""

from __future__ import annotations

import os
import random
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction as Frac
from pathlib import Path

import openpyxl
import pytest

from answers import plan_of, track_of
from funnelcli import open_folder
from funnelcli.answers.targets_answer import targets_answer
from funnelcli.answers.targets_file import read_targets
from funnelcli.answers.track_answer import track_answer
from funnelcli.planning.declare import Kind
from funnelcli.planning.goals import MRR, NEW_PAID_USERS, PAID_USERS, REVENUE, GoalType
from funnelcli.planning.metrics import VISITORS, stages
from funnelcli.planning.model import AnyKey, Key, Measured, Plan, Pooled, RevenueModel, Rounding, Shape, ShapeKind
from funnelcli.planning.plan import By, make_plan
from funnelcli.planning.seasons import Season
from funnelcli.problems import GoalError
from funnelcli.renderers import Style, formats
from funnelcli.values.channels import Channel
from planned import ONE_OFF, RECURRING, spec
from support import EXAMPLES, NOW
from workbooks import faults, formulas, opened

OFFICE = shutil.which("soffice") or shutil.which("libreoffice")
if OFFICE is None and os.environ.get("CI") == "true":
    pytest.fail("CI works the workbooks out in LibreOffice, and there is none", pytrace=False)
pytestmark = pytest.mark.skipif(OFFICE is None, reason="no LibreOffice here: no workbook was worked out by one")
SECONDS = 600
RATES = (Key.DEMO_TO_PAID, Key.SIGNUP_TO_DEMO, Key.VISITOR_TO_SIGNUP)
CHANNELS = (Channel.PAID, Channel.ORGANIC, Channel.REFERRAL, Channel.PARTNER)


@dataclass(frozen=True, kw_only=True)
class Sort:
    """A sort of plan: what differs between those of one sort are numbers."""

    goal: GoalType
    shape: ShapeKind = ShapeKind.STEADY
    model: RevenueModel = RECURRING
    by: By = By.WHOLE
    rounding: Rounding = Rounding.RUNNING
    months: int = 6


SORTS = (
    Sort(goal=MRR),
    Sort(goal=MRR, shape=ShapeKind.GROWTH, by=By.CHANNEL, months=5),
    Sort(goal=MRR, shape=ShapeKind.SEASONAL, months=12),
    Sort(goal=MRR, rounding=Rounding.MONTH, by=By.CHANNEL, months=4),
    Sort(goal=REVENUE, months=12),
    Sort(goal=REVENUE, shape=ShapeKind.GROWTH, months=9),
    Sort(goal=REVENUE, shape=ShapeKind.REVENUE),
    Sort(goal=REVENUE, shape=ShapeKind.REVENUE, model=ONE_OFF),
    Sort(goal=REVENUE, model=ONE_OFF, by=By.TEAM, months=3),
    Sort(goal=PAID_USERS, shape=ShapeKind.SEASONAL, by=By.TEAM, months=4),
    Sort(goal=PAID_USERS, model=ONE_OFF, rounding=Rounding.MONTH),
    Sort(goal=NEW_PAID_USERS, shape=ShapeKind.GROWTH, by=By.CHANNEL, months=7),
    Sort(goal=NEW_PAID_USERS, months=1),
)


@dataclass(frozen=True, kw_only=True)
class Drawn:
    """The numbers of a plan: its assumptions, its goal, its months, and the rates and shares of its channels."""

    values: Mapping[Key, Frac]
    amount: Frac
    growth: Frac
    season: Mapping[int, int]
    amounts: tuple[Frac, ...]
    mix: Mapping[Channel, Frac]
    rates: Mapping[Channel, Mapping[Key, Frac]]


def drawn(sort: Sort, dice: random.Random) -> Drawn:
    opening, price = Frac(dice.randint(0, 3000)), Frac(dice.randint(100, 3_000_000))
    mrr = opening * dice.randint(100, 2_000_000)
    values = {
        Key.DEMO_TO_PAID: Frac(dice.randint(5, 90), 100),
        Key.SIGNUP_TO_DEMO: Frac(dice.randint(50, 900), 1000),
        Key.VISITOR_TO_SIGNUP: Frac(dice.randint(1, 400), dice.choice([1589, 4000, 74_510])),
        Key.CHURN: Frac(dice.choice([0, 1, 3, 5, 10, 25]), 100),
        Key.OPENING: opening,
        **({Key.DEAL_SIZE: price} if sort.model is ONE_OFF else {Key.NEW_ARPA: price, Key.OPENING_MRR: mrr}),
    }
    level = mrr + price * dice.randint(1, 900) if sort.model is RECURRING else price * dice.randint(1, 3000)
    customers = {NEW_PAID_USERS: Frac(dice.randint(1, 5000)), PAID_USERS: opening + dice.randint(0, 900)}
    amount = customers.get(sort.goal, level * (sort.months if sort.goal is REVENUE else 1) + dice.randint(0, 99))
    parts = [dice.randint(1, 9) for _ in CHANNELS]
    return Drawn(
        values=values,
        amount=amount,
        growth=Frac(dice.randint(-30, 60), 100),
        season={month: dice.randint(1, 50) for month in range(1, 13)},
        amounts=tuple(Frac(int(amount * dice.randint(1, 9) / sort.months / 5)) for _ in range(sort.months)),
        mix={channel: Frac(part, sum(parts)) for channel, part in zip(CHANNELS, parts, strict=True)},
        rates={
            channel: {key: Frac(dice.randint(2, 60), dice.choice([61, 97, 120])) for key in RATES}
            for channel in CHANNELS
        },
    )  # fmt: skip


def plan(sort: Sort, numbers: Drawn) -> Plan:
    """The plan of some numbers, as the command makes it; referrals come without any visit."""
    window = ("2025-07", "2025-12")

    def pooled(rate: Frac) -> Pooled:
        return Pooled(numerator=Frac(rate.numerator * 1000), denominator=Frac(rate.denominator * 1000), months=window)

    split = sort.by is not By.WHOLE
    measured = Measured(
        pooled={key: pooled(numbers.values[key]) for key in RATES},
        of_channel={c: {key: pooled(rate) for key, rate in of.items()} for c, of in numbers.rates.items()},
        season=Season(weights={month: Frac(weight) for month, weight in numbers.season.items()}),
        ever={
            stage.key: frozenset(CHANNELS) - ({Channel.REFERRAL} if stage is VISITORS else frozenset())
            for stage in stages()
        },
    )
    by_amounts = sort.shape is ShapeKind.REVENUE
    shape = Shape(
        kind=sort.shape,
        growth=numbers.growth if sort.shape is ShapeKind.GROWTH else Frac(0),
        amounts=numbers.amounts if by_amounts else (),
        rounding=sort.rounding,
    )
    amount = sum(numbers.amounts, Frac(0)) if by_amounts else numbers.amount
    given: dict[AnyKey, Frac | int | None] = {
        key: value for key, value in numbers.values.items() if not (split and key in RATES)
    }
    return make_plan(
        spec(
            sort.goal, amount, given, months=sort.months, model=sort.model, shape=shape, measured=measured, by=sort.by,
            mix=numbers.mix if split else None,
        )
    )  # fmt: skip


def reachable(sort: Sort, dice: random.Random) -> Plan:
    """A plan whose goal can be met: of other numbers the command makes none, either."""
    while True:
        try:
            return plan(sort, drawn(sort, dice))
        except GoalError:
            continue


def written(made: Plan) -> bytes:
    return formats()["xlsx"].render(targets_answer(made), Style())


def typed(book: openpyxl.Workbook, wanted: Plan) -> int:
    """Type the assumptions of a plan into the yellow cells; how many there were."""
    cells = {
        name.removeprefix("asm_"): str(defined.attr_text).rpartition("!")[2].replace("$", "")
        for name, defined in book.defined_names.items()
        if name.startswith("asm_")
    }
    values = dict(_assumptions(wanted))
    for name, cell in cells.items():
        book["Targets"][cell].value = float(values[name])
    return len(cells)


def _assumptions(made: Plan) -> Iterator[tuple[str, Frac]]:
    yield "goal", made.goal.amount
    yield "growth", made.shape.growth
    yield from ((assumed.key.value, assumed.value) for assumed in made.assumptions if assumed.value is not None)
    yield from ((f"weight_{place}", share) for place, share in enumerate(made.shares, start=1))
    yield from ((f"amount_{place}", amount) for place, amount in enumerate(made.shape.amounts, start=1))
    for part in made.channels:
        yield f"{part.channel.value}_share", part.share
        yield from (
            (f"{part.channel.value}_{key.value}", r.rate) for key, r in part.rates.items() if r.rate is not None
        )


Quotas = dict[tuple[str, str, str, str], Frac]


def quotas(made: Plan) -> Quotas:
    """Every figure that a plan has targets of, but for what its policies cost."""
    return {
        (row.metric.key, row.channel.value if row.channel else "", row.team or "", period.key): value
        for row in made.rows
        if row.metric.kind is not Kind.BUDGET and row.metric.tracked
        for period, value in zip(made.periods, row.values, strict=True)
        if value is not None
    }


def read_back(data: bytes) -> Quotas:
    """The targets that `track` reads from a workbook."""
    rows = read_targets(data, "targets.xlsx").rows
    return {
        (metric, channel.value if channel else "", team or "", month): value
        for (metric, channel, team), months in rows.items()
        for month, value in months.items()
    }


def differing(read: Quotas, wanted: Quotas) -> dict[object, object]:
    """Where whole numbers are others, or expectations by more than floating point is off; none is no row of zeros."""
    off: dict[object, object] = {}
    for key in read.keys() | wanted.keys():
        got, aim = read.get(key, Frac(0)), wanted.get(key, Frac(0))
        if abs(got - aim) > (0 if aim.denominator == 1 else Frac(1, 10**9) * (abs(aim) + 1)):
            off[key] = (got, aim)
    return off


def worked_out(folder: Path, books: Mapping[str, bytes]) -> dict[str, bytes]:
    """The workbooks as LibreOffice writes them, all of them opened by one start of it."""
    (folder / "in").mkdir()
    for name, data in books.items():
        (folder / "in" / f"{name}.xlsx").write_bytes(data)
    command = [
        str(OFFICE), "--headless", f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--convert-to", "xlsx",
        "--outdir", str(folder / "out"), *(str(folder / "in" / f"{name}.xlsx") for name in books),
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, check=False)
    assert done.returncode == 0, done.stderr
    assert "rror" not in done.stdout
    return {name: (folder / "out" / f"{name}.xlsx").read_bytes() for name in books}


def saved(book: openpyxl.Workbook, path: Path) -> bytes:
    """The workbook as openpyxl writes it: formulas without what they come to."""
    book.save(path)
    return path.read_bytes()


def books_as_made() -> dict[str, bytes]:
    """Workbooks of each sort, as the commands write them."""
    with open_folder(EXAMPLES / "saas_vn", now=NOW) as folder:
        report = folder.report(last=3, by="channel", as_of="2026-10-12").to_bytes("xlsx")
        vietnamese = folder.report(last=2).to_bytes("xlsx", lang="vi")
        revenue = folder.report(last=3, section=("revenue",)).to_bytes("xlsx")
    track = formats()["xlsx"].render(track_answer(track_of(plan_of(By.CHANNEL))), Style())
    plan = written(plan_of(By.TEAM))
    return {"report": report, "vietnamese": vietnamese, "revenue": revenue, "track": track, "plan": plan}


def test_a_spreadsheet_comes_to_the_same_figures(tmp_path: Path) -> None:
    """Reports, a comparison and a plan as they are; plans of each sort with the assumptions of another one typed in."""
    as_made = books_as_made()
    dice = random.Random(11)
    pairs = [(reachable(sort, dice), reachable(sort, dice)) for sort in SORTS]
    books = {f"{name} bare": saved(opened(data, worked_out=False), tmp_path / "b") for name, data in as_made.items()}
    for place, (first, other) in enumerate(pairs):
        book = opened(written(first), worked_out=False)
        assert "Calculation" in book.sheetnames, SORTS[place]
        assert typed(book, other) >= 4
        books[str(place)] = saved(book, tmp_path / "b")
    done = worked_out(tmp_path, {**as_made, **books})
    for name, data in as_made.items():
        known, now = opened(data), opened(done[f"{name} bare"])
        cells = list(formulas(data))
        off = [
            (sheet, cell, known[sheet][cell].value, now[sheet][cell].value)
            for sheet, cell in cells
            if not alike(known[sheet][cell].value, now[sheet][cell].value)
        ]
        assert (len(cells) > 20, off) == (True, []), name
        assert opened(done[name]).sheetnames == known.sheetnames
        assert faults(data) == []
    others = {place: differing(read_back(done[str(place)]), quotas(other)) for place, (_, other) in enumerate(pairs)}
    assert {SORTS[place]: off for place, off in others.items() if off} == {}
    changed = [place for place, (first, other) in enumerate(pairs) if quotas(first) != quotas(other)]
    assert changed == list(range(len(SORTS)))


def alike(known: object, now: object) -> bool:
    if isinstance(known, int | float) and isinstance(now, int | float):
        return abs(known - now) <= 1e-9 * (abs(known) + 1)
    return known == now or (known in ("", None) and now in ("", None))
