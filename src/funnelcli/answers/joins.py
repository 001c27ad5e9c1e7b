"""What is to be said of how the people of the inputs were found among each other."""

from collections.abc import Iterator
from typing import Any

from funnelcli.facts.joining import Join, Tried
from funnelcli.facts.model import Facts
from funnelcli.problems import Problem, problem
from funnelcli.text import Message, Text, joined

_BY = Message("by {columns}: {joined}")


def join_findings(facts: Facts) -> list[Problem]:
    """Everything about joins that a reader must know: what joined where it is not the usual, and what did not."""
    return [finding for join in facts.joins for finding in _findings(facts, join)]


def inputs_that_join_none(facts: Facts) -> frozenset[str]:
    """The inputs whose people are not, or hardly, among those where they should be."""
    return frozenset(join.input for join in facts.joins if join.has_nearly_none)


def _findings(facts: Facts, join: Join) -> Iterator[Problem]:
    others = [tried for tried in join.others if tried.joined]
    common: dict[str, Any] = {
        "file": facts.names(join.input), "stage": join.input, "other": join.other, "joined": join.taken.joined,
    }  # fmt: skip
    if join.has_nearly_none:
        yield problem(
            "ids-do-not-join", **common, people=join.people, mine=join.examples[0][:80], theirs=join.examples[1][:80],
            compared=joined("; ", [*map(_said, (join.taken, *join.others)), *_held_up(join)]),
        )  # fmt: skip
    elif not join.is_usual or (others and join.are_all_there and join.taken.joined < join.people):
        tried = joined("", [part for other in join.others for part in ("; ", _said(other))])
        code = "joined-in-part" if join.lacks_some else "joined-by"
        yield problem(code, **common, people=join.people, columns=columns_of(join.taken), others=tried)
    for code, (count, mine, theirs) in (("ids-made-alike", join.respelt), ("ids-in-a-list", join.split)):
        if count:
            yield problem(code, **common, count=count, mine=mine[:80], theirs=theirs[:80])
    count, value = join.shared
    if count:
        yield problem(
            "ids-shared", **common, count=count, value=value[:80], mine=join.shared_by[0], theirs=join.shared_by[1]
        )


def _held_up(join: Join) -> Iterator[Text]:
    """The columns that do not join because of values that several people have."""
    count, _ = join.shared
    if count and join.shared_by != (join.taken.mine, join.taken.theirs):
        columns = columns_of(Tried(mine=join.shared_by[0], theirs=join.shared_by[1], joined=0))
        text = Message("not by {columns}, as {count} of its values are those of several people")
        yield text.filled(columns=columns, count=count)


def _said(tried: Tried) -> Text:
    return _BY.filled(columns=columns_of(tried), joined=tried.joined)


def columns_of(tried: Tried) -> str:
    """Two columns by their headers, as one where these are alike."""
    return tried.mine if tried.mine == tried.theirs else f"{tried.mine} = {tried.theirs}"
