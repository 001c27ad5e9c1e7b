"""What every answer can do: be rendered in any format, saved, and shown in a notebook."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from funnelcli.answers.answer import Answer
from funnelcli.api import arguments
from funnelcli.problems import UsageError
from funnelcli.renderers import Style, by_extension, formats, known_formats, no_format
from funnelcli.text import Message
from funnelcli.writing import write_file

if TYPE_CHECKING:
    import pandas as pd


class Result:
    """An answer to a question: shown as a table in a notebook, written in any format.

    >>> import funnelcli as fc
    >>> fc.explain("new_signups").render("csv").splitlines()[1][:36]
    'new_signups,New signups (RU),people,'
    """

    @property
    def answer(self) -> Answer:
        """The answer as raw values in blocks, rows and data: what the formats are made from."""
        raise TypeError("a result of no question")

    def to_bytes(self, form: str = "json", *, lang: str = "en", layout: str | None = None, bom: bool = False) -> bytes:
        """The answer in a format (table, md, csv, tsv, json, html, xlsx), as the command writes it.

        ``layout`` is wide or tidy for rows, metric or part for people.  Raises UsageError for a format, language or
        layout that there is not.
        """
        if form not in formats():
            raise UsageError(no_format(form), hint=known_formats())
        style = Style(lang=arguments.lang(lang), layout=None if layout is None else arguments.layout(layout), bom=bom)
        return formats()[form].render(self.answer, style)

    def render(self, form: str = "table", *, lang: str = "en", layout: str | None = None) -> str:
        """The answer as text; of a workbook, which is none, ask ``to_bytes``."""
        if form in formats() and not formats()[form].is_text:
            raise UsageError(
                Message("{form} is not text.").filled(form=form),
                hint=Message('Use to_bytes("{form}") or save("report.{form}").').filled(form=form),
            )
        return self.to_bytes(form, lang=lang, layout=layout).decode()

    def save(self, path: str | Path, *, lang: str = "en", layout: str | None = None) -> Path:
        """Write the answer into a file, whole or not at all, in the format that its ending says."""
        target = arguments.path(path, "path")
        chosen = by_extension().get(target.suffix.casefold())
        if chosen is None:
            raise UsageError(
                Message("{name}: the ending tells no format.").filled(name=target.name),
                hint=Message("Use one of {endings}.").filled(endings=" ".join(by_extension())),
            )
        write_file(target, self.to_bytes(chosen.name, lang=lang, layout=layout))
        return target

    def to_frame(self) -> pd.DataFrame:
        """The rows of the answer's usual sheet as a pandas table; exact fractions as floats."""
        import pandas as pd

        sheet = self.answer.sheet()
        rows = [[float(raw) if isinstance(raw, Fraction) else raw for raw in row] for row in sheet.rows]
        return pd.DataFrame(rows, columns=list(sheet.header))

    def _repr_html_(self) -> str:
        """What a notebook shows."""
        return self.to_bytes("html").decode()
