"""Where answers go: each output with its format and its place, checked before anything is read."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from msgspec import Struct

from funnelcli.answers.layout import Layout
from funnelcli.api.arguments import is_today
from funnelcli.api.kept_files import check_output
from funnelcli.api.unchanged import is_unchanged
from funnelcli.problems import UsageError
from funnelcli.renderers import (
    DELIMITERS,
    LAYOUTS,
    POINT,
    Format,
    Style,
    View,
    by_extension,
    format_named,
    formats,
    known_formats,
    screen_format,
)
from funnelcli.text import OR, Message, Text, TextError, joined
from funnelcli.values import mail
from funnelcli.values.mail import Mail
from funnelcli.values.placeholders import AS_OF, PERIOD, check, filled

T = TypeVar("T")
_OTHER_NAME = Message("Give another file name.")


class Copy(Struct, frozen=True, kw_only=True):
    """An answer in a format and where it goes: a file, in whose name there may be placeholders, or standard output."""

    form: Format
    output: str | None = None


class Delivery(Struct, frozen=True, kw_only=True):
    """How and where an answer is wanted, checked before anything is read.

    ``style`` is what was said of how it is to look.  ``if_changed`` leaves files alone that say the same already; the
    clock was looked at where it is ``by_clock``.
    """

    copies: tuple[Copy, ...]
    style: Style = Style()
    if_changed: bool = False
    by_clock: bool = False

    def shows(self, view: View) -> bool:
        """Whether a format shows a side of an answer."""
        return any(view in copy.form.views for copy in self.copies)

    @property
    def lists_sources(self) -> bool:
        """Whether a format shows the files that were read, with the digests of their bytes."""
        return any(copy.form.lists_sources for copy in self.copies)

    @property
    def has_files(self) -> bool:
        """Whether a copy goes to a file."""
        return any(copy.output is not None for copy in self.copies)

    def placed(self, names: Mapping[str, str], kept: Sequence[Path]) -> Iterator[tuple[Copy, Path | None]]:
        """Each copy with the file it goes to, None for standard output; ``names`` fill in the placeholders.

        UsageError where there is none for a placeholder, where a file would replace one of those to be ``kept``, or
        where two are the same.
        """
        taken: set[Path] = set()
        for copy in self.copies:
            path = None if copy.output is None else Path(_filled(copy.output, names))
            if path is not None:
                check_output(f"-o {path}", path, kept)
                if path.resolve() in taken:
                    raise UsageError(
                        Message("-o {output} is given twice.").filled(output=path),
                        hint=_OTHER_NAME,
                    )
                taken.add(path.resolve())
            yield copy, path

    def place(self, name: str, names: Mapping[str, str], kept: Sequence[Path]) -> Path:
        """The place of a file beside the copies, its placeholders filled in; UsageError where it cannot be written."""
        path = Path(_filled(name, names))
        check_output(f"-o {path}", path, kept)
        if path.resolve() in {Path(_filled(c.output, names)).resolve() for c in self.copies if c.output is not None}:
            raise UsageError(
                Message("-o {output} is given twice.").filled(output=path),
                hint=_OTHER_NAME,
            )
        return path

    def leaves(self, copy: Copy, path: Path, data: bytes, names: Mapping[str, str]) -> bool:
        """Whether a file is to be left as it is, since it says the same already."""
        clock = date.fromisoformat(names[AS_OF]) if self.by_clock and AS_OF in names else None
        return self.if_changed and is_unchanged(path, data, copy.form, clock)


def _filled(output: str, names: Mapping[str, str]) -> str:
    try:
        return filled(output, names)
    except TextError as error:
        raise _of_braces(output, error) from None


def _of_braces(output: str, error: TextError) -> UsageError:
    return UsageError(Message("-o {output}: {why}").filled(output=output, why=error.text))


def delivery_of(
    out: Mapping[str, Any],
    *,
    layout: Layout | None = None,
    brief: bool = False,
    among: Sequence[Layout] = tuple(Layout),
    as_of: str | None = None,
) -> Delivery:
    """What was given for the options of outputs, and of how a command's answer is to look, made into a delivery."""
    marks = {"delimiter": out["delimiter"], "decimal": out["decimal"]}
    style = style_of(layout=layout, bom=out["bom"], brief=brief, mail=mail_of(out), **marks)
    return delivery(out["form"], out["output"], style=style, among=among, if_changed=out["if_changed"], as_of=as_of)


