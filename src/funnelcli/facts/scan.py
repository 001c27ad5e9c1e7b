"""The scan of the visits: large ones are read in a thread of its own, beside the rest."""

import threading
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from msgspec.structs import replace

from funnelcli.problems import Problem, problem
from funnelcli.reading.engines.choose import is_large, make_ready, scan_visits
from funnelcli.reading.engines.model import VisitRequest, VisitTable
from funnelcli.reading.meter import Meter
from funnelcli.reading.opening import Opened
from funnelcli.text import Message

SAME_DAYS = 3  # of which the totals agree, before two files are taken for the same visits
FEWEST_DAYS, NO_ACCIDENT = 2, 10  # of whose totals it is asked
NEARLY, ON_A_DAY = 0.05, 0.1  # by which the totals of two tools that count the same visits differ


def cut_otherwise(table: VisitTable) -> dict[str, str]:
    """Files of sums that are the visits of another file, cut by other dimensions, with that other file.

    The totals of all their days agree, and the rows are of other sources.  The file with the most rows stays.
    """
    order = sorted(table.summed, key=lambda name: (-len(table.summed[name]), name))
    same: dict[str, str] = {}
    for place, other in enumerate(order):
        days = table.day_totals[other]
        for name in order[place + 1 :]:
            totals = table.day_totals[name]
            agree = len(totals) >= SAME_DAYS and sum(totals.values()) > 0 and totals.items() <= days.items()
            if agree and other not in same and name not in same and not table.summed[name] <= table.summed[other]:
                same[name] = other
    return same


def counted_alike(table: VisitTable, same: Iterable[str]) -> Iterator[Problem]:
    """A warning for each file of sums, but for the ``same``, that may be another tool's count of a file's visits.

    The two have the same days, whose totals are close together.
    """
    names = sorted(set(table.day_totals) - set(same))
    for place, name in enumerate(names):
        close = (other for other in names[:place] if _are_close(table.day_totals[other], table.day_totals[name]))
        if (other := next(close, None)) is not None:
            yield problem("visits-counted-alike", file=name, other=other)


def _are_close(days: Mapping[date, int], others: Mapping[date, int]) -> bool:
    if _are_months_of(days, others) or _are_months_of(others, days):
        return True
    if days == others and FEWEST_DAYS <= len(days) < SAME_DAYS:
        return len(set(days.values())) > 1 and sum(days.values()) >= NO_ACCIDENT
    if len(days) < SAME_DAYS or days.keys() != others.keys() or days == others:
        return False
    near = sum(abs(number - others[day]) <= ON_A_DAY * max(number, others[day]) for day, number in days.items())
    totals = sum(days.values()), sum(others.values())
    return 10 * near >= 9 * len(days) and abs(totals[0] - totals[1]) <= NEARLY * max(totals)


def _are_months_of(days: Mapping[date, int], others: Mapping[date, int]) -> bool:
    """Whether some days are the firsts of months, with the visits that others have in all of these months."""
    months: Counter[date] = Counter()
    for day, number in others.items():
        months[day.replace(day=1)] += number
    are_firsts = len(days) >= FEWEST_DAYS and all(day.day == 1 for day in days) and len(others) > len(days)
    shared = [day for day in days if day in months]
    return are_firsts and len(shared) >= FEWEST_DAYS and all(days[day] == months[day] > 0 for day in shared)


def scan_without(opened: Sequence[Opened], request: VisitRequest, table: VisitTable, same: Iterable[str]) -> VisitTable:
    """The scan once more, without files whose rows are tallied as duplicates."""
    dropped = set(same)
    again = scan_visits([source for source in opened if source.name not in dropped], request)
    tallies = {tally.file: tally for tally in [*table.tallies, *again.tallies]}
    for name in dropped:
        tallies[name] = replace(tallies[name], duplicate=tallies[name].counted, counted=0)
    again.tallies = [tallies[source.name] for source in opened if source.name in tallies]
    return again


class Scan:
    """The scan of the visits; large ones in a thread, for DuckDB lets go of the interpreter while it reads."""

    def __init__(self, opened: Sequence[Opened], request: VisitRequest, meter: Meter | None) -> None:
        self._table: VisitTable | None = None
        self._error: BaseException | None = None
        self._thread: threading.Thread | None = None

        def run() -> None:
            try:
                self._table = scan_visits(opened, request)
                if meter is not None:
                    meter.done(source.file.path for source in opened)
            except BaseException as error:  # raised again in result(), in the thread that waits
                self._error = error

        if is_large(opened):
            if meter is not None:
                meter.text = Message("reading visits")
            make_ready()
            self._thread = threading.Thread(target=run, daemon=True)
            self._thread.start()
        else:
            run()

    @property
    def is_busy(self) -> bool:
        """Whether a thread of its own is still reading."""
        return self._thread is not None and self._thread.is_alive()

    def result(self) -> VisitTable:
        """What the scan found, waited for; what went wrong in its thread is raised here."""
        if self._thread is not None:
            while self._thread.is_alive():
                self._thread.join(0.1)  # in slices, so that Ctrl-C is heard
        if self._error is not None:
            raise self._error
        assert self._table is not None
        return self._table
