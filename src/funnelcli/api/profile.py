"""The review of the ideal customer profile, as a question and as a caller holds it."""

from __future__ import annotations

from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from funnelcli.answers.answer import Answer
from funnelcli.api import arguments
from funnelcli.api.declared import with_own_metrics
from funnelcli.api.exports import Exports
from funnelcli.api.result import Result

if TYPE_CHECKING:
    from collections.abc import Sequence

    from funnelcli.answers.icp_kept import KeptReview
    from funnelcli.answers.icp_mistakes import Mistake
    from funnelcli.answers.icp_proposed import Proposal
    from funnelcli.answers.icp_review import Review
    from funnelcli.answers.icp_tests import Compared


class ReviewResult(Result):
    """A review; ``values`` has every value with its outcomes, ``proposals`` what the profile should be."""

    def __init__(self, review: Review, folder: Path, kept: Sequence[KeptReview]) -> None:
        self.review = review
        self._folder, self._kept = folder, kept

    @property
    def values(self) -> tuple[Compared, ...]:
        """Each outcome of each value beside that of the rest."""
        return self.review.compared

    @property
    def proposals(self) -> tuple[Proposal, ...]:
        """What to keep, to add and to drop."""
        return self.review.proposals

    @property
    def mistakes(self) -> tuple[Mistake, ...]:
        """The three mistakes, made or not."""
        return self.review.mistakes

    @cached_property
    @with_own_metrics
    def answer(self) -> Answer:
        """The review as raw values."""
        from funnelcli.answers.icp_answer import review_answer

        return review_answer(self.review)

    def keep(self) -> Path:
        """Write the review into ``icp_review.json`` of the folder, for the next one to be compared with; its path."""
        from funnelcli.answers.icp_answer import kept_review
        from funnelcli.answers.icp_kept import FILE_NAME, written_reviews
        from funnelcli.writing import write_file

        path = self._folder / FILE_NAME
        write_file(path, written_reviews(self._kept, kept_review(self.review)))
        return path


class Profiling(Exports):
    """A folder whose ideal customer profile can be reviewed."""

    @with_own_metrics
    def icp_review(
        self,
        *,
        start: str | date | None = None,
        end: str | date | None = None,
        last: int | None = None,
        as_of: str | date | None = None,
        skip_bad_rows: bool = False,
        to_keep: bool = False,
    ) -> ReviewResult:
        """The review of the ideal customer profile over the last four quarters, or others.

        It is compared with the latest earlier one in ``icp_review.json``; ``keep`` of the result adds it there, which
        one that is ``to_keep`` says.
        ConfigError where ``[icp]`` declares no profile.

        >>> import funnelcli as fc
        >>> fc.open_folder("examples/leads_vn").icp_review().review.accounts > 0
        True
        """
        facts = self.countable(skip_bad_rows=skip_bad_rows, as_of=arguments.day(as_of))
        from funnelcli.answers.icp_kept import read_reviews
        from funnelcli.answers.icp_review import ReviewRequest, review

        place = self.sources.path if self.sources.path.is_dir() else self.sources.path.parent
        kept = read_reviews(place)
        request = ReviewRequest(
            first=arguments.month(start, "start"), last=arguments.month(end, "end"),
            latest=arguments.whole(last, "last"), as_of=arguments.day(as_of), skip_bad_rows=skip_bad_rows,
            keeps=to_keep,
        )  # fmt: skip
        return ReviewResult(review(facts, request, self.now, kept), place, kept)._counted_to(as_of)
