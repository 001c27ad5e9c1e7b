"""What a file really is, whatever its name says: container, encoding, delimiter, and where the header stands."""

import codecs
import csv
import gzip
import io
import os
import zlib
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import IO, cast

from msgspec import Struct

from funnelcli.problems import Problem, problem, reason_of
from funnelcli.problems.system import at_once
from funnelcli.reading.bounds import LINE_BYTES, UNPACKED, Bounded, is_dense, most_unpacked, stated_size, too_large
from funnelcli.reading.meter import Meter
from funnelcli.text import Message, Text, foreign
from funnelcli.text.regex import regex

SAMPLE_BYTES = 4_000_000
SAMPLE_RECORDS = 60
HEADER_CHARS = 200_000
HEADER_WITHIN = 40
DELIMITERS = (",", ";", "\t", "|")
ENCODINGS_WITHOUT_MARK = ("cp1258", "cp1252")

BUFFER_BYTES = 1 << 18

csv.field_size_limit(LINE_BYTES)

GZIP = Message("gzip: {error}")


class Container(StrEnum):
    """What kind of file holds the table."""

    TEXT = "text"
    WORKBOOK = "workbook"
    PARQUET = "parquet"


class FileFault(Exception):
    """A file cannot be read; carries the problems that say why.  Raised and caught within ``reading`` only."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__("; ".join(problem.message for problem in problems))
        self.problems = problems


class Content(Struct, frozen=True, kw_only=True):
    """The first look at a file: its container, whether it is gzipped, and the first bytes (unzipped).

    One that is ``dense`` unzips to so much that only a reader that counts what it reads may read it.  ``stamp`` is by
    what is seen that the file has changed since.
    """

    container: Container
    gzipped: bool
    sample: bytes
    whole: bool
    dense: bool = False
    stamp: tuple[int, int, int] | None = None


_MAGIC = (
    (b"PK\x03\x04", Container.WORKBOOK),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", Container.WORKBOOK),
    (b"PAR1", Container.PARQUET),
)
_CONTROL = regex(r"[\x00-\x08\x0b\x0e-\x19\x1c-\x1e]")
_LINE_END = regex("\r\n|\r|\n")
_HTML = ("<!doctype html", "<html", "<head", "<body", "<table", "<script", "<!--", "<meta", "<div")
_PICTURE = Message("a picture")
_FOREIGN = (
    (b"%PDF", Message("a PDF")),
    (b"\x89PNG", _PICTURE),
    (b"\xff\xd8\xff", _PICTURE),
    (b"GIF8", _PICTURE),
    (b"7z\xbc\xaf", Message("a 7z archive")),
    (b"Rar!", Message("a RAR archive")),
    (b"BZh", Message("a bzip2 archive")),
    (b"\xfd7zXZ", Message("an xz archive")),
    (b"SQLite format 3", Message("an SQLite database")),
    (b"{\\rtf", Message("an RTF document")),
)


def open_bytes(path: Path, name: str, *, gzipped: bool, of_text: bool = True, meter: Meter | None = None) -> IO[bytes]:
    """The file's bytes, unzipped where it is gzipped; a ``meter`` is told how far they have been read.

    Reading them raises FileFault where they are more than a file of its size should hold, or where one line of them is
    endless.
    """

    def fault(what: Text, most: int) -> FileFault:
        return FileFault(too_large(name, what, most))

    raw = cast(IO[bytes], path.open("rb", buffering=0))
    if meter is not None:
        raw = meter.stream(path, raw)
    if gzipped:
        raw = cast(IO[bytes], _Unzipped(raw))
    most = most_unpacked(os.path.getsize(path)) if gzipped else None
    return io.BufferedReader(Bounded(raw, most, fault, of_text=of_text), BUFFER_BYTES)


class _Unzipped(gzip.GzipFile):
    """What a stream holds, unzipped; the stream is closed with it."""

    def __init__(self, packed: IO[bytes]) -> None:
        self._packed = io.BufferedReader(cast(io.RawIOBase, packed), BUFFER_BYTES)
        super().__init__(fileobj=self._packed, mode="rb")

    def close(self) -> None:
        """Close what is read from."""
        super().close()
        self._packed.close()


YOUNG_SECONDS = 2  # a file may be written twice within the same moment of its clock


def stamp_of(path: Path) -> tuple[int, int, int]:
    """Which file it is, how large, and when it was last written."""
    known = path.stat()
    return known.st_ino, known.st_size, known.st_mtime_ns


def look(path: Path, name: str) -> Content:
    """Read the beginning of a file and tell what it is.

    Raises FileFault for files that are empty, unreadable, damaged, web pages or of a foreign kind.
    """
    try:
        stamp = stamp_of(path)
        with open(path, "rb", opener=at_once) as stream:
            head = stream.read(2)
        gzipped = head == b"\x1f\x8b"
        with open_bytes(path, name, gzipped=gzipped, of_text=False) as stream:
            sample = stream.read(SAMPLE_BYTES)
        if gzipped and stated_size(path) > most_unpacked(os.path.getsize(path)):
            raise FileFault(too_large(name, UNPACKED, most_unpacked(os.path.getsize(path))))
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise FileFault(problem("broken-file", file=name, reason=GZIP.filled(error=foreign(error)))) from None
    except OSError as error:
        raise FileFault(problem("unreadable-file", file=name, reason=reason_of(error))) from None
    if not sample.strip(b" \t\r\n\x00\xef\xbb\xbf\xff\xfe"):
        raise FileFault(problem("empty-file", file=name))
    container = next((kind for magic, kind in _MAGIC if sample.startswith(magic)), Container.TEXT)
    for magic, what in _FOREIGN:
        if sample.startswith(magic):
            raise FileFault(problem("binary-file", file=name, what=what))
    whole = len(sample) < SAMPLE_BYTES
    dense = gzipped and not whole and is_dense(path)
    return Content(container=container, gzipped=gzipped, sample=sample, whole=whole, dense=dense, stamp=stamp)


def _marked_encoding(sample: bytes) -> str | None:
    """The encoding that a byte-order mark, or the zero bytes of unmarked UTF-16, give away."""
    if sample.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    if sample.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    head = sample[:4096]
    even, odd = head[0::2].count(0), head[1::2].count(0)
    # Nearly every second byte of such a text is zero; now and then a combining mark has one on the other side.
    if odd > 0.3 * len(head[1::2]) and even < odd / 10:
        return "utf-16-le"
    if even > 0.3 * len(head[0::2]) and odd < even / 10:
        return "utf-16-be"
    return None


def _decodes(sample: bytes, encoding: str, *, final: bool) -> bool:
    try:
        codecs.getincrementaldecoder(encoding)("strict").decode(sample, final)
    except UnicodeError:
        return False
    return True


def _is_damaged_utf8(sample: bytes) -> bool:
    """Whether most of what is not ASCII is good UTF-8, which no other encoding gives by chance."""
    text = sample.decode("utf-8", "replace")
    bad = text.count("\ufffd")
    good = sum(not c.isascii() for c in text) - bad
    return good > 3 * bad


def detect_encoding(sample: bytes, *, whole: bool) -> str:
    """The encoding of a text: by its mark, else UTF-8 where it fits, else the likelier of cp1258 and cp1252.

    >>> detect_encoding("Ngày".encode("utf-8"), whole=True), detect_encoding("Ngày".encode("utf-16"), whole=True)
    ('utf-8', 'utf-16')
    """
    marked = _marked_encoding(sample)
    if marked:
        return marked
    if _decodes(sample, "utf-8", final=whole) or _is_damaged_utf8(sample):
        return "utf-8"
    from charset_normalizer import from_bytes

    # Only the lines that are not plain ASCII tell anything, and a detector wants to see them undiluted.
    telling = b"\n".join(line for line in sample.splitlines() if not line.isascii())[:200_000]
    best = from_bytes(telling, cp_isolation=list(ENCODINGS_WITHOUT_MARK)).best()
    if best is not None and _decodes(sample, best.encoding, final=whole):
        return best.encoding
    fits = [e for e in ENCODINGS_WITHOUT_MARK if _decodes(sample, e, final=whole)]
    return fits[0] if fits else "cp1252"


def decode_sample(content: Content, *, encoding: str | None, name: str, stage: str) -> tuple[str, str]:
    """The sample as text, and the encoding it is in.  Raises FileFault where it is no text."""
    chosen = encoding or detect_encoding(content.sample, whole=content.whole)
    try:
        text = codecs.getincrementaldecoder(chosen)("strict").decode(content.sample, content.whole)
    except UnicodeDecodeError as error:
        raise FileFault(problem("bad-encoding", file=name, encoding=chosen, byte=error.start, stage=stage)) from None
    except UnicodeError as error:
        raise FileFault(problem("bad-encoding", file=name, encoding=chosen, byte=foreign(error), stage=stage)) from None
    text = text.removeprefix("\ufeff")
    if text[:2000].lstrip().casefold().startswith(_HTML):
        raise FileFault(problem("html-file", file=name))
    start = text[:100_000].rstrip()
    if "\x00" in text or len(_CONTROL.findall(start)) > len(start) / 50:
        raise FileFault(problem("binary-file", file=name, what=Message("it holds control characters")))
    return text, chosen


def encoding_problem(stream: IO[bytes], encoding: str, *, name: str, stage: str) -> Problem:
    """The problem of a text that ``encoding`` cannot read, at the line and byte where it goes wrong."""
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    line, done, kept = 1, 0, 0
    while True:
        chunk = stream.read(1 << 20)
        try:
            text = decoder.decode(chunk, not chunk)
        except UnicodeDecodeError as error:
            line += len(_LINE_END.findall(error.object[: error.start].decode(encoding, "replace")))
            return problem(
                "bad-encoding", file=name, line=line, encoding=encoding, byte=done - kept + error.start + 1, stage=stage
            )  # fmt: skip
        except UnicodeError as error:
            return problem(
                "bad-encoding",
                file=name,
                line=1,
                encoding=encoding,
                byte=Message("1 ({why})").filled(why=foreign(error)),
                stage=stage,
            )
        if not chunk:
            return problem("bad-encoding", file=name, line=line, encoding=encoding, byte=done, stage=stage)
        line += len(_LINE_END.findall(text))
        done += len(chunk)
        kept = len(decoder.getstate()[0])


class Dialect(Struct, frozen=True, kw_only=True):
    """How a text file is written: its encoding and delimiter."""

    encoding: str
    delimiter: str


def separator_line(text: str) -> str | None:
    """The delimiter that Excel's first line ``sep=;`` names.

    >>> separator_line("sep=;\\na;b")
    ';'
    """
    first = text[:20].splitlines()[0].strip().strip('"') if text[:20].splitlines() else ""
    if first.casefold().startswith("sep=") and len(first) == 5:
        return first[4]
    return "\t" if text[:20].casefold().startswith("sep=\t") else None


def records(text: str, delimiter: str) -> list[tuple[int, list[str]]]:
    """The first records of a text with the line each begins on."""
    reader = csv.reader(io.StringIO(text[:HEADER_CHARS], newline=""), delimiter=delimiter, skipinitialspace=True)
    numbered: list[tuple[int, list[str]]] = []
    line = 1
    try:
        for record in reader:
            if record:
                numbered.append((line, record))
            line = reader.line_num + 1
            if len(numbered) >= SAMPLE_RECORDS:
                break
    except csv.Error:
        pass
    return numbered


def consistency(widths: Sequence[int]) -> float:
    """How alike the numbers of cells are, 0 to 1; one-cell records say nothing for a delimiter.

    >>> consistency([3, 3, 3, 1])
    0.75
    """
    if not widths:
        return 0.0
    common = max(set(widths), key=lambda w: (widths.count(w), w))
    return widths.count(common) / len(widths) if common > 1 else 0.0


def delimiters_in(text: str) -> list[str]:
    """The delimiters that a text has; without those all texts are alike, so that one of them is enough."""
    absent = [delimiter for delimiter in DELIMITERS if delimiter not in text[:HEADER_CHARS]]
    return [delimiter for delimiter in DELIMITERS if delimiter not in absent[1:]]
