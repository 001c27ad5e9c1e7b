"""How headers are compared."""

import re
import unicodedata
from functools import lru_cache


@lru_cache(maxsize=4096)
def header_key(header: str) -> str:
    """How headers are compared.

    >>> header_key("Ngày  ĐĂNG_ký"), header_key("Created (UTC)"), header_key("CreatedDate")
    ('ngay dang ky', 'created utc', 'created date')
    """
    apart = re.sub(r"(?<=[a-z])(?=[A-Z][a-z])", " ", header)  # LeadSource, CreatedDate
    bare = unicodedata.normalize("NFD", apart.casefold().replace("đ", "d"))
    letters = bare if bare.isascii() else "".join(c for c in bare if not unicodedata.combining(c))
    return " ".join(re.sub(r"[^\w#%]|_", " ", letters).split())
