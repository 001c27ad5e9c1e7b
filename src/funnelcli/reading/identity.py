"""Whom a file is about, where ``[identity]`` says which column names its people."""

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import replace

from funnelcli.config import InputSettings
from funnelcli.inputs.people import EMAIL, PERSON
from funnelcli.inputs.spec import Input
from funnelcli.problems import Problem, problem
from funnelcli.reading.dialect import FileFault
from funnelcli.reading.discover import SourceFile
from funnelcli.reading.engines.distinct import distinct_ids
from funnelcli.reading.headers import header_key
from funnelcli.reading.keys import sampled
from funnelcli.reading.opening import Opened, open_file
from funnelcli.reading.settings import BY
from funnelcli.text import Text, joined
from funnelcli.values.cells import clean_id
from funnelcli.values.ids import KeyKind, key_kind


def open_identified(
    file: SourceFile,
    wanted: Input,
    settings: InputSettings,
    identity: Mapping[str, str],
    others: Sequence[Opened] = (),
) -> list[Opened]:
    """The file opened, its people named by the column that ``[identity]`` says.

    ``[inputs.NAME.columns]`` outweighs it.  Where no header is known for people and the cells of one column are
    e-mails, it is that one.  Raises FileFault as :func:`open_file` does, also where the file has not the column; an
    input that may do without people is then read without it.  ``others`` are the files of those who should include
    these people: a column that holds their ids is named in the fault.
    """
    try:
        return _open_named(file, wanted, settings, identity)
    except FileFault as fault:
        if not any(p.code == "missing-column" and p.column == wanted.person for p in fault.problems):
            raise
        return _open_by_cells(file, wanted, settings, fault, others)


def _open_named(file: SourceFile, wanted: Input, settings: InputSettings, identity: Mapping[str, str]) -> list[Opened]:
    person = wanted.person
    if person is None or person in settings.columns:
        return open_file(file, wanted, settings)
    fault: FileFault | None = None
    for header in _headers(wanted.name, identity):
        named = settings.model_copy(update={"columns": {**settings.columns, person: header}})
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


def _open_by_cells(
    file: SourceFile, wanted: Input, settings: InputSettings, fault: FileFault, others: Sequence[Opened]
) -> list[Opened]:
    """The file opened by the one column of e-mails; else the fault, with the columns that may be meant."""
    person = wanted.person or ""
    columns = tuple(replace(c, required=False) if c.name == person else c for c in wanted.columns)
    try:
        opened = open_file(file, replace(wanted, columns=columns), settings)
    except FileFault:
        raise fault from None
    emails = list(dict.fromkeys(header for each in opened for header in _of_emails(each)))
    if len(emails) == 1 and all(_mostly_once(each, emails[0]) for each in opened):
        named = settings.model_copy(update={"columns": {**settings.columns, person: emails[0]}})
        first, *others_of_it = open_file(file, wanted, named)
        said = problem("people-by-cells", file=file.name, column=emails[0], stage=wanted.name, ours=person)
        return [replace(first, warnings=(*first.warnings, said)), *others_of_it]
    known = {text for other in others for text in _ids(other)}
    by_cells = [(emails, _EMAILS)] if emails else []
    if not emails and known:
        by_cells = [([header for each in opened for header in _of_ids(each, known)], _IDS)]
    raise FileFault(*(_suggested(p, wanted.name, person, by_cells) for p in fault.problems))


_EMAILS = Text("holds e-mails", "chứa e-mail")
_IDS = Text("holds ids of people who are known", "chứa mã của những người đã biết")


def _suggested(fault: Problem, stage: str, person: str, by_cells: Sequence[tuple[Sequence[str], Text]]) -> Problem:
    """The fault of a missing person with the headers of the columns that may be meant."""
    if fault.column != person:
        return fault
    text = Text(" {header!r} {why}.", " {header!r} {why}.")
    named = [(header, why) for headers, why in by_cells for header in headers]
    parts = [text.filled(header=header, why=why) for header, why in named]
    if len(named) != 1:
        return replace(fault, text=joined("", [fault.text, *parts]))
    advice = Text(
        "If that names the people, say so in funnel.toml: [inputs.{stage}.columns] {person} = {header!r}.",
        "Nếu cột đó cho biết người, hãy khai báo trong funnel.toml: [inputs.{stage}.columns] {person} = {header!r}.",
    )
    return replace(
        fault,
        text=joined("", [fault.text, *parts]),
        advice=advice.filled(stage=stage, person=person, header=named[0][0]),
    )


def _mostly_once(opened: Opened, header: str) -> bool:
    """Whether most cells of a column are no other row's, as those of who looks after people would be."""
    if header not in opened.columns.header:
        return True
    place = opened.columns.header.index(header)
    cells = [cell for record in sampled(opened) if (cell := clean_id(record[place]))]
    return 2 * len(set(cells)) >= len(cells)


def _unread_cells(opened: Opened) -> Iterator[tuple[str, set[str]]]:
    """The columns that are not read, each with the ids that the first rows have in it."""
    read = set(opened.columns.index.values())
    records = sampled(opened)
    for place, header in enumerate(opened.columns.header):
        if place not in read and header_key(header):
            cells = {clean_id(record[place]) for record in records} - {""}
            if cells:
                yield header, cells


def _of_emails(opened: Opened) -> list[str]:
    return [header for header, cells in _unread_cells(opened) if key_kind(cells) is KeyKind.EMAIL]


def _of_ids(opened: Opened, known: Set[str]) -> list[str]:
    return [header for header, cells in _unread_cells(opened) if 2 * len(cells & known) > len(cells)]


def _ids(opened: Opened) -> set[str]:
    """The ids of the people of a file."""
    person = opened.input.person
    return distinct_ids(opened, opened.columns.index[person]) if person and opened.has(person) else set()


def _headers(name: str, identity: Mapping[str, str]) -> Iterator[str]:
    """The headers to look for: the one given, and where one is given for all inputs, those that mean the same."""
    header = identity.get(name) or identity.get(BY)
    if header is None:
        return
    yield header
    if name not in identity:
        alike = [names for names in (EMAIL, PERSON) if header_key(header) in map(header_key, names)]
        yield from (other for names in alike for other in names if header_key(other) != header_key(header))
