"""Whom a file is about, where ``[identity]`` says which column names its people."""

from collections.abc import Iterator, Mapping

from funnelcli.config import InputSettings
from funnelcli.inputs.people import EMAIL, PERSON
from funnelcli.inputs.spec import Input
from funnelcli.reading.dialect import FileFault
from funnelcli.reading.discover import SourceFile
from funnelcli.reading.headers import header_key
from funnelcli.reading.opening import Opened, open_file
from funnelcli.reading.settings import BY


def open_identified(
    file: SourceFile, wanted: Input, settings: InputSettings, identity: Mapping[str, str]
) -> list[Opened]:
    """The file opened, its people named by the column that ``[identity]`` says.

    ``[inputs.NAME.columns]`` outweighs it.  Raises FileFault as :func:`open_file` does, also where the file has not the
    column; an input that may do without people is then read without it.
    """
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


def _headers(name: str, identity: Mapping[str, str]) -> Iterator[str]:
    """The headers to look for: the one given, and where one is given for all inputs, those that mean the same."""
    header = identity.get(name) or identity.get(BY)
    if header is None:
        return
    yield header
    if name not in identity:
        alike = [names for names in (EMAIL, PERSON) if header_key(header) in map(header_key, names)]
        yield from (other for names in alike for other in names if header_key(other) != header_key(header))
