"""Report to bytes, one file a format.  Adding a format is adding a file here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from funnelcli.text import Lang

if TYPE_CHECKING:
    from funnelcli.answers.report_model import Report


class Format(StrEnum):
    """The output formats."""

    TABLE = "table"
    CSV = "csv"
    TSV = "tsv"
    MD = "md"
    JSON = "json"


class Layout(StrEnum):
    """How CSV and TSV lie: a column a period, or a row a figure."""

    WIDE = "wide"
    TIDY = "tidy"


@dataclass(frozen=True, kw_only=True)
class Style:
    """How people want it: language, and for the terminal its width (None: as wide as it needs) and colour."""

    lang: Lang = "en"
    layout: Layout = Layout.WIDE
    bom: bool = False
    width: int | None = None
    colour: bool = False


class Renderer(Protocol):
    """A report to text."""

    def __call__(self, report: Report, style: Style) -> str: ...


EXTENSIONS: Mapping[str, Format] = {
    ".csv": Format.CSV,
    ".tsv": Format.TSV,
    ".md": Format.MD,
    ".markdown": Format.MD,
    ".json": Format.JSON,
    ".txt": Format.TABLE,
}


def renderer(form: Format) -> Renderer:
    """The renderer of a format, imported when wanted."""
    match form:
        case Format.TABLE:
            from funnelcli.renderers.to_terminal import render
        case Format.CSV | Format.TSV:
            from funnelcli.renderers.to_csv import csv_renderer

            return csv_renderer("\t" if form is Format.TSV else ",")
        case Format.MD:
            from funnelcli.renderers.to_markdown import render
        case Format.JSON:
            from funnelcli.renderers.to_json import render
    return render


def encode(text: str, style: Style, form: Format) -> bytes:
    """The bytes of a rendered text: UTF-8, with a mark in front where Excel is to be told."""
    mark = "\ufeff" if style.bom and form in (Format.CSV, Format.TSV) else ""
    return (mark + text).encode("utf-8", "backslashreplace")
