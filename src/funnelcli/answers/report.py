"""The report of checked facts: figures evaluated, checked against each other, and put beside their provenance."""

import hashlib
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from funnelcli.answers.commission_notes import unpaid_notes
from funnelcli.answers.followed_tables import followed_notes
from funnelcli.answers.moved import with_chances
from funnelcli.answers.notes import notes_of
from funnelcli.answers.phrases import BY_UNKNOWN
from funnelcli.answers.report_model import Report, ReportSpec, Row, Source
from funnelcli.counting.absences import Absences
from funnelcli.counting.commission_balance import check_commission
from funnelcli.counting.counts import count
from funnelcli.counting.followed import needed
from funnelcli.counting.parts import Parts, parts_of
from funnelcli.facts.model import Facts
from funnelcli.inputs import input_of_event
from funnelcli.metrics import CATALOGUE, also_in, evaluate, shown, with_behind
from funnelcli.metrics.identities import check_parts, check_periods, check_total, closings_beside
from funnelcli.metrics.model import DASHBOARD, Balance, Flow, Formula, Metric, Ratio, Setting
from funnelcli.metrics.owed import METRICS as OWED_METRICS
from funnelcli.problems import BrokenIdentityError, UsageError
from funnelcli.text import Message
from funnelcli.values.figures import Note, Value
from funnelcli.values.periods import whole
from funnelcli.values.slices import Slice


def build(facts: Facts, spec: ReportSpec, *, digests: bool = False, metrics: Sequence[Metric] | None = None) -> Report:
    """The report of checked facts.  ``digests`` adds the files' SHA-256, which takes a second pass over them.

    Its rows are those of the ``metrics``, where some are given.

    Raises BrokenIdentityError where figures contradict each other: a bug, and nothing may be written.
    """
    facts = needed(facts, spec.window, spec.as_of)
    counted = (spec.before, *spec.periods) if spec.before else spec.periods
    split = parts_for(facts, spec)
    counts = count(facts, counted, spec.as_of, split)
    total_counts = count(facts, [whole(spec.periods)], spec.as_of, split, columns=spec.periods, beside=counts)
    parts: list[Slice | None] = [None, *(split.slices if split else ())]
    skip = 1 if spec.before else 0
    metrics = metrics if metrics is not None else shown_metrics(facts, split, spec)
    keys = with_behind((*_dashboard(), *metrics, *closings_beside(metrics)))
    values = {part: evaluate(counts, len(counted), part, keys) for part in parts}
    totals = {part: evaluate(total_counts, 1, part, keys) for part in parts}
    for part in parts:
        check_periods(values[part], [period.key for period in counted], counts, part)
        check_total({key: column[skip:] for key, column in values[part].items()}, totals[part])
    if split is not None:
        check_parts(values[None], {part: values[part] for part in split.slices})
        check_parts(totals[None], {part: totals[part] for part in split.slices})
    check_commission(facts, spec.as_of)
    _check_tallies(facts)
    rows = [
        Row(
            metric=metric,
            label=metric.label_for(spec.grain),
            part=part,
            cells=values[part][metric.key][skip:],
            total=_total(metric, values[part][metric.key][skip:], totals[part][metric.key][0]),
            before=values[part][metric.key][0] if skip else None,
        )
        for metric in metrics
        for part in parts
        if part is None or metric.is_split_by(part.dimension)
    ]
    rows = with_chances(facts, spec, split, rows)
    return Report(
        spec=spec,
        dimension=facts.dimensions.declared[spec.by] if spec.by else None,
        split=split,
        rows=tuple(rows),
        notes=(*followed_notes(spec), *notes_of(facts, spec, counts, rows, skip), *_owed_notes(facts, spec, metrics)),
        sources=sources_of(facts, digests=digests),
    )


def _owed_notes(facts: Facts, spec: ReportSpec, metrics: Sequence[Metric]) -> list[Note]:
    """What is said of commission, where it is shown."""
    return list(unpaid_notes(facts, spec.as_of)) if any(metric in OWED_METRICS for metric in metrics) else []


