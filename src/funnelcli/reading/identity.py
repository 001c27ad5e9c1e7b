"""Whom a file is about, where ``[identity]`` says which column names its people."""

from collections.abc import Iterator, Mapping, Sequence

from msgspec.structs import replace

from funnelcli.config import InputSettings
from funnelcli.inputs.people import EMAIL, PERSON
from funnelcli.inputs.spec import Input
from funnelcli.problems import problem
from funnelcli.reading.candidates import header_of_known, headers_of, with_candidates, without_needs
from funnelcli.reading.dialect import FileFault
from funnelcli.reading.discover import SourceFile
from funnelcli.reading.headers import header_key
from funnelcli.reading.keys import sampled
from funnelcli.reading.opening import Opened, open_file
from funnelcli.reading.settings import BY
from funnelcli.text import Message
from funnelcli.values.cells import clean_id
from funnelcli.values.ids import KeyKind


def open_identified(
    file: SourceFile,
    wanted: Input,
    settings: InputSettings,
    identity: Mapping[str, str],
    others: Sequence[Opened] = (),
) -> list[Opened]:
    """The file opened, its people named by the column that ``[identity]`` says.

    ``[inputs.NAME.columns]`` outweighs it.  Where no header is known for people and the cells of one column are
    e-mails, or phones, it is that one; where a row may be of several people, also one of ids of known people.  Raises
    FileFault as :func:`open_file` does, also where the file has not the
    column; an input that may do without people is then read without it.  Where a needed column is not found by its
    header, the fault names those that may be meant by their cells; ``others`` are the files of those who should include
    these people.
    """
    try:
        return _open_named(file, wanted, settings, identity)
    except FileFault as fault:
        lacking = {p.column for p in fault.problems if p.code == "missing-column"}
        opened = _open_by_cells(file, wanted, settings) if wanted.person in lacking else None
        if opened is None and not lacking.isdisjoint(column.name for column in wanted.columns if column.several):
            opened = _open_by_known(file, wanted, settings, others)
        if opened is not None:
            return opened
        raise with_candidates(fault, file, wanted, settings, others) from None


def _open_named(file: SourceFile, wanted: Input, settings: InputSettings, identity: Mapping[str, str]) -> list[Opened]:
    person = wanted.person
    if person is None or person in settings.columns:
        return open_file(file, wanted, settings)
    fault: FileFault | None = None
    for header in _headers(wanted.name, identity):
        named = replace(settings, columns={**settings.columns, person: header})
        try:
            return open_file(file, wanted, named)
        except FileFault as own:
            if not any(p.code == "mapped-column-missing" and p.column == person for p in own.problems):
                raise
            fault = fault or own
    column = wanted.column(person)
    if fault is not None and (wanted.name in identity or (column is not None and column.required)):
        raise fault
    return open_file(file, wanted, settings)


# --- people under a header that nobody knows -----------------------------------------------------------------------


_KNOWN = Message("ids of people who are known")
_KINDS = {KeyKind.EMAIL: Message("e-mails"), KeyKind.PHONE: Message("phones")}


def _open_by_cells(file: SourceFile, wanted: Input, settings: InputSettings) -> list[Opened] | None:
    """The file opened by the one column of e-mails, or of phones where it has none; None where more is wrong.

    Of several columns it is the one of which most cells are no other row's.
    """
    person = wanted.person or ""
    opened = without_needs(file, wanted, settings, {person})
    if opened is None:
        return None
    for kind, kinds in _KINDS.items():
        held = headers_of(opened, kind)
        headers = [header for header in held if all(_mostly_once(each, header) for each in opened)]
        if len(headers) == 1:
            return _opened_by(file, wanted, settings, (person, headers[0], kinds))
        if held:
            return None
    return None


def _open_by_known(
    file: SourceFile, wanted: Input, settings: InputSettings, others: Sequence[Opened]
) -> list[Opened] | None:
    """The file opened by the one column in which people stand whom ``others`` know; None where more is wrong."""
    entity = wanted.events[0].entity
    opened = without_needs(file, wanted, settings, {entity})
    header = None if opened is None else header_of_known(opened, others)
    return None if header is None else _opened_by(file, wanted, settings, (entity, header, _KNOWN))


def _opened_by(
    file: SourceFile, wanted: Input, settings: InputSettings, person: tuple[str, str, Message]
) -> list[Opened]:
    """The file opened with a column for its people that its cells show to be that, which is said."""
    ours, header, kinds = person
    first, *further = open_file(file, wanted, replace(settings, columns={**settings.columns, ours: header}))
    said = problem("people-by-cells", file=file.name, column=header, kind=kinds, stage=wanted.name, ours=ours)
    return [replace(first, warnings=(*first.warnings, said)), *further]


def _mostly_once(opened: Opened, header: str) -> bool:
    """Whether most cells of a column are no other row's, as those of who looks after people would be."""
    if header not in opened.columns.header:
        return True
    place = opened.columns.header.index(header)
    cells = [cell for record in sampled(opened) if (cell := clean_id(record[place]))]
    return 2 * len(set(cells)) >= len(cells)


def _headers(name: str, identity: Mapping[str, str]) -> Iterator[str]:
    """The headers to look for: the one given, and where one is given for all inputs, those that mean the same."""
    header = identity.get(name) or identity.get(BY)
    if header is None:
        return
    yield header
    if name not in identity:
        alike = [names for names in (EMAIL, PERSON) if header_key(header) in map(header_key, names)]
        yield from (other for names in alike for other in names if header_key(other) != header_key(header))
