"""The words of a page that are none of an answer: what its marks mean, and what its columns are."""

from funnelcli.text import Message

SKIP = Message("Skip to the figures")
MORE_ROWS = Message("and {n} more:")
ALL_ROWS = Message("all {n}:")
NAV = Message("Chapters")
KEY_FIGURES = Message("Key figures")
ON = Message("on {base}")
OF_TARGET = Message("of target {target}")
TARGET = Message("target")
TARGET_IS = Message("target {target}")
REACHED = Message("reached")
MISSED = Message("missed")
SO_FAR = Message("{month} so far")
DAYS = Message("{gone} of {days} [day|days]. Not compared with whole periods.")
COLUMNS_RUNNING = {
    "figure": Message("Figure"),
    "so_far": Message("So far"),
    "expected": Message("Expected"),
    "pace": Message("Pace"),
    "projected": Message("At this pace"),
    "target": Message("Target"),
}
ON_PACE, BEHIND = Message("on pace"), Message("behind")
WITHIN, ABOVE_LIMIT = Message("within limit"), Message("above limit")
BELOW_SHORT = Message("{n} short")
OVER = Message("{n} over")

STEP = Message("Step")
COUNT = Message("Count")
SHARE_BEFORE = Message("Share of the step before")
OF_BEFORE = Message("Of step before")
OF_FIRST = Message("Of first step")
NOT_ON = Message("Did not go on")
FIRST_STEP = Message("first step")
WHOLE_BAR = Message("bar = {n} {label}")
FUNNEL_LEAD = Message("Of {first} {what} in {month}, {last} {last_what}: 1 in {n}.")
FUNNEL_LEAD_SHORT = Message("{month}")
FUNNEL_KEY = Message(
    "share in {base}. Every bar starts at 0 and its full length is the step before, so bars are rates, not sizes."
)
FUNNEL_KEY_ALONE = Message(
    "Every bar starts at 0 and its full length is the step before, so bars are rates, not sizes."
)
NOT_ONE_GROUP = Message("Counts of one period: not the same people followed through.")

SCALES = Message("Every axis starts at 0; each chart has its own scale.")
PARTIAL_KEY = Message("{month}, not yet whole")
NO_DATA = Message("no data")
MARK = Message("{period}: {figure}")
MARK_TARGET = Message("{period}: {figure}, target {target}")
MARK_AHEAD = Message("{period}, foretold: {figure}; 50%: {half} – {to_half}; 90%: {low} – {high}")
MARK_AHEAD_TARGET = Message(
    "{period}, foretold: {figure}; 50%: {half} – {to_half}; 90%: {low} – {high}; target {target}"
)
BAND_HALF, BAND_MOST = Message("half of all runs"), Message("nine of ten")
IN_MONTH = Message("in {month}")
MARK_PARTIAL = Message("{period} so far: {figure}")
DESCRIBED = Message("{span}: from {first} to {last}; axis from 0 to {top}.")
DESCRIBED_EMPTY = Message("{span}: no figure.")

MOVED = Message("{rate_label} in {month}: {above} / {below} =")
FROM_ZERO = Message("Lengths start at 0.")
FROM_BROKEN = Message("The axis of {period} is broken: its lengths start at {low}.")

SHARE = Message("Share")
SPAN = Message("{n} [period|periods]")
MONTHS_SPAN = Message("{n} [month|months]")
PARTS_KEY = Message(
    "Bars share one scale. Each line has its own scale from 0: compare its shape, not its height. Grey italics: fewer "
    "than 30 cases."
)
OTHERS = Message("{n} [other is|others are] not shown; `-f csv --by` lists all.")

PROGRESS = Message("Progress, {month}")
TEAM_FIGURE = Message("Team, figure")
ACTUAL = Message("Actual")
TARGET_COLUMN = Message("Target")
OF_GOAL = Message("0 to 150% of target")
STATE = Message("State")
PROGRESS_KEY = Message("target; » beyond 150%.")
PACE_KEY = Message("expected by now")
UNMEASURED = Message("Not measured by the files: {what}.")

CHANGE_OF = Message(
    "Change: {now} against {base}. – means that the files cannot tell; the notes say why. Total: flows added up, "
    "balances at the end (or start), rates of the whole range."
)
TOTAL_OF = Message(
    "– means that the files cannot tell; the notes say why. Total: flows added up, balances at the end (or start), "
    "rates of the whole range."
)
UNIT_OF = Message("{label}, {unit}")
MADE_WITH = Message("Made with funnelcli.")
MORE_DEFINITIONS = Message("{n} [definition|definitions] more: `funnelcli metrics` lists them all.")
LEFT_OUT = Message("For want of room these are not shown: {names}; `-f html --by` shows each on a page of its own.")
