"""A message for ``sendmail -t`` or a mail program: what to see first, as HTML and as text; the page is attached.

It is ASCII throughout, and its lines end as those of a pipe do.  It has no date and no id of its own, so that it is the
same whenever it is made: who sends it adds them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from hashlib import sha256
from typing import TYPE_CHECKING

from msgspec.structs import replace

from funnelcli.answers.answer import Answer
from funnelcli.problems import UsageError
from funnelcli.renderers import Counts, Format, Style, View
from funnelcli.renderers.wording.cells import cell_text
from funnelcli.text import Message, TextError, joined
from funnelcli.text.regex import regex
from funnelcli.values.placeholders import PERIOD

if TYPE_CHECKING:
    from email.message import EmailMessage

_ATTACHED = Message("Attached: {name}, the whole page, to be opened in a browser.")
_MADE_WITH = Message("Made with funnelcli.")
_COMMAND = regex(r"^(?:\.$|From )", re.MULTILINE)


def render(answer: Answer, style: Style) -> bytes:
    """The message."""
    from funnelcli.answers.letter import letter
    from funnelcli.renderers.html import FORMAT as PAGE
    from funnelcli.renderers.mail import page, text
    from funnelcli.renderers.mail.headers import headers_of, subject_of

    content, name = letter(answer, style.layout, brief=style.brief), attachment_name(answer)
    last = joined(" ", [_ATTACHED.filled(name=name), _MADE_WITH]).of(style.lang)
    try:
        subject = subject_of(style.mail, cell_text(content.title, style.lang), answer.names)
    except TextError as error:
        raise UsageError(
            Message("The subject {text!r}: {why}").filled(text=style.mail.subject, why=error.text)
        ) from None
    message = _message(
        text.body(content, style.lang, last),
        page.body(content, style.lang, last),
        PAGE.render(answer, replace(style, brief=False)),
        name,
    )
    head = "".join(f"{field}: {value}\n" for field, value in headers_of(style.mail, subject))
    return f"{head}Content-Language: {style.lang}\nMIME-Version: 1.0\n".encode("ascii") + message.as_bytes()


def _message(text: str, html: str, attached: bytes, name: str) -> EmailMessage:
    """The text, the same as HTML, and a page that is attached; what is between them tells of the content alone."""
    from email.message import EmailMessage
    from email.policy import default

    content = EmailMessage(policy=default)
    _set(content, text, "plain")
    content.make_alternative()
    other = EmailMessage(policy=default)
    _set(other, html, "html")
    content.attach(other)
    message = EmailMessage(policy=default)
    message.make_mixed()
    message.attach(content)
    message.add_attachment(attached, maintype="text", subtype="html", filename=name, params={"charset": "utf-8"})
    for part in message.walk():
        del part["MIME-Version"]  # which the head of the whole has
    digest = sha256(b"\0".join([text.encode(), html.encode(), attached])).hexdigest()[:32]
    # No line of the parts, encoded as they are, can hold "=_".
    content.set_boundary(f"=_alternative_{digest}")
    message.set_boundary(f"=_mixed_{digest}")
    return message


def _set(part: EmailMessage, text: str, subtype: str) -> None:
    """A text as the content of a part.

    A line that is a dot alone would end a message that is piped, and one that begins with ``From`` begin another.
    """
    part.set_content(text, subtype=subtype, charset="utf-8", cte="quoted-printable")
    encoded = part.get_payload()
    assert isinstance(encoded, str)
    part.set_payload(_COMMAND.sub(lambda line: f"={ord(line[0][0]):02X}{line[0][1:]}", encoded))


def attachment_name(answer: Answer) -> str:
    """What the attached page is called: by its question and its last period."""
    question = str(answer.data.get("format", "")).rpartition(".")[2] or "page"
    return "-".join(filter(None, (question, answer.names.get(PERIOD)))) + ".html"


def parts(data: bytes) -> Sequence[bytes]:
    """The subject, the addresses, and what each part says; ValueError for what is no message."""
    from email import message_from_bytes
    from email.policy import default

    message = message_from_bytes(data, policy=default)
    if not message.is_multipart() or message.defects:
        raise ValueError("no message")
    heads = [f"{name}: {message[name]}".encode() for name in ("From", "To", "Cc", "Subject", "X-Unsent")]
    return [*heads, *(_content(part) for part in message.walk() if not part.is_multipart())]


def _content(part: EmailMessage) -> bytes:
    """What a part says; of text the words, wherever its lines end."""
    content = part.get_payload(decode=True)
    assert isinstance(content, bytes)
    return b" ".join(content.split()) if part.get_content_subtype() == "plain" else content


def counts(data: bytes) -> Counts:
    """The counts of the attached page; none in what is no message."""
    from funnelcli.renderers.html import counts as counts_of_page

    try:
        return counts_of_page(parts(data)[-1])
    except ValueError:
        return {}


FORMAT = Format(
    name="eml",
    extensions=(".eml",),
    views=frozenset({View.PAGE}),
    lists_sources=True,
    takes_brief=True,
    takes_mail=True,
    render=render,
    parts=parts,
    counts=counts,
)
