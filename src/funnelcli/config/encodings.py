"""Which of the encodings that Python knows a table can be written in."""

import codecs
import warnings

# The letters that tables are made of, and what other encodings than of text take for marks of their own.
_ASCII = bytes([9, 10, 13, *range(32, 127)]) + rb"\n \u0041 +AGE- =41 xn--a &#65;"


def is_for_tables(encoding: str) -> bool:
    """Whether an encoding gives delimiters and line ends as they stand: each letter a byte, or a fixed number of them.

    Others that Python knows are no encodings of files: they turn letters around, or read marks within words.

    >>> [name for name in ("utf-8", "cp1258", "utf-16", "cp037", "rot13", "unicode_escape") if is_for_tables(name)]
    ['utf-8', 'cp1258', 'utf-16', 'cp037']
    """
    try:
        # Python warns where a backslash is not followed by what an encoding of escapes knows.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            return codecs.lookup(encoding)._is_text_encoding and (_byte_by_byte(encoding) or _evenly(encoding))
    except (LookupError, UnicodeError, ValueError, TypeError):
        return False


def _byte_by_byte(encoding: str) -> bool:
    """Whether each ASCII byte is a letter of its own, wherever it stands."""
    alone = [codecs.decode(bytes([letter]), encoding, "replace") for letter in _ASCII]
    return set(map(len, alone)) == {1} and codecs.decode(_ASCII, encoding, "replace") == "".join(alone)


def _evenly(encoding: str) -> bool:
    """Whether each letter takes the same number of bytes, wherever it stands, after the mark of the byte order."""
    letters = _ASCII.decode("ascii")
    mark = 2 * len(codecs.encode("a", encoding)) - len(codecs.encode("aa", encoding))
    alone = [codecs.encode(letter, encoding)[mark:] for letter in letters]
    return codecs.encode(letters, encoding)[mark:] == b"".join(alone) and len(set(map(len, alone))) == 1
