"""Exports of systems that are known by name: which one a header is of, and what is known of its file then."""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from msgspec.structs import replace

from funnelcli.config import Config, InputSettings
from funnelcli.inputs import INPUTS
from funnelcli.inputs.known import KnownExport
from funnelcli.inputs.spec import Input
from funnelcli.inputs.systems import KNOWN_EXPORTS
from funnelcli.reading.header_keys import header_key
from funnelcli.values.channels import Channel, ChannelMap, matches


def recognised(header: Iterable[str]) -> list[KnownExport]:
    """The exports of systems that a header is of, those first that are recognised by most headers.

    >>> recognised(["id", "Email"])
    []
    """
    cells = list(header)
    keys = frozenset(map(header_key, cells))
    declared = _by_first_header(tuple(KNOWN_EXPORTS.values()))
    near = {export.name: (export, groups) for key in keys for export, groups in declared.get(key, ())}
    fitting = [
        export
        for export, groups in near.values()
        if not any(map(keys.isdisjoint, groups)) and all(_is_asked(cells, globs) for globs in export.questions)
    ]
    return sorted(fitting, key=lambda export: (-export.weight, export.input is None, export.name))


def _is_asked(header: Sequence[str], globs: tuple[str, ...]) -> bool:
    """Whether any header is one of some questions."""
    return any(matches(cell, globs) for cell in header)


_Groups = tuple[frozenset[str], ...]


@lru_cache(maxsize=8)
def _by_first_header(exports: tuple[KnownExport, ...]) -> dict[str, list[tuple[KnownExport, _Groups]]]:
    """The exports by the first of the headers that recognise them, each with the keys of all."""
    known: dict[str, list[tuple[KnownExport, _Groups]]] = {}
    for export in exports:
        groups = tuple(frozenset(map(header_key, group)) for group in export.groups)
        for key in groups[0]:
            known.setdefault(key, []).append((export, groups))
    return known


def known_export(header: Sequence[str], wanted: Input) -> KnownExport | None:
    """The export of a system that a header is of; of several, the one that is recognised by most headers.

    >>> from funnelcli.inputs import INPUTS
    >>> known_export(["id", "Email"], INPUTS["paid_users"]) is None
    True
    """
    return next((export for export in recognised(header) if export.input == wanted.name), None)


def with_known(settings: InputSettings, export: KnownExport, header: Iterable[str] = ()) -> InputSettings:
    """The settings of an input with what is known of an export, as far as they say nothing else.

    Of the rows that count is known what stands under a ``header`` of the file.
    """
    keys = frozenset(map(header_key, header))
    said = [glob for globs in settings.status.values() for glob in globs]
    status = dict(settings.status)
    for group, words in export.statuses.items():
        status[group] = (*status.get(group, ()), *(word for word in words if not matches(word, said)))
    ours = {header_key(name) for name in (*settings.keep, *settings.drop)}

    def there(rows: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
        return {name: globs for name, globs in rows.items() if (key := header_key(name)) in keys and key not in ours}

    return replace(
        settings,
        status=status,
        keep={**settings.keep, **there(export.keep)},
        drop={**settings.drop, **there(export.drop)},
        ignore=(*settings.ignore, *export.ignore),
        interval=settings.interval or export.interval,
    )


def config_with_known(config: Config, exports: Mapping[str, Sequence[KnownExport | None]]) -> Config:
    """The settings with what is known of the files of each input, as far as they say nothing else.

    ``exports`` are those that the files of an input are, None for a file that is none.  What holds for the whole input,
    like the shape of its rows, is known where all its files are of exports that say the same.
    """
    inputs = dict(config.inputs)
    paid = config.paid_users
    for name, known in exports.items():
        of_files = list(dict.fromkeys(export for export in known if export is not None))
        if not of_files:
            continue
        given = settings = config.input_settings(name)
        for export in of_files:
            settings = with_known(settings, export)
        if len(of_files) > 1 and INPUTS[name].stays is not None:
            settings = replace(settings, status=given.status)  # each file has its own
        one_interval = {export.interval if export is not None else None for export in known}
        inputs[name] = settings if len(one_interval) == 1 else replace(settings, interval=given.interval)
        for key in ("shape", "end_date"):
            values = {getattr(export, key) if export is not None else None for export in known}
            value = values.pop() if len(values) == 1 else None
            if value is not None and not paid.gives(key):
                paid = replace(paid, **{key: value}, _given=(*paid._given, key))
    return replace(config, inputs=inputs, paid_users=paid)


def channels_of(config: Config, exports: Mapping[str, Sequence[KnownExport | None]]) -> ChannelMap:
    """The channels of sources, by the settings, and by what is known of the inputs and of the systems of their files.

    ``exports`` are those that the files of each input are, None for a file that is none.
    """
    known: dict[str, dict[str, tuple[str, ...]]] = {}
    rests: dict[str, Channel] = {}
    for name, of_files in exports.items():
        if (spending := INPUTS[name].spending) is not None:
            known[name], rests[name] = dict(spending.sources), spending.rest
        for export in dict.fromkeys(export for export in of_files if export is not None):
            for channel, globs in export.channels.items():
                of_input = known.setdefault(name, {})
                of_input[channel] = (*of_input.get(channel, ()), *globs)
    return ChannelMap(config.channels, known, rests=rests)
