"""The questions about the money of customers: who moved the MRR."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

from funnelcli.api import arguments
from funnelcli.api.leading import Leading
from funnelcli.api.result import Result

if TYPE_CHECKING:
    from funnelcli.answers.answer import Answer
    from funnelcli.answers.mrr_moves import Move, MoveList


class MovementsResult(Result):
    """Who moved the MRR; ``rows`` has a line a movement, the largest first."""

    def __init__(self, moves: MoveList) -> None:
        self.moves = moves

    @property
    def rows(self) -> tuple[Move, ...]:
        """The movements."""
        return self.moves.moves

    @cached_property
    def answer(self) -> Answer:
        """The list as raw values."""
        from funnelcli.answers.mrr_moves_answer import mrr_moves_answer

        return mrr_moves_answer(self.moves)


class Paying(Leading):
    """A folder that can be asked about the money of its customers."""

    def movements(
        self,
        *,
        start: str | date | None = None,
        end: str | date | None = None,
        month: str | date | None = None,
        last: int | None = None,
        grain: str = "month",
        kind: str | Sequence[str] = (),
        by: str | None = None,
        part: str | None = None,
        as_of: str | date | None = None,
        skip_bad_rows: bool = False,
    ) -> MovementsResult:
        """Who moved the MRR in a range (the latest month where none is given), from what to what, the largest first.

        ``kind`` are some of new, reactivation, expansion, contraction and churned; ``part`` is the value of the
        dimension ``by`` to be listed.

        >>> import funnelcli as fc
        >>> moves = fc.open_folder("examples/saas_vn").movements(month="2026-10", kind="contraction")
        >>> moves.rows[0].kind, moves.rows[0].change < 0
        ('contraction', True)
        """
        by = arguments.word(by, "by")
        facts = self.countable(skip_bad_rows=skip_bad_rows, by=by, as_of=arguments.day(as_of))
        from funnelcli.answers.mrr_moves import mrr_moves
        from funnelcli.answers.spec import RangeOptions

        first, final = arguments.month(start, "start"), arguments.month(end, "end")
        only, latest = arguments.month(month, "month"), arguments.whole(last, "last")
        if not (first or final or only or latest):
            latest = 1
        options = RangeOptions(
            first=first, last=final, month=only, latest=latest, grain=arguments.grain(grain),
            as_of=arguments.day(as_of),
        )  # fmt: skip
        kinds = (kind,) if isinstance(kind, str) else tuple(kind)
        moves = mrr_moves(facts, options, self.now, kinds=kinds, by=by, part=arguments.word(part, "part"))
        return MovementsResult(moves)._counted_to(as_of)
