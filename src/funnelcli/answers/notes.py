"""What the reader of a report should know: periods cut short, reasons of missing figures, oddities of the data."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import date, timedelta

from funnelcli.answers.checks import done_ahead, orphans, overlapping_sums, reach_findings, unused_monthly_columns
from funnelcli.answers.cost_notes import cost_notes
from funnelcli.answers.joins import inputs_that_join_none, join_findings
from funnelcli.answers.reach_notes import listed, reach_notes, starts_ahead
from funnelcli.answers.report_model import ReportSpec, Row
from funnelcli.answers.rule_checks import rules_shown
from funnelcli.answers.success_notes import success_notes
from funnelcli.answers.wheel_notes import wheel_notes
from funnelcli.counting import measures
from funnelcli.counting.counts import Counts, count
from funnelcli.counting.select import day_number
from funnelcli.facts.model import Facts
from funnelcli.inputs import exports
from funnelcli.metrics.model import DASHBOARD, OTHERS, Ratio
from funnelcli.problems import Problem, Problems
from funnelcli.problems.kinds import KINDS, Severity
from funnelcli.stats.distinct import distinct
from funnelcli.text import NOTHING, Message, Text, as_text, day_words, joined, month_words
from funnelcli.text.plain import plain
from funnelcli.values.figures import Missing, Note, Unit
from funnelcli.values.periods import Period, whole

MANY_IN_COMMON = 20
NOTABLE = 0.1
MOST_STATUSES = 5
NOT_READ = ("not-a-file",)
UNREAD = ("unread-column", "unread-column-excludes")
# Which the report says as the check does, with what to do about it; and which without.
WITH_STEP = (
    "payments-list", "plan-without-amounts", "same-visits-twice", "visits-agree", "visits-summed-again",
    "visits-counted-alike",
    "order-of-others", "read-also",
)  # fmt: skip
IN_WORDS = ("rows-are-events", "rows-may-be-events", "rollup-rows", "plan-may-not-pay")
# Takes a note's code, its words, and the facts to fill in.
Noting = Callable[..., None]


def notes_of(facts: Facts, spec: ReportSpec, counts: Counts, rows: Sequence[Row], skip: int) -> list[Note]:
    """The notes of a report, in the order shown; ``skip`` is 1 where a period before the first was counted too."""
    notes: list[Note] = [*spec.said]

    def note(code: str, words: Text, **facts: object) -> None:
        notes.append(Note(code, words.filled(**{name: plain(fact) for name, fact in facts.items()})))

    _partial_notes(spec, note)
    notes += reach_notes(facts, spec)
    is_dashboard = any(row.metric.section in DASHBOARD for row in rows)
    if is_dashboard:
        _balance_notes(facts, note)
    _missing_notes(rows, note)
    if is_dashboard:
        notes += came_and_went(counts, range(skip, skip + len(spec.periods)))
    notes += wheel_notes(spec, rows)
    notes += success_notes(counts.facts, spec, {row.metric.key for row in rows if any(c.value for c in row.cells)})
    _above_one_note(spec, rows, note)
    _provisional_note(facts, spec, note)
    notes += cost_notes(facts, rows)
    notes += _left_out(facts, skip_bad_rows=spec.skip_bad_rows)
    notes += _join_notes(facts)
    _data_notes(facts, spec, note)
    notes += _reach_notes(facts, spec.as_of)
    _understanding_notes(facts.problems, note)
    notes += notes_of_findings([fault for fault in facts.problems if fault.code in WITH_STEP])
    notes += notes_of_findings(done_ahead(facts, spec.as_of, NOTABLE))
    notes += notes_of_findings(rules_shown(facts, spec.by, {row.metric.section for row in rows}))
    notes += _not_read_notes(facts)
    warnings = _kinds(facts.problems, Severity.WARNING, but=SAID_APART)
    if warnings:
        note("warnings", Message("Odd but counted: {kinds}; `funnelcli check` lists them."), kinds=warnings)
    return notes


def _partial_notes(spec: ReportSpec, note: Noting) -> None:
    """Periods that have begun and are cut short by as_of."""
    for period in spec.periods:
        if period.cut_by(spec.as_of) and period.start <= spec.as_of:
            note(
                "partial-period",
                Message("{key} is partial: counted up to {as_of}."),
                key=period.words,
                as_of=day_words(spec.as_of),
            )


_NOT_IN_THE_RATE = Message(', and not in the churn rate ([churn] method = "opening")')


_MEASURED = Message("In the months measured ")


def came_and_went(counts: Counts, places: Iterable[int], over: Text = NOTHING) -> list[Note]:
    """Customers who came and went within one period, which no balance shows; and by [churn] who went and came.

    ``places`` are the periods of the counts; ``over`` says which they are, where that is not plain.
    """
    of_opening, periods = counts.facts.config.churn.method == "opening", tuple(places)

    def number(measure: measures.Measure) -> int:
        numbers = (counts.get(measure, place) for place in periods)
        return sum(number for number in numbers if isinstance(number, int))

    notes: list[Note] = []
    rate = _NOT_IN_THE_RATE if of_opening else NOTHING
    if left := number(measures.JOINED_AND_LEFT):
        text = Message(
            "{over}{n} joined and left within one period: [it counts|they count] among the new (or reactivated) PU "
            "and among the "
            "lost{rate}."
        )
        notes.append(Note("joined-and-left", text.filled(over=over, n=left, rate=rate)))
    if of_opening and (returned := number(measures.LEFT_AND_RETURNED)):
        text = Message(
            "{over}{n} left and came back within one period: [it counts|they count] among the lost and among the "
            "reactivated "
            "PU{rate}."
        )
        notes.append(Note("left-and-returned", text.filled(over=over, n=returned, rate=rate)))
    return notes


def churn_notes(facts: Facts, months: Sequence[Period], as_of: date) -> list[Note]:
    """By [churn] method "opening", the customers whom the churn rate measured over some months leaves out."""
    if facts.config.churn.method != "opening" or not months:
        return []
    return came_and_went(count(facts, months, as_of), range(len(months)), _MEASURED)


def _is_of_people(row: Row) -> bool:
    """Whether a rate is one of people, of whom others may stand above the line and below it."""
    return isinstance(row.metric.kind, Ratio) and row.metric.kind.beside is OTHERS


def _above_one_note(spec: ReportSpec, rows: Sequence[Row], note: Noting) -> None:
    """Rates of the whole above 100 % of people: what amounts are divided by others may well be so."""
    columns = [*(period.words for period in spec.periods), whole(spec.periods).words]
    rates = [row for row in rows if row.part is None and row.unit is Unit.RATE and _is_of_people(row)]
    above = [
        joined(" ", [row.metric.key, words])
        for row in rates
        for words, cell in zip(columns, (*row.cells, row.total), strict=True)
        if (cell.value or 0) > 1
    ]
    if above:
        note(
            "rate-above-one",
            Message("Above 100 %, which a period rate may be (other people stand above and below): {list}."),
            list=listed(above),
        )


def _balance_notes(facts: Facts, note: Noting) -> None:
    opening = facts.config.opening
    starts = [
        (name, key)
        for name, key in (("signups", "registered_users"), ("paid_users", "paid_users"))
        if name in facts.extents and (opening is None or getattr(opening, key) is None)
    ]
    first = min((facts.extents[name].first for name, _ in starts), default=None)
    if first is not None:
        names = {"registered_users": "RU", "paid_users": "PU"}
        note(
            "balances-start-here",
            Message(
                "Balances start here: {month} is the first month in the files ({what}); give earlier ones in [opening]."
            ),
            month=month_words(first),
            what=", ".join(names[key] for _, key in starts),
        )


def _missing_notes(rows: Sequence[Row], note: Noting) -> None:
    """One note for each reason that leaves a whole row empty; reasons of single cells stay with the cells."""
    reasons: dict[str, tuple[Missing, list[str]]] = {}
    for row in rows:
        missing = [cell.missing for cell in row.cells]
        if row.part is None and all(missing) and row.total.missing and not row.is_without_amounts:
            reason = row.total.missing
            reasons.setdefault(reason.code, (reason, []))[1].append(row.metric.key)
    for code, (reason, keys) in reasons.items():
        note("missing-" + code, Message("Missing: {keys} ({reason})."),
             keys=listed(keys, 24), reason=reason.reason)  # fmt: skip
    by_key = {row.metric.key: row for row in rows if row.part is None}
    visits, existing = by_key.get("net_new_visitors"), by_key.get("existing_user_visits")
    if visits is None or existing is None:
        return  # a report of other sections
    if any(v.value is not None and e.missing for v, e in zip(visits.cells, existing.cells, strict=True)):
        note(
            "existing-not-taken-off",
            Message("net_new_visitors is organic + paid here: visits by existing users could not be taken off."),
        )
    for key, residual in (("paid_visits", "organic_visits"), ("paid_signups", "organic_signups")):
        if key not in by_key or residual not in by_key:
            continue
        reason_of = by_key[key].total.missing
        if reason_of is not None and reason_of.in_residual and by_key[residual].total.value is not None:
            note(
                "all-in-residual",
                Message("{residual} holds what no channel measures: {reason}."),
                residual=residual,
                reason=reason_of.reason,
            )


def _provisional_note(facts: Facts, spec: ReportSpec, note: Noting) -> None:
    """Losses so near as_of that a renewal within the grace days could still undo them."""
    grace = facts.config.paid_users.grace_days
    lost = facts.events.get("paid_lost")
    if lost is None:
        return
    limit = day_number(spec.as_of)
    open_losses = int(((lost.day <= limit) & (lost.day >= limit - grace)).sum())
    if open_losses:
        note(
            "provisional-losses",
            Message(
                "{n} of the losses may still be undone: [it|they] ended on or after {day}, "
                "so a renewal could yet continue them."
            ),
            n=open_losses,
            day=day_words(spec.as_of - timedelta(days=grace)),
        )


def source_notes(facts: Facts, as_of: date, *, skip_bad_rows: bool) -> list[Note]:
    """What every figure made of the exports suffers from: rows left out, exports that end early or have gaps."""
    left_out = [*_left_out(facts, skip_bad_rows=skip_bad_rows), *_join_notes(facts)]
    return [*left_out, *starts_ahead(facts, as_of), *_reach_notes(facts, as_of)]


def _left_out(facts: Facts, *, skip_bad_rows: bool) -> list[Note]:
    rejected = sum(tally.rejected for tally in facts.tallies)
    if not rejected or not skip_bad_rows:
        return []
    text = Message("{n} [row|rows] with errors [was|were] left out (--skip-bad-rows): {kinds}.")
    return [Note("rows-left-out", text.filled(n=rejected, kinds=_kinds(facts.problems, Severity.ERROR)))]


def _reach_notes(facts: Facts, as_of: date) -> list[Note]:
    return notes_of_findings(reach_findings(facts, as_of))


def _join_notes(facts: Facts) -> list[Note]:
    return notes_of_findings(join_findings(facts))


def notes_of_findings(findings: Iterable[Problem]) -> list[Note]:
    """Findings of the check as notes: what is odd, and what to do about it."""
    text = Message("{file} {message}. {hint}")
    return [
        Note(finding.code, text.filled(file=finding.file, message=finding.text, hint=finding.advice))
        for finding in findings
    ]


def _data_notes(facts: Facts, spec: ReportSpec, note: Noting) -> None:
    _source_notes(facts, note)
    _people_notes(facts, note)
    _row_notes(facts, note)
    if facts.timezone_assumed:
        note(
            "timezone-assumed",
            Message("Times with an offset were converted to {zone}; set [business] timezone if yours is another."),
            zone=spec.timezone,
        )
    if columns := unused_monthly_columns(facts):
        note(
            "monthly-columns-unused",
            Message("Monthly columns not used, since there is an export for them: {list}."),
            list=listed(columns),
        )


_OF_SOURCE = as_text("{source} ({n})")


def _source_notes(facts: Facts, note: Noting) -> None:
    for name, known in sorted(facts.inputs.items(), key=lambda item: item[1].input.summed):
        if known.unmatched:
            top = sorted(known.unmatched.items(), key=lambda item: (-item[1], item[0]))
            text = Message("Sources in {stage} that match no channel, counted as organic: {list}.")
            if known.input.spending is not None:
                text = Message("What {stage} name and matches no channel, and is unassigned: {list}.")
            note(
                "unmatched-sources" if known.input.spending is None else "unassigned-costs",
                text,
                stage=name,
                list=listed([_OF_SOURCE.filled(source=source, n=plain(n)) for source, n in top], 5),
            )


def _people_notes(facts: Facts, note: Noting) -> None:
    joins_none = inputs_that_join_none(facts)
    for declared in exports():
        without = orphans(facts, declared)
        records = facts.inputs[declared.name].records if declared.name in facts.inputs else None
        if without is not None and len(without) and records is not None and declared.name not in joins_none:
            people = len(distinct(records.entity))
            note(
                "users-without-signup",
                Message("{n} of {people} [user|users] in {stage} never signed up in the export; they count."),
                n=len(without),
                people=people,
                stage=declared.name,
            )


def _row_notes(facts: Facts, note: Noting) -> None:
    filtered = sum(tally.filtered - tally.unpaid for tally in facts.tallies)
    if filtered:
        by_settings = Message("{n} [row was|rows were] left out by keep and drop in funnel.toml.")
        by_export = Message("{n} [row was|rows were] left out by keep and drop, or by what is known of {exports}.")
        exports = {
            opened.export.name
            for known in facts.inputs.values()
            for opened in known.opened
            if opened.export is not None and (opened.export.keep or opened.export.drop)
        }
        said = {"exports": ", ".join(sorted(exports))} if exports else {}
        note("rows-filtered", by_export if exports else by_settings, n=filtered, **said)
    for later, earlier, common in overlapping_sums(facts):
        if common >= MANY_IN_COMMON:
            note(
                "overlapping-files",
                Message(
                    "{n} (day, source) [sum|sums] of {later} also [n!stands|stand] in {earlier}: are they two exports "
                    "of the same days?"
                ),
                n=common,
                later=later,
                earlier=earlier,
            )


# Kinds of warnings that have notes of their own.
SAID_APART = frozenset(
    (
        *(code for code, kind in KINDS.items() if not kind.counts),
        "unread-column",
        "status-not-known",
        *IN_WORDS,
        *WITH_STEP,
        *NOT_READ,
    )
)


def _understanding_notes(problems: Problems, note: Noting) -> None:
    """What was not understood of the files, and the rows that do not count by what they say."""
    warnings = problems.of(Severity.WARNING)
    unread = [f"{problem.file}: {problem.column}" for problem in warnings if problem.code in UNREAD]
    if unread:
        note(
            "unread-columns",
            Message("Not read, though it could change a figure: {list}; `funnelcli check` says why."),
            list=listed(unread),
        )
    unknown = Counter(problem.text for problem in warnings if problem.code == "status-not-known")
    for text, number in sorted(unknown.items(), key=lambda item: (-item[1], item[0].of("en")))[:MOST_STATUSES]:
        rows = Message("{n} [row|rows]").filled(n=number)
        note("unknown-statuses", Message("In {rows} {what}."), rows=rows, what=text)
    for code in IN_WORDS:
        of_code = [problem for problem in warnings if problem.code == code]
        if of_code:
            others = len(of_code) - 1
            more = Message(" (and {n} more)").filled(n=others) if others else NOTHING
            first = of_code[0]
            note(code, Message("{file}{more}: {what}."), file=first.file, more=more, what=first.text)
    left_out = [problem.code for problem in warnings if not problem.kind.counts and problem.code not in WITH_STEP]
    if left_out:
        kinds = [code for code in KINDS if code in left_out]
        note(
            "not-counted",
            Message("Not counted, by what the rows say: {kinds}; `funnelcli check` lists them."),
            kinds=", ".join(f"{code} ({problems.count(code)})" for code in kinds),
        )


def _not_read_notes(facts: Facts) -> list[Note]:
    """What looks like an export and was not read, each by its name."""
    text = Message("{file} {message}.")
    return [
        Note(problem.code, text.filled(file=problem.file, message=problem.text))
        for problem in facts.problems.of(Severity.WARNING)
        if problem.code in NOT_READ
    ]


def _kinds(problems: Problems, severity: Severity, *, but: Collection[str] = ()) -> str:
    codes = {problem.code for problem in problems.of(severity)}.difference(but)
    return ", ".join(f"{code} ({problems.count(code)})" for code in KINDS if code in codes)
