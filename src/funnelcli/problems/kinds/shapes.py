"""What files may be though they are not read so, or are read so by what their rows show: lists, copies, repeats."""

from funnelcli.problems.kinds.declare import error, or_leave_out, remark, warning
from funnelcli.text import Message

OF_SHAPES = (
    error(
        "list-of-people",
        Message(
            "{count} of {rows} [row|rows] [count!has|have] the person and the date of a row of {other}, and say "
            "nothing else of "
            "{title}: "
            "it is that list once more"
        ),
        Message(
            'Name the column that says when: [inputs.{stage}.columns] {column} = "your header" (or {header!r}, if that '
            "is right); or take the file out of the folder."
        ),
        whole_file=True,
    ),
    remark(
        "read-turned",
        Message(
            "is read turned round: its columns {first!r} to {last!r} ({count}) say when, and its rows hold {figures}; "
            "not read of it: {others}"
        ),
        Message("If it holds anything else, take it out of the folder."),
    ),
    error(
        "header-months-without-year",
        Message(
            "its columns {first!r} to {last!r} ({count}) are months that say no year, so nothing says when its rows are"
        ),
        Message("Write the year into these headers: 2026-01, Jan 2026 or T1/2026."),
        whole_file=True,
    ),
    error(
        "figure-twice",
        Message("{figure!r} stands in row {other} too"),
        Message("Leave one of the two rows in the file."),
        whole_file=True,
    ),
    warning(
        "figures-not-read",
        Message("{count} [column is|columns are] no figure that a monthly table states, and not read: {headers}"),
        Message(
            "Name each as the figure that it is: [inputs.monthly.columns] new_signups = {header!r}; figures are: "
            "{names}."
        ),
    ),
    warning(
        "only-people",
        Message(
            "says of its rows but who and when, while {other} says more of {title}: whoever is in it counts as one who "
            "pays on"
        ),
        Message(
            'If it is a list of all accounts, leave it out: [inputs.{stage}] files = ["…"] with the other files; or '
            "take it out of the folder."
        ),
    ),
    warning(
        "footer",
        Message("{text!r} stands below the table, without a date and unlike the cells above it: it is no row"),
        Message("If it is a row, fill in its cells; else take the line out of the file."),
        counts=False,
    ),
    warning(
        "units-row",
        Message("stands straight below the header and says units or names ({text}), unlike the rows: it is no row"),
        Message("If it is a row, fill in its cells; else take the line out of the file."),
        counts=False,
    ),
    warning(
        "row-may-be-total",
        Message(
            "{value!r} in {column!r} is the sum of all the amounts above it: the row of {user!r} may be a total, and "
            "it counts as a person"
        ),
        Message("If it is a total: [inputs.{stage}.drop] {header!r} = [{user!r}]."),
    ),
    warning(
        "subtotal-rows",
        Message(
            "rows {lines} hold the sums of the rows {side}, in {column!r}: they may be subtotals, and are read as rows"
        ),
        Message("If they are: take them out of the file, or [inputs.{stage}.drop] {header!r} = {names}."),
    ),
    warning(
        "exports-below",
        Message(
            "tables of {stage} in folders below, like {example}: {count}; they were not read, and there are no others"
        ),
        Message('To read them: [inputs.{stage}] files = ["{pattern}"].'),
    ),
    warning(
        "exported-twice",
        Message(
            "{count} [row|rows], like that of {user}, [count!is a row|are rows] of {other} under another id or none, "
            "by "
            "the same person and "
            "time; each counts once"
        ),
        Message("Leave one of the two exports in the folder; export again without overlap."),
        counts=False,
    ),
    warning(
        "planned-alike",
        Message(
            "{count} [row|rows], like that of {user}, [count!has|have] the person and the day of a row of {other}, "
            "under "
            "another id: "
            "they may be the same rows once more; all count"
        ),
        Message("If they are the same, take them out of one of the two files, or export again without overlap."),
    ),
    warning(
        "times-alike",
        Message(
            "its {count} [row has|rows have] the times of those of {other}, and other ids: they may be the same rows "
            "once more; "
            "all count"
        ),
        Message("If they are the same, leave only one of the two files in the folder."),
    ),
    warning(
        "read-as-snapshots",
        Message(
            "read as lists of who pays at the time, {made}: gone from a newer list, and so lost: {gone} "
            "[customer|customers]{like}; rows that change with one: {changed}"
        ),
        Message('If they are parts of one list, so that every row counts: [paid_users] same_customers = "parts".'),
    ),
    warning(
        "read-as-lists",
        Message(
            "no start is given: read as lists of who pays at the time, of {made} {by}: new in a later one: {new} "
            "[customer|customers]; gone from the next one, and so lost: {gone}{like}"
        ),
        Message(
            'If a column says when each row began: [inputs.{stage}.columns] {start} = "your header"; if another one '
            'says of when it is: {column} = "your header".'
        ),
    ),
    warning(
        "read-as-events",
        Message(
            "read as a log of events by {header!r}: of {rows} [row|rows] {lasting} [lasts|last], each to the next "
            "event of its "
            "customer, and {ended} [ends|end] something{amounts}{midway}"
        ),
        Message('If each row is a subscription of its own: [paid_users] shape = "subscriptions".'),
    ),
    warning(
        "event-not-known",
        Message("nobody knows what the event {value!r} does: it begins, changes and ends nothing"),
        Message(
            "If it ends what is paid: [inputs.{stage}.status] ended = [{value!r}]; if it is paid from then on: "
            "paying = [{value!r}]."
        ),
        counts=False,
    ),
    error(
        "event-amounts",
        Message(
            "{value!r}: by this row the amounts of the events are neither what is paid after each nor by how much that "
            "changes"
        ),
        Message(
            'Say which: [paid_users] event_amounts = "after" (paid from then on) or "change"; or leave money out: '
            "[inputs.{stage}.columns] {column} = false."
        ),
        whole_file=True,
    ),
    error(
        "no-events",
        Message("no column holds events, like created and cancelled. Headers seen: {seen}"),
        Message('Name it: [inputs.{stage}.columns] {column} = "your header"; or leave out [paid_users] shape.'),
        whole_file=True,
    ),
    error(
        "log-beside-rows",
        Message("its rows are events, and those of {other} are not: the same subscription would count in both"),
        Message("Leave one of the two in the folder."),
        whole_file=True,
    ),
    error(
        "list-days-undecided",
        Message(
            "{header!r} holds the first of each month, like {example!r}, and nothing says whether such a row tells who "
            "pays in that month or who paid in the one that is over"
        ),
        Message('Say which: [paid_users] first_of_month = "month" or "before".'),
        whole_file=True,
    ),
    error(
        "lists-or-payments",
        Message(
            "the same customers stand under several days of {header!r}: each row may be a payment of that day, or each "
            "day a list of who pays at the time"
        ),
        Message(
            'Of payments: [paid_users] shape = "payments"; of lists: [inputs.{stage}.columns] {listed} = {header!r}.'
        ),
        whole_file=True,
    ),
    error(
        "list-day-not-read",
        Message("{value!r} is neither a month with its year nor a day"),
        or_leave_out(Message("Write it like 2026-07, 07/2026 or 2026-07-31")),
    ),
    warning(
        "listed-in-several",
        Message(
            "{count} [customer|customers], like {user}, [count!stands|stand] with the same start in several of these "
            "files, which give no ends: "
            "read as parts of one list, so nobody leaves"
        ),
        Message(
            'If each file lists who pays at its time: [paid_users] same_customers = "snapshots"; if they are parts of '
            'one list: same_customers = "parts".'
        ),
    ),
    warning(
        "rate-repeated",
        Message("{count} [row|rows] with {rate} [count!is|are] like another one in all but {column!r}: {counts_as}"),
        Message(
            "If each is a subscription of its own: [inputs.{stage}.columns] {key} = {column!r}; if they are bills of "
            "one: {once}[inputs.{stage}] ignore = [{column!r}]."
        ),
    ),
    warning(
        "open-beside-open",
        Message(
            "{user} pays by an open row since {since}, and this one is open beside it, with another plan or amount: "
            "both count"
        ),
        Message(
            'If it takes the place of the earlier one: [paid_users] open_rows = "replace"; if both are paid for: '
            'open_rows = "add".'
        ),
    ),
    warning(
        "gone-from-snapshot",
        Message(
            "{count} [customer|customers], like {user}, [count!is|are] not in the newer {other}, and nothing says when "
            "they left"
        ),
        Message(
            "They count as paying, since other rows say when they end. If they have left: [paid_users] "
            'same_customers = "snapshots"; if the files are parts of one list: same_customers = "parts".'
        ),
    ),
    remark(
        "time-beside",
        Message("the times of day under {header!r} are those of the days under {column!r}"),
        Message("If they are something else: [inputs.{stage}] ignore = [{header!r}]."),
    ),
)
