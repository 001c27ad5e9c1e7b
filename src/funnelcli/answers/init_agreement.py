"""The agreement of marketing and sales in a first funnel.toml: what is asked for it, and how it is written down."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from funnelcli.answers.init_drafts import quoted
from funnelcli.config.agreement import SlaHours, SlaMarketing, SlaSales
from funnelcli.config.table import Table
from funnelcli.text import Message, Text, joined


class Term(Struct, frozen=True, kw_only=True):
    """A term that is asked for: its key of a ``table``, the question, what it means, and how it may be written."""

    key: str
    table: str
    reads: type[Table]
    question: Text
    meaning: Text
    example: str
    is_number: bool = False

    def value(self, answer: str) -> int | str:
        """An answer as the settings take it; ValueError where they do not."""
        value: int | str = int(answer) if self.is_number else answer
        self.reads.read({self.key: value})
        return value


TERMS = (
    Term(
        key="mqls", table="sla.marketing", reads=SlaMarketing, is_number=True, example="100",
        question=Message("MQLs a month that marketing promises (empty: not agreed)"),
        meaning=Message("MQLs a month"),
    ),
    Term(
        key="mql_to_sql_rate", table="sla.marketing", reads=SlaMarketing, example="30%",
        question=Message("Share of MQLs that are to become SQLs, like 30% (empty: not agreed)"),
        meaning=Message("of MQLs, the share that is to become SQLs"),
    ),
    Term(
        key="respond", table="sla.sales", reads=SlaSales, example="4h",
        question=Message("How soon sales contacts a lead, like 30m, 4h or 1d (empty: not agreed)"),
        meaning=Message("working time to the first contact"),
    ),
    Term(
        key="decide", table="sla.sales", reads=SlaSales, example="2d",
        question=Message("How soon sales accepts a lead or gives it back, like 2d (empty: not agreed)"),
        meaning=Message("working days to accept a lead or give it back"),
    ),
    Term(
        key="attempts", table="sla.sales", reads=SlaSales, is_number=True, example="6",
        question=Message("How often a lead is tried before it comes back (empty: not agreed)"),
        meaning=Message("attempts before a lead may come back"),
    ),
    Term(
        key="mon-fri", table="sla.hours", reads=SlaHours, example="08:00-17:30",
        question=Message("Hours from Monday to Friday, like 08:00-17:30 (empty: these)"),
        meaning=Message("when work is done; sat, sun and every other day likewise"),
    ),
    Term(
        key="holidays", table="sla.hours", reads=SlaHours, example="VN",
        question=Message("Country whose holidays are off, like VN (empty: none)"),
        meaning=Message("public holidays, with the days that are swapped for them"),
    ),
)  # fmt: skip


def agreement_block(answers: Mapping[str, int | str]) -> Text:
    """The tables of the agreement with what was answered; what was not stands behind a mark, as an example."""
    head = Message("# What marketing and sales promise each other: `funnelcli sla` is the page of their meeting.")
    lines: list[Text | str] = [head]
    table = ""
    for term in TERMS:
        if term.table != table:
            lines += ["", f"[{term.table}]"] if table else [f"[{term.table}]"]
            table = term.table
        said = answers.get(term.key, int(term.example) if term.is_number else term.example)
        mark = "" if term.key in answers else "# "
        written = str(said) if isinstance(said, int) else quoted(said)
        lines.append(joined("  # ", [f"{mark}{term.key} = {written}", term.meaning]))
    return joined("\n", lines)
