"""Who a message is for and from: addresses of mail as people write them, and as they stand in its headers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec import Struct

from funnelcli.text import Message, Text, TextError
from funnelcli.text.regex import regex
from funnelcli.values.placeholders import AS_OF, PERIOD, check

MOST_LETTERS = 250  # of a subject as it is given
MOST_OF_ADDRESSES = 5000  # letters of a list of them
_LOCAL = regex(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_DOMAIN = regex(r"(?!-)[A-Za-z0-9-]{1,63}(?<!-)(?:\.(?!-)[A-Za-z0-9-]{1,63}(?<!-))*")
_NOT_ONE_LINE = Message("{text!r} holds a line break or another character that cannot be shown")
_TOO_LONG = Message("it has more than {most} [letter|letters]")


class Address(Struct, frozen=True):
    """An address of mail: the ``name`` that is shown, which may be empty, and the ``spec`` that it goes to."""

    name: str
    spec: str


class Mail(Struct, frozen=True, kw_only=True):
    """What stands above a message: to whom it goes (``to``, and ``cc`` copies), from whom, and its subject.

    Empty is what is left open: who sends a message without ``sender`` is who sends it, and a subject is made of what
    the message is about.  In a subject ``{period}`` and ``{as_of}`` stand for what names of files have them for.
    """

    to: tuple[Address, ...] = ()
    cc: tuple[Address, ...] = ()
    sender: Address | None = None
    subject: str = ""

    @property
    def is_addressed(self) -> bool:
        """Whether it goes to anybody."""
        return bool(self.to or self.cc)

    def over(self, other: Mail) -> Mail:
        """This, and of what it leaves open the ``other``.

        >>> options, settings = Mail(subject="May"), Mail(subject="{period}", to=addresses("an@shop.vn"))
        >>> options.over(settings).subject, [address.spec for address in options.over(settings).to]
        ('May', ['an@shop.vn'])
        """
        return Mail(
            to=self.to or other.to,
            cc=self.cc or other.cc,
            sender=self.sender or other.sender,
            subject=self.subject or other.subject,
        )


def addresses(texts: str | Iterable[str]) -> tuple[Address, ...]:
    """The addresses in texts, with commas or semicolons between several; TextError, which names it, for what is none.

    A domain in other letters than ASCII stands in its ASCII form, as mail is sent to it.

    >>> [address.spec for address in addresses("An Nguyễn <an@shop.vn>; b@đông.vn")]
    ['an@shop.vn', 'b@xn--ng-7ja9i.vn']
    >>> addresses("an")
    Traceback (most recent call last):
    ...
    funnelcli.text.TextError: 'an' is no mail address; write it like an@example.com or "An" <an@example.com>
    """
    known: dict[str, Address] = {}
    for text in [texts] if isinstance(texts, str) else texts:
        for each in _addresses_in(text):
            known.setdefault(each.spec.casefold(), each)
    return tuple(known.values())


def address(text: str) -> Address:
    """The address in a text; TextError where there is none, or more than that.

    >>> address('"An, Sales" <an@shop.vn>')
    Address(name='An, Sales', spec='an@shop.vn')
    """
    known = _addresses_in(text)
    if len(known) != 1:
        raise TextError(Message("{text!r} is more than a single address").filled(text=text))
    return known[0]


def subject(text: str) -> str:
    """A subject as it is given; TextError for a line break, which could begin another header, or a wrong placeholder.

    >>> subject("Funnel {period}")
    'Funnel {period}'
    """
    _check_line(text, MOST_LETTERS)
    check(text, (PERIOD, AS_OF))
    return text


def _addresses_in(text: str) -> Sequence[Address]:
    _check_line(text, MOST_OF_ADDRESSES)
    from email.utils import getaddresses

    # As Outlook writes lists; in quotation marks, or a group with a name, a semicolon is something else.
    pairs = getaddresses([text if '"' in text or ":" in text else text.replace(";", ",")])
    known = [_address(name.strip(), spec, text) for name, spec in pairs if name or spec]
    if not known:
        raise TextError(_none(text))
    return known


def _address(name: str, spec: str, text: str) -> Address:
    from email.headerregistry import Address as Checked

    local, _, domain = spec.rpartition("@")
    try:
        domain = domain.encode("idna").decode("ascii") if domain else ""
        Checked(username=local, domain=domain)
    except (UnicodeError, ValueError, IndexError):
        raise TextError(_none(text)) from None
    if not (_LOCAL.fullmatch(local) and _DOMAIN.fullmatch(domain)):
        raise TextError(_none(text))
    return Address(name, f"{local}@{domain}")


def _check_line(text: str, most: int) -> None:
    """TextError for what would not stay on the line of its header, or be far too long for it."""
    if len(text) > most:
        raise TextError(_TOO_LONG.filled(most=most))
    if not text.isprintable():
        raise TextError(_NOT_ONE_LINE.filled(text=text))


def _none(text: str) -> Text:
    said = Message('{text!r} is no mail address; write it like an@example.com or "An" <an@example.com>')
    return said.filled(text=text)
