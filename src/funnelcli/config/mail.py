"""The settings of messages: for whom they are."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

from msgspec import field

from funnelcli.config.table import About, Reads, Table
from funnelcli.text import Message, TextError
from funnelcli.values import mail
from funnelcli.values.mail import Address, Mail


def _said(read: Callable[[Any], Any], *, several: bool) -> Reads:
    """A text of the file, or a list of texts where there may be ``several``, as ``read`` understands it."""

    def validate(value: object) -> object:
        if isinstance(value, str) or (several and isinstance(value, list) and all(isinstance(t, str) for t in value)):
            return read(value)
        raise TextError(Message("write it in quotation marks, several in a list") if several else _QUOTED)

    text = {"type": "string"}
    return Reads(validate, "instead", {"anyOf": [text, {"type": "array", "items": text}]} if several else text)


_QUOTED = Message("write it in quotation marks")
Addresses = Annotated[tuple[Address, ...], _said(mail.addresses, several=True)]


class MailSettings(Table, frozen=True, kw_only=True):
    """For whom the messages of `-f eml` are; the options of these names outweigh it."""

    to: Annotated[
        Addresses, About('Whom a message goes to, like "an@example.com" or ["An <an@example.com>", "b@example.com"].')
    ] = ()
    cc: Annotated[Addresses, About("Who gets a copy.")] = ()
    sender: Annotated[
        Annotated[Address, _said(mail.address, several=False)] | None,
        About("Whom it is from; without it, who sends it."),
    ] = field(default=None, name="from")
    subject: Annotated[
        Annotated[str, _said(mail.subject, several=False)],
        About("The subject; {period} stands for the last period, {as_of} for the day up to which is counted."),
    ] = ""

    @property
    def mail(self) -> Mail:
        """What stands above a message."""
        return Mail(to=self.to, cc=self.cc, sender=self.sender, subject=self.subject)
