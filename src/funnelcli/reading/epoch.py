"""From which year a workbook numbers its days: 1900, or 1904 as old Macs have it."""

import io
import re
import zipfile
import zlib
from pathlib import Path
from typing import IO

from funnelcli.reading.dialect import open_bytes

HEAD_BYTES = 1 << 20
_XLSX = re.compile(rb"<(?:\w+:)?workbookPr\b[^>]*\bdate1904\s*=\s*[\"'](?:1|true|on)[\"']", re.IGNORECASE)
_ODS = re.compile(rb"<table:null-date\b[^>]*date-value\s*=\s*[\"']1904-01-01")
_XLSB = re.compile(rb"\x99\x01[\x08-\x7f](.)", re.DOTALL)  # the record of the workbook's properties; bit 0 is 1904
_XLS = b"\x22\x00\x02\x00\x01\x00\x0e\x00\x02\x00"  # the records DATEMODE, 1904, and PRECISION, which comes after it


def counts_since_1904(path: Path, *, gzipped: bool) -> bool:
    """Whether a workbook says that its days are numbered from 1904 on; what cannot be read says nothing."""
    try:
        with open_bytes(path, gzipped=gzipped) as stream:
            head = stream.read(4)
            stream.seek(0)
            if head != b"PK\x03\x04":
                return _XLS in stream.read(HEAD_BYTES)
            return _archive_says_1904(io.BytesIO(stream.read()) if gzipped else stream)
    except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError, EOFError, zlib.error, ValueError):
        return False


def _archive_says_1904(stream: IO[bytes]) -> bool:
    with zipfile.ZipFile(stream) as archive:
        names = {name.casefold(): name for name in archive.namelist()}
        for part, says in (("xl/workbook.xml", _XLSX), ("content.xml", _ODS)):
            if part in names:
                with archive.open(names[part]) as member:
                    return says.search(member.read(HEAD_BYTES)) is not None
        if "xl/workbook.bin" in names:
            with archive.open(names["xl/workbook.bin"]) as member:
                match = _XLSB.search(member.read(HEAD_BYTES))
            return match is not None and bool(match[1][0] & 1)
    return False
