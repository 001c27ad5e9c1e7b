"""What a row is: an event and no visit, the sum of other rows, or of no real person."""

from funnelcli.problems.kinds.declare import warning
from funnelcli.text import Message

ROWS_OF = (
    warning(
        "visits-only-grow",
        Message(
            "the visits under {header!r} grow on each of {days} [day|days], from {value!r} to {other!r}: they may be "
            "sums of all days so far"
        ),
        Message("If they are, export the visits of each day; as it is read, each day has what stands in its row."),
    ),
    warning(
        "unread-column-excludes",
        Message(
            "the column {column!r} is not read, and it says that rows may be of no real person ({value!r} in {rows} of "
            "the first {of} [row|rows]); they count"
        ),
        Message(
            "To leave them out: [inputs.{stage}.drop] {column!r} = {values}; if they count: [inputs.{stage}] ignore = "
            "[{column!r}]."
        ),
    ),
    warning(
        "rows-twice",
        Message("nearly all of its {count} [row|rows] [stands|stand] in it twice, in whatever order: all count"),
        Message("If the table was put into the file twice, leave it there once."),
    ),
    warning(
        "rows-in-two-files",
        Message(
            "{count} of its rows [stands|stand] in {other} too, cell by cell: [count!it counts|they count] in both"
        ),
        Message("Take them out of one of the two files, or export again without overlap."),
    ),
    warning(
        "rows-may-be-events",
        Message("each row counts as a visit, and may be an event of one: of {column!r}, {why}"),
        Message(
            'If each row is a visit: [inputs.{stage}] each_row = "visit". If not, count what one column names: '
            '[inputs.{stage}] each_row = "session" and [inputs.{stage}.columns] session_id = "{header}".'
        ),
    ),
    warning(
        "rollup-rows",
        Message(
            "{count} [row|rows] with {value!r} in {column!r} [count!is|are] on every day the sum of the others: they "
            "do "
            "not count"
        ),
        Message(
            "Right: [inputs.{stage}.drop] {column!r} = [{value!r}]. If they count too: [inputs.{stage}] ignore = "
            "[{column!r}]."
        ),
        counts=False,
    ),
    warning(
        "visits-cut-again",
        Message(
            "the column {column!r} is not read, and its words ({values}) hold visits of the same days: they may be "
            "the same visits once more, or those of another period; all are added up"
        ),
        Message(
            "To count one of them: [inputs.{stage}.keep] {column!r} = [{keep!r}]; if they are visits of their own: "
            "[inputs.{stage}] ignore = [{column!r}]."
        ),
    ),
    warning(
        "visits-in-several-rows",
        Message(
            "the column {column!r} is not read, and by its cells ({values}) a visit may be in several rows: {why}; all "
            "are added up"
        ),
        Message("{step}; if they are visits of their own: [inputs.{stage}] ignore = [{column!r}]."),
    ),
    warning(
        "rows-are-weeks",
        Message(
            "the days under {header!r} are a week apart, like {day} and {other}: if a row is a week, all of its visits "
            "count in the month of that day"
        ),
        Message("Export the visits by day, so that each counts in its month."),
    ),
    warning(
        "visits-counted-alike",
        Message(
            "has the days of {other}, with nearly the same totals: it may be another tool's count of the same visits; "
            "both are added up"
        ),
        Message(
            "If they count the same visits, leave only one of the two in the folder; if not: [inputs.{stage}] "
            'same_totals = "add".'
        ),
    ),
    warning(
        "visits-summed-again",
        Message(
            "{count} of its {days} [total|totals], like {visits} on {day}, [count!is the sum|are the sums] of what "
            "{other} has up to the next one: it may hold the same visits, by week or month; both are added up"
        ),
        Message('If it does, count them once: [inputs.{stage}] same_totals = "once"; if not: same_totals = "add".'),
    ),
    warning(
        "visits-agree",
        Message(
            "has the totals of {other} on {count} [day|days], like {visits} on {day}: it may hold the same visits, "
            "cut by other dimensions; both are added up"
        ),
        Message('If they are the same visits, {step}; if not: [inputs.{stage}] same_totals = "add".'),
    ),
    warning(
        "rows-are-events",
        Message(
            "{column!r} has several rows of one visit: {rows} [row is|rows are] {sessions} [visit|visits], each "
            "counted once, on its "
            "first row{without}"
        ),
        Message('Right: [inputs.{stage}] each_row = "session". If each row is a visit: each_row = "visit".'),
    ),
)
