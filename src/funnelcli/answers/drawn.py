"""Blocks that are drawn: key figures, the funnel, trends, what customers came and went, parts, progress of teams.

They hold raw values, as all blocks do; a format that cannot draw takes them as the tables of `plain_drawn`.
"""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from funnelcli.answers.answer import Figures, Listing, PlainBlock
from funnelcli.answers.cells import Change, Months, Number, Quotient, Words
from funnelcli.text import Text
from funnelcli.values.periods import Grain, Period


class Goal(Struct, frozen=True, kw_only=True):
    """A target beside a figure: how much of it there is, and whether it is kept (None: nothing to judge)."""

    target: Number
    share: Number
    kept: bool | None


class Point(Struct, frozen=True, kw_only=True):
    """A figure of a period, and its target where there is one; a ``partial`` period is not yet whole.

    One that is foretold has ``bounds``, from the lowest to the highest: nine of ten cases lie within the outer ones,
    half of them within the inner ones.
    """

    period: Period
    figure: Number
    partial: bool = False
    target: Number | None = None
    bounds: tuple[Number, ...] = ()


class Series(Struct, frozen=True, kw_only=True):
    """A metric over periods.  A ``level`` or a count has bars from zero, a rate has a line.

    ``headline`` is the place of the period that the page is about.
    """

    key: str
    label: Text
    grain: Grain
    points: tuple[Point, ...]
    headline: int
    is_rate: bool
    change: Change | None = None

    @property
    def figure(self) -> Number:
        """The figure that the page is about."""
        return self.points[self.headline].figure


class KeyFigure(Struct, frozen=True, kw_only=True):
    """A figure that stands first: its change (``difference``: in its own unit) since ``base``, and its target.

    ``divided`` are the two counts of a rate.
    """

    series: Series
    base: Months | None
    difference: Number | None
    goal: Goal | None
    divided: Quotient | None = None


class KeyFigures(Struct, frozen=True, kw_only=True):
    """The figures that stand first, the most important one at the head."""

    figures: tuple[KeyFigure, ...]


class RunningRow(Struct, frozen=True, kw_only=True):
    """A figure of the month that runs: so far, expected by now, at this pace, and its target."""

    key: str
    label: Text
    so_far: Number
    expected: Number
    projected: Number
    target: Number
    kept: bool | None


class Running(Struct, frozen=True, kw_only=True):
    """The period that is not yet whole, of which ``gone`` of ``days`` days have passed; it is not compared."""

    month: Months
    gone: int
    days: int
    rows: tuple[RunningRow, ...]


class Step(Struct, frozen=True, kw_only=True):
    """A step of the funnel: its count, its share of the step before and of the first one, and who did not go on.

    ``earlier`` is the share of the step before in the period before.
    """

    key: str
    label: Text
    count: Number
    target: Number | None
    share: Number | None
    earlier: Number | None
    change: Change | None
    of_first: Number | None
    not_on: Number | None


class Funnel(Struct, frozen=True, kw_only=True):
    """The steps from the first visit to the contract, counted in one period: not one group of people.

    Steps of the same people, or deals, have a ``note`` that says so, and are of the range from ``month``.
    """

    month: Months
    base: Months | None
    steps: tuple[Step, ...]
    note: Text | None = None


class Spoke(Struct, frozen=True, kw_only=True):
    """What stands for a force of the wheel: its title, and a figure where there is one."""

    title: Text
    key: str = ""
    label: Text | None = None
    figure: Number | None = None
    change: Change | None = None


class Wheel(Struct, frozen=True, kw_only=True):
    """A wheel: three forces that turn it, what its ``hub`` hands on, and the ``brakes`` of its friction."""

    month: Months
    base: Months | None
    spokes: tuple[Spoke, ...]
    hub: Spoke
    friction: Text
    brakes: tuple[Spoke, ...]


class Trends(Struct, frozen=True, kw_only=True):
    """A chart for each metric, each on a scale of its own."""

    headline: Months
    partial: Months | None
    series: tuple[Series, ...]
    has_targets: bool


class Fans(Struct, frozen=True, kw_only=True):
    """A chart for each metric that is foretold: what is known of it, and where it goes with its bands."""

    series: tuple[Series, ...]
    has_targets: bool
    has_bands: bool


FlowKind = Literal["balance", "gain", "loss"]


