"""The catalogue of metrics in every format of the reports."""

from collections.abc import Sequence

from funnelcli.answers.catalogue import every
from funnelcli.metrics.model import Metric
from funnelcli.planning.metrics import PlannedMetric
from funnelcli.renderers import Format, Style
from funnelcli.text import Lang, Text
from funnelcli.values.periods import Grain

HEADER = ("metric", "label", "unit", "formula", "definition", "owner", "good", "source")


def rows(lang: Lang, metrics: Sequence[Metric | PlannedMetric] | None = None) -> list[tuple[str, ...]]:
    """One row a metric, in the dashboard's order, then those of a plan."""
    return [_row(metric, lang) for metric in (every() if metrics is None else metrics)]


def _row(metric: Metric | PlannedMetric, lang: Lang) -> tuple[str, ...]:
    if isinstance(metric, PlannedMetric):
        label, formula, owner, source = metric.label, metric.formula, "", "planning: funnelcli targets"
    else:
        label, formula = metric.label_for(Grain.MONTH), metric.kind.formula
        owner, source = metric.owner, metric.source
    return (
        metric.key, label.of(lang), metric.unit.value, formula, metric.definition.of(lang), owner, metric.good, source,
    )  # fmt: skip


def render_one(metric: Metric | PlannedMetric, form: Format, style: Style) -> str:
    """One metric's definition as text."""
    return render(form, style, [metric])


def render(form: Format, style: Style, metrics: Sequence[Metric | PlannedMetric] | None = None) -> str:
    """The catalogue, or some metrics of it, as text."""
    metrics = every() if metrics is None else metrics
    match form:
        case Format.JSON:
            from funnelcli.renderers.to_json import to_text

            listed = [dict(zip(HEADER, row, strict=True)) for row in rows("en", metrics)]
            return to_text({"format": "funnelcli.metrics", "format_version": 1, "metrics": listed})
        case Format.CSV | Format.TSV:
            from funnelcli.renderers.to_csv import safe_text, write_rows

            lines = [list(HEADER), *([safe_text(cell) for cell in row] for row in rows("en", metrics))]
            return write_rows(iter(lines), "\t" if form is Format.TSV else ",")
        case Format.MD:
            from funnelcli.renderers.to_markdown import escape, table

            body = [[escape(cell) for cell in row] for row in rows(style.lang, metrics)]
            return table(HEADER, body, numbers=False) + "\n"
        case Format.TABLE:
            return _listing(style, metrics)


def _listing(style: Style, metrics: Sequence[Metric | PlannedMetric]) -> str:
    import io

    from rich.padding import Padding
    from rich.text import Text as RichText

    from funnelcli.renderers.to_terminal import console, finished

    out = io.StringIO()
    screen = console(style, out)
    for key, label, unit, formula, definition, owner, _, source in rows(style.lang, metrics):
        line = RichText(key, style="bold cyan")
        line.append(f"  {label} ({unit})", style="")
        screen.print(line, soft_wrap=style.width is None)
        screen.print(Padding(RichText(definition), (0, 0, 0, 4)), soft_wrap=style.width is None)
        screen.print(Padding(RichText(f"= {formula}", style="dim"), (0, 0, 0, 4)), soft_wrap=style.width is None)
        if len(metrics) == 1:
            about = Text("Owner: {owner}.  Source: {source}.", "Phụ trách: {owner}.  Nguồn: {source}.")
            if not owner:
                about = Text("Source: {source}.", "Nguồn: {source}.")
            rest = about.filled(owner=owner, source=source).of(style.lang)
            screen.print(Padding(RichText(rest, style="dim"), (0, 0, 0, 4)), soft_wrap=style.width is None)
    return finished(out)
