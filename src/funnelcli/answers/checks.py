"""What is odd but legal in checked exports; each finding points at its row."""

from collections.abc import Iterator
from datetime import date, timedelta

import pandas as pd

from funnelcli.facts.exports import OPEN_END, Exports, Extent
from funnelcli.inputs.monthly import MONTHLY_COLUMNS
from funnelcli.inputs.spec import EXPORT_STAGES, Stage
from funnelcli.problems import Problem, Problems, problem
from funnelcli.values.dates import DAY_MICROS, day_of
from funnelcli.values.periods import Grain, month_of, span

_DAY_COLUMN = {Stage.SIGNUPS: "day", Stage.DEMOS: "booked", Stage.PAID_USERS: "start"}
_CELL = {Stage.SIGNUPS: "signed_up_at", Stage.DEMOS: "booked_at", Stage.PAID_USERS: "started_at"}


def odd_findings(exports: Exports, as_of: date, *, today: date | None = None) -> Problems:
    """Every warning about the exports as a whole; ``today`` adds those about dates that lie ahead of the clock."""
    found = Problems()
    found.extend(_orphans(exports))
    found.extend(_paid_before_signup(exports))
    found.extend(reach_findings(exports, as_of))
    found.extend(_sources(exports))
    found.extend(_unused_columns(exports))
    found.extend(_overlaps(exports))
    if today is not None:
        found.extend(_future(exports, today))
    return found


def reach_findings(exports: Exports, as_of: date) -> list[Problem]:
    """What the exports do not reach over: whole months without a row, a late beginning, an early end."""
    return [*_gaps(exports, as_of), *_reach(exports, as_of)]


def _frame(exports: Exports, stage: Stage) -> pd.DataFrame | None:
    return {
        Stage.SIGNUPS: exports.signups,
        Stage.DEMOS: exports.demos,
        Stage.PAID_USERS: exports.paid_users,
    }.get(stage)


def _at(exports: Exports, stage: Stage, row: object, code: str, column: str, **facts: object) -> Problem:
    file = exports.opened[stage][int(row.file)].name  # type: ignore[attr-defined]
    return problem(code, file=file, line=int(row.line), column=column, **facts)  # type: ignore[attr-defined]


def iso(number: int) -> str:
    """A day number as an ISO date."""
    return day_of(int(number) * DAY_MICROS).isoformat()


def orphan_rows(exports: Exports, stage: Stage) -> pd.DataFrame | None:
    """The first row of each user of a stage who has no signup; None where there is nothing to compare."""
    frame = _frame(exports, stage)
    if frame is None or exports.signups is None:
        return None
    orphans = frame[~frame["signed_up"]]
    return orphans.sort_values(["file", "line"]).drop_duplicates("user_id")


def _orphans(exports: Exports) -> Iterator[Problem]:
    for stage in (Stage.DEMOS, Stage.PAID_USERS):
        orphans = orphan_rows(exports, stage)
        if orphans is not None:
            for row in orphans.itertuples():
                yield _at(exports, stage, row, "orphan-user", "user_id", user=row.user_id)


def _paid_before_signup(exports: Exports) -> Iterator[Problem]:
    if exports.signups is None or exports.paid_users is None:
        return
    first = exports.paid_users.sort_values(["start", "file", "line"]).drop_duplicates("user_id")
    both = first.merge(exports.signups[["user_id", "day"]], on="user_id")
    for row in both[both["start"] < both["day"]].sort_values(["file", "line"]).itertuples():
        yield _at(
            exports, Stage.PAID_USERS, row, "paid-before-signup", "started_at", user=row.user_id,
            started=iso(row.start), signed_up=iso(row.day),  # type: ignore[arg-type]
        )  # fmt: skip


def _gaps(exports: Exports, as_of: date) -> Iterator[Problem]:
    """Whole months without a row between a stage's first and last; starts of paid users may rest a month."""
    for stage, extent in exports.extents.items():
        if stage in (Stage.PAID_USERS, Stage.MONTHLY):
            continue
        last = min(extent.last, as_of)
        if extent.first > last:
            continue
        months = span(month_of(extent.first), month_of(last), Grain.MONTH)
        empty = [month.key for month in months if month.start not in extent.months]
        if empty:
            yield problem("month-gap", file=exports.names(stage), months=", ".join(empty))


