"""How an input declares what says of a row that it is of no real person."""

from msgspec import Struct


class Unreal(Struct, frozen=True, kw_only=True, eq=False):
    """What says of some rows that they are of no real person, or repeat one: spam, tests, bots, colleagues.

    ``words`` is a pattern over the folded cells of a column of few words, ``yes`` and ``no`` over the headers, without
    capitals, accents and punctuation, of columns of flags: of those in which a yes says so, and those in which a no
    does.  Under headers that fit ``filled`` anything that stands there says so, like a day of deletion, but a no, and
    under those that fit ``empty`` that nothing does.  Headers of ``by_whom`` a row was made say nothing of whose it is,
    and under those of ``names`` only a single word does.
    """

    words: str
    yes: str
    no: str
    by_whom: str = r"\b(?:(?:created|added|entered|imported|updated) by|creator|nguoi (?:tao|nhap|sua|lap))\b"
    names: str = (
        r"\b(?:compan(?:y|ies)|organi[sz]ation|employer|business|brand|shop|store|name|title|subject|cong ty"
        r"|doanh nghiep|ten|thuong hieu)\b"
    )
    filled: str = r"(?!)"
    empty: str = r"(?!)"