class Flow(Struct, frozen=True, kw_only=True):
    """A line of a roll-forward: a balance, or what came or went."""

    label: Text
    key: str
    amount: Number
    kind: FlowKind


class RollForward(Struct, frozen=True, kw_only=True):
    """From a balance to the next by what came and went, over a period or a range."""

    period: Months
    flows: tuple[Flow, ...]


class Movements(Struct, frozen=True, kw_only=True):
    """Roll-forwards beside each other, each on a scale of its own, and the rate of those lost."""

    charts: tuple[RollForward, ...]
    rate_label: Text | None
    lost: Quotient | None
    change: Change | None
    month: Months


class PartRow(Struct, frozen=True, kw_only=True):
    """A part of a dimension in the headline period, and its rates over the range."""

    label: Words
    count: Number
    difference: Number | None
    share: Number
    series: Series
    rates: tuple[Quotient | Number, ...]
    customers: Number
    amount: Number | None
    of_amount: Number | None


class Breakdown(Struct, frozen=True, kw_only=True):
    """What the parts of a dimension bring; ``total`` is the whole.  ``rates`` are the titles of the rates.

    ``more`` parts are not shown.
    """

    dimension: Text
    month: Months
    span: Months
    base: Months | None
    counted: Text
    rates: tuple[Text, ...]
    customers: Text
    amount: Text | None
    rows: tuple[PartRow, ...]
    total: PartRow
    more: int = 0


class ProgressRow(Struct, frozen=True, kw_only=True):
    """A figure of a team beside its target.  ``pace`` is what is expected by now of a period that runs, as a share.

    ``good`` is down for what had better stay low: its target is a limit.
    """

    key: str
    label: Text
    actual: Number
    target: Number
    share: Number
    pace: Number | None
    kept: bool | None
    to_go: Number
    good: Literal["up", "down"]


class ProgressGroup(Struct, frozen=True, kw_only=True):
    """A team and its figures."""

    team: Words
    rows: tuple[ProgressRow, ...]


class Progress(Struct, frozen=True, kw_only=True):
    """Who is where; ``unmeasured`` names quotas that have no actual figure."""

    month: Months
    groups: tuple[ProgressGroup, ...]
    unmeasured: tuple[Words, ...] = ()


class Definition(Struct, frozen=True, kw_only=True):
    """What a figure counts and how it is made, with the figure of the headline period."""

    key: str
    label: Text
    definition: Text
    formula: Text
    terms: tuple[str, ...]
    figure: Number | None


class Definitions(Struct, frozen=True, kw_only=True):
    """The definitions of what the page shows, and how many ``more`` there was no room for."""

    month: Months
    entries: tuple[Definition, ...]
    more: int = 0


class Lead(Struct, frozen=True, kw_only=True):
    """The head of a page: the firm, the period, a brief of a few sentences, and what all stands on.

    ``base`` is the period that it is compared with.  A page that ``is_titled`` bears its title, others their period.
    """

    firm: Words | None
    period: Months
    base: Months | None
    title: Words
    brief: tuple[Words, ...]
    basis: tuple[Words, ...]
    is_titled: bool = False


class Folded(Struct, frozen=True, kw_only=True):
    """A list that is shown where it is asked for; its title is what stands there instead.

    Of a list of ``total`` rows that has not as many the ``command`` shows them all.
    """

    listing: Listing
    total: int
    command: str


DrawnBlock = (
    KeyFigures | Running | Funnel | Wheel | Trends | Fans | Movements | Breakdown | Progress | Definitions | Folded
)


class Chapter(Struct, frozen=True, kw_only=True):
    """A titled part of a page; ``name`` is its anchor, and a link in the head leads to it.

    ``link`` are the words of that link where the title is too long for one.
    """

    name: str
    title: Text
    lead: Words | None = None
    link: Text | None = None
    blocks: tuple[DrawnBlock | PlainBlock | Figures, ...]


class DrawnPage(Struct, frozen=True, kw_only=True):
    """A page with pictures: its head, the figures that stand first, and its chapters.

    ``left_out`` are the titles of those that there was no room for.  Where it ``is_explained``, each figure says by
    itself what it counts.
    """

    lead: Lead
    first: tuple[DrawnBlock, ...]
    chapters: tuple[Chapter, ...]
    left_out: tuple[Text, ...] = ()
    is_explained: bool = True
