"""Files to facts: everything is read once, the summed input in a thread of its own beside the rest."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from funnelcli.config import Config
from funnelcli.facts.effort import PLAIN, Effort
from funnelcli.facts.opened import inputs_of, opened_inputs, unread_problems
from funnelcli.facts.same_visits import same_visits
from funnelcli.facts.scan import Scan, scan_without
from funnelcli.facts.twins import report_twins
from funnelcli.facts.visitors import needs_comparing
from funnelcli.inputs.accounts import ACCOUNTS, attribute_column
from funnelcli.inputs.monthly import MONTHLY
from funnelcli.inputs.spec import Input, KnownExport, dimension_column
from funnelcli.problems import Problems
from funnelcli.reading.also import problems_of
from funnelcli.reading.changed import changed_error, changed_files
from funnelcli.reading.discover import SourceFile
from funnelcli.reading.engines.choose import is_large
from funnelcli.reading.engines.model import VisitRequest, VisitTable
from funnelcli.reading.held import holding
from funnelcli.reading.known import channels_of, config_with_known
from funnelcli.reading.meter import Meter
from funnelcli.reading.monthly import MonthlyTable, read_monthly
from funnelcli.reading.opening import Opened
from funnelcli.reading.order_of_others import orders_of_others
from funnelcli.reading.scratch import scratch_folder
from funnelcli.reading.unread_people import amounts_beside
from funnelcli.reading.visits_again import visits_again
from funnelcli.text import Message
from funnelcli.values.dates import DateOrder

if TYPE_CHECKING:
    from funnelcli.facts.combine import InputEvents
    from funnelcli.facts.joining import Join
    from funnelcli.facts.model import Extent, Facts, InputFacts
    from funnelcli.facts.people import People
    from funnelcli.reading.keys import FurtherKey
    from funnelcli.reading.tables import FirstSignups, Table


def load(
    config: Config,
    files: Mapping[str, Sequence[SourceFile]],
    *,
    by: str | None = None,
    meter: Meter | None = None,
    effort: Effort = PLAIN,
) -> Facts:
    """Read and check every file.  Faults in the data are in ``problems``, not raised.

    ``by`` is the dimension that summed rows are to be split by beside their channel; a ``meter`` of the files is told
    how far they have been read.
    """
    problems = Problems()
    report_twins(files, problems)
    with holding() as held:
        given = {
            name: [replace(source, held=held, meter=meter) for source in sources] for name, sources in files.items()
        }
        declared = inputs_of(config)
        opened = opened_inputs(config, declared, given, problems)
        config = config_with_known(config, exports_of(opened))
        loading = _Loading(
            config=config, declared=declared, files=files, opened=opened, problems=problems, by=by, meter=meter,
            effort=effort,
        )  # fmt: skip
        return _unless_changed(loading.facts, [source for sources in opened.values() for source in sources], problems)


def exports_of(opened: Mapping[str, Sequence[Opened]]) -> dict[str, list[KnownExport | None]]:
    """The exports of systems that the files of each input are; None for a file that is none that is known."""
    return {name: [source.export for source in sources] for name, sources in opened.items()}


def _unless_changed(facts_of: Callable[[], Facts], opened: Sequence[Opened], problems: Problems) -> Facts:
    """The facts; what has changed while they were read is reported, whatever else it has led to."""
    try:
        facts = facts_of()
    except Exception:
        if faults := changed_files(opened):
            raise changed_error(faults) from None
        raise
    problems.extend(changed_files(opened))
    return facts


class _Loading:
    """One load, in the order that lets the visits be scanned while pandas is imported and the rest is read."""

    def __init__(
        self,
        *,
        config: Config,
        declared: Mapping[str, Input],
        files: Mapping[str, Sequence[SourceFile]],
        opened: Mapping[str, list[Opened]],
        problems: Problems,
        by: str | None,
        meter: Meter | None,
        effort: Effort,
    ) -> None:
        self.effort = effort
        self.config = config
        self.declared = declared
        self.files = {name: list(given) for name, given in files.items()}
        self.opened = dict(opened)
        self.read: dict[str, Table] = {}  # as they are before their people have one name each
        self.problems = problems
        self.by = by
        self.meter = meter
        self.zone = ZoneInfo(config.business.timezone)
        self.channels = channels_of(config, exports_of(opened))

    def facts(self) -> Facts:
        large = any(is_large(sources) for name, sources in self.opened.items() if self.declared[name].summed)
        if not large:  # no temporary folder, which a killed run would leave
            return self._facts(None)
        with scratch_folder() as scratch:
            return self._facts(scratch)

    def _facts(self, scratch: Path | None) -> Facts:
        # Large visits are scanned in a thread from the first moment on; where they are to be joined with the signups,
        # the engine asks for these when it needs them, and waits until they have been read here.
        awaited: Future[Table] = Future()
        request = self._visit_request(awaited if "signups" in self.opened else None, scratch)
        summed = next((name for name in self.opened if self.declared[name].summed), None)
        sources: Sequence[Opened] | None = self.opened[summed] if summed is not None else None
        # Visits whose people may stand in another column than the signups' wait until these have been compared.
        compares = sources is not None and needs_comparing(sources, self.opened.get("signups", ()))
        early = sources is not None and is_large(sources) and not compares
        scan = Scan(sources, request, self.meter) if sources is not None and early else None
        tables: dict[str, Table] = {}
        for name, wanted in self.declared.items():
            if name in self.opened and not wanted.summed and not wanted.stands_in:
                tables[name] = self._table(name)
                if name == "signups":
                    awaited.set_result(tables[name])
                    if sources is not None and scan is None and not compares:
                        scan = Scan(sources, request, self.meter)
        tables, joins = self._joined(tables)
        if sources is not None and summed is not None and compares:
            request, compared = self._compared(summed, tables["signups"], request)
            sources, joins = self.opened[summed], (*joins, *compared)
        if sources is not None and scan is None:
            scan = Scan(sources, request, self.meter)
        return self._combined(tables, joins, summed, request, scan)

    def _joined(self, tables: Mapping[str, Table]) -> tuple[dict[str, Table], tuple[Join, ...]]:
        """The tables with one name for each person, and how their people were found among each other."""
        from funnelcli.facts.joining import join_people

        joined = join_people(tables, self.opened, self._reread)
        return dict(joined.tables), joined.joins

    def _compared(self, name: str, signups: Table, request: VisitRequest) -> tuple[VisitRequest, list[Join]]:
        """The request for the visits, their files opened by the column that joins their users with the signups."""
        from funnelcli.facts.visitors import compare_visitors

        people = compare_visitors(name, self.opened[name], self.opened["signups"], signups, self._reread)
        if people is None:
            return request, []
        self.opened[name] = list(people.opened)
        return replace(request, registered=lambda: people.registered, signups=()), [people.join]

    def _reread(self, name: str, keys: Sequence[FurtherKey]) -> Table:
        """The table of an input as it was read, with further columns; what is wrong in it is known already."""
        from funnelcli.reading.keys import with_keys
        from funnelcli.reading.tables import raw_tables, with_ids

        table = self.read[name]
        files = [with_keys(source, keys, table.input.person or "") for source in table.files]
        raws = raw_tables(files, Problems(), self.effort.parts(self.config.engine))
        return with_ids(table, files, raws, [key.name for key in keys])

    def _combined(
        self,
        tables: dict[str, Table],
        joins: tuple[Join, ...],
        summed: str | None,
        request: VisitRequest,
        scan: Scan | None,
    ) -> Facts:
        from funnelcli.facts.combine import days_of
        from funnelcli.facts.copies import only_people, same_as_people, same_times
        from funnelcli.facts.ends import days_of_past_ends, ends_at_starts
        from funnelcli.facts.extents import days_of_months, days_with_events, extent_of
        from funnelcli.facts.in_one_currency import in_one_currency
        from funnelcli.facts.lone import lone_problems, lone_starts, without_lone_day
        from funnelcli.facts.people import People

        self.problems.extend(same_as_people(tables))
        self.problems.extend(same_times(tables))
        self.problems.extend(only_people(tables))
        self.problems.extend(ends_at_starts(tables))
        tables, currency = in_one_currency(tables, self.config, self.problems)
        monthly = self._monthly(currency)
        people = People()
        combined = self._combined_tables(tables, currency, people)
        listed_by = {column for known in combined.values() for column in known.listed_by}
        assumed = None if self.config.currency_given else currency
        files = (each for given in self.opened.values() for each in given)
        self.problems.extend(unread_problems(files, listed_by, assumed))
        days, lone = without_lone_day(days_with_events(tables, combined))
        self.problems.extend(lone_problems(tables, lone))
        self.problems.extend(lone_starts(tables))
        ended = {name: days_of_past_ends(table, self.config) for name, table in tables.items()}
        orders = {name: table.order for name, table in tables.items()}
        visits = self._scanned(scan, request, self.opened.get(summed or "", []))
        if visits is not None and summed is not None:
            combined[summed] = self._combined_visits(visits, summed, request.by)
            days[summed] = days_of(visits)
            orders[summed] = visits.order
        self.problems.extend(orders_of_others(self.opened, orders))
        if monthly is not None:
            days[MONTHLY.name] = days_of_months({row.month for row in monthly.rows})
        inputs = {
            name: self._input_facts(
                name, combined.get(name), monthly, extent_of(days.get(name, set()), ended.get(name)), orders.get(name)
            )
            for name in self.declared
            if name in self.opened
        }
        converted = any(table.converted for table in tables.values()) or (visits is not None and visits.converted)
        return self._put_together(
            inputs, combined, people, joins=joins, monthly=monthly, visits=visits, request=request,
            currency=currency, converted=converted,
        )  # fmt: skip

    def _combined_tables(self, tables: Mapping[str, Table], currency: str, people: People) -> dict[str, InputEvents]:
        """The events of each table; whom they are about goes to ``people``."""
        from funnelcli.facts.combine import Combining, combine
        from funnelcli.facts.dimensions import declared_dimensions

        dimensions = declared_dimensions(self.config).values()
        asked = Combining(
            config=self.config,
            currency=currency,
            channels=self.channels,
            people=people,
            words=frozenset(column for dimension in dimensions for column in dimension.columns.values()).union(
                attribute_column(name).name for name in self.config.attributes
            ),
            problems=self.problems,
        )
        return {name: combine(table, asked) for name, table in tables.items()}

    def _scanned(self, scan: Scan | None, request: VisitRequest, sources: Sequence[Opened]) -> VisitTable | None:
        """What the scan of the visits found; waited for where it is not done."""
        if scan is None:
            return None
        if scan.is_busy and request.registered is not None and request.signups:
            request.registered()  # while the scan is still busy; the engine compares it with its own
        visits = scan.result()
        same = same_visits(visits, sources)
        said = {fault.file for fault in self.problems if fault.code == "table-twice"}
        self.problems.extend(visits_again(visits, [file for file in sources if file.name not in said]))
        self.problems.extend(same.problems)
        if same.left_out:
            visits = scan_without(sources, request, visits, same.left_out)
        self.problems.extend(visits.problems)
        return visits

    def _put_together(
        self,
        inputs: Mapping[str, InputFacts],
        combined: Mapping[str, InputEvents],
        people: People,
        *,
        joins: tuple[Join, ...],
        monthly: MonthlyTable | None,
        visits: VisitTable | None,
        request: VisitRequest,
        currency: str,
        converted: bool,
    ) -> Facts:
        """The inputs in the one table of events, with what else is known of them all."""
        from funnelcli.facts.attributes import attributes_of
        from funnelcli.facts.beside import events_beside
        from funnelcli.facts.chain import chain_events
        from funnelcli.facts.dimensions import Dimensions, declared_dimensions
        from funnelcli.facts.fitting import fitting_events
        from funnelcli.facts.happened import Happened
        from funnelcli.facts.leads_beside import with_leads
        from funnelcli.facts.model import Facts
        from funnelcli.facts.staging import events_of_journeys
        from funnelcli.facts.stated import Stated
        from funnelcli.facts.tiers import Tiers

        records = {name: known.records for name, known in combined.items()}
        events = Happened.together(known.events for known in combined.values())
        events = Happened.together([events, events_beside(events)])
        attributes = attributes_of(records, events, people.names)
        records |= {name: attributes.spread for name in (ACCOUNTS.name,) if attributes.spread is not None}
        tiers = Tiers(profile=self.config.icp, attributes=attributes, events=events)
        dimensions = Dimensions(declared_dimensions(self.config), self.channels, records, self.config.teams, tiers)
        of_journeys = events_of_journeys(self.config, events, records, inputs, self.problems)
        events = Happened.together([events, of_journeys, fitting_events(tiers)])
        events = Happened.together([events, chain_events(tiers, events)])
        events, leads = with_leads(self.config, events, attributes, dimensions, tiers)
        return Facts(
            config=self.config, inputs=inputs, entities=attributes.entities, joins=joins, attributes=attributes,
            leads=leads, tiers=tiers, events=events, dimensions=dimensions, visits=visits,
            stated=Stated(monthly, self.problems) if monthly else None,
            visit_request=replace(request, scratch=None) if visits is not None else None,
            problems=self.problems, currency=currency, timezone_assumed=converted and not self.config.timezone_given,
        )  # fmt: skip

    def _combined_visits(self, visits: VisitTable, summed: str, by: str | None) -> InputEvents:
        """The visits as events; where they are split ``by`` a column that no file has, they have no value of it."""
        from funnelcli.facts.combine import visit_facts

        said = by is not None and any(
            source.has(by) or (by == "source" and source.has("medium")) for source in self.opened[summed]
        )
        return visit_facts(visits, self.declared[summed], self.channels.within(summed), by=by, said=said)

    def _input_facts(
        self,
        name: str,
        combined: InputEvents | None,
        monthly: MonthlyTable | None,
        extent: Extent | None,
        order: DateOrder | None,
    ) -> InputFacts:
        from funnelcli.facts.model import InputFacts

        return InputFacts(
            input=self.declared[name],
            files=self.files[name],
            opened=self.opened[name],
            tallies=combined.tallies if combined else monthly.tallies if monthly else (),
            extent=extent,
            order=order,
            records=combined.records if combined else None,
            amounts_not_read=[text for source in self.opened[name][:1] for text in amounts_beside(source)],
            **({"unmatched": combined.unmatched} if combined else {}),
        )

    def _table(self, name: str) -> Table:
        if self.meter is not None:
            self.meter.text = Message("reading {title}").filled(title=self.declared[name].title)
        self.read[name] = self._read(name)
        if self.meter is not None:
            self.meter.done(source.file.path for source in self.opened[name])
        return self.read[name]

    def _read(self, name: str) -> Table:
        from funnelcli.facts.event_log import with_events_lasting
        from funnelcli.facts.listed import with_list_days
        from funnelcli.reading.tables import read_table

        settings, sources, declared = self.config.input_settings(name), self.opened[name], self.declared[name]
        problems = problems_of(sources, declared, self.problems)
        table = read_table(sources, declared, settings, self.zone, problems, self.effort.parts(self.config.engine))
        table = with_list_days(table, self.config.paid_users, settings, problems)
        return with_events_lasting(table, self.config.paid_users, settings, problems)

    def _monthly(self, currency: str) -> MonthlyTable | None:
        if MONTHLY.name not in self.opened:
            return None
        settings = self.config.input_settings(MONTHLY.name)
        return read_monthly(self.opened[MONTHLY.name], settings, self.problems, currency=currency)

    def _visit_request(self, awaited: Future[Table] | None, scratch: Path | None) -> VisitRequest:
        settings = self.config.input_settings("visitors")

        @cache
        def registered() -> FirstSignups:
            from funnelcli.reading.tables import first_signups

            assert awaited is not None
            return first_signups(awaited.result())

        own = self.config.dimensions.get(self.by or "")
        by = dimension_column(self.by) if self.by and own and self.declared[own.input].summed else self.by
        by = None if by == "channel" else by
        return VisitRequest(
            zone=self.zone,
            channels=self.channels.within("visitors"),
            registered=registered if awaited is not None else None,
            order=settings.date_order,
            decimal=settings.decimal,
            signups=tuple(self.opened.get("signups", ())),
            by=by,
            scratch=scratch,
            parts=self.effort.parts(self.config.engine),
            threads=self.effort.threads or self.config.engine.threads,
            megabytes=self.config.engine.megabytes,
            crew=self.effort.crew(self.config.engine),
        )
