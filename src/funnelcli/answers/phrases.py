"""What several questions say: of wrong options, and what is read back from a page."""

from funnelcli.text import Message

BY_UNKNOWN = Message("--by {by!r} is not known.")
MONTH_ALONE = Message("--month stands alone.")
NOT_A_MONTH = Message("{place}: {text!r} is not a month.")

# The goal of a plan, in one line.
GOAL, GOAL_OF_PEOPLE = Message("Goal: {goal}; {shape}; {model}."), Message("Goal: {goal}; {shape}.")

# The page of `track`, from which its targets are read back.
TARGETS_AND_ACTUALS = Message("Targets of {name}, actual figures up to {day}{sum}{model}.")
SUMMED = Message(", summed from the first month on")
OF_DEALS = Message(", revenue of one-off deals")
# An actual figure beside its target: alone, and where something is left, is over it, or is below what is not to grow.
AGAINST = Message("{actual} [{share} of {target}]")
AGAINST_TO_GO = Message("{actual} [{share} of {target}] ({rest} to go)")
AGAINST_OVER = Message("{actual} [{share} of {target}] ({rest} over)")
AGAINST_BELOW = Message("{actual} [{share} of {target}] ({rest} below)")
UNASSIGNED = Message("unassigned")  # of rows that no team owns
REPLANNED = Message("{what} replanned (first quota)")

# Of targets that are sums, which cannot be targets of months: a column of their rows, and in words.
CUMULATIVE = "cumulative"
SUMS = Message("{name}: its targets are sums from the first month on, as track --cumulative writes them.")
GIVE_PLAIN = Message("Give the file of the targets themselves, or write it again without --cumulative.")
NO_PART = Message("{option} {name!r} is no {dimension}.")
PARTS_ARE = Message("The {dimension}s are {known}.")