def parts_for(facts: Facts, spec: ReportSpec, also: str | None = None) -> Parts | None:
    """The parts that a report is split into, ``also`` among them; UsageError where no file says the dimension."""
    if spec.by is None:
        return None
    check_dimension(facts, spec.by)
    return parts_of(facts, spec.by, spec.periods, spec.as_of, also)


def check_dimension(facts: Facts, name: str) -> None:
    """UsageError where there is no dimension of a name, or where no file has a column for it."""
    known = facts.dimensions.declared
    if name not in known:
        raise UsageError(
            BY_UNKNOWN.filled(by=name),
            hint=Message("Metrics can be split by {known}; [dimensions] in funnel.toml names your own.").filled(
                known=", ".join(known)
            ),
        )
    if name != "channel" and not facts.dimensions.is_said(name):
        home = next((of_input for of_input in known[name].columns if of_input in facts.inputs), None)
        hint = Message('Name the column in funnel.toml: [dimensions.{name}] input = "signups", column = "your header".')
        if home is not None:
            hint = Message('Name it in funnel.toml: [inputs.{stage}.columns] {column} = "your header".')
        raise UsageError(
            Message("--by {name}: no file has a column for it.").filled(name=name),
            hint=hint.filled(name=name, stage=home or "", column=known[name].columns.get(home or "", name)),
        )


def _total(metric: Metric, cells: Sequence[Value], of_range: Value) -> Value:
    """The figure of the whole range; of people who are followed that of its complete periods alone.

    A period of which all have had their time, and of whom nobody got there, is one: what it cost counts.
    """
    if not (metric.is_of_same_people or metric.waits_for_people):
        return of_range
    complete = [cell for cell in cells if cell.value is not None or _nobody_got_there(metric, cell)]
    above, below = (sum(getattr(cell, side) or 0 for cell in complete) for side in ("numerator", "denominator"))
    if not below:
        reason = next((cell.missing for cell in reversed(cells) if cell.missing is not None), None)
        is_none = of_range.value is None or metric.is_of_same_people or reason is None
        return of_range if is_none else replace(of_range, value=None, missing=reason)
    return Value(
        value=above / below, numerator=above, denominator=below, is_share=metric.is_of_same_people,
        entered=of_range.entered,
    )  # fmt: skip


def _nobody_got_there(metric: Metric, cell: Value) -> bool:
    """Whether a figure is missing for no other reason than that nobody is below the line."""
    kind = metric.kind
    return isinstance(kind, Ratio) and cell.missing is not None and cell.missing.code == kind.nobody


def _dashboard() -> list[Metric]:
    """The metrics of the dashboard, which must fit together whichever are shown."""
    return [metric for metric in CATALOGUE.values() if metric.section in DASHBOARD and metric.basis == "period"]


def shown_metrics(facts: Facts, split: Parts | None, spec: ReportSpec) -> list[Metric]:
    """The metrics of the sections that are asked for, else of the dashboard, the settings, and inputs that have files.

    Those of people who are followed are there where they have a window, and shares of the whole in a split.  Without
    any export of the dashboard its metrics are left out beside those of others.  What goes from part to part is only
    shown in a split by what the rows of customers themselves say.
    """
    changes = split is not None and not facts.dimensions.is_lasting(split.dimension)
    asking = _Asking(facts=facts, sections=spec.sections, absences=Absences(facts, spec.grain))
    asked = [
        metric
        for metric in shown()
        if (changes or not metric.between_parts)
        and (spec.window is not None or metric.basis == "period")
        and (split is not None or not metric.is_of_whole)
        and asking.is_asked(metric)
    ]
    if not spec.sections:
        return asked or [metric for metric in _dashboard() if metric.shown and not metric.between_parts]
    return _as_they_stand(asked)