def delivery(
    form: str | None,
    outputs: Sequence[str] | str | None,
    *,
    style: Style | None = None,
    among: Sequence[Layout] = tuple(Layout),
    if_changed: bool = False,
    as_of: str | None = None,
) -> Delivery:
    """Options made into a delivery; ``among`` are the layouts that the command's answer has.

    UsageError where they contradict each other or name what there is not.
    """
    copies = _copies(form, [outputs] if isinstance(outputs, str) else list(outputs or ()))
    if any(not copy.form.is_text and copy.output is None for copy in copies) and sys.stdout.isatty():
        chosen = next(copy.form for copy in copies if not copy.form.is_text and copy.output is None)
        raise UsageError(
            Message("{form} is not for a terminal.").filled(form=chosen.name),
            hint=Message("Write it to a file: -o report{ending}.").filled(ending=chosen.extensions[0]),
        )
    style = style or Style()
    _check_style(style, among, [copy.form for copy in copies])
    if if_changed and all(copy.output is None for copy in copies):
        raise UsageError(
            Message("--if-changed is for files."),
            hint=Message("Name the file with -o."),
        )
    return Delivery(copies=copies, style=style, if_changed=if_changed, by_clock=is_today(as_of))


def _copies(form: str | None, outputs: Sequence[str]) -> tuple[Copy, ...]:
    """The outputs with their formats.

    One alone has the format that is asked for.  Of several each has that of its ending; what is asked for is then that
    of those which have none, as standard output.
    """
    if len(outputs) < 2:
        output = next(iter(outputs), None)
        return (_copy(format_for(form, output), output),)
    endings = by_extension()
    copies = []
    for output in outputs:
        ending = None if output == "-" else endings.get(Path(output).suffix.casefold())
        copies.append(_copy(ending or format_for(form, output), output))
    if form is not None and format_for(form, None) not in [copy.form for copy in copies]:
        raise UsageError(
            Message("-f {form} is the format of no output.").filled(form=form),
            hint=Message("Of several outputs each has the format of its ending; -f is that of -o -."),
        )
    if [copy.output for copy in copies].count(None) > 1:
        raise UsageError(Message("-o - is given twice."), hint=_OTHER_NAME)
    return tuple(copies)


def _copy(form: Format, output: str | None) -> Copy:
    if output in (None, "-"):
        return Copy(form=form)
    assert output is not None
    try:
        check(output, (PERIOD, AS_OF))
    except TextError as error:
        raise _of_braces(output, error) from None
    return Copy(form=form, output=output)


def _check_style(style: Style, among: Sequence[Layout], chosen: Sequence[Format]) -> None:
    """UsageError for what none of the formats can do."""
    if style.layout is not None:
        _check_layout(style.layout, among, chosen)
    given = (("--mail-to", style.mail.to), ("--mail-cc", style.mail.cc), ("--mail-from", style.mail.sender))
    for option, said in (*given, ("--subject", style.mail.subject)):
        _check_fits(option, said, lambda form: form.takes_mail, chosen)
    _check_fits("--brief", style.brief, lambda form: form.takes_brief, chosen)
    _check_fits("--delimiter", style.delimiter is not None, lambda form: form.takes_delimiter, chosen)
    _check_fits("--decimal", style.decimal != POINT, lambda form: form.delimiter is not None, chosen)
    if any(form.delimiter_of(style) == style.decimal for form in chosen):
        raise UsageError(
            Message("--decimal {mark} is also what stands between the cells.").filled(mark=style.decimal),
            hint=Message("Add --delimiter ';'."),
        )


def _check_fits(option: str, is_given: object, fits: Callable[[Format], bool], chosen: Sequence[Format]) -> None:
    """UsageError where an option is given that fits none of the formats."""
    if is_given and not any(map(fits, chosen)):
        raise UsageError(
            Message("{option} does not fit -f {form}.").filled(option=option, form=chosen[0].name),
            hint=Message("It fits {fitting}.").filled(
                fitting=", ".join(form.name for form in formats().values() if fits(form))
            ),
        )


