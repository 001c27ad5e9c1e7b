"""Statuses as they are compared: what is left of them without capitals, accents and punctuation."""

import re
import unicodedata
from functools import lru_cache


@lru_cache(maxsize=4096)
def status_key(text: str) -> str:
    """A status without capitals, accents and punctuation, and without the ``wc-`` that WooCommerce puts before.

    >>> status_key("Đã hủy"), status_key("wc-on-hold"), status_key("Closed_Won!")
    ('da huy', 'on hold', 'closed won')
    """
    bare = unicodedata.normalize("NFD", text.casefold().replace("đ", "d"))
    letters = "".join(c for c in bare if not unicodedata.combining(c))
    return re.sub(r"^wc ", "", " ".join(re.sub(r"[\W_]", " ", letters).split()))
