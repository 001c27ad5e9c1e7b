"""Where answers go: each output with its format and its place, checked before anything is read."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path

from msgspec import Struct

from funnelcli.answers.layout import Layout
from funnelcli.cli.unchanged import is_unchanged
from funnelcli.problems import UsageError
from funnelcli.renderers import LAYOUTS, Format, View, by_extension, format_named, formats, known_formats, screen_format
from funnelcli.text import OR, Text, TextError, joined
from funnelcli.values.periods import TODAY
from funnelcli.values.placeholders import AS_OF, PERIOD, check, filled

_OTHER_NAME = Text("Give another file name.", "Chọn tên tệp khác.")


class Copy(Struct, frozen=True, kw_only=True):
    """An answer in a format and where it goes: a file, in whose name there may be placeholders, or standard output."""

    form: Format
    output: str | None = None


class Delivery(Struct, frozen=True, kw_only=True):
    """How and where an answer is wanted, checked before anything is read.

    ``if_changed`` leaves files alone that say the same already; the clock was looked at where it is ``by_clock``.
    """

    copies: tuple[Copy, ...]
    layout: Layout | None = None
    bom: bool = False
    if_changed: bool = False
    by_clock: bool = False

    def shows(self, view: View) -> bool:
        """Whether a format shows a side of an answer."""
        return any(view in copy.form.views for copy in self.copies)

    def placed(self, names: Mapping[str, str], kept: Sequence[Path]) -> Iterator[tuple[Copy, Path | None]]:
        """Each copy with the file it goes to, None for standard output; ``names`` fill in the placeholders.

        UsageError where there is none for a placeholder, where a file would replace one of those to be ``kept``, or
        where two are the same.
        """
        taken: set[Path] = set()
        for copy in self.copies:
            path = None if copy.output is None else Path(_filled(copy.output, names))
            if path is not None:
                check_output(path, kept)
                if path.resolve() in taken:
                    raise UsageError(
                        Text("-o {output} is given twice.", "-o {output} được nêu hai lần.").filled(output=path),
                        hint=_OTHER_NAME,
                    )
                taken.add(path.resolve())
            yield copy, path

    def leaves(self, copy: Copy, path: Path, data: bytes, names: Mapping[str, str]) -> bool:
        """Whether a file is to be left as it is, since it says the same already."""
        clock = date.fromisoformat(names[AS_OF]) if self.by_clock and AS_OF in names else None
        return self.if_changed and is_unchanged(path, data, copy.form, clock)


def _filled(output: str, names: Mapping[str, str]) -> str:
    try:
        return filled(output, names)
    except TextError as error:
        raise _of_braces(output, error) from None


def _of_braces(output: str, error: TextError) -> UsageError:
    return UsageError(Text("-o {output}: {why}", "-o {output}: {why}").filled(output=output, why=error.text))


def check_output(path: Path, kept: Sequence[Path]) -> None:
    """UsageError where an output would replace one of the files to be ``kept``, or be read as one the next time."""
    from funnelcli.config import FILE_NAME, SCHEMA_NAME
    from funnelcli.reading.discover import input_of

    if path.resolve().name.casefold() in (FILE_NAME, SCHEMA_NAME) or path.name.casefold() in (FILE_NAME, SCHEMA_NAME):
        raise UsageError(
            Text("-o {output} is the place of the settings.", "-o {output} là chỗ của cấu hình.").filled(output=path),
            hint=_OTHER_NAME,
        )
    if any(_is_same(path, source) for source in kept):
        raise UsageError(
            Text(
                "-o {output} is one of the exports, or the settings.",
                "-o {output} là một trong các tệp dữ liệu, hoặc cấu hình.",
            ).filled(output=path),
            hint=_OTHER_NAME,
        )
    if input_of(path.name) and path.resolve().parent in {source.resolve().parent for source in kept}:
        raise UsageError(
            Text(
                "-o {output} would be read as an export the next time.",
                "-o {output} lần sau sẽ bị đọc như tệp dữ liệu.",
            ).filled(output=path),
            hint=Text("Give another name, or another folder.", "Chọn tên khác, hoặc thư mục khác."),
        )


def _is_same(path: Path, source: Path) -> bool:
    """Whether two paths are one file, by whatever name: a link, another spelling."""
    try:
        return path.samefile(source)
    except OSError:
        return path.resolve() == source.resolve()


def delivery(
    form: str | None,
    outputs: Sequence[str] | str | None,
    *,
    layout: Layout | None = None,
    among: Sequence[Layout] = tuple(Layout),
    bom: bool = False,
    if_changed: bool = False,
    as_of: str | None = None,
) -> Delivery:
    """Options made into a delivery; ``among`` are the layouts that the command's answer has.

    UsageError where they contradict each other or name what there is not.
    """
    copies = _copies(form, [outputs] if isinstance(outputs, str) else list(outputs or ()))
    if any(not copy.form.is_text and copy.output is None for copy in copies) and sys.stdout.isatty():
        chosen = next(copy.form for copy in copies if not copy.form.is_text and copy.output is None)
        raise UsageError(
            Text("{form} is not for a terminal.", "{form} không hiện được trên terminal.").filled(form=chosen.name),
            hint=Text("Write it to a file: -o report{ending}.", "Ghi ra tệp: -o report{ending}.").filled(
                ending=chosen.extensions[0]
            ),
        )
    if layout is not None:
        _check_layout(layout, among, [copy.form for copy in copies])
    if if_changed and all(copy.output is None for copy in copies):
        raise UsageError(
            Text("--if-changed is for files.", "--if-changed chỉ dùng khi ghi ra tệp."),
            hint=Text("Name the file with -o.", "Nêu tên tệp bằng -o."),
        )
    by_clock = as_of is not None and as_of.strip().casefold() == TODAY
    return Delivery(copies=copies, layout=layout, bom=bom, if_changed=if_changed, by_clock=by_clock)


def _copies(form: str | None, outputs: Sequence[str]) -> tuple[Copy, ...]:
    """The outputs with their formats.

    One alone has the format that is asked for.  Of several each has that of its ending; what is asked for is then that
    of those which have none, as standard output.
    """
    if len(outputs) < 2:
        output = next(iter(outputs), None)
        return (_copy(format_for(form, output), output),)
    endings = by_extension()
    copies = []
    for output in outputs:
        ending = None if output == "-" else endings.get(Path(output).suffix.casefold())
        copies.append(_copy(ending or format_for(form, output), output))
    if form is not None and format_for(form, None) not in [copy.form for copy in copies]:
        raise UsageError(
            Text("-f {form} is the format of no output.", "-f {form} không phải định dạng của đầu ra nào.").filled(
                form=form
            ),
            hint=Text(
                "Of several outputs each has the format of its ending; -f is that of -o -.",
                "Khi có nhiều đầu ra, mỗi tệp theo đuôi của nó; -f là định dạng của -o -.",
            ),
        )
    if [copy.output for copy in copies].count(None) > 1:
        raise UsageError(Text("-o - is given twice.", "-o - được nêu hai lần."), hint=_OTHER_NAME)
    return tuple(copies)


def _copy(form: Format, output: str | None) -> Copy:
    if output in (None, "-"):
        return Copy(form=form)
    assert output is not None
    try:
        check(output, (PERIOD, AS_OF))
    except TextError as error:
        raise _of_braces(output, error) from None
    return Copy(form=form, output=output)


def _check_layout(layout: Layout, among: Sequence[Layout], chosen: Sequence[Format]) -> None:
    """UsageError for a layout that this answer or none of the formats has; wide and tidy do no harm in any format."""
    if layout not in among:
        raise UsageError(
            Text("--layout {layout} is for a split report.", "--layout {layout} chỉ dùng cho báo cáo có chia.").filled(
                layout=layout.value
            ),
            hint=Text("Here it is {fitting}.", "Ở đây dùng {fitting}.").filled(
                fitting=joined(OR, [fit.value for fit in among])
            ),
        )
    if layout in LAYOUTS[View.PAGE] and not any(layout in form.layouts for form in chosen):
        fitting = ", ".join(form.name for form in formats().values() if layout in form.layouts)
        raise UsageError(
            Text("--layout {layout} does not fit -f {form}.", "--layout {layout} không hợp với -f {form}.").filled(
                layout=layout.value, form=chosen[0].name
            ),
            hint=Text("It fits {fitting}; {form} {own}.", "Hợp với {fitting}; {form} {own}.").filled(
                fitting=fitting, form=chosen[0].name, own=_own(chosen[0])
            ),
        )


def _own(chosen: Format) -> Text:
    if not chosen.layouts:
        return Text("has but one layout", "chỉ có một bố cục")
    return Text("is {layouts}", "có {layouts}").filled(layouts=joined(OR, [layout.value for layout in chosen.layouts]))


def format_for(given: str | None, output: str | None) -> Format:
    """The format: as asked for, else by the ending of the output file, else the one for screens.

    >>> format_for(None, "october.md").name
    'md'
    """
    if given is not None:
        named = format_named(given.strip().casefold())
        if named is None:
            text = Text("-f {given!r} is no format.", "-f {given!r} không phải định dạng.")
            raise UsageError(text.filled(given=given), hint=known_formats())
        return named
    if output in (None, "-"):
        return screen_format()
    assert output is not None
    suffix = Path(output).suffix.casefold()
    endings = by_extension()
    if suffix in endings:
        return endings[suffix]
    if Path(output).exists() and not Path(output).is_file():
        return screen_format()
    raise UsageError(
        Text(
            "-o {output}: the ending {ending} tells no format.", "-o {output}: không rõ định dạng qua đuôi {ending}."
        ).filled(output=output, ending=suffix or Text("(none)", "(trống)")),
        hint=Text(
            "Use one of {endings}, or say the format with -f.", "Dùng một trong {endings}, hoặc chỉ định dạng bằng -f."
        ).filled(endings=" ".join(endings)),
    )