class _Asking(Struct, kw_only=True, dict=True):
    """What of the catalogue a report of some facts shows: the ``sections`` that are asked for, else what they tell."""

    facts: Facts
    sections: frozenset[str]
    absences: Absences

    def is_asked(self, metric: Metric) -> bool:
        """Whether a metric is in a section that is asked for, or where none is, in one that the exports tell of."""
        if self.sections or metric.apart:
            return any(metric.section.key == key or metric.key in also_in(key) for key in self.sections)
        if metric.section in DASHBOARD and self.has_dashboard:
            return True
        if metric.section.declared is not None and not metric.section.declared(self.facts.config):
            return False
        needs = metric.section.needs if metric.needs is None else metric.needs
        if needs and not any(name in self.facts.inputs for name in needs):
            return False
        return metric.own or self.is_fed(metric, metric)

    def is_fed(self, metric: Metric, made_of: Metric) -> bool:
        """Whether the exports tell what a metric is made of: all of a quotient, any of a sum.

        Of a ``lenient`` section they tell it where no column is missing either.
        """
        match made_of.kind:
            case Flow(measure=measure) | Balance(measure=measure):
                counted = measure.under(self.facts.config)
                wanted = input_of_event(counted.plus[0])
                has_rows = counted.plus[0] in self.facts.events if wanted is None else wanted.name in self.facts.inputs
                is_there = counted.absent is None and has_rows
                return is_there and not (metric.section.lenient and self.absences.absence(counted))
            case Setting():
                return True
            case Formula():
                return any(self.is_fed(metric, CATALOGUE[key]) for key in made_of.inputs)
            case _:
                fed = [self.is_fed(metric, CATALOGUE[key]) for key in made_of.inputs]
                return bool(fed) and all(fed)

    @cached_property
    def has_dashboard(self) -> bool:
        """Whether there are exports that the metrics of the dashboard are made of."""
        if any(known.input.stands_in for known in self.facts.inputs.values()):
            return True
        return any(self.is_fed(metric, metric) for metric in _dashboard())


def _as_they_stand(metrics: Sequence[Metric]) -> list[Metric]:
    """Metrics in their order, those that stand in another section than their own after those they follow there."""
    followed = {key: after for metric in metrics for key, after in also_in(metric.section.key).items()}
    ordered = [metric for metric in metrics if metric.key not in followed]
    for metric in metrics:
        if metric.key in followed:
            after = [place for place, other in enumerate(ordered, 1) if other.key == followed[metric.key]]
            ordered.insert(after[0] if after else len(ordered), metric)
    return ordered


def _check_tallies(facts: Facts) -> None:
    for tally in facts.tallies:
        if tally.read != tally.counted + tally.duplicate + tally.rejected:
            raise BrokenIdentityError(
                Message(
                    "{file}: {read} rows read are not {counted} counted + {duplicate} duplicate + {rejected} rejected. "
                    "Nothing was written."
                ).filled(
                    file=tally.file,
                    read=tally.read,
                    counted=tally.counted,
                    duplicate=tally.duplicate,
                    rejected=tally.rejected,
                )
            )


def with_digests(report: Report, facts: Facts) -> Report:
    """The report with the digests of the files that it was counted from."""
    return replace(report, sources=sources_of(facts, digests=True))


def _digest(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def sources_of(facts: Facts, *, digests: bool = False) -> tuple[Source, ...]:
    """The files that figures are counted from, and how their rows were used."""
    paths = {(name, opened.name): opened.file.path for name, known in facts.inputs.items() for opened in known.opened}
    order = list(facts.inputs)
    ordered = sorted(facts.tallies, key=lambda tally: (order.index(tally.input), tally.file))
    sources = tuple(
        Source(
            file=tally.file,
            stage=tally.input,
            sha256=_digest(paths[tally.input, tally.file]) if digests else None,
            rows_read=tally.read,
            rows_counted=tally.counted,
            rows_duplicate=tally.duplicate,
            rows_rejected=tally.rejected,
            rows_filtered=tally.filtered,
        )
        for tally in ordered
    )
    if digests:
        facts.check_unchanged()
    return sources
