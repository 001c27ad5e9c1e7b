"""How a kind of problem is declared."""

from enum import StrEnum

from msgspec import Struct

from funnelcli.text import Message, Text


class Severity(StrEnum):
    """ERROR stops the report; WARNING is odd but legal; NOTE is worth knowing, and nothing is wrong."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"

    @property
    def word(self) -> Text:
        """What it is called for people."""
        match self:
            case Severity.ERROR:
                return Message("error")
            case Severity.WARNING:
                return Message("warning")
            case Severity.NOTE:
                return Message("note")


class Kind(Struct, frozen=True, kw_only=True):
    """One kind of problem, declared once.

    ``message`` and ``hint`` are templates over the facts given to :func:`problem`; ``whole_file`` marks faults
    that leaving rows out cannot cure.  ``counts`` is off for oddities whose rows do not count.  An ``alarm`` says that
    figures may be of a part of the data only.
    """

    code: str
    severity: Severity
    message: Text
    hint: Text
    whole_file: bool = False
    counts: bool = True
    alarm: bool = False


def error(code: str, message: Text, hint: Text, *, whole_file: bool = False) -> Kind:
    """A kind that stops the report."""
    return Kind(code=code, severity=Severity.ERROR, message=message, hint=hint, whole_file=whole_file)


def warning(code: str, message: Text, hint: Text, *, counts: bool = True, alarm: bool = False) -> Kind:
    """A kind that is odd but legal; ``counts`` is off where its rows are left out, ``alarm`` on where some are lost."""
    return Kind(code=code, severity=Severity.WARNING, message=message, hint=hint, counts=counts, alarm=alarm)


def remark(code: str, message: Text, hint: Text) -> Kind:
    """A kind that is neither wrong nor odd, and that a reader should know all the same."""
    return Kind(code=code, severity=Severity.NOTE, message=message, hint=hint)


def or_leave_out(step: Text) -> Text:
    """A hint for a fault of one row, which can also be left out."""
    return Message("{step}, or leave the row out with --skip-bad-rows.").filled(step=step)
