"""The neutral report: raw values with units, the periods they stand for, notes and provenance."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from funnelcli.channels import CHANNELS, Channel
from funnelcli.checks import orphan_rows, overlapping_sums, reach_findings, unused_monthly_columns
from funnelcli.config import Config
from funnelcli.counts import Counts, count, stays_until
from funnelcli.errors import KINDS, BrokenIdentityError, InputError, Problems, Severity, UsageError
from funnelcli.exports.model import Exports, Extent
from funnelcli.ingest.discover import Stage
from funnelcli.measures import Measure
from funnelcli.metrics import SHOWN, evaluate
from funnelcli.metrics.identities import check_channels, check_periods, check_total
from funnelcli.metrics.model import Metric
from funnelcli.periods import Grain, Period, bounded, parse_bound, period_of, shift, whole
from funnelcli.revenue import NO_AMOUNTS
from funnelcli.units import Missing, Note, Text, Unit, Value

DEFAULT_PERIODS = 6
MAX_PERIODS = 240
MANY_IN_COMMON = 20
# Takes a note's code, its words in English and Vietnamese, and the facts to fill in.
Noting = Callable[..., None]


@dataclass(frozen=True, kw_only=True)
class RangeOptions:
    """The range as the user wrote it; nothing is decided yet."""

    first: str | None = None
    last: str | None = None
    month: str | None = None
    latest: int | None = None
    grain: Grain = Grain.MONTH
    as_of: str | None = None


@dataclass(frozen=True, kw_only=True)
class ReportSpec:
    """Every default filled in: from here on nothing asks the clock, the environment or the config.

    ``before`` is the period before the first, for the change; None where the exports do not reach it.
    """

    title: Text
    periods: tuple[Period, ...]
    before: Period | None
    grain: Grain
    as_of: date
    by_channel: bool
    timezone: str
    currency: str
    skip_bad_rows: bool


@dataclass(frozen=True, kw_only=True)
class Row:
    """One metric over the periods, of the whole business (channel None) or of one channel.

    ``before`` is its value in the period before the first one shown.
    """

    metric: Metric
    label: Text
    channel: Channel | None
    cells: tuple[Value, ...]
    total: Value
    before: Value | None

    @property
    def unit(self) -> Unit:
        """What the figures count."""
        return self.metric.unit

    @property
    def is_without_amounts(self) -> bool:
        """Whether it is missing throughout because nothing read has an amount; people then need not see it."""
        return all(
            cell.missing is not None and cell.missing.code == NO_AMOUNTS.code for cell in (*self.cells, self.total)
        )


@dataclass(frozen=True, kw_only=True)
class Source:
    """One file: what was read of it, and (when asked for) the SHA-256 of its bytes."""

    file: str
    stage: str
    sha256: str | None
    rows_read: int
    rows_counted: int
    rows_duplicate: int
    rows_rejected: int
    rows_filtered: int


@dataclass(frozen=True, kw_only=True)
class Report:
    """The dashboard as data."""

    spec: ReportSpec
    rows: tuple[Row, ...]
    notes: tuple[Note, ...]
    sources: tuple[Source, ...]


# --- the spec ----------------------------------------------------------------------------------------------------


def resolve_as_of(text: str | None, extents: Mapping[Stage, Extent], timezone: str, now: datetime) -> date:
    """The last day that counts: as asked for, else the latest event in the files.

    ``now`` is only looked at for ``today``.  Raises UsageError for what is no date, InputError where no file has a row.
    """
    if text is None:
        if not extents:
            raise InputError(
                "No file has a row to count.",
                hint="Check that the exports are not empty; `funnelcli check` shows what was read.",
            )
        return max(extent.last for extent in extents.values())
    if text.strip().casefold() == "today":
        return now.astimezone(ZoneInfo(timezone)).date()
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise UsageError(f"--as-of {text!r} is not a date.", hint="Write it like 2026-10-31, or today.") from None


def resolve_periods(options: RangeOptions, extents: Mapping[Stage, Extent], as_of: date) -> tuple[Period, ...]:
    """The periods to show.  Raises UsageError for options that contradict, InputError where there is nothing to show."""
    grain = options.grain
    if options.month and (options.first or options.last or options.latest):
        raise UsageError("--month stands alone.", hint="Use either --month, or --from and --to, or --last.")
    if options.first and options.latest:
        raise UsageError("--from and --last contradict each other.", hint="Use one of them, with --to if you like.")
    if options.latest is not None and options.latest < 1:
        raise UsageError("--last must be at least 1.")
    if options.latest is not None and options.latest > MAX_PERIODS:
        raise UsageError(f"--last {options.latest} is more than {MAX_PERIODS} periods.", hint="Ask for fewer.")
    months = sorted(m for extent in extents.values() for m in extent.months if m <= as_of)
    if options.month:
        only = parse_bound(options.month, grain, last=False, option="--month")
        ending = parse_bound(options.month, grain, last=True, option="--month")
        return bounded(only, ending, grain, most=MAX_PERIODS)
    if not months and not (options.first and options.last):
        raise InputError(
            f"No row lies at or before {as_of}.", hint="Check --as-of, or run `funnelcli check` to see the dates."
        )
    end = parse_bound(options.last, grain, last=True, option="--to") if options.last else period_of(months[-1], grain)
    if options.first:
        return bounded(parse_bound(options.first, grain, last=False, option="--from"), end, grain, most=MAX_PERIODS)
    start = shift(end, 1 - (options.latest or DEFAULT_PERIODS), grain)
    first_data = period_of(months[0], grain)
    if options.latest is None and start < first_data <= end:
        start = first_data
    return bounded(start, end, grain, most=MAX_PERIODS)


_TITLE = Text("Funnel dashboard", "Bảng theo dõi phễu")


def resolve(
    options: RangeOptions, exports: Exports, *, now: datetime, by_channel: bool, skip_bad_rows: bool
) -> ReportSpec:
    """Options, settings and what the files reach over, made into one spec with every default filled in."""
    config: Config = exports.config
    as_of = resolve_as_of(options.as_of, exports.extents, config.business.timezone, now)
    periods = resolve_periods(options, exports.extents, as_of)
    before = shift(periods[0], -1, options.grain)
    begins = min((extent.first for extent in exports.extents.values()), default=None)
    name = config.business.name
    return ReportSpec(
        title=Text(f"{name} — {_TITLE.en}", f"{name} — {_TITLE.vi}") if name else _TITLE,
        periods=periods,
        before=before if begins is not None and before.end > begins else None,
        grain=options.grain,
        as_of=as_of,
        by_channel=by_channel,
        timezone=config.business.timezone,
        currency=exports.currency,
        skip_bad_rows=skip_bad_rows,
    )


# --- the report --------------------------------------------------------------------------------------------------


def build(exports: Exports, spec: ReportSpec, *, digests: bool = False) -> Report:
    """The report of checked exports.  ``digests`` adds the files' SHA-256, which takes a second pass over them.

    Raises BrokenIdentityError where figures contradict each other: a bug, and nothing may be written.
    """
    counted = (spec.before, *spec.periods) if spec.before else spec.periods
    counts = count(exports, counted, spec.as_of)
    total_counts = count(exports, [whole(spec.periods)], spec.as_of)
    channels: list[Channel | None] = [None, *CHANNELS] if spec.by_channel else [None]
    skip = 1 if spec.before else 0
    values = {channel: evaluate(counts, len(counted), channel) for channel in channels}
    totals = {channel: evaluate(total_counts, 1, channel) for channel in channels}
    for channel in channels:
        check_periods(values[channel], [p.key for p in counted], counts, channel)
        check_total({key: column[skip:] for key, column in values[channel].items()}, totals[channel])
    if spec.by_channel:
        check_channels(values[None], {c: values[c] for c in CHANNELS})
        check_channels(totals[None], {c: totals[c] for c in CHANNELS})
    _check_tallies(exports)
    rows = [
        Row(
            metric=metric,
            label=metric.label_for(spec.grain),
            channel=channel,
            cells=values[channel][metric.key][skip:],
            total=totals[channel][metric.key][0],
            before=values[channel][metric.key][0] if skip else None,
        )
        for metric in SHOWN
        for channel in channels
        if channel is None or metric.by_channel
    ]
    return Report(
        spec=spec,
        rows=tuple(rows),
        notes=tuple(_notes(exports, spec, counts, rows, skip)),
        sources=_sources(exports, digests=digests),
    )


def _check_tallies(exports: Exports) -> None:
    for tally in exports.tallies:
        if tally.read != tally.counted + tally.duplicate + tally.rejected:
            raise BrokenIdentityError(
                f"{tally.file}: {tally.read} rows read are not {tally.counted} counted + {tally.duplicate} duplicate + "
                f"{tally.rejected} rejected. Nothing was written."
            )


def _digest(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _sources(exports: Exports, *, digests: bool) -> tuple[Source, ...]:
    paths = {(stage, one.name): one.file.path for stage, opened in exports.opened.items() for one in opened}
    order = list(Stage)
    return tuple(
        Source(
            file=tally.file,
            stage=tally.stage.value,
            sha256=_digest(paths[tally.stage, tally.file]) if digests else None,
            rows_read=tally.read,
            rows_counted=tally.counted,
            rows_duplicate=tally.duplicate,
            rows_rejected=tally.rejected,
            rows_filtered=tally.filtered,
        )
        for tally in sorted(exports.tallies, key=lambda t: (order.index(t.stage), t.file))
    )


# --- notes -------------------------------------------------------------------------------------------------------


def _notes(exports: Exports, spec: ReportSpec, counts: Counts, rows: Sequence[Row], skip: int) -> list[Note]:
    notes: list[Note] = []

    def note(code: str, en: str, vi: str, **facts: object) -> None:
        notes.append(Note(code, Text(en, vi).filled(**facts)))

    for period in spec.periods:
        if period.cut_by(spec.as_of) and period.start <= spec.as_of:
            note(
                "partial-period",
                "{key} is partial: counted up to {as_of}.",
                "{key} chưa trọn kỳ: tính đến {as_of}.",
                key=period.key,
                as_of=spec.as_of,
            )
    _balance_notes(exports, note)
    _missing_notes(rows, note)
    left = sum(
        number
        for place in range(len(spec.periods))
        if isinstance(number := counts.get(Measure.JOINED_AND_LEFT, place + skip, None), int)
    )
    if left:
        note(
            "joined-and-left",
            "{n} joined and left within one period: they count among the new (or reactivated) PU and among the lost.",
            "{n} lượt vào và rời trong cùng một kỳ: tính cả ở PU mới (hoặc quay lại) và ở PU mất.",
            n=left,
        )
    above = [f"{row.metric.key} {key}" for row in rows if row.channel is None and row.unit is Unit.RATE
             for key, cell in zip([*(p.key for p in spec.periods), "total"], (*row.cells, row.total), strict=True)
             if (cell.value or 0) > 1]  # fmt: skip
    if above:
        note(
            "rate-above-one",
            "Above 100 %, which a period rate may be (other people stand above and below): {list}.",
            "Trên 100 % (tỷ lệ theo kỳ có thể vượt vì tử và mẫu là những người khác nhau): {list}.",
            list=_listed(above),
        )
    _provisional_note(exports, spec, note)
    _data_notes(exports, spec, note)
    return notes


def _listed(items: Sequence[str], most: int = 8) -> str:
    shown = ", ".join(items[:most])
    return f"{shown}, … (+{len(items) - most})" if len(items) > most else shown


def _balance_notes(exports: Exports, note: Noting) -> None:
    opening = exports.config.opening
    starts = [
        (stage, key)
        for stage, key in ((Stage.SIGNUPS, "registered_users"), (Stage.PAID_USERS, "paid_users"))
        if stage in exports.extents and (opening is None or getattr(opening, key) is None)
    ]
    first = min((exports.extents[stage].first for stage, _ in starts), default=None)
    if first is not None:
        names = {"registered_users": "RU", "paid_users": "PU"}
        note(
            "balances-start-here",
            "Balances start here: {month} is the first month in the files ({what}); give earlier ones in [opening].",
            "Số dư bắt đầu từ đây: {month} là tháng đầu tiên trong tệp ({what}); số dư trước đó khai trong [opening].",
            month=f"{first:%Y-%m}",
            what=", ".join(names[key] for _, key in starts),
        )


def _missing_notes(rows: Sequence[Row], note: Noting) -> None:
    """One note for each reason that leaves a whole row empty; reasons of single cells stay with the cells."""
    reasons: dict[str, tuple[Missing, list[str]]] = {}
    for row in rows:
        missing = [cell.missing for cell in row.cells]
        if row.channel is None and all(missing) and row.total.missing and not row.is_without_amounts:
            reason = row.total.missing
            reasons.setdefault(reason.code, (reason, []))[1].append(row.metric.key)
    for code, (reason, keys) in reasons.items():
        note("missing-" + code, "Missing: {keys} ({reason}).", "Thiếu: {keys} ({reason}).",
             keys=_listed(keys, 24), reason=reason.reason)  # fmt: skip
    by_key = {row.metric.key: row for row in rows if row.channel is None}
    visits, existing = by_key["net_new_visitors"], by_key["existing_user_visits"]
    if any(v.value is not None and e.missing for v, e in zip(visits.cells, existing.cells, strict=True)):
        note(
            "existing-not-taken-off",
            "net_new_visitors is organic + paid here: visits by existing users could not be taken off.",
            "net_new_visitors ở đây là tự nhiên + quảng cáo: không trừ được lượt của người dùng hiện tại.",
        )
    for key, residual in (("paid_visits", "organic_visits"), ("paid_signups", "organic_signups")):
        reason_of = by_key[key].total.missing
        if reason_of is not None and by_key[residual].total.value is not None:
            note(
                "all-in-residual",
                "{residual} holds what no channel measures: {reason}.",
                "{residual} gồm cả phần không đo được theo kênh: {reason}.",
                residual=residual,
                reason=reason_of.reason,
            )


def _provisional_note(exports: Exports, spec: ReportSpec, note: Noting) -> None:
    """Losses so near as_of that a renewal within the grace days could still undo them."""
    grace = exports.config.paid_users.grace_days
    if exports.paid_users is None:
        return
    stays = stays_until(exports, spec.as_of)
    limit = (spec.as_of - date(1970, 1, 1)).days
    open_losses = int(((stays["end"] <= limit) & (stays["end"] >= limit - grace)).sum())
    if open_losses:
        note(
            "provisional-losses",
            "{n} of the losses may still be undone: they ended on or after {day}, so a renewal could yet continue them.",
            "{n} PU mất có thể chưa chắc chắn: hết hạn từ {day}, vẫn có thể gia hạn nối tiếp.",
            n=open_losses,
            day=spec.as_of - timedelta(days=grace),
        )


def _data_notes(exports: Exports, spec: ReportSpec, note: Noting) -> None:
    rejected = sum(tally.rejected for tally in exports.tallies)
    if rejected and spec.skip_bad_rows:
        note(
            "rows-left-out",
            "{n} rows with errors were left out (--skip-bad-rows): {kinds}.",
            "Đã bỏ qua {n} dòng lỗi (--skip-bad-rows): {kinds}.",
            n=rejected,
            kinds=_kinds(exports.problems, Severity.ERROR),
        )
    for stage, counter in exports.unmatched.items():
        if counter:
            top = sorted(counter.items(), key=lambda item: (-item[1], item[0]))
            note(
                "unmatched-sources",
                "Sources in {stage} that match no channel, counted as organic: {list}.",
                "Nguồn trong {stage} không khớp kênh nào, tính là tự nhiên: {list}.",
                stage=stage.value,
                list=_listed([f"{source} ({n})" for source, n in top], 5),
            )
    for stage in (Stage.DEMOS, Stage.PAID_USERS):
        orphans = orphan_rows(exports, stage)
        frame = exports.demos if stage is Stage.DEMOS else exports.paid_users
        if orphans is not None and frame is not None and len(orphans):
            people = frame["user_id"].nunique()
            note(
                "users-without-signup",
                "{n} of {people} users in {stage} never signed up in the export; they count.{hint}",
                "{n} trong {people} người ở {stage} không có trong danh sách đăng ký; vẫn được tính.{hint}",
                n=len(orphans),
                people=people,
                stage=stage.value,
                hint=_id_hint(exports, stage) if len(orphans) * 2 > people else "",
            )
    filtered = sum(tally.filtered for tally in exports.tallies)
    if filtered:
        note(
            "rows-filtered",
            "{n} rows were left out by keep and drop in funnel.toml.",
            "{n} dòng bị loại theo keep và drop trong funnel.toml.",
            n=filtered,
        )
    for later, earlier, common in overlapping_sums(exports):
        if common >= MANY_IN_COMMON:
            note(
                "overlapping-files",
                "{n} (day, source) sums of {later} also stand in {earlier}: are they two exports of the same days?",
                "{n} tổng (ngày, nguồn) của {later} cũng có trong {earlier}: có phải hai tệp trùng ngày?",
                n=common,
                later=later,
                earlier=earlier,
            )
    if exports.timezone_assumed:
        note(
            "timezone-assumed",
            "Times with an offset were converted to {zone}; set [business] timezone if yours is another.",
            "Giờ có múi giờ đã đổi sang {zone}; nếu khác hãy đặt [business] timezone.",
            zone=spec.timezone,
        )
    if columns := unused_monthly_columns(exports):
        note(
            "monthly-columns-unused",
            "Monthly columns not used, since there is an export for them: {list}.",
            "Cột của bảng tháng không dùng vì đã có tệp riêng: {list}.",
            list=_listed(columns),
        )
    for one in reach_findings(exports, spec.as_of):
        note(one.code, "{file} {message}. {hint}", "{file} {message}. {hint}", file=one.file, message=one.message,
             hint=one.hint)  # fmt: skip
    warnings = _kinds(exports.problems, Severity.WARNING)
    if warnings:
        note("warnings", "Odd but counted: {kinds}; `funnelcli check` lists them.",
             "Bất thường nhưng vẫn tính: {kinds}; xem `funnelcli check`.", kinds=warnings)  # fmt: skip


def _id_hint(exports: Exports, stage: Stage) -> str:
    ours = {one.columns.header_of("user_id") for one in exports.opened[stage]}
    theirs = {one.columns.header_of("user_id") for one in exports.opened[Stage.SIGNUPS]}
    names = [", ".join(sorted(filter(None, side))) for side in (ours, theirs)]
    return f" Are the ids of one kind ({names[0]} / {names[1]})?"


def _kinds(problems: Problems, severity: Severity) -> str:
    found = {one.code for one in problems.of(severity)}
    return ", ".join(f"{code} ({problems.count(code)})" for code in KINDS if code in found)
