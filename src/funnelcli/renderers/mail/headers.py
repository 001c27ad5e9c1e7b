"""The headers of a message: ASCII alone, on lines that are not too long, and no line of them from the data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from funnelcli.renderers.wording.tame import tame
from funnelcli.values.mail import MOST_LETTERS, Address, Mail
from funnelcli.values.placeholders import filled

_LINE = 76


def headers_of(mail: Mail, subject: str) -> Iterator[tuple[str, str]]:
    """The names of the headers, and their values folded.

    Without anybody whom it goes to, a message is a draft that a mail program opens to be sent; other messages say that
    a program made them, so that nobody's holidays are told to whoever sends them.

    >>> dict(headers_of(Mail(), "October"))
    {'Subject': 'October', 'X-Unsent': '1'}
    """
    if mail.sender is not None:
        yield "From", _written(mail.sender)
    for name, given in (("To", mail.to), ("Cc", mail.cc)):
        if given:
            yield name, ",\n ".join(map(_written, given))
    yield "Subject", _folded(subject, "Subject")
    if mail.is_addressed:
        yield "Auto-Submitted", "auto-generated"
    else:
        yield "X-Unsent", "1"


def subject_of(mail: Mail, usual: str, names: Mapping[str, str]) -> str:
    """The subject on a line, its placeholders filled in; the ``usual`` one where none is given.

    TextError for a placeholder that an answer has nothing for.

    >>> subject_of(Mail(subject="Funnel {period}"), "", {"period": "2026-10"})
    'Funnel 2026-10'
    """
    text = filled(mail.subject, names) if mail.subject else usual
    line = " ".join(tame(text).split())
    return line if len(line) <= MOST_LETTERS else f"{line[: MOST_LETTERS - 1]}…"


def _written(address: Address) -> str:
    """An address as a header has it: a name in other letters than ASCII as encoded words (RFC 2047)."""
    from email.utils import formataddr

    if not address.name or (address.name.isascii() and "=?" not in address.name):
        return formataddr((address.name, address.spec))
    return f"{_encoded(address.name, 'Cc')}\n <{address.spec}>"


def _folded(text: str, name: str) -> str:
    """A text as the value of a header; what is no plain ASCII as encoded words."""
    plain = text.isascii() and "=?" not in text and len(name) + 2 + len(text) <= _LINE
    return text if plain else _encoded(text, name)


def _encoded(text: str, name: str) -> str:
    from email.header import Header

    return Header(text, "utf-8", maxlinelen=_LINE, header_name=name).encode()
