"""The first funnel.toml of a folder: what was found in it, written down with comments."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from funnelcli.config import DEFAULT_CURRENCY, DEFAULT_TIMEZONE, SCHEMA_NAME
from funnelcli.facts.model import Facts, InputFacts
from funnelcli.inputs import exports
from funnelcli.inputs.spec import Input
from funnelcli.reading.dialect import Container
from funnelcli.reading.opening import Opened
from funnelcli.values.channels import Channel, ChannelMap
from funnelcli.values.dates import DateOrder

MOST_SOURCES = 12


@dataclass(frozen=True, kw_only=True)
class Answers:
    """What the user was asked, or the defaults: nothing here is guessed from the clock or the machine."""

    name: str = ""
    currency: str = DEFAULT_CURRENCY
    timezone: str = DEFAULT_TIMEZONE
    lang: str = "en"
    date_orders: Mapping[str, DateOrder] = field(default_factory=dict)


def undecided_dates(facts: Facts) -> dict[str, Text]:
    """The inputs whose order of day and month nothing decides, with a cell that shows it."""
    undecided: dict[str, Text] = {}
    for name, known in facts.inputs.items():
        names = {source.name for source in known.files}
        for fault in facts.problems:
            if fault.code == "date-order-undecided" and fault.file in names:
                undecided[name] = fault.text
    return undecided


def first_config(facts: Facts, answers: Answers) -> str:
    """The text of a funnel.toml that reads the folder just as it is read without one, and says how."""
    blocks = [_head(), _business(answers)]
    blocks += [_input(facts, known, answers) for known in facts.inputs.values()]
    absent = [declared for declared in exports() if declared.name not in facts.inputs]
    if absent:
        blocks.append(
            "\n".join(
                f"# No {declared.name} found; it would be named {' or '.join(declared.files)}." for declared in absent
            )
        )
    blocks += [_channels(facts), _rest()]
    return "\n\n".join(blocks) + "\n"


def _quoted(text: str) -> str:
    """A TOML basic string.

    >>> _quoted('a"b')
    '"a\\\\"b"'
    """
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(c if c.isprintable() else f"\\u{ord(c):04X}" for c in escaped) + '"'


def _comment(text: str) -> str:
    """Text from data that stays on one comment line."""
    return "".join(c if c.isprintable() else " " for c in text)


def _head() -> str:
    return (
        f"#:schema ./{SCHEMA_NAME}\n"
        "# Written by `funnelcli init` from the files in this folder.  Everything here is optional: what is not said\n"
        "# is found from the files.  docs/config.md lists every key."
    )


def _business(answers: Answers) -> str:
    name = f"name = {_quoted(answers.name)}" if answers.name else '# name = "Your firm"  # stands in the title'
    return "\n".join(
        [
            "[business]",
            name,
            f"currency = {_quoted(answers.currency)}",
            f"timezone = {_quoted(answers.timezone)}  # the business day; times with an offset are converted to it",
            f"lang = {_quoted(answers.lang)}  # of the formats for people: en or vi",
        ]
    )


def _how(one: Opened) -> str:
    match one.content.container:
        case Container.TEXT:
            assert one.dialect is not None
            zipped = "gzip, " if one.content.gzipped else ""
            mark = {"\t": "tab", ",": "comma", ";": "semicolon", "|": "bar"}.get(one.dialect.delimiter, "other")
            return f"{zipped}{one.dialect.encoding}, {mark}, header on line {one.header_line}"
        case Container.WORKBOOK:
            return f"workbook, sheet {one.sheet!r}, header on line {one.header_line}"
        case Container.PARQUET:
            return "Parquet"


def _input(facts: Facts, known: InputFacts, answers: Answers) -> str:
    declared = known.input
    lines = [f"[inputs.{declared.name}]"]
    shown = {opened.name: _how(opened) for opened in known.opened}
    lines += [
        f"# {_comment(source.name)}: {_comment(shown.get(source.name, 'could not be read, see check'))}"
        for source in known.files
    ]
    lines.append("# files = [...]  # instead of the usual names; a glob takes next month's file too")
    order = answers.date_orders.get(declared.name) or known.order
    if order:
        lines.append(f"date_order = {_quoted(order)}  # day, month, year")
    elif declared.name in undecided_dates(facts):
        lines.append('# date_order = "dmy"  # NEEDED: the dates do not tell; dmy is 31/12/2026, mdy is 12/31/2026')
    lines += _columns(list(known.opened), declared)
    return "\n".join(lines)


def _columns(opened: list[Opened], declared: Input) -> list[str]:
    """The mapping, written down where all files of the input have the same headers, else shown per file."""
    mappings = [
        {column: source.columns.header[place] for column, place in source.columns.index.items()} for source in opened
    ]
    if not mappings:
        lines = [f"# [inputs.{declared.name}.columns]  # our column = your header"]
        return lines + [f'# {c.name} = "…"  # {c.meaning}' for c in declared.columns if c.required]
    lines = [f"[inputs.{declared.name}.columns]  # our column = your header"]
    alike = all(mapping == mappings[0] for mapping in mappings)
    for source, mapping in zip(opened[:1] if alike else opened, mappings, strict=False):
        if not alike:
            lines.append(f"# in {_comment(source.name)}:")
        mark = "" if alike else "# "
        lines += [f"{mark}{column} = {_quoted(header)}" for column, header in mapping.items()]
    known = set().union(*mappings)
    lines += [f'# {c.name} = "…"  # {c.meaning}' for c in declared.columns if c.name not in known]
    used = {header for mapping in mappings for header in mapping.values()}
    headers = dict.fromkeys(header for source in opened for header in source.columns.header)
    unused = [header for header in headers if header and header not in used]
    if unused and not declared.stands_in:
        lines.append(f"# headers not used: {_comment(', '.join(unused))}")
    return lines


def _channels(facts: Facts) -> str:
    channels = ChannelMap(facts.config.channels)
    sources: Counter[str] = Counter()
    if facts.visits is not None:
        sources.update(facts.visits.sources)
    for known in facts.inputs.values():
        if known.records is not None and "source" in known.records.words and not known.input.summed:
            words = known.records.words["source"]
            numbers = np.bincount(words.codes, minlength=len(words.texts)).tolist()
            sources.update({source: n for source, n in zip(words.texts, numbers, strict=True) if source})
    lines = ["[channels]  # globs over the source, tried in this order, before the built-in ones"]
    by_channel: dict[Channel, list[tuple[str, int]]] = {}
    unmatched: list[tuple[str, int]] = []
    for source, n in sorted(sources.items(), key=lambda item: (-item[1], item[0])):
        if channels.is_matched(source):
            by_channel.setdefault(channels.of(source), []).append((source, n))
        else:
            unmatched.append((source, n))
    for channel in Channel:
        found = by_channel.get(channel, [])
        if found:
            seen = ", ".join(f"{source} ({n})" for source, n in found[:MOST_SOURCES] if source)
            more = f", … ({len(found)} in all)" if len(found) > MOST_SOURCES else ""
            lines.append(f"# {channel.value}: {_comment(seen)}{more}")
    if unmatched:
        seen = ", ".join(f"{source} ({n})" for source, n in unmatched[:MOST_SOURCES])
        globs = ", ".join(_quoted(source) for source, _ in unmatched[:MOST_SOURCES])
        lines.append(f"# match no pattern and count as organic: {_comment(seen)}")
        lines.append(f"# paid = [{globs}]  # or give them the channel they belong to")
    return "\n".join(lines)


def _rest() -> str:
    return "\n".join(
        [
            "[paid_users]",
            "grace_days = 0  # unpaid days between two rows that still are one stay",
            'end_date = "inclusive"  # the date in the cell is the last day; "exclusive": the first unpaid day',
            "",
            "[churn]",
            'method = "all"  # "opening": only losses of customers who were paying when the period began',
            "",
            "# Balances from before the exports begin, at the start of a month:",
            "# [opening]",
            '# month = "2026-01"',
            "# registered_users = 1200",
            "# paid_users = 80",
            "# demos_held = 310",
            "# mrr = 52000000",
            "",
            "# For `funnelcli targets`: assumptions in the place of measured ones, and what the teams' work costs.",
            "# [plan]",
            '# churn = "2%"',
            '# arpa = "500k"',
            "# [policies.affiliate]",
            "# per_signup = 50_000",
            '# per_new_paid_user = "10%"  # of the customer\'s first-year revenue',
        ]
    )