def style_of(
    *,
    layout: Layout | None = None,
    bom: bool = False,
    brief: bool = False,
    delimiter: str | None = None,
    decimal: str | None = None,
    mail: Mail | None = None,
) -> Style:
    """How the options want it; UsageError for a delimiter or a decimal mark that there is not."""
    if delimiter is not None and delimiter not in DELIMITERS:
        raise UsageError(
            Message("--delimiter {given!r} is no delimiter.").filled(given=delimiter),
            hint=Message("It is one of {known}.").filled(known="',' ';' '|' tab"),
        )
    if decimal not in (None, POINT, ","):
        raise UsageError(
            Message("--decimal {given!r} is no decimal mark.").filled(given=decimal),
            hint=Message("It is one of {known}.").filled(known="'.' ','"),
        )
    between = None if delimiter is None else DELIMITERS[delimiter]
    return Style(
        layout=layout, bom=bom, brief=brief, delimiter=between, decimal=decimal or POINT, mail=mail or Mail()
    )  # fmt: skip


def mail_of(given: Mapping[str, Any]) -> Mail:
    """What was given for the options of messages; UsageError, which names the option, for what is no address."""
    return Mail(
        to=_read("--mail-to", mail.addresses, given["mail_to"]) or (),
        cc=_read("--mail-cc", mail.addresses, given["mail_cc"]) or (),
        sender=_read("--mail-from", mail.address, given["mail_from"]),
        subject=_read("--subject", mail.subject, given["subject"]) or "",
    )


def _read(option: str, read: Callable[[Any], T], given: Any) -> T | None:
    if given is None or given == ():
        return None
    try:
        return read(given)
    except TextError as error:
        raise UsageError(
            Message("{option}: {why}.").filled(option=option, why=error.text),
            hint=Message("Leave it out: without --mail-to it is a draft, which a mail program opens to be sent."),
        ) from None


def _check_layout(layout: Layout, among: Sequence[Layout], chosen: Sequence[Format]) -> None:
    """UsageError for a layout that this answer or none of the formats has; wide and tidy do no harm in any format."""
    if layout not in among:
        raise UsageError(
            Message("--layout {layout} is for a split report.").filled(layout=layout.value),
            hint=Message("Here it is {fitting}.").filled(fitting=joined(OR, [fit.value for fit in among])),
        )
    if layout in LAYOUTS[View.PAGE] and not any(layout in form.layouts for form in chosen):
        fitting = ", ".join(form.name for form in formats().values() if layout in form.layouts)
        raise UsageError(
            Message("--layout {layout} does not fit -f {form}.").filled(layout=layout.value, form=chosen[0].name),
            hint=Message("It fits {fitting}; {form} {own}.").filled(
                fitting=fitting, form=chosen[0].name, own=_own(chosen[0])
            ),
        )


def _own(chosen: Format) -> Text:
    if not chosen.layouts:
        return Message("has but one layout")
    return Message("is {layouts}").filled(layouts=joined(OR, [layout.value for layout in chosen.layouts]))


def format_for(given: str | None, output: str | None) -> Format:
    """The format: as asked for, else by the ending of the output file, else the one for screens.

    >>> format_for(None, "october.md").name
    'md'
    """
    if given is not None:
        named = format_named(given.strip().casefold())
        if named is None:
            text = Message("-f {given!r} is no format.")
            raise UsageError(text.filled(given=given), hint=known_formats())
        return named
    if output in (None, "-"):
        return screen_format()
    assert output is not None
    suffix = Path(output).suffix.casefold()
    endings = by_extension()
    if suffix in endings:
        return endings[suffix]
    if Path(output).exists() and not Path(output).is_file():
        return screen_format()
    raise UsageError(
        Message("-o {output}: the ending {ending} tells no format.").filled(
            output=output, ending=suffix or Message("(none)")
        ),
        hint=Message("Use one of {endings}, or say the format with -f.").filled(endings=" ".join(endings)),
    )
