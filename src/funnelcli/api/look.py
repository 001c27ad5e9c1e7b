"""How a result is to look in a format, as a caller gives it, checked."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypedDict, TypeVar

from funnelcli.api import arguments
from funnelcli.problems import UsageError
from funnelcli.renderers import DELIMITERS, POINT, Format, Style, formats
from funnelcli.text import Message, Text, TextError
from funnelcli.values import mail
from funnelcli.values.mail import Mail

_Given = TypeVar("_Given")
_Known = TypeVar("_Known")


# Which formats have what.
_FITS: Mapping[str, Callable[[Format], bool]] = {
    "brief": lambda form: form.takes_brief,
    "delimiter": lambda form: form.takes_delimiter,
    "decimal": lambda form: form.delimiter is not None,
    **dict.fromkeys(("to", "cc", "sender", "subject"), lambda form: form.takes_mail),
}


class Look(TypedDict, total=False):
    """How a result is to look, by the names of the options of the commands.

    ``lang`` is the language of the formats for people, ``layout`` wide or tidy for rows and metric or part for people.
    ``brief`` is the few lines of a report that go into a chat.  Rows may begin with a ``bom``, which tells Excel that
    they are UTF-8, and have another ``delimiter`` (``";"``) and ``decimal`` mark (``","``).  A message has those whom
    it goes ``to``, who gets a copy (``cc``), its ``sender`` and its ``subject``, with ``{period}`` and ``{as_of}``.
    """

    lang: str
    layout: str | None
    brief: bool
    bom: bool
    delimiter: str | None
    decimal: str
    to: str | Sequence[str]
    cc: str | Sequence[str]
    sender: str | None
    subject: str | None


def style_of(
    form: Format,
    *,
    lang: str = "en",
    layout: str | None = None,
    brief: bool = False,
    bom: bool = False,
    delimiter: str | None = None,
    decimal: str = POINT,
    to: str | Sequence[str] = (),
    cc: str | Sequence[str] = (),
    sender: str | None = None,
    subject: str | None = None,
) -> Style:
    """The style of a format; UsageError for what there is not, and for what the format has not.

    >>> style_of(formats()["csv"], delimiter=";", decimal=",").delimiter
    ';'
    """
    given = {"brief": brief, "delimiter": delimiter is not None, "decimal": decimal != POINT}
    given |= {"to": bool(to), "cc": bool(cc), "sender": sender is not None, "subject": subject is not None}
    _check_fits(form, [name for name, is_given in given.items() if is_given])
    if arguments.word(delimiter, "delimiter") is not None and delimiter not in DELIMITERS:
        raise arguments.wrong("delimiter", delimiter, _one_of(",", ";", "|", "tab"))
    if decimal not in (POINT, ","):
        raise arguments.wrong("decimal", decimal, _one_of(POINT, ","))
    style = Style(
        lang=arguments.lang(lang),
        layout=None if layout is None else arguments.layout(layout),
        brief=brief,
        bom=bom,
        delimiter=None if delimiter is None else DELIMITERS[delimiter],
        decimal=decimal,
        mail=_mail(to, cc, sender, subject),
    )
    if form.delimiter_of(style) == decimal:
        raise arguments.wrong("decimal", decimal, Message("another delimiter as well, like ';'"))
    return style


def _one_of(*known: str) -> Text:
    return Message("one of {known}").filled(known=", ".join(map(repr, known)))


def _check_fits(form: Format, given: Sequence[str]) -> None:
    """UsageError for what is given and the format has not."""
    for name in given:
        if not _FITS[name](form):
            fitting = ", ".join(other.name for other in formats().values() if _FITS[name](other))
            raise UsageError(
                Message("{name} does not fit {form}.").filled(name=name, form=form.name),
                hint=Message("It fits {fitting}.").filled(fitting=fitting),
            )


def _mail(to: str | Sequence[str], cc: str | Sequence[str], sender: str | None, subject: str | None) -> Mail:
    return Mail(
        to=_read("to", mail.addresses, arguments.words(to, "to")),
        cc=_read("cc", mail.addresses, arguments.words(cc, "cc")),
        sender=None if sender is None else _read("sender", mail.address, arguments.needed(sender, "sender")),
        subject="" if subject is None else _read("subject", mail.subject, arguments.needed(subject, "subject")),
    )


def _read(name: str, read: Callable[[_Given], _Known], given: _Given) -> _Known:
    try:
        return read(given)
    except TextError as error:
        raise UsageError(
            Message("{name}: {why}.").filled(name=name, why=error.text),
            hint=Message("A message to nobody is a draft, which a mail program opens to be sent."),
        ) from None
