"""The first funnel.toml of a folder: what was found in it, written down with comments."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
from msgspec import Struct, field

from funnelcli.answers.init_agreement import agreement_block
from funnelcli.answers.init_drafts import commented, drafted_columns, drafts_of_unused, files_line, quoted
from funnelcli.answers.init_journeys import own_journeys
from funnelcli.config import DEFAULT_CURRENCY, DEFAULT_TIMEZONE, SCHEMA_NAME
from funnelcli.facts.model import Facts, InputFacts
from funnelcli.inputs import exports
from funnelcli.inputs.spec import Column, Input
from funnelcli.reading.candidates import draft_of
from funnelcli.reading.dialect import Container
from funnelcli.reading.opening import Opened
from funnelcli.text import COMMA, NOTHING, OR, Lang, Message, Text, as_text, joined, languages
from funnelcli.values.channels import Channel
from funnelcli.values.dates import DateOrder

MOST_SOURCES = 12


class Answers(Struct, frozen=True, kw_only=True):
    """What the user was asked, or the defaults: nothing here is guessed from the clock or the machine."""

    name: str = ""
    currency: str = DEFAULT_CURRENCY
    timezone: str = DEFAULT_TIMEZONE
    lang: Lang = "en"
    date_orders: Mapping[str, DateOrder] = field(default_factory=dict)
    agreement: Mapping[str, int | str] = field(default_factory=dict)


def undecided_dates(facts: Facts) -> dict[str, Text]:
    """The inputs whose order of day and month nothing decides, with a cell that shows it."""
    undecided: dict[str, Text] = {}
    for name, known in facts.inputs.items():
        names = {source.name for source in known.files}
        for fault in facts.problems:
            if fault.code == "date-order-undecided" and fault.file in names:
                undecided[name] = fault.text
    return undecided


def first_config(facts: Facts, answers: Answers, unused: Sequence[str] = (), root: Path = Path()) -> str:
    """The text of a funnel.toml that reads the folder just as it is read without one, and says how.

    Of files that could not be read whole, and of the tables ``unused`` in the folder ``root``, it has what was
    understood.  What stands behind a ``#`` as a setting holds as it is once the mark is taken away.
    """
    blocks = [_head(), _business(answers)]
    blocks += [_input(facts, known, answers) for known in facts.inputs.values()]
    blocks += drafts_of_unused(root, unused, facts.inputs)
    absent = [declared for declared in exports() if declared.name not in facts.inputs]
    if absent:
        blocks.append(_lines(_ABSENT.filled(name=each.name, files=joined(OR, each.files)) for each in absent))
    blocks += [*own_journeys(facts), _channels(facts), _rest(facts)]
    blocks += [agreement_block(answers.agreement)] if answers.agreement else []
    return joined("\n\n", blocks).of(answers.lang) + "\n"


def _lines(lines: Iterable[Text | str]) -> Text:
    return joined("\n", lines)


_ABSENT = Message("# No {name} found; it would be named {files}.")


def _head() -> Text:
    words = Message(
        "# Written by `funnelcli init` from the files in this folder.  Everything here is optional: what is not said\n"
        "# is found from the files.  docs/config.md lists every key."
    )
    return joined("\n", [f"#:schema ./{SCHEMA_NAME}", words])


def _business(answers: Answers) -> Text:
    unnamed = Message('# name = "Your firm"  # stands in the title')
    zone = Message("the business day; times with an offset are converted to it")
    lang = Message("of the formats for people: {names}").filled(names=joined(OR, languages()))
    return _lines(
        [
            "[business]",
            as_text(f"name = {quoted(answers.name)}") if answers.name else unnamed,
            f"currency = {quoted(answers.currency)}",
            joined("  # ", [f"timezone = {quoted(answers.timezone)}", zone]),
            joined("  # ", [f"lang = {quoted(answers.lang)}", lang]),
        ]
    )


_MARKS: Mapping[str, Text] = {
    "\t": Message("tab"),
    ",": Message("comma"),
    ";": Message("semicolon"),
    "|": Message("bar"),
}


def _how(opened: Opened) -> Text:
    header = Message("header on line {line}").filled(line=opened.header_line)
    match opened.content.container:
        case Container.TEXT:
            assert opened.dialect is not None
            zipped = ["gzip"] if opened.content.gzipped else []
            mark = _MARKS.get(opened.dialect.delimiter, Message("other"))
            return joined(COMMA, [*zipped, opened.dialect.encoding, mark, header])
        case Container.WORKBOOK:
            sheet = Message("workbook, sheet {sheet!r}").filled(sheet=opened.sheet)
            return joined(COMMA, [sheet, header])
        case Container.PARQUET:
            return as_text("Parquet")


def _what(opened: Opened) -> Text:
    """What a file is, as far as it is known by name, and how it is read."""
    return joined(COMMA, [opened.export.name, _how(opened)]) if opened.export is not None else _how(opened)


_FILES = Message("instead of the usual names; a glob takes next month's file too")
_ORDER = Message("day, month, year")
_ORDER_NEEDED = Message('# date_order = "dmy"  # NEEDED: the dates do not tell; dmy is 31/12/2026, mdy is 12/31/2026')
_UNREAD = Message("could not be read, see check")


def _input(facts: Facts, known: InputFacts, answers: Answers) -> Text:
    declared = known.input
    lines: list[Text | str] = [f"[inputs.{declared.name}]"]
    shown = {opened.name: _what(opened) for opened in known.opened}
    for source in known.files:
        how = shown.get(source.name, _UNREAD)
        lines.append(joined(": ", [f"# {commented(source.name)}", how]))
    lines.append(joined("  # ", [files_line([source.name for source in known.files]), _FILES]))
    order = answers.date_orders.get(declared.name) or known.order
    if order:
        lines.append(joined("  # ", [f"date_order = {quoted(order)}", _ORDER]))
    elif declared.name in undecided_dates(facts):
        lines.append(_ORDER_NEEDED)
    joins_otherwise = {name for join in facts.joins if not join.is_usual for name in (join.input, join.other)}
    left_open = declared.person if declared.name in joins_otherwise else None
    if known.opened:
        lines += _columns(list(known.opened), declared, left_open)
    else:
        lines += _drafted(facts, known)
    return _lines(lines)


def _drafted(facts: Facts, known: InputFacts) -> Iterator[Text | str]:
    """What was understood of the first file that could not be read whole."""
    settings = facts.config.input_settings(known.input.name)
    drafts = (draft_of(source, known.input, settings) for source in known.files)
    draft = next((draft for draft in drafts if draft is not None), None)
    if draft is not None and (draft.columns or draft.lacking):
        yield joined("  # ", [f"[inputs.{known.input.name}.columns]", _OURS])
        yield from drafted_columns(draft, known.input)


_OURS = Message("our column = your header; false: none")


def _open_column(column: Column) -> Text:
    """The line of a column that no header stands for."""
    line = f"# {column.name} = false"
    return joined("  # ", [line, column.meaning])


_LEFT_OPEN = Message("left open: people join by other columns, see funnelcli check")


def _columns(opened: list[Opened], declared: Input, left_open: str | None) -> list[Text | str]:
    """The mapping, written down where all files of the input have the same headers, else shown per file.

    The column ``left_open`` is only shown: what is written down is taken for the user's word.
    """
    mappings = [
        {column: source.columns.header[place] for column, place in source.columns.index.items()} for source in opened
    ]
    lines: list[Text | str] = [joined("  # ", [f"[inputs.{declared.name}.columns]", _OURS])]
    alike = all(mapping == mappings[0] for mapping in mappings)
    for source, mapping in zip(opened[:1] if alike else opened, mappings, strict=False):
        if not alike:
            lines.append(Message("# in {file}:").filled(file=commented(source.name)))
        for column, header in mapping.items():
            if ":" in column:  # an open column, which its header alone says: no setting names it
                meaning = declared.dated.meaning if declared.dated is not None else NOTHING
                lines.append(joined(": ", [f"# {commented(header)}", meaning]))
                continue
            line = f"{column} = {quoted(header)}" if alike else f"#   {column}: {commented(header)}"
            lines.append(joined("  # ", [f"# {line}", _LEFT_OPEN]) if column == left_open and alike else line)
    known = set().union(*mappings)
    lines += [_open_column(column) for column in declared.columns if column.name not in known]
    used = {header for mapping in mappings for header in mapping.values()}
    headers = dict.fromkeys(header for source in opened for header in source.columns.header)
    unused = [header for header in headers if header and header not in used]
    if unused and not declared.stands_in:
        text = Message("# headers not used: {headers}")
        lines.append(text.filled(headers=commented(", ".join(unused))))
    return lines


_CHANNELS = Message("[channels]  # globs over the source, tried in this order, before the built-in ones")


def _sources(facts: Facts) -> dict[str, Counter[str]]:
    """The sources of each input, with how many rows or visits have each."""
    sources = {} if facts.visits is None else {"visitors": Counter(facts.visits.sources)}
    for name, known in facts.inputs.items():
        is_of_people = not known.input.summed and known.input.spending is None
        if known.records is not None and "source" in known.records.words and is_of_people:
            words = known.records.words["source"]
            numbers = np.bincount(words.codes, minlength=len(words.texts)).tolist()
            sources[name] = Counter({source: n for source, n in zip(words.texts, numbers, strict=True) if source})
    return sources


def _channels(facts: Facts) -> Text:
    lines: list[Text | str] = [_CHANNELS]
    of_channel: dict[Channel, Counter[str]] = {}
    of_none: Counter[str] = Counter()
    for name, sources in _sources(facts).items():
        channels = facts.dimensions.channels.within(name)
        for source, n in sources.items():
            matched_by = channels.is_matched(source)
            (of_channel.setdefault(channels.of(source), Counter()) if matched_by else of_none)[source] += n
    by_channel = {channel: _most_first(of) for channel, of in of_channel.items()}
    unmatched = _most_first(of_none)
    for channel in Channel:
        matched = by_channel.get(channel, [])
        if matched:
            seen = ", ".join(f"{source} ({n})" for source, n in matched[:MOST_SOURCES] if source)
            all_of = Message(", … ({n} in all)").filled(n=len(matched))
            more = all_of if len(matched) > MOST_SOURCES else NOTHING
            lines.append(joined("", [f"# {channel.value}: {commented(seen)}", more]))
    if unmatched:
        seen = ", ".join(f"{source} ({n})" for source, n in unmatched[:MOST_SOURCES])
        globs = ", ".join(quoted(source) for source, _ in unmatched[:MOST_SOURCES])
        text = Message("# match no pattern and count as organic: {seen}")
        lines.append(text.filled(seen=commented(seen)))
        belong = Message("or give them the channel they belong to")
        lines.append(joined("  # ", [f"# paid = [{globs}]", belong]))
    return _lines(lines)


def _most_first(sources: Counter[str]) -> list[tuple[str, int]]:
    return sorted(sources.items(), key=lambda item: (-item[1], item[0]))


def _rest(facts: Facts) -> Text:
    paid = facts.config.paid_users
    shape = [f"shape = {quoted(paid.shape)}"] if paid.gives("shape") else []
    end_date = f"end_date = {quoted(paid.end_date)}"
    return _lines([*_HEAD_OF_REST, joined("  # ", [end_date, _END_DATE]), *shape, *_REST])


_END_DATE = Message('"inclusive": the date in the cell is the last day; "exclusive": it is the first unpaid day')
_HEAD_OF_REST = (
    "[paid_users]",
    Message("grace_days = 0  # unpaid days between two rows that still are one stay"),
)
_REST = (
    "",
    "[churn]",
    Message('method = "all"  # "opening": only of those paying when the period began who are not when it ends'),
    "",
    Message("# Balances from before the exports begin, at the start of a month:"),
    "# [opening]",
    '# month = "2026-01"',
    "# registered_users = 1200",
    "# paid_users = 80",
    "# demos_held = 310",
    "# mrr = 52000000",
    "",
    Message("# For `funnelcli targets`: assumptions in the place of measured ones, and what the teams' work costs."),
    "# [plan]",
    '# churn = "2%"',
    '# arpa = "500k"',
    "# [policies.affiliate]",
    "# per_signup = 50_000",
    Message('# per_new_paid_user = "10%"  # of the customer\'s first-year revenue'),
    "",
    Message("# For `-f eml`: whom the messages go to, and whom they are from."),
    "# [mail]",
    '# to = ["an@example.com", "b@example.com"]',
    '# from = "funnel@example.com"',
)
