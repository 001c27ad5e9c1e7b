"""Why metrics have no value though all that they are made of is known."""

from funnelcli.metrics.kinds import Ranking
from funnelcli.text import Message
from funnelcli.values.figures import Missing

OF_WHOLE = Missing("of-the-whole-only", Message("it was said of the whole business, and of none of its parts"))
NO_MONTHS = Missing("week-has-no-months", Message("it is reckoned by calendar months, which a week is not made of"))
NO_WHOLE_MONTHS = Missing("no-whole-months", Message("it is reckoned of whole months, and the period is not so many"))
MORE_THAN_ALL = Missing("more-lost-than-there", Message("more were lost than there were when the period began"))
NAMES_NONE = Missing("names-none", Message("the rows name none: what was spent is not of these people"))
IMMATURE = "immature"
NONE_TIMED = Missing("none-timed", Message("of none of them is it known how long it took, or has taken so far"))
STAYS_BELOW = Missing("curve-below", Message("so many have not got on by the last day seen"))


def immature(matured: float, entered: float) -> Missing:
    """Not all who entered in a period have had the time that they are given."""
    return Missing(IMMATURE, Message("{matured} of {entered} matured").filled(matured=matured, entered=entered))


def too_thin(kind: Ranking, there: int, others: int) -> Missing:
    """So few of either side show nothing of a score."""
    text = Message("{there} and {others} are too few to tell: it takes {fewest}, and {each} of each")
    return Missing("too-thin", text.filled(there=there, others=others, fewest=kind.fewest, each=kind.of_each))


def too_few(number: float, least: int) -> Missing:
    """A part is too small for its figure to tell anything."""
    return Missing("too-few", Message("{n} are too few to tell: it takes {least}").filled(n=number, least=least))