def reaches_to(stage: Stage, extent: Extent, as_of: date) -> date:
    """The day up to which an export tells: as_of, unless its last row lies so far before it that it must have ended.

    Visits and signups come nearly every day; of demos and starts of paid users none may come for a month.
    """
    quiet = timedelta(days=3 if stage in (Stage.VISITORS, Stage.SIGNUPS) else 31)
    return extent.last if extent.last < as_of - quiet else max(as_of, extent.last)


def begins_at(stage: Stage, extent: Extent, first: date) -> date:
    """The day from which an export tells: the month of its first row, or if it begins late the month after.

    It begins late where its first row lies well after the ``first`` of all exports; then part of its month is not there.
    """
    quiet = timedelta(days=3 if stage in (Stage.VISITORS, Stage.SIGNUPS) else 31)
    month = month_of(extent.first)
    late = extent.first > first + quiet and extent.first > month.start
    return month.end if late else month.start


def _reach(exports: Exports, as_of: date) -> Iterator[Problem]:
    """A stage that begins months after another, or ends a while before as_of, shows zeros that are none."""
    extents = {stage: extent for stage, extent in exports.extents.items() if stage is not Stage.MONTHLY}
    if not extents:
        return
    earliest = min(extents, key=lambda stage: (extents[stage].first, stage.value))
    for stage, extent in extents.items():
        late = month_of(extent.first).start > month_of(extents[earliest].first).end
        if late and stage in (Stage.VISITORS, Stage.SIGNUPS) and earliest in (Stage.VISITORS, Stage.SIGNUPS):
            yield problem(
                "begins-late", file=exports.names(stage), first=extent.first, other=exports.names(earliest),
                other_first=extents[earliest].first,
            )  # fmt: skip
        if reaches_to(stage, extent, as_of) < as_of:
            yield problem("ends-early", file=exports.names(stage), last=extent.last, as_of=as_of)


def _sources(exports: Exports) -> Iterator[Problem]:
    for stage in EXPORT_STAGES:
        counts = exports.unmatched.get(stage)
        for source, count in sorted((counts or {}).items(), key=lambda item: (-item[1], item[0])):
            yield problem(
                "unmatched-source", file=exports.names(stage), column="source", value=source[:80], count=count
            )


def unused_monthly_columns(exports: Exports) -> list[str]:
    """The monthly columns whose stage has an export of its own, which is then what counts."""
    if exports.monthly is None:
        return []
    own = [stage for stage in EXPORT_STAGES if stage in exports.files]
    return sorted(key for stage in own for key in MONTHLY_COLUMNS[stage] if key in exports.monthly.columns)


def _unused_columns(exports: Exports) -> Iterator[Problem]:
    for key in unused_monthly_columns(exports):
        yield problem(
            "unused-column",
            file=exports.names(Stage.MONTHLY),
            column=key,
            reason="there is an export of its own for it",
        )


def overlapping_sums(exports: Exports) -> list[tuple[str, str, int]]:
    """Pairs of files of summed visits with how many (day, source) sums they have in common."""
    summed = exports.visits.summed if exports.visits is not None else {}
    names = sorted(summed)
    pairs = [(later, earlier) for place, later in enumerate(names) for earlier in names[:place]]
    return [(later, earlier, n) for later, earlier in pairs if (n := len(summed[later] & summed[earlier]))]


def _overlaps(exports: Exports) -> Iterator[Problem]:
    """Files that may be two exports of overlapping months."""
    for later, earlier, common in overlapping_sums(exports):
        yield problem("overlapping-files", file=later, other=earlier, count=common)


def _future(exports: Exports, today: date) -> Iterator[Problem]:
    limit = (today - date(1970, 1, 1)).days
    if exports.visits is not None:
        ahead = sorted({day for day, _ in exports.visits.sums if day > today})
        if ahead:
            yield problem(
                "future-date",
                file=exports.names(Stage.VISITORS),
                column="date",
                value=ahead[0].isoformat(),
                limit=today,
            )
    for stage, column in _DAY_COLUMN.items():
        frame = _frame(exports, stage)
        if frame is not None:
            for row in frame[(frame[column] > limit) & (frame[column] < OPEN_END)].itertuples():
                day = iso(getattr(row, column))
                yield _at(exports, stage, row, "future-date", _CELL[stage], value=day, limit=today)
