"""A slice: the part of the business with one value of a dimension, like the channel ``paid`` or the plan ``Basic``."""

from msgspec import Struct

from funnelcli.text import Text


class Slice(Struct, frozen=True, kw_only=True):
    """One value of a dimension: ``key`` is what programs read, ``label`` what people do.

    ``lasting`` says that nobody goes from one value to another, as customers do from plan to plan.

    >>> Slice(dimension="channel", key="paid", label=Message("Paid")).label.of("vi")
    'Trả phí'
    """

    dimension: str
    key: str
    label: Text
    lasting: bool = True
