"""What every answer can do: be rendered in any format, saved, and shown in a notebook."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Self, Unpack

from funnelcli.answers.answer import Answer
from funnelcli.api import arguments
from funnelcli.api.declared import Answered, with_own_metrics
from funnelcli.api.kept_files import check_output
from funnelcli.api.look import Look, style_of
from funnelcli.api.unchanged import is_unchanged
from funnelcli.problems import UsageError
from funnelcli.renderers import by_extension, formats, known_formats, no_format
from funnelcli.text import Message
from funnelcli.values.placeholders import AS_OF
from funnelcli.writing import write_file

if TYPE_CHECKING:
    import pandas as pd


class Result(Answered):
    """An answer to a question: shown as a table in a notebook, written in any format.

    It is ``by_clock`` where it counts up to today, which another day changes.

    >>> import funnelcli as fc
    >>> fc.explain("new_signups").render("csv").splitlines()[1][:36]
    'new_signups,New signups (RU),people,'
    """

    by_clock = False

    def _counted_to(self, as_of: str | date | None) -> Self:
        """This, which counts up to a day; ``today`` is the clock's."""
        self.by_clock = arguments.is_today(as_of)
        return self

    @property
    def answer(self) -> Answer:
        """The answer as raw values in blocks, rows and data: what the formats are made from."""
        raise TypeError("a result of no question")

    @with_own_metrics
    def to_bytes(self, form: str = "json", **look: Unpack[Look]) -> bytes:
        """The answer in a format (table, md, csv, tsv, json, html, xlsx, eml), as the command writes it.

        ``look`` says how: ``lang``, ``layout``, ``brief``, ``bom``, ``delimiter``, ``decimal``, of a message ``to``,
        ``cc``, ``sender`` and ``subject``.  Raises UsageError for what there is not, or what the format has not.

        >>> import funnelcli as fc
        >>> report = fc.open_folder("examples/plain").report(month="2026-08")
        >>> next(line for line in report.render("csv", delimiter=";", decimal=",").splitlines() if "churn_rate" in line)
        'paid_user_churn_rate;Churn rate;rate;;0,043478260869565216;0,043478260869565216'
        >>> report.to_bytes("eml", to="An <an@example.com>", subject="Funnel {period}").splitlines()[:2]
        [b'To: An <an@example.com>', b'Subject: Funnel 2026-08']
        """
        if form not in formats():
            raise UsageError(no_format(form), hint=known_formats())
        style = style_of(formats()[form], **look)
        if style.brief and self.answer.brief is None:
            raise UsageError(
                Message("brief is for reports."), hint=Message("Leave it out: this answer has no shorter form.")
            )
        return formats()[form].render(self.answer, style)

    def render(self, form: str = "table", **look: Unpack[Look]) -> str:
        """The answer as text, looking as for ``to_bytes``; a workbook is none, of which ask that.

        >>> import funnelcli as fc
        >>> report = fc.open_folder("examples/plain").report(month="2026-08")
        >>> len(report.render("md", brief=True, lang="vi").splitlines())
        5
        """
        if form in formats() and not formats()[form].is_text:
            raise UsageError(
                Message("{form} is not text.").filled(form=form),
                hint=Message('Use to_bytes("{form}") or save("report.{form}").').filled(form=form),
            )
        return self.to_bytes(form, **look).decode()

    def save(self, path: str | Path, *, if_changed: bool = False, **look: Unpack[Look]) -> Path:
        """Write the answer into a file, whole or not at all, in the format that its ending says, looking as ``look``.

        With ``if_changed`` a file is left alone that says the same already: that has the same bytes or, of an answer
        as of today, others only in that they name another day.  Raises UsageError where the file is one of those that
        the answer is made from, or would be read as an export the next time.

        >>> import tempfile, funnelcli as fc
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     path = fc.explain("new_signups").save(f"{folder}/a.csv", delimiter=";")
        ...     before = path.stat().st_mtime_ns
        ...     again = fc.explain("new_signups").save(path, delimiter=";", if_changed=True)
        ...     again == path, path.stat().st_mtime_ns == before
        (True, True)
        """
        target = arguments.path(path, "path")
        check_output(str(target), target, self.kept_files, self.given_files)
        chosen = by_extension().get(target.suffix.casefold())
        if chosen is None:
            raise UsageError(
                Message("{name}: the ending tells no format.").filled(name=target.name),
                hint=Message("Use one of {endings}.").filled(endings=" ".join(by_extension())),
            )
        data = self.to_bytes(chosen.name, **look)
        if not (if_changed and is_unchanged(target, data, chosen, self._clock)):
            write_file(target, data)
        return target

    @property
    def _clock(self) -> date | None:
        """The day up to which is counted where the clock gave it, else None."""
        return date.fromisoformat(self.answer.names[AS_OF]) if self.by_clock and AS_OF in self.answer.names else None

    @with_own_metrics
    def to_frame(self) -> pd.DataFrame:
        """The rows of the answer's usual sheet as a pandas table; exact fractions as floats."""
        import pandas as pd

        sheet = self.answer.sheet()
        rows = [[float(raw) if isinstance(raw, Fraction) else raw for raw in row] for row in sheet.rows]
        return pd.DataFrame(rows, columns=list(sheet.header))

    def _repr_html_(self) -> str:
        """What a notebook shows."""
        return self.to_bytes("html").decode()
